"""What an OpenDocument's styles say of its cells: struck through, a date without its day, a unit."""

from __future__ import annotations

from dataclasses import dataclass, field

from trainingcli.intake.formats.cell_kinds import Mark
from trainingcli.intake.formats.cell_styles import above_zero, joint, unit_of

_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_NUMBER = "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0 "
_DATES = (_NUMBER + "date-style", _NUMBER + "time-style")
_FORMATS = (*_DATES, *(f"{_NUMBER}{kind}-style" for kind in ("number", "currency", "percentage", "boolean", "text")))
_NO_AMOUNT = (_NUMBER + "percentage-style", _NUMBER + "boolean-style")
_FAMILIES = ("table-cell", "text", None)


@dataclass
class _Style:
    """What a style says itself; None: what its parent says."""

    parent: str = ""
    format: str | None = None
    struck: bool | None = None


@dataclass
class _Format:
    """What a number format says itself (None: it shifts the point), and the formats in its place, by condition."""

    mark: int | None = 0
    maps: list[tuple[str, str]] = field(default_factory=list)


class OdsStyles:
    """Takes the elements of a document: its named styles, then those of its contents, which build on them."""

    def __init__(self) -> None:
        self._styles: dict[str, _Style] = {}
        self._formats: dict[str, _Format] = {}
        self._format: _Format | None = None
        self._style = _Style()
        self._texts: list[str] = []
        self._day = self._shifts = False  # a day, a factor that shifts the point was seen in the format
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
            self._marks[name] = self._of_format(code or "") | (int(Mark.STRUCK) if struck else 0)
        return self._marks[name]

    def _of_format(self, name: str) -> int:
        """Return what is said of a number above 0."""
        own = self._formats.get(name, _Format())
        others = [(condition, self._formats.get(other, _Format()).mark) for condition, other in own.maps]
        return joint(above_zero([*others, ("", own.mark)]))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if tag in _FORMATS:
            self._format, self._texts, self._day, self._shifts = _Format(), [], False, False
            self._formats[attributes.get(_STYLE + "name", "")] = self._format
        elif tag == _STYLE + "map" and self._format is not None:
            condition, other = attributes.get(_STYLE + "condition", ""), attributes.get(_STYLE + "apply-style-name", "")
            self._format.maps.append((condition, other))
        elif tag == _NUMBER + "day":
            self._day = True
        elif _NUMBER + "display-factor" in attributes:
            self._shifts = True
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
        if self._format is None or tag not in _FORMATS:
            return
        if tag in _NO_AMOUNT:
            self._format.mark = int(Mark.UNIT_OTHER)
        elif tag in _DATES:
            self._format.mark = 0 if self._day else int(Mark.NO_DAY)
        else:
            self._format.mark = None if self._shifts else unit_of("".join(self._texts))
        self._format = None
