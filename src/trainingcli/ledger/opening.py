"""Opening a ledger: make it where there is none, upgrade an older one after a backup, refuse what is none."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from trainingcli.drafts import private_folder
from trainingcli.errors import LedgerError, UsageError, own_words
from trainingcli.language import Text
from trainingcli.ledger import schema
from trainingcli.ledger.book import Ledger
from trainingcli.ledger.failpoints import failpoint
from trainingcli.ledger.keys import LedgerKey
from trainingcli.ledger.migrations import MIGRATIONS
from trainingcli.ledger.records import ArchiveReader
from trainingcli.ledger.store import LedgerMissingError, Store, not_a_ledger
from trainingcli.ledger.verification import verify
from trainingcli.places import ledger_file, server

TIMEOUT_VARIABLE = "TRAININGCLI_LEDGER_TIMEOUT"
_TIMEOUT, _LONGEST = 30.0, 86_400.0  # seconds
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class OlderLedgerError(LedgerError):
    """The ledger must be upgraded, which reading alone does not do (exit 4)."""


def usual_timeout() -> float:
    """Return how many seconds a run waits for another: what the environment says, else 30. `UsageError` (exit 2)."""
    text = os.environ.get(TIMEOUT_VARIABLE)
    if not text:
        return _TIMEOUT
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if 0 <= seconds <= _LONGEST:
        return seconds
    raise UsageError(
        Text(
            f"{TIMEOUT_VARIABLE} 应为等待秒数，0 至 86400 之间",
            f"{TIMEOUT_VARIABLE} must be the seconds to wait, from 0 to 86400",
        )
    )


def open_ledger(
    url: str | Path | None = None,
    *,
    timeout: float | None = None,
    create: bool = True,
    read_only: bool = False,
    reader: ArchiveReader | None = None,
) -> Ledger:
    """Open the ledger at a path or a `postgresql://` address (None: the default file), making it where there is none.

    `timeout`: seconds to wait for another run (None: `usual_timeout`). `create`: whether to make a new one; never with
    `read_only`. `reader`: how the archives of an older ledger are read for its upgrade.
    Raises `LedgerError` (exit 4) for what is no ledger, is from a newer version, lies on a network share, has lost its
    key or cannot be opened; `LedgerMissingError` where there is none and none is to be made; `UsageError` (exit 2) for
    an address of another kind.
    """
    wait = usual_timeout() if timeout is None else timeout
    store = _store(url, timeout=wait, create=create, read_only=read_only)
    try:
        with store.telling():
            key = _prepare(store, create=create and not read_only, read_only=read_only, reader=reader)
    except BaseException:
        store.close()
        raise
    return Ledger(store, key)


def _store(url: str | Path | None, *, timeout: float, create: bool, read_only: bool) -> Store:
    from trainingcli.ledger.sqlite import SqliteStore

    usual = ledger_file()
    if url is None:
        url = usual
    if Path(url) == usual and create and not read_only:
        _make_folder(usual.parent)
    address = str(url)
    if at_server := server(address):
        from trainingcli.ledger.postgres import PostgresStore

        return PostgresStore(at_server, timeout=timeout, read_only=read_only)
    if other := _SCHEME.match(address.strip()):
        raise UsageError(
            Text(
                f"台账地址的类型不认识：{other[0]}…；请给出文件路径或 postgresql://…",
                "this kind of ledger address is not known; give a file's path or postgresql://…",
            )
        )
    return SqliteStore(Path(url), timeout=timeout, create=create, read_only=read_only)


def _make_folder(folder: Path) -> None:
    try:
        private_folder(folder)
    except OSError as error:
        raise LedgerError(
            Text(
                f"台账文件夹 {folder} 无法建立（{own_words(error).zh}）；请用 --ledger 指定别处",
                f"the ledger's folder {folder} cannot be made ({own_words(error).en}); "
                "name another place with --ledger",
            )
        ) from error


def _prepare(store: Store, *, create: bool, read_only: bool, reader: ArchiveReader | None) -> LedgerKey:
    """Bring the ledger to the present version and return its key, checked against the ledger."""
    meta = store.meta()
    if not meta and not create:
        raise LedgerMissingError(
            Text(
                f"{store.name} 里还没有台账；请检查 --ledger，或先用 claims --post 入账",
                f"there is no ledger in {store.name} yet; check --ledger, or post with claims --post first",
            )
        )
    if meta and int(meta["version"]) == 0:
        raise not_a_ledger(store.name)
    if meta and int(meta["version"]) > schema.VERSION:
        raise LedgerError(
            Text(
                f"台账 {store.name} 由更新的版本建立（结构 {meta['version']}，本程序到 {schema.VERSION}）；"
                "请升级 trainingcli",
                f"the ledger {store.name} is from a newer version (schema {meta['version']}, this program knows "
                f"{schema.VERSION}); upgrade trainingcli",
            )
        )
    key = store.key(new=not meta)
    if not meta:
        _in_turn(store, lambda: _create(store, key))
        meta = store.meta()
    if meta["key"] != key.check:
        raise LedgerError(
            Text(
                f"密钥与台账 {store.name} 不符；请从备份放回这个台账自己的密钥",
                f"the key is not that of the ledger {store.name}; put this ledger's own key back from a backup",
            )
        )
    if int(meta["version"]) < schema.VERSION:
        if read_only:
            raise OlderLedgerError(
                Text(
                    f"台账 {store.name} 由旧版本建立，须先升级；请以可写方式打开一次",
                    f"the ledger {store.name} is from an older version and must be upgraded: open it for writing once",
                )
            )
        _in_turn(store, lambda: _upgrade(store, key, reader))
    return key


def _in_turn(store: Store, action: Callable[[], None]) -> None:
    """Run an action as the only writer; where it fails, `open_ledger` closes the connection, which undoes it."""
    store.begin()
    action()
    store.commit()


def _create(store: Store, key: LedgerKey) -> None:
    if store.meta():  # another process was faster
        return
    store.create_tables()
    store.create_guards(key)
    meta = {"mark": schema.MARK, "version": str(schema.VERSION), "key": key.check}
    store.insert("ledger_meta", ("name", "value"), list(meta.items()))
    failpoint("create.tables")


def _upgrade(store: Store, key: LedgerKey, reader: ArchiveReader | None) -> None:
    version = int(store.meta()["version"])
    if version >= schema.VERSION:  # another process was faster
        return
    store.back_up(f"v{version}-backup")
    failpoint("upgrade.backup")
    before = store.execute(_HEAD)
    for step in range(version, schema.VERSION):
        MIGRATIONS[step](store, key, reader)
        failpoint("upgrade.step")
    store.execute("UPDATE ledger_meta SET value = ? WHERE name = 'version'", (str(schema.VERSION),))
    found = verify(store, key, None)
    if store.execute(_HEAD) != before or found.problem is not None:
        problem = found.problem or Text("台账号不同", "another head")
        raise LedgerError(
            Text(
                f"台账 {store.name} 升级后未通过校验（{problem.zh}）；台账未改动，请先用原版本核对，或从备份恢复",
                f"the ledger {store.name} fails verification after its upgrade ({problem.en}); nothing was changed: "
                "look into it with the older version, or restore a backup",
            )
        )


_HEAD = "SELECT hash, entry FROM entries ORDER BY entry DESC LIMIT 1"
