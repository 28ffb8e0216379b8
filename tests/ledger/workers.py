"""What other processes do to a ledger in the tests; run by a fork server that has the libraries loaded already."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from typing import Any

import pandas as pd

from trainingcli.errors import LedgerError
from trainingcli.ledger import Ledger, open_ledger

from .claims import COLUMNS, awards, line, lines, record

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pandas", "pyarrow", "trainingcli.ledger.posting", "trainingcli.ledger.entry_frames"])


def payable(ledger: Ledger, wanted: pd.DataFrame, bound: int = 3) -> pd.DataFrame:
    """Settlement in small: no repeat, and no fourth training of a year (every line an event of its own)."""
    history = ledger.history(wanted["id_number"], [])
    keys = set(zip(history["id_number"], history["key"], strict=True))
    taken = history.groupby("id_number").size().to_dict()
    kept = []
    for row in wanted.to_dict("records"):
        who = row["id_number"]
        if (who, row["key"]) not in keys and taken.get(who, 0) < bound:
            keys.add((who, row["key"]))
            taken[who] = taken.get(who, 0) + 1
            kept.append(row)
    return pd.DataFrame(kept, columns=list(COLUMNS)).astype(COLUMNS).assign(event=range(-len(kept), 0))


def claims(first: int, count: int) -> pd.DataFrame:
    """Claims of few people for many occupations: most overlap those of the other processes."""
    numbers = range(first, first + count)
    return lines(*(line(1 + n % 500, occupation=f"工种{n // 500 % 5}", approved=30_000) for n in numbers))


def payable_awards(ledger: Ledger, first: int, count: int) -> pd.DataFrame:
    """Awards of few studios for many rounds that were not given yet; most overlap those of the other processes."""
    wanted = [(1 + n % 500, f"第{n // 500 % 5}轮") for n in range(first, first + count)]
    given = ledger.units("studio", [f"工作室{number}" for number, _ in wanted])
    taken = set(zip(given["unit"], given["once_key"], strict=True))
    return awards(*(one for one in wanted if (f"工作室{one[0]}", f"studio-award|{one[1]}") not in taken))


def post_all(
    address: str, wanted: list[tuple[int, int]], environment: dict[str, str], done: Any = None, of: str = "claims"
) -> None:
    """Post slices of claims, or of awards, one after the other, each in a transaction of its own."""
    os.environ.update(environment)
    with open_ledger(address, timeout=120) as ledger:
        if done is not None:
            done.value = 1
        for first, count in wanted:
            with ledger.transaction():
                of_units = of == "awards"
                found = payable_awards(ledger, first, count) if of_units else payable(ledger, claims(first, count))
                if len(found):
                    ledger.post(record(f"{first % 16:x}", kind=of), found, b"archive" * 100)


def open_new(address: str, environment: dict[str, str], ready: Any, outcomes: Any) -> None:
    """Open a ledger at the same moment as others do."""
    os.environ.update(environment)
    ready.wait()
    try:
        with open_ledger(address, timeout=60) as ledger:
            outcomes.put(ledger.head().entries)
    except LedgerError as error:
        outcomes.put(str(error))


def as_nobody(address: str, action: str, outcomes: Any) -> None:
    """Do something to a ledger without root's rights."""
    if os.geteuid() == 0:
        with tempfile.TemporaryDirectory() as folder:  # loads every library while it can still be read
            post_all(f"{folder}/ledger.db", [(0, 1)], {})
        os.setgid(65534)
        os.setuid(65534)
    try:
        if action == "read":
            with open_ledger(address, read_only=True) as ledger:
                outcomes.put(str(ledger.head().entries))
        else:
            with open_ledger(address) as ledger, ledger.transaction():
                ledger.post(record(), lines(line(900)), b"")
            outcomes.put("posted")
    except LedgerError as error:
        outcomes.put(f"exit {int(error.exit_code)}: {error}")


def run(target: Any, *arguments: Any) -> Any:
    """Start a process and wait for its end; return its exit code."""
    process = FORKS.Process(target=target, args=arguments)
    process.start()
    process.join()
    return process.exitcode


def upgrade(address: str, environment: dict[str, str]) -> None:
    """Open a ledger of the first version, which upgrades it."""
    from trainingcli.claims.batch_index import EarlierArchives

    os.environ.update(environment)
    with open_ledger(address, timeout=60, reader=EarlierArchives()):
        pass
