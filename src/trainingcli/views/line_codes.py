"""The codes that hold or reject lines of a posted batch, from its archive."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.claims.batch_archive import unpack_table

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger


def codes_of(ledger: Ledger, batch: int, lines: Sequence[int]) -> dict[int, list[str]]:
    """Return line → codes, each once, as the ledger's index has them."""
    if not lines:
        return {}
    reasons = unpack_table(ledger.archive(batch), ("line", "severity", "code"), "reasons")
    own = pc.is_in(reasons["line"].cast(pa.int64()), whole(line - 1 for line in lines))
    found: dict[int, dict[str, None]] = {line: {} for line in lines}
    for reason in reasons.filter(own).to_pylist():
        if reason["severity"] in ("hold", "reject"):
            found[reason["line"] + 1][reason["code"]] = None
    return {line: list(codes) for line, codes in found.items()}


def whole(numbers: Iterable[int]) -> Any:
    """Return an array of whole numbers; of a list Arrow makes one by way of pandas, which starts slowly."""
    data = array("q", numbers)
    return pa.Array.from_buffers(pa.int64(), len(data), [None, pa.py_buffer(data)])
