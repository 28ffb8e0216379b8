"""An institution's own workbook, marked: its parts as they are, coloured, commented, reasons beside the rows.

Only what is known goes back (`source_book`, `sheet_frame`, `drawing_parts`), under names of our own: no macro, no link,
no formula, no hidden sheet, nothing that tells of other people or of who wrote it. Rows without a mark stay as they
are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trainingcli.facts import RETURN_SHEET
from trainingcli.intake.formats.cell_styles import Styles
from trainingcli.intake.formats.laid_rows import BookLooks
from trainingcli.reports.returned import marks
from trainingcli.reports.returned.drawing_parts import DrawnParts
from trainingcli.reports.returned.look_table import LookTable
from trainingcli.reports.returned.losses import losses
from trainingcli.reports.returned.marked_sheet import MarkedSheet, SheetTask
from trainingcli.reports.returned.new_package import NewPackage
from trainingcli.reports.returned.ranges import is_plain
from trainingcli.reports.returned.return_task import RowFinding
from trainingcli.reports.returned.source_book import SourceBook, open_source
from trainingcli.reports.returned.strings_part import SharedStrings
from trainingcli.reports.returned.told_sheet import told_sheet
from trainingcli.reports.returned.written_cells import fingerprint_of
from trainingcli.reports.returned.xml_form import Unusual, parsed


class MarkedCopy(NamedTuple):
    """The parts of a workbook; `cells`: its fingerprint, empty where only reading it tells."""

    parts: dict[str, bytes]
    cells: str


def marked_copy(
    data: bytes,
    headers: Mapping[str, Sequence[int]],
    findings: Sequence[RowFinding],
    today: str,
    names: Mapping[str, int] | None = None,
) -> MarkedCopy | None:
    """Return the marked workbook; None where it cannot be kept, which others may still read.

    `headers`: each sheet that was read → its header rows, as the program shows them; `names`: → the names' column.
    """
    try:
        source = open_source(data, {RETURN_SHEET.zh, RETURN_SHEET.en} - set(headers))
        return _marked(source, headers, findings, today, names or {})
    except (Unusual, ValueError, LookupError, RecursionError):  # the file is not at fault: others may read it
        return None


def _marked(
    source: SourceBook,
    headers: Mapping[str, Sequence[int]],
    findings: Sequence[RowFinding],
    today: str,
    names: Mapping[str, int],
) -> MarkedCopy:
    kept = {sheet.name for sheet in source.sheets}
    if not set(headers) <= kept:
        raise Unusual
    beside = source.beside
    looks = LookTable(parsed(source.read(beside["styles"])) if "styles" in beside else None)
    strings = SharedStrings(source.read(beside["sharedStrings"]) if "sharedStrings" in beside else b"")
    new, drawn, shown = NewPackage(source), DrawnParts(), set[int]()
    read = {sheet.part: source.read(sheet.part) for sheet in source.sheets}
    by_sheet: dict[str, list[RowFinding]] = {}
    for finding in findings:
        by_sheet.setdefault(finding.sheet, []).append(finding)
    for sheet in source.sheets:
        task = SheetTask(tuple(headers.get(sheet.name, ())), by_sheet.get(sheet.name, ()), names.get(sheet.name, 0))
        marked = MarkedSheet(source, sheet, read[sheet.part], kept, looks, strings)
        marked.mark(task)
        marked.draw(drawn, lambda text: is_plain(text, kept))
        shown |= marked.rows.strings()
        new.add_sheet(sheet, marked)
    new.add_drawn(drawn)
    new.parts["xl/sharedStrings.xml"] = strings.part(shown)
    if beside.get("theme", "").endswith(".xml"):  # whose declarations the gate has looked at
        new.parts["xl/theme/theme1.xml"] = source.read(beside["theme"])
    said = losses(source.names(), lambda name: read.get(name) or source.read(name), source.hidden, new.parts)
    told = marks.instructions(findings, said)
    new.add_told(told_sheet(told, findings, looks))
    new.parts["xl/styles.xml"] = looks.part()
    parts = new.finished(today)
    days = Styles(looks.codes()).days(date1904=source.date1904())
    try:
        return MarkedCopy(parts, fingerprint_of(new.sheets(), told, BookLooks(strings.texts(shown), *days)))
    except Unusual:
        return MarkedCopy(parts, "")
