"""csv, tsv and other delimited text: encoding and delimiter found by what is there."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

from trainingcli.intake.formats.cell_values import Cell
from trainingcli.intake.formats.grid import Grid, OpenedBook
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.refusal import Refused
from trainingcli.language import Text

DELIMITERS = ",\t;|，"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 1 << 16
_LONGEST_FIELD = 32_768  # what a spreadsheet's cell can hold
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 26, 27})


def open_delimited(data: bytes, bounds: Bounds) -> OpenedBook:
    """Open delimited text as a book of one sheet."""
    encoding = encoding_of(data)
    sample = _sample(data, encoding)
    if sample.lower().startswith("sep=") and len(sample.partition("\n")[0].strip()) == 5:
        delimiter, skip = sample[4], 1
    else:
        delimiter, skip = _delimiter(sample), 0
    form = "tsv" if delimiter == "\t" else "csv"
    book = OpenedBook(form, iter(()))
    book.grids = iter([Grid(form, _rows(data, encoding, delimiter, skip, bounds))])
    return book


def encoding_of(data: bytes) -> str:
    """Return a text's encoding: by its byte order mark, else UTF-16 by its zero bytes, UTF-8 or GB18030 by trial."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):  # the first begins with UTF-16's mark
        return _refuse_encoding()
    for mark, name in _MARKS:
        if data.startswith(mark):
            _decodes(data, name) or _refuse_encoding()
            return name
    head = data[:4096]
    zeros = head[::2].count(0), head[1::2].count(0)
    if sum(zeros) * 4 > len(head) and min(zeros) * 10 < max(zeros):
        name = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
        _decodes(data, name) or _refuse_encoding()
        return name
    if head.translate(None, _CONTROLS) != head:
        raise Refused(
            Text(
                "不是表格文件（内容为二进制或含控制字符）；请提供 .xlsx、.xls 或 .csv",
                "it is no spreadsheet (binary contents or control characters); send .xlsx, .xls or .csv",
            )
        )
    for name in ("utf-8", "gb18030"):
        if _decodes(data, name):
            return name
    return _refuse_encoding()


def _refuse_encoding() -> str:
    raise Refused(
        Text(
            "文字编码无法识别（不是 UTF-8、UTF-16 或 GB18030）；请另存为 UTF-8 的 .csv 或 .xlsx",
            "its text encoding is unknown (not UTF-8, UTF-16 or GB18030); save it as UTF-8 .csv or as .xlsx",
        )
    )


def _decodes(data: bytes, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    view = memoryview(data)
    try:
        for start in range(0, len(view), 1 << 20):
            decoder.decode(view[start : start + (1 << 20)])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(data: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)().decode(data[:_SAMPLE])


def _delimiter(sample: str) -> str:
    """Return the delimiter that splits most rows into one number of columns."""
    best, most = ",", 0
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths: Counter[int] = Counter()
        try:
            for row, _ in zip(reader, range(200), strict=False):
                widths[len(row)] += 1
        except csv.Error:
            pass
        score = max(((width - 1) * count for width, count in widths.items()), default=0)
        if score > most:
            best, most = delimiter, score
    return best


def _rows(data: bytes, encoding: str, delimiter: str, skip: int, bounds: Bounds) -> Iterator[list[Cell]]:
    """Return the records; one that a quotation mark left open has swallowed other rows is refused, not lost."""
    csv.field_size_limit(_LONGEST_FIELD)
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter)
    special = b"=" in data
    last, number = 0, 0
    try:
        for row in reader:
            number += 1
            lines, last = reader.line_num - last, reader.line_num
            if lines > 1 and _swallowed(row, delimiter):
                raise _open_quote(number)
            if number <= skip:
                continue
            if len(row) > bounds.csv_columns or number > bounds.csv_rows:
                raise Refused(Text("行数或列数过多", "it has too many rows or columns"))
            yield [_cell(cell) for cell in row] if special else row
    except csv.Error:
        raise _open_quote(number + 1) from None
    if data.count(b'"') % 2 and last and lines > 1:
        raise _open_quote(number)


def _swallowed(row: list[str], delimiter: str) -> bool:
    """Tell whether a quoted cell holds whole rows: a line in it with as many delimiters as half a row has."""
    needed = max(2, len(row) // 2)
    return any(line.count(delimiter) >= needed for cell in row if "\n" in cell for line in cell.split("\n")[1:])


def _open_quote(number: int) -> Refused:
    return Refused(
        Text(
            f"第 {number} 行附近的引号没有成对，行无法可靠分开；请改正或另存为 .xlsx",
            f"a quotation mark near row {number} is not closed, so rows cannot be told apart; mend it or save as .xlsx",
        )
    )


def _cell(cell: str) -> Any:
    """Return `="0123"` (how a csv keeps digits as text) as its text."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1]
    return cell
