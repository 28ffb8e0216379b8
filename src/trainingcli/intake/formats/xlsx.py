"""xlsx and xlsm: the gate's parts, the raw scan, and calamine's rows, as one `Book`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError  # only types and errors: parsing is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from trainingcli.intake.formats.calamine import filled_rows, merges_of, parsing, workbook_of
from trainingcli.intake.formats.grid import Book, Grid
from trainingcli.intake.formats.sheetscan import SheetFacts, SheetScan
from trainingcli.intake.gate.bounds import MIB, Bounds
from trainingcli.intake.gate.package import Package, Vetted, refuse
from trainingcli.language import Text

HIDDEN = Text("隐藏的工作表，未读取", "hidden sheet, not read")
OTHER_KIND = Text("图表或宏工作表，没有数据行", "chart or macro sheet, holds no rows")
_SMALL_PART = 8 * MIB
_MEMORY = 5  # bytes of memory for an inflated byte; measured 2: only a sheet that lies about its reach needs more
_RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",  # the strict form of the format
)
_TRUE = ("1", "true")


@dataclass(frozen=True)
class _Sheet:
    name: str
    part: str
    visible: bool
    rows: bool


@dataclass(frozen=True)
class _Outline:
    """What xl/workbook.xml says: sheets in order, and whether dates count from 1904."""

    sheets: list[_Sheet]
    date1904: bool
    others: list[str]  # parts that the parser needs beside the sheets


def open_xlsx(package: Package, bounds: Bounds) -> Book:
    """Open a workbook that the gate's directory check has passed; its sheets are read one after another."""
    outline = _outline(package, bounds)
    book = Book("xlsm" if "xl/vbaproject.bin" in package.parts else "xlsx", iter(()))
    for sheet in outline.sheets:
        if not sheet.rows or not sheet.visible:
            book.not_read.append((sheet.name, HIDDEN if sheet.rows else OTHER_KIND))
    book.grids = _grids(package, outline, bounds)
    return book


def _grids(package: Package, outline: _Outline, bounds: Bounds) -> Iterator[Grid]:
    vetted = Vetted(package)
    for part in outline.others:
        vetted.add(part)
    facts: dict[str, SheetFacts] = {}
    for sheet in outline.sheets:
        if sheet.rows and sheet.visible and sheet.part not in facts:
            scan = SheetScan(bounds, package.size(sheet.part))
            vetted.add(sheet.part, scan.feed)
            facts[sheet.part] = scan.close()
    memory = _MEMORY * package.inflated
    with parsing(memory):
        workbook = workbook_of(vetted.close())
    for sheet in outline.sheets:
        if not sheet.rows or not sheet.visible:
            continue
        with parsing(memory):
            found = workbook.get_sheet_by_name(sheet.name)
            merges, rows = merges_of(found), filled_rows(found, bounds)
        seen = facts[sheet.part]
        yield Grid(sheet.name, rows, merges, seen.specials, frozenset(seen.hidden), outline.date1904)


def _outline(package: Package, bounds: Bounds) -> _Outline:
    workbook_part = _workbook_part(package)
    folder, name = posixpath.split(workbook_part)
    relations_part = f"{folder}/_rels/{name}.rels"
    workbook, relations = parse_xml(package, workbook_part), parse_xml(package, relations_part)
    targets: dict[str, tuple[str, str]] = {}
    for relation in relations:
        if relation.get("TargetMode", "") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", ""))).lstrip("/")
            targets[relation.get("Id", "")] = (target, relation.get("Type", "").rpartition("/")[2])
    sheets = [_sheet(element, targets) for element in _all(workbook, "sheet")]
    if not sheets or len(sheets) > bounds.sheets:
        raise refuse("工作簿没有工作表或工作表过多", "the workbook has no sheet, or too many")
    if len({sheet.name for sheet in sheets}) < len(sheets):
        raise refuse("工作簿内有同名工作表", "the workbook has two sheets of one name")
    for sheet in sheets:
        if sheet.rows and sheet.visible and sheet.part not in package:
            raise refuse("文件缺少工作表的内容", "the file lacks the contents of a sheet")
    needed = [part for part, kind in targets.values() if kind in ("sharedStrings", "styles") and part in package]
    others = [workbook_part, relations_part, *needed]
    others += [part for part in ("[Content_Types].xml", "_rels/.rels") if part in package]
    properties = _all(workbook, "workbookPr")
    date1904 = bool(properties) and properties[0].get("date1904", "0") in _TRUE
    return _Outline(sheets, date1904, list(dict.fromkeys(others)))


def _sheet(element: Element, targets: dict[str, tuple[str, str]]) -> _Sheet:
    relation = next((element.attrib[key] for key in _RELATION_IDS if key in element.attrib), "")
    part, kind = targets.get(relation, ("", "worksheet"))
    visible = element.get("state", "visible") == "visible"
    return _Sheet(element.get("name", ""), part, visible, kind == "worksheet")


def _workbook_part(package: Package) -> str:
    if "xl/workbook.xml" in package:
        return "xl/workbook.xml"
    raise refuse("不是工作簿：缺少 xl/workbook.xml", "it is no workbook: xl/workbook.xml is missing")


def parse_xml(package: Package, part: str) -> Element:
    """Parse one small part; refuse what is malformed."""
    try:
        element: Element = fromstring(package.read(part, _SMALL_PART), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise refuse("内部 XML 不合规范", "its inner XML is malformed") from None
    return element


def _all(root: Element, name: str) -> list[Any]:
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == name]
