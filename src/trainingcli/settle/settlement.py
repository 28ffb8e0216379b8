"""Settle claim lines (核定): rules, entitlement, limits, status; the one pure function between roster and ledger.

It opens no file, reads no clock and touches no ledger: history comes in as a frame. Everything groups by person alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.findings import Findings, Part
from trainingcli.policy import Policy
from trainingcli.reasons import SEVERITIES, all_reasons, reason
from trainingcli.settle.claim_lines import Lines, of_employees_type
from trainingcli.settle.decided import Ruling, ruled
from trainingcli.settle.doubts import doubts, lost_accounts
from trainingcli.settle.limits import shared
from trainingcli.settle.limits.apply import Accepted, Limits
from trainingcli.settle.limits.events import Earlier, Waiver
from trainingcli.settle.payees import payee_fields
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.base import Entitlement, Programme, Trainees, Use
from trainingcli.settle.reversed_before import reversed_before
from trainingcli.settle.rows import Mask, Rows
from trainingcli.settle.standards import Standards
from trainingcli.settle.unread_columns import not_read, unread_amounts

CERTIFICATE_MISSING = reason("CERTIFICATE_MISSING").code
MISSING_FIELD = reason("MISSING_FIELD").code
NOT_ELIGIBLE = reason("NOT_ELIGIBLE").code
NO_BASIS = reason("NO_BASIS").code
PROGRAMME_CONTRADICTED = reason("PROGRAMME_CONTRADICTED").code
_CONTRADICTED = (MISSING_FIELD, NOT_ELIGIBLE, reason("EMPLOYMENT_CARD_MISSING").code)
NO_STANDARD = reason("NO_STANDARD").code
OVER_CLAIMED = reason("OVER_CLAIMED").code
UNDER_CLAIMED = reason("UNDER_CLAIMED").code
PAYEE_MISSING = reason("PAYEE_MISSING").code
ALREADY_POSTED = reason("ALREADY_POSTED").code
NUMBER_PRECISION_LOST = reason("NUMBER_PRECISION_LOST").code

STATUS_OF = np.array(["approved", "reduced", "held", "rejected", "posted"])
POSTED = 4
# Name, ID number and sex speak for every programme; the first two are needed by all.
ALWAYS = {"name": Use.NEEDED, "id_number": Use.NEEDED, "sex": Use.USED}

Ints = npt.NDArray[np.int64]


class History(NamedTuple):
    """What the ledger knows of the batch's people: `entries` as `Ledger.history` gives them; `others`: the people of
    the batch whose certificate number the ledger has for somebody else; `reversed`: as `Ledger.reversed` gives them."""

    entries: pd.DataFrame | None = None
    others: frozenset[tuple[str, str]] = frozenset()  # (ID number, certificate number)
    reversed: pd.DataFrame | None = None


@dataclass
class Settlement:
    """The outcome, one place a line: fen, status code (index into `STATUS_OF`), event and key for the ledger.

    `allowed`: fen that a person's decision allows at most, -1 where none does; `decision`: what the ledger keeps of it.
    `earlier`: line → what the ledger paid of it, where its status is `posted`.
    """

    entitled: Ints
    known: Mask
    approved: Ints
    status: npt.NDArray[np.int8]
    days: Ints
    payee_field: npt.NDArray[np.object_]
    findings: Findings
    accepted: Accepted
    allowed: Ints
    decision: npt.NDArray[np.object_]
    earlier: dict[int, Earlier]


def settle(
    rows: Rows,
    lines: Lines,
    policy: Policy,
    *,
    standards: Standards | None = None,
    history: History | None = None,
    waivers: Mapping[str, Sequence[Waiver]] | None = None,
    shared_values: Mapping[str, Collection[str]] | None = None,
    decide: Callable[[Settlement], Sequence[Ruling]] | None = None,
) -> Settlement:
    """Decide every claim line: reasons, entitlement (应补), approved amount (核定), status.

    Rows and lines come in the order of input, sheet, row, programme; the outcome has the lines' order. They may be
    some people's alone, if they are all of these people's: `shared_values` then says, a field, which certificate
    numbers, phones and accounts several people of the whole batch have. `decide` is asked what people decided of what
    is held, before the limits.
    """
    result = blank(len(lines.row))
    result.findings.parts.extend(lines.findings.parts)
    always(rows, lines, result)
    persons = rows.persons()
    result.findings.parts.extend(doubts(rows, lines, policy).parts)
    result.findings.parts.extend(lost_accounts(rows, lines, policy).parts)
    _note_shared(rows, lines, persons, shared_values or {}, result)
    twice = of_two_people(rows, persons, history, (shared_values or {}).get("certificate_no"))
    for place, programme in enumerate(programmes(policy.programmes)):
        at = np.flatnonzero(lines.programme == place)
        if len(at):
            _programme(programme, at, rows, lines, policy, standards or Standards(), result)
            hold_certificates(programme, at, twice, rows, lines, policy, result.findings)
    if history is not None:
        taken_back = reversed_before(rows, lines, policy, persons, history.reversed, history.entries)
        result.findings.parts.extend(taken_back.parts)
    if decide is not None:
        _ruled(result, decide(result))
    worst = worst_severity(result.findings, policy, len(lines.row))
    result.findings.parts.extend(unread_amounts(rows, lines, (worst <= 1) & result.known).parts)
    worst = worst_severity(result.findings, policy, len(lines.row))
    entries = None if history is None else history.entries
    limits = Limits(
        rows, lines, policy, persons=persons, worst=worst, entitled=result.entitled, allowed=result.allowed,
        history=entries, waivers=waivers,
    )  # fmt: skip
    limits.apply()
    result.accepted, result.earlier = limits.accepted, limits.earlier
    result.findings.parts.extend(limits.findings.parts)
    finish(lines, policy, result)
    return result


def blank(size: int) -> Settlement:
    """Return a settlement of as many lines, with nothing decided."""
    fen = [np.zeros(size, dtype=np.int64) for _ in range(3)]
    nobody = np.full(size, None, dtype=object)
    known, status = np.zeros(size, dtype=bool), np.zeros(size, dtype=np.int8)
    allowed, decision = np.full(size, -1, dtype=np.int64), np.full(size, None, dtype=object)
    return Settlement(
        fen[0], known, fen[1], status, fen[2], nobody, Findings(), Accepted.blank(size), allowed, decision, {}
    )


def _ruled(result: Settlement, rulings: Sequence[Ruling]) -> None:
    """Put into effect what people decided."""
    result.findings = ruled(result.findings, rulings)
    for ruling in rulings:
        result.decision[ruling.line] = ruling.record
        result.allowed[ruling.line] = -1 if ruling.amount is None else ruling.amount


def always(rows: Rows, lines: Lines, result: Settlement) -> None:
    """Name, ID number and sex, on every line."""
    everything = np.arange(len(lines.row))
    for field, use in ALWAYS.items():
        report(field, use, rows, np.ones(len(rows), dtype=bool), everything, lines, result.findings)


def report(field: str, use: Use, rows: Rows, used: Mask, at: Ints, lines: Lines, findings: Findings) -> None:
    """Put a field's findings on the lines `at` whose rows use it; missing where it is needed."""
    row = lines.row[at]
    for part in rows.parts(field):
        here = at[(rows.mask(part.rows) & used)[row]]
        values = [part.values[place] for place in np.searchsorted(part.rows, lines.row[here])]
        findings.add_rows(here, part.code, field, values)
    if use is not Use.USED:
        code = MISSING_FIELD if use is Use.NEEDED else CERTIFICATE_MISSING
        missing = at[(rows.missing(field) & used)[row]]
        findings.add_rows(missing[~not_read(field, missing, rows, lines, findings)], code, field)


