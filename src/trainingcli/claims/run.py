"""One run from inputs to the assessment: read, validate, settle, and, when asked, post; nothing is printed here.

Streams and exit codes belong to `cli`, workbooks to `reports`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from trainingcli.errors import OutputError
from trainingcli.facts import BatchRef, Check, Head
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.settle.assessment import Assessment
from trainingcli.vocabulary import known_terms, load_vocabulary
from trainingcli.workers import WorkerPool

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.evidence.registers import Registers
    from trainingcli.findings import Findings
    from trainingcli.intake.tables.convert import Roster
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.ledger import Ledger
    from trainingcli.reports.workbooks.outputs import Output
    from trainingcli.settle.claim_lines import Lines
    from trainingcli.settle.dated import Ints
    from trainingcli.settle.rows import Rows
    from trainingcli.settle.settlement import History, Settlement


@dataclass(frozen=True)
class Request:
    """What a run is asked to do. `files`: paths as given; `stdin`: the bytes for the path `-`."""

    files: Sequence[str]
    today: dt.date
    programme: str | None = None
    password: str | None = None
    stdin: bytes | None = None
    progress: Callable[[int, int], None] | None = field(default=None, compare=False)


def read_inputs(request: Request, policy: Policy, pool: WorkerPool) -> list[InputFile]:
    """Read every input in workers; one that cannot be read is an `InputFile` with an error."""
    from trainingcli.intake.tables.reading import expand, read_rosters

    vocabulary = load_vocabulary(policy.programme_names())
    return read_rosters(
        expand(request.files),
        vocabulary,
        pool,
        stdin=request.stdin,
        password=request.password,
        progress=request.progress,
    )


def read_rows(
    inputs: list[InputFile], policy: Policy, today: dt.date, aliases: Mapping[str, str] | None = None
) -> Rows:
    """Convert and validate what was read: the roster's rows with everything that was found about their cells."""
    from trainingcli.settle.rows import Rows

    return Rows(*read_roster(inputs, policy, today), aliases)


def read_roster(inputs: list[InputFile], policy: Policy, today: dt.date) -> tuple[Roster, Findings]:
    """Convert what was read, and return it with what validation found about it."""
    from trainingcli.intake.tables.convert import to_roster
    from trainingcli.validation.roster import validate

    vocabulary = load_vocabulary(policy.programme_names())
    roster = to_roster(inputs, vocabulary)
    known = {name: known_terms(name) for name in ("category", "level", "certificate_type")}
    return roster, validate(roster, today=today, known=known)


@dataclass(frozen=True)
class Settled:
    """An assessment, and what of it would be posted (as `Ledger.post` takes it), made when it is asked for."""

    assessment: Assessment
    payable: Callable[[], pd.DataFrame]


def assess(
    request: Request, policy: Policy, inputs: list[InputFile], ledger: Ledger | None, registers: Registers
) -> Settled:
    """Convert, validate and settle what was read, with the ledger's history where there is one; it is only read."""
    rows = read_rows(inputs, policy, request.today, registers.aliases)
    return assess_rows(rows, request, policy, inputs, ledger, registers)


def assess_rows(
    rows: Rows, request: Request, policy: Policy, inputs: list[InputFile], ledger: Ledger | None, registers: Registers
) -> Settled:
    """Settle rows, as `read_rows` gives them; for those who ask about the rows afterwards."""
    from trainingcli.settle.claim_lines import claim_lines
    from trainingcli.settle.lines_frame import lines_frame, payable_frame
    from trainingcli.settle.reasons_frame import reasons_frame

    lines = claim_lines(rows, policy, request.programme)
    settlement = decide(rows, lines, policy, registers, None if ledger is None else history_of(rows, ledger))
    frame = lines_frame(rows, lines, settlement, policy)
    assessment = Assessment(
        policy=policy,
        inputs=inputs,
        checks=checks_of(ledger, registers),
        lines=frame,
        reasons=reasons_frame(settlement, lines, rows, policy),
        today=request.today.isoformat(),
        ledger=None if ledger is None else ledger.head(),
    )
    payable = partial(payable_frame, rows, lines, settlement, frame, policy)
    return within_budgets(Settled(assessment, payable), registers, ledger)


def within_budgets(settled: Settled, registers: Registers, ledger: Ledger | None) -> Settled:
    """Hold what the funds' budgets cannot bear, where budgets were supplied; 三(九)."""
    from trainingcli.evidence import budgets

    if not registers.budgets:
        return settled
    posted: dict[tuple[str, int], int] = {}
    if ledger is not None:
        balances = ledger.budgets()
        posted = dict(zip(zip(balances["fund"], balances["year"], strict=True), balances["closing"], strict=True))
    payable = settled.payable()
    found = budgets.overdrawn(payable, registers.budgets, posted)
    kept = payable[~payable["line"].isin([one.line + 1 for one in found])].reset_index(drop=True)
    assessment = budgets.hold(settled.assessment, found) if found else settled.assessment
    missing = budgets.without_budget(payable, registers.budgets)
    return Settled(replace(assessment, warnings=[*assessment.warnings, *missing]), lambda: kept)


