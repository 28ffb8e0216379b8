"""One sheet of a return: which cells are coloured and commented, what stands beside which row, how it prints."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from trainingcli.intake.formats.grid import letter
from trainingcli.reports.returned import marks
from trainingcli.reports.returned.drawing_parts import DrawnParts
from trainingcli.reports.returned.look_table import LookTable
from trainingcli.reports.returned.note_parts import Note, notes_of, place_of
from trainingcli.reports.returned.paper import Paper, paper_for
from trainingcli.reports.returned.return_task import RowFinding
from trainingcli.reports.returned.sheet_frame import SheetFrame
from trainingcli.reports.returned.sheet_rows import RowChange, SheetRows, parted
from trainingcli.reports.returned.source_book import SourceBook, SourceSheet
from trainingcli.reports.returned.strings_part import SharedStrings
from trainingcli.reports.returned.xml_form import as_attribute, parsed

_LAST_COLUMN = 16_384
_LINE_HEIGHT = 14.5  # points
_HIGHEST = 400.0
_ROOM = 1000  # rows below the last that holds a value: what stands farther down is there by mistake
_HEADING_FONT = '<b/><color rgb="FFC00000"/>'
Place = tuple[int, int]  # row, column, from 1
Said = tuple[tuple[str, str, str], ...]  # of some findings, what is said of them: severity, message, remedy


@dataclass(frozen=True)
class SheetTask:
    """What is to be marked: the header rows (none: the sheet was not read), the findings, the names' column."""

    headers: tuple[int, ...]
    findings: Sequence[RowFinding]
    names: int


