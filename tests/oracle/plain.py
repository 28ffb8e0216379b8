"""The plain re-computation of claim lines, whole: `settle` rows, with the `History` of what was posted before.

Section 5 line by line is in `lines`, section 3 across lines in `trainings`, the contract's words in `words`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from . import words
from .lines import (
    COLUMN,
    DEFAULT_POLICY,
    NAMED,
    NOTHING,
    SEVERITY,
    WIDE,
    Facts,
    Line,
    Row,
    asked,
    lesser,
    read,
    settle_alone,
    uses,
)
from .trainings import History, Waiver, apply_limits
from .words import Mark, Number

__all__ = [
    "COLUMN",
    "DEFAULT_POLICY",
    "NAMED",
    "NOTHING",
    "SEVERITY",
    "WIDE",
    "History",
    "Line",
    "Mark",
    "Number",
    "Row",
    "Waiver",
    "settle",
]


def _people_by(all_facts: list[Facts], value: Callable[[Facts], object]) -> dict[str, set[str]]:
    people: dict[str, set[str]] = {}
    for facts in all_facts:
        key = value(facts)
        if facts.person and isinstance(key, str):
            people.setdefault(key, set()).add(facts.person)
    return people


def check_sharing(lines: list[Line], all_facts: list[Facts], policy: dict, posted: dict[str, set[str]]) -> None:
    """Add DUPLICATE_CERTIFICATE, SHARED_PHONE, SHARED_ACCOUNT: one number, two valid people."""
    certificates = _people_by(all_facts, lambda facts: facts.certificate_no)
    # CHOICE: phones and accounts are compared within the batch, as written but for blanks; the note is on every line.
    phones = _people_by(all_facts, lambda facts: words.read_number_text(facts.row.phone))
    accounts = _people_by(all_facts, lambda facts: words.read_number_text(facts.row.account))
    for line in lines:
        facts = line.facts
        number = facts.certificate_no
        if line.programme and "certificate_no" in uses(line.programme, facts, policy) and isinstance(number, str):
            people = certificates.get(number, set()) | posted.get(number, set())
            # CHOICE: a row of no valid person is not one of the two, and gets no such reason.
            if facts.person and len(people) > 1:
                line.because("DUPLICATE_CERTIFICATE", "certificate_no")
        for code, of, owners in (("SHARED_PHONE", "phone", phones), ("SHARED_ACCOUNT", "account", accounts)):
            shared = owners.get(words.read_number_text(getattr(facts.row, of)), ())
            if facts.person and len(shared) > 1:
                line.because(code, of)


def check_names(lines: list[Line], all_facts: list[Facts], today: date) -> None:
    """Add ID_TWO_NAMES: one valid ID number with two names in the batch, on every line of every row with it."""
    names: dict[str, set[str]] = {}
    numbers = {facts.position: words.read_id(facts.row.id_number, today)[0] for facts in all_facts}
    for facts in all_facts:
        name = words.read_person(facts.row.name)
        if numbers[facts.position] and isinstance(name, str):
            names.setdefault(numbers[facts.position], set()).add(name)
    for line in lines:
        if len(names.get(numbers[line.facts.position] or "", ())) > 1:
            line.because("ID_TWO_NAMES", "id_number")


def settle(
    rows: list[Row],
    *,
    today: date,
    policy: dict | None = None,
    standards: dict[tuple[str, str | None], int | None] | None = None,
    history: History | None = None,
    waivers: tuple[Waiver, ...] = (),
) -> list[Line]:
    """Settle rows given in the order of input (file, sheet, row); lines come in that order, then by programme.

    `standards`: (occupation, level or None) → fen of the occupation register. `history`: what was posted before.
    """
    policy = {**DEFAULT_POLICY, **(policy or {})}
    history = history or History()
    all_facts = [read(position, row, today) for position, row in enumerate(rows)]
    lines = [line for facts in all_facts for line in asked(facts, policy)]
    for line in lines:
        settle_alone(line, line.facts, policy, today, standards or {})
    check_names(lines, all_facts, today)
    check_sharing(lines, all_facts, policy, history.certificate_people)
    apply_limits(lines, all_facts, policy, history, waivers)
    for line in lines:
        line.approved = lesser(line) if line.status in ("approved", "reduced") else 0
    return lines
