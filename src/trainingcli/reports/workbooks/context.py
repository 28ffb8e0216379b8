"""What every report says about its run: small, plain and picklable, so that workers can write reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from trainingcli import language
from trainingcli.facts import BatchRef, Check, Head
from trainingcli.intake.tables.sheet_tables import SheetTable
from trainingcli.language import Text
from trainingcli.policy import FigureRow
from trainingcli.register_title import register_title
from trainingcli.settle.assessment import Assessment


class ProgrammeRef(NamedTuple):
    """A programme as reports show it."""

    code: str
    name: Text
    clause: str
    fund: str
    pays_trainee: bool


class ReadingRef(NamedTuple):
    """A default reading (口径) of the policy."""

    number: str
    parameter: str
    value: str
    text: Text


class SheetRef(NamedTuple):
    """A sheet that was read, with its control totals."""

    sheet: str
    header_row: int
    total: int
    read: int
    blank: int
    header: int
    footer: int
    skipped: int
    hidden_rows: int
    columns: tuple[tuple[str, str, str], ...]  # (letter, heading, roster key)
    unused: tuple[tuple[str, str], ...]  # (letter, heading)


class InputRef(NamedTuple):
    """An input, what was read of it and what was not."""

    file: str
    sha256: str | None
    format: str
    sheets: tuple[SheetRef, ...]
    not_read: tuple[tuple[str, Text], ...]
    warnings: tuple[Text, ...]
    error: Text | None


class SuppliedRef(NamedTuple):
    """A workbook of another office that the rosters were held against: an export of the real-name system, a list."""

    kind: Text
    file: str
    sha256: str | None
    entries: int
    findings: int
    cells: tuple[tuple[str, str, str], ...] = ()  # of what cannot be used: sheet, cell or row, message


class Context(NamedTuple):
    """The run: policy with its figures in force, inputs, checks, ledger head, batch, language of the reports.

    `accounts`: payee, as compared → bank and account that the registers have of it.
    `releasable`: codes that are decided on.
    """

    policy_id: str
    policy_sha256: str
    policy_title: str
    programmes: Mapping[str, ProgrammeRef]
    figures: tuple[FigureRow, ...]
    readings: tuple[ReadingRef, ...]
    inputs: tuple[InputRef, ...]
    supplied: tuple[SuppliedRef, ...]
    checks: tuple[Check, ...]
    today: str
    ledger: Head | None
    batch: BatchRef | None
    language: str
    accounts: Mapping[str, tuple[str | None, str]] = {}
    releasable: frozenset[str] = frozenset()

    def with_inputs(self, positions: list[int]) -> Context:
        """Return the context with these inputs alone: an institution's workbook names the files it came from."""
        supplied = tuple(each._replace(cells=()) for each in self.supplied)
        return self._replace(inputs=tuple(self.inputs[position] for position in positions), supplied=supplied)

    def programme_name(self, code: str | None) -> str:
        """Return a programme's name in the language in use; of no programme a word that says so."""
        if code is None:
            return str(NO_PROGRAMME)
        return str(self.programmes[code].name) if code in self.programmes else code


_EXPORT = Text("实名制系统导出表", "Export of the real-name system")
_LIST = Text("人员名单", "List of people")
NO_PROGRAMME = Text("未归项目", "No programme")


def context_of(assessment: Assessment) -> Context:
    """Take from an assessment what reports say about the run."""
    policy = assessment.policy
    return Context(
        policy_id=policy.id,
        policy_sha256=policy.sha256,
        policy_title=str(policy.title),
        programmes={
            code: ProgrammeRef(code, item.name, item.clause, item.fund, code in policy.paid_to_trainee())
            for code, item in policy.programmes.items()
        },
        figures=tuple(policy.figures_in_force(assessment.today)),
        readings=tuple(
            ReadingRef(item.number, item.parameter, _shown(item.value), item.text) for item in policy.readings()
        ),
        inputs=tuple(_inputs(assessment)),
        supplied=tuple(_supplied(assessment)),
        checks=tuple(assessment.checks),
        today=assessment.today,
        ledger=assessment.ledger,
        batch=assessment.batch,
        language=language.current(),
        accounts=assessment.accounts,
        releasable=policy.releasable(),
    )


def check_title(check: str) -> Text:
    """Return what a check holds the rows against, in words."""
    register = check.removeprefix("register:")
    return register_title(register) if register != check else _CHECKS.get(check, Text(check, check))


_CHECKS = {"ledger": Text("台账", "the ledger"), "realname": _EXPORT, "people": _LIST}


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "、".join(f"{key}→{_shown(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return "、".join(map(_shown, value))
    return str(value)


def _supplied(assessment: Assessment) -> Iterator[SuppliedRef]:
    export: Any = assessment.evidence.get("realname")
    lists: Any = assessment.evidence.get("people")
    for each in export["kept"]["files"] if export else ():
        cells = _cells([found for found in export["findings"] if found["file"] == each["file"]])
        yield SuppliedRef(_EXPORT, each["file"], each["sha256"], each["entries"], each["findings"], cells)
    for each in lists["lists"] if lists else ():
        cells = _cells(each["findings"])
        yield SuppliedRef(_LIST, each["file"], each["sha256"], each["entries"], len(cells), cells)


def _cells(findings: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((found["sheet"], found["cell"] or str(found["row"]), str(found["message"])) for found in findings)


def _inputs(assessment: Assessment) -> list[InputRef]:
    return [
        InputRef(
            file=item.file,
            sha256=item.sha256,
            format=item.format,
            sheets=tuple(_sheet(table) for table in item.sheets),
            not_read=tuple(item.not_read),
            warnings=tuple(item.warnings),
            error=item.error,
        )
        for item in assessment.inputs
    ]


def _sheet(table: SheetTable) -> SheetRef:
    return SheetRef(
        table.sheet, table.header_row, table.total, table.read, table.blank, table.header, table.footer, table.skipped,
        table.hidden_rows, tuple((item.letter, item.heading, item.key) for item in table.columns),
        tuple((letter, heading) for letter, heading in table.unused),
    )  # fmt: skip
