"""From a document to what is published: workbook and pages under their names, and a record of them in the ledger.

All are written under temporary names before the ledger is locked; inside the lock the publication is recorded and
they get their names, together or not at all. Where somebody else published meanwhile, its number is another and it is
made again.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from trainingcli.claims.post import now
from trainingcli.claims.turns import post_prepared
from trainingcli.drafts import cannot_write, draft_folder, drop_drafts, make_folder, private_file, put_in_place
from trainingcli.facts import Head
from trainingcli.ledger.records import Writing
from trainingcli.replacing import refuse_replacing
from trainingcli.views.publish.document import Document, Issue, Office
from trainingcli.views.publish.page import Workbook, write_page
from trainingcli.views.publish.page_parts import file_name, parts_of
from trainingcli.views.publish.workbook import write_workbook

if TYPE_CHECKING:
    import datetime as dt

    from trainingcli.ledger import Ledger

RECORD = "published"


@dataclass(frozen=True)
class Order:
    """How it is to be published. `named`: what the run reads, and never writes over; `operator`: who publishes."""

    out: Path
    day: dt.date
    office: Office
    operator: str | None = None
    named: Sequence[str] = ()
    force: bool = False


@dataclass(frozen=True)
class File:
    """One file of the publication: where it is written first, its name in the end, its SHA-256 in hex."""

    draft: Path
    path: Path
    sha256: str


@dataclass
class Publication:
    """A document that is written, and recorded once it is posted (`claims.turns.Prepared`)."""

    document: Document
    issue: Issue
    files: Sequence[File]
    order: Order
    batch: int = 0
    in_place: bool = False

    @property
    def head(self) -> Head:
        """See `turns.Prepared`."""
        return self.issue.head

    @property
    def empty(self) -> bool:
        """See `turns.Prepared`: a publication is always recorded."""
        return False

    def unchanged(self, ledger: Ledger) -> bool:
        """See `turns.Prepared`: what it was made from is named on it; its number must still be the next."""
        return next_number(ledger) == self.issue.number

    def post(self, ledger: Ledger) -> None:
        """See `turns.Prepared`; the files get their names here. `OutputError`: nothing is recorded then."""
        writing = Writing(now(), self.order.operator, day=self.order.day.isoformat())
        kept = {**self.facts(), "outputs": [{"file": one.path.name, "sha256": one.sha256} for one in self.files]}
        self.batch = ledger.record(RECORD, [json.dumps(kept, ensure_ascii=False)], writing)
        try:
            put_in_place((one.draft, one.path) for one in self.files)
        except OSError as error:
            raise cannot_write(self.order.out, error) from None
        self.in_place = True

    def discard(self) -> None:
        """See `turns.Prepared`: what was not recorded is not there."""
        _discard([one.path if self.in_place else one.draft for one in self.files])

    def facts(self) -> dict[str, Any]:
        """Return the command's document but for its files."""
        issue = self.issue
        return {
            "kind": self.document.kind, "number": issue.number, "date": issue.day.isoformat(),
            "ledger": issue.head.shown(), **(self.document.counts or {}),
        }  # fmt: skip

    def outputs(self) -> list[dict[str, str]]:
        """Return the files, as the command's document has them."""
        return [{"file": str(one.path), "sha256": one.sha256} for one in self.files]


def publish(ledger: Ledger, make: Callable[[Ledger], Document], order: Order) -> Publication:
    """Make the document by one state of the ledger, write it, record it. `OutputError` (exit 5), `LedgerError`."""

    def prepare() -> Publication:
        with ledger.one_state():
            ledger.refuse_unsound()
            issue = Issue(next_number(ledger), order.day, ledger.head(), order.office)
            document = make(ledger)
        return Publication(document, issue, _written(document, issue, order), order)

    return post_prepared(ledger, prepare)


def next_number(ledger: Ledger) -> int:
    """Return the number of the next publication of this ledger."""
    return len(ledger.records(RECORD)) + 1


def _written(document: Document, issue: Issue, order: Order) -> list[File]:
    """Write workbook and pages under temporary names; each page names the workbook's hash."""
    stem = f"{document.name}-{issue.number}"
    count = 1 + len(parts_of(document))
    paths = [order.out / f"{stem}.xlsx", *(order.out / file_name(stem, page) for page in range(1, count + 1))]
    make_folder(order.out)
    refuse_replacing(paths, order.named, force=order.force)
    folder = draft_folder(order.out)
    drafts = [folder / secrets.token_hex(8) for _ in paths]
    try:
        book = _write(drafts[0], partial(write_workbook, document, issue))
        page = partial(write_page, document, issue, Workbook(paths[0].name, book), stem)
        pages = [_write(draft, partial(page, number)) for number, draft in enumerate(drafts[1:], 1)]
    except OSError as error:
        _discard(drafts)
        raise cannot_write(order.out, error) from None
    except BaseException:
        _discard(drafts)
        raise
    return [File(*each) for each in zip(drafts, paths, (book, *pages), strict=True)]


def _write(draft: Path, write: Callable[[IO[bytes]], None]) -> str:
    """Write one file and return the SHA-256 of its bytes."""
    with private_file(draft) as target:
        write(target)
    with draft.open("rb") as written:
        return file_digest(written, "sha256").hexdigest()


def _discard(paths: Sequence[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        drop_drafts(path.parent)
