"""What commands on declared tables (计划、经费) share: reading, naming what is of another kind, writing, the result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from trainingcli import terminal_text as plain
from trainingcli.cell_findings import SEVERITY_WORDS, CellFinding, any_error
from trainingcli.errors import Exit
from trainingcli.facts import Check
from trainingcli.language import Text, tr
from trainingcli.masking import mask_place
from trainingcli.result import Block, Listing, Message, Prose, Result, Row, worst

if TYPE_CHECKING:
    from trainingcli.intake.tables.read_declared import TableRead
    from trainingcli.policy import Policy
    from trainingcli.workers import WorkerPool


@dataclass(frozen=True)
class TableRequest:
    """What such a command is asked: its files, policy and day, where the workbook goes, what a folder leaves out."""

    files: list[str]
    policy: Policy
    today: dt.date
    out: Path
    force: bool
    named: Sequence[str]
    stdin: bytes | None
    password: str | None


def request(
    files: list[str],
    policy: Path | None,
    today: str | None,
    out: Path,
    *,
    force: bool,
    password_file: Path | None,
    words: Path | None = None,
    named: Sequence[Path | None] = (),
) -> TableRequest:
    """Turn the options into a request; UsageError where one does not hold. `words` are in use from here on."""
    from trainingcli.cli import options, session

    paths = [str(path) for path in (policy, out, password_file, words, *named) if path is not None]
    law = options.law(policy)
    session.use_words(words, law)
    return TableRequest(
        files, law, options.day(today), out, force, paths, session.standard_input(files),
        session.password(password_file),
    )  # fmt: skip


def read(asked: TableRequest, system: str, pool: WorkerPool) -> TableRead:
    """Read the files as the declared table of a system; a file of another kind is named as what it is."""
    from trainingcli.intake.tables.declared import declared_tables
    from trainingcli.intake.tables.folders import expand
    from trainingcli.intake.tables.read_declared import read_declared
    from trainingcli.intake.tables.recognised import what_it_is

    table = declared_tables(system)[system]
    files = expand(asked.files, asked.named)
    found = read_declared(files, table, pool, stdin=asked.stdin, password=asked.password)
    for item in found.inputs:
        if item.error is None and not item.sheets:
            kind = what_it_is(
                item.file, pool, asked.policy.programme_names(), stdin=asked.stdin, password=asked.password
            )
            none = Text(
                f"没有一张工作表有{table.title.zh}的表头", f"no sheet has the header of {table.title.en.lower()}"
            )
            blank = f"trainingcli template --{system} FILE.xlsx"
            hint = kind or Text(f"可用 {blank} 写出空白表", f"`{blank}` writes a blank one")
            item.error = Text(f"{none.zh}；{hint.zh}", f"{none.en}; {hint.en}")
    return found


def write(asked: TableRequest, name: str, save: Callable[[IO[bytes]], None]) -> list[str]:
    """Write one workbook into `--out`; return its path. OutputError (exit 5) where it cannot be, or must not."""
    from trainingcli.drafts import make_folder, write_file
    from trainingcli.replacing import refuse_replacing

    path = asked.out / f"{name}.xlsx"
    refuse_replacing([path], asked.files, force=asked.force)
    make_folder(asked.out)
    write_file(path, save)
    return [str(path)]


def result(
    asked: TableRequest,
    found: TableRead,
    listing: Listing,
    rows: list[Row],
    findings: Sequence[CellFinding],
    *,
    schema: str,
    loose: Sequence[CellFinding],
    outputs: list[str],
    screen: Callable[[int], Iterator[Block]],
    checks: Sequence[Check] = (),
) -> Result:
    """Return the document: policy, inputs, checks, the main list, findings of the whole (`loose`), counts, outputs."""
    from trainingcli.reports.data.claims_json import input_object

    facts: Mapping[str, Any] = {
        "policy": {"id": asked.policy.id, "sha256": asked.policy.sha256},
        "inputs": [input_object(item) for item in found.inputs],
        "checks": [
            {"check": check.check, "performed": check.performed, "why": None if check.why is None else str(check.why)}
            for check in checks
        ],
        "findings": [each.shown() for each in loose],
        "counts": {
            severity: sum(each.kind.severity == severity for each in findings) for severity in ("error", "warning")
        },
        "outputs": outputs,
    }
    code = worst(
        Exit.FOUND if any_error(findings) else Exit.OK,
        Exit.INPUT if not found.inputs or any(item.error is not None for item in found.inputs) else Exit.OK,
    )

    def shown(room: int) -> Iterator[Block]:
        yield from screen(min(room, plain.WIDEST))
        yield from _findings(findings, min(room, plain.WIDEST))
        yield from (Prose(mask_place(path)) for path in outputs)

    return Result(schema, listing, rows, facts, shown, list(_messages(found, checks)), exit_code=code)


def _messages(found: TableRead, checks: Sequence[Check]) -> Iterator[Message]:
    if not found.inputs:
        yield Message(
            Text("没有读到任何文件；请核对路径", "nothing was read: no file is there; check the path"), is_error=True
        )
    for item in found.inputs:
        if item.error is not None:
            yield Message(item.error, f"{item.file}: ", is_error=True)
        for warning in item.warnings:
            yield Message(warning, f"{item.file}: ")
        for sheet, why in item.not_read:
            place = Text(f"{item.file}：工作表“{sheet}”", f"{item.file}: sheet '{sheet}' ")
            yield Message(Text(f"未读取：{why.zh}", f"not read: {why.en}"), str(place))
    for check in checks:
        if not check.performed and check.why is not None:
            yield Message(Text(f"未做核对：{check.why.zh}", f"not checked: {check.why.en}"))


def _findings(findings: Sequence[CellFinding], room: int) -> Iterator[Block]:
    """The findings by sheet, what is wrong and what to do; then how many there are."""
    by_sheet: dict[tuple[str, str], list[CellFinding]] = {}
    for each in findings:
        by_sheet.setdefault((each.file, each.sheet), []).append(each)
    for (file, sheet), listed in by_sheet.items():
        yield Prose(f"{mask_place(file)}  {mask_place(sheet)}", "bold")
        for each in sorted(listed, key=lambda each: each.row):
            cell = each.cell or tr(f"第{each.row}行", f"row {each.row}")
            head = f"{cell}  {SEVERITY_WORDS[each.kind.severity]}  {each.code}  {each.kind.clause}"
            yield Prose(plain.paragraph(head, room, 2))
            yield Prose(plain.paragraph(f"{each.message}{tr('', ' ')}{each.kind.remedy}", room, 4), "dim")
    errors = sum(each.is_error for each in findings)
    yield Prose(
        tr(
            f"错误 {errors} 处，提示 {len(findings) - errors} 处", f"{errors} errors, {len(findings) - errors} warnings"
        ),
        "bold",
    )
