"""Written forms → roster workbooks, written part by part: a library would refuse some of these cells, or mend them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from tests.hostile.forms.tables import Form, as_date
from tests.hostile.parts import MAIN, RELATIONS, SHEET, STRINGS, STYLES, WORKBOOK, XML, relations, workbook, xlsx

from support.ordinary import ordinary_rows
from support.people import id_number

_DATE, _TIME = 1, 2
_EPOCHS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
_BASES = {  # heading → the ordinary row that its forms stand in, and what else it needs
    "身份证号": ("企业职工", {}),
    "姓名": ("企业职工", {}),
    "培训类型": ("企业职工", {}),
    "证书类型": ("取证人员", {}),
    "发证日期": ("取证人员", {}),
    "开班日期": ("低保学员", {"培训天数": None}),
    "结业日期": ("低保学员", {"培训天数": None}),
    "培训时间": ("低保学员", {"培训天数": None, "开班日期": None, "结业日期": None}),
    "困难类型": ("低保学员", {"人员类别": "高校毕业生"}),
    "培训天数": ("低保学员", {}),
    "等级": ("失业人员", {"证书编号": "S№", "发证日期": dt.date(2020, 8, 1)}),
    "人员类别": ("失业人员", {}),
}
_LAST_PERSON = 9000  # people of rows whose ID number is not the form itself


@dataclass(frozen=True)
class Placed:
    """Where a form stands: the workbook's number, the sheet's name, the row as a program shows it."""

    book: int
    sheet: str
    row: int


def workbooks(forms: Sequence[Form]) -> tuple[list[bytes], dict[Placed, Form]]:
    """Forms of one kind as workbooks: one, and a second where days count from 1904; a sheet for each heading."""
    books, places, person = [], {}, _LAST_PERSON
    for date1904 in (False, True):
        here = [form for form in forms if form.date1904 is date1904]
        sheets = []
        for number, heading in enumerate(dict.fromkeys(form.heading for form in here), 1):
            rows = []
            for form in (form for form in here if form.heading == heading):
                person += 1
                places[Placed(len(books), f"表{number}", len(rows) + 2)] = form
                rows.append(_row(form, person))
            sheets.append(rows)
        if sheets:
            books.append(_book(sheets, date1904))
    return books, places


def _row(form: Form, person: int) -> dict[str, Any]:
    like, more = _BASES.get(form.heading, ("失业人员", {"申报金额": None}))
    row = {"身份证号": id_number(person), **ordinary_rows()[like], **more}
    if "培训补贴(" in form.heading or "培训补贴（" in form.heading:
        row["补贴项目"] = None  # a wide column is headed by its programme
    row.update(form.cells)
    return {heading: f"S{person}" if cell == "S№" else cell for heading, cell in row.items()}


def _book(sheets: Sequence[Sequence[Mapping[str, Any]]], date1904: bool) -> bytes:
    names = [f"表{number}" for number in range(1, len(sheets) + 1)]
    strings: dict[str, int] = {}
    parts = {
        SHEET.replace("1", str(number)): _sheet(rows, strings, _EPOCHS[date1904])
        for number, rows in enumerate(sheets, 1)
    }
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    targets += [("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]
    before = '<workbookPr date1904="1"/>' if date1904 else ""
    shared = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in strings)
    return xlsx(
        {
            **parts,
            WORKBOOK: workbook(names, before=before),
            RELATIONS: relations(targets),
            STRINGS: f'{XML}<sst xmlns="{MAIN}">{shared}</sst>',
            STYLES: _STYLES,
        }
    )


_STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="20" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def _sheet(rows: Sequence[Mapping[str, Any]], strings: dict[str, int], epoch: dt.datetime) -> str:
    headings = [
        heading
        for heading in dict.fromkeys(heading for row in rows for heading in row)
        if any(row.get(heading) is not None for row in rows)
    ]
    lines = [{heading: heading for heading in headings}, *rows]
    body = "".join(
        f'<row r="{number}">'
        + "".join(
            _cell(f"{chr(65 + column)}{number}", line.get(heading), strings, epoch)
            for column, heading in enumerate(headings)
        )
        + "</row>"
        for number, line in enumerate(lines, 1)
    )
    return f'{XML}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _cell(place: str, value: Any, strings: dict[str, int], epoch: dt.datetime) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        number = strings.setdefault(_text(value), len(strings))
        return f'<c r="{place}" t="s"><v>{number}</v></c>'
    if isinstance(value, dt.date):
        value = {"date": value}
    kind, content = next(iter(value.items())) if isinstance(value, dict) else ("number", value)
    if kind == "date":
        days = (as_date(content) - epoch) / dt.timedelta(days=1)
        return f'<c r="{place}" s="{_DATE}"><v>{days:.10f}</v></c>'
    if kind == "formula":
        return f'<c r="{place}"><f>{escape(content)}</f></c>'
    style = {"serial": f' s="{_DATE}"', "time": f' s="{_TIME}"', "error": ' t="e"', "boolean": ' t="b"'}.get(kind, "")
    return f'<c r="{place}"{style}><v>{content}</v></c>'


def _text(text: str) -> str:
    """The text as the format writes it: what XML cannot hold, or would be taken for such an escape, is escaped."""
    kept = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return escape(re.sub("[\x00-\x08\x0b-\x1f]", lambda found: f"_x{ord(found[0]):04X}_", kept))
