"""A ledger of the first version, made by the program of that time: `version_1/`.

Five batches: an import (certificate `No.A-8`), two of rosters (`中式烹调师(五级)` and `cad制图员`; the certificates
`S-0001405` and `S 0001405`, which are one today, both paid; held and rejected lines), a void of batch 2's line 4
(退训), a budget. `postgres.sql` is that version's schema; its rows are those of the SQLite file.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

FOLDER = Path(__file__).parent / "version_1"
SECRET = (FOLDER / "ledger.db.key").read_text().strip()
HEAD = "b3ac2f4596a66197475f3fd0cfb77b43f5663a3b3da90259d81bb6858188b19e"
TABLES = ("ledger_meta", "batches", "archives", "entries", "places", "repeat_keys", "active", "balances")


def put(address: str) -> str:
    """Put the ledger at an address that has none; on PostgreSQL its key is in the environment then."""
    if not address.startswith("postgresql:"):
        for ending in ("", ".key"):
            shutil.copy(FOLDER / f"ledger.db{ending}", f"{address}{ending}")
        return address
    import psycopg

    os.environ["TRAININGCLI_LEDGER_KEY"] = SECRET  # the fixture of the address takes it back
    with psycopg.connect(address) as connection, closing(sqlite3.connect(FOLDER / "ledger.db")) as source:
        connection.execute((FOLDER / "postgres.sql").read_text())
        connection.execute("SET session_replication_role = replica")
        for table in TABLES:
            rows = source.execute(f"SELECT * FROM {table}")
            names = [one[0] for one in rows.description if (table, one[0]) != ("balances", "closing")]
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row[: len(names)])
    return address
