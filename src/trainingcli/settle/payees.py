"""Who gets the money (享受补贴对象): the first of the programme's payees that a row names."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trainingcli.policy import Policy
from trainingcli.settle.programmes.base import Programme
from trainingcli.settle.rows import Mask, Rows

TRAINEE = "trainee"


def payee_fields(programme: Programme, row: npt.NDArray[np.int64], rows: Rows, policy: Policy) -> tuple[Any, Any]:
    """Return, for each of these row positions, the field of its payee (`name`: the trainee), None where there is none;
    and the field that cannot be used, so that nobody else is paid instead, None where there is none."""
    found, spoiled = np.full(len(row), None, dtype=object), np.full(len(row), None, dtype=object)
    open_ = np.ones(len(row), dtype=bool)
    for kind in programme.payees(policy):
        if kind == TRAINEE:
            found[open_] = "name"
            break
        nobody = _nameless(rows, kind)
        for target, here in ((found, rows.said(kind) & ~nobody), (spoiled, rows.faulty(kind) | nobody)):
            chosen = open_ & here[row]
            target[chosen] = kind
            open_ &= ~chosen
    return found, spoiled


def _nameless(rows: Rows, kind: str) -> Mask:
    """Say where a payee's cell holds signs alone (？, ***): it names nobody."""
    places, words = rows.words(kind)
    signs = np.array([word is not None and not any(map(str.isalnum, word)) for word in words], dtype=bool)
    mask: Mask = signs[places]
    return mask
