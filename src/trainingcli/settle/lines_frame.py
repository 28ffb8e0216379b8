"""Rows, lines and their settlement → the frame of claim lines that reports and the ledger take."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from trainingcli.policy import Policy
from trainingcli.settle.claim_lines import Lines
from trainingcli.settle.line_draft import NONE
from trainingcli.settle.programmes import programmes
from trainingcli.settle.rows import Rows
from trainingcli.settle.settlement import STATUS_OF, Settlement

_TEXTS = (
    "name", "id_number", "category", "hardship", "training_type", "occupation", "level", "institution", "employer",
    "class_no", "certificate_type", "certificate_no", "phone", "bank", "account", "employed",
)  # fmt: skip
_DATES = ("start_date", "end_date", "certificate_date")


def lines_frame(rows: Rows, lines: Lines, settlement: Settlement, policy: Policy) -> pd.DataFrame:
    """Return one row a claim line, in the lines' order; columns as `Assessment.lines` describes them."""
    taken = rows.frame[[*_TEXTS, *_DATES, "row", "sheet"]].take(lines.row).reset_index(drop=True)
    sheets = taken.pop("sheet").to_numpy()
    organiser = rows.frame["organiser"].take(lines.row).reset_index(drop=True)
    origins = rows.roster.origins
    frame: dict[str, Any] = {
        "input": np.array([origin.input for origin in origins] or [0], dtype=np.int32)[sheets],
        "file": _words([origin.file for origin in origins], sheets),
        "sheet": _words([origin.sheet for origin in origins], sheets),
        "row": taken.pop("row"),
        "programme": _words([*lines.codes, None], lines.programme),
        **{name: taken[name] for name in (*_TEXTS, *_DATES)},
        "days": pd.array(np.where(settlement.days > 0, settlement.days, np.nan), dtype="Int32"),
        "claimed": _fen(lines.claimed, lines.claims),
        "entitled": _fen(settlement.entitled, settlement.known),
        "approved": settlement.approved,
        "status": _words(list(STATUS_OF), settlement.status.astype(np.int64)),
        "payee": _payees(taken.assign(organiser=organiser), settlement),
        "fund": _words([*(policy.programmes[code].fund for code in lines.codes), None], lines.programme),
        **_earlier(settlement),
    }
    return pd.DataFrame(frame)


def _earlier(settlement: Settlement) -> dict[str, Any]:
    """What the ledger paid of lines that it has: fen, batch, day."""
    at = np.array(list(settlement.earlier), dtype=np.int64)
    paid = list(settlement.earlier.values())
    known, days = np.zeros(len(settlement.status), dtype=bool), sorted({one.day for one in paid if one.day})
    known[at] = True
    fen, batch = np.zeros(len(known), dtype=np.int64), np.zeros(len(known), dtype=np.int64)
    day = np.full(len(known), NONE, dtype=np.int64)
    fen[at], batch[at] = [one.fen for one in paid], [one.batch or 0 for one in paid]
    day[at] = [days.index(one.day) if one.day else NONE for one in paid]
    return {
        "earlier_paid": _fen(fen, known),
        "earlier_batch": _fen(batch, known & (batch > 0)),
        "earlier_day": _words([*days, None], day),
    }


def _words(words: list[str | None], places: Any) -> Any:
    """Return a text column of few distinct words; place -1 is the last word."""
    import pyarrow as pa

    table = pa.array(words, pa.large_string())
    return pd.array(table.take(pa.array(np.where(places == NONE, len(words) - 1, places))), dtype="str")


def _fen(values: Any, known: Any) -> Any:
    return pd.arrays.IntegerArray(values.astype(np.int64), ~known)


def _payees(taken: pd.DataFrame, settlement: Settlement) -> Any:
    payee = pd.Series(pd.array([None] * len(taken), dtype="str"))
    for kind in ("organiser", "institution", "employer", "name"):
        payee = payee.mask(settlement.payee_field == kind, taken[kind])
    return payee


def payable_frame(
    rows: Rows, lines: Lines, settlement: Settlement, frame: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """Return the lines to be paid (approved or reduced), as `Ledger.post` takes them."""
    at = np.flatnonzero(settlement.status <= 1)
    paid = frame.take(at).reset_index(drop=True)
    chosen = {
        "id_number": paid["id_number"],
        "event": settlement.accepted.event[at],
        "event_year": settlement.accepted.event_year[at],
        "own": settlement.accepted.own[at],
        "place": pd.array(settlement.accepted.place[at], dtype="str"),
        "programme": paid["programme"],
        "occupation": pd.array(settlement.accepted.occupation[at], dtype="str"),
        "level": pd.array(settlement.accepted.level[at], dtype="str"),
        "training_type": paid["training_type"],
        "start_date": _iso(settlement.accepted.start[at].astype("datetime64[D]")),
        "end_date": _iso(paid["end_date"].to_numpy()),
        "certificate_date": _iso(paid["certificate_date"].to_numpy()),
        "certificate_no": _numbers(rows, lines).where(_uses_number(rows, lines, policy))[at].reset_index(drop=True),
        "key": pd.array(settlement.accepted.key[at], dtype="str"),
        "approved": settlement.approved[at],
        "fund": paid["fund"],
        "payee": paid["payee"],
        "line": at + 1,
        "waiver": pd.array(settlement.accepted.waiver[at], dtype="str"),
        "decision": pd.array(settlement.decision[at], dtype="str"),
        "facts": paid["certificate_type"].map(_kind_of_certificate).where(_uses_number(rows, lines, policy)[at]),
    }
    return pd.DataFrame(chosen)


@cache
def _kind_of_certificate(term: str | None) -> str | None:
    """Return what an entry keeps of a certificate beside its number, as JSON: later runs ask for its type (四(三))."""
    return json.dumps({"certificate_type": term}, ensure_ascii=False) if isinstance(term, str) else None


def _numbers(rows: Rows, lines: Lines) -> pd.Series[str]:
    """Return each line's certificate number as compared: the ledger knows no other form."""
    return pd.Series(pd.array(rows.numbers("certificate_no").take(lines.row), dtype="str"))


def _iso(dates: Any) -> Any:
    """Return dates as ISO texts, null where there is none."""
    texts = np.datetime_as_string(dates.astype("datetime64[D]"))
    return pd.Series(pd.array(texts, dtype="str")).mask(np.isnat(dates))


def _uses_number(rows: Rows, lines: Lines, policy: Policy) -> Any:
    """Say which lines' programmes use the certificate number."""
    mask = np.zeros(len(lines.row), dtype=bool)
    for place, programme in enumerate(programmes(policy.programmes)):
        if "certificate_no" in programme.uses:
            at = np.flatnonzero(lines.programme == place)
            mask[at] = programme.used("certificate_no", rows, policy)[lines.row[at]]
    return mask
