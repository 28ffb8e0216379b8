"""The sheet of what to do, as a worksheet part."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from trainingcli.intake.formats.grid import letter
from trainingcli.reports.returned import marks
from trainingcli.reports.returned.look_table import LookTable
from trainingcli.reports.returned.paper import paper_for
from trainingcli.reports.returned.ranges import quoted
from trainingcli.reports.returned.return_task import RowFinding
from trainingcli.reports.returned.sheet_frame import new_frame
from trainingcli.reports.returned.sheet_rows import text_cell
from trainingcli.reports.returned.xml_form import as_attribute

_LINK = '<u/><color rgb="FF0563C1"/>'


def told_sheet(rows: Sequence[Sequence[str]], findings: Sequence[RowFinding], looks: LookTable) -> bytes:
    """Return the part: the steps, what was not kept, a row a finding that leads to its cell (`marks.instructions`)."""
    first = len(rows) - len(findings)
    head, told, link = looks.told("<b/>"), looks.told(), looks.told(_LINK)
    frame = new_frame(marks.INSTRUCTION_WIDTHS)
    shown = cache(as_attribute)  # most of it is said of many rows
    written = []
    for number, texts in enumerate(rows, start=1):
        usual = head if number in (1, first) else told
        cells = (
            text_cell(f"{column}{number}", shown(text), link if number > first and column == "B" else usual)
            for column, text in zip("ABCDE", texts, strict=False)
        )
        written.append(f'<row r="{number}">{"".join(cells)}</row>')
    last = letter(len(marks.INSTRUCTION_WIDTHS) - 1)
    frame.merge(f"A{number}:{last}{number}" for number, texts in enumerate(rows, start=1) if len(texts) == 1)
    sheet = cache(lambda name: as_attribute(quoted(name)))
    frame.hyperlinks = "".join(
        f'<hyperlink ref="B{number}" location="{sheet(one.sheet)}!{one.cell or f"A{one.row}"}"/>'
        for number, one in enumerate(findings, start=first + 1)
    )
    frame.print_on(paper_for(sum(marks.INSTRUCTION_WIDTHS)))
    return frame.part("".join(written).encode())