class MarkedSheet:
    """A visible sheet on its way back: `frame`, `rows` and `notes` are what it is by now."""

    def __init__(
        self,
        source: SourceBook,
        sheet: SourceSheet,
        data: bytes,
        kept: Collection[str],
        looks: LookTable,
        strings: SharedStrings,
    ) -> None:
        root, rows = parted(data)
        self.frame, self.rows = SheetFrame.of(root, kept), SheetRows(rows)
        last = self.rows.last_filled()
        self.rows.cut(last + _ROOM)
        self.frame.cut_merges(last)
        self.paper: Paper | None = None
        self.repeated_row = 0
        self.drawing = ""
        self._source, self._looks, self._strings = source, looks, strings
        self.related = source.related(sheet.part)
        self.notes: dict[str, Note] = {}
        for part, kind in self.related.values():
            if kind == "comments" and part in source.package:
                self.notes |= notes_of(parsed(source.read(part)))
        self._changes: defaultdict[int, RowChange] = defaultdict(RowChange)

    # --- marks

    def mark(self, task: SheetTask) -> None:
        """Mark the sheet, and set it up for its paper; one that was not read stays as it is."""
        if not task.headers:
            return
        first = min(task.headers)
        filled = self.rows.filled_columns(first)
        column = self._earlier_column(task.headers)
        if column:
            self.rows.clear_column(column, first)
        else:
            column = self._free_column(first, filled)
        last = max(filled | self.rows.filled_columns(1, first) | {column})
        self._clear_notes(first)
        for row in task.headers:
            self._put_beside(row, column, str(marks.REASON_HEADING), _HEADING_FONT)
        self._mark_rows(_by_row(task.findings), column)
        self._mark_cells(self._by_cell(task, column))
        self.rows.change(self._changes)
        self._print_set_up(task, column, last)

    def _mark_rows(self, findings: Mapping[int, Sequence[RowFinding]], column: int) -> None:
        """Put the reasons beside their rows; most rows are wrong as others are."""
        said: dict[Said, tuple[str, float]] = {}
        for row, mine in findings.items():
            what = _said(mine)
            if what not in said:
                text = marks.row_text(mine)
                said[what] = as_attribute(text), _height(text)
            text, self._changes[row].height = said[what]
            self._put_beside(row, column, text)

    def _mark_cells(self, findings: Mapping[Place, Sequence[RowFinding]]) -> None:
        """Colour the cells, and note at each what is wrong with it."""
        noted: dict[tuple[str, Said], str] = {}
        for (row, place), mine in findings.items():
            change = self._changes[row]
            colour = marks.colour(marks.worst(mine))
            if place in change.texts:
                text, style = change.texts[place]
                change.texts[place] = text, self._looks.filled(style, colour)
            else:
                style = change.styles[place] if place in change.styles else self.rows.style(row, place)
                change.styles[place] = self._looks.filled(style, colour)
            reference = f"{letter(place - 1)}{row}"
            before = self.notes[reference].text if reference in self.notes else ""
            asked = before, _said(mine)
            if asked not in noted:
                noted[asked] = marks.comment_text(mine, before)
            self.notes[reference] = Note(marks.AUTHOR, noted[asked])

    def _put_beside(self, row: int, column: int, text: str, font: str = "") -> None:
        """Put a text, as XML, at the right of a row, with the look of the row's last cell."""
        style = self._looks.beside(self.rows.style(row, max(column - 1, 1)), font)
        self._changes[row].texts[column] = text, style

    def _earlier_column(self, headers: Sequence[int]) -> int:
        """Return the column of an earlier return's reasons, 0 where there is none."""
        headings = (marks.REASON_HEADING.zh, marks.REASON_HEADING.en)
        for row in headers:
            for column, cell in self.rows.cells(row).items():
                if self._strings.shown(cell) in headings:
                    return column
        return 0

    def _free_column(self, first: int, filled: set[int]) -> int:
        """Return the first column to the right of the table.

        A title above the table may reach farther; merged to the sheet's last column it leaves no room beside it.
        """
        merged = (right for _, _, bottom, right in self.frame.merges() if bottom >= first and right < _LAST_COLUMN)
        return min(max((*filled, *merged), default=0) + 1, _LAST_COLUMN)

    def _clear_notes(self, first: int) -> None:
        """Take off what an earlier return marked: what is still wrong is marked anew."""
        for reference, note in list(self.notes.items()):
            row, column = place_of(reference)
            if note.author != marks.AUTHOR or row < first:
                continue
            self._changes[row].styles[column] = self._looks.filled(self.rows.style(row, column), "")
            own = marks.without_ours(note.text)
            if own:
                self.notes[reference] = Note("", own)
            else:
                del self.notes[reference]

    def _by_cell(self, task: SheetTask, column: int) -> dict[Place, list[RowFinding]]:
        """The findings by the cell that shows them: of a merged range its first."""
        found: dict[Place, list[RowFinding]] = {}
        headers = sorted(task.headers)
        owner = _owners(self.frame.merges(), sorted({one.row for one in task.findings} | set(headers)))
        for finding in task.findings:
            # Where the column is not there it is the heading row that is wrong.
            above = headers[max(bisect_left(headers, finding.row) - 1, 0)]
            place = (above, column) if finding.cell is None else place_of(finding.cell)
            found.setdefault(owner(place), []).append(finding)
        return found

    # --- paper

    def _print_set_up(self, task: SheetTask, column: int, last: int) -> None:
        """A4 landscape, as wide as the page, reasons and all; dates wide enough to be read."""
        frame = self.frame
        frame.set_width(column, marks.REASON_WIDTH)
        frame.widen_dates(self.rows.styled_columns(self._looks.dated()))
        widths = {at: frame.width(at) for at in range(1, last + 1) if not frame.is_hidden(at)}
        names = [widths.get(at, 0.0) for at in range(1, task.names + 1)]
        self.paper = paper_for(sum(widths.values()), min(self._looks.smallest_font(), 10), names)
        self.repeated_row = task.headers[0] if len(task.headers) == 1 else 0
        frame.print_on(self.paper)

    def draw(self, drawn: DrawnParts, inside: Callable[[str], bool]) -> None:
        """Take the sheet's drawing over, as far as it may go back."""
        for part, kind in self.related.values():
            if kind == "drawing" and part in self._source.package and not self.drawing:
                name = f"xl/drawings/drawing{len(drawn.relations) + 1}.xml"
                self.drawing = name if drawn.add(self._source, part, name, inside) else ""


def _said(findings: Sequence[RowFinding]) -> Said:
    return tuple((one.severity, one.message, one.remedy) for one in findings)


def _by_row(findings: Sequence[RowFinding]) -> dict[int, list[RowFinding]]:
    found: dict[int, list[RowFinding]] = {}
    for finding in findings:
        found.setdefault(finding.row, []).append(finding)
    return found


def _owners(merges: Sequence[tuple[int, int, int, int]], rows: Sequence[int]) -> Callable[[Place], Place]:
    """Return what gives, of a cell in these rows, the cell that shows its value."""
    by_row: dict[int, list[tuple[int, int, int]]] = {}
    for top, left, bottom, right in merges:
        for row in rows[bisect_left(rows, top) : bisect_left(rows, bottom + 1)]:
            by_row.setdefault(row, []).append((left, right, top))

    def owner(place: Place) -> Place:
        row, column = place
        inside = (one for one in by_row.get(row, ()) if one[0] <= column <= one[1])
        return next(((top, left) for left, _, top in inside), place)

    return owner


def _height(text: str) -> float:
    """Return the height that a row's reasons need; some programs do not work that out. 0: no more than any row."""
    lines = -(-sum(1 + (character > "\u00ff") for character in text) // (marks.REASON_WIDTH - 2))
    return min(_LINE_HEIGHT * lines + 2, _HIGHEST) if lines > 1 else 0.0
