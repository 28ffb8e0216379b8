"""The program against the plain re-computation, on random workbooks posted in sequence, with voids and reopenings.

`TRAININGCLI_ORACLE_LINES` says how many lines (`make agreement`: tens of thousands).
"""

from __future__ import annotations

import datetime as dt
import os
import random
from pathlib import Path
from typing import Any

import pytest

from awards import plain
from awards.books import HEADINGS, TODAY, input_file, posted, settled
from trainingcli.ledger import Ledger, open_ledger
from trainingcli.settle.assessment import Assessment

LINES = int(os.environ.get("TRAININGCLI_ORACLE_LINES", "600"))
PEOPLE = ["王建国", "王建园", "李明", "赵铁柱", "古丽·买买提", "孙兰花", "周正"]
PLACES = ["重工", "重机", "铁路技工", "化工学校"]
DOCUMENTS = ["并人社发〔2019〕1号", "并人社发〔2020〕8号", "晋人社〔2020〕3号", None]
DAYS = [dt.date(2018, 12, 31), dt.date(2019, 1, 1), dt.date(2019, 11, 5), dt.date(2020, 3, 31), dt.date(2020, 9, 1),
        dt.date(2021, 6, 30), dt.date(2022, 1, 1)]  # fmt: skip


def unit(chance: random.Random) -> tuple[str, str]:
    """A unit and one of its spellings."""
    if chance.random() < 0.4:
        name = chance.choice(PLACES)
        forms = [
            "{}高技能人才实训基地",
            "太原市{}实训基地",
            "{}市级基地",
            "{} 高级技能人才 实训基地（市级）",
            "山西省太原市{}基地",
        ]
        return "base", chance.choice(forms).format(name)
    name = chance.choice(PEOPLE)
    forms = [
        "{}技能大师工作室",
        "太原市{}大师工作室",
        "{}工作室",
        "（{}）技能大师工作室",
        "{}市级技能大师工作室",
        "{}大师工作室(省级)",
    ]
    return "studio", chance.choice(forms).format(name)


def random_row(chance: random.Random, by_column: bool) -> dict[str, Any]:
    """One row, mostly in order."""
    kind, name = unit(chance)
    words = {"base": ["实训基地", "基地", "高技能人才实训基地"], "studio": ["技能大师工作室", "工作室"]}[kind]
    row: dict[str, Any] = {
        "unit": chance.choices([name, None], [50, 1])[0],
        "kind": chance.choices([chance.choice(words), None, "实验室"], [20, 6, 1])[0],
        "grade": chance.choices(["市级", "省级", "国家级", None, "县级"], [10, 5, 5, 1, 1])[0],
        "host": chance.choices(["太原重工", "太原铁路局", None], [9, 9, 1])[0],
        "recognised": chance.choices([chance.choice(DAYS), "2020年3月", None], [20, 1, 1])[0],
        "document": chance.choice(DOCUMENTS),
        "round": None, "result": None, "evaluated": None,
        "claimed": None,
    }  # fmt: skip
    if chance.random() < 0.4:
        row["round"] = chance.choice(["2019", "2020年度", "2020.0", "第二轮", "2020", None])
        row["result"] = chance.choices(["优秀", "良好", "不合格", "甲等"], [12, 2, 1, 1])[0]
        row["evaluated"] = chance.choices([chance.choice(DAYS), "2020年3月", None], [20, 1, 1])[0]
    if chance.random() < 0.4:
        row["claimed"] = chance.choice([1_000_000, 100_000, 200_000, 300_000, 50_000, 100])
    if by_column:
        names = [name for named in plain.NAMES.values() for name in named] + ["评估奖励", "建设补贴", "装修补贴", None]
        row["award"] = chance.choice(names)
    return row


def cells(row: dict[str, Any]) -> dict[str, Any]:
    """The row as a sheet has it."""
    shown = {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in row.items()}
    return {HEADINGS[key]: value for key, value in shown.items()}


def told(row: dict[str, Any]) -> dict[str, Any]:
    """The row as the plain computation takes it."""
    months = {key: "月" if row[key] == "2020年3月" else row[key] for key in ("recognised", "evaluated")}
    return row | months | {"claimed": None if row["claimed"] is None else row["claimed"] * 100}


def same(lines: list[plain.Line], found: Assessment, what: str) -> None:
    """Both came to the same: award, status, entitlement, approved, codes."""
    codes: list[set[str]] = [set() for _ in range(len(found.lines))]
    for line, code in zip(found.reasons["line"], found.reasons["code"], strict=True):
        codes[line].add(code)
    rows = found.lines.astype(object).where(found.lines.notna(), None).to_dict("records")
    for number, (mine, its) in enumerate(zip(lines, rows, strict=True)):
        expected = (mine.award, mine.status, mine.entitled, mine.approved, set(mine.codes))
        assert (its["programme"], its["status"], its["entitled"], its["approved"], codes[number]) == expected, (
            what, number, mine.row, mine.name
        )  # fmt: skip


def filled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that a sheet can hold: one with nothing but a host is no data row."""
    return [row for row in rows if row["unit"] is not None or row["document"] is not None]


@pytest.mark.parametrize("seed", range(max(1, LINES // 120)))
def test_workbooks_posted_in_sequence_agree(seed: int, tmp_path: Path) -> None:
    sequence(seed, tmp_path / "ledger.db")


def sequence(seed: int, address: Path | str) -> None:
    """Random workbooks, each settled, compared, posted; some of what was paid is reversed, some of that reopened."""
    chance = random.Random(seed)
    books = plain.Books()
    with open_ledger(address, create=True) as ledger:
        for turn in range(6):
            by_column = chance.random() < 0.5
            rows = filled([random_row(chance, by_column) for _ in range(chance.randint(1, 30))])
            if not rows:
                continue
            given = input_file([cells(row) for row in rows], file=f"{turn}.xlsx")
            lines = plain.settle([told(row) for row in rows], TODAY, books)
            same(lines, settled([given], ledger=ledger).assessment, f"seed {seed} turn {turn}")
            done = posted([given], ledger)
            plain.post(lines, books)
            if done.batch is not None and chance.random() < 0.7:
                _take_back(chance, ledger, done.batch.id, lines, books)
        paid = sum(line.approved for line in books.paid.values())
        assert int(ledger.budgets()["closing"].sum()) == paid
        assert ledger.verify().ok


def _take_back(chance: random.Random, ledger: Ledger, batch: int, lines: list[plain.Line], books: plain.Books) -> None:
    """Reverse some of what a batch paid; let some of that come again."""
    for number, line in enumerate(lines, 1):
        if line.status not in ("approved", "reduced") or chance.random() < 0.6:
            continue
        key = (line.kind, line.name, line.key)
        ledger.void(batch, [number], "试", when="2021-12-31T12:00:00+08:00", day="2021-12-31")
        books.reversed[key] = books.paid.pop(key)  # type: ignore[index, arg-type]
        if chance.random() < 0.5:
            ledger.reopen(batch, [number], "再", when="2021-12-31T12:00:00+08:00", day="2021-12-31")
            del books.reversed[key]  # type: ignore[arg-type]
            books.reopened.add(key)  # type: ignore[arg-type]
