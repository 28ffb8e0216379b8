"""The package of a return: every part under a name of ours, with the kinds and relations that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from trainingcli.facts import RETURN_SHEET
from trainingcli.intake.formats.grid import letter
from trainingcli.intake.formats.xlsx import OFFICE, RELATIONSHIPS
from trainingcli.reports.returned import marks
from trainingcli.reports.returned.drawing_parts import DrawnParts
from trainingcli.reports.returned.marked_sheet import MarkedSheet
from trainingcli.reports.returned.note_parts import comments_part, shapes_part
from trainingcli.reports.returned.ranges import is_plain, is_printed, quoted
from trainingcli.reports.returned.source_book import SourceBook, SourceSheet
from trainingcli.reports.returned.xml_form import HEAD, as_attribute, local, parsed, part, tag, written

_SHEET_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_DRAWN_KIND = "application/vnd.openxmlformats-officedocument.drawing"
# By the part's name without its number.
_KINDS = {
    "xl/workbook.xml": f"{_SHEET_KIND}sheet.main+xml",
    "xl/worksheets/sheet.xml": f"{_SHEET_KIND}worksheet+xml",
    "xl/styles.xml": f"{_SHEET_KIND}styles+xml",
    "xl/sharedStrings.xml": f"{_SHEET_KIND}sharedStrings+xml",
    "xl/theme/theme.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "xl/comments.xml": f"{_SHEET_KIND}comments+xml",
    "xl/tables/table.xml": f"{_SHEET_KIND}table+xml",
    "xl/drawings/drawing.xml": f"{_DRAWN_KIND}+xml",
    "xl/charts/chart.xml": f"{_DRAWN_KIND}ml.chart+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>{}</dc:creator>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{}T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{}T00:00:00Z</dcterms:modified></cp:coreProperties>'
)
_APP = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Excel</Application></Properties>"
)
_DIGITS = re.compile(r"\d+")
_CORE_TYPE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_TABLE_FORMULAS = ("calculatedColumnFormula", "totalsRowFormula", "xmlColumnPr", "extLst")
_TABLE_LINKS = ("tableType", "connectionId", "queryTableFieldId")
_PRINTED = ("_xlnm.Print_Area", "_xlnm.Print_Titles")
Target = tuple[str, str]  # kind of a relation, part


class NewPackage:
    """Gathers the parts of a return."""

    def __init__(self, source: SourceBook) -> None:
        self.parts: dict[str, bytes] = {}
        self._source = source
        self._sheets: list[SourceSheet] = []
        self._names: list[str] = []
        self._endings = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        self._set_up: set[str] = set()  # places of sheets whose printing is said anew
        self._tables = 0
        self._told = ""

    # --- sheets

    def add_sheet(self, sheet: SourceSheet, marked: MarkedSheet) -> None:
        """Add a sheet, with its comments, tables and drawing."""
        self._sheets.append(sheet)
        number = len(self._sheets)
        targets: list[tuple[str, Target]] = []
        if marked.drawing:
            targets.append(("drawing", ("drawing", marked.drawing)))
        if marked.notes:
            targets += self._notes(number, marked)
        targets += [(f"table:{name}", ("table", name)) for name in self._table_parts(marked)]
        marked.frame.links = {key: f"r{place}" for place, (key, _) in enumerate(targets, 1)}
        name = f"xl/worksheets/sheet{number}.xml"
        self.parts[name] = marked.frame.part(marked.rows.rows)
        self._relate(name, [target for _, target in targets])
        self._names += self._print_names(sheet, marked)

    def _notes(self, number: int, marked: MarkedSheet) -> list[tuple[str, Target]]:
        texts, shapes = f"xl/comments{number}.xml", f"xl/drawings/vmlDrawing{number}.vml"
        self._endings["vml"] = "application/vnd.openxmlformats-officedocument.vmlDrawing"
        self.parts[texts] = comments_part(marked.notes.items())
        self.parts[shapes] = shapes_part(marked.notes, marks.AUTHOR)
        return [("legacyDrawing", ("vmlDrawing", shapes)), ("comments", ("comments", texts))]

    def _table_parts(self, marked: MarkedSheet) -> Iterator[str]:
        for found, kind in marked.related.values():
            if kind != "table" or found not in self._source.package:
                continue
            root = parsed(self._source.read(found))
            for element in root.iter():
                for child in [child for child in element if local(child) in _TABLE_FORMULAS]:
                    element.remove(child)
                for key in _TABLE_LINKS:
                    element.attrib.pop(key, None)
            self._tables += 1
            name = f"xl/tables/table{self._tables}.xml"
            root.set("id", str(self._tables))
            self.parts[name] = _rooted(root)
            yield name

    def _print_names(self, sheet: SourceSheet, marked: MarkedSheet) -> Iterator[str]:
        """What is printed again on each page, of a sheet that was marked."""
        if marked.paper is None:
            return
        self._set_up.add(str(sheet.place))
        ranges = [f"$A:${letter(marked.paper.repeated - 1)}"] if marked.paper.repeated else []
        ranges += [f"${marked.repeated_row}:${marked.repeated_row}"] if marked.repeated_row else []
        if ranges:
            text = ",".join(f"{quoted(sheet.name)}!{one}" for one in ranges)
            yield _name("_xlnm.Print_Titles", text, len(self._sheets) - 1)

    def add_drawn(self, drawn: DrawnParts) -> None:
        """Add the drawings with their pictures and charts."""
        self.parts |= drawn.parts
        self._endings |= drawn.types
        for name, targets in drawn.relations.items():
            self._relate(name, targets)

    def add_told(self, data: bytes) -> None:
        """Add the sheet of what to do, under a name that is free."""
        taken = {sheet.name.casefold() for sheet in self._sheets}
        name, number = str(RETURN_SHEET), 1
        while name.casefold() in taken:
            name, number = f"{RETURN_SHEET}{number}", number + 1
        self._told = name
        self.parts[f"xl/worksheets/sheet{len(self._sheets) + 1}.xml"] = data

    def sheets(self) -> list[tuple[str, bytes]]:
        """Return the sheets by their names."""
        names = [sheet.name for sheet in self._sheets] + [self._told]
        return [(name, self.parts[f"xl/worksheets/sheet{number}.xml"]) for number, name in enumerate(names, 1)]

    # --- what holds them together

    def finished(self, today: str) -> dict[str, bytes]:
        """Return all parts."""
        numbers = range(1, len(self._sheets) + 2)
        targets: list[Target] = [("worksheet", f"xl/worksheets/sheet{number}.xml") for number in numbers]
        for kind, name in (("styles", "styles"), ("sharedStrings", "sharedStrings"), ("theme", "theme/theme1")):
            if f"xl/{name}.xml" in self.parts:
                targets.append((kind, f"xl/{name}.xml"))
        self.parts["xl/workbook.xml"] = self._workbook()
        self._relate("xl/workbook.xml", targets)
        self.parts["docProps/core.xml"] = _CORE.format(as_attribute(marks.AUTHOR), today, today).encode()
        self.parts["docProps/app.xml"] = _APP.encode()
        root = [("officeDocument", "xl/workbook.xml"), ("extended-properties", "docProps/app.xml")]
        self._relate("", root, {_CORE_TYPE: "docProps/core.xml"})
        return {"[Content_Types].xml": self._types(), **self.parts}

    def _workbook(self) -> bytes:
        groups = {local(one): one for one in self._source.workbook}
        sheets = "".join(
            tag("sheet", {"name": name, "sheetId": str(number), "r:id": f"r{number}"})
            for number, (name, _) in enumerate(self.sheets(), 1)
        )
        dates = {"date1904": "1"} if self._source.date1904() else {}
        protection = groups.get("workbookProtection")
        defined = "".join([*self._own_names(groups.get("definedNames")), *self._names])
        return part(
            "workbook",
            (
                tag("workbookPr", dates), "" if protection is None else written(protection),
                tag("bookViews", {}, tag("workbookView", {"activeTab": str(self._active(groups.get("bookViews")))})),
                tag("sheets", {}, sheets), tag("definedNames", {}, defined) if defined else "",
                tag("calcPr", {"calcId": "191029", "fullCalcOnLoad": "0"}),
            ),
        )  # fmt: skip

    def _active(self, views: Element | None) -> int:
        """The sheet that is shown first: the one that was, if it is still there."""
        before = next((view.get("activeTab", "0") for view in views), "0") if views is not None else "0"
        return next((place for place, sheet in enumerate(self._sheets) if str(sheet.place) == before), 0)

    def _own_names(self, defined: Element | None) -> Iterator[str]:
        """The workbook's own names of ranges that go back; how a sheet that was marked prints is said anew."""
        kept = {sheet.name for sheet in self._sheets}
        places = {str(sheet.place): place for place, sheet in enumerate(self._sheets)}
        for one in defined if defined is not None else ():
            name, text, local_id = one.get("name", ""), "".join(one.itertext()), one.get("localSheetId")
            if local_id is not None and local_id not in places:
                continue
            if name.startswith("_xlnm."):
                good = name in _PRINTED and is_printed(text, kept) and local_id not in self._set_up
            else:
                good = is_plain(text, kept)
            if good and one.get("hidden") not in ("1", "true"):
                yield _name(name, text, None if local_id is None else places[local_id])

    def _types(self) -> bytes:
        usual = "".join(f'<Default Extension="{key}" ContentType="{kind}"/>' for key, kind in self._endings.items())
        own = "".join(
            f'<Override PartName="/{name}" ContentType="{kind}"/>'
            for name in self.parts
            if (kind := _KINDS.get(_DIGITS.sub("", name)))
        )
        space = "http://schemas.openxmlformats.org/package/2006/content-types"
        return f'{HEAD}<Types xmlns="{space}">{usual}{own}</Types>'.encode()

    def _relate(self, name: str, targets: Sequence[Target], others: dict[str, str] | None = None) -> None:
        if not targets:
            return
        kinds = [(f"{OFFICE}/{kind}", target) for kind, target in targets] + list((others or {}).items())
        inner = "".join(
            f'<Relationship Id="r{number}" Type="{kind}" Target="/{target}"/>'
            for number, (kind, target) in enumerate(kinds, 1)
        )
        folder, _, file = name.rpartition("/")
        place = f"{folder}/_rels/{file}.rels" if name else "_rels/.rels"
        self.parts[place] = f'{HEAD}<Relationships xmlns="{RELATIONSHIPS}">{inner}</Relationships>'.encode()


def _rooted(root: Element) -> bytes:
    """A table's part: its element as the root."""
    inner = "".join(map(written, root))
    attributes = "".join(f' {key}="{as_attribute(value)}"' for key, value in root.items() if not key.startswith("{"))
    return part("table", inner).replace(b"<table", f"<table{attributes}".encode(), 1)


def _name(name: str, text: str, place: int | None) -> str:
    attributes = {"name": name} | ({} if place is None else {"localSheetId": str(place)})
    return tag("definedName", attributes, as_attribute(text))
