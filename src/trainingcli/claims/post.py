"""What is payable → one batch of the ledger, and a posted batch as it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from trainingcli.facts import BatchRef, Head

if TYPE_CHECKING:
    from trainingcli.claims.assess import Settled
    from trainingcli.ledger import Ledger
    from trainingcli.settle.assessment import Assessment


def now() -> str:
    """Return the time of posting, ISO with its zone."""
    return dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds")


def post(settled: Settled, ledger: Ledger) -> Assessment:
    """Post what is payable as one batch, inside the ledger's transaction; return the assessment as it now stands.

    Where nothing is payable and one earlier batch posted exactly these inputs, that batch's assessment is returned.
    """
    from trainingcli.claims import batch_archive as archive
    from trainingcli.ledger import BatchRecord

    assessment = settled.assessment
    hashes = tuple((item.file, item.sha256) for item in assessment.inputs if item.sha256 and item.error is None)
    payable = settled.payable()
    if not len(payable):
        earlier = ledger.find_batch([sha256 for _, sha256 in hashes]) if hashes else None
        return assessment if earlier is None else replace(posted_batch(ledger, earlier), batch=BatchRef(earlier, True))
    policy = assessment.policy
    record = BatchRecord(
        kind="claims",
        when=now(),
        today=assessment.today,
        policy_id=policy.id,
        policy_sha256=policy.sha256,
        inputs=hashes,
        trainings_a_year=policy.trainings_a_year(dt.date.fromisoformat(assessment.today)),
        paid_to_trainee=policy.paid_to_trainee(),
    )
    number = ledger.post(record, payable, archive.pack(assessment))
    return replace(assessment, batch=BatchRef(number, False), ledger=ledger.head())


def posted_batch(ledger: Ledger, batch: int) -> Assessment:
    """Return a batch's assessment as it was posted, with the head that the ledger had then.

    A `UsageError` (exit 2) where there is no such batch.
    """
    from trainingcli.claims import batch_archive as archive

    packed = ledger.archive(batch)
    last = ledger.entries(batch).iloc[-1]
    head = Head(str(last["hash"]), int(last["entry"]))
    return replace(archive.unpack(packed), batch=BatchRef(batch, False), ledger=head)
