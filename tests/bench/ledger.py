"""A ledger of two million lines: look-up of 200,000 people and posting of 200,000 lines, beside bare driver calls.

Prints a line for each: what, our CPU seconds, the bare calls' CPU seconds (tab-separated).
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from trainingcli.ledger import BatchRecord, open_ledger

sys.path.insert(0, str(Path(__file__).parent))

from rosters import id_number

MILLION = 1_000_000
CHUNK = 200_000


def lines(first: int, count: int) -> pd.DataFrame:
    """Make the lines of `count` people, one training each."""
    numbers = range(first, first + count)
    texts = {
        "id_number": [id_number(number, number % 2) for number in numbers],
        "place": "year", "programme": "certificate", "occupation": "虚构工种", "level": "高级工", "training_type": None,
        "start_date": "2020-07-01", "end_date": "2020-07-15", "certificate_date": "2020-08-01",
        "certificate_no": [f"S{number:014d}" for number in numbers], "key": "虚构工种|高级工", "fund": "市财政",
        "payee": "虚构培训学校", "waiver": None,
    }  # fmt: skip
    frame = pd.DataFrame(texts)
    return frame.assign(
        event=[-number - 1 for number in range(count)],
        event_year=2020,
        own=False,
        approved=60_000,
        line=range(1, count + 1),
    )


def record(number: int) -> BatchRecord:
    """Head one batch."""
    inputs = ((f"r{number}.xlsx", f"{number:064x}"),)
    return BatchRecord(
        "claims",
        "2021-12-31T09:00:00+08:00",
        "2021-12-31",
        "taiyuan-2019",
        "0" * 64,
        inputs,
        3,
        frozenset({"living-allowance"}),
    )


def timed(work: Callable[[], Any]) -> float:
    """Return the CPU seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def bare_post(path: Path, rows: list[tuple[Any, ...]]) -> None:
    """Insert as many rows of as many columns with the driver alone, in one transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO bare VALUES ({marks})", rows)
    connection.execute("COMMIT")
    connection.close()


def bare_look_up(path: Path, people: list[bytes]) -> list[Any]:
    """Fetch the people's rows through a temporary table with the driver alone."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TEMP TABLE wanted (person BLOB PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT INTO wanted VALUES (?)", [(person,) for person in sorted(people)])
    found = connection.execute(
        "SELECT b.* FROM wanted JOIN bare b ON b.person = wanted.person ORDER BY b.entry"
    ).fetchall()
    connection.close()
    return found


def main() -> None:
    """Fill both databases to two million lines, then time the next look-up and posting of each."""
    folder = Path(sys.argv[1])
    bare = folder / "bare.db"
    make = sqlite3.connect(bare)
    make.execute("PRAGMA journal_mode = WAL")
    names = "person BLOB, entry INTEGER, event INTEGER, year INTEGER, place TEXT, place_no INTEGER, programme TEXT, occupation TEXT"
    more = "level TEXT, start TEXT, finish TEXT, issued TEXT, certificate BLOB, key TEXT, approved INTEGER, fund TEXT, payee TEXT, hash BLOB"
    make.execute(f"CREATE TABLE bare ({names}, {more})")
    make.execute("CREATE UNIQUE INDEX by_key ON bare (person, key)")
    make.execute("CREATE UNIQUE INDEX by_place ON bare (subject, year, place, place_no)")
    make.execute("CREATE UNIQUE INDEX by_certificate ON bare (certificate, programme, person)")
    make.close()
    with open_ledger(folder / "ledger.db") as ledger:
        for number in range(2 * MILLION // CHUNK):
            post(ledger, bare, number)
        first = [id_number(n, n % 2) for n in range(0, 2 * MILLION, 10)]
        certificates = [f"S{n:014d}" for n in range(0, 2 * MILLION, 10)]
        ours = timed(lambda: ledger.history(first, certificates))
        keys = [bytes.fromhex(key) for key in ledger.person_keys(first)]
        print(
            f"look-up of 200,000 people among 2 million lines (CPU)\t{ours}\t{timed(lambda: bare_look_up(bare, keys))}"
        )
        ours, plain = post(ledger, bare, 2 * MILLION // CHUNK)
        print(f"posting of 200,000 lines to 2 million (CPU)\t{ours}\t{plain}")


def post(ledger: Any, bare: Path, number: int) -> tuple[float, float]:
    """Post one chunk to both; return what each cost."""
    frame = lines(number * CHUNK, CHUNK)

    def through_the_ledger() -> None:
        with ledger.transaction():
            ledger.post(record(number), frame, b"")

    ours = timed(through_the_ledger)
    people = [bytes.fromhex(key) for key in ledger.person_keys(frame["id_number"].tolist())]
    rows = [
        (person, number * CHUNK + place, number * CHUNK + place, 2020, "year", 1, "certificate", "虚构工种", "高级工", "2020-07-01",
         "2020-07-15", "2020-08-01", person[::-1], "虚构工种|高级工", 60_000, "市财政", "虚构培训学校", person + person)
        for place, person in enumerate(people)
    ]  # fmt: skip
    return ours, timed(lambda: bare_post(bare, rows))


if __name__ == "__main__":
    main()
