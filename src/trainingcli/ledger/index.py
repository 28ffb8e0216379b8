"""Beside the chain: who is in which batch, and what of each training and programme was held or rejected last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from trainingcli.masking import starred

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.ledger.keys import LedgerKey
    from trainingcli.ledger.store import Store

REFUSED = frozenset({"held", "rejected"})
_KEY = ("subject", "training", "programme")


def subjects(key: LedgerKey, index: pd.DataFrame) -> list[bytes]:
    """Return each line's subject's key: a person's, or a unit's by its own name."""
    if "unit_kind" not in index.columns:
        known = _keyed(index["subject"].tolist(), key)
        return [known[text] for text in index["subject"]]
    pairs = zip(index["unit_kind"], index["subject"], strict=True)
    return [key.bodies(kind or "", [name])[0] for kind, name in pairs]


def _keyed(texts: Sequence[str], key: LedgerKey) -> Mapping[str, bytes]:
    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, key.people(distinct), strict=True))


def keep(store: Store, key: LedgerKey, batch: int, index: pd.DataFrame) -> None:
    """Keep a batch's lines: what was paid since is refused no more, what was refused is the latest.

    `index`: a row a line, as `Ledger.post` takes it.
    """
    owners, latest = said(key, index)
    store.insert("appearances", ("subject", "batch"), [(owner, batch) for owner in owners])
    store.look_up(
        "DELETE FROM refused WHERE (subject, training, programme) IN"
        " (SELECT wanted.subject, wanted.training, wanted.programme FROM {wanted})",
        dict(zip(_KEY, zip(*latest, strict=True), strict=True)) if latest else {name: [] for name in _KEY},
    )
    rows = [(*one, batch, *facts) for one, facts in latest.items() if facts[1] in REFUSED]
    store.insert("refused", (*_KEY, "batch", "line", "status", "codes"), rows)


def said(key: LedgerKey, index: pd.DataFrame) -> tuple[list[bytes], dict[tuple[bytes, str, str], tuple[int, str, str]]]:
    """Return whom a batch's lines are of, and what it says last of each subject, training and programme.

    The latter as line, status and codes.
    """
    owners = subjects(key, index)
    latest: dict[tuple[bytes, str, str], tuple[int, str, str]] = {}
    index = index.assign(training=index["training"].fillna("").map(starred))
    columns = (index[name].fillna("") for name in ("training", "programme", "line", "status", "codes"))
    for owner, training, programme, line, status, codes in zip(owners, *columns, strict=True):
        before = latest.get((owner, training, programme))
        if before is None or before[1] in REFUSED:  # what the batch pays is not refused by its duplicate
            latest[owner, training, programme] = (int(line), status, codes)
    return list(dict.fromkeys(owners)), latest
