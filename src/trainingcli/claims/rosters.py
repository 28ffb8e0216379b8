"""Rosters as given → the rows that are settled: read behind gate and fence, converted, validated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from trainingcli.claims.request import Request
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.vocabulary import known_terms, load_vocabulary
from trainingcli.workers import WorkerPool

if TYPE_CHECKING:
    from trainingcli.findings import Findings
    from trainingcli.intake.tables.roster import Roster
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.settle.rows import Rows


PAID = dict.fromkeys(("实发金额", "发放金额", "核定金额", "拨付金额"), "claimed")
PAID |= {"发放日期": "paid_on", "拨付日期": "allotted_on"}
"""Headings of what was paid, and when: in `ledger import` alone (contract, 'Roster headings' and 'Ledger').

A payment's day is the first, else the second (contract-2, 4), in whatever order they stand.
"""

import_validation = partial(import_module, "trainingcli.validation.roster_schema")
"""Import what validates rows (pandas and pandera: half a second): to be done while workers read."""


def read_inputs(
    request: Request, policy: Policy, pool: WorkerPool, further: Mapping[str, str] | None = None
) -> list[InputFile]:
    """Read every input in workers; one that cannot be read is an `InputFile` with an error.

    `further`: headings that count here before the vocabulary's of the same keys → roster key; the days among them may
    stand in a title line.
    """
    from trainingcli.intake.tables.folders import expand
    from trainingcli.intake.tables.reading import read_rosters

    vocabulary = load_vocabulary(policy.programme_names())
    if further:  # what was paid counts, whatever was claimed beside it
        keys = frozenset(further.values())
        beside = frozenset(word for word, key in vocabulary.headings.items() if key in keys)
        vocabulary = vocabulary._replace(
            headings={**vocabulary.headings, **further},
            last=vocabulary.last | beside,
            title_keys=vocabulary.title_keys | (keys - vocabulary.money),
        )
    inputs = read_rosters(
        expand(request.files, request.named),
        vocabulary,
        pool,
        stdin=request.stdin,
        password=request.password,
        progress=request.progress,
        meanwhile=import_validation,
    )
    say_what_they_are(inputs, policy, pool, stdin=request.stdin, password=request.password)
    return inputs


def say_what_they_are(
    inputs: Iterable[InputFile], policy: Policy, pool: WorkerPool, *, stdin: bytes | None, password: str | None
) -> None:
    """Say of each file without a roster's header what it is and what reads it, where that is known."""
    for item in inputs:
        if item.error is None and not item.sheets:
            from trainingcli.intake.tables.recognised import what_it_is
            from trainingcli.intake.tables.sheet_tables import NO_HEADER

            kind = what_it_is(item.path, pool, policy.programme_names(), stdin=stdin, password=password)
            if kind is not None:
                item.error = Text(f"{NO_HEADER.zh}；{kind.zh}", f"{NO_HEADER.en}; {kind.en}")


def read_roster(inputs: list[InputFile], policy: Policy, today: dt.date) -> tuple[Roster, Findings]:
    """Convert what was read, and return it with what validation found about it."""
    from trainingcli.intake.tables.convert import to_roster
    from trainingcli.validation.roster_schema import validate

    vocabulary = load_vocabulary(policy.programme_names())
    roster = to_roster(inputs, vocabulary)
    known = {name: known_terms(name) for name in ("category", "level", "certificate_type")}
    return roster, validate(roster, today=today, known=known)


def read_rows(
    inputs: list[InputFile], policy: Policy, today: dt.date, aliases: Mapping[str, str] | None = None
) -> Rows:
    """Convert and validate what was read: the roster's rows with everything that was found about their cells."""
    from trainingcli.settle.rows import Rows

    return Rows(*read_roster(inputs, policy, today), aliases)
