"""A waiver that gave a training its place goes on to the training's other line where a budget holds the first."""

from __future__ import annotations

import json
from pathlib import Path

from cli.program import run, write
from registers.builder import write as write_register
from support.people import id_number

HEADINGS = [
    "姓名", "身份证号", "补贴项目", "人员类别", "职业(工种)", "等级", "开班日期", "就业创业证号", "培训机构",
    "申报金额", "证书类型", "证书编号", "发证日期",
]  # fmt: skip


def row(programme: str, occupation: str, start: str, *certificate: str) -> list[object]:
    usual = ["王一", id_number(1), programme, "退役军人", occupation, "初级工", start, "1401052020000001", "晋阳技校"]
    return [*usual, 800 if not certificate else None, *(certificate or [None] * 3)]


def test_what_the_budget_leaves_of_a_waived_training_is_posted(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    waiver = {"id_number": id_number(1), "code": "ANNUAL_LIMIT", "approver": "局长", "document": "1号"}
    write_register(lists, "waivers", waiver)
    write_register(lists, "budgets", {"fund": "就业补助资金", "year": 2021, "budget": 2500})
    starts = ("2020-01-05", "2020-03-05", "2020-05-05", "2020-08-05")
    rows = [row("职业技能培训补贴", f"{place}号工", start) for place, start in enumerate(starts)]
    rows.append(row("取证补贴", "3号工", starts[-1], "职业技能等级证书", "S1", "2020-09-01"))
    roster = write(tmp_path / "花名册.xlsx", [HEADINGS, *rows])
    ledger = ["--ledger", tmp_path / "ledger.db"]
    done = run("claims", roster, "--registers", lists, "--post", "--today", "2021-06-01", "--out", tmp_path / "out",
               *ledger, "--format", "json")  # fmt: skip
    assert done.exit_code == 0, done.stderr
    lines = json.loads(done.stdout)["lines"]
    assert [line["approved"] for line in lines] == ["800.00", "800.00", "800.00", "0.00", "300.00"]
    assert "OVER_BUDGET" in [reason["code"] for reason in lines[3]["reasons"]]
    shown = json.loads(run("ledger", "show", 1, *ledger, "--format", "json").stdout)["lines"]
    assert "1号" in next(line["waiver"] for line in shown if line["programme"] == "certificate")
    assert run("ledger", "verify", *ledger).exit_code == 0
