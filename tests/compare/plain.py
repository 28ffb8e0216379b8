"""The plain re-computation of a comparison, from the contract's second part, section 7: two settlements, line by line.

No array of the program's comparison is used: each settlement is a run of `claims`' own stages over inputs, and a row
by itself is settled as a batch whose inputs hold that one row.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from trainingcli.claims.assess import assess
from trainingcli.claims.request import Request
from trainingcli.compared import folded_name
from trainingcli.evidence.gathered import Sources
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.ledger import Ledger
from trainingcli.policy import Policy

TODAY = dt.date(2021, 12, 31)
Key = tuple[str, str, int, str | None, int]
GAINS = ("gain", "lose", "same")


@dataclass(frozen=True)
class Line:
    """What a run says of one line; fen."""

    status: str
    approved: int
    codes: frozenset[str]
    programme: str | None
    fund: str | None
    institution: str | None
    category: str | None
    id_number: str | None
    payee: str | None


def claims(
    inputs: Sequence[InputFile], policy: Policy, sources: Sources, ledger: Ledger | None = None
) -> dict[Key, Line]:
    """Settle inputs as `claims` does without posting."""
    found = assess(Request([], TODAY), policy, list(inputs), ledger, sources).assessment
    codes: dict[int, set[str]] = defaultdict(set)
    for line, code in zip(found.reasons["line"], found.reasons["code"], strict=True):
        codes[line].add(code)
    seen: Counter[tuple[str, str, int, str | None]] = Counter()
    lines: dict[Key, Line] = {}
    for place, row in enumerate(found.lines.to_dict("records")):
        text = {key: None if pd.isna(value) else value for key, value in row.items()}
        where = (text["file"], text["sheet"], text["row"], text["programme"])
        lines[(*where, seen[where])] = Line(
            text["status"], text["approved"], frozenset(codes[place]), text["programme"], text["fund"],
            text["institution"], text["category"], text["id_number"], text["payee"],
        )  # fmt: skip
        seen[where] += 1
    return lines


def one_row(inputs: Sequence[InputFile], key: Key) -> list[InputFile]:
    """The inputs that hold one row and nothing else."""
    found = []
    for item in inputs:
        if item.file != key[0]:
            continue
        for sheet in item.sheets:
            rows = sheet.cells.column("row").to_pylist()
            if sheet.sheet == key[1] and key[2] in rows:
                alone = replace(sheet, cells=sheet.cells.slice(rows.index(key[2]), 1))
                found.append(replace(item, sheets=[alone]))
    assert len(found) == 1
    return found


def changes(
    inputs: Sequence[InputFile], before: Policy, after: Policy, sources: Sources, ledger: Ledger | None = None
) -> list[tuple[Key, Line | None, Line | None, str]]:
    """The lines that changed, each with its two outcomes and whether the policy itself changed it."""
    old, new = claims(inputs, before, sources, ledger), claims(inputs, after, sources, ledger)
    found = []
    for key in {**old, **new}:
        one, other = old.get(key), new.get(key)
        if one is None or other is None or outcome(one) != outcome(other):
            alone = [claims(one_row(inputs, key), policy, sources).get(key) for policy in (before, after)]
            said = [None if line is None else (line.status, line.approved) for line in alone]
            found.append((key, one, other, "direct" if said[0] != said[1] else "knock-on"))
    return found


def outcome(line: Line) -> tuple[str, int, frozenset[str]]:
    """Where status, approved or the set of codes differs, a line changed."""
    return line.status, line.approved, line.codes


def totals(old: dict[Key, Line], new: dict[Key, Line], column: str) -> dict[str | None, tuple[int, int]]:
    """Approved before and after, by a column; institutions are one however they are spelled."""
    found: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    for place, lines in enumerate((old, new)):
        for line in lines.values():
            key = getattr(line, column)
            found[folded_name(key) if column == "institution" and key else key][place] += line.approved
    return {key: (sums[0], sums[1]) for key, sums in found.items()}


def transitions(old: dict[Key, Line], new: dict[Key, Line]) -> dict[tuple[str | None, str | None], tuple[int, int]]:
    """Lines and fen by status before and after."""
    found: dict[tuple[str | None, str | None], list[int]] = defaultdict(lambda: [0, 0])
    for key in {**old, **new}:
        one, other = old.get(key), new.get(key)
        entry = found[one and one.status, other and other.status]
        entry[0] += 1
        entry[1] += (other.approved if other else 0) - (one.approved if one else 0)
    return {key: (entry[0], entry[1]) for key, entry in found.items()}


def gains(old: dict[Key, Line], new: dict[Key, Line], who: str) -> dict[str, tuple[int, int]]:
    """How many of those gain, lose, stay, and by how many fen together. `who`: id_number, or payee.

    A trainee who is paid is told by the ID number, all others by their name as compared.
    """
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, lines in enumerate((old, new)):
        for line in lines.values():
            name = line.id_number if who == "id_number" else payee(line)
            if name is not None:
                sums[name][place] += line.approved
    found = {name: [0, 0] for name in GAINS}
    for one, other in sums.values():
        entry = found["gain" if other > one else "lose" if other < one else "same"]
        entry[0] += 1
        entry[1] += other - one
    return {name: (entry[0], entry[1]) for name, entry in found.items()}


def payee(line: Line) -> str | None:
    """Who is paid, told apart."""
    if line.payee is None:
        return None
    return f"\0{line.id_number}" if line.programme == "living-allowance" else folded_name(line.payee)