def decide(
    rows: Rows,
    lines: Lines,
    policy: Policy,
    registers: Registers,
    history: History | None,
    *,
    shared_values: Mapping[str, Collection[str]] | None = None,
    class_sizes: Ints | None = None,
) -> Settlement:
    """Ask the registers and settle. The last two: what `settle` and `verdicts` must be told of a part of a batch."""
    from trainingcli.settle.settlement import settle

    lines.findings.parts.extend(registers.verdicts(rows, lines, policy, class_sizes).parts)
    return settle(
        rows,
        lines,
        policy,
        standards=registers.standards,
        history=history,
        waivers=registers.waivers,
        shared_values=shared_values,
    )


def checks_of(ledger: Ledger | None, registers: Registers) -> list[Check]:
    """Say which checks a run does, and of every other why not."""
    return [_ledger_check(ledger), *registers.checks, *_NOT_YET]


def _ledger_check(ledger: Ledger | None) -> Check:
    if ledger is not None:
        return Check("ledger", True)
    why = Text("没有台账：未与以往已付款项比对", "no ledger: not compared with what was paid before")
    return Check("ledger", False, why)


_NOT_YET = (Check("realname", False, Text("未提供实名制系统导出表", "no export of the real-name system was supplied")),)


def history_of(rows: Rows, ledger: Ledger) -> History:
    """Look up the batch's people, and who else holds their certificates, in bulk."""
    return history_of_people(people_of(rows), ledger)


def people_of(rows: Rows) -> pd.DataFrame:
    """Return the columns `id_number` and `certificate_no` of the rows of valid people."""
    return rows.frame.loc[rows.persons_are_valid(), ["id_number", "certificate_no"]]


def history_of_people(valid: pd.DataFrame, ledger: Ledger) -> History:
    """Look people up, as `people_of` gives them, and who else holds their certificates."""
    from trainingcli.settle.settlement import History

    numbers = valid["certificate_no"].dropna().unique().tolist()
    entries = ledger.history(valid["id_number"].unique().tolist(), numbers)
    holders = ledger.certificate_holders(numbers)
    if not len(holders):
        return History(entries)
    pairs = valid.drop_duplicates().merge(holders, on="certificate_no")
    pairs["own"] = ledger.person_keys(pairs["id_number"].tolist())
    others = pairs[pairs["own"] != pairs["person"]]
    return History(entries, frozenset(zip(others["id_number"], others["certificate_no"], strict=True)))


def now() -> str:
    """Return the time of posting, ISO with its zone."""
    return dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds")


def post(settled: Settled, ledger: Ledger) -> Assessment:
    """Post what is payable as one batch, inside the ledger's transaction; return the assessment as it now stands.

    Where nothing is payable and one earlier batch posted exactly these inputs, that batch's assessment is returned.
    """
    from trainingcli.claims import batch_archive as archive
    from trainingcli.ledger import BatchRecord

    assessment = settled.assessment
    hashes = tuple((item.file, item.sha256) for item in assessment.inputs if item.sha256 and item.error is None)
    payable = settled.payable()
    if not len(payable):
        earlier = ledger.find_batch([sha256 for _, sha256 in hashes]) if hashes else None
        return assessment if earlier is None else replace(posted_batch(ledger, earlier), batch=BatchRef(earlier, True))
    policy = assessment.policy
    record = BatchRecord(
        kind="claims",
        when=now(),
        today=assessment.today,
        policy_id=policy.id,
        policy_sha256=policy.sha256,
        inputs=hashes,
        trainings_a_year=policy.trainings_a_year(dt.date.fromisoformat(assessment.today)),
        paid_to_trainee=frozenset(code for code, item in policy.programmes.items() if item.payee == ("trainee",)),
    )
    number = ledger.post(record, payable, archive.pack(assessment))
    return replace(assessment, batch=BatchRef(number, False), ledger=ledger.head())


def posted_batch(ledger: Ledger, batch: int) -> Assessment:
    """Return a batch's assessment as it was posted, with the head that the ledger had then.

    A `UsageError` (exit 2) where there is no such batch.
    """
    from trainingcli.claims import batch_archive as archive

    packed = ledger.archive(batch)
    last = ledger.entries(batch).iloc[-1]
    head = Head(str(last["hash"]), int(last["entry"]))
    return replace(archive.unpack(packed), batch=BatchRef(batch, False), ledger=head)


