"""The one frame that every view of the ledger is made of (已付明细): what was paid, with all that the archives know.

    for table in paid_lines(ledger, ["approved", "fund", "reversed_on", "institution"], since="2021-01-01"):
        ...                                             # an Arrow table of a batch's payments, in posting order

    with ledger.one_state():                            # several reads that must agree: one state of the ledger
        head, paid = ledger.head(), paid_table(ledger, COLUMNS, districts=Districts(contents))

**A row a payment**, claims, awards and imports alike, over all batches. Its reversal stands beside it: `reversed_on`
(the reversal's day of posting) and `reversed_in` (its batch), null while it stands. Who counts money adds `approved` by
`day` and takes it off by `reversed_on`; who counts what stands takes the rows whose `reversed_on` is null.

Columns, any of them, by name (texts are strings, days ISO texts, money whole fen):

- of the ledger's entry: `ledger.queries.PAID`. `day`: of posting (contract-2, 4). `year`: the budget's (Q21).
  `subject`: the person's or unit's key (bytes), `subject_kind` person, base or studio. `event`: one number for the
  payments of one training, `event_year` the year whose place it took. `payee`: 本人 where the trainee is paid.
- worked out: `date` (the event's: its start, else its certificate's) · `district` (by `districts`; null without) ·
  `is_employee` (category 企业职工; where the archive has none, by programme: contract-2, 4, 'Employee').
- of the batch's archive, every other name: `name`, `id_number`, `category`, `institution`, `employer`, `class_no`,
  `host` … as `Assessment.lines` has them; null in an archive without such a column. One that the ledger has under the
  same name is asked for as `archived.occupation`: as the roster wrote it.

Memory is bounded by one batch; its archive is opened only where a column of it is asked for. SQLite and PostgreSQL give
the same. Every function may raise `LedgerError` (exit 4).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.claims.batch_archive import unpack_table
from trainingcli.coded_columns import by_value, distinct_rows, plain, written_out
from trainingcli.ledger.entry_frames import KEY
from trainingcli.ledger.queries import PAID
from trainingcli.views.districts import Districts

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger

ARCHIVED = "archived."
EMPLOYEE = "企业职工"
WHERE = ("institution", "employer", "host")
"""Whose district a line's is, the first that is listed."""
NUMBERS = frozenset({"input", "row", "days", "claimed", "entitled", "approved"})
"""Columns of an archive's lines that are no texts; sums in fen."""
NEEDS = {
    "date": ("start_date", "certificate_date"),
    "district": ("start_date", "certificate_date", *WHERE),
    "is_employee": ("programme", "category"),
}
"""Column that is worked out → the columns that it is made of."""
NOWHERE = Districts()


class Narrowed(TypedDict, total=False):
    """Which payments, and by which lists. `batches`: only theirs. `since`, `until` (ISO, None: open): only what was
    paid or reversed in that time, both days included. `districts`: what `district` is looked up in.
    """

    batches: Container[int] | None
    since: str | None
    until: str | None
    districts: Districts


def paid_table(ledger: Ledger, columns: Sequence[str], **narrowed: Unpack[Narrowed]) -> pa.Table:
    """Return the payments as one table, of these columns even where nothing was paid."""
    empty = pa.table({name: pa.array([], _type(name)) for name in columns})
    return pa.concat_tables([empty, *paid_lines(ledger, columns, **narrowed)])


def paid_lines(ledger: Ledger, columns: Sequence[str], **narrowed: Unpack[Narrowed]) -> Iterator[pa.Table]:
    """Yield the payments, a batch at a time, with these columns in this order; see the module."""
    return map(plain, coded_lines(ledger, columns, **narrowed))


