"""What is payable → one batch of the ledger, and a posted batch as it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from trainingcli.errors import UsageError
from trainingcli.facts import BatchRef, Head
from trainingcli.language import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from trainingcli.claims.assess import Settled
    from trainingcli.ledger import BatchRecord, Ledger
    from trainingcli.settle.assessment import Assessment


DECIDED_AGAINST = "DECIDED_AGAINST"


@dataclass(frozen=True)
class Who:
    """Who posts (操作人), and why with a day before the last payment's (`--backdate`)."""

    operator: str | None = None
    backdate: str | None = None


NOBODY = Who()


def posting_day(ledger: Ledger, today: dt.date | None, backdate: str | None) -> dt.date:
    """Return the day of posting: `--today`, else the later of the clock's and the last payment's.

    A `UsageError` (exit 2) for a day before the last payment's or after the clock's, unless `--backdate WHY`.
    """
    clock, last = dt.date.today(), ledger.last_day()
    earliest = dt.date.min if last is None else dt.date.fromisoformat(last)
    if today is None:
        return max(clock, earliest)
    if backdate is None and (today < earliest or today > clock):
        zh, en = (
            (f"晚于今天 {clock}", f"after today, {clock}")
            if today > clock
            else (f"早于最近一次入账日 {last}", f"before the last posting's day, {last}")
        )
        raise UsageError(
            Text(
                f"入账日 {today} {zh}；确需如此请加 --backdate 说明原因",
                f"the day of posting, {today}, is {en}; add --backdate WHY if it must be",
            )
        )
    return today


def now() -> str:
    """Return the time of posting, ISO with its zone."""
    return dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds")


@dataclass(frozen=True)
class ReadyBatch:
    """What of an assessment is posted, as `Ledger.post` takes it."""

    assessment: Assessment
    record: BatchRecord
    payable: pd.DataFrame
    archive: bytes
    index: pd.DataFrame

    def post(self, ledger: Ledger) -> Assessment:
        """Post it as one batch, inside the ledger's transaction; return the assessment as it now stands."""
        number = ledger.post(self.record._replace(when=now()), self.payable, self.archive, self.index)
        return replace(self.assessment, batch=BatchRef(number, False), ledger=ledger.head())


def ready_batch(
    kind: str,
    assessment: Assessment,
    payable: pd.DataFrame,
    who: Who = NOBODY,
    bound: Callable[[int], int] | None = None,
    index: pd.DataFrame | None = None,
) -> ReadyBatch:
    """Make an assessment ready to be posted as a batch of this kind; nothing of it needs the ledger.

    `bound`: trainings a year, where not the policy's. `index`: every line as `Ledger.post` takes it (None: of people).
    """
    from trainingcli.claims import batch_archive as archive
    from trainingcli.claims.batch_index import index_of

    index = index_of(assessment.lines, assessment.reasons) if index is None else index
    return ReadyBatch(assessment, batch_record(kind, assessment, who, bound), payable, archive.pack(assessment), index)


def to_post(settled: Settled, ledger: Ledger, who: Who = NOBODY) -> ReadyBatch | Assessment:
    """Return the batch that a settlement becomes, or, where nothing is posted of it, how it stands.

    Where nothing is payable and one earlier batch posted exactly these inputs, that batch's assessment is returned;
    else where something is held, the batch is one without payments, and so it is where a person refused what was held:
    `ledger held` has it from there.
    """
    assessment, payable = settled.assessment, settled.payable()
    if not len(payable):
        refused = _decided_against(assessment)
        if (earlier := earlier_batch(settled, ledger)) is not None:
            posted = posted_batch(ledger, earlier)
            if not refused & _lines_of(posted.lines[posted.lines["status"] == "held"]):
                said = dict.fromkeys([*posted.warnings, *assessment.warnings])
                return replace(posted, batch=BatchRef(earlier, True), warnings=list(said))
        elif not refused and not (assessment.lines["status"] == "held").any():
            return assessment
    index = settled.index(assessment.lines, assessment.reasons) if settled.index else None
    return ready_batch(settled.kind, assessment, payable, who, index=index)


