"""Tables as they are declared (表样): what a workbook of one kind may hold, published in `schemas/`.

**To declare a table**: an entry under `tables:` of a file in `schemas/`, one file for one system (`registers.yaml` is
the longest example). Nothing else is needed to read it; `read_declared` says what comes back.

    schema: trainingcli.tables/1
    tables:
      people:
        title: {zh: 人员名单, en: List of people}
        header: {known: 2, all_of: [id_number]}   # so many known headings, all of these and one of `one_of` among them
        titles: [institution]                     # keys that a title line (培训机构：…) may fill where no column does
        columns:
          id_number: {kind: id, needed: true, headings: roster}
          category:  {kind: choice, open: true, headings: [类别, 名单类别], choices: {财政供养: [在编]}}
          since:     {kind: date, headings: [起始日期, 起]}

Without `header` a row is the header that has every column which is `needed` or marked `column: true`.

A column's `headings` are matched as a roster's (NFKC; blanks, brackets with their contents and marks taken off; with
`brackets: count` on the table only a unit in brackets is taken off); `roster` stands for the roster's own headings of
that key, `--words` included. A number behind a heading of a `several` column (专家1) is taken off. `needed`: an empty
cell is `MISSING_FIELD`. `several: true`: every column of the key is read, their values one after another.
`agree: true`: every column of the key is read, the first that is filled in counts, `AMOUNTS_DIFFER` where they differ.
`otherwise: standard`: the roster's key whose column stands for it on sheets that have none of its own.
`open: true`: a `choice` or `level` that is not known stays as it is written. `zero: true`: amounts and counts may be 0.
`code`: the code of a fault whose kind has none of its own (an unknown choice), or in place of it.

| kind | value | its fault |
|---|---|---|
| `text` | the text without outer blanks | |
| `name`, `names` | squeezed; several by 、 , / ; and line breaks | |
| `level`, `levels` | the level's term | `UNKNOWN_LEVEL` |
| `words` | the terms of `of` (a field of the vocabulary: `of: category`), joined by 、 as in rosters; others stay | |
| `choice`, `options` | one, or several, of `choices`: a list, or term → other words for it | its `code` |
| `date`, `year` | a day; a number of four digits | `BAD_DATE`, `BAD_NUMBER` |
| `span` | start and end in one cell: fills `start_date` and `end_date` where their own cells are empty | `BAD_DATE` |
| `yuan` | whole fen; units of cell, heading, line above (单位：万元) | `BAD_AMOUNT`, `MERGED_AMOUNT` |
| `count`, `number` | a whole number; a decimal number of at most two places (课时) | `BAD_NUMBER` |
| `id`, `ids` | ID numbers as compared | `ID_PRECISION_LOST` |
| `serial` | a certificate, card or account number: squeezed, upper case; without a digit it is empty | its `code` |
| `code` | a reason code | its `code` |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from trainingcli.compared import squeeze
from trainingcli.language import Text
from trainingcli.published import document
from trainingcli.vocabulary import HeaderRule, Vocabulary, canonical_headings, heading_of, load_vocabulary

ROSTER = "roster"
SEVERAL = frozenset({"names", "levels", "ids", "options"})
"""Kinds of which a cell may hold several values."""
_NO_NOTE = Text("", "")


class DeclaredColumn(NamedTuple):
    """One column. `present`: it must be there. `choices`: squeezed word → term. `suggest`: what a drop-down offers.

    `headings`: as published, the first is the one that templates write.
    """

    key: str
    kind: str
    headings: tuple[str, ...]
    needed: bool = False
    present: bool = False
    several: bool = False
    agree: bool = False
    otherwise: str = ""
    open: bool = False
    zero: bool = False
    choices: Mapping[str, str] | None = None
    suggest: tuple[str, ...] = ()
    of: str = ""
    code: str = ""
    from_roster: bool = False

    @property
    def terms(self) -> list[str]:
        """The only values of a choice, in their order."""
        return list(dict.fromkeys((self.choices or {}).values()))


class DeclaredTable(NamedTuple):
    """One kind of table. `key`: what two rows in force may not share (registers). `note`: what its template says.

    `alone`: how a name ends that may be all that its row says; other texts alone in its column are titles, remarks."""

    name: str
    title: Text
    columns: Mapping[str, DeclaredColumn]
    header: HeaderRule
    titles: tuple[str, ...] = ()
    brackets: bool = False
    key: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    note: Text = _NO_NOTE

    @property
    def file(self) -> str:
        """The workbook's name where the table is one of a folder of fixed names."""
        return f"{self.name}.xlsx"

    @property
    def headings(self) -> dict[str, str]:
        """Return matched heading → key of the columns."""
        columns = self.columns.values()
        return {heading_of(word, whole=self.brackets): column.key for column in columns for word in column.headings}

    @property
    def subject(self) -> tuple[str, str]:
        """The columns that say what a row is about: a name, or the first needed column, and an ID number."""
        number = next((key for key, column in self.columns.items() if column.kind == "id"), "")
        needed = [key for key, column in self.columns.items() if column.needed and key != number]
        return ("name" if "name" in self.columns else needed[0] if needed else "", number)

    def vocabulary(self, words: Vocabulary | None = None) -> Vocabulary:
        """Return the words by which a worker finds and parts the table; `words`: the roster's, a bureau's included."""
        base = words or load_vocabulary({})
        shared = {key for key, column in self.columns.items() if column.from_roster}
        shared |= {column.otherwise for column in self.columns.values()}
        headings = {word: key for word, key in base.headings.items() if key in shared} | self.headings
        return base._replace(
            headings=headings,
            programmes={},
            beside_another={},
            unclear=frozenset(),
            title_keys=frozenset(self.titles),
            header=self.header,
            money=frozenset(
                name
                for key, column in self.columns.items()
                if column.kind == "yuan"
                for name in (key, column.otherwise)
            ),
            every=frozenset(key for key, column in self.columns.items() if column.several or column.agree),
            subject=self.subject,
            in_brackets=self.brackets,
            alone=self.alone,
        )


