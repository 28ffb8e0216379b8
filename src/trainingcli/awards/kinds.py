"""The five awards (补助、奖励) of 二(七): whose they are, what each needs, what each is given once for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from trainingcli.facts import UNIT_KINDS
from trainingcli.intake.tables.declared import DeclaredTable, declared_tables

BASE, STUDIO = "base", "studio"
CITY, PROVINCE, NATION = GRADES = ("市级", "省级", "国家级")
EXCELLENT = "优秀"
CLAUSE = "二(七)"


@dataclass(frozen=True)
class Award:
    """An award. `grades`: those it is for (empty: any); `needs`: its fields beside unit, kind and host; `dated_by`: the
    date whose figure applies and whose year is the award's."""

    code: str
    kind: str
    grades: tuple[str, ...]
    needs: tuple[str, ...]
    dated_by: str

    @property
    def is_evaluation(self) -> bool:
        """Whether it is given for a round of the evaluation."""
        return self.dated_by == "evaluated"


_RECOGNITION = ("grade", "recognised", "document")
_EVALUATION = ("round", "result", "evaluated")
AWARDS: Mapping[str, Award] = {
    each.code: each
    for each in (
        Award("base-construction", BASE, (CITY,), _RECOGNITION, "recognised"),
        Award("studio-grant", STUDIO, (CITY,), _RECOGNITION, "recognised"),
        Award("studio-promotion", STUDIO, (PROVINCE, NATION), _RECOGNITION, "recognised"),
        Award("base-award", BASE, (), _EVALUATION, "evaluated"),
        Award("studio-award", STUDIO, (), _EVALUATION, "evaluated"),
    )
}
EVALUATION_OF = {each.kind: code for code, each in AWARDS.items() if each.is_evaluation}
GRANTS = frozenset({"base-construction", "studio-grant"})
PROMOTION = "studio-promotion"


def once_key(award: Award, grade: str | None, round_: str | None) -> str | None:
    """Return what a unit gets once; None where the grade or round that it rests on is not known."""
    if award.is_evaluation:
        return None if round_ is None else f"{award.code}|{round_}"
    if len(award.grades) > 1:
        return f"{award.code}|{grade}" if grade in award.grades else None
    return award.code


def on_day(award: Award, day: str | None) -> str | None:
    """Return what an evaluation is known by beside its round: its day (ISO). None for other awards.

    Reversed, it may come again under another round's name, as a training does under another class's (reading 8.3).
    """
    return f"{award.code}@{day}" if award.is_evaluation and day is not None else None


def table() -> DeclaredTable:
    """Return the declared table of an awards workbook."""
    return declared_tables("awards")["awards"]


@cache
def names_of(kind: str) -> tuple[str, ...]:
    """Return every name of a kind (技能大师工作室, 大师工作室, 工作室), the longest first."""
    words = table().columns["kind"].choices or {}
    return tuple(sorted((word for word, term in words.items() if kind_of(term) == kind), key=len, reverse=True))


def kind_of(term: str | None) -> str | None:
    """Return the kind that a term of the column 类型 stands for."""
    return next((kind for kind, word in UNIT_KINDS.items() if word.zh == term), None)
