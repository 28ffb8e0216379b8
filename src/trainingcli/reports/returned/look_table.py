"""The looks of a workbook's cells (its styles part), and those that marking adds, each once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from trainingcli.intake.formats.cell_styles import format_code, is_date_code
from trainingcli.reports.returned.xml_form import local, part, tag, written

_PARTS = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
)  # fmt: skip
_FONT = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip
_OWN_FONT = ("sz", "name", "family", "charset")
_ELEMENT, _NAME = re.compile(r"<[^<>]+/>"), re.compile(r"^<(\w+)")
_TEXT_FORMAT = "49"
_TOP = '<alignment vertical="top" wrapText="1"/>'
_LEAST: Mapping[str, tuple[str, ...]] = {
    "fonts": ('<font><sz val="11"/><name val="Calibri"/></font>',),
    "fills": ('<fill><patternFill patternType="none"/></fill>', '<fill><patternFill patternType="gray125"/></fill>'),
    "borders": ("<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellStyleXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
    "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
}


class LookTable:
    """Looks by their number, as cells name them. A number that the workbook does not have is its first look."""

    def __init__(self, root: Element | None) -> None:
        groups = {local(group): group for group in root if local(group)} if root is not None else {}
        self._root = groups
        for font in groups.get("fonts", ()):  # as the format asks for; spreadsheet programs take any order
            font[:] = sorted((one for one in font if local(one) in _FONT), key=lambda one: _FONT.index(local(one)))
        self._written = {
            name: [written(one) for one in groups.get(name, ())] or list(least) for name, least in _LEAST.items()
        }
        self._xfs = [(dict(xf.attrib), "".join(map(written, xf))) for xf in groups.get("cellXfs", ())]
        self._xfs = self._xfs or [({"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0", "xfId": "0"}, "")]
        self._made: dict[tuple[str | int, ...], int] = {}  # an entry, or what was asked for → its number

    def smallest_font(self) -> float:
        """Return the size of the smallest font, in points."""
        sizes = [one.get("val", "") for font in self._root.get("fonts", ()) for one in font if local(one) == "sz"]
        return min((float(size) for size in sizes if size.replace(".", "", 1).isdecimal() and float(size)), default=11)

    def dated(self) -> set[int]:
        """Return the looks that show a number as a date."""
        return {place for place, code in enumerate(self.codes()) if is_date_code(code)}

    def codes(self) -> list[str]:
        """Return the looks' number formats."""
        codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in self._root.get("numFmts", ())}
        written = {int(number): code for number, code in codes.items() if number.isdecimal()}
        numbers = (attributes.get("numFmtId", "0") for attributes, _ in self._xfs)
        return [format_code(int(number), written) if number.isdecimal() else "" for number in numbers]

    def filled(self, base: int, colour: str) -> int:
        """Return the look with this colour behind it; "" for none."""
        asked = base, "filled", colour
        if asked not in self._made:
            inner = f'<patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill>'
            fill = self._put("fills", tag("fill", {}, inner)) if colour else 0
            self._made[asked] = self._look(base, {"fillId": str(fill), "applyFill": "1"})
        return self._made[asked]

    def beside(self, base: int, font: str = "") -> int:
        """Return the look as running text without a colour behind it; `font`: what its font has beside, as XML."""
        asked = base, "beside", font
        if asked not in self._made:
            given = {"fillId": "0", "numFmtId": _TEXT_FORMAT, "applyNumberFormat": "1", "applyAlignment": "1"}
            self._made[asked] = self._look(base, given | self._font(font), _TOP)
        return self._made[asked]

    def told(self, font: str = "") -> int:
        """Return the look of running text on a sheet of ours."""
        return self.beside(0, font)

    def _font(self, beside: str) -> dict[str, str]:
        """Return what names a font: the workbook's first with this beside."""
        if not beside:
            return {}
        first = next(iter(self._root.get("fonts", ())), None)
        kept = [written(one) for one in first if local(one) in _OWN_FONT] if first is not None else []
        said = sorted((*_ELEMENT.findall(beside), *kept), key=lambda one: _FONT.index(_NAME.findall(one)[0]))
        number = self._put("fonts", tag("font", {}, "".join(said)))
        return {"fontId": str(number), "applyFont": "1"}

    def _put(self, name: str, text: str) -> int:
        group = self._written[name]
        if (name, text) not in self._made:
            self._made[name, text] = len(group)
            group.append(text)
        return self._made[name, text]

    def _look(self, base: int, given: dict[str, str], alignment: str = "") -> int:
        attributes, inner = self._xfs[base if base < len(self._xfs) else 0]
        look = attributes | given, alignment or inner
        number = self._put("cellXfs", tag("xf", *look))
        if number == len(self._xfs):
            self._xfs.append(look)
        return number

    def part(self) -> bytes:
        """Return the styles part."""
        return part("styleSheet", self._groups())

    def _groups(self) -> Iterator[str]:
        for name in _PARTS:
            if name in self._written:
                yield tag(name, {"count": str(len(self._written[name]))}, "".join(self._written[name]))
            elif name in self._root and (name != "numFmts" or len(self._root[name])):
                yield written(self._root[name])
