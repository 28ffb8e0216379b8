"""A register's workbook → its entries and the faults of its cells; nothing is judged here but the cells themselves.

The registers are the bureau's own files: read with calamine directly, the first visible sheet that has the headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainingcli.compared import squeeze
from trainingcli.evidence.register_cells import BadCellError, text_of, value_of
from trainingcli.evidence.register_tables import Register
from trainingcli.evidence.valueless import valueless_cells
from trainingcli.intake.tables.headings import unit_of
from trainingcli.language import Text
from trainingcli.vocabulary import heading_of

_HEADER_WITHIN = 60  # rows
_FOOTER = re.compile(
    r"(?:[合总小]计|(?:制表|填表|审核|负责|经办|盖章)(?:人|单位|日期|签字|签章)*)(?:[:(].*)?|(?:说明|备注|注):.*",
    re.DOTALL,
)


@dataclass(frozen=True)
class Fault:
    """Something wrong in a register: file, sheet and cell where they are known, and what to do.

    `is_error`: no claim can be settled with it; else a warning.
    """

    file: str
    sheet: str | None
    cell: str | None
    text: Text
    is_error: bool = True

    def line(self) -> Text:
        """Return the fault in one line with its place."""
        place = ", ".join(part for part in (self.file, self.sheet, self.cell) if part)
        return Text(f"{place}：{self.text.zh}", f"{place}: {self.text.en}")


@dataclass(frozen=True)
class Entry:
    """One row of a register: column key → value (absent where empty), and the row as the program shows it."""

    row: int
    values: Mapping[str, Any]

    def get(self, key: str) -> Any:
        """Return a value, None where the cell is empty."""
        return self.values.get(key)

    def several(self, key: str) -> tuple[str, ...]:
        """Return the values of a cell that may hold several."""
        found: tuple[str, ...] = self.values.get(key, ())
        return found


@dataclass(frozen=True)
class Contents:
    """What was read of one register. `letters`: column key → letter; `unused`: headings that are none of its own."""

    register: Register
    sheet: str | None
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    letters: Mapping[str, str]

    def cell(self, entry: Entry, key: str) -> str:
        """Name a cell as the spreadsheet program does."""
        return f"{self.letters.get(key, '')}{entry.row}"

    def fault(self, entry: Entry, key: str, text: Text, *, is_error: bool = True) -> Fault:
        """Return a fault of one cell."""
        return Fault(self.register.file, self.sheet, self.cell(entry, key), text, is_error)


def read(register: Register, path: Path) -> Contents:
    """Read a register's workbook; what cannot be used is a fault, never an exception."""
    sheets, why = _sheets(path)
    if why is not None:
        return _nothing(register, Fault(register.file, None, None, why))
    best: tuple[int, str, int, list[str]] | None = None
    for name, rows in sheets:
        for number, cells in enumerate(rows[:_HEADER_WITHIN]):
            lacking = _lacking(register, cells)
            if not lacking:
                return _contents(register, path, name, rows, number)
            known = _known(register, cells)
            if known and (best is None or known > best[0]):
                best = (known, name, number + 1, lacking)
    return _nothing(register, _no_header(register, best))


