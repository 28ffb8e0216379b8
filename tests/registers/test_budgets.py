"""A line that would overdraw its fund's budget of the year waits, 三(九); through the whole run."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trainingcli.cli import app
from trainingcli.facts import FundBudget
from trainingcli.ledger import Budget, open_ledger

from .builder import IDS, registers

HEADINGS = [
    "姓名",
    "身份证号",
    "人员类别",
    "工种",
    "等级",
    "就业创业证号",
    "培训机构",
    "开班日期",
    "补贴项目",
    "补贴金额",
]
# 二(三): vocational training draws on this fund.
FUND = "就业补助资金"


def roster(path: Path, *people: tuple[int, str, str, str]) -> Path:
    """Write a roster: whose (place in IDS), occupation, start, yuan."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(HEADINGS)
        for who, occupation, start, yuan in people:
            writer.writerow(
                ["王小明", IDS[who], "退役军人", occupation, "初级工", "1401052020000001", "晋阳技工学校", start,
                 "职业技能培训补贴", yuan]
            )  # fmt: skip
    return path


def run(folder: Path, source: Path, *more: str) -> dict[str, Any]:
    lists = ["--registers", str(folder / "registers")] if (folder / "registers").exists() else []
    done = CliRunner().invoke(
        app,
        ["claims", str(source), *lists, "--ledger", str(folder / "ledger.db"), "--out", str(folder / "out"),
         "--today", "2021-12-31", "--format", "json", *more],
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def outcome(found: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    return [(line["status"], line["approved"], [one["code"] for one in line["reasons"]]) for line in found["lines"]]


def budget(folder: Path, **years: int) -> None:
    place = folder / "registers"
    place.mkdir(exist_ok=True)
    registers(place, budgets=[{"fund": FUND, "year": year[1:], "budget": yuan} for year, yuan in years.items()])


def test_what_no_longer_fits_is_held_and_a_smaller_line_behind_it_still_fits(tmp_path: Path) -> None:
    budget(tmp_path, y2021=1500)
    claimed = [(who, "电工", "2020-07-01", yuan) for who, yuan in enumerate(("900", "700", "600"))]
    source = roster(tmp_path / "r.csv", *claimed)
    found = run(tmp_path, source)
    assert outcome(found) == [
        ("approved", "900.00", []),
        ("held", "0.00", ["OVER_BUDGET"]),
        ("approved", "600.00", []),
    ]
    reason = found["lines"][1]["reasons"][0]
    assert (reason["severity"], reason["clause"]) == ("hold", "三(九)")
    assert all(part in reason["message"] for part in (FUND, "2021", "1500.00", "900.00", "700.00"))
    assert {check["check"]: check["performed"] for check in found["checks"]}["register:budgets"]
    totals = {one["programme"]: one for one in found["totals"]}["vocational-training"]
    assert (totals["approved"], totals["approved_lines"], totals["held_lines"]) == ("1500.00", 2, 1)


def test_exactly_the_budget_of_todays_year_fits_whenever_the_training_was(tmp_path: Path) -> None:
    """Q21: cash. Trainings of 2020 and 2021 that are posted on 2021-12-31 draw on 2021 alone."""
    budget(tmp_path, y2020=100, y2021=1000)
    source = roster(tmp_path / "r.csv", (0, "电工", "2020-07-01", "900"), (0, "焊工", "2021-07-01", "100"))
    assert outcome(run(tmp_path, source)) == [("approved", "900.00", []), ("approved", "100.00", [])]
    over = roster(tmp_path / "s.csv", (0, "电工", "2020-07-01", "900"), (0, "焊工", "2021-07-01", "101"))
    assert outcome(run(tmp_path, over)) == [("approved", "900.00", []), ("held", "0.00", ["OVER_BUDGET"])]
    assert outcome(run(tmp_path, source, "--today", "2020-12-31"))[0] == ("held", "0.00", ["OVER_BUDGET"])


def test_what_the_ledger_has_posted_in_the_year_counts_and_a_void_gives_it_back(tmp_path: Path) -> None:
    """Q21: trainings of earlier years that were posted on 2021-12-31 have drawn on the budget of 2021."""
    budget(tmp_path, y2021=1000)
    first = roster(tmp_path / "a.csv", (0, "电工", "2020-07-01", "900"), (1, "电工", "2019-07-01", "200"))
    assert [line[0] for line in outcome(run(tmp_path, first, "--post"))] == ["approved", "held"]
    again = run(tmp_path, first, "--post")
    assert again["batch"] == {"id": 1, "already_posted": True}
    second = roster(tmp_path / "b.csv", (2, "电工", "2020-07-01", "300"))
    assert outcome(run(tmp_path, second, "--post")) == [("held", "0.00", ["OVER_BUDGET"])]
    void = CliRunner().invoke(app, ["ledger", "void", "1", "--why", "试", "--ledger", str(tmp_path / "ledger.db")])
    assert void.exit_code == 0
    assert outcome(run(tmp_path, second, "--post")) == [("approved", "300.00", [])]


@pytest.mark.parametrize(("opening", "held"), [(None, False), (0, False), (100, False), (101, True)])
def test_what_was_used_before_the_ledger_counts(tmp_path: Path, opening: int | None, held: bool) -> None:
    """期初已用: with it and this line the budget of 1000 is just met, or overdrawn."""
    registers(tmp_path / "registers", budgets=[{"fund": FUND, "year": 2021, "budget": 1000, "opening": opening}])
    source = roster(tmp_path / "r.csv", (0, "电工", "2021-07-01", "900"))
    assert [line[0] for line in outcome(run(tmp_path, source))] == ["held" if held else "approved"]


def test_several_rows_of_a_fund_and_year_add_up(tmp_path: Path) -> None:
    rows = [
        {"fund": FUND, "year": 2021, "budget": 600, "opening": 10, "source": "年初预算", "document": "并财〔2021〕1号"},
        {"fund": FUND, "year": 2021, "budget": 400, "opening": 20, "source": "追加", "document": "并财〔2021〕9号"},
        {"fund": "市财政", "year": 2021, "budget": 5},
    ]
    assert registers(tmp_path / "registers", budgets=rows).budgets == {
        (FUND, 2021): FundBudget(100000, 3000),
        ("市财政", 2021): FundBudget(500, 0),
    }


def test_without_a_register_the_ledgers_budgets_hold(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db", create=True) as ledger, ledger.transaction():
        ledger.set_budget([Budget(FUND, 2021, 100000, 20000)], when="2021-01-04T09:00:00+08:00")
    source = roster(tmp_path / "r.csv", (0, "电工", "2021-07-01", "700"), (1, "电工", "2021-07-01", "200"))
    found = run(tmp_path, source)
    assert [line[0] for line in outcome(found)] == ["approved", "held"]
    (check,) = (check for check in found["checks"] if check["check"] == "register:budgets")
    assert check["performed"]
    assert "台账" in check["why"]
    registers(tmp_path / "registers", budgets=[{"fund": FUND, "year": 2021, "budget": 5000}])
    assert [line[0] for line in outcome(run(tmp_path, source))] == ["approved", "approved"]


def test_a_year_without_a_budget_is_not_compared_and_is_named(tmp_path: Path) -> None:
    budget(tmp_path, y2020=1000)
    source = roster(tmp_path / "r.csv", (0, "电工", "2020-07-01", "900"))
    found = run(tmp_path, source)
    assert outcome(found) == [("approved", "900.00", [])]
    assert any("2021" in text for text in found["warnings"]), found.keys()