class Engine(Protocol):
    """Where a run's work is done: in this program and its worker processes, or on a cluster's workers."""

    def read(self, request: Request, policy: Policy) -> list[InputFile]:
        """Read every input; one that cannot be read is an `InputFile` with an error."""

    def assess(
        self, request: Request, policy: Policy, inputs: list[InputFile], ledger: Ledger | None, registers: Registers
    ) -> Settled:
        """Settle what was read; the ledger is only read."""

    def write(self, outputs: Sequence[Output], progress: Callable[[int, int], None] | None = None) -> None:
        """Write every workbook under its temporary name. Raises `OutputError`."""


@dataclass(frozen=True)
class LocalEngine:
    """This program and its worker processes."""

    pool: WorkerPool

    def read(self, request: Request, policy: Policy) -> list[InputFile]:
        """Read in the workers."""
        return read_inputs(request, policy, self.pool)

    def assess(
        self, request: Request, policy: Policy, inputs: list[InputFile], ledger: Ledger | None, registers: Registers
    ) -> Settled:
        """Settle here, all rows as one frame."""
        return assess(request, policy, inputs, ledger, registers)

    def write(self, outputs: Sequence[Output], progress: Callable[[int, int], None] | None = None) -> None:
        """Write in the workers, where that pays."""
        from trainingcli.reports.workbooks.writing import write_all

        write_all(outputs, self.pool, progress)


def write_workbooks(
    assessment: Assessment,
    out: Path,
    engine: Engine,
    progress: Callable[[int, int], None] | None = None,
    *,
    returns: Callable[[], list[Output]] | None = None,
) -> Workbooks:
    """Write every workbook under a temporary name; `commit` gives them their names, leaving without it removes them.

    `returns` plans the marked workbooks that go back to the institutions, where they are wanted.
    """
    from trainingcli.reports.workbooks.outputs import discard, plan_outputs

    shown = assessment if assessment.batch is None else replace(assessment, batch=BatchRef(assessment.batch.id, False))
    outputs = plan_outputs(shown, out)
    try:
        outputs += returns() if returns else []
        engine.write(outputs, progress)
    except BaseException:
        discard(outputs)
        raise
    return Workbooks(outputs)


@dataclass
class Workbooks:
    """Workbooks that are written but have not their names yet."""

    outputs: list[Any]

    @property
    def paths(self) -> list[str]:
        """The names that they will have."""
        return [str(output.path) for output in self.outputs]

    def commit(self) -> None:
        """Rename all into place."""
        from trainingcli.reports.workbooks.outputs import commit

        commit(self.outputs)

    def discard(self) -> None:
        """Remove what has not its name yet."""
        from trainingcli.reports.workbooks.outputs import discard

        discard(self.outputs)


def _returns(request: Request, settled: Settled, out: Path) -> Callable[[], list[Output]]:
    """Plan the workbooks that go back to the institutions, from this run's own inputs."""
    from trainingcli.reports.workbooks.outputs import plan_returns

    return partial(plan_returns, settled.assessment, out, stdin=request.stdin, password=request.password)


def _name(books: Workbooks, result: Assessment, posting: bool) -> None:
    """Give the workbooks their names; the ledger has committed, so a failure here must say that."""
    try:
        books.commit()
    except OutputError as error:
        if not posting or result.batch is None:
            raise
        number = result.batch.id
        done = Text(
            f"已入账为批次 {number}，但工作簿未能写出（{error.text.zh}）；"
            f"请用 trainingcli ledger rebuild {number} 重新写出",
            f"posted as batch {number}, but its workbooks could not be written ({error.text.en}); "
            f"write them with trainingcli ledger rebuild {number}",
        )
        raise OutputError(done) from None


@contextlib.contextmanager
def _posting(ledger: Ledger | None) -> Iterator[None]:
    """The ledger's transaction, where it is posted to: a ledger that fails verification is not built upon."""
    if ledger is None:
        yield
        return
    with ledger.transaction():
        ledger.refuse_unsound()
        yield


def claims(
    request: Request,
    policy: Policy,
    pool: WorkerPool,
    out: Path,
    *,
    ledger: Ledger | None,
    posting: bool,
    registers: Registers,
    returns: bool = False,
    engine: Engine | None = None,
) -> Assessment:
    """The main job: read, settle, post when asked, write the workbooks. Assessment and posting are one transaction.

    Workbooks are written under temporary names before the ledger commits, and get their names after it.
    """
    engine = engine or LocalEngine(pool)
    inputs = engine.read(request, policy)
    books: Workbooks | None = None
    try:
        with _posting(ledger if posting else None):
            settled = engine.assess(request, policy, inputs, ledger, registers)
            result = post(settled, ledger) if posting and ledger is not None else settled.assessment
            books = write_workbooks(
                result, out, engine, request.progress, returns=_returns(request, settled, out) if returns else None
            )
        _name(books, result, posting)
    except BaseException:
        if books is not None:
            books.discard()
        raise
    head = result.ledger if ledger is None else ledger.head()
    return replace(result, outputs=books.paths, ledger=head)
