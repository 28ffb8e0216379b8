"""Which workbooks a run writes and how they come to stand: planned, written under temporary names, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.compared import folded_name
from trainingcli.drafts import (
    cannot_write,
    draft_folder,
    drop_drafts,
    make_folder,
    make_own_folder,
    private_file,
    put_in_place,
)
from trainingcli.facts import RETURNS_FOLDER, BatchRef, Head
from trainingcli.flag_words import all_flag_words
from trainingcli.reports.data.text_columns import arrow_table
from trainingcli.reports.returned.return_task import ReturnTask
from trainingcli.reports.workbooks.claim_parts import ClaimTask
from trainingcli.reports.workbooks.claim_workbook import write_claim_workbook
from trainingcli.reports.workbooks.context import ProgrammeRef, context_of
from trainingcli.reports.workbooks.flags_page import FlagRow
from trainingcli.reports.workbooks.late_lines import late_lines
from trainingcli.reports.workbooks.names import file_names, return_names
from trainingcli.reports.workbooks.summary_workbook import SummaryTask, write_summary_workbook
from trainingcli.settle.assessment import Assessment
from trainingcli.stamp import refill

if TYPE_CHECKING:
    from trainingcli.reports.workbooks.award_workbook import AwardTask
    from trainingcli.reports.workbooks.comparison_page import RealnameComparison

# Names of files do not turn with the language: a batch is rebuilt under the names that it had.
NO_INSTITUTION, NO_HOST, _SUMMARY_NAME = "未注明机构", "未注明依托单位", "汇总"
Task: TypeAlias = "ClaimTask | AwardTask | SummaryTask | ReturnTask"


@dataclass(frozen=True)
class Output:
    """One workbook to write: its place, its temporary name beside it, and all that a worker needs to write it."""

    path: Path
    temporary: Path
    task: Task

    @property
    def rows(self) -> int:
        """Lines or findings to write: what writing it takes, roughly."""
        return len(self.task.findings) if isinstance(self.task, ReturnTask) else self.task.lines.num_rows


def plan_outputs(assessment: Assessment, out: Path) -> list[Output]:
    """Return a claim workbook for each institution (of awards: each payee), in the order of their first lines, and
    the summary, last.

    The folder is made if it is not there. Raises `OutputError` where it cannot be.
    """
    make_folder(out)
    context = context_of(assessment)
    lines, reasons = arrow_table(assessment.lines), arrow_table(assessment.reasons)
    awards = _awards(assessment) if "unit" in lines.column_names else None
    if awards is not None:
        from trainingcli.reports.workbooks.award_workbook import AwardTask

        lines = lines.append_column("id_number", pa.nulls(lines.num_rows, pa.string()))
        lines = lines.append_column("name", lines["unit"])
    belongs = _belongs(lines, ("institution", "employer") if awards is None else ("host",))
    lines = lines.append_column("belongs", belongs)
    names = pc.unique(belongs).to_pylist()
    files, compared = file_names(names, reserved=[_SUMMARY_NAME]), _comparisons(assessment)

    def claim(name: str, mine: pa.Table, found: pa.Table) -> Task:
        own = context.with_inputs(_inputs_of(mine))
        if awards is not None:
            return AwardTask(name, mine, found, own, awards)
        return ClaimTask(name, mine, found, own, compared(name))

    outputs = [
        _output(out, files[name], claim(name, mine, found)) for name, mine, found in _split(lines, reasons, names)
    ]
    summary: Task = (
        SummaryTask(lines, reasons, names, context, _flags(assessment), _links(assessment, out))
        if awards is None
        else AwardTask(None, lines, reasons, context, awards)
    )
    outputs.append(_output(out, _SUMMARY_NAME, summary))
    return outputs if assessment.batch is None else [_numbered(output, assessment.batch) for output in outputs]


def posted_outputs(outputs: Iterable[Output], batch: BatchRef, head: Head) -> list[Output]:
    """Return written outputs as the batch's that they have become: under its number, which they say, and the head.

    Raises `OutputError`. Returns go back to the institutions and say neither.
    """
    found, texts = [], late_lines(head, batch)
    for output in outputs:
        if not isinstance(output.task, ReturnTask):
            try:
                refill(output.temporary, texts)
            except OSError as error:
                raise cannot_write(output.path, error) from None
            output = _numbered(output, batch)
        found.append(output)
    return found


def _numbered(output: Output, batch: BatchRef) -> Output:
    """A second posting's workbooks stand beside the first's."""
    return replace(output, path=output.path.with_stem(f"{output.path.stem}-批次{batch.id}"))


def _flags(assessment: Assessment) -> list[FlagRow]:
    """Return the flags as the sheet shows them."""
    words = all_flag_words()
    return [
        FlagRow(
            flag["code"],
            words[flag["code"]].title,
            flag["clause"],
            flag["institution"],
            flag["class_no"],
            flag["message"],
            [(cell["file"], cell["sheet"], cell["cell"]) for cell in flag["cells"]],
        )
        for flag in assessment.evidence.get("flags") or ()
    ]


def _links(assessment: Assessment, out: Path) -> dict[str, str]:
    """Return, of the inputs that are files, each one's path from the folder of the workbooks."""
    found = {}
    for item in assessment.inputs:
        if item.file != "-":
            with contextlib.suppress(ValueError, OSError):  # another drive, or a name in bytes that are no UTF-8
                path = Path(os.path.relpath(item.path, out)).as_posix()
                path.encode()
                found[item.file] = path
    return found