def coded_lines(ledger: Ledger, columns: Sequence[str], **narrowed: Unpack[Narrowed]) -> Iterator[pa.Table]:
    """Yield the same with texts coded (`coded_columns`) where they are so already."""
    districts = narrowed.get("districts", NOWHERE)
    since, until = narrowed.get("since") or "", narrowed.get("until") or "~"
    needs = {name: parts for name, parts in NEEDS.items() if name != "district" or districts}
    wanted = list(dict.fromkeys([*columns, *(part for name in columns for part in needs.get(name, ()))]))
    archived = [name for name in wanted if name not in PAID and name not in NEEDS]
    own = list(dict.fromkeys([*(name for name in wanted if name in PAID), *(["line"] if archived else [])])) or ["line"]
    for batch, paid in ledger.payments(own, narrowed.get("batches"), since, until):
        if archived:
            rows = archive_lines(ledger, batch, archived).take(pc.subtract(paid["line"], 1))
            for name in archived:
                paid = paid.append_column(name, rows[name])
        for name in columns:
            if name in NEEDS:
                paid = paid.append_column(name, _WORKED_OUT[name](paid, districts))
        yield paid.select(list(columns))


def some_archived(
    ledger: Ledger, lines: Iterable[tuple[int, int]], columns: Sequence[str]
) -> dict[tuple[int, int], dict[str, Any]]:
    """Return (batch, line) → what its archive says of these lines; each archive is opened once."""
    wanted: dict[int, set[int]] = {}
    for batch, line in lines:
        wanted.setdefault(batch, set()).add(line)
    found = {}
    for batch, numbers in wanted.items():
        rows = archive_lines(ledger, batch, columns)
        found.update({(batch, number): rows.slice(number - 1, 1).to_pylist()[0] for number in sorted(numbers)})
    return found


def _type(name: str) -> Any:
    kinds = {"int": pa.int64(), "Int": pa.int64(), "bool": pa.bool_(), "key": KEY}
    if name in PAID:
        return kinds.get(PAID[name], pa.string())
    number = name.removeprefix(ARCHIVED) in NUMBERS
    return pa.bool_() if name == "is_employee" else pa.int64() if number else pa.string()


def archive_lines(ledger: Ledger, batch: int, columns: Sequence[str]) -> pa.Table:
    """Return every line of a batch's archive with these columns: numbers, texts, days as ISO texts; line 1 first.

    A column that the archive lacks is null.
    """
    plain = [name.removeprefix(ARCHIVED) for name in columns]
    return plain_columns(unpack_table(ledger.archive(batch), [*plain, "status"]), columns)


def plain_columns(lines: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Return these columns of `Assessment.lines` as `archive_lines` does."""
    data = {}
    for name in columns:
        own = name.removeprefix(ARCHIVED)
        column: Any = lines[own] if own in lines.column_names else pa.nulls(lines.num_rows)
        is_day = pa.types.is_timestamp(column.type)
        data[name] = pc.strftime(column, "%Y-%m-%d") if is_day else column.cast(_type(name))
    return pa.table(data)


def _date(paid: pa.Table, districts: Districts) -> Any:
    return pc.coalesce(*(written_out(paid[name]) for name in NEEDS["date"]))


def _is_employee(paid: pa.Table, districts: Districts) -> Any:
    """One of a line's categories (、 between) is 企业职工; without any, its programme is one for employees."""
    from trainingcli.settle.programmes import codes, programmes
    from trainingcli.settle.programmes.base import Trainees

    of_employees = [each.code for each in programmes(codes()) if each.people_are is Trainees.EMPLOYEES]
    by_programme = by_value(paid["programme"], lambda codes: pc.is_in(codes, pa.array(of_employees)))
    said = pc.match_substring_regex(paid["category"], f"(^|、){EMPLOYEE}(、|$)")
    return pc.coalesce(said, by_programme)


def _district(paid: pa.Table, districts: Districts) -> Any:
    """Look each distinct place and day up once."""
    if not districts:
        return pa.nulls(paid.num_rows, pa.string())
    rows, which = distinct_rows(paid, NEEDS["district"])
    days = _date(rows, districts).to_pylist()
    found = [districts.of([row[name] for name in WHERE], day) for row, day in zip(rows.to_pylist(), days, strict=True)]
    return pa.array(found, pa.string()).take(pa.array(which))


_WORKED_OUT = {"date": _date, "district": _district, "is_employee": _is_employee}
