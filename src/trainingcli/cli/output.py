"""Print an assessment: the one place where a result meets the standard streams."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainingcli.cli.options import Format
from trainingcli.errors import OutputError
from trainingcli.language import Text, tr

if TYPE_CHECKING:
    from trainingcli.settle.assessment import Assessment


def chosen(format_: Format | None) -> Format:
    """Return the format asked for; a table on a terminal, json elsewhere."""
    return format_ or (Format.table if sys.stdout.isatty() else Format.json)


def print_assessment(assessment: Assessment, format_: Format | None, *, unmask: bool) -> None:
    """Print the result in the format asked for. Raises `OutputError` where standard output takes no more."""
    try:
        _print(assessment, chosen(format_), unmask=unmask)
        sys.stdout.flush()
    except BrokenPipeError:  # a reader that had enough is no failure
        raise
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise OutputError(_unprinted(assessment, why)) from None


def _unprinted(assessment: Assessment, why: str) -> Text:
    if assessment.batch is None:
        return Text(
            f"结果无法写到标准输出：{why}；没有入账", f"the result cannot be printed: {why}; nothing was posted"
        )
    number = assessment.batch.id
    return Text(
        f"结果无法写到标准输出：{why}；已入账为批次 {number}，可用 ledger show {number} 查看",
        f"the result cannot be printed: {why}; it is posted as batch {number}, see ledger show {number}",
    )


def _print(assessment: Assessment, form: Format, *, unmask: bool) -> None:
    if form is Format.table:
        from rich.console import Console

        from trainingcli.reports.screen.claims_table import summary_table

        summary_table(assessment, Console(highlight=False), unmask=unmask)
        return
    from trainingcli.reports.data import claims_json as json_lines

    pieces: Iterator[str] = {
        Format.json: json_lines.claims_document,
        Format.ndjson: json_lines.ndjson,
        Format.csv: json_lines.csv,
    }[form](assessment, unmask=unmask)
    for piece in pieces:
        sys.stdout.write(piece)


def tell(result: Assessment, quiet: bool) -> None:
    """Say on standard error what could not be read, and what a reader of the result should know."""
    from trainingcli.cli import session
    from trainingcli.cli.failure import say_error

    for item in result.inputs:
        if item.error is not None:
            say_error(str(item.error), f"{item.file}: ")
        for warning in item.warnings:
            session.note(quiet, str(warning), f"{item.file}: ")
        for sheet, why in item.not_read:
            place = tr(f"{item.file}：工作表“{sheet}”", f"{item.file}: sheet '{sheet}' ")
            session.note(quiet, tr(f"未读取：{why}", f"not read: {why}"), place)
    if result.batch is not None and result.batch.already_posted:
        session.note(
            quiet,
            tr(
                f"这些花名册已在批次 {result.batch.id} 入账，本次没有新增。",
                f"batch {result.batch.id} posted these rosters already; nothing new was posted.",
            ),
        )
