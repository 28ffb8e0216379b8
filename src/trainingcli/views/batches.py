"""The ledger's batches as people look at them; plain rows, so that a small ledger is listed without pandas."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from trainingcli.language import tr
from trainingcli.masking import mask_numbers, mask_place
from trainingcli.money import yuan_text
from trainingcli.result import Listing, columns

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger


BATCHES = Listing(
    "batches",
    columns("""
    batch          批次        count  Batch
    kind           种类        code   Kind
    date           日期        date   Date
    -day           入账日      date   Posting day
    operator       操作人      text   Operator
    why            原因        text   Why
    inputs         来源        place  Inputs
    policy         政策        text   Policy
    lines          笔数        count  Lines
    yuan           金额(元)    yuan   Yuan
    reversed       已冲销      count  Reversed
    reversed_yuan  冲销金额    yuan   Reversed yuan
    """),
)


def batches_view(ledger: Ledger) -> list[dict[str, Any]]:
    """Return batches with date (local), operator, why, inputs, policy, lines, yuan, and what was reversed of them."""
    return [
        {
            "batch": found["batch"],
            "kind": found["kind"],
            "date": local_time(found["posted_at"])[:10],
            "day": found["day"],
            "operator": _masked(found["operator"]),
            "why": _masked(found["backdate"] if found["why"] is None else found["why"]),
            "inputs": _names(found["inputs"]),
            "policy": found["policy"],
            "lines": found["lines"],
            "yuan": yuan_text(found["approved"]),
            "reversed": found["reversed_lines"],
            "reversed_yuan": yuan_text(found["reversed"]),
        }
        for found in ledger.batch_rows()
    ]


def _masked(text: str | None) -> str | None:
    return None if text is None else mask_numbers(text)


def _names(inputs: str) -> str:
    """Return the file names of a batch's inputs, masked: the first, and how many more."""
    try:
        names = [mask_place(PurePath(item["file"]).name) for item in json.loads(inputs)]
    except (ValueError, TypeError, KeyError):  # somebody changed it outside the program
        return tr("已损坏，请用 ledger verify 校验", "damaged: run ledger verify")
    return f"{names[0]} (+{len(names) - 1})" if len(names) > 1 else "".join(names)


def local_time(text: str) -> str:
    """Return a time of the ledger in the local zone, ISO; one that is none stays as it is."""
    try:
        return dt.datetime.fromisoformat(text).astimezone().isoformat(timespec="seconds")
    except ValueError:
        return text
