"""Lines of the ledger, or of settled rosters → the classes of the frame, their people, what is risky in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.claims.batch_archive import unpack_evidence
from trainingcli.compared import folded_name, squeeze
from trainingcli.masking import mask_id, mask_name
from trainingcli.settle.occupations import parted
from trainingcli.views.inspection.classes import PARTS, InspectedClass, Trainee, label_of
from trainingcli.views.inspection.risks import Facts, risks_of, weight_of
from trainingcli.views.paid_lines import archive_lines, paid_lines, paid_table, plain_columns

if TYPE_CHECKING:
    from trainingcli.evidence.register_contents import Contents
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy
    from trainingcli.settle.assessment import Assessment
    from trainingcli.views.period import Period

_OF_CLASS = ("institution", "employer", "class_no", "archived.occupation", "archived.level", "archived.start_date")
_COLUMNS = ("batch", "line", "approved", "name", "id_number", "archived.end_date", *_OF_CLASS)
_PLACES = ("file", "sheet", "row")
_APART = "\x1f"  # between the parts of a class: a sign that no cell holds
Flags = Sequence[Mapping[str, Any]]
Place = tuple[str, str, int]


@dataclass
class Gathered:
    """What a frame is made of. `lines`: `id_number`, `name`, `approved`, `status`, `end_date`, and the class's columns.

    `flags`: label as compared → code → how many. `began`: institution as compared → the day (ISO) of its first class.
    """

    lines: pa.Table
    flags: Mapping[str, Counter[str]] = field(default_factory=dict)
    began: dict[str, str] = field(default_factory=dict)


def of_ledger(ledger: Ledger, period: Period) -> Gathered:
    """Return what was paid to people in a period and stands, of one state of the ledger."""
    with ledger.one_state():
        columns = [*_COLUMNS, "day", "reversed_on", "subject_kind"]
        lines = paid_table(ledger, columns, since=period.since, until=period.until)
        first, last = period.ends
        within = pc.and_(pc.greater_equal(lines["day"], first), pc.less_equal(lines["day"], last))
        lines = lines.filter(pc.and_(_stands(lines), within))
        flags = _flags_of_batches(ledger, pc.unique(lines["batch"]).to_pylist())
        began = _first_days(ledger)
    status = pa.array(["approved"] * lines.num_rows, pa.string())
    return Gathered(lines.append_column("status", status), flags, began)


def of_rosters(assessment: Assessment, ledger: Ledger | None) -> Gathered:
    """Return every line of settled rosters, with the first classes that the ledger knows."""
    lines = pa.Table.from_pandas(assessment.lines, preserve_index=False)
    wanted = [*(name for name in _COLUMNS if name not in ("batch", "line")), "status", *_PLACES]
    table = plain_columns(lines, wanted)
    flags = _flags_by_class(assessment.evidence.get("flags") or (), table)
    began = {} if ledger is None else _first_days(ledger)
    _add_first_days(began, table)
    return Gathered(table, flags, began)


def _stands(paid: pa.Table) -> Any:
    """Say which payments are somebody's (a base or a studio is no class) and were not reversed."""
    return pc.and_(pc.is_null(paid["reversed_on"]), pc.equal(paid["subject_kind"], "person"))


def _flags_of_batches(ledger: Ledger, batches: Iterable[int]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for batch in batches:
        flags = unpack_evidence(ledger.archive(batch), "flags") or ()
        if flags:
            rows = archive_lines(ledger, batch, [*_OF_CLASS, *_PLACES])
            for label, counts in _flags_by_class(flags, rows).items():
                found.setdefault(label, Counter()).update(counts)
    return found


def _flags_by_class(flags: Flags, lines: pa.Table) -> dict[str, Counter[str]]:
    """Count each flag once for every class in which one of its cells lies."""
    if not flags:
        return {}
    keys = [folded_name(label) for label in _labels(lines)]
    places = zip(*(lines[name].to_pylist() for name in _PLACES), strict=True)
    classes: dict[Place, str] = dict(zip(places, keys, strict=True))
    found: dict[str, Counter[str]] = {}
    for flag in flags:
        cells = (classes.get((cell["file"], cell["sheet"], _row(cell["cell"]))) for cell in flag["cells"])
        for key in {key for key in cells if key is not None}:
            found.setdefault(key, Counter())[flag["code"]] += 1
    return found


def _row(cell: str) -> int:
    match = re.search("[0-9]+$", cell)
    return int(match[0]) if match else 0


def _first_days(ledger: Ledger) -> dict[str, str]:
    """Return the day on which each institution's first class began, of all payments that stand."""
    began: dict[str, str] = {}
    columns = ("reversed_on", "subject_kind", "institution", "employer", "archived.start_date")
    for table in paid_lines(ledger, columns):
        _add_first_days(began, table.filter(_stands(table)))
    return began


def _add_first_days(began: dict[str, str], lines: pa.Table) -> None:
    named = pa.table({"who": _institution(lines), "day": lines["archived.start_date"]})
    for row in named.group_by("who").aggregate([("day", "min")]).to_pylist():
        if row["who"] and row["day_min"]:
            key = folded_name(row["who"])
            began[key] = min(began.get(key, row["day_min"]), row["day_min"])


def _institution(lines: pa.Table) -> Any:
    return pc.coalesce(lines["institution"], lines["employer"])


def _joined(lines: pa.Table) -> Any:
    """Return each line's class as one text of its parts as written."""
    parts = [_institution(lines), *(lines[name] for name in _OF_CLASS[2:])]
    return pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), _APART)


