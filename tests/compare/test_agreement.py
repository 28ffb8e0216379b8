"""The program and the plain re-computation agree on random rosters under random settings, with and without a ledger.

TRAININGCLI_COMPARISONS: how many rosters (a dozen unless told; a thousand in `make agreement`).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trainingcli.claims.assess import assess
from trainingcli.claims.post import ReadyBatch, to_post
from trainingcli.claims.request import Request
from trainingcli.compare import sums
from trainingcli.compare.comparison import Comparison, compared
from trainingcli.compare.sides import Rosters
from trainingcli.compared import folded_name
from trainingcli.evidence.gathered import Sources
from trainingcli.facts import STATUSES, FundBudget
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.ledger import Ledger, open_ledger
from trainingcli.policy import Policy, load_policy

from . import plain
from .random_rosters import rosters
from .settings import policy_with, some

SEEDS = range(int(os.environ.get("TRAININGCLI_COMPARISONS", "12")))
BUDGETS = {("就业补助资金", 2021): FundBudget(250_000, 0), ("市财政", 2021): FundBudget(90_000, 60_000)}


def comparison(
    inputs: list[InputFile], before: Policy, after: Policy, sources: Sources, ledger: Ledger | None = None
) -> Comparison:
    read = Rosters(Request([], plain.TODAY), ledger, lambda law: inputs, lambda law: sources)
    return compared(read, read.side(before), after)


def found(result: Comparison) -> list[tuple[object, ...]]:
    """The changed lines as the plain one has them."""
    changes = []
    for place in result.changed.nonzero()[0].tolist():
        where, sides = None, []
        for side, half in ((result.before, result.old), (result.after, result.new)):
            line = int(half.line[place])
            if line < 0:
                sides.append(None)
                continue
            row = side.assessment.lines.iloc[line]
            programme = row["programme"]
            where = (row["file"], row["sheet"], int(row["row"]), programme if isinstance(programme, str) else None)
            codes = result.codes(side, half.line[place : place + 1]).get(line, [])
            sides.append((STATUSES[half.status[place]], int(half.approved[place]), frozenset(codes)))
        changes.append((where, *sides, "direct" if result.direct[place] else "knock-on"))
    return changes


def expected(changes: list[tuple[plain.Key, plain.Line | None, plain.Line | None, str]]) -> list[tuple[object, ...]]:
    return [
        (key[:4], *(None if line is None else plain.outcome(line) for line in (one, other)), kind)
        for key, one, other, kind in changes
    ]


def in_order(changes: list[tuple[object, ...]]) -> list[str]:
    return sorted(map(repr_of, changes))


def repr_of(change: tuple[object, ...]) -> str:
    where, old, new, kind = change
    return repr((where, *(half and (*half[:2], sorted(half[2])) for half in (old, new)), kind))  # type: ignore[index]


@pytest.mark.parametrize("seed", SEEDS)
def test_changes_and_their_kind_are_the_plain_ones(seed: int) -> None:
    inputs, before = rosters(seed), policy_with(*some(seed + 1000)) if seed % 3 == 0 else load_policy()
    after, sources = policy_with(*some(seed)), Sources(budgets=BUDGETS if seed % 4 == 1 else {})
    assert in_order(found(comparison(inputs, before, after, sources))) == in_order(
        expected(plain.changes(inputs, before, after, sources))
    )


@pytest.mark.parametrize("seed", SEEDS[: len(SEEDS) // 4])
def test_with_a_ledger_that_holds_some_of_the_lines_too(tmp_path: Path, seed: int) -> None:
    inputs, after = rosters(seed), policy_with(*some(seed))
    with open_ledger(tmp_path / "ledger.db", create=True) as ledger:
        settled = assess(Request([], plain.TODAY), load_policy(), inputs[1:], None, Sources())
        with ledger.transaction():
            ready = to_post(settled, ledger)
            if isinstance(ready, ReadyBatch):  # else nothing was left to pay, and the ledger stays empty
                ready.post(ledger)
        got = found(comparison(inputs, load_policy(), after, Sources(), ledger))
        assert in_order(got) == in_order(expected(plain.changes(inputs, load_policy(), after, Sources(), ledger)))


def test_the_random_rosters_meet_both_kinds_and_every_status() -> None:
    """The first rosters do already; forty are looked through before they are said not to."""
    kinds: set[object] = set()
    statuses: set[object] = set()
    for seed in range(40):
        for _, *halves, kind in found(comparison(rosters(seed), load_policy(), policy_with(*some(seed)), Sources())):
            kinds.add(kind)
            statuses |= {half[0] for half in halves if half is not None}  # type: ignore[index]
        if kinds == {"direct", "knock-on"} and statuses == {"approved", "reduced", "held", "rejected"}:
            return
    pytest.fail(f"{kinds} {statuses}")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_sum_is_the_plain_one_and_ties_to_both_runs(seed: int) -> None:
    inputs, after = rosters(seed), policy_with(*some(seed))
    old, new = (plain.claims(inputs, law, Sources()) for law in (load_policy(), after))
    result = comparison(inputs, load_policy(), after, Sources())
    paid = [sum(line.approved for line in lines.values()) for lines in (old, new)]
    assert [sums.total(result).before, sums.total(result).after] == paid
    assert int(result.difference.sum()) == paid[1] - paid[0]
    for group in sums.GROUPS:
        found = sums.totals(result, group)
        name = folded_name if group == "institution" else str
        assert {one.key and name(one.key): (one.before, one.after) for one in found} == plain.totals(old, new, group)
        assert len({one.key for one in found}) == len(found)
    moved = {(one.before, one.after): (one.lines, one.difference) for one in sums.transitions(result)}
    assert moved == plain.transitions(old, new)
    for who, gains in (("id_number", sums.people(result)), ("payee", sums.payees(result))):
        assert {name: (gain.count, gain.difference) for name, gain in gains.items()} == plain.gains(old, new, who)
