"""The export as one act (付款导出): asked whether it went out before, written as drafts, kept in the chain, named.

The record is committed before the files get their names: a crash between leaves an export that has to be asked for
again with a reason, never two that nobody knows of.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from trainingcli.claims.post import now
from trainingcli.drafts import cannot_write, draft_folder, drop_drafts, make_folder, private_file, put_in_place
from trainingcli.errors import OutputError, UsageError
from trainingcli.evidence.accounts import RegisteredAccounts
from trainingcli.facts import Head
from trainingcli.language import Text
from trainingcli.ledger.records import Writing
from trainingcli.money import yuan_text
from trainingcli.replacing import refuse_replacing
from trainingcli.views.payments.control import ControlTask, write_control
from trainingcli.views.payments.files import PaymentFile, files_of, refuse_unwritable
from trainingcli.views.payments.payments import Payment, payments_of, standing_lines
from trainingcli.views.payments.profile import Profile

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger

KIND = "payments"
"""The kind of the ledger's records of exports."""


@dataclass(frozen=True)
class AskedExport:
    """What is to be exported. `again`: why what went out goes out again; `rest`: only what earlier exports left out.

    `named`: what the run reads, and never writes over.
    """

    batches: Sequence[int]
    profile: Profile
    registered: RegisteredAccounts
    out: Path
    today: dt.date
    operator: str | None = None
    again: str | None = None
    rest: bool = False
    named: Sequence[str] = ()
    force: bool = False


@dataclass
class Exported:
    """What came of it. `number` of the export and `batch` of its record: None where nothing went out."""

    payments: list[Payment]
    head: Head
    number: int | None = None
    batch: int | None = None
    files: Sequence[PaymentFile] = ()
    outputs: list[str] = field(default_factory=list)


def export(ledger: Ledger, asked: AskedExport) -> Exported:
    """Export what the batches paid. UsageError (exit 2) where one is none, was imported, or went out before."""
    _refuse_others(ledger, asked.batches)
    with _Drafts(asked.out) as drafts:
        with ledger.transaction():
            ledger.refuse_unsound()
            earlier = _earlier(ledger)
            left = _left(earlier, asked)
            lines = standing_lines(ledger, asked.batches)
            lines = [line for line in lines if (only := left[line["batch"]]) is None or line["entry"] in only]
            found = Exported(payments_of(lines, asked.registered, asked.today), ledger.head())
            refuse_unwritable(found.payments, asked.profile)
            payable = [payment for payment in found.payments if payment.problem is None]
            if not payable:
                return found
            found.number = len(earlier) + 1
            found.files = files_of(payable, asked.profile, found.number, asked.today.isoformat())
            _write(drafts, found, asked)
            found.batch = _keep(ledger, found, asked)
            found.head = ledger.head()
        drafts.name(found)
    found.outputs = [str(path) for _, path in drafts.pairs]
    return found


def _refuse_others(ledger: Ledger, batches: Sequence[int]) -> None:
    kinds = ledger.batches().set_index("batch")["kind"].to_dict()
    for batch in batches:
        if batch not in kinds:
            zh = f"台账没有批次 {batch}；请用 trainingcli ledger list 查看批次"
            raise UsageError(Text(zh, f"the ledger has no batch {batch}; see trainingcli ledger list"))
        if kinds[batch] == "import":
            zh = f"批次 {batch} 是导入的历史发放，早已付过，不再导出"
            raise UsageError(Text(zh, f"batch {batch} was imported: paid before this program, and not paid again"))


def _earlier(ledger: Ledger) -> list[tuple[str, int, Mapping[str, Any]]]:
    """Return the earlier exports: day, batch of the record, what it says."""
    rows = ledger.records(KIND)
    return [
        (str(day), int(batch), json.loads(facts))
        for day, batch, facts in zip(rows["day"], rows["batch"], rows["facts"], strict=True)
    ]


