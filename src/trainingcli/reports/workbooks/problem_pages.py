"""The sheets 待核 and 不予补贴 of a claim workbook, a row a reason; the columns that bring a decision back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.language import Text, tr
from trainingcli.reports.data.reason_words import remedies
from trainingcli.reports.data.text_columns import replaced
from trainingcli.reports.data.totals import Total
from trainingcli.reports.workbooks.claim_parts import ClaimTask, as_days, messages, place_of, source_columns
from trainingcli.reports.workbooks.style import Book, Page, TableColumn, sheets_needed

_PROBLEM_PRINTED = 13  # columns


# To be filled in on 待核 and brought back with --decisions (contract-2, section 2).
DECISION = (
    Text("决定", "Decision"), Text("依据", "Grounds"), Text("经办人", "Decided by"), Text("核定金额", "Amount decided"),
)  # fmt: skip
CODE = Text("原因代码", "Code")
_CHOICES = (Text("放行", "Release"), Text("不予", "Refuse"))


def problem_pages(book: Book, task: ClaimTask, named: tuple[str, Total], positions: Any, offsets: Any) -> None:
    """A row a reason: what is wrong, by which clause, in which cell, and what to do about it."""
    name, people = named[0], named[1].people
    counts = np.maximum(np.diff(offsets)[positions], 1)
    places = np.repeat(np.arange(len(positions)), counts)
    for number, rows in enumerate(sheets_needed(len(places))):
        page = book.page(f"{name}{number + 1}" if number else name)
        page.title(tr(f"{task.institution}　{name}名单", f"{task.institution}: {name.lower()} lines"), _PROBLEM_PRINTED)
        page.line(tr(f"共 {len(positions)} 笔、{people} 人。一笔有几条原因的，一条一行；申报金额只列一次。",
                     f"{len(positions)} lines, {people} people. A row a reason; amounts on a line's first row."),
                  _PROBLEM_PRINTED)  # fmt: skip
        columns = _problem_columns(task, positions, places[rows.start : rows.stop], offsets)
        if name == tr("待核", "Held"):
            codes = next(column.values for column in columns if column.heading == CODE)
            columns += decision_columns(page, len(columns), codes, task.context.releasable, _PROBLEM_PRINTED)
        page.long_table(columns, frozen=4, printed=_PROBLEM_PRINTED)


def decision_columns(
    page: Page, before: int, codes: Any, releasable: Collection[str], printed: int
) -> list[TableColumn]:
    """Return columns to decide in, the words for a decision to choose from; say how they come back.

    `codes`: of the rows' reasons. One that nobody decides on (`releasable` has the others) has dashes there.
    """
    page.line(tr("核实后请在右侧“决定”一栏选放行或不予，写明依据，再以 --decisions 带回本表；“—”的原因不由决定处理。",
                 "Choose Release or Refuse in the column Decision, give the grounds, then bring this back with"
                 " --decisions; what has a dash there is not decided on."), printed)  # fmt: skip
    open_ = np.array([code in releasable for code in codes.to_pylist()], dtype=bool)
    for column, rule in ((before, _choice), (before + 3, _amount)):
        places = [(page.row + 1 + first, column, page.row + last, column) for first, last in _runs(open_)]
        if places:
            page.sheet.data_validation(*places[0], {**rule(), "other_cells": [list(place) for place in places[1:]]})
    shown = pa.array([None if one else "—" for one in open_.tolist()], pa.string())
    return [TableColumn(heading, shown, "wrap", 10) for heading in DECISION]


def _choice() -> dict[str, Any]:
    return {"validate": "list", "source": [*map(str, _CHOICES)]}


def _amount() -> dict[str, Any]:
    return {"validate": "decimal", "criteria": ">", "value": 0}


def _runs(open_: Any) -> Iterator[tuple[int, int]]:
    """Yield where runs of true begin, and where they end."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], open_, [False])).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _problem_columns(task: ClaimTask, positions: Any, places: Any, offsets: Any) -> list[TableColumn]:
    first = np.ones(len(places), dtype=bool)
    first[1:] = places[1:] != places[:-1]
    starts = np.flatnonzero(first)
    within = np.arange(len(places)) - np.repeat(starts, np.diff([*starts, len(places)]))
    line = positions[places]
    found = offsets[line] + within
    lines = task.lines.take(line)
    reasons = task.reasons.take(pa.array(found, mask=found >= offsets[line + 1]))
    names = {code: str(item.name) for code, item in task.context.programmes.items()}
    codes = pc.unique(reasons["code"]).drop_null().to_pylist()
    return [
        TableColumn(Text("序号", "No."), pa.array(places + 1), "number", 5),
        TableColumn(Text("补贴项目", "Programme"), replaced(lines["programme"], names), "wrap", 10, 18),
        TableColumn(Text("姓名", "Name"), lines["name"], "middle", 8, 16),
        TableColumn(Text("身份证号", "ID number"), lines["id_number"], "middle", 18, 20),
        TableColumn(Text("申报金额", "Claimed"), pc.if_else(pa.array(first), lines["claimed"], None), "money", 10, 14),
        TableColumn(Text("原因", "Reason"), messages(reasons), "wrap", 13, 30),
        TableColumn(Text("政策依据", "Clause"), reasons["clause"], "middle", 7, 10),
        TableColumn(Text("来源", "Where"), place_of(lines), "wrap", 8, 18),
        TableColumn(Text("单元格", "Cell"), reasons["cell"], "middle", 6, 8),
        TableColumn(Text("填写内容", "As written"), reasons["value"], "wrap", 8, 18),
        TableColumn(Text("怎么办", "What to do"), replaced(reasons["code"], remedies(codes)), "wrap", 13, 36),
        TableColumn(Text("职业(工种)", "Occupation"), lines["occupation"], "wrap", 8, 16),
        TableColumn(Text("等级", "Level"), lines["level"], "middle", 6, 12),
        TableColumn(CODE, reasons["code"], "text", 10, 28),
        TableColumn(Text("开班日期", "Start"), as_days(lines["start_date"]), "date"),
        TableColumn(Text("证书编号", "Certificate no."), lines["certificate_no"], "middle", 10, 24),
        *source_columns(lines),
    ]
