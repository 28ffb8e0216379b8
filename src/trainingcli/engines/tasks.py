"""What a cluster's workers do for a run: functions of plain values, each behind `guarded`.

Nothing is printed, logged or kept on disk but the workbooks; rows travel only between the workers and the main program.
"""

from __future__ import annotations

import datetime as dt
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from trainingcli.bureau_words import OWN_WORDS, OwnWords
from trainingcli.claims.assess import decide
from trainingcli.claims.history import people_of
from trainingcli.claims.rosters import import_validation, read_roster, say_what_they_are
from trainingcli.engines.parcels import opened, sealed
from trainingcli.engines.parted_rosters import Hashes, Ints, Piece, PieceStart, holders, joined, people_in, split
from trainingcli.errors import TrainingError
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.gathering import accounts_of, wholes_of
from trainingcli.findings import Findings
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.intake.tables.roster import Origin, Roster
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.policy import Policy
from trainingcli.reports.workbooks.outputs import Output
from trainingcli.reports.workbooks.writing import try_output
from trainingcli.settle.claim_lines import Lines, claim_lines
from trainingcli.settle.lines_frame import lines_frame, payable_frame
from trainingcli.settle.reasons_frame import reasons_frame
from trainingcli.settle.rows import Rows
from trainingcli.settle.settlement import History, Settlement
from trainingcli.vocabulary import load_vocabulary
from trainingcli.workers import WorkerPool

if TYPE_CHECKING:
    from trainingcli.evidence.gathered import Sources


@dataclass(frozen=True)
class Failure:
    """A task that failed, and so every task that needed it. `detail`: what was raised and where, never a value."""

    detail: str


@dataclass(frozen=True)
class InputGroup:
    """Neighbouring inputs that one task reads. `first`: the position of the first; `paths`: as a worker finds them."""

    first: int
    files: Sequence[str]
    paths: Sequence[str]
    stdin: bytes | None
    password: str | None


@dataclass(frozen=True)
class GroupReading:
    """A group's inputs, without their cells, and the roster that they make."""

    inputs: list[InputFile]
    roster: Roster
    findings: Findings


class GroupFacts(NamedTuple):
    """Of a group: its inputs and tables, how many rows they have, who stands in them, as `people_in` gives them."""

    inputs: list[InputFile]
    origins: list[Origin]
    rows: int
    people: Hashes


@dataclass(frozen=True)
class Law:
    """What every part is settled by."""

    policy: Policy
    sources: Sources
    programme: str | None


@dataclass(frozen=True)
class Share:
    """The rows of some people with their claim lines. `places`: each row's position in the batch."""

    rows: Rows
    lines: Lines
    places: Ints


@dataclass(frozen=True)
class SettledShare:
    """A share, settled. `accounts`: what it contributes to what the evidence says of the whole batch."""

    share: Share
    settlement: Settlement
    frame: pd.DataFrame
    accounts: Mapping[str, Any]


class Frames(NamedTuple):
    """A share's result: lines and their reasons as `Assessment` has them, each line's row in the batch, accounts."""

    lines: pd.DataFrame
    reasons: pd.DataFrame
    rows: Ints
    accounts: Mapping[str, Any]


def guarded(words: OwnWords, function: Callable[..., Any], *arguments: Any) -> Any:
    """Run a task with a bureau's `words`; a failure is returned, not raised: the cluster would log the arguments."""
    OWN_WORDS.set(words)
    for argument in arguments:
        for each in argument if isinstance(argument, list) else [argument]:
            if isinstance(each, Failure):
                return each
    try:
        return function(*arguments)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Failure(f"{type(error).__name__} {place.filename}:{place.lineno}")


_local = threading.local()
_ready: list[WorkerPool] = []


def make_ready() -> None:
    """Start a reader, which is there once the first task comes."""
    pool = WorkerPool(1)
    pool.start()
    _ready.append(pool)


