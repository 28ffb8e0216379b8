"""xlsx and xlsm: the parts that matter, each written anew in a plain form, for calamine to lay out rows.

calamine never sees the file's own XML: workbook, relations and styles are made from what is read of them, sheets and
shared strings are `PlainSheet` and `PlainStrings`. What it gives is counted against what went in. Of a large sheet it
gets only what `LaidRows` leaves to it.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from trainingcli.intake.formats.calamine import counted, filled_rows, parsing, workbook_of
from trainingcli.intake.formats.cell_styles import Styles, format_code
from trainingcli.intake.formats.grid import Grid, OpenedBook
from trainingcli.intake.formats.laid_rows import BookLooks, LaidRows
from trainingcli.intake.formats.plain_sheet import PlainSheet, SheetFacts
from trainingcli.intake.formats.plain_strings import PlainStrings
from trainingcli.intake.formats.rewriting import MAIN
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import Package, Vetted, refuse, root_of
from trainingcli.language import Text
from trainingcli.memory import MIB
from trainingcli.xml_text import as_attribute

HIDDEN = Text("隐藏的工作表，未读取", "hidden sheet, not read")
OTHER_KIND = Text("图表或宏工作表，没有数据行", "chart or macro sheet, holds no rows")
_EMPTY_SHEET = Text("工作表没有内容（文件中没有指向它的数据）", "the sheet has no contents (the file names none)")
_SMALL_PART, _STYLES_PART = 8 * MIB, 32 * MIB
_MEMORY = 5  # bytes of memory for an inflated byte; measured 2: only a sheet that lies about its reach needs more
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION_IDS = (f"{{{OFFICE}}}id", "{http://purl.oclc.org/ooxml/officeDocument/relationships}id")  # the strict form's
_TRUE = ("1", "true")
_FALSE = ("0", "false")


@dataclass(frozen=True)
class _Sheet:
    name: str
    part: str
    unread: Text | None  # why it is not read


@dataclass(frozen=True)
class _Outline:
    """What the workbook part says: sheets in order, whether dates count from 1904, the parts beside the sheets."""

    sheets: list[_Sheet]
    date1904: bool
    strings: str | None
    styles: str | None


def open_xlsx(package: Package, workbook_part: str, bounds: Bounds) -> OpenedBook:
    """Open a workbook that the gate's directory check has passed; its sheets are read one after another."""
    outline = _outline(package, workbook_part, bounds)
    macros = any(name.endswith("/vbaproject.bin") for name in package.parts)
    book = OpenedBook("xlsm" if macros else "xlsx", iter(()))
    book.not_read += [(sheet.name, sheet.unread) for sheet in outline.sheets if sheet.unread]
    book.grids = _grids(package, outline, bounds)
    return book


def _grids(package: Package, outline: _Outline, bounds: Bounds) -> Iterator[Grid]:
    read = [sheet for sheet in outline.sheets if sheet.unread is None]
    parts = list(dict.fromkeys(sheet.part for sheet in read))
    once = Counter(sheet.part for sheet in read)  # laid rows are given once
    large = {part for part in parts if package.size(part) >= bounds.laid_bytes and once[part] == 1}
    vetted = Vetted()
    styles = _styles(package, outline.styles)
    strings = PlainStrings(vetted.write, keep=bool(large))
    if outline.strings:
        vetted.begin("xl/sharedStrings.xml")
        for block in package.blocks(outline.strings):
            strings.feed(block)
        strings.close()
    looks = BookLooks(strings.texts, *styles.days(date1904=outline.date1904))
    forms: dict[str, PlainSheet] = {}
    for part in parts:
        facts = SheetFacts(strings.count, strings.empty, strings.struck, styles.marks())
        vetted.begin(f"xl/worksheets/sheet{len(forms) + 1}.xml")
        laid = LaidRows(looks, bounds.cells) if part in large else None
        forms[part] = form = PlainSheet(vetted.write, facts, laid)
        for block in package.blocks(part):
            form.feed(block)
        form.close()
    for name, text in _frame([parts.index(sheet.part) + 1 for sheet in read], outline, styles).items():
        vetted.begin(name)
        vetted.write(text.encode())
    parser = _Calamine(vetted, _MEMORY * package.inflated, bounds)
    for index, sheet in enumerate(read):
        form = forms[sheet.part]
        seen, rows = form.facts, parser.rows(index, form.facts.values) if form.left else iter(())
        yield Grid(
            sheet.name,
            rows if form.laid is None else form.laid.rows(rows),
            seen.merges,
            seen.specials,
            frozenset(seen.hidden),
            outline.date1904,
            seen.marks,
            frozenset(seen.hidden_columns),
        )


