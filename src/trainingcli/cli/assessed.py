"""The result of commands that settle rosters: what is said, and the document and screen of an assessment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trainingcli.errors import Exit
from trainingcli.language import Text
from trainingcli.result import Message, Result, worst

if TYPE_CHECKING:
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.settle.assessment import Assessment


def result_of(assessment: Assessment, *, unmask: bool, fail_on: Sequence[str] = ()) -> Result:
    """Return the result of `claims` and `ledger import`."""
    from trainingcli.reports.data import claims_json
    from trainingcli.reports.screen.claims_screen import next_step, screen

    batch = assessment.batch
    return Result(
        claims_json.SCHEMA,
        claims_json.LINES,
        claims_json.EncodedLines(assessment, unmask=unmask),
        claims_json.facts(assessment),
        lambda room: screen(assessment),
        list(messages(assessment)),
        next_step(assessment),
        worst(input_code(assessment.inputs), found_code(assessment, fail_on)),
        None if batch is None or batch.already_posted else batch.id,
    )


def input_code(inputs: Sequence[InputFile]) -> Exit:
    """Exit code of what was read: 3 where an input could not be read, or no sheet of it has a header, or none came."""
    return Exit.INPUT if not inputs or any(item.failure is not None for item in inputs) else Exit.OK


def found_code(assessment: Assessment, fail_on: Sequence[str]) -> Exit:
    """Exit code of `--fail-on`."""
    return Exit.FOUND if fail_on and assessment.lines["status"].isin(list(fail_on)).any() else Exit.OK


def messages(assessment: Assessment) -> Iterator[Message]:
    """Say what could not be read, and what a reader of the result should know."""
    if not assessment.inputs:
        yield Message(
            Text(
                "没有读到任何文件：文件夹里没有花名册；请核对路径",
                "nothing was read: no roster is in the folder; check the path",
            ),
            is_error=True,
        )
    for item in assessment.inputs:
        yield from _of_input(item)
    if assessment.stale:
        count, first = len(assessment.stale), assessment.stale[0]
        yield Message(
            Text(
                f"输出文件夹里还有以前写出的工作簿 {count} 个，不是本次结果（{first} 等）；可用 --clean 删除。",
                f"{count} workbooks of earlier runs are in the output folder ({first}, …); --clean removes them.",
            )
        )
    for text in assessment.warnings:
        yield Message(text)
    batch = assessment.batch
    if batch is not None and batch.already_posted:
        yield Message(
            Text(
                f"这些花名册已在批次 {batch.id} 入账，本次没有新增。",
                f"batch {batch.id} posted these rosters already; nothing new was posted.",
            )
        )


def _of_input(item: InputFile) -> Iterator[Message]:
    if item.failure is not None:
        yield Message(item.failure, f"{item.file}: ", is_error=True)
    for warning in item.warnings:
        yield Message(warning, f"{item.file}: ")
    for sheet, why in item.not_read:
        place = Text(f"{item.file}：工作表“{sheet}”", f"{item.file}: sheet '{sheet}' ")
        yield Message(Text(f"未读取：{why.zh}", f"not read: {why.en}"), str(place))