def _sheets(path: Path) -> tuple[list[tuple[str, list[list[Any]]]], Text | None]:
    """Return the visible sheets' rows from A1 on, or why the workbook cannot be read."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        return [
            (sheet.name, workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False))
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ], None
    except OSError:
        return [], Text("文件打不开，请检查权限或磁盘", "cannot be opened; check its permissions and the disk")
    except (CalamineError, ValueError):  # its text may quote a cell
        return [], Text(
            "不是可以读取的工作簿，请另存为 .xlsx 后再试", "no workbook that can be read; save it as .xlsx again"
        )


def _nothing(register: Register, fault: Fault) -> Contents:
    return Contents(register, None, (), (fault,), {})


def _known(register: Register, cells: Sequence[Any]) -> int:
    headings = register.headings
    return len({heading_of(text_of(cell)) for cell in cells} & headings.keys())


def _lacking(register: Register, cells: Sequence[Any]) -> list[str]:
    """Return the headings that a row lacks to be the header."""
    headings = register.headings
    there = {headings.get(heading_of(text_of(cell))) for cell in cells}
    return [column.headings[0] for key, column in register.columns.items() if column.present and key not in there]


def _no_header(register: Register, best: tuple[int, str, int, list[str]] | None) -> Fault:
    hint = Text("可用 trainingcli registers template 生成空白表", "`trainingcli registers template` writes a blank one")
    if best is None:
        wanted = "、".join(column.headings[0] for column in register.columns.values() if column.present)
        text = Text(f"找不到表头（需要：{wanted}）；{hint.zh}", f"no header row is found (needed: {wanted}); {hint.en}")
        return Fault(register.file, None, None, text)
    _, sheet, row, lacking = best
    names = "、".join(lacking)
    text = Text(f"表头缺少列：{names}；{hint.zh}", f"the header lacks columns: {names}; {hint.en}")
    return Fault(register.file, sheet, f"A{row}", text)


def _contents(register: Register, path: Path, sheet: str, rows: Sequence[Sequence[Any]], header: int) -> Contents:
    """Read the entries under a header row (counted from 0)."""
    places: dict[str, int] = {}
    units: dict[str, int] = {}
    faults: list[Fault] = []
    for place, cell in enumerate(rows[header]):
        heading = heading_of(text_of(cell))
        key = register.headings.get(heading)
        if key is not None and key not in places:
            places[key], units[key] = place, unit_of(text_of(cell))
        elif heading:
            why = Text(
                f"列“{heading}”未识别，不采用", f"the column '{heading}' is not one of the register's, and not used"
            )
            faults.append(Fault(register.file, sheet, f"{_letter(place)}{header + 1}", why, is_error=False))
    letters = {key: _letter(place) for key, place in places.items()}
    faults += _valueless(register, sheet, path, letters, header + 1)
    contents = Contents(register, sheet, (), (), letters)
    entries: list[Entry] = []
    for number, cells in _data_rows(rows, header):
        entry, found = _entry(contents, number, {key: cells[place] for key, place in places.items()}, units)
        entries.append(entry)
        faults += found
    return Contents(register, sheet, tuple(entries), tuple(faults), letters)


def _valueless(
    register: Register, sheet: str, path: Path, letters: Mapping[str, str], header_row: int
) -> Iterator[Fault]:
    """Yield a fault for each cell of the table whose value calamine cannot show: it must not pass for an empty one."""
    text = Text(
        "单元格是错误值，或公式没有保存结果", "the cell holds an error, or a formula whose result was not saved"
    )
    for letter, row in valueless_cells(path, sheet):
        if row > header_row and letter in letters.values():
            yield Fault(register.file, sheet, f"{letter}{row}", text)


def _data_rows(rows: Sequence[Sequence[Any]], header: int) -> Iterator[tuple[int, Sequence[Any]]]:
    heading = [text_of(cell) for cell in rows[header]]
    for number, cells in enumerate(rows[header + 1 :], header + 2):
        texts = [text_of(cell) for cell in cells]
        filled = [squeeze(text) for text in texts if squeeze(text)]
        if filled and not _FOOTER.fullmatch(filled[0]) and texts != heading:
            yield number, cells


def _entry(
    contents: Contents, row: int, cells: Mapping[str, Any], units: Mapping[str, int]
) -> tuple[Entry, list[Fault]]:
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    blank = Entry(row, {})
    for key, cell in cells.items():
        column = contents.register.columns[key]
        try:
            value = value_of(cell, column, units[key])
        except BadCellError as bad:
            faults.append(contents.fault(blank, key, bad.text))
            continue
        if value is not None:
            found[key] = value
        elif column.needed:
            name = column.headings[0]
            faults.append(contents.fault(blank, key, Text(f"“{name}”未填写", f"'{name}' is empty")))
    since, until = found.get("since"), found.get("until")
    if since is not None and until is not None and until < since:
        faults.append(contents.fault(blank, "until", Text("失效日期早于生效日期", "ends before it begins")))
    return Entry(row, found), faults


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