def _decided_against(assessment: Assessment) -> set[tuple[Any, ...]]:
    """Return the lines that a decision refuses."""
    reasons = assessment.reasons
    at = reasons.loc[reasons["code"] == DECIDED_AGAINST, "line"].unique()
    return _lines_of(assessment.lines.iloc[at])


def _lines_of(lines: pd.DataFrame) -> set[tuple[Any, ...]]:
    """Return lines as they are known by: input, sheet, row, programme ("": none)."""
    keys = (lines[key].astype(object).fillna("").tolist() for key in ("input", "sheet", "row", "programme"))
    return set(zip(*keys, strict=True))


def earlier_batch(settled: Settled, ledger: Ledger) -> int | None:
    """Return the batch of this kind that was posted from exactly these inputs, or None."""
    hashes = _hashes(settled.assessment)
    return ledger.find_batch([sha256 for _, sha256 in hashes], settled.kind) if hashes else None


def _hashes(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    return tuple((item.file, item.sha256) for item in assessment.inputs if item.sha256 and item.error is None)


def batch_record(kind: str, assessment: Assessment, who: Who, bound: Callable[[int], int] | None = None) -> BatchRecord:
    """Return the header of the batch that an assessment becomes; `bound`: trainings a year, where not the policy's."""
    from trainingcli.claims.batch_index import rules_of
    from trainingcli.ledger import BatchRecord

    policy = assessment.policy
    return BatchRecord(
        kind=kind,
        when=now(),
        today=assessment.today,
        policy_id=policy.id,
        policy_sha256=policy.sha256,
        inputs=_hashes(assessment),
        trainings_a_year=bound or (lambda year: policy.trainings_a_year(dt.date(year, 12, 31))),
        paid_to_trainee=policy.paid_to_trainee(),
        operator=who.operator,
        backdate=who.backdate,
        rules=rules_of(policy),
    )


def posted_batch(ledger: Ledger, batch: int) -> Assessment:
    """Return a batch's assessment as it was posted, with the head that the ledger had then.

    What was reversed since is 已冲销 (contract, 'What was reversed'). A `UsageError` (exit 2) where there is no batch.
    """
    from trainingcli.claims import batch_archive as archive

    packed = ledger.archive(batch)
    last = ledger.entries(batch).iloc[-1]
    head = Head(str(last["hash"]), int(last["entry"]))
    found = replace(archive.unpack(packed), batch=BatchRef(batch, False), ledger=head)
    taken_back = ledger.reversals(batch)
    return _taken_back(found, taken_back) if taken_back else found


def _taken_back(found: Assessment, reversals: dict[int, tuple[str, int, str | None]]) -> Assessment:
    """Mark lines as reversed: status `posted`, nothing approved, a note with day, batch and why."""
    import pandas as pd

    from trainingcli.reasons import reason

    code = reason("REVERSED")
    lines = found.lines.copy(deep=False)
    at = [line - 1 for line in reversals]
    status, approved = lines["status"].array.copy(), lines["approved"].to_numpy(copy=True)
    status[at], approved[at] = "posted", 0
    lines["status"], lines["approved"] = status, approved
    notes, kept = [], {}
    for line, (day, number, why) in reversals.items():
        said = Text(f"{day}，批次 {number}，原因：{why or '-'}", f"{day}, batch {number}, why: {why or '-'}")
        message = code.message.format(detail=said, field="", value="")
        notes.append(
            {"line": line - 1, "code": code.code, "severity": code.severity, "clause": code.clause,
             "zh": message.zh, "en": message.en}
        )  # fmt: skip
        kept[line - 1] = {"day": day, "batch": number, "why": why}
    more = pd.DataFrame(notes, columns=found.reasons.columns).astype(found.reasons.dtypes.to_dict())
    reasons = pd.concat([found.reasons, more], ignore_index=True)
    return replace(
        found, lines=lines, reasons=reasons.sort_values("line", kind="stable", ignore_index=True), reversed=kept
    )