def plan_returns(
    assessment: Assessment,
    out: Path,
    *,
    stdin: bytes | None = None,
    password: str | None = None,
    reduced: bool = False,
) -> list[Output]:
    """Return a return workbook for each input with something to mend, in a folder of their own inside `out`.

    `stdin`: the bytes of the input `-`. The names keep the original's, so that a programme in it is still named.
    """
    from trainingcli.reports.returned.returns import findings_by_input, return_task

    folder = out / RETURNS_FOLDER
    names = return_names([Path(item.file).stem for item in assessment.inputs])
    findings = findings_by_input(assessment)
    outputs = []
    for place, (item, name) in enumerate(zip(assessment.inputs, names, strict=True)):
        data = stdin if item.path == "-" else None
        mine = findings.get(place, [])
        task = return_task(item.path, assessment, place, mine, data=data, password=password, reduced=reduced)
        if task is not None:
            make_own_folder(folder)
            outputs.append(_output(folder, name, task, out))
    return outputs


def write_output(output: Output) -> None:
    """Write one workbook of ours under its temporary name, readable by its owner alone, and see it on the disk.

    Raises `OutputError`; nothing is left then. Returns are written by `writing.write_returns`.
    """
    try:
        with private_file(output.temporary) as target:
            _write(output.task, target)
    except BaseException as error:
        discard([output])
        if isinstance(error, OSError):
            raise cannot_write(output.path, error) from None
        raise


def _write(task: Task, target: IO[bytes]) -> None:
    if isinstance(task, ClaimTask):
        write_claim_workbook(task, target)
    elif isinstance(task, SummaryTask):
        write_summary_workbook(task, target)
    elif not isinstance(task, ReturnTask):
        from trainingcli.reports.workbooks.award_workbook import write_award_workbook

        write_award_workbook(task, target)


def commit(outputs: Sequence[Output]) -> None:
    """Give every workbook its name. Raises `OutputError`; the temporaries are gone then."""
    try:
        put_in_place((output.temporary, output.path) for output in outputs)
    except OSError as error:
        discard(outputs)
        raise cannot_write(Path(error.filename2 or error.filename or outputs[0].path), error) from None


def discard(outputs: Iterable[Output]) -> None:
    """Remove what was written under temporary names; what is not there is no fault."""
    for output in outputs:
        with contextlib.suppress(OSError):
            output.temporary.unlink(missing_ok=True)
        drop_drafts(output.temporary.parent)


def _awards(assessment: Assessment) -> dict[str, ProgrammeRef]:
    entries = assessment.policy.awards.items()
    return {code: ProgrammeRef(code, item.name, item.clause, item.fund, False) for code, item in entries}


def _belongs(lines: pa.Table, keys: Sequence[str]) -> Any:
    """Whose each line is: 培训机构, else 工作单位 (of awards 依托单位), else none named; its first spelling."""
    named = [pc.if_else(pc.equal(lines[key], ""), None, lines[key]) for key in keys]
    nobody = NO_HOST if keys == ("host",) else NO_INSTITUTION
    coded = pc.coalesce(*named, nobody).combine_chunks().dictionary_encode()
    first: dict[str, str] = {}
    shown = [first.setdefault(folded_name(name), name) for name in coded.dictionary.to_pylist()]
    return pa.array(shown, pa.string()).take(coded.indices)


def _split(lines: pa.Table, reasons: pa.Table, names: list[str]) -> Iterator[tuple[str, pa.Table, pa.Table]]:
    """Yield each institution's lines in their order, and their reasons with `line` counted within them."""
    if len(names) == 1:
        yield names[0], lines, reasons
        return
    group = pc.index_in(lines["belongs"], pa.array(names, pa.string())).to_numpy()
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(len(names) + 1))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    line = place[reasons["line"].to_numpy()]
    reason_order = np.argsort(line, kind="stable")
    sorted_line = line[reason_order]
    reason_bounds = np.searchsorted(sorted_line, bounds)
    for number, name in enumerate(names):
        first, last = bounds[number], bounds[number + 1]
        chosen = slice(reason_bounds[number], reason_bounds[number + 1])
        found = _rows(reasons, reason_order[chosen])
        found = found.set_column(found.schema.get_field_index("line"), "line", pa.array(sorted_line[chosen] - first))
        yield name, _rows(lines, order[first:last]), found


def _rows(table: pa.Table, at: npt.NDArray[np.int64]) -> pa.Table:
    """Return these rows; those that stand together, as an institution's mostly do, are not copied."""
    if len(at) and at[-1] - at[0] == len(at) - 1 and bool((np.diff(at) == 1).all()):
        return table.slice(at[0], len(at))
    return table.take(pa.array(at))


def _comparisons(assessment: Assessment) -> Callable[[str], RealnameComparison | None]:
    said = assessment.evidence.get("realname")
    if said is None:
        return lambda _: None
    from trainingcli.reports.workbooks.comparison_page import comparisons_of

    found = comparisons_of(said)
    return lambda name: found(None if name == NO_INSTITUTION else name)


def _inputs_of(lines: pa.Table) -> list[int]:
    return sorted(pc.unique(lines["input"]).to_pylist())


def _output(folder: Path, name: str, task: Task, drafts: Path | None = None) -> Output:
    """Plan one workbook; `drafts`: the folder whose drafts it is among, where that is another."""
    return Output(folder / f"{name}.xlsx", draft_folder(drafts or folder) / secrets.token_hex(8), task)
