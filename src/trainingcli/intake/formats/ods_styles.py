"""What an OpenDocument's styles say of its cells: struck through, a date without its day, a unit."""

from __future__ import annotations

from dataclasses import dataclass

from trainingcli.intake.formats.cell_kinds import Mark
from trainingcli.intake.formats.cell_styles import unit_of

_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_NUMBER = "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0 "
_DATE, _FIGURES = _NUMBER + "date-style", (_NUMBER + "number-style", _NUMBER + "currency-style")


_FAMILIES = ("table-cell", "text", None)


@dataclass
class _Style:
    """What a style says itself; None: what its parent says."""

    parent: str = ""
    format: str | None = None
    struck: bool | None = None


class OdsStyles:
    """Takes the elements of a document: its named styles, then those of its contents, which build on them."""

    def __init__(self) -> None:
        self._styles: dict[str, _Style] = {}
        self._formats: dict[str, int] = {}
        self._format: str | None = None
        self._style = _Style()
        self._texts: list[str] = []
        self._plain = True  # neither a day nor a factor that shifts the point was seen
        self._marks: dict[str, int] = {}

    def mark(self, name: str) -> int:
        """Return the `Mark` of a cell's or a span's style; its parents' where it says nothing itself."""
        if name not in self._marks:
            style, seen = self._styles.get(name), {name}
            code, struck = None, None
            while style is not None:
                code = style.format if code is None else code
                struck = style.struck if struck is None else struck
                parent = "" if style.parent in seen else style.parent
                seen.add(parent)
                style = self._styles.get(parent)
            self._marks[name] = self._formats.get(code or "", 0) | (int(Mark.STRUCK) if struck else 0)
        return self._marks[name]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if tag == _DATE or tag in _FIGURES:
            self._format, self._texts, self._plain = attributes.get(_STYLE + "name", ""), [], True
        elif tag == _NUMBER + "day" or _NUMBER + "display-factor" in attributes:
            self._plain = False
        elif tag == _STYLE + "style":
            self._style = _Style(
                attributes.get(_STYLE + "parent-style-name", ""), attributes.get(_STYLE + "data-style-name")
            )
            if attributes.get(_STYLE + "family") in _FAMILIES:
                self._styles[attributes.get(_STYLE + "name", "")] = self._style
        elif tag == _STYLE + "text-properties":
            lines = [attributes.get(f"{_STYLE}text-line-through-{what}") for what in ("style", "type")]
            if any(line is not None for line in lines):
                self._style.struck = any(line not in (None, "none") for line in lines)

    def text(self, data: str) -> None:
        """Take a number format's literal text."""
        if self._format is not None:
            self._texts.append(data)

    def end(self, tag: str) -> None:
        """End an element."""
        if self._format is None or not (tag == _DATE or tag in _FIGURES):
            return
        if self._plain:
            self._formats[self._format] = int(Mark.NO_DAY) if tag == _DATE else unit_of("".join(self._texts))
        self._format = None
