"""What the ledger asks of a database, in one small class: SQLite and PostgreSQL answer it with their plain drivers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from trainingcli.errors import LedgerError
from trainingcli.language import Text
from trainingcli.ledger.keys import LedgerKey
from trainingcli.ledger.schema import MARK

Row = tuple[Any, ...]


class LedgerMissingError(LedgerError):
    """There is no ledger at that address, and none was to be made (exit 4)."""


class Store(ABC):
    """One connection to one ledger's database. `?` stands for a parameter in every statement."""

    name: str
    driver_errors: tuple[type[Exception], ...]

    @abstractmethod
    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return its rows."""

    @abstractmethod
    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows in bulk."""

    @abstractmethod
    def look_up(self, sql: str, wanted: Mapping[str, Sequence[Any]]) -> list[Row]:
        """Run a query that joins `{wanted}`, a relation of the given columns (bytes, whole numbers, texts), in bulk."""

    @abstractmethod
    def begin(self) -> None:
        """Begin a transaction as the ledger's only writer, waiting for it up to the time-out."""

    @abstractmethod
    def begin_reading(self) -> None:
        """Begin a transaction that sees one state of the ledger throughout."""

    @abstractmethod
    def tables(self) -> set[str]:
        """Return the names of the tables that are there."""

    @abstractmethod
    def create_tables(self) -> None:
        """Make the ledger's tables and indexes."""

    @abstractmethod
    def add_table(self, name: str, key: LedgerKey) -> None:
        """Make one table that a ledger of an older version lacks, where nothing else of its schema was changed."""

    @abstractmethod
    def create_guards(self, key: LedgerKey) -> None:
        """Make the triggers: from here on the tables keep themselves."""

    @abstractmethod
    def schema_differs(self, key: LedgerKey) -> list[str]:
        """Return what of the schema (tables, checks, indexes, triggers, functions) is not as it was made, or extra."""

    @abstractmethod
    def set_aside(self) -> str:
        """Put an older version's tables out of the way, without guards; return what now stands before their names."""

    @abstractmethod
    def drop_aside(self, prefix: str) -> None:
        """Remove what `set_aside` put away."""

    @abstractmethod
    def damage(self) -> str | None:
        """Return what the database itself finds wrong with its pages, or None."""

    @abstractmethod
    def key(self, *, new: bool) -> LedgerKey:
        """Return the ledger's key; made where the ledger is new and has none yet."""

    @abstractmethod
    def back_up(self, label: str) -> None:
        """Copy the ledger as it is committed, under a name with this label that nothing has yet."""

    @abstractmethod
    def copy_to(self, target: Path) -> None:
        """Copy the ledger as it is committed into a new SQLite ledger, whoever writes meanwhile."""

    @abstractmethod
    def told(self, error: Exception) -> LedgerError:
        """Return a driver's error as one line with the next step."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    def commit(self) -> None:
        """Make the transaction last."""
        self.execute("COMMIT")

    def roll_back(self) -> None:
        """Undo the transaction; never fails, since there is an error to tell already."""
        with suppress(*self.driver_errors):
            self.execute("ROLLBACK")

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Turn the driver's errors into `LedgerError`."""
        try:
            yield
        except self.driver_errors as error:
            raise self.told(error) from error

    def meta(self) -> dict[str, str]:
        """Return what the ledger says of itself (`mark`, `version`, `key`); empty where nothing is there at all.

        A `LedgerError` where there are tables, but not a ledger's.
        """
        tables = self.tables()
        if not tables:
            return {}
        rows = self.execute("SELECT name, value FROM ledger_meta") if "ledger_meta" in tables else []
        meta = {str(name): str(value) for name, value in rows}
        if meta.get("mark") != MARK or not meta.get("version", "").isdecimal() or "key" not in meta:
            raise not_a_ledger(self.name)
        return meta


def not_a_ledger(name: str) -> LedgerError:
    """Return the error for a database, or a file, that is something else, whichever option named it."""
    return LedgerError(
        Text(
            f"{name} 不是 trainingcli 台账；请检查所给的地址",
            f"{name} is not a trainingcli ledger; check the address that was given",
        )
    )


def busy(name: str) -> LedgerError:
    """Return the error for a ledger that another run holds past the time-out."""
    return LedgerError(
        Text(
            f"台账 {name} 正被另一次运行占用，等待超时；没有入账，请稍后重试",
            f"the ledger {name} is in use by another run and did not become free in time; "
            "nothing was posted, try again later",
        )
    )


def refused(name: str, what: str) -> LedgerError:
    """Return the error for a constraint of the database that a posting would break."""
    return LedgerError(
        Text(
            f"台账 {name} 拒绝了这次写入（{what}）；没有入账，请重新核定后再试",
            f"the ledger {name} refused to write ({what}); nothing was posted, settle again and retry",
        )
    )
