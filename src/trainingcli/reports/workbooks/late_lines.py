"""The lines of a workbook that are known inside the ledger's lock alone: the batch's number, the head it then has."""

from __future__ import annotations

from trainingcli.facts import BatchRef, Head
from trainingcli.language import tr

_SHORT_HEAD = 12  # digits of the ledger's head that page 1 shows; the whole stands on 说明


def posting_line(head: Head, batch: BatchRef | None) -> str:
    """Return the line on page 1: the batch, and the ledger's head in short."""
    short = head.hash[:_SHORT_HEAD]
    ledger = tr(
        f"台账：{head.entries} 条，末条 {short}…（全文见“说明”）",
        f"Ledger: {head.entries} entries, head {short}… (whole: see About)",
    )
    return ledger if batch is None else "　　".join((tr(f"入账批次：第 {batch.id} 批", f"Batch {batch.id}"), ledger))


def head_line(head: Head) -> str:
    """Return the line on 说明: the whole head."""
    return tr(f"{head.entries} 条，末条哈希 {head.hash}", f"{head.entries} entries, head {head.hash}")


def late_lines(head: Head, batch: BatchRef) -> dict[str, str]:
    """Return every late line by its name, as `stamp.refill` takes them."""
    return {"posting": posting_line(head, batch), "head": head_line(head)}
