"""Earlier payments → one ledger batch (历史发放导入): what was paid before this program, checked as a roster is.

An earlier payment is a fact: no rule decides its amount or who may have it, and it may be a fourth of its year. Left
out and said is what the ledger cannot hold twice (a repeat, a duplicate, the same again, what was reversed and not
reopened), and what does not say for certain which training it paid: that would be paid again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from trainingcli.claims.assess import Settled
from trainingcli.claims.post import NOBODY, Who, ready_batch
from trainingcli.claims.prepared import PreparedBatch
from trainingcli.claims.turns import post_prepared
from trainingcli.facts import Check
from trainingcli.findings import Findings
from trainingcli.policy import Policy
from trainingcli.reasons import reason
from trainingcli.settle.assessment import Assessment
from trainingcli.settle.claim_lines import Lines, claim_lines
from trainingcli.settle.doubts import doubts
from trainingcli.settle.limits.apply import Limits
from trainingcli.settle.limits.events import Parameters
from trainingcli.settle.line_draft import NONE
from trainingcli.settle.payees import payee_fields
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.base import Programme, RepeatKey, Use
from trainingcli.settle.reversed_before import reversed_before
from trainingcli.settle.rows import Mask, Rows
from trainingcli.settle.settlement import (
    History,
    Ints,
    Settlement,
    always,
    blank,
    contradicted,
    finish,
    hold_certificates,
    of_two_people,
    report,
    unread_amount,
    worst_severity,
)

if TYPE_CHECKING:
    from trainingcli.claims.request import Request
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.ledger import Ledger

MISSING_FIELD = reason("MISSING_FIELD").code
FUTURE_DATE = reason("FUTURE_DATE").code
KEY = ("occupation", "level", "training_type", "start_date")
"""What an event and its repeat key are made of (3.2, 3.3): what a programme needs of it must be there."""
FACTS = (*KEY, "end_date", "certificate_no", "certificate_date")
"""What else says which training it was, where it is there; all other fields decide no more who is paid again."""
NO_LIMIT = 1_000_000


def import_payments(
    request: Request, policy: Policy, inputs: list[InputFile], ledger: Ledger, who: Who = NOBODY
) -> Assessment:
    """Post earlier payments as one batch; bad rows are in the result's reasons.

    They are settled before the ledger's lock, and again where their people's history has changed meanwhile.
    """
    from trainingcli.claims.rosters import read_rows

    rows = read_rows(inputs, policy, request.today)

    def prepare() -> PreparedBatch:
        with ledger.one_state():
            ledger.refuse_unsound()
            settled, head = _settled(request, policy, inputs, rows, ledger), ledger.head()
        payable = settled.payable()
        if not len(payable):
            return PreparedBatch(settled, head, None, replace(settled.assessment, ledger=head))
        batch = ready_batch(settled.kind, settled.assessment, payable, who, bound=lambda year: NO_LIMIT)
        return PreparedBatch(settled, head, batch, settled.assessment)

    return post_prepared(ledger, prepare).result


def _settled(request: Request, policy: Policy, inputs: list[InputFile], rows: Rows, ledger: Ledger) -> Settled:
    """Settle the rows by one state of the ledger; a payment's day is its own, else its training's."""
    from trainingcli.claims.history import history_of_people, people_of, unchanged
    from trainingcli.settle.lines_frame import lines_frame, payable_frame
    from trainingcli.settle.reasons_frame import reasons_frame

    people = people_of(rows)
    history = history_of_people(people, ledger)
    lines = claim_lines(rows, policy, request.programme)
    settlement = _settle(rows, lines, policy, history, request.today)
    frame = lines_frame(rows, lines, settlement, policy)
    found = Assessment(
        policy=policy,
        inputs=inputs,
        checks=[Check("ledger", True)],
        lines=frame,
        reasons=reasons_frame(settlement, lines, rows, policy),
        today=request.today.isoformat(),
    )
    payable = payable_frame(rows, lines, settlement, frame, policy)
    paid_on = rows.frame["paid_on"].take(lines.row).reset_index(drop=True).dt.strftime("%Y-%m-%d").astype("str")
    payable["day"] = paid_on.take(payable["line"] - 1).reset_index(drop=True)
    payable["day"] = payable["day"].fillna(payable["start_date"]).fillna(payable["certificate_date"])
    return Settled(found, lambda: payable, partial(unchanged, people, history), kind="import")


def _settle(rows: Rows, lines: Lines, policy: Policy, history: History, today: dt.date) -> Settlement:
    """Take each line's amount as it is; the limits only say which event it belongs to and what is there already."""
    result, persons = blank(len(lines.row)), rows.persons()
    result.findings.parts.extend(lines.findings.parts)
    always(rows, lines, result)
    _check(rows, lines, policy, of_two_people(rows, persons, history), result)
    taken_back = reversed_before(rows, lines, policy, persons, history.reversed, history.entries)
    result.findings.parts.extend(taken_back.parts)
    _check_payments(rows, lines, today, result)
    result.entitled, result.known = lines.claimed.copy(), lines.claims.copy()
    _name_payees(rows, lines, policy, result)
    parameters = replace(Parameters.of(policy), trainings_a_year=lambda year: NO_LIMIT, cap_scope="training")
    limits = Limits(
        rows, lines, policy, persons=persons, worst=worst_severity(result.findings, policy, len(lines.row)),
        entitled=result.entitled, history=history.entries, parameters=parameters,
    )  # fmt: skip
    limits.apply()
    result.accepted = limits.accepted
    result.findings.parts.extend(limits.findings.parts)
    finish(lines, policy, result)
    return result


