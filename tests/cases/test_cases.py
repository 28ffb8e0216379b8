"""Every case alone, and all cases together: the outcome must be the one that the case's file argues from the texts."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import pytest

from support.declared import read_table
from support.inline import INLINE
from support.overlays import overlay
from support.posted import history_frame, reversed_frame
from support.rosters import Sheet, input_file
from support.settling import Outcome, run
from trainingcli.evidence.deciding import Decision, decisions_of
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.people_lists import lists_of
from trainingcli.evidence.realname.read_export import export_of, words_of
from trainingcli.evidence.source import Means
from trainingcli.intake.tables.declared import declared_tables
from trainingcli.intake.tables.read_declared import to_table
from trainingcli.policy import Policy, load_policy
from trainingcli.reasons import all_reasons
from trainingcli.settle.settlement import History

from .reading import DECIDED, FOLDER, Case, Expected, cases, files

CASES = cases()
REGISTERS = {
    "NOT_IN_REGISTER", "NOT_QUALIFIED", "CLASS_NOT_FILED", "PLAN_NOT_APPROVED", "OVER_CLASS_SIZE",
    "INSTRUCTOR_NOT_ASSESSED", "ACCEPTANCE_FAILED", "ACCEPTANCE_PENDING", "OVER_BUDGET",
    "PLAN_UNKNOWN",
    "REVERSED",
}  # fmt: skip
"""Codes of registers, budgets, and columns read beside others: their own tests hold them."""

RULES = {
    "enterprise_training", "vocational_training", "living_allowance", "certificate", "technician", "claim_lines",
    "events", "floating", "payee",
}  # fmt: skip
"""Case files that are named for a rule and not for a reason."""


@cache
def _policy(changes: str) -> Policy:
    return overlay(json.loads(changes)) if changes else load_policy()


def _changes(case: Case) -> str:
    found = case.data.get("政策")
    return json.dumps(found, ensure_ascii=False, sort_keys=True, default=str) if found else ""


def _setting(case: Case) -> tuple[str, dt.date, str | None, bool, bool]:
    """What one run has only one of: policy, day, --programme; whether there is an export, a list."""
    return _changes(case), case.today, case.data.get("申领"), "系统" in case.data, "名单" in case.data


def _sources(together: Sequence[Case], law: Policy) -> Sources | None:
    """The export and the list of all cases, where they have any."""
    *_, with_export, with_list = _setting(together[0])
    means = Means(law, INLINE, together[0].today)
    read: dict[str, Any] = {}
    if with_export:
        rows = [row for case in together for row in case.export()]
        read["realname"] = export_of([input_file("系统.xlsx", Sheet(rows), words=words_of(law))], means)
    if with_list:
        table = declared_tables("people")["people"]
        rows = [row for case in together for row in case.listed()]
        found = to_table([input_file("名单.xlsx", Sheet(rows), words=table.vocabulary())], table)
        read["people"] = lists_of(found, means)
    return Sources(read=read) if read else None


def _run(together: Sequence[Case]) -> list[Outcome]:
    """Run cases of one setting as one frame."""
    changes, today, programme, *_ = _setting(together[0])
    posted = [line for case in together for line in case.posted()]
    waivers = {number: found for case in together for number, found in case.waivers().items()}
    inputs = [item for case in together for item in case.inputs()]
    history = History(history_frame(posted), _others(together), reversed_frame(posted)) if posted else None
    return run(
        inputs,
        today=today,
        policy=_policy(changes),
        programme=programme,
        standards=[entry for case in together for entry in case.standards()],
        history=history,
        waivers=waivers,
        decided=_decisions([row for case in together for row in case.decided()], _policy(changes)),
        sources=_sources(together, _policy(changes)),
    ).outcomes


def _decisions(rows: Sequence[dict[str, object]], policy: Policy) -> tuple[Decision, ...]:
    """Read what was decided, from a table as a clerk writes one."""
    if not rows:
        return ()
    headings = sorted(DECIDED)
    grid = [headings, *([_shown(row.get(heading)) for heading in headings] for row in rows)]
    return decisions_of(read_table("decisions", "decisions", {"决定": grid}), policy)


def _shown(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _others(together: Iterable[Case]) -> frozenset[tuple[str, str]]:
    """The batch's people whose certificate number the ledger has for somebody else."""
    found = set()
    for case in together:
        holders = {(line.certificate_no, line.id_number) for line in case.posted() if line.certificate_no}
        for _, sheet in case.sheets():
            for row in sheet.rows:
                number = row.get("证书编号")
                if any(held == number and holder != row["身份证号"] for held, holder in holders):
                    found.add((str(row["身份证号"]), str(number)))
    return frozenset(found)


@pytest.fixture(scope="module")
def together() -> dict[str, list[Outcome]]:
    """The outcomes by file, of all cases run as one frame for each policy, day and --programme."""
    groups: dict[object, list[Case]] = {}
    for case in CASES:
        groups.setdefault(_setting(case), []).append(case)
    found: dict[str, list[Outcome]] = {}
    for group in groups.values():
        for outcome in _run(group):
            found.setdefault(outcome.file, []).append(outcome)
    return found


def _hold(case: Case, outcomes: Sequence[Outcome]) -> None:
    expected = case.expected()
    assert [_brief(line) for line in expected] == [_brief(line) for line in outcomes]
    for line, outcome in zip(expected, outcomes, strict=True):
        for name in ("entitled", "claimed", "payee"):
            if name in line.more:
                assert getattr(outcome, name) == line.more[name], name
        for code, cells in line.more.get("cells", {}).items():
            found = {reason.cell for reason in outcome.reasons if reason.code == code}
            assert sorted(found - {None}) == cells, code


def _brief(line: Expected | Outcome) -> tuple[object, ...]:
    return line.file, line.sheet, line.row, line.programme, line.status, line.approved, sorted(set(line.codes))


@pytest.mark.parametrize("case", CASES, ids=[f"{case.topic}-{case.number}" for case in CASES])
def test_alone(case: Case) -> None:
    _hold(case, _run([case]))


@pytest.mark.parametrize("case", CASES, ids=[f"{case.topic}-{case.number}" for case in CASES])
def test_all_as_one_frame(case: Case, together: dict[str, list[Outcome]]) -> None:
    files = dict.fromkeys(file for file, _ in case.sheets())
    _hold(case, [outcome for file in files for outcome in together.get(file, ())])


def test_every_sentence_is_there_once() -> None:
    twice = [name for name, count in Counter(case.name for case in CASES).items() if count > 1]
    assert not twice


def test_every_reason_has_its_cases() -> None:
    declared = set(all_reasons()) - REGISTERS
    with_cases = {path.stem.upper() for path in files() if path.stem not in RULES}
    with_cases |= {path.stem.upper() for path in FOLDER.glob("*/*.yaml")} & declared  # plans, levy: not of claim lines
    assert with_cases == declared


def test_every_file_shows_its_reason_and_a_line_without_it() -> None:
    for path in files():
        code = path.stem.upper()
        if path.stem in RULES:
            continue
        lines = [line for case in CASES if case.topic == path.stem for line in case.expected()]
        assert any(code in line.codes for line in lines), f"{path.name} never gives {code}"
        assert any(code not in line.codes for line in lines), f"{path.name} always gives {code}"


def test_no_case_names_an_undeclared_code() -> None:
    declared = set(all_reasons())
    for path in files():
        named = set(re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", path.read_text(encoding="utf-8")))
        assert named <= declared, path.name


def test_there_are_250_cases_or_more() -> None:
    assert len(CASES) >= 250
