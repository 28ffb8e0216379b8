"""The ledger (台账): what was paid is never paid again. SQLite by default, PostgreSQL where bureaus share one."""

from __future__ import annotations

from trainingcli.ledger.book import Ledger
from trainingcli.ledger.opening import open_ledger
from trainingcli.ledger.records import Balance, BatchRecord, Budget, Verification
from trainingcli.ledger.store import LedgerMissingError

__all__ = [
    "Balance",
    "BatchRecord",
    "Budget",
    "Ledger",
    "LedgerMissingError",
    "Verification",
    "open_ledger",
]