def _programme(
    programme: Programme, at: Ints, rows: Rows, lines: Lines, policy: Policy, standards: Standards, result: Settlement
) -> None:
    """Everything that one programme says of its lines."""
    said = Findings()
    for field, use in programme.uses.items():
        report(field, use, rows, programme.used(field, rows, policy), at, lines, said)
    verdicts = list(programme.verdicts(rows, policy))
    for verdict in (one for one in verdicts if not one.of_amount):
        _add(said, at[verdict.rows[lines.row[at]]], verdict.reason.code, verdict.field, rows, lines)
    for field, mask in programme.ineligible(rows, policy):
        here = at[mask[lines.row[at]]]
        if field == "hardship":
            here = here[~(rows.missing(field)[lines.row[here]] & not_read(field, here, rows, lines, said))]
        _add(said, here, NOT_ELIGIBLE, field, rows, lines)
    eligible = ~_refused(said, at)
    for verdict in (one for one in verdicts if one.of_amount):
        _add(said, at[verdict.rows[lines.row[at]] & eligible], verdict.reason.code, verdict.field, rows, lines)
    said = contradicted(programme, at, rows, lines, policy, said)
    result.findings.parts.extend(said.parts)
    ineligible = _refused(said, at)
    given = programme.entitlement(rows, policy, standards)
    _entitle(programme, given, ineligible, at, rows, lines, result)
    _payee(programme, at, rows, lines, policy, result)


