"""The sheet 疑点 of the summary workbook: what the bureau looks into, by institution and class; a row a flag.

The cells of all sides are links into the inputs where these are files; 核实结果 is chosen from a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from trainingcli.language import Text
from trainingcli.masking import mask_numbers, mask_place
from trainingcli.places import base_name
from trainingcli.reports.workbooks.style import Page

_COLUMNS = (
    (Text("序号", "No."), "number", 6), (Text("机构", "Institution"), "wrap", 20), (Text("班级", "Class"), "wrap", 12),
    (Text("疑点", "Flag"), "wrap", 18), (Text("情况", "What"), "wrap", 36), (Text("政策依据", "Clause"), "middle", 10),
    (Text("单元格1", "Cell 1"), "wrap", 18), (Text("单元格2", "Cell 2"), "wrap", 18),
    (Text("核实结果", "Result"), "middle", 11), (Text("说明", "Remarks"), "wrap", 22),
    (Text("单元格3", "Cell 3"), "wrap", 20), (Text("单元格4", "Cell 4"), "wrap", 20),
    (Text("另有单元格", "More cells"), "count", 8), (Text("代码", "Code"), "text", 30),
)  # fmt: skip
_LINKS, _RESULT = (6, 7, 10, 11), 8
_PRINTED = 10  # columns: the others are for the screen
_RESULTS = (Text("属实", "Confirmed"), Text("排除", "Ruled out"), Text("待查", "Open"))
_LONGEST_LINK = 2000


class FlagRow(NamedTuple):
    """A flag as the sheet shows it. `places`: (file, sheet, cell); `title`: the flag's."""

    code: str
    title: Text
    clause: str
    institution: str | None
    class_no: str | None
    message: Text
    places: Sequence[tuple[str, str, str]]


def flags_page(page: Page, flags: Sequence[FlagRow], links: Mapping[str, str]) -> None:
    """Write the sheet. `links`: input → its path from the folder of this workbook, of those that are files."""
    page.widths([width for *_, width in _COLUMNS])
    title = Text("疑点清单（仅供主管部门核查，不影响核定）", "Flags (for the bureau alone; no effect on amounts)")
    page.title(str(title), _PRINTED)
    styles = [style for _, style, _ in _COLUMNS]
    rows = page.short_table(
        [heading for heading, *_ in _COLUMNS], [_row(*each) for each in enumerate(flags, 1)], styles
    )
    for row, flag in zip(rows, flags, strict=True):
        for column, cell in zip(_LINKS, flag.places, strict=False):
            _link(page, row, column, cell, links)
    last = max(rows.start, rows.stop - 1)
    choices = {"validate": "list", "source": [str(text) for text in _RESULTS]}
    page.sheet.data_validation(rows.start, _RESULT, last, _RESULT, choices)
    page.sheet.freeze_panes(rows.start, 3)
    page.sheet.autofilter(rows.start - 1, 0, last, len(_COLUMNS) - 1)
    page.sheet.repeat_rows(0, rows.start - 1)
    page.sheet.print_area(0, 0, last, _PRINTED - 1)


def _row(number: int, flag: FlagRow) -> list[Any]:
    cells = [*(_named(place) for place in flag.places[: len(_LINKS)]), *[None] * len(_LINKS)]
    more = len(flag.places) - len(_LINKS)
    return [
        number, flag.institution and mask_numbers(flag.institution), flag.class_no and mask_numbers(flag.class_no),
        str(flag.title), mask_numbers(str(flag.message)), flag.clause, *cells[:2], None, None, *cells[2:4],
        more if more > 0 else None, flag.code,
    ]  # fmt: skip


def _named(place: tuple[str, str, str]) -> str:
    file, sheet, cell = place
    return f"{mask_place(base_name(file))} {mask_place(sheet)}!{cell}"


def _link(page: Page, row: int, column: int, place: tuple[str, str, str], links: Mapping[str, str]) -> None:
    file, sheet, cell = place
    there = links.get(file)
    if there is None:
        return
    quoted = sheet.replace("'", "''")
    target = there if there.lower().endswith((".csv", ".txt")) else f"{there}#'{quoted}'!{cell}"
    if "#" not in there and len(target) < _LONGEST_LINK:
        style = page.book.style("wrap")
        page.sheet.write_url(row, column, f"external:{target}", style, _named(place))