def _check(rows: Rows, lines: Lines, policy: Policy, twice: Mask, result: Settlement) -> None:
    """Check what says which training was paid, to whom and by which programme, as a roster is checked.

    `twice`: the rows whose certificate number is another person's as well.
    """
    result.findings.parts.extend(doubts(rows, lines, policy).parts)
    for place, programme in enumerate(programmes(lines.codes)):
        at = np.flatnonzero(lines.programme == place)
        if len(at):
            found = _faults(programme, at, rows, lines, policy)
            result.findings.parts.extend(contradicted(programme, at, rows, lines, policy, found).parts)
            hold_certificates(programme, at, twice, rows, lines, policy, result.findings)


def _faults(programme: Programme, at: Ints, rows: Rows, lines: Lines, policy: Policy) -> Findings:
    """Return what is wrong with the fields that say which training it was, and with its repeat key's."""
    found = Findings()
    own = "training_type" if programme.repeat_key is RepeatKey.TRAINING_TYPE else "level"
    for field in FACTS:
        use = programme.uses.get(field, Use.USED)
        if field in programme.uses or field in ("occupation", own):
            needed = use if field in KEY else Use.USED
            report(field, needed, rows, programme.used(field, rows, policy), at, lines, found)
    if programme.uses.get("start_date") is not Use.NEEDED:  # a certificate's date is one, too
        undated = rows.missing("start_date") & rows.missing("certificate_date")
        found.add_rows(at[undated[lines.row[at]]], MISSING_FIELD, "start_date")
    return found


def _check_payments(rows: Rows, lines: Lines, today: dt.date, result: Settlement) -> None:
    """Check when and how much was paid: a day that can be read and has come, one amount."""
    everything = np.arange(len(lines.row))
    report("paid_on", Use.USED, rows, np.ones(len(rows), dtype=bool), everything, lines, result.findings)
    late = rows.dates("paid_on") > np.datetime64(today, "s")
    result.findings.add(late[lines.row], FUTURE_DATE, "paid_on", rows.frame["paid_on"].iloc[lines.row])
    nothing = ~lines.claims & (lines.programme != NONE) & ~unread_amount(everything, result)
    result.findings.add(nothing, MISSING_FIELD, "claimed")


def _name_payees(rows: Rows, lines: Lines, policy: Policy, result: Settlement) -> None:
    """Say who was paid, as of a roster; a row that names nobody was paid all the same."""
    for place, programme in enumerate(programmes(lines.codes)):
        at = np.flatnonzero(lines.programme == place)
        result.payee_field[at], _ = payee_fields(programme, lines.row[at], rows, policy)