class _Calamine:
    """calamine, opened when the first sheet needs it: most large ones do not."""

    def __init__(self, vetted: Vetted, memory: int, bounds: Bounds) -> None:
        self._vetted, self._memory, self._bounds = vetted, memory, bounds
        self._workbook: Any = None

    def rows(self, sheet: int, values: int) -> Iterator[list[Any]]:
        """Return a sheet's rows, which must hold just as many values."""
        with parsing(self._memory):
            if self._workbook is None:
                self._workbook = workbook_of(self._vetted.close())
            return counted(filled_rows(self._workbook.get_sheet_by_index(sheet), self._bounds), values)


def _outline(package: Package, workbook_part: str, bounds: Bounds) -> _Outline:
    folder, name = posixpath.split(workbook_part)
    workbook = parse_xml(package, workbook_part)
    targets = relations(package, posixpath.join(folder, "_rels", f"{name}.rels"), folder)
    sheets = [_sheet(element, targets) for element in _all(workbook, "sheet")]
    if not sheets or len(sheets) > bounds.sheets:
        raise refuse("工作簿没有工作表或工作表过多", "the workbook has no sheet, or too many")
    if len({sheet.name for sheet in sheets}) < len(sheets):
        raise refuse("工作簿内有同名工作表", "the workbook has two sheets of one name")
    if any(sheet.unread is None and sheet.part not in package for sheet in sheets):
        raise refuse("文件缺少工作表的内容", "the file lacks the contents of a sheet")
    beside = {kind: part for part, kind in targets.values() if part in package}
    properties = _all(workbook, "workbookPr")
    date1904 = bool(properties) and properties[0].get("date1904", "0") in _TRUE
    return _Outline(sheets, date1904, beside.get("sharedStrings"), beside.get("styles"))


def relations(package: Package, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Return the relations within the package: id → (part, kind: the last word of its type)."""
    found: dict[str, tuple[str, str]] = {}
    for relation in parse_xml(package, part):
        if relation.get("TargetMode", "") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", ""))).lstrip("/")
            found[relation.get("Id", "")] = (target, relation.get("Type", "").rpartition("/")[2])
    return found


def _sheet(element: Element, targets: dict[str, tuple[str, str]]) -> _Sheet:
    relation = next((element.attrib[key] for key in _RELATION_IDS if key in element.attrib), "")
    part, kind = targets.get(relation, ("", "worksheet"))
    unread = None if relation else _EMPTY_SHEET
    if kind != "worksheet":
        unread = OTHER_KIND
    elif element.get("state", "visible") != "visible":
        unread = HIDDEN
    return _Sheet(element.get("name", ""), part, unread)


def _styles(package: Package, part: str | None) -> Styles:
    """Read the cell formats: their number formats and fonts, by the order that cells name them in."""
    styles = Styles()
    if part is None:
        return styles
    root = parse_xml(package, part, _STYLES_PART)
    written = {_number(entry, "numFmtId"): entry.get("formatCode", "") for entry in _within(root, "numFmts", "numFmt")}
    fonts = [
        any(strike.get("val", "1") not in _FALSE for strike in font if _local(strike) == "strike")
        for font in _within(root, "fonts", "font")
    ]
    for entry in _within(root, "cellXfs", "xf"):
        font = _number(entry, "fontId")
        styles.codes.append(format_code(_number(entry, "numFmtId"), written))
        styles.struck.append(font < len(fonts) and fonts[font])
    return styles


def _frame(sheets: list[int], outline: _Outline, styles: Styles) -> dict[str, str]:
    """Return the parts around the sheets: content types, relations, workbook, styles. `sheets`: each one's part."""
    workbook = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(outline.date1904)}"/>'
    kinds = [f'Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"' for number in sheets]
    kinds.append(f'Type="{OFFICE}/styles" Target="styles.xml"')
    if outline.strings:
        kinds.append(f'Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"')
    tags = "".join(f'<Relationship Id="r{number}" {kind}/>' for number, kind in enumerate(kinds))
    root = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    names = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in range(len(sheets)))
    codes = "".join(f"<numFmt numFmtId={as_attribute(str(n + 200))} formatCode={as_attribute(code)}/>"
                    for n, code in enumerate(styles.codes) if code)  # fmt: skip
    codes = f"<numFmts>{codes}</numFmts>"
    formats = "".join(f'<xf numFmtId="{n + 200 if code else 0}"/>' for n, code in enumerate(styles.codes))
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONSHIPS}">{root}</Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONSHIPS}">{tags}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{codes}<cellXfs>{formats}</cellXfs></styleSheet>',
        "xl/workbook.xml": f"{workbook}<sheets>{names}</sheets></workbook>",
    }


def parse_xml(package: Package, part: str, limit: int = _SMALL_PART) -> Element:
    """Parse one small part; refuse what is malformed."""
    return root_of(package.read(part, limit))


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(root: Element, name: str) -> list[Any]:
    return [element for element in root.iter() if _local(element) == name]


def _within(root: Element, parent: str, name: str) -> list[Element]:
    return [entry for group in root if _local(group) == parent for entry in group if _local(entry) == name]


def _number(element: Element, name: str) -> int:
    text = element.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
