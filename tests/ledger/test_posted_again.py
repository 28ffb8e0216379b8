"""A roster that comes again, re-saved, re-ordered, renamed or in another format: not one fen more is paid.

Its people have three trainings a year and more, on the same days too, and certificate rows without a start date before
and after their training, so that another order would give the places of the year to others if the ledger forgot.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli.program import TODAY, run, write
from support.people import id_number
from support.rosters import Sheet, input_file
from support.settling import run as settle
from trainingcli.ledger import open_ledger

from .claims import record

SEEDS = int(os.environ.get("TRAININGCLI_ORDERS", "1"))

HEADINGS = ["姓名", "身份证号", "人员类别", "就业创业证号", "培训机构", "工种", "等级", "开班日期", "结业日期",
            "证书类型", "证书编号", "发证日期", "补贴项目", "申报金额"]  # fmt: skip
OCCUPATIONS = ("电工", "焊工", "钳工", "保育员", "养老护理员")
STARTS = tuple(dt.date(2020, month, day) for month, day in ((1, 2), (3, 1), (3, 1), (6, 1), (12, 20)))
Row = list[Any]


def trainings(rng: random.Random, person: int) -> list[Row]:
    """Four or five trainings of 2020; certificates, most without a start date, some before their training."""
    rows: list[Row] = []
    for number, occupation in enumerate(rng.sample(OCCUPATIONS, rng.choice((4, 5)))):
        start = rng.choice(STARTS)
        end, issued = start + dt.timedelta(14), start + dt.timedelta(rng.choice((0, 20, 300, 370)))
        level = rng.choice(("初级工", "初级工", "中级工"))
        who = [
            f"学员{person}",
            id_number(person),
            "下岗失业人员",
            f"14010500200{person:05d}",
            "晋阳职业培训学校",
            occupation,
        ]
        course = [*who, rng.choice((level, level, None)), start, end, None, None, None, "职业技能培训补贴", 800]
        dated = rng.random() < 0.3
        papers = ["职业资格证书", f"A{person}-{number}", issued, "取证补贴", 300]
        certificate = [*who, level, start if dated else None, end if dated else None, *papers]
        rows += rng.choice(([course, certificate], [certificate, course], [certificate]))
    return rows


def roster(seed: int, people: int = 6) -> list[Row]:
    """Rows of several people, in no order, some of them twice."""
    rng = random.Random(seed)
    rows = [row for person in range(1, people + 1) for row in trainings(rng, person)]
    rows += rng.sample(rows, 3)
    rng.shuffle(rows)
    return rows


def saved_again(source: Path, target: Path) -> Path:
    """Other bytes, also where it is saved within the same second."""
    workbook = openpyxl.load_workbook(source)
    workbook.properties.creator = "另一台电脑"
    workbook.save(target)
    return target


def as_csv(path: Path, table: list[Row]) -> Path:
    with path.open("w", newline="", encoding="gb18030") as stream:
        csv.writer(stream).writerows(table)
    return path


def again(folder: Path, rows: list[Row], original: Path, seed: int) -> dict[str, Path]:
    """The same lines as they may come again, each in another file."""
    rng = random.Random(seed)
    table = [HEADINGS, *rows]
    columns = rng.sample(range(len(HEADINGS)), len(HEADINGS))
    shuffled = rng.sample(rows, len(rows))
    return {
        "renamed": Path(shutil.copy(original, folder / "补报.xlsx")),
        "saved again": saved_again(original, folder / "另存.xlsx"),
        "rows in another order": write(folder / "重排.xlsx", [HEADINGS, *shuffled]),
        "rows backwards": write(folder / "倒序.xlsx", [HEADINGS, *reversed(rows)]),
        "columns in another order": write(folder / "换列.xlsx", [[row[n] for n in columns] for row in table]),
        "another format, another order": as_csv(folder / "导出.csv", [HEADINGS, *rng.sample(rows, len(rows))]),
    }


def post(address: str, folder: Path, *files: Path) -> dict[str, Any]:
    """Post files; give the JSON."""
    where = ["--ledger", address, "--out", folder / "out"]
    done = run("claims", *files, "--today", TODAY, *where, "--post", "--format", "json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def standing(address: str) -> dict[str, Any]:
    """What `ledger verify` says: head, count of entries, balances."""
    done = run("ledger", "verify", "--ledger", address, "--format", "json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_however_a_roster_comes_again_nothing_more_is_paid(address, tmp_path):
    seed = 7 if address.startswith("postgresql:") else 1
    rows = roster(seed)
    original = write(tmp_path / "花名册.xlsx", [HEADINGS, *rows])
    first = post(address, tmp_path, original)
    status = Counter(line["status"] for line in first["lines"])
    assert status["approved"] + status["reduced"] > 20
    assert status["rejected"] > 5, "some go over the year's three"
    before = standing(address)

    second = post(address, tmp_path, original)
    assert second["batch"] == {"id": 1, "already_posted": True}
    assert second["lines"] == first["lines"], "the lines as they were posted"
    assert standing(address) == before

    for what, file in again(tmp_path, rows, original, seed).items():
        result = post(address, tmp_path, file)
        if what == "renamed":  # the same bytes
            assert result["batch"] == {"id": 1, "already_posted": True}
        else:
            # what is held still waits: a batch without payments (contract-2, 4)
            assert {total["approved"] for total in result["totals"]} == {"0.00"}, what
            posted = [line for line in result["lines"] if line["status"] == "posted"]
            assert len(posted) >= status["approved"] + status["reduced"], what
            assert all("ALREADY_POSTED" in {reason["code"] for reason in line["reasons"]} for line in posted), what
        assert standing(address)["balances"] == before["balances"], what


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_order_of_the_rows_makes_anything_payable_again(tmp_path, seed):
    rows = [dict(zip(HEADINGS, row, strict=True)) for row in roster(seed, people=12)]
    with open_ledger(tmp_path / "ledger.db") as ledger:
        first = settle([input_file("花名册.xlsx", Sheet(rows))], ledger=ledger).payable()
        with ledger.transaction():
            ledger.post(record("a"), first, b"archive")
        rng = random.Random(seed)
        for _ in range(3):
            again = settle([input_file("补报.xlsx", Sheet(rng.sample(rows, len(rows))))], ledger=ledger)
            assert again.payable().empty
