"""How one row of an awards workbook came to its amounts: cells, what they were read as, lines, what was paid before.

Nothing is decided here: the row is settled with all others of its workbook, as `awards` does, and asked afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trainingcli.awards.archives import unit_history
from trainingcli.awards.assess import award_rows
from trainingcli.awards.document import line_rows
from trainingcli.awards.engine import AwardsEngine
from trainingcli.awards.kinds import table
from trainingcli.awards.unit_register import unit_register
from trainingcli.errors import InputError, UsageError
from trainingcli.facts import STATUS_WORDS
from trainingcli.intake.tables.read_declared import to_table
from trainingcli.language import Text, tr
from trainingcli.masking import mask_field, mask_place
from trainingcli.money import yuan_text
from trainingcli.result import Block, Column, Prose, Table

if TYPE_CHECKING:
    from trainingcli.awards.lines import AwardRow
    from trainingcli.claims.request import Request
    from trainingcli.evidence.gathered import Sources
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy
    from trainingcli.workers import WorkerPool

SCHEMA = "trainingcli.award-explanation/1"
Document = dict[str, Any]
_CELLS = (
    Column("cell", Text("单元格", "Cell")),
    Column("heading", Text("字段", "Field")),
    Column("written", Text("写的是", "Written")),
    Column("read_as", Text("读作", "Read as")),
)
_EARLIER = (
    Column("award", Text("补贴项目", "Award")),
    Column("grade", Text("级别", "Grade")),
    Column("round", Text("轮次", "Round")),
    Column("yuan", Text("金额(元)", "Yuan"), "yuan"),
    Column("batch", Text("批次", "Batch"), "count"),
    Column("day", Text("入账日", "Posting day")),
)


def is_awards_workbook(request: Request, policy: Policy, pool: WorkerPool) -> bool:
    """Tell whether the one file is an awards workbook."""
    found = AwardsEngine(pool).read(request, policy)
    return len(found) == 1 and found[0].error is None and bool(found[0].sheets)


def explain_row(
    request: Request, number: int, sheet: str | None, policy: Policy, pool: WorkerPool, ledger: Ledger | None,
    sources: Sources, *, unmask: bool = False,
) -> Document:  # fmt: skip
    """Settle a workbook and explain one row. InputError where it cannot be read, UsageError where there is no row."""
    engine = AwardsEngine(pool)
    inputs = engine.read(request, policy)
    if len(inputs) != 1:
        raise UsageError(Text("只能解释一个文件中的一行", "one row of one file can be explained"))
    if (why := inputs[0].error) is not None:
        raise InputError(Text(f"{inputs[0].file}：{why.zh}", f"{inputs[0].file}: {why.en}"))
    row = _asked(award_rows(to_table(inputs, table())), number, sheet)
    assessment = engine.assess(request, policy, inputs, ledger, sources).assessment
    lines = [line for line in line_rows(assessment) if (line["sheet"], line["row"]) == (row.sheet, row.row)]
    return {
        "schema": SCHEMA,
        "policy": {"id": policy.id, "sha256": policy.sha256},
        "today": assessment.today,
        "file": row.file,
        "sheet": row.sheet,
        "row": row.row,
        "header_row": _header(inputs[0], row.sheet),
        "unit": {
            "kind": None if row.unit is None else row.unit[0],
            "compared": None if row.unit is None else row.unit[1],
        },
        "cells": list(_cells(row, unmask=unmask)),
        "lines": [{**line, **_said_of(line["award"], policy)} for line in lines],
        "earlier": _earlier(row, ledger, sources),
        "checks": [
            {"check": each.check, "why": str(each.why or "")} for each in assessment.checks if not each.performed
        ],
    }


def _asked(rows: list[AwardRow], number: int, sheet: str | None) -> AwardRow:
    found = [row for row in rows if row.row == number and sheet in (None, row.sheet)]
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(mask_place(row.sheet) for row in found)
        raise UsageError(
            Text(
                f"几张工作表都有第 {number} 行，请加 --sheet：{names}",
                f"several sheets have row {number}; add --sheet: {names}",
            )
        )
    there = "、".join(f"{mask_place(row.sheet)} {row.row}" for row in rows[:10]) or "—"
    raise UsageError(
        Text(
            f"第 {number} 行不是基地或工作室；有的行：{there}", f"row {number} is no base or studio; such rows: {there}"
        )
    )


def _header(item: InputFile, sheet: str) -> int:
    return next(each.header_row for each in item.sheets if each.sheet == sheet)


def _cells(row: AwardRow, *, unmask: bool) -> Iterator[Document]:
    for key, cell in row.cells.items():
        written, value = row.written.get(key), row.values.get(key)
        read: str | None = None if value is None else _read_as(key, value)
        if not unmask:
            written, read = (None if text is None else mask_field(key, text) for text in (written, read))
        fault = row.faults.get(key)
        heading = table().columns[key].headings[0]
        yield {
            "cell": cell,
            "field": key,
            "heading": heading,
            "written": written,
            "read_as": read,
            "finding": fault and fault[0],
        }


def _read_as(key: str, value: Any) -> str:
    if key == "claimed":
        return yuan_text(int(value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _said_of(code: str | None, policy: Policy) -> Document:
    award = None if code is None else policy.awards[code]
    return {"name": None if award is None else str(award.name), "clause": None if award is None else award.clause}


def _earlier(row: AwardRow, ledger: Ledger | None, sources: Sources) -> list[Document]:
    """Return what the ledger has as paid to the unit, under any of its names."""
    if row.unit is None:
        return []
    register = unit_register(sources.contents.get("units"))
    paid = unit_history(ledger, [row.unit], register).awards(register.unit(row.unit))
    return [
        {"award": each.award, "grade": each.grade, "round": each.round, "date": each.date, "yuan": yuan_text(each.yuan),
         "batch": each.batch, "line": each.line, "day": each.day}
        for each in paid
    ]  # fmt: skip


def screen(found: Document) -> list[Block]:
    """Return the explanation, from the cells to the amount."""
    where = f"{mask_place(found['file'])}  {mask_place(found['sheet'])}  "
    policy, day = found["policy"]["id"], found["today"]
    page: list[Block] = [
        Prose(where + tr(f"第 {found['row']} 行", f"row {found['row']}"), "bold"),
        Prose(tr(f"政策 {policy}，办理日 {day}", f"policy {policy}, day {day}"), "dim"),
        Table(_CELLS, found["cells"]),
    ]
    for line in found["lines"]:
        page.append(Prose(_outcome(line), "bold"))
        page += [Prose(f"{each['code']} {each['cell'] or ''} {each['message']}") for each in line["reasons"]]
    if found["earlier"]:
        page.append(Table(_EARLIER, found["earlier"], tr("台账中已付给该单位", "Paid to this unit before")))
    for each in found["checks"]:
        check, why = each["check"], each["why"]
        page.append(Prose(tr(f"未核对：{check}（{why}）", f"not checked: {check} ({why})"), "dim"))
    return page


def _outcome(line: Document) -> str:
    name = line["name"] or tr("未归项目", "no award")
    clause = f" · {line['clause']}" if line["clause"] else ""
    words = {"claimed": ("申报", "claimed"), "entitled": ("应补", "entitled"), "approved": ("核定", "approved")}
    amounts = tr("，", ", ").join(f"{tr(*said)} {line[key] or '-'}" for key, said in words.items())
    return f"{name}{clause}{tr('：', ': ')}{STATUS_WORDS[line['status']]}{tr('（', ' (')}{amounts}{tr('）', ')')}"