def _refused(said: Findings, at: Ints) -> Mask:
    """Which of these lines are `NOT_ELIGIBLE`."""
    return np.isin(at, np.concatenate([at[:0], *(part.rows for part in said.parts if part.code == NOT_ELIGIBLE)]))


def contradicted(programme: Programme, at: Ints, rows: Rows, lines: Lines, policy: Policy, said: Findings) -> Findings:
    """Hold the lines whose row contradicts the title's programme, in place of what refuses them (reading 8.5)."""
    findings, doubtful = Findings(), np.zeros(len(lines.row), dtype=bool)
    for field, mask in _contradictions(programme, rows, policy):
        here = at[(lines.titled & mask[lines.row])[at]]
        _add(findings, here, PROGRAMME_CONTRADICTED, field, rows, lines)
        doubtful[here] = True
    for part in said.parts:
        kept = ~doubtful[part.rows] if part.code in _CONTRADICTED else np.ones(len(part.rows), dtype=bool)
        values, details = list(compress(part.values, kept)), list(compress(part.details, kept))
        findings.add_rows(part.rows[kept], part.code, part.field, values, details)
    return findings


def _contradictions(programme: Programme, rows: Rows, policy: Policy) -> Iterator[tuple[str, Mask]]:
    """Yield the fields by which rows contradict a title that names one of the two training programmes."""
    of_employee = rows.among("category", policy.parameter("categories_enterprise"))
    if programme.means_training_of is Trainees.EMPLOYEES:
        yield "category", rows.said("category") & ~of_employee
    if programme.means_training_of is Trainees.OTHERS:
        yield "category", of_employee
        yield "training_type", of_employees_type(rows, policy)


def _entitle(
    programme: Programme, given: Entitlement, ineligible: Mask, at: Ints, rows: Rows, lines: Lines, result: Settlement
) -> None:
    """Set what the plan gives, and say where it gives no figure, or less or more than was claimed."""
    row = lines.row[at]
    eligible = ~ineligible
    known = given.known[row] & eligible
    result.entitled[at] = np.where(known, given.fen[row], 0)
    result.known[at] = known
    if given.days is not None:
        result.days[at] = np.where(known, given.days[row], 0)
    without = at[given.asked[row] & ~given.known[row] & eligible]
    _add(result.findings, without, NO_STANDARD, programme.figure_field, rows, lines)
    claims, claimed, entitled = lines.claims[at], lines.claimed[at], result.entitled[at]
    if given.basis is not None:
        nothing = known & ~claims & ~unread_amount(at, result) & ~given.basis[row]
        result.findings.add_rows(at[nothing], NO_BASIS, "claimed")
    result.findings.add_rows(at[known & claims & (claimed > entitled)], OVER_CLAIMED, "claimed")
    if not programme.is_ceiling:
        result.findings.add_rows(at[known & claims & (claimed < entitled)], UNDER_CLAIMED, "claimed")


def unread_amount(at: Ints, result: Settlement) -> Mask:
    """Say which lines have an amount that could not be read or assigned: something was claimed."""
    mask = np.zeros(len(result.entitled), dtype=bool)
    for part in result.findings.of("claimed"):
        mask[part.rows] = True
    return mask[at]


