"""Workbooks put together part by part, so that any part can be wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

HEADER = ("姓名", "身份证号", "工种", "补贴金额")
PEOPLE = (("王一", "140105199001011234", "焊工", 300), ("李二", "140105199002021234", "电工", 400.5))


def cell(reference: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def row(number: int, values: Sequence[object], attributes: str = "") -> str:
    cells = "".join(cell(f"{chr(65 + column)}{number}", value) for column, value in enumerate(values))
    return f'<row r="{number}"{attributes}>{cells}</row>'


def people(count: int = 2, first: int = 2) -> str:
    return "".join(row(first + n, PEOPLE[n % 2]) for n in range(count))


def sheet(body: str, before: str = "", after: str = "") -> str:
    return f'{XML}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>{body}</sheetData>{after}</worksheet>'


def honest_rows() -> str:
    return row(1, HEADER) + people()


def workbook(names: Sequence[str] = ("表1",), states: Sequence[str] = (), before: str = "") -> str:
    tags = []
    for number, name in enumerate(names, 1):
        state = f' state="{states[number - 1]}"' if states else ""
        tags.append(f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"{state}/>')
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheets>{"".join(tags)}</sheets></workbook>'


def relations(targets: Sequence[tuple[str, str]] = (("worksheet", "worksheets/sheet1.xml"),), extra: str = "") -> str:
    tags = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}">{tags}{extra}</Relationships>'


def shared(strings: Sequence[str], attributes: str = "") -> str:
    return (
        f'{XML}<sst xmlns="{MAIN}"{attributes}>{"".join(f"<si><t>{escape(text)}</t></si>" for text in strings)}</sst>'
    )


def with_strings() -> str:
    return relations((("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")))


def parts(changes: Mapping[str, str | bytes | None] | None = None) -> dict[str, str | bytes]:
    """Return an honest workbook's parts with some changed, or left out where None."""
    types = (
        f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    )
    root = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    found: dict[str, str | bytes | None] = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}">{root}</Relationships>',
        WORKBOOK: workbook(),
        RELATIONS: relations(),
        SHEET: sheet(honest_rows()),
    }
    found.update(changes or {})
    return {name: content for name, content in found.items() if content is not None}


def packed(contents: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return target.getvalue()


def xlsx(changes: Mapping[str, str | bytes | None] | None = None) -> bytes:
    return packed(parts(changes))


def with_sheet(body: str, before: str = "", after: str = "") -> bytes:
    return xlsx({SHEET: sheet(body, before, after)})
