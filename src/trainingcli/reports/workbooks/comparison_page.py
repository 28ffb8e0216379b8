"""The page 比对 of a claim workbook: the roster beside the real-name system's export, 三(五) (contract-2, 1.6).

Four blocks: 一致 (a count), 有差异 (a line a field), 仅花名册, 仅系统. Texts stand whole, as on the other pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from trainingcli.compared import folded_name
from trainingcli.fields import label
from trainingcli.language import Text, tr
from trainingcli.places import base_name
from trainingcli.reports.workbooks.context import SuppliedRef
from trainingcli.reports.workbooks.style import Book, Page, TableColumn

_WIDTHS = (10, 21, 14, 26, 26, 10, 30, 6)
_COLUMNS = len(_WIDTHS)
_NAME, _NUMBER = Text("姓名", "Name"), Text("身份证号", "ID number")
_FILE, _ROW = Text("来源", "Where"), Text("行号", "Row")


@dataclass(frozen=True)
class RealnameComparison:
    """What the evidence `realname` keeps of one institution's rows; `only`: entries that are no row's."""

    agreed: int
    differing: Sequence[Mapping[str, Any]]
    missing: Sequence[Mapping[str, Any]]
    only: Sequence[Mapping[str, Any]]


def comparisons_of(said: Mapping[str, Any]) -> Callable[[str | None], RealnameComparison]:
    """Return what says of an institution (None: of rows that name none) what is kept of its rows."""
    kept = said["kept"]
    differing, missing = (_grouped(kept[part], lambda row: row["of"]) for part in ("differing", "missing"))
    compared = lru_cache(None)(folded_name)
    only = _grouped(said["only_in_export"], lambda entry: compared(entry["institution"]))

    def of(institution: str | None) -> RealnameComparison:
        name = institution and folded_name(institution)
        mine = only.get(name, ()) if name else ()
        return RealnameComparison(
            kept["agreed"].get(name or "", 0), differing.get(name, ()), missing.get(name, ()), mine
        )

    return of


_Said = Mapping[str, Any]


def _grouped(rows: Sequence[_Said], key: Callable[[_Said], str | None]) -> Mapping[str | None, Sequence[_Said]]:
    found: dict[str | None, list[_Said]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def add_comparison_page(book: Book, institution: str, found: RealnameComparison) -> None:
    """Add the page."""
    page = book.page(tr("比对", "Comparison"))
    page.widths(_WIDTHS)
    page.title(tr(f"{institution}　与实名制系统比对", f"{institution}: beside the real-name system"), _COLUMNS)
    matched = found.agreed + len(found.differing)
    page.line(tr(f"花名册 {matched + len(found.missing)} 行，其中系统有 {matched} 行、没有 {len(found.missing)} 行。",
                 f"{matched + len(found.missing)} rows: {matched} in the system, {len(found.missing)} not."),
              _COLUMNS)  # fmt: skip
    page.section(tr(f"一致：{found.agreed} 行", f"The same: {found.agreed} rows"))
    _differing(page, found.differing)
    _missing(page, found.missing)
    _only(page, found.only)
    page.sheet.print_area(0, 0, page.row, _COLUMNS - 1)


def add_unusable_page(book: Book, supplied: Sequence[SuppliedRef]) -> None:
    """List, for the bureau, the cells of exports and lists that cannot be used; no page where there are none."""
    rows = [(each.file, *cell, str(each.kind)) for each in supplied for cell in each.cells]
    if not rows:
        return
    page = book.page(tr("比对文件的问题", "Unusable cells"))
    page.title(tr("实名制导出表和人员名单中不能用的单元格", "Cells of exports and lists that cannot be used"), 5)
    columns = (
        (Text("文件", "File"), "wrap", 30), (Text("工作表", "Sheet"), "wrap", 16),
        (Text("单元格", "Cell"), "middle", 10), (Text("说明", "What is wrong"), "wrap", 60),
        (Text("种类", "Kind"), "middle", 24),
    )  # fmt: skip
    page.long_table(
        [TableColumn(heading, pa.array([row[place] for row in rows], pa.string()), style, most=most)
         for place, (heading, style, most) in enumerate(columns)], frozen=1, printed=5,
    )  # fmt: skip


def _differing(page: Page, rows: Sequence[Mapping[str, Any]]) -> None:
    page.section(tr(f"有差异：{len(rows)} 行", f"Different: {len(rows)} rows"))
    headings = (
        _NAME, _NUMBER, Text("栏目", "Field"), Text("花名册", "Roster"), Text("系统", "System"), Text("单元格", "Cell"),
        _FILE, _ROW,
    )  # fmt: skip
    lines = [
        (row["name"], row["id_number"], str(label(each["field"])), each["roster"], each["export"], each["cell"],
         _where(row), row["row"])
        for row in rows for each in row["fields"]
    ]  # fmt: skip
    styles = ("middle", "middle", "wrap", "wrap", "wrap", "middle", "wrap", "number")
    _table(page, headings, lines, styles)


def _missing(page: Page, rows: Sequence[Mapping[str, Any]]) -> None:
    page.section(tr(f"仅花名册：{len(rows)} 行", f"Only in the roster: {len(rows)} rows"))
    headings = (
        _NAME, _NUMBER, Text("职业(工种)", "Occupation"), Text("系统中有什么", "What the system has"),
        Text("班级编号", "Class"), Text("开班日期", "Start"), _FILE, _ROW,
    )  # fmt: skip
    lines = [
        (row["name"], row["id_number"], row["occupation"], str(row["why"]), row["class_no"], row["start_date"],
         _where(row), row["row"]) for row in rows
    ]  # fmt: skip
    _table(page, headings, lines, ("middle", "middle", "wrap", "wrap", "wrap", "middle", "wrap", "number"))


def _only(page: Page, entries: Sequence[Mapping[str, Any]]) -> None:
    page.section(tr(f"仅系统：{len(entries)} 条", f"Only in the system: {len(entries)} entries"))
    headings = (
        _NAME, _NUMBER, Text("职业(工种)", "Occupation"), Text("培训机构", "Institution"), Text("班级编号", "Class"),
        Text("开班日期", "Start"), _FILE, _ROW,
    )  # fmt: skip
    lines = [
        (entry["name"], entry["id_number"], entry["occupation"], entry["institution"], entry["class_no"],
         entry["start_date"], _where(entry), entry["row"]) for entry in entries
    ]  # fmt: skip
    _table(page, headings, lines, ("middle", "middle", "wrap", "wrap", "wrap", "middle", "wrap", "number"))


def _table(page: Page, headings: Sequence[Text], rows: Sequence[Sequence[Any]], styles: Sequence[str]) -> None:
    if rows:
        page.short_table(headings, rows, styles)
    else:
        page.line(tr("无", "None"), _COLUMNS)


def _where(row: Mapping[str, Any]) -> str:
    """The file without its folders, and the sheet."""
    return f"{base_name(row['file'])}　{row['sheet']}"