def _payee(programme: Programme, at: Ints, rows: Rows, lines: Lines, policy: Policy, result: Settlement) -> None:
    """Find who gets the money, and hold the lines that name nobody, or nobody that can be told."""
    found, spoiled = payee_fields(programme, lines.row[at], rows, policy)
    result.payee_field[at] = found
    for kind in dict.fromkeys(spoiled[spoiled != None]):  # noqa: E711 - by element
        _add(result.findings, at[spoiled == kind], PAYEE_MISSING, kind, rows, lines)
    nobody = at[(found == None) & (spoiled == None)]  # noqa: E711
    result.findings.add_rows(nobody, PAYEE_MISSING, policy.programmes[programme.code].payee[0])


def severities(policy: Policy) -> dict[str, str]:
    """Return every code's severity; two of them are the policy's to set (Q9, Q12)."""
    found = {code: entry.severity for code, entry in all_reasons().items()}
    found["ANNUAL_LIMIT"] = str(policy.parameter("over_limit"))
    if policy.parameter("lower_after_higher") != "allow":
        found["LOWER_AFTER_HIGHER"] = str(policy.parameter("lower_after_higher"))
    return found


def severity_of(part: Part, table: Mapping[str, str]) -> str:
    """Return the severity of findings; digits lost from an employment card are a note, since nobody is paid by it."""
    return (
        "note"
        if part.released or (part.code, part.field) == (NUMBER_PRECISION_LOST, "employment_card")
        else table[part.code]
    )


def worst_severity(findings: Findings, policy: Policy, size: int) -> npt.NDArray[np.int8]:
    """Return each line's worst severity, as an index into `SEVERITIES`."""
    worst = np.zeros(size, dtype=np.int8)
    table = severities(policy)
    for part in findings.parts:
        np.maximum.at(worst, part.rows, SEVERITIES.index(severity_of(part, table)))
    return worst


def _note_shared(
    rows: Rows, lines: Lines, persons: Ints, values: Mapping[str, Collection[str]], result: Settlement
) -> None:
    """Note shared phones and accounts."""
    for field, code in shared.NOTES.items():
        at = np.flatnonzero(shared.shared(rows, field, persons, values.get(field))[lines.row])
        _add(result.findings, at, code, field, rows, lines)


def of_two_people(rows: Rows, persons: Ints, history: History | None, values: Collection[str] | None = None) -> Mask:
    """Say which rows have a certificate number that is another person's as well, in the batch or in the ledger."""
    twice = shared.shared(rows, "certificate_no", persons, values)
    if history is not None and history.others:
        pairs = zip(rows.frame["id_number"], rows.numbers("certificate_no").to_pylist(), strict=True)
        twice |= np.array([pair in history.others for pair in pairs], dtype=bool) & (persons >= 0)
    return twice


def hold_certificates(
    programme: Programme, at: Ints, twice: Mask, rows: Rows, lines: Lines, policy: Policy, findings: Findings
) -> None:
    """Hold the lines of a programme that rest on a certificate number of two people."""
    if "certificate_no" in programme.uses:
        here = (twice & programme.used("certificate_no", rows, policy))[lines.row[at]]
        _add(findings, at[here], shared.DUPLICATE_CERTIFICATE.code, "certificate_no", rows, lines)


def _add(findings: Findings, at: Ints, code: str, field: str, rows: Rows, lines: Lines) -> None:
    """Add a finding on a field of these lines' rows, with the value that stands there."""
    findings.add_rows(at, code, field, rows.frame[field].iloc[lines.row[at]])


def finish(lines: Lines, policy: Policy, result: Settlement) -> None:
    """Set status and approved amount."""
    worst = worst_severity(result.findings, policy, len(lines.row))
    status = worst.copy()
    for part in result.findings.parts:
        if part.code == ALREADY_POSTED:
            status[part.rows] = POSTED
    result.status = status
    pays = (status <= 1) & result.known
    lesser = np.where(lines.claims, np.minimum(lines.claimed, result.entitled), result.entitled)
    lesser = np.where(result.allowed >= 0, np.minimum(result.allowed, result.entitled), lesser)
    result.approved = np.where(pays, lesser, 0)
