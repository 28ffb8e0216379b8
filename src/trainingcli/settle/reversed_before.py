"""Reversed before (冲销后再申领), reading 8.3: what was paid and taken back is not paid again by accident.

A line is held where the person has a reversed payment of that programme, neither paid again nor reopened since, with
the same certificate number, or the same start and no contradiction, or the same repeat key near it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trainingcli.findings import Findings
from trainingcli.language import Text
from trainingcli.masking import kept
from trainingcli.reasons import reason
from trainingcli.settle.claim_lines import Lines
from trainingcli.settle.line_draft import NONE
from trainingcli.settle.occupations import occupation_of, parted
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.base import RepeatKey
from trainingcli.settle.programmes.certificate import ABILITY, ABILITY_CERTIFICATE
from trainingcli.settle.rows import Mask, Rows

if TYPE_CHECKING:
    from trainingcli.policy import Policy
    from trainingcli.settle.programmes.base import Programme

REVERSED_BEFORE = reason("REVERSED_BEFORE").code
Fields = Mapping[Any, Any]


def reversed_before(
    rows: Rows,
    lines: Lines,
    policy: Policy,
    persons: Any,
    reversed_: pd.DataFrame | None,
    entries: pd.DataFrame | None,
) -> Findings:
    """Return the lines that meet a reversed payment which was not paid again since.

    `reversed_`, `entries`: as `Ledger.reversed` and `Ledger.history` give them.
    """
    found = Findings()
    if reversed_ is None or not len(reversed_):
        return found
    by_code = {one.code: one for one in programmes(policy.programmes)}
    standing = _by_person([] if entries is None else _records(entries, rows))
    taken: dict[tuple[str, str], list[Fields]] = {}
    for who, payments in _by_person(_records(reversed_, rows)).items():
        programme = by_code.get(who[1])
        taken[who] = [
            paid for paid in payments if programme and not _again(paid, standing.get(who, ()), programme, policy)
        ]
    known = rows.frame["id_number"].isin(list(reversed_["id_number"].unique())).to_numpy(dtype=bool) & (persons >= 0)
    for at in np.flatnonzero(known[lines.row] & (lines.programme != NONE)).tolist():
        programme = by_code[lines.codes[lines.programme[at]]]
        line = _facts(rows, int(lines.row[at]), programme.used("certificate_no", rows, policy), programme)
        for fields in taken.get((line["id_number"], programme.code), ()):
            if field := _meets(line, fields, programme, policy):
                found.add_rows(np.array([at], dtype=np.int64), REVERSED_BEFORE, field, details=[_told(fields)])
                break
    return found


def _records(payments: pd.DataFrame, rows: Rows) -> list[dict[str, Any]]:
    """Return payments with their occupations as compared in this batch, and the level behind one that has no other."""
    found: list[Any] = payments.astype(object).where(payments.notna(), None).to_dict("records")
    for paid in found:
        if text := paid["occupation"]:
            paid["occupation"], paid["level"] = occupation_of(text, rows.aliases), paid["level"] or parted(text)[1]
    return found


def _by_person(payments: Sequence[Fields]) -> dict[tuple[str, str], list[Fields]]:
    found: dict[tuple[str, str], list[Fields]] = {}
    for paid in payments:
        found.setdefault((paid["id_number"], paid["programme"]), []).append(paid)
    return found


def _again(paid: Fields, standing: Sequence[Fields], programme: Programme, policy: Policy) -> bool:
    """Say whether a reversed payment was paid again: one that stands came later, and is of the same training."""
    later = (one for one in standing if one["entry"] > paid["reversed_by"])
    return any(_meets(one, paid, programme, policy) for one in later)


def _facts(rows: Rows, row: int, uses_number: Mask, programme: Programme) -> Fields:
    """Return what of a row says which training it is; a faulty field says nothing."""

    def value(field: str) -> Any:
        taken = rows.frame[field].iloc[row]
        return None if pd.isna(taken) or rows.faulty(field)[row] else taken

    places, words = rows.occupations()
    level = value("level")
    if level is None and rows.among("certificate_type", [ABILITY_CERTIFICATE])[row]:
        level = ABILITY
    number = (
        rows.numbers("certificate_no")[row].as_py() if "certificate_no" in programme.uses and uses_number[row] else None
    )
    return {
        "id_number": rows.frame["id_number"].iloc[row], "certificate_no": number, "occupation": words[places[row]],
        "level": level, "training_type": value("training_type"), "start_date": _day(value("start_date")),
    }  # fmt: skip


def _meets(line: Fields, paid: Fields, programme: Programme, policy: Policy) -> str | None:
    """Return the field by which a line meets a reversed payment, or None."""
    if line["certificate_no"] is not None and line["certificate_no"] == paid["certificate_no"]:
        return "certificate_no"
    start, began = _day(line["start_date"]), _day(paid["start_date"])
    agrees = all(not line[name] or not paid[name] or _same(line[name], paid[name]) for name in ("occupation", "level"))
    if start is not None and start == began and agrees:
        return "start_date"
    near = start is None or began is None or abs((start - began).days) <= int(policy.parameter("reversed_days"))
    if near and _one_key(line, paid, programme, str(policy.parameter("repeat_without_level"))):
        return "occupation"
    return None


def _one_key(line: Fields, paid: Fields, programme: Programme, without_level: str) -> bool:
    """Say whether both have one repeat key (reading 3.2, Q8) under the policy in force."""
    if not line["occupation"] or not paid["occupation"] or not _same(line["occupation"], paid["occupation"]):
        return False
    if programme.repeat_key is not RepeatKey.TRAINING_TYPE and (line["level"] or paid["level"]):
        return bool(line["level"] == paid["level"])
    if without_level == "ignore" or kept(line["training_type"] or "") != kept(paid["training_type"] or ""):
        return False
    start = _day(line["start_date"])
    year = None if start is None else start.year
    return without_level != "type_and_year" or year in (None, paid["event_year"])


def _same(one: str, other: str) -> bool:
    return kept(one) == kept(other)


def _day(value: Any) -> dt.date | None:
    if value is None:
        return None
    return dt.date.fromisoformat(value) if isinstance(value, str) else pd.Timestamp(value).date()


def _told(paid: Fields) -> Text:
    why = paid["why"] or "-"
    return Text(
        f"批次 {paid['batch']} 第 {paid['line']} 笔，{paid['reversed_on']} 由批次 {paid['reversed_in']} 冲销，"
        f"原因：{why}",
        f"line {paid['line']} of batch {paid['batch']}, reversed on {paid['reversed_on']} by batch "
        f"{paid['reversed_in']}, why: {why}",
    )
