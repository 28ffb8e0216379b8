"""The ledger: it opens, verifies, has its key, is for its owner alone, was copied lately."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from trainingcli.doctor.finding import Finding, fail, ok, warn
from trainingcli.ledger import Ledger
from trainingcli.ledger.backup_note import last_backup
from trainingcli.ledger.keys import key_path
from trainingcli.masking import mask_place, without_password
from trainingcli.places import server

_OLD = dt.timedelta(days=31)


def driver(address: str) -> Finding:
    """PostgreSQL's library: needed where the ledger is there."""
    from importlib.util import find_spec

    has = find_spec("psycopg") is not None
    if server(address) and not has:
        return fail(
            "postgresql",
            "缺少 PostgreSQL 程序库；请安装 trainingcli[postgres]",
            "its library is missing; install trainingcli[postgres]",
        )
    if server(address) is None:
        return ok("postgresql", "没有用到", "not used")
    return ok("postgresql", without_password(address), without_password(address))


def nothing_there(address: str) -> Finding:
    """There is no ledger at the place."""
    place = mask_place(without_password(address))
    return warn("ledger", f"{place} 还没有台账；第一次入账时建立", f"none at {place} yet; the first posting makes it")


def ledger(opened: Ledger, address: str, today: dt.date) -> Iterator[Finding]:
    """Everything about a ledger that opened."""
    found = opened.verify()
    if found.problem is None:
        head, entries = found.head.hash[:8], found.head.entries
        yield ok(
            "ledger",
            f"{mask_place(opened.name)}，{entries} 条，校验通过，摘要 {head}…",
            f"{mask_place(opened.name)}, {entries} entries, verified, head {head}…",
        )
    else:
        yield fail(
            "ledger",
            f"没有通过校验：{found.problem.zh}；请勿再入账，从备份恢复",
            f"fails verification: {found.problem.en}; post nothing more, restore a backup",
        )
    if server(address) is None:
        yield from _modes(Path(address))
    yield _backup(opened.name, found.head.entries, today)


def _modes(path: Path) -> Iterator[Finding]:
    for name, file in (("mode", path), ("key", key_path(path))):
        if not file.exists():
            continue  # the ledger did not open without its key
        shown = mask_place(str(file))
        if os.name != "nt" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield warn(
                name, f"{shown} 别人也能读；请执行 chmod 600", f"{shown} may be read by others; run chmod 600 on it"
            )
        else:
            yield ok(name, f"{shown} 只有本人能读", f"{shown} is for its owner alone")


def _backup(name: str, entries: int, today: dt.date) -> Finding:
    kept = last_backup(name)
    if kept is None:
        return warn(
            "backup",
            "不知道何时备份过；请用 ledger backup 备份，密钥另放一处",
            "no copy is known; make one with ledger backup, and keep the key apart",
        )
    day, since = str(kept["when"])[:10], entries - int(kept["entries"])
    zh, en = f"{day} 备份到 {mask_place(str(kept['file']))}", f"{day} to {mask_place(str(kept['file']))}"
    if since and dt.date.fromisoformat(day) < today - _OLD:
        return warn("backup", f"{zh}，此后又有 {since} 条；请再备份", f"{en}, {since} entries since; make another")
    return ok("backup", f"{zh}，此后又有 {since} 条" if since else zh, f"{en}, {since} entries since" if since else en)
