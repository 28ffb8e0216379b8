"""What units say of each other, over every row of the batch, the ledger's archives and the register (二(七), Q16).

Whatever became of a row: two spellings of one studio are told apart before any of them is paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from trainingcli.awards.archives import Archived, UnitHistory
from trainingcli.awards.kinds import GRANTS, NATION, PROMOTION, PROVINCE
from trainingcli.awards.lines import AwardLine, Unit
from trainingcli.awards.unit_register import UnitRegister
from trainingcli.language import Text

_MOST_NAMED = 3
_SHORTEST = 3  # characters: below, two names that differ in one are two names


def compare(lines: Sequence[AwardLine], history: UnitHistory, register: UnitRegister, likeness: int) -> None:
    """Add `SIMILAR_UNIT`, `SAME_DOCUMENT` and Q16's `NOT_ELIGIBLE`. `likeness`: per cent, rapidfuzz's ratio."""
    everyone = [*_of_batch(lines), *history.archived]
    _similar(lines, everyone, register, likeness)
    _same_document(lines, everyone, register)
    _beside_the_nation(lines, everyone, register)


def _of_batch(lines: Sequence[AwardLine]) -> Iterator[Archived]:
    for line in lines:
        if line.row.unit is not None:
            yield Archived(line.row.unit, line.row.values["unit"], line.code, line.row.grade, line.row.document)


def _similar(lines: Sequence[AwardLine], everyone: Sequence[Archived], register: UnitRegister, likeness: int) -> None:
    written: dict[Unit, str] = {}
    for each in everyone:
        written.setdefault(each.unit, each.shown)
    for row in register.rows:
        for name, shown in zip(row.names, row.shown, strict=True):
            written.setdefault((row.kind, name), shown)
    like: dict[Unit, Text | None] = {}
    for line in lines:
        named = line.row.unit
        if named is None:
            continue
        if named not in like:
            like[named] = _alike(named, written, register, likeness)
        detail = like[named]
        if detail is not None:
            line.add("SIMILAR_UNIT", "unit", "hold" if line.code in GRANTS else "note", detail)


def _alike(named: Unit, written: dict[Unit, str], register: UnitRegister, likeness: int) -> Text | None:
    """Name the units that this one is nearly, three at most, the likest first; None where there is none."""
    kind, name = named
    own = register.unit(named)
    near = [
        (-fuzz.ratio(name, other[1]), shown)
        for other, shown in written.items()
        if other[0] == kind and other[1] != name and _nearly(name, other[1], likeness) and register.unit(other) != own
    ]
    if not near:
        return None
    shown = [text for _, text in sorted(near)[:_MOST_NAMED]]
    return Text("、".join(shown), ", ".join(shown))


def _nearly(one: str, other: str, likeness: int) -> bool:
    if one in other or other in one or fuzz.ratio(one, other) >= likeness:
        return True
    if len(one) != len(other) or len(one) < _SHORTEST:
        return False
    return sum(mine != its for mine, its in zip(one, other, strict=True)) == 1


def _same_document(lines: Sequence[AwardLine], everyone: Sequence[Archived], register: UnitRegister) -> None:
    units: dict[tuple[str, str], dict[Unit, str]] = {}
    for each in everyone:
        if each.document:
            units.setdefault((each.unit[0], each.document), {}).setdefault(register.unit(each.unit), each.shown)
    for line in lines:
        named, document = line.row.unit, line.row.document
        if named is None or document is None:
            continue
        others = [shown for unit, shown in units[named[0], document].items() if unit != register.unit(named)]
        if others:
            few = others[:_MOST_NAMED]
            line.add("SAME_DOCUMENT", "document", detail=Text("、".join(few), ", ".join(few)))


def _beside_the_nation(lines: Sequence[AwardLine], everyone: Sequence[Archived], register: UnitRegister) -> None:
    """Refuse a 省级 promotion that the document of the same studio's 国家级 one holds (Q16)."""
    higher = {
        (register.unit(each.unit), each.document)
        for each in everyone
        if each.award == PROMOTION and each.grade == NATION and each.document
    }
    for line in lines:
        named = line.row.unit
        if named is None or line.code != PROMOTION or line.row.grade != PROVINCE:
            continue
        if (register.unit(named), line.row.document) in higher:
            line.add("NOT_ELIGIBLE", "document", detail=_STRAIGHT)
            line.entitled = None


_STRAIGHT = Text(
    "同一文号已认定为国家级，只按国家级补助", "the same document recognises it as 国家级, which alone is paid"
)