def read_group(group: InputGroup, policy: Policy, today: dt.date) -> GroupReading:
    """Read, convert and validate a group's inputs; parsers run behind the same fence as on one machine."""
    if not hasattr(_local, "pool"):
        _local.pool = _ready.pop() if _ready else WorkerPool(1)  # its process ends with this thread's
    vocabulary = load_vocabulary(policy.programme_names())
    paths = list(group.paths)
    found = read_rosters(
        paths, vocabulary, _local.pool, stdin=group.stdin, password=group.password, meanwhile=import_validation
    )
    say_what_they_are(found, policy, _local.pool, stdin=group.stdin, password=group.password)
    inputs = [replace(item, file=file, path=file) for item, file in zip(found, group.files, strict=True)]
    roster, findings = read_roster(inputs, policy, today)
    origins = [origin._replace(input=origin.input + group.first) for origin in roster.origins]
    for item in inputs:
        item.drop_cells()
    return GroupReading(inputs, replace(roster, origins=origins), findings)


def facts(reading: GroupReading) -> GroupFacts:
    """Return what the main program must know of a reading."""
    roster = reading.roster
    return GroupFacts(reading.inputs, roster.origins, len(roster.rows), people_in(roster, reading.findings))


def split_reading(reading: GroupReading, own: int, parts: Sequence[int], moving: Hashes, count: int) -> list[Piece]:
    """Return the rows of a reading for each of these shares."""
    return split(reading.roster, reading.findings, own, parts, moving, count)


def who_holds(reading: GroupReading, count: int) -> list[dict[str, pd.DataFrame]]:
    """Return who holds which certificate numbers and so on, in `count` parts by the value."""
    return holders(Rows(reading.roster, reading.findings), count)


def pick(parts: Sequence[Any], number: int) -> Any:
    """Return a part of several, so that no more than that travels."""
    return parts[number]


def make_share(pieces: list[Piece], starts: Sequence[PieceStart], origins: list[Origin], law: Law) -> Share:
    """Join a share's rows in the batch's order and find its claim lines."""
    piece = joined(pieces, starts, origins)
    rows = Rows(piece.roster, piece.findings, law.sources.aliases)
    return Share(rows, claim_lines(rows, law.policy, law.programme), piece.places)


def people(share: Share) -> pd.DataFrame:
    """Return the people that the ledger is asked about."""
    return people_of(share.rows)


def wholes(share: Share, law: Law) -> dict[str, Any]:
    """Return what each piece of evidence must know of the whole batch, as far as this share tells it."""
    return wholes_of(Batch(share.rows, share.lines, law.policy, law.sources))


def settle_share(
    share: Share, law: Law, history: History | None, shared: Mapping[str, frozenset[str]], whole: Mapping[str, Any]
) -> SettledShare:
    """Settle a share by the function that settles a whole batch."""
    lines = replace(share.lines, findings=Findings(list(share.lines.findings.parts)))  # a task may be run again
    batch = Batch(share.rows, lines, law.policy, law.sources, history, whole)
    settlement = decide(batch, shared)
    frame = lines_frame(share.rows, lines, settlement, law.policy)
    return SettledShare(replace(share, lines=lines), settlement, frame, accounts_of(batch))


def frames(settled: SettledShare, law: Law) -> bytes:
    """Return a share's result, `Frames`, sealed."""
    share = settled.share
    reasons = reasons_frame(settled.settlement, share.lines, share.rows, law.policy)
    return sealed(Frames(settled.frame, reasons, share.places[share.lines.row], settled.accounts))


def payable(settled: SettledShare, law: Law) -> pd.DataFrame:
    """Return what is to be paid; new events are numbered by the batch's rows, `line` counts within the share."""
    share = settled.share
    frame = payable_frame(share.rows, share.lines, settled.settlement, settled.frame, law.policy)
    event = frame["event"].to_numpy(dtype=np.int64).copy()
    new = event < 0
    event[new] = -share.places[-event[new] - 1] - 1
    return frame.assign(event=event)


def write(piece: bytes) -> TrainingError | None:
    """Write one workbook, an `Output`, sealed; what a worker that was lost has left of it is removed first."""
    output: Output = opened(piece)
    output.temporary.unlink(missing_ok=True)
    return try_output(output)
