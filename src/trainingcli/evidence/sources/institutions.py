"""Who may train (培训机构目录), 三(四): the plan pays only trainings by listed institutions, filed or procured.

Which institution of a line is asked is its programme's trait `institution`. 培训职业 limits an entry where it is
filled in, for lines that pay a training; levels behind an occupation (`焊工:初级工、中级工`) limit it to these, and a
line without level is covered by any. An entry that does not say how the institution qualified holds the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from trainingcli.compared import folded, folded_name
from trainingcli.credit_code import credit_code_holds
from trainingcli.evidence.listed import details_of, listed, training
from trainingcli.evidence.source import Source
from trainingcli.language import Text
from trainingcli.settle.occupations import parted

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.register_contents import Contents, Entry
    from trainingcli.findings import Part
    from trainingcli.intake.tables.read_declared import Fault
    from trainingcli.settle.programmes.base import Programme


class Institutions(Source):
    """The institution of a line stands in the list on the line's date, for that occupation and level."""

    name = "institutions"
    place = 50
    registers = ("institutions",)
    reasons = ("NOT_IN_REGISTER", "NOT_QUALIFIED")

    def verdicts(self, batch: Batch) -> Iterator[Part]:
        """Ask the list about who trained."""
        from trainingcli.settle.programmes.base import Institution

        contents, aliases = batch.sources.contents.get("institutions"), batch.sources.aliases
        if contents is None:
            return
        asked_for = {*batch.words("institution")[1], *batch.words("employer")[1]}
        rows = contents.named("institution", folded_name, asked_for)
        entries = [
            listed(
                entry,
                folded_name(entry.values["institution"]),
                [
                    word
                    for occupation, levels in trainings_of(entry)
                    for word in _covered(aliases.get(occupation, occupation), levels)
                ],
            )
            for entry in rows
        ]
        unqualified = [not ways_of(entry) for entry in rows]
        named, employed = batch.said("institution"), batch.said("employer")
        own = batch.same("institution", "employer")
        payee, named_one, hired = (
            batch.of(_asks(kind)) for kind in (Institution.PAYEE, Institution.NAMED, Institution.HIRED)
        )
        asked = named & (payee | (named_one & ~own) | (hired & employed & ~own))
        details = details_of("institutions", Text("培训职业", "occupation"))
        every = partial(contents.names, "institution", folded_name)
        for field, where in (("institution", asked), ("employer", payee & ~named & employed)):
            if not where.any():
                continue
            found = batch.look_up(entries, batch.words(field), batch.trainings(), batch.dates(), every)
            yield from batch.unlisted(where, "NOT_IN_REGISTER", field, found, details)
            yield from batch.reasons(where & batch.spread(found.entry, unqualified), "NOT_QUALIFIED", field)

    def faults(self, contents: Contents) -> Iterator[Fault]:
        """Yield credit codes that do not hold, and levels of 培训职业 that are none."""
        for entry in contents.entries:
            if entry.get("credit_code") and not credit_code_holds(folded(entry.values["credit_code"])):
                text = Text("统一社会信用代码不对（GB 32100 校验码）", "no credit code (check digit, GB 32100)")
                yield contents.fault(entry, "credit_code", text)
            for occupation, levels in trainings_of(entry):
                if None in levels:
                    text = Text(
                        f"“{occupation}”后面不是已知的等级", f"what stands behind '{occupation}' is no known level"
                    )
                    yield contents.fault(entry, "occupations", text)


def _asks(kind: object) -> Callable[[Programme], bool]:
    return lambda programme: programme.institution is kind


def ways_of(entry: Entry) -> tuple[str, ...]:
    """Return how an institution qualified (资格方式); several may be given."""
    return entry.several("qualified_by")


def trainings_of(entry: Entry) -> list[tuple[str, set[str | None]]]:
    """Return the occupations of an entry, as compared, each with its levels: none for every level, None if unknown.

    A level belongs to the occupation with a colon before it: `焊工:初级工、中级工、电工` is 焊工 at two, and 电工.
    """
    found: list[tuple[str, set[str | None]]] = []
    for part in entry.several("occupations"):
        occupation, colon, level = part.partition(":")
        name, behind = parted(occupation)
        if colon or behind:
            found.append((name, {_level(level) if colon else behind}))
        elif found and found[-1][1] and (known := _level(part)):
            found[-1][1].add(known)
        else:
            found.append((name, set()))
    return found


def _level(text: str) -> str | None:
    from trainingcli.intake.tables.values import level

    terms = _levels()
    known = level(text, terms)
    return known if known in terms.values() else None


def _levels() -> Mapping[str, str]:
    from trainingcli.vocabulary import load_vocabulary  # `--help` and `explain CODE` load this file, and read no level

    return load_vocabulary({}).values["level"]


def _covered(occupation: str, levels: set[str | None]) -> Iterator[str]:
    """Yield the trainings that an entry covers, with one of no known level."""
    yield training(occupation, None)
    for level in levels or set(_levels().values()):
        yield training(occupation, level)


SOURCE = Institutions()
