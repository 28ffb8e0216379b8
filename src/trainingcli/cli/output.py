"""Print an assessment: the one place where a result meets standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainingcli.cli.options import Format

if TYPE_CHECKING:
    from trainingcli.assessment import Assessment


def chosen(format_: Format | None) -> Format:
    """Return the format asked for; a table on a terminal, json elsewhere."""
    return format_ or (Format.table if sys.stdout.isatty() else Format.json)


def print_assessment(assessment: Assessment, format_: Format | None, *, unmask: bool) -> None:
    """Print the result in the format asked for."""
    form = chosen(format_)
    if form is Format.table:
        from rich.console import Console

        from trainingcli.reports.terminal import summary_table

        summary_table(assessment, Console(highlight=False))
        return
    from trainingcli.reports import json_lines

    pieces: Iterator[str] = {
        Format.json: json_lines.claims_document,
        Format.ndjson: json_lines.ndjson,
        Format.csv: json_lines.csv,
    }[form](assessment, unmask=unmask)
    for piece in pieces:
        sys.stdout.write(piece)
