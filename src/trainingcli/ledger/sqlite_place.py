"""The place of a SQLite ledger: what cannot hold one is refused with its reason, and the empty file is made (0600)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from trainingcli.errors import LedgerError, OutputError, UsageError, own_words
from trainingcli.language import Text
from trainingcli.ledger.files import create_private, network_share
from trainingcli.ledger.store import LedgerMissingError, not_a_ledger

_OLDEST = (3, 37, 0)  # STRICT tables


def new_file(path: Path) -> None:
    """Make the empty file (0600) that a copy is written to; what is there already is never written over."""
    try:
        made = create_private(path)
    except OSError as error:
        raise OutputError(
            Text(
                f"备份 {path} 无法写出（{own_words(error).zh}）；请换一个可写的文件夹",
                f"the backup {path} cannot be written ({own_words(error).en}); choose a folder that can be written",
            )
        ) from error
    if not made:
        raise UsageError(
            Text(f"{path} 已存在，备份不会覆盖它；请另起文件名", f"{path} is there already; name another file")
        )


def is_wal_left(path: Path) -> bool:
    """Say whether entries lie beside the file that are not in it yet."""
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


def _could_be_sqlite(path: Path) -> bool:
    """Whether SQLite may touch the file: it takes a very short file for an empty one, and would write over it."""
    with path.open("rb") as stream:
        return stream.read(16) in (b"", b"SQLite format 3\0")


def check_place(path: Path, *, create: bool) -> None:
    """Refuse what cannot hold a ledger, and make the empty file of a new one."""
    if sqlite3.sqlite_version_info < _OLDEST:
        version = sqlite3.sqlite_version
        raise LedgerError(
            Text(
                f"本机 SQLite {version} 过旧，台账需要 3.37 以上；请升级 Python",
                f"SQLite {version} is too old for the ledger, which needs 3.37; use a newer Python",
            )
        )
    if kind := network_share(path):
        raise LedgerError(
            Text(
                f"台账 {path} 位于网络共享（{kind}），SQLite 在其上不可靠；请放在本机磁盘，或改用 postgresql:// 台账",
                f"the ledger {path} lies on a network share ({kind}), where SQLite's locks do not hold; "
                "use a local disk, or a postgresql:// ledger",
            )
        )
    if path.is_symlink() and not path.exists():
        raise LedgerError(
            Text(
                f"台账 {path} 是失效的链接（指向 {path.readlink()}）；请改正链接，或用 --ledger 指定别处",
                f"the ledger {path} is a link to nothing ({path.readlink()}); mend it, or name another place",
            )
        )
    if create and not path.parent.exists():
        raise LedgerError(
            Text(
                f"台账 {path} 无法建立：没有文件夹 {path.parent}；请先建立它，或用 --ledger 指定别处",
                f"the ledger {path} cannot be made: there is no folder {path.parent}; make it, or name another place",
            )
        )
    try:
        if path.exists():
            if not path.is_file() or not _could_be_sqlite(path):
                raise not_a_ledger(str(path))
            if create or path.stat().st_size:
                return
        elif create:
            create_private(path)
            return
    except OSError as error:
        raise LedgerError(
            Text(
                f"台账 {path} 无法建立或打开（{own_words(error).zh}）；请检查文件夹及其权限",
                f"the ledger {path} cannot be made or opened ({own_words(error).en}); check folder and permissions",
            )
        ) from error
    raise LedgerMissingError(
        Text(
            f"没有台账 {path}；请检查 --ledger，或先用 claims --post 入账",
            f"there is no ledger {path}; check --ledger, or post with claims --post first",
        )
    )
