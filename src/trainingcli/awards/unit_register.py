"""The register of bases and studios (units.xlsx): which names are one unit, who is listed, what differs (三(四))."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trainingcli.awards.kinds import kind_of
from trainingcli.awards.lines import AwardLine, Unit
from trainingcli.awards.unit_names import unit_name
from trainingcli.compared import folded, folded_name
from trainingcli.evidence.register_contents import Contents, Entry
from trainingcli.language import Text

_COMPARED = ("host", "recognised", "document")


@dataclass(frozen=True)
class ListedUnit:
    """One row: a unit and grade. `names`: its own as compared first, then former ones; `shown`: as they are written."""

    kind: str
    names: tuple[str, ...]
    shown: tuple[str, ...]
    entry: Entry

    def holds(self, day: dt.date | None) -> bool:
        """Whether it is not withdrawn on a day; of an unknown day that is not looked at."""
        withdrawn = self.entry.get("withdrawn")
        return day is None or withdrawn is None or day < withdrawn


@dataclass(frozen=True)
class UnitRegister:
    """The register's rows; `of_name`: kind and name → the unit that it is of; `names_of`: unit → all its names."""

    rows: Sequence[ListedUnit] = ()
    of_name: Mapping[Unit, Unit] = field(default_factory=dict)
    names_of: Mapping[Unit, Sequence[str]] = field(default_factory=dict)
    supplied: bool = False

    def unit(self, named: Unit) -> Unit:
        """Return the unit that a kind and name stand for: the same one for all names of a row."""
        return self.of_name.get(named, named)

    def names(self, named: Unit) -> list[str]:
        """Return every name of a unit, the given one first."""
        return list(dict.fromkeys([named[1], *self.names_of.get(self.unit(named), ())]))

    def judge(self, line: AwardLine) -> None:
        """Add `NOT_IN_REGISTER`, or `REGISTER_DIFFERS` for each cell that differs from the unit's row."""
        award, named = line.award, line.row.unit
        if not self.supplied or award is None or named is None or (not award.is_evaluation and line.row.grade is None):
            return
        mine = [row for row in self.rows if row.kind == named[0] and named[1] in row.names]
        if not award.is_evaluation:
            mine = [row for row in mine if row.entry.get("grade") == line.row.grade]
        in_force = [row for row in mine if row.holds(line.date)]
        if not in_force:
            line.add("NOT_IN_REGISTER", "unit", detail=_withdrawn(mine) if mine else _UNLISTED)
            return
        compared = _COMPARED[:1] if award.is_evaluation else _COMPARED
        for name, detail in min((list(_differences(line, row, compared)) for row in in_force), key=len):
            line.add("REGISTER_DIFFERS", name, detail=detail)


_UNLISTED = Text("目录中没有该名称和级别", "the register has no such name and grade")


def _withdrawn(rows: Sequence[ListedUnit]) -> Text:
    day = max(row.entry.get("withdrawn") for row in rows)
    return Text(f"{day}已撤销", f"withdrawn on {day}")


def _differences(line: AwardLine, row: ListedUnit, compared: Sequence[str]) -> Iterator[tuple[str, Text]]:
    for name in compared:
        said, listed = line.row.get(name), row.entry.get(name)
        if said is None or listed is None:
            continue
        fold = {"host": folded_name, "document": folded}.get(name)
        if (fold(said) != fold(listed)) if fold else (said != listed):
            yield name, Text(str(listed), str(listed))


def unit_register(contents: Contents | None) -> UnitRegister:
    """Return what the register says; where none was supplied, one that knows nobody."""
    if contents is None:
        return UnitRegister()
    rows = [_listed(entry) for entry in contents.entries]
    of_name: dict[Unit, Unit] = {}
    for row in rows:
        named = [(row.kind, name) for name in row.names]
        joined = dict.fromkeys([*(of_name[one] for one in named if one in of_name), *named])
        first = next(iter(joined))
        of_name |= {one: first for one, unit in of_name.items() if unit in joined}
        of_name |= dict.fromkeys(named, first)
    names: dict[Unit, list[str]] = {}
    for (_, name), unit in of_name.items():
        names.setdefault(unit, []).append(name)
    return UnitRegister(rows, of_name, names, True)


def _listed(entry: Entry) -> ListedUnit:
    kind = kind_of(entry.values["kind"]) or ""
    shown = (entry.values["unit"], *entry.several("former"))
    return ListedUnit(kind, tuple(unit_name(text, kind) for text in shown), shown, entry)
