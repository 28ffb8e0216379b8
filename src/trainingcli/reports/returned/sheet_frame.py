"""What stands around a sheet's rows: what of it goes back, how wide its columns are, how it prints."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from trainingcli.intake.formats.grid import letter
from trainingcli.intake.formats.strange_cells import column_of
from trainingcli.reports.returned.paper import Paper
from trainingcli.reports.returned.ranges import stays_inside
from trainingcli.reports.returned.xml_form import MAIN, local, part, tag, written

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "protectedRanges",
    "autoFilter", "sortState", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "ignoredErrors", "drawing", "legacyDrawing",
    "tableParts",
)  # fmt: skip
_KEPT = frozenset(_ORDER) - {"dimension", "sheetData", "hyperlinks", "drawing", "legacyDrawing", "tableParts"}
_WIDTH, _DATE_WIDTH = 8.43, 11.5  # of a column that says none; that a date needs
_TRUE = ("1", "true")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
Range = tuple[int, int, int, int]  # top, left, bottom, right, from 1


@dataclass
class SheetFrame:
    """A worksheet part without its rows. `links`: relation ids of a drawing, the comments' boxes, tables."""

    children: dict[str, list[Element]]
    links: dict[str, str] = field(default_factory=dict)
    hyperlinks: str = ""

    @classmethod
    def of(cls, root: Element, sheets: Collection[str]) -> SheetFrame:
        """Take what may go back of a sheet; `sheets`: the names of those that do."""
        children: dict[str, list[Element]] = {}
        for child in root:
            if local(child) in _KEPT:
                children.setdefault(local(child), []).append(child)
        frame = cls(children)
        frame._take_off(sheets)
        return frame

    def _take_off(self, sheets: Collection[str]) -> None:
        for name, formulas in (("dataValidations", ("formula1", "formula2")), ("conditionalFormatting", ("formula",))):
            for group in self.children.get(name, ()):
                for rule in list(group):
                    texts = ["".join(one.itertext()) for one in rule.iter() if local(one) in formulas]
                    if not all(stays_inside(text, sheets) for text in texts):
                        group.remove(rule)
                if "count" in group.attrib:
                    group.set("count", str(len(group)))
            self.children[name] = [group for group in self.children.get(name, ()) if len(group)]
        for view in self._within("sheetViews"):
            view.attrib.pop("tabSelected", None)
        for one in self.children.get("sheetPr", ()):
            one.attrib.pop("codeName", None)
        for one in self._within("protectedRanges"):
            one.attrib.pop("securityDescriptor", None)
        for one in self.children.get("pageSetup", ()):
            for key in [key for key in one.attrib if key.endswith("}id")]:  # of a printer
                del one.attrib[key]

    def _within(self, name: str) -> list[Element]:
        return [one for group in self.children.get(name, ()) for one in group]

    def merges(self) -> list[Range]:
        """Return the merged ranges."""
        found = (_REFERENCE.fullmatch(one.get("ref", "")) for one in self._within("mergeCells"))
        return [
            (int(one[2]), column_of(one[1].upper()) + 1, int(one[4]), column_of(one[3].upper()) + 1)
            for one in found
            if one and one[3]
        ]

    def cut_merges(self, last: int) -> None:
        """Take off what is merged below the last filled row: nothing to keep, and a million cells to some readers."""
        kept = [(top, left, min(bottom, last), right) for top, left, bottom, right in self.merges() if top <= last]
        self.merge(
            f"{letter(left - 1)}{top}:{letter(right - 1)}{bottom}"
            for top, left, bottom, right in kept
            if (top, left) != (bottom, right)
        )

    def merge(self, ranges: Iterable[str]) -> None:
        """Merge these ranges, and no others."""
        group = Element(f"{{{MAIN}}}mergeCells")
        for reference in ranges:
            SubElement(group, f"{{{MAIN}}}mergeCell", {"ref": reference})
        self.children["mergeCells"] = [group] if len(group) else []

    # --- columns

    def width(self, column: int) -> float:
        """Return a column's width in digits."""
        widths = (one.get("width", "") for one in self._columns(column))
        return next((float(width) for width in widths if width.replace(".", "", 1).isdecimal()), 0.0) or _WIDTH

    def is_hidden(self, column: int) -> bool:
        """Tell whether a column is not seen."""
        return any(one.get("hidden") in _TRUE for one in self._columns(column))

    def _columns(self, column: int) -> list[Element]:
        return [one for one in self._within("cols") if _number(one, "min") <= column <= _number(one, "max")]

    def set_width(self, column: int, width: float) -> None:
        """Give a column its width; where several columns share an entry, it is parted around this one."""
        groups = self.children.setdefault("cols", [Element(f"{{{MAIN}}}cols")])
        entries = []
        for one in self._within("cols"):
            first, last = _number(one, "min"), _number(one, "max")
            for low, high in ((first, min(last, column - 1)), (max(first, column + 1), last)):
                if low <= high:
                    entries.append(one.attrib | {"min": str(low), "max": str(high)})
        entries.append(_column(column, width))
        del groups[1:]
        groups[0].clear()
        for entry in sorted(entries, key=lambda entry: int(entry["min"])):
            SubElement(groups[0], f"{{{MAIN}}}col", entry)

    def widen_dates(self, columns: Collection[int]) -> None:
        """See that dates can be read."""
        for column in columns:
            if self.width(column) < _DATE_WIDTH:
                self.set_width(column, _DATE_WIDTH)

    # --- paper

    def print_on(self, paper: Paper) -> None:
        """Set the sheet up for its paper, in place of what it said itself."""
        properties = self.children.setdefault("sheetPr", [Element(f"{{{MAIN}}}sheetPr")])[0]
        for one in [one for one in properties if local(one) == "pageSetUpPr"]:
            properties.remove(one)
        SubElement(properties, f"{{{MAIN}}}pageSetUpPr", {"fitToPage": "1"})
        margins = self.children.get("pageMargins") or [Element(f"{{{MAIN}}}pageMargins")]
        usual = {"left": "0.7", "right": "0.7", "top": "0.75", "bottom": "0.75", "header": "0.3", "footer": "0.3"}
        margins[0].attrib.update(usual | margins[0].attrib | {"left": paper.margin, "right": paper.margin})
        self.children["pageMargins"] = margins[:1]
        set_up = {"paperSize": "9", "orientation": "landscape", "fitToWidth": str(paper.across), "fitToHeight": "0"}
        self.children["pageSetup"] = [Element(f"{{{MAIN}}}pageSetup", set_up)]

    # --- the part

    def part(self, rows: bytes) -> bytes:
        """Return the worksheet part with these rows."""
        before, after = part("worksheet", (f"{text}" for text in self._pieces())).split(b"<sheetData/>")
        return before + b"<sheetData>" + rows + b"</sheetData>" + after

    def _pieces(self) -> Iterator[str]:
        for name in _ORDER:
            if name == "sheetData":
                yield "<sheetData/>"
            elif name == "hyperlinks" and self.hyperlinks:
                yield f"<hyperlinks>{self.hyperlinks}</hyperlinks>"
            elif name in self.links:
                yield tag(name, {"r:id": self.links[name]})
            elif name == "tableParts":
                tables = [number for key, number in self.links.items() if key.startswith("table:")]
                yield (
                    tag(name, {"count": str(len(tables))}, "".join(tag("tablePart", {"r:id": one}) for one in tables))
                    if tables
                    else ""
                )
            else:
                yield from map(written, self.children.get(name, ()))


def new_frame(widths: Sequence[float]) -> SheetFrame:
    """Return the frame of a sheet of ours; `widths`: of its columns, in digits."""
    columns = Element(f"{{{MAIN}}}cols")
    for column, width in enumerate(widths, 1):
        SubElement(columns, f"{{{MAIN}}}col", _column(column, width))
    return SheetFrame({"cols": [columns]})


def _column(column: int, width: float) -> dict[str, str]:
    return {"min": str(column), "max": str(column), "width": f"{width:g}", "customWidth": "1"}


def _number(element: Element, name: str) -> int:
    text = element.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0
