"""Which awards a row asks for: its column, else what the text above the table or a name says, else all that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from trainingcli.awards.kinds import AWARDS, BASE, EVALUATION_OF, table
from trainingcli.awards.lines import AwardLine, AwardRow
from trainingcli.compared import squeeze
from trainingcli.facts import GENERAL_AWARDS
from trainingcli.policy import Policy
from trainingcli.vocabulary import Vocabulary

EVALUATION, CONSTRUCTION = GENERAL_AWARDS
_SEPARATORS = re.compile(r"[、,/;+]")


def names(policy: Policy) -> Mapping[str, str]:
    """Return every name of an award → its code, the longest first; the general names stand for themselves."""
    named = {squeeze(name): code for code, entry in policy.awards.items() for name in entry.headings}
    named |= {EVALUATION: EVALUATION, CONSTRUCTION: CONSTRUCTION}
    return {name: named[name] for name in sorted(named, key=len, reverse=True)}


def vocabulary(policy: Policy) -> Vocabulary:
    """Return the words of an awards workbook, the names of awards among them: a title asks by them."""
    return table().vocabulary()._replace(named=tuple(names(policy)))


def named_in(text: str, known: Mapping[str, str]) -> list[str]:
    """Return the awards that a text names, in the policy's order; the longest match counts."""
    plain, found = squeeze(text), set()
    for name, code in known.items():
        if name in plain:
            found.add(code)
            plain = plain.replace(name, "|")
    return [code for code in (*AWARDS, EVALUATION, CONSTRUCTION) if code in found]


def lines_of(row: AwardRow, known: Mapping[str, str]) -> list[AwardLine]:
    """Return a row's lines, in the policy's order of awards; those without an award last."""
    by_column = "award" in row.cells
    lines = list(_by_column(row, known)) if by_column else _by_title(row, known) or [_that_fits(row)]
    for line in lines:
        line.alone = len(lines) == 1
    order = [*AWARDS, None]
    return sorted(lines, key=lambda line: order.index(line.code))


def _by_column(row: AwardRow, known: Mapping[str, str]) -> Iterator[AwardLine]:
    if "award" in row.faults:
        yield _without_award(row, row.faults["award"][0], "award")
        return
    if not row.get("award"):
        yield _without_award(row, "MISSING_FIELD", "award")
        return
    seen: set[str | None] = set()
    for part in filter(None, _SEPARATORS.split(squeeze(row.values["award"]))):
        for name in named_in(part, known) or [""]:
            line = _resolved(row, name, "award") if name else _without_award(row, "UNKNOWN_PROGRAMME", "award")
            if line.code is None or line.code not in seen:
                seen.add(line.code)
                yield line
    if not seen:
        yield _without_award(row, "UNKNOWN_PROGRAMME", "award")


def _by_title(row: AwardRow, known: Mapping[str, str]) -> list[AwardLine]:
    for text in (row.above, row.sheet, PurePath(row.file).stem):
        found = named_in(text, known)
        if len(found) == 1:
            return [_resolved(row, found[0], None)]
    return []


def _resolved(row: AwardRow, name: str, field: str | None) -> AwardLine:
    """Return the line of an award; of a general name that of the row's kind."""
    if name in AWARDS:
        return AwardLine(row, AWARDS[name])
    if row.kind is None:
        return _of_unknown_kind(row)
    if name == EVALUATION:
        return AwardLine(row, AWARDS[EVALUATION_OF[row.kind]])
    if row.kind == BASE:
        return AwardLine(row, AWARDS["base-construction"])
    return _without_award(row, "NOT_ELIGIBLE", field or "kind")


def _that_fits(row: AwardRow) -> AwardLine:
    """Return the award that fits a row of which nothing says what it asks for."""
    if row.kind is None:
        line = _of_unknown_kind(row)
        if not row.says("result"):
            _say_grade(line)
        return line
    if row.says("result"):
        return AwardLine(row, AWARDS[EVALUATION_OF[row.kind]])
    if row.grade is None:
        line = AwardLine(row, None)
        _say_grade(line)
        return line
    for each in AWARDS.values():
        if not each.is_evaluation and each.kind == row.kind and row.grade in each.grades:
            return AwardLine(row, each)
    return _without_award(row, "NOT_ELIGIBLE", "grade")


def _of_unknown_kind(row: AwardRow) -> AwardLine:
    """Return a line without award; what is wrong with its kind is said of every line."""
    return AwardLine(row, None)


def _say_grade(line: AwardLine) -> None:
    if "grade" in line.row.faults:
        line.add(line.row.faults["grade"][0], "grade")
    elif line.row.grade is None:
        line.add("MISSING_FIELD", "grade")


def _without_award(row: AwardRow, code: str, field: str) -> AwardLine:
    line = AwardLine(row, None)
    line.add(code, field)
    return line
