"""What an OpenDocument's styles say of its cells: struck through, a date without its day, a unit."""

from __future__ import annotations

from trainingcli.intake.formats.cell_kinds import Mark
from trainingcli.intake.formats.cell_styles import unit_of

_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_NUMBER = "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0 "
_DATE, _FIGURES = _NUMBER + "date-style", (_NUMBER + "number-style", _NUMBER + "currency-style")


class OdsStyles:
    """Takes the elements of a document; `marks`: a cell's or a span's style → `Mark`."""

    def __init__(self) -> None:
        self.marks: dict[str, int] = {}
        self._formats: dict[str, int] = {}
        self._format: str | None = None
        self._style = ""
        self._texts: list[str] = []
        self._plain = True  # neither a day nor a factor that shifts the point was seen

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if tag == _DATE or tag in _FIGURES:
            self._format, self._texts, self._plain = attributes.get(_STYLE + "name", ""), [], True
        elif tag == _NUMBER + "day" or _NUMBER + "display-factor" in attributes:
            self._plain = False
        elif tag == _STYLE + "style":
            self._style = attributes.get(_STYLE + "name", "")
            self._add(self._formats.get(attributes.get(_STYLE + "data-style-name", ""), 0))
        elif tag == _STYLE + "text-properties":
            lines = (attributes.get(f"{_STYLE}text-line-through-{what}", "none") for what in ("style", "type"))
            self._add(Mark.STRUCK if any(line != "none" for line in lines) else 0)

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

    def _add(self, mark: int) -> None:
        if mark:
            self.marks[self._style] = self.marks.get(self._style, 0) | mark