def _labels(lines: pa.Table) -> list[str]:
    texts = _joined(lines).to_pylist()
    known = {text: label_of(_parts(text)) for text in set(texts)}
    return [known[text] for text in texts]


def _parts(text: str) -> list[str | None]:
    """Return the parts of a class; a level in brackets behind the occupation is the level, and no part of it."""
    institution, class_no, occupation, level, start = (part or None for part in text.split(_APART))
    name, behind = parted(occupation) if occupation else (None, None)
    return [institution, class_no, name if behind else occupation, level or behind, start]


def classes_of(
    gathered: Gathered, policy: Policy, filed: Contents | None
) -> tuple[list[InspectedClass], list[Trainee]]:
    """Return the classes by label, and their people, masked. `filed`: the register of classes, for their acceptance."""
    coded = _joined(gathered.lines).combine_chunks().dictionary_encode()
    parts = [_parts(text) for text in coded.dictionary.to_pylist()]
    keys = [folded_name(label_of(one)) for one in parts]
    number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    which = pa.array([number[key] for key in keys], pa.int64()).take(coded.indices.cast(pa.int64()))
    lines = gathered.lines.append_column("class", which)
    written = {number[key]: one for key, one in reversed(list(zip(keys, parts, strict=True)))}
    counted = _counted(lines)
    acceptance = _Acceptance(filed)
    found = []
    for key, place in number.items():
        own = counted[place]
        facts = Facts(
            gathered.flags.get(key, {}), own["lines"], own["held"], own["rejected"], own["approved"],
            acceptance.of(written[place]), _is_first(written[place], gathered.began),
        )  # fmt: skip
        risks = tuple(risks_of(facts, policy))
        shown = dict(zip(PARTS, written[place], strict=True))
        found.append(
            InspectedClass(
                **shown,
                end_date=own["end_date"],
                people=own["people"],
                yuan=own["approved"],
                risks=risks,
                weight=weight_of(risks, policy),
            )
        )
    labels = {place: one.label for place, one in zip(number.values(), found, strict=True)}
    return sorted(found, key=lambda one: one.label), list(_people(lines, labels))


def _counted(lines: pa.Table) -> dict[int, dict[str, Any]]:
    """Count each class: lines by status, distinct people, fen approved, the last end."""
    for status in ("held", "rejected"):
        lines = lines.append_column(status, pc.equal(lines["status"], status).cast(pa.int64()))
    asked = [
        ("status", "count"), ("held", "sum"), ("rejected", "sum"), ("approved", "sum"),
        ("id_number", "count_distinct"), ("archived.end_date", "max"),
    ]  # fmt: skip
    names = ("lines", "held", "rejected", "approved", "people", "end_date")
    rows = lines.group_by("class").aggregate(asked).to_pylist()
    columns = [f"{name}_{how}" for name, how in asked]
    return {row["class"]: {name: row[column] for name, column in zip(names, columns, strict=True)} for row in rows}


def _people(lines: pa.Table, labels: Mapping[int, str]) -> Iterator[Trainee]:
    """Yield each class's people by class and their first line, masked."""
    told = lines.filter(pc.is_valid(lines["id_number"])).group_by(["class", "id_number"], use_threads=False)
    rows = told.aggregate([("name", "first")]).to_pylist()
    for row in sorted(rows, key=lambda row: labels[row["class"]]):
        yield Trainee(labels[row["class"]], mask_name(row["name_first"] or ""), mask_id(row["id_number"]))


def _is_first(parts: Sequence[str | None], began: Mapping[str, str]) -> bool:
    institution, start = parts[0], parts[-1]
    return bool(institution and start) and began.get(folded_name(institution or "")) == start


class _Acceptance:
    """What the register of classes says of their acceptance."""

    def __init__(self, filed: Contents | None) -> None:
        self._is_there = filed is not None
        self._rows: dict[str, list[tuple[str | None, str]]] = {}
        for entry in filed.entries if filed is not None else ():
            if number := entry.get("class_no"):
                who = entry.get("institution")
                said = (who and folded_name(who), entry.get("acceptance") or "")
                self._rows.setdefault(folded_name(number), []).append(said)

    def of(self, parts: Sequence[str | None]) -> str | None:
        """Return the result of a class: "" where the register has none, None without a register.

        A class is its number and the institution that filed it; where either names none, the number alone counts.
        """
        if not self._is_there:
            return None
        institution = folded_name(parts[0]) if parts[0] else None
        rows = self._rows.get(folded_name(parts[1]), []) if parts[1] and squeeze(parts[1]) else []
        same = [said for who, said in rows if who is None or institution is None or who == institution]
        return same[0] if same else ""
