"""The policy in force (政策文件): figures dated and sourced, clauses, default readings; read-only and picklable."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from trainingcli.language import Text, tr
from trainingcli.vocabulary import TRAINING

_GENERAL_NAMES = {"培训补贴": TRAINING}
"""培训补贴 alone names whichever training programme fits the row; no policy can give it to one of them."""


@dataclass(frozen=True)
class Figure:
    """One dated figure (补贴标准). `fen` is None where it is unstated (the plan is silent) or ended."""

    since: date
    fen: int | None
    state: str
    source: str
    clause: str


@dataclass(frozen=True)
class ProgrammeEntry:
    """A subsidy programme (补贴项目). `amounts`: level, or `each`, → figures by ascending date.

    `basis`: fixed | ceiling | per_day. `payee`: institution | employer | trainee, the first that is there is paid.
    `dated_by`: the date field whose figure applies (Q10).
    """

    code: str
    name: Text
    headings: tuple[str, ...]
    clause: str
    fund: str
    payee: tuple[str, ...]
    basis: str
    unit: Text
    dated_by: str
    amounts: dict[str, tuple[Figure, ...]]


class DatedNumber(NamedTuple):
    """One dated number of a `Quantity`."""

    since: date
    number: int
    source: str


@dataclass(frozen=True)
class Quantity:
    """A figure that is not money (次数、比例): whole numbers by ascending date.

    `reading`: how the plan's words about it are read, with the question's `number` (Q18); None where they are plain.
    """

    code: str
    name: Text
    unit: Text
    clause: str
    values: tuple[DatedNumber, ...]
    number: str = ""
    reading: Text | None = None

    def __post_init__(self) -> None:
        """Take plain tuples too: a batch's archive keeps them so."""
        object.__setattr__(self, "values", tuple(DatedNumber(*value) for value in self.values))


@dataclass(frozen=True)
class Reading:
    """A default reading (默认口径): what the plan leaves unclear, and how it is read. `number` is `Q7`."""

    number: str
    parameter: str
    value: Any
    clause: str
    plan: Text
    text: Text


@dataclass(frozen=True)
class Clause:
    """A clause (条款): what it asks; `lead` is None where the plan names none; `open`: the list ends in 等."""

    number: str
    title: Text
    asks: Text
    lead: str | None
    others: tuple[str, ...]
    open: bool


Dated = TypeVar("Dated", Figure, DatedNumber)


class FigureRow(NamedTuple):
    """One figure in force, as a sheet or a terminal shows it; `unit` and `amount` are in the language in use.

    `code`: the programme, award or quantity that it is of.
    """

    name: Text
    amount: str
    unit: str
    clause: str
    since: str
    code: str


@dataclass(frozen=True)
class Policy:
    """A policy file, loaded. `sha256` is that of the file's bytes (of an overlay, the overlay's)."""

    id: str
    title: Text
    sha256: str
    programmes: dict[str, ProgrammeEntry]
    awards: dict[str, ProgrammeEntry]
    quantities: dict[str, Quantity]
    all_readings: tuple[Reading, ...]
    all_clauses: dict[str, Clause]

    def parameter(self, name: str) -> Any:
        """Return a parameter's value: str, int, date, tuple of str, or dict of str; KeyError where there is none."""
        for entry in self.all_readings:
            if entry.parameter == name:
                return entry.value
        raise KeyError(name)

    def releasable(self) -> frozenset[str]:
        """Return the codes that a decision may release (放行); none by a policy from before there were decisions."""
        try:
            return frozenset(self.parameter("releasable"))
        except KeyError:
            return frozenset()

    def readings(self) -> list[Reading]:
        """Return the default readings Q1–Q13 in order; parameters that are plain in the plan are left out."""
        return [entry for entry in self.all_readings if entry.number]

    def paid_to_trainee(self) -> frozenset[str]:
        """Return the programmes whose payee is the trainee (本人)."""
        return frozenset(code for code, entry in self.programmes.items() if "trainee" in entry.payee)

    def clauses(self) -> list[Clause]:
        """Return every clause in the plan's order."""
        return list(self.all_clauses.values())

    def clause(self, number: str) -> Clause:
        """Return a clause by its number, such as `二(七)`; KeyError where there is none."""
        return self.all_clauses[number]

    def figure(self, programme: str, key: str, on: date) -> Figure | None:
        """Return the figure in force on a day for a programme or award; None where absent or not yet in force."""
        entry = self.programmes.get(programme) or self.awards.get(programme)
        return _in_force(entry.amounts.get(key, ()), on) if entry else None

    def quantity(self, code: str, on: date) -> int | None:
        """Return the number in force on a day; None before its first. KeyError where there is no such quantity."""
        found = self.number(code, on)
        return None if found is None else found.number

    def number(self, code: str, on: date) -> DatedNumber | None:
        """Return what `quantity` returns, with its date and source."""
        return _in_force(self.quantities[code].values, on)

    def trainings_a_year(self, on: date) -> int:
        """Return how many trainings a year are subsidised, 三(三); before the first dated bound, that first one."""
        found = self.quantity("trainings_a_year", on)
        return self.quantities["trainings_a_year"].values[0].number if found is None else found

    def programme_names(self) -> dict[str, str]:
        """Return every name that rosters use → programme code, with 培训补贴 → `training`."""
        named = {name: entry.code for entry in self.programmes.values() for name in entry.headings}
        return named | _GENERAL_NAMES

    def figures_in_force(self, on: str | date) -> list[FigureRow]:
        """Return what the plan gives on a day (ISO text or date): programmes, awards, quantities; no ended ones."""
        day = date.fromisoformat(on) if isinstance(on, str) else on
        rows = []
        for entry in (*self.programmes.values(), *self.awards.values()):
            for key, dated in entry.amounts.items():
                figure = _in_force(dated, day)
                if figure is not None and figure.state != "ended":
                    rows.append(_figure_row(entry, key, figure))
        for quantity in self.quantities.values():
            if found := self.number(quantity.code, day):
                unit, since = str(quantity.unit), found.since.isoformat()
                rows.append(FigureRow(quantity.name, str(found.number), unit, quantity.clause, since, quantity.code))
        return rows


def load_policy(path: Path | None = None, codes: Collection[str] = ()) -> Policy:
    """Load the shipped policy, or a given file or overlay; UsageError with file and line where that does not hold.

    `codes`: the programmes that there are rules for, which a file may name beside the shipped policy's.
    """
    from trainingcli.policy.build import given_policy, shipped_policy

    return shipped_policy() if path is None else given_policy(path, codes)


def _in_force(dated: Sequence[Dated], on: date) -> Dated | None:
    """Return what is in force on a day, of figures or numbers by ascending date: the last that had begun; else None."""
    place = bisect_right(dated, on, key=lambda each: each.since)
    return dated[place - 1] if place else None


def _figure_row(entry: ProgrammeEntry, key: str, figure: Figure) -> FigureRow:
    name = entry.name if key == "each" else Text(f"{entry.name.zh} {key}", f"{entry.name.en} {key}")
    amount = tr("方案未列", "not stated") if figure.fen is None else _yuan(figure.fen)
    return FigureRow(name, amount, str(entry.unit), figure.clause, figure.since.isoformat(), entry.code)


def _yuan(fen: int) -> str:
    return f"{fen // 100}" if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02d}"