def _left(earlier: Sequence[tuple[str, int, Mapping[str, Any]]], asked: AskedExport) -> dict[int, set[int] | None]:
    """Return which entries of each batch may go out, None: all. UsageError for what went out and is not asked again."""
    left: dict[int, set[int] | None] = dict.fromkeys(asked.batches)
    for day, record, said in earlier:
        for batch in asked.batches:
            if batch not in said["batches"]:
                continue
            if asked.again is None and not asked.rest:
                zh = f"批次 {batch} 已于 {day} 导出付款（第 {said['number']} 号，台账批次 {record}）；"
                zh += "确需再次导出请加 --again 原因；只导出当时没有付出的请加 --rest"
                en = f"batch {batch} went out on {day} (export no. {said['number']}, the ledger's batch {record}); "
                en += "add --again WHY to export it again, or --rest for what was left out"
                raise UsageError(Text(zh, en))
            if asked.rest:
                left[batch] = set(said["left"])
    return left


def _write(drafts: _Drafts, found: Exported, asked: AskedExport) -> None:
    assert found.number is not None, "what is written has a number"
    task = ControlTask(
        found.number, asked.today.isoformat(), asked.batches, asked.profile.name, found.head, found.files,
        found.payments, asked.again,
    )  # fmt: skip
    names = [*(file.name for file in found.files), f"付款{found.number}-控制表.xlsx"]
    refuse_replacing([asked.out / name for name in names], asked.named, force=asked.force)
    for file in found.files:
        drafts.write(file.name, partial(_put, file.data))
    drafts.write(names[-1], partial(write_control, task))


def _put(data: bytes, target: IO[bytes]) -> None:
    target.write(data)


def _keep(ledger: Ledger, found: Exported, asked: AskedExport) -> int:
    """Write the export into the chain; return the batch of the record. Nothing of it names a person."""
    paid = [payment for payment in found.payments if payment.problem is None]
    facts = {
        "number": found.number, "batches": list(asked.batches), "bank": asked.profile.name, "payments": len(paid),
        "lines": sum(len(payment.entries) for payment in paid), "yuan": yuan_text(sum(payment.fen for payment in paid)),
        "files": [{"file": file.name, "sha256": file.sha256} for file in found.files],
        "left": [entry for payment in found.payments if payment.problem is not None for entry in payment.entries],
    }  # fmt: skip
    writing = Writing(now(), asked.operator, asked.again, asked.today.isoformat())
    return ledger.record(KIND, [json.dumps(facts, ensure_ascii=False, separators=(",", ":"))], writing)


class _Drafts:
    """Files under hidden names until the ledger has committed; whatever fails before leaves none of them."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._folder: Path | None = None
        self.pairs: list[tuple[Path, Path]] = []

    def __enter__(self) -> _Drafts:
        return self

    def write(self, name: str, write: Any) -> None:
        """Write one file. OutputError (exit 5) where it cannot be."""
        if self._folder is None:
            make_folder(self._out)
            self._folder = draft_folder(self._out)
        draft, path = self._folder / secrets.token_hex(4), self._out / name
        self.pairs.append((draft, path))
        try:
            with private_file(draft) as target:
                write(target)
        except OSError as error:
            raise cannot_write(path, error) from None

    def name(self, found: Exported) -> None:
        """Give the files their names; the ledger has committed, so a failure here must say that."""
        try:
            put_in_place(self.pairs)
        except OSError as error:
            why = cannot_write(self._out, error).text
            zh = f"导出已记入台账（批次 {found.batch}），但文件未能写出：{why.zh}请用 --again 重新导出"
            en = f"the export is in the ledger (batch {found.batch}), but its files are not written: {why.en}"
            raise OutputError(Text(zh, f"{en} Export again with --again")) from None

    def __exit__(self, *_: object) -> None:
        for draft in self._unnamed():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
        if self._folder is not None:
            drop_drafts(self._folder)

    def _unnamed(self) -> Iterator[Path]:
        return (draft for draft, _ in self.pairs)
