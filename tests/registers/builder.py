"""Small registers and rosters for the tests of registers: workbooks and rows made by code."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import Workbook

from support.inline import INLINE
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.gathering import gather, verdicts_of
from trainingcli.evidence.register_contents import all_registers
from trainingcli.evidence.source import Given, Means
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.tables.convert import to_roster
from trainingcli.intake.tables.sheet_tables import InputFile, RosterColumn, SheetTable
from trainingcli.policy import Policy, load_policy
from trainingcli.settle.claim_lines import claim_lines
from trainingcli.settle.rows import Rows
from trainingcli.settle.settlement import STATUS_OF, settle
from trainingcli.validation.roster_schema import validate
from trainingcli.vocabulary import load_vocabulary

TODAY = dt.date(2021, 12, 31)
IDS = ("140105199001010016", "140105199001010032", "140105199001010059")
SCHOOL = "晋阳技工学校"
FACTORY = "汾河机械厂"

VOCATIONAL = {
    "name": "王小明", "id_number": IDS[0], "programme": "职业技能培训补贴", "category": "退役军人",
    "occupation": "电工", "level": "初级工", "start_date": "2020-07-01", "employment_card": "1401052020000001",
    "institution": SCHOOL, "class_no": "2020-01", "claimed": "500",
}  # fmt: skip
ENTERPRISE = {
    "name": "王小明", "id_number": IDS[0], "programme": "企业职工培训补贴", "category": "企业职工",
    "training_type": "岗前培训", "occupation": "电工", "start_date": "2020-07-01", "employer": FACTORY,
    "class_no": "2020-01",
}  # fmt: skip
ALLOWANCE = {
    "name": "王小明", "id_number": IDS[0], "programme": "生活费补贴", "hardship": "低保户", "start_date": "2020-07-01",
    "end_date": "2020-07-10", "institution": SCHOOL, "class_no": "2020-01",
}  # fmt: skip
CERTIFICATE = {
    "name": "王小明", "id_number": IDS[0], "programme": "取证补贴", "occupation": "电工", "level": "初级工",
    "certificate_type": "职业技能等级证书", "certificate_no": "Z0001", "certificate_date": "2020-07-01",
    "institution": SCHOOL, "assessor": "晋阳鉴定所",
}  # fmt: skip
TECHNICIAN = {
    "name": "王小明", "id_number": IDS[0], "programme": "技师补贴", "category": "企业职工", "occupation": "电工",
    "level": "技师", "certificate_type": "职业资格证书", "certificate_no": "Z0002", "certificate_date": "2020-07-01",
    "employer": FACTORY, "assessor": "晋阳鉴定所",
}  # fmt: skip


@cache
def policy() -> Policy:
    """Load the shipped policy once."""
    return load_policy()


def means() -> Means:
    """What registers are read with, in the test's own process."""
    return Means(policy(), INLINE, TODAY)


def write(folder: Path, name: str, *entries: dict[str, Any], title: bool = False) -> Path:
    """Write a register with all its columns, by column key; `title`: under a title block, from column B."""
    columns = all_registers()[name].columns
    book = Workbook()
    sheet = book.active
    margin = [None] if title else []
    if title:
        sheet.append([])
        sheet.append([None, "太原市目录清单（2020年）"])
    sheet.append([*margin, *(column.headings[0] for column in columns.values())])
    for entry in entries:
        assert entry.keys() <= columns.keys()
        sheet.append([*margin, *(entry.get(key) for key in columns)])
    folder.mkdir(exist_ok=True)
    book.save(folder / f"{name}.xlsx")
    return folder / f"{name}.xlsx"


def registers(folder: Path, **tables: list[dict[str, Any]]) -> Sources:
    """Write these registers and load them."""
    for name, entries in tables.items():
        write(folder, name, *entries)
    return gather(Given(folder), means())


def rows_of(*rows: dict[str, str | None], lists: Sources, unclear: bool = False) -> Rows:
    """Convert and validate roster rows, as a run does. `unclear`: the institution stands under 机构名称."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    cells: dict[str, Any] = {"row": pa.array(range(2, len(rows) + 2), pa.int32())}
    for place, key in enumerate(keys):
        texts = [row.get(key) for row in rows]
        cells[f"t{place}"] = pa.array(texts, pa.string())
        cells[f"k{place}"] = pa.array([Kind.TEXT if text else Kind.EMPTY for text in texts], pa.uint8())
    columns = [RosterColumn(key, chr(65 + place), key) for place, key in enumerate(keys)]
    sheet = SheetTable("Sheet1", 1, columns, (), {}, "", pa.table(cells), read=len(rows), unclear=unclear)
    vocabulary = load_vocabulary(policy().programme_names())
    roster = to_roster([InputFile("roster.xlsx", sheets=[sheet])], vocabulary)
    known = {name: frozenset(vocabulary.values[name].values()) for name in ("category", "level", "certificate_type")}
    return Rows(roster, validate(roster, today=TODAY, known=known), lists.aliases)


def found(
    lists: Sources, *rows: dict[str, str | None], unclear: bool = False
) -> list[list[tuple[str, str | None, str]]]:
    """Return for each line what the registers say: code, field, English detail; lines come in the order of rows."""
    batch = rows_of(*rows, lists=lists, unclear=unclear)
    lines = claim_lines(batch, policy())
    said: list[list[tuple[str, str | None, str]]] = [[] for _ in lines.row]
    for part in verdicts_of(Batch(batch, lines, policy(), lists)).parts:
        for position in part.rows.tolist():
            detail = getattr(part, "detail", None)
            said[position].append((part.code, part.field, detail.en if detail else ""))
    return said


def codes(lists: Sources, *rows: dict[str, str | None], unclear: bool = False) -> list[list[str]]:
    """Return the codes of what the registers say, for each line."""
    return [[code for code, _, _ in line] for line in found(lists, *rows, unclear=unclear)]


def statuses(lists: Sources, *rows: dict[str, str | None]) -> list[str]:
    """Settle the rows with the registers and return each line's status."""
    batch = rows_of(*rows, lists=lists)
    lines = claim_lines(batch, policy())
    lines.findings.parts.extend(verdicts_of(Batch(batch, lines, policy(), lists)).parts)
    result = settle(batch, lines, policy(), standards=lists.standards, waivers=lists.waivers)
    return [str(STATUS_OF[status]) for status in result.status]
