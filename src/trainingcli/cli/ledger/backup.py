"""`trainingcli ledger backup`: a consistent copy while others write."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.errors import OutputError
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result, written

HELP = tr("备份台账（他人入账时也可）。", "Copy the ledger, while others write.")


@told
def run(
    file: Annotated[Path, typer.Argument(metavar=tr("文件", "FILE"), help=tr("备份文件。", "The copy's file."))],
    ledger: options.LedgerPath = None,
) -> Result:
    """Copy the ledger as it is committed; its key is not part of the copy."""
    from trainingcli.claims.post import now
    from trainingcli.ledger.backup_note import note_backup
    from trainingcli.ledger.keys import key_path
    from trainingcli.masking import mask_place

    with session.existing_ledger(ledger) as book:
        book.back_up(file)
        head = book.head()
        kept = {"when": now(), "file": str(file.absolute()), "head": head.hash, "entries": head.entries}
        with contextlib.suppress(OutputError):  # beside a ledger that may only be read; the copy is made all the same
            note_backup(book.name, kept)
    key = key_path(Path(book.name))
    where = f" {mask_place(str(key))} " if key.is_file() else ""  # of a server's ledger the bureau knows
    apart = Message(
        Text(
            f"备份不含密钥；请把密钥{where}的副本另放一处，没有它备份打不开。",
            f"the copy has no key: keep a copy of the key{where.rstrip()} apart; without it the copy does not open.",
        )
    )
    return written([str(file)], [apart], head=head.hash, entries=head.entries)
