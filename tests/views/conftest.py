"""Ledgers on SQLite and PostgreSQL, as the ledger's own tests make them."""

from ledger.conftest import address, chinese, postgres_address, postgres_server, sqlite_address
from support.inline import read_here

__all__ = ["address", "chinese", "postgres_address", "postgres_server", "read_here", "sqlite_address"]
