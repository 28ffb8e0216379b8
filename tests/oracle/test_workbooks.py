"""The renderer and the comparison are themselves held to what they promise."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from . import people, plain, words
from .compare import compare
from .workbooks import render


def _plain(cell: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(cell)).split()).strip("'").upper()


def _cells(row: plain.Row) -> set[str]:
    if row.file.endswith(".csv"):
        lines = list(csv.reader(Path(row.file).read_text(encoding="utf-8-sig").splitlines()))
        return {_plain(cell) for cell in lines[row.row - 1]}
    sheet = load_workbook(row.file)[row.sheet]
    return {_plain(cell.value) for cell in sheet[row.row]}


def test_every_row_stands_where_the_renderer_says(tmp_path: Path) -> None:
    world = people.World(seed=1, people=8)
    rows = world.rosters(40)
    landed = render(rows, tmp_path, seed=1)
    assert len(landed) == len(rows)
    for before, after in zip(rows, landed, strict=True):
        cells = _cells(after)
        if isinstance(before.name, str):
            assert before.name in cells
        if isinstance(before.id_number, str):
            assert before.id_number.upper() in cells


def test_the_same_seed_makes_the_same_rosters() -> None:
    assert people.World(seed=5).rosters(30) == people.World(seed=5).rosters(30)
    assert people.World(seed=5).rosters(30) != people.World(seed=6).rosters(30)


def test_fictitious_id_numbers_are_valid_whatever_their_region() -> None:
    world = people.World(seed=2, people=60)
    prefixes = {person.id_number[:2] for person in world.people}
    assert {"81", "82", "83", "91", "14"} <= prefixes
    for person in world.people:
        number, faults = words.read_id(person.id_number, people.TODAY)
        assert number == person.id_number
        assert set(faults) <= {"UNKNOWN_REGION"}


def test_random_lines_meet_nearly_every_reason() -> None:
    met: set[str] = set()
    for seed in range(12):
        world, history = people.World(seed, people=40), plain.History()
        for _ in range(3):
            lines = plain.settle(world.rosters(100), today=people.TODAY, standards=world.standards(), history=history)
            history.post(lines)
            met |= {code for line in lines for code in line.codes}
    # A second amount column, and one that cannot be read, are there once the rows are
    # written; a reversal is asked for.
    assert set(plain.SEVERITY) - met <= {
        "WAIVED", "UNKNOWN_HARDSHIP", "AMOUNTS_DIFFER", "COLUMN_NOT_READ", "REVERSED_BEFORE",
    }  # fmt: skip


def _document(lines: list[plain.Line]) -> dict:
    def yuan(fen: int | None) -> str | None:
        return None if fen is None else f"{fen // 100}.{fen % 100:02d}"

    return {
        "lines": [
            {
                "file": line.file,
                "sheet": line.sheet,
                "row": line.row,
                "programme": line.programme,
                "claimed": yuan(line.claimed),
                "entitled": yuan(line.entitled),
                "approved": yuan(line.approved),
                "status": line.status,
                "payee": line.payee,
                "fund": line.fund,
                "reasons": [{"code": code} for code, _, _ in line.reasons],
            }
            for line in lines
        ]
    }


def test_comparison_sees_every_kind_of_difference() -> None:
    lines = plain.settle(people.World(seed=3).rosters(30), today=date(2021, 12, 31))
    assert compare(_document(lines), lines) == []
    for key, wrong in [("status", "posted"), ("claimed", "0.01"), ("entitled", "0.01"), ("approved", "0.01")]:
        document = _document(lines)
        document["lines"][4][key] = wrong
        assert len(compare(document, lines)) == 1
    document = _document(lines)
    document["lines"][4]["reasons"].append({"code": "UNDER_CLAIMED"})
    assert len(compare(document, lines)) == 1
    assert compare(document, lines, notes=False) == []
    document = _document(lines)
    del document["lines"][4]
    assert len(compare(document, lines)) == 1
    document = _document(lines)
    document["lines"].reverse()
    assert compare(document, lines) == ["the order of lines differs"]
