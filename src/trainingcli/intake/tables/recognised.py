"""What a workbook is that is none of the kind asked for (认表): the published kind that knows most of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from trainingcli.intake.tables.declared import declared_tables
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.language import Text
from trainingcli.published import schemas_folder
from trainingcli.vocabulary import Vocabulary, load_vocabulary
from trainingcli.workers import WorkerPool

_ROSTER = Text("花名册", "a roster of trainees")
_READERS = {
    "decisions": "--decisions",
    "inspection": "trainingcli inspect draw",
    "people": "--people",
    "realname": "--realname",
    "registers": "--registers",
}
"""What reads the tables of a published file where that is no command of its name."""


class _Known(NamedTuple):
    """A kind of table: what it is called, what reads it, and the words that find it."""

    title: Text
    reader: str
    words: Vocabulary


def what_it_is(
    file: str,
    pool: WorkerPool,
    programmes: Mapping[str, str],
    *,
    stdin: bytes | None = None,
    password: str | None = None,
) -> Text | None:
    """Return what a workbook is and what reads it; None where it is nothing known.

    `programmes`: the names that rosters use for programmes, as the policy has them.
    """
    most, nearest = 0, None
    for known in _kinds(programmes):
        found = read_rosters([file], known.words, pool, stdin=stdin, password=password)[0]
        if found.error is not None:
            return None
        columns = sum(len(sheet.columns) for sheet in found.sheets)
        if columns > most:
            most, nearest = columns, known
    if nearest is None:
        return None
    title, reader = nearest.title, nearest.reader
    return Text(f"这是{title.zh}，请用 {reader}", f"this is {title.en.lower()}; use {reader}")


def _kinds(programmes: Mapping[str, str]) -> Iterator[_Known]:
    yield _Known(_ROSTER, "trainingcli claims", load_vocabulary(programmes))
    for system in sorted(_systems(), key=lambda name: (name in _READERS, name)):
        reader = _READERS.get(system, f"trainingcli {system}")
        for table in declared_tables(system).values():
            yield _Known(table.title, reader, table.vocabulary())


def _systems() -> list[str]:
    """Return the published files that declare tables."""
    return [path.stem for path in schemas_folder().glob("*.yaml") if "\ntables:\n" in path.read_text("utf-8")]
