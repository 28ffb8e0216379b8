"""The sheet of what to do, as a worksheet part."""

from __future__ import annotations

from collections.abc import Sequence

from trainingcli.intake.formats.grid import letter
from trainingcli.reports.returned import marks
from trainingcli.reports.returned.look_table import LookTable
from trainingcli.reports.returned.paper import paper_for
from trainingcli.reports.returned.ranges import quoted
from trainingcli.reports.returned.return_task import RowFinding
from trainingcli.reports.returned.sheet_frame import new_frame
from trainingcli.reports.returned.sheet_rows import text_cell
from trainingcli.reports.returned.xml_form import tag

_LINK = '<u/><color rgb="FF0563C1"/>'


def told_sheet(findings: Sequence[RowFinding], notes: Sequence[str], looks: LookTable) -> bytes:
    """Return the part: the steps, what was not kept, a row a finding that leads to its cell."""
    rows = marks.instructions(findings, notes)
    first = len(rows) - len(findings)
    head, told, link = looks.told("<b/>"), looks.told(), looks.told(_LINK)
    frame = new_frame(marks.INSTRUCTION_WIDTHS)
    written = []
    for number, texts in enumerate(rows, start=1):
        usual = head if number in (1, first) else told
        cells = (
            text_cell(f"{letter(column)}{number}", marks.clean(text), link if number > first and column == 1 else usual)
            for column, text in enumerate(texts)
        )
        written.append(tag("row", {"r": str(number)}, "".join(cells)))
    last = letter(len(marks.INSTRUCTION_WIDTHS) - 1)
    frame.merge(f"A{number}:{last}{number}" for number, texts in enumerate(rows, start=1) if len(texts) == 1)
    frame.hyperlinks = "".join(
        tag("hyperlink", {"ref": f"B{number}", "location": f"{quoted(one.sheet)}!{one.cell or f'A{one.row}'}"})
        for number, one in enumerate(findings, start=first + 1)
    )
    frame.print_on(paper_for(sum(marks.INSTRUCTION_WIDTHS)))
    return frame.part("".join(written).encode())
