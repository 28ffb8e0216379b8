"""Every case as an import of earlier payments: what `claims` finds against a line, an import finds, too.

Contract, 'Ledger': an import is 'checked as a roster is'. Left out is what decides whether and how much the plan pays:
that was decided when the payment was made. Everything else says which training it was, and to whom: a payment that
does not say so for certain would be paid again.
"""

from __future__ import annotations

import numpy as np
import pytest

from support.posted import history_frame, reversed_frame
from support.settling import run
from trainingcli.claims import importing
from trainingcli.settle.settlement import History, Settlement, severities

from .reading import Case, cases
from .test_cases import _others, _policy, _setting

THE_PLANS = {
    "NOT_ELIGIBLE", "CERTIFICATE_MISSING", "CERTIFICATE_TOO_EARLY", "CERTIFICATE_KIND", "EMPLOYMENT_CARD_MISSING",
    "NO_STANDARD", "NO_BASIS", "PAYEE_MISSING", "LOWER_AFTER_HIGHER", "ANNUAL_LIMIT", "CAP_REACHED",
}  # fmt: skip
"""Who may have a subsidy, how much, how often in a year, and who gets it."""
THE_LEDGERS = {"REPEAT_TRAINING", "DUPLICATE_CLAIM", "ALREADY_POSTED"}
"""By what else is paid, which is more in an import: the random sequences of `tests/ledger` hold it."""
NOT_ASKED = {
    "category", "hardship", "certificate_type", "attended_days", "employment_card", "account", "institution",
    "employer", "organiser",
}  # fmt: skip
"""Fields that are no part of an event or repeat key."""
NOT_NEEDED = {"end_date", "certificate_no", "certificate_date"}
"""Used where they are there (columns of an import: contract, 'Ledger')."""
_IN_AN_IMPORT = {("COLUMN_NOT_READ", "claimed"): "MISSING_FIELD"}
"""A roster may claim nothing in particular; without an amount that was paid nothing is imported."""

_GROUPS: dict[object, list[Case]] = {}
for _case in cases():
    _GROUPS.setdefault(_setting(_case), []).append(_case)


def _against(found: Settlement, severity: dict[str, str]) -> set[tuple[int, str, str | None]]:
    return {
        (line, _IN_AN_IMPORT.get((part.code, part.field), part.code), part.field)
        for part in found.findings.parts if severity[part.code] in ("hold", "reject")
        for line in part.rows.tolist()
    }  # fmt: skip


def _is_asked(code: str, field: str | None) -> bool:
    if code in THE_PLANS | THE_LEDGERS or (field in NOT_ASKED and code != "PROGRAMME_CONTRADICTED"):
        return False
    return field not in NOT_NEEDED or code not in ("MISSING_FIELD", "COLUMN_NOT_READ")


@pytest.mark.parametrize("group", [*_GROUPS.values()], ids=[str(number) for number in range(len(_GROUPS))])
def test_an_import_finds_what_claims_finds(group: list[Case]) -> None:
    changes, today, programme, *_ = _setting(group[0])
    posted = [line for case in group for line in case.posted()]
    history = History(history_frame(posted), _others(group), reversed_frame(posted)) if posted else History()
    policy = _policy(changes)
    inputs = [item for case in group for item in case.inputs()]
    claimed = run(inputs, today=today, policy=policy, programme=programme, history=history)
    rows, lines, settled = claimed.parts
    imported = importing._settle(rows, lines, policy, history, today)
    severity = severities(policy)
    expected = {each for each in _against(settled, severity) if _is_asked(*each[1:])}
    assert expected - _against(imported, severity) == set()
    stopped = {line for line, *_ in expected}
    assert not stopped & set(np.flatnonzero(imported.status <= 1).tolist())
