"""A PostgreSQL of the tests' own on loopback, and the ledgers that tests open."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from support.inline import read_here
from support.memory import temporary
from trainingcli import language
from trainingcli.ledger import sqlite

__all__ = ["read_here"]  # with the fixtures below

SECRET = "5e" * 32
_numbers = count(1)


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _as_postgres(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: give the folder, and the commands, to the user `postgres`."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    runuser = shutil.which("runuser") or "/usr/sbin/runuser"  # a bare PATH has no sbin
    return [runuser, "-u", "postgres", "--"]


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Messages in the default language, whatever a command run in this process has asked for."""
    language.use("zh")
    yield
    language.use("zh")


@pytest.fixture(autouse=True)
def rows_come_in_no_order_unasked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's own help against a forgotten `ORDER BY`: in every other test what was not ordered is turned round."""
    if crc32(request.node.nodeid.encode()) % 2:
        return
    monkeypatch.setattr(sqlite, "_SETTINGS", (*sqlite._SETTINGS, "reverse_unordered_selects = ON"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server, without a database; skipped only where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("initdb is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="trainingcli-pg-", dir=temporary()))
    run = _as_postgres(folder)
    data = folder / "data"
    try:
        subprocess.run(
            [*run, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c full_page_writes=off"
        control = [*run, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied_as_files(connection: Any) -> str:
    """Since version 15 another way is the usual one, which takes twice the work."""
    return " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""


def put_copy(made: str, address: str) -> None:
    """Put a ledger that is closed in the place of another, which is not made yet, with its key."""
    if not made.startswith("postgresql:"):
        for ending in ("", ".key"):
            shutil.copy(f"{made}{ending}", f"{address}{ending}")
        return
    import psycopg

    server, _, name = address.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        template = f"TEMPLATE {made.rpartition('/')[2]}{_copied_as_files(connection)}"
        connection.execute(f"CREATE DATABASE {name} {template}")


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    return str(tmp_path / "ledger.db")


@pytest.fixture
def postgres_address(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    import psycopg

    name = f"ledger{next(_numbers)}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{_copied_as_files(connection)}")
        monkeypatch.setenv("TRAININGCLI_LEDGER_KEY", SECRET)
        yield f"{postgres_server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of a ledger that is not made yet, on each database."""
    address: str = request.getfixturevalue(f"{request.param}_address")
    return address


Raw = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def raw(address: str) -> Raw:
    """Statements run past the program, as a tamperer or a broken program would; `guards=False` without triggers."""

    def run(*statements: str, guards: bool = True) -> list[tuple[object, ...]]:
        if address.startswith("postgresql:"):
            return _raw_postgres(address, statements, guards)
        return _raw_sqlite(address, statements, guards)

    return run


def _raw_sqlite(address: str, statements: tuple[str, ...], guards: bool) -> list[tuple[object, ...]]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(address, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in () if guards else triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA foreign_keys = " + ("ON" if guards else "OFF"))
        rows: list[tuple[object, ...]] = []
        connection.execute("BEGIN")
        for statement in statements:
            rows = connection.execute(statement).fetchall()
        connection.execute("COMMIT")
        for _, sql in () if guards else triggers:
            connection.execute(sql)
    return rows


def _raw_postgres(address: str, statements: tuple[str, ...], guards: bool) -> list[tuple[object, ...]]:
    import psycopg

    with psycopg.connect(address) as connection:
        if not guards:  # also switches the foreign keys' own triggers off
            connection.execute("SET session_replication_role = replica")
        rows: list[tuple[object, ...]] = []
        for statement in statements:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            rows = cursor.fetchall() if cursor.description else []
    return rows