@cache
def declared_tables(system: str) -> Mapping[str, DeclaredTable]:
    """Return name → table of `schemas/SYSTEM.yaml`, in its order; loaded once."""
    return {name: _table(name, entry) for name, entry in document(f"{system}.yaml")["tables"].items()}


def _table(name: str, entry: Mapping[str, Any]) -> DeclaredTable:
    columns = {key: _column(key, column) for key, column in entry["columns"].items()}
    return DeclaredTable(
        name,
        Text(**entry["title"]),
        columns,
        _header(entry.get("header"), columns),
        tuple(entry.get("titles", ())),
        entry.get("brackets") == "count",
        tuple(entry.get("key", ())),
        tuple(entry.get("alone", ())),
        Text(**entry["note"]) if "note" in entry else _NO_NOTE,
    )


def _header(entry: Mapping[str, Any] | None, columns: Mapping[str, DeclaredColumn]) -> HeaderRule:
    if entry is None:
        present = frozenset(key for key, column in columns.items() if column.present)
        return HeaderRule(len(present), frozenset(), present)
    rule = HeaderRule(entry["known"], frozenset(entry.get("one_of", ())), frozenset(entry.get("all_of", ())))
    assert rule.one_of | rule.all_of <= columns.keys(), "a header is made of declared columns"
    return rule


def _column(key: str, entry: Mapping[str, Any]) -> DeclaredColumn:
    needed = bool(entry.get("needed", False))
    from_roster = entry["headings"] == ROSTER
    return DeclaredColumn(
        key=key,
        kind=entry["kind"],
        headings=tuple(canonical_headings()[key] if from_roster else entry["headings"]),
        needed=needed,
        present=needed or bool(entry.get("column", False)),
        several=bool(entry.get("several", False)),
        agree=bool(entry.get("agree", False)),
        otherwise=entry.get("otherwise", ""),
        open=bool(entry.get("open", False)),
        zero=bool(entry.get("zero", False)),
        choices=_choices(entry.get("choices")),
        suggest=tuple(entry.get("suggest", ())),
        of=entry.get("of", ""),
        code=entry.get("code", ""),
        from_roster=from_roster,
    )


def _choices(entry: Mapping[str, Sequence[str]] | Sequence[str] | None) -> Mapping[str, str] | None:
    if entry is None:
        return None
    terms = entry if isinstance(entry, Mapping) else dict.fromkeys(entry, ())
    return {squeeze(word): term for term, words in terms.items() for word in (term, *words)}
