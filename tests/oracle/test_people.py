"""`--people` against a plain re-computation (contract, second part, 2), on random lists and rosters.

TRAININGCLI_PEOPLE_SEEDS: how many rosters of 60 rows, each with its lists (two unless told).
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from cli.program import run
from support.people import id_number, wrong_check_digit

from . import words
from .cells import Writer
from .headings import decorated
from .people import TODAY

SEEDS = range(int(os.environ.get("TRAININGCLI_PEOPLE_SEEDS", "2")))
ROWS, FIRST = 60, date(2020, 6, 1)
HEADINGS = {
    "name": "姓名",
    "id_number": "身份证号",
    "category": "类别 名单类别 人员状态",
    "since": "起始日期 起 开始日期 死亡日期 退休日期 参保日期",
    "until": "终止日期 止 结束日期",
}
#: What a category holds: two of the first, all programmes of every other, and of none.
JOBLESS = ("vocational-training", "living-allowance")
FEW = ("参保", "参保在职", "城镇职工参保", "财政供养", "在编")
ALL = ("退休", "死亡", "在校学生", "公务员参保", None)
NAMES = ("赵一", "钱二", "孙三", "李四")


@dataclass
class Entry:
    """A row of a list."""

    number: str
    name: str
    category: str | None
    since: date | None
    until: date | None
    is_valid: bool = True

    def holds(self, number: str, on: date, programme: str) -> bool:
        is_there = (self.since is None or self.since <= on) and (self.until is None or on <= self.until)
        asked = self.category not in FEW or programme in JOBLESS
        return self.is_valid and self.number == number and is_there and asked


@dataclass
class Lists:
    """The lists of one run, each as the distinct rows of it."""

    files: dict[Path, list[Entry]] = field(default_factory=dict)

    def codes(self, number: str, on: date, programme: str) -> int:
        return sum(entry.holds(number, on, programme) for entries in self.files.values() for entry in entries)

    def meet(self, number: str, on: date) -> bool:
        return any(entry.holds(number, on, JOBLESS[0]) for entries in self.files.values() for entry in entries)


def some_entry(dice: random.Random, ids: list[str]) -> Entry:
    number = dice.choice(ids)
    since = dice.choice([None, *[FIRST + timedelta(days=dice.randrange(-3, 40)) for _ in range(3)]])
    until = dice.choice([None, (since or FIRST) + timedelta(days=dice.choice([0, 1, 5, 30]))])
    is_valid = dice.random() > 0.08
    return Entry(
        number if is_valid else dice.choice([number[:17] + wrong_check_digit(number[:17]), number[:17], ""]),
        dice.choice(NAMES), dice.choice([*FEW, *ALL]), since, until, is_valid,
    )  # fmt: skip


def write_list(path: Path, entries: list[Entry], dice: random.Random) -> None:
    """A list as another office writes it: a title or none, its own headings and order, dates in many forms."""
    writer = Writer(dice, plain_text=False)
    keys = [key for key in HEADINGS if key != "name" or dice.random() < 0.7]
    dice.shuffle(keys)
    book = Workbook()
    sheet = book.active
    if dice.random() < 0.5:
        sheet.append(["太原市人员信息名单"])
    sheet.append([decorated(dice, dice.choice(HEADINGS[key].split()), breaks=True) for key in keys])
    for entry in entries:
        cells = []
        for key in keys:
            if key in ("since", "until"):
                day = getattr(entry, key)
                cells.append(None if day is None else writer.day_text(day))
            elif key == "id_number":
                cells.append(writer.identity(entry.number) if entry.is_valid else entry.number)
            else:
                cells.append(getattr(entry, key))
        sheet.append(cells)
    book.save(path)


def roster(path: Path, ids: list[str], dice: random.Random) -> list[tuple[str, date, list[str]]]:
    """Rows of people with their date and programmes: dated by the start, else by the certificate."""
    rows = []
    book = Workbook()
    book.active.append(
        ["姓名", "身份证号", "人员类别", "培训机构", "工种", "等级", "开班日期", "结业日期", "证书类型", "证书编号",
         "发证日期", "补贴项目"]
    )  # fmt: skip
    for at in range(ROWS):
        number, start = dice.choice(ids), FIRST + timedelta(days=dice.randrange(40))
        issued = start + timedelta(days=dice.choice([0, 10, 30]))
        has_start = dice.random() < 0.7
        programmes = dice.sample(list(words.PROGRAMMES), dice.choice([1, 2]))
        named = "、".join(words.PROGRAMME_NAMES[code].split()[0] for code in programmes)
        book.active.append(
            [NAMES[ids.index(number) % 4], number, dice.choice(["失业人员", "企业职工"]), "晋阳学校", "焊工", "初级工",
             start if has_start else None, start + timedelta(days=9) if has_start else None, "职业资格证书",
             f"S{at:04d}", issued, named]
        )  # fmt: skip
        rows.append((number, start if has_start else issued, programmes))
    book.save(path)
    return rows


def test_lists_hold_whom_the_plain_words_hold(tmp_path: Path) -> None:
    for seed in SEEDS:
        dice = random.Random(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        ids = [id_number(seed * 40 + at, "男") for at in range(30)]
        lists = Lists()
        for at in range(dice.choice([1, 2, 3])):
            entries = [some_entry(dice, ids) for _ in range(dice.randrange(5, 25))]
            lists.files[folder / f"名单{at}.xlsx"] = entries
            write_list(folder / f"名单{at}.xlsx", entries, dice)
        rows = roster(folder / "花名册.xlsx", ids, dice)
        given = [part for path in lists.files for part in ("--people", path)]
        done = run("claims", folder / "花名册.xlsx", *given, "--today", TODAY, "--out", folder / "out", "--ledger",
                   folder / "none.db", "--format", "json", "--unmask")  # fmt: skip
        assert done.exit_code == 0, done.stderr
        found = json.loads(done.stdout)
        expected = {
            (at, programme): lists.codes(number, on, programme)
            for at, (number, on, programmes) in enumerate(rows, 2)
            for programme in programmes
        }
        said = {
            (line["row"], line["programme"]): sum(reason["code"] == "ON_LIST" for reason in line["reasons"])
            for line in found["lines"]
        }
        assert {key: bool(many) for key, many in said.items()} == {key: bool(n) for key, n in expected.items()}, seed
        assert found["people"]["rows"] == sum(lists.meet(number, on) for number, on, _ in rows), seed
        for told, entries in zip(found["people"]["lists"], lists.files.values(), strict=True):
            bad = [entry for entry in entries if not entry.is_valid]
            assert len({entry["row"] for entry in told["findings"]}) == len(bad), seed


def one_listed(folder: Path, *rows: list[str]) -> Any:
    """Settle a roster of one person beside a list of these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "名单.xlsx")
    roster(folder / "花名册.xlsx", [id_number(1)], random.Random(1))
    return run("claims", folder / "花名册.xlsx", "--people", folder / "名单.xlsx", "--out", folder / "out",
               "--today", TODAY, "--ledger", folder / "none.db", "--format", "json")  # fmt: skip


def test_a_lists_column_that_is_not_read_is_said_with_its_letter(tmp_path: Path) -> None:
    """A category under another heading counts as none, which holds every programme: people must learn of it."""
    done = one_listed(tmp_path, ["身份证号", "人员性质", "起始日期"], [id_number(1), "参保", "2020-01-01"])
    assert done.exit_code == 0, done.stderr
    assert "名单.xlsx：没有读取的列：B 人员性质" in done.stderr


def test_a_date_that_cannot_be_read_is_not_called_empty(tmp_path: Path) -> None:
    """The end is open, which holds; that nothing was written would be false."""
    done = one_listed(tmp_path, ["身份证号", "类别", "起始日期"], [id_number(1), "死亡", "2020年"])
    document = json.loads(done.stdout)
    said = {
        reason["message"] for line in document["lines"] for reason in line["reasons"] if reason["code"] == "ON_LIST"
    }
    assert said
    assert all("没有可用的起止日期" in message for message in said)
    assert [each["code"] for each in document["people"]["lists"][0]["findings"]] == ["BAD_DATE"]
