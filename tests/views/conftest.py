"""Ledgers on SQLite and PostgreSQL, as the ledger's own tests make them."""

from ledger.conftest import address, chinese, postgres_address, postgres_server, sqlite_address

__all__ = ["address", "chinese", "postgres_address", "postgres_server", "sqlite_address"]
