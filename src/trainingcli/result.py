"""What a command returns (结果): a document, its main list, what the screen shows, what is said beside it, exit code.

A command makes one `Result`; `cli.render` alone turns it into a table, json, ndjson or csv, and alone masks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, get_args, runtime_checkable

from trainingcli.errors import Exit
from trainingcli.language import Text

Kind: TypeAlias = Literal["text", "place", "code", "date", "yuan", "count", "percent"]
"""What a column holds: `text` may be folded, `place` (the name of a file or sheet) too; all others stand whole."""

FIGURES = ("yuan", "count", "percent")
"""Kinds that stand at the right; yuan and percent are text with two decimals in every document."""

Row: TypeAlias = Mapping[str, Any]


class Column(NamedTuple):
    """One column of a list. `words`: code → what the screen says for it; `on_screen`: false for csv alone."""

    key: str
    heading: Text
    kind: Kind = "text"
    words: Mapping[str, Text] = {}
    on_screen: bool = True


def columns(declared: str) -> tuple[Column, ...]:
    """Return columns declared one a line: key, heading in Chinese, kind, heading in English; `-key`: for csv alone."""
    found = []
    for line in declared.strip().splitlines():
        key, zh, kind, en = line.split(maxsplit=3)
        if kind not in get_args(Kind):
            raise ValueError(f"{key}: no kind {kind}")
        found.append(Column(key.lstrip("-"), Text(zh, en), kind, on_screen=key[0] != "-"))  # type: ignore[arg-type]
    return tuple(found)


class Listing(NamedTuple):
    """A list of a document: its key and columns; `inner` is a list within each of its rows.

    A column `from.status` is the member of an object of its rows; csv alone shows it.
    csv has a row for each of the innermost things, the parents' columns repeated; a parent without any stands alone.
    Where it is an object and no list (`themes`), `keyed_by` names the column that its keys make.
    """

    key: str
    columns: tuple[Column, ...]
    inner: Listing | None = None
    keyed_by: str | None = None


@runtime_checkable
class Encoded(Protocol):
    """Rows that are text already, masked by who made them: for hundreds of thousands of lines."""

    def objects(self, between: str) -> Iterator[str]:
        """Yield the rows as JSON objects with `between` between them, some thousand at a time."""

    def csv(self) -> Iterator[str]:
        """Yield the rows as csv, the header first."""


class Table(NamedTuple):
    """A table on the screen; `total`: a last row beneath a rule."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    title: str = ""
    total: Row | None = None


class Items(NamedTuple):
    """A titled list of short texts on the screen, at most twenty of them; `kind` as a column's."""

    title: str
    items: Sequence[str]
    kind: Kind = "text"


class Prose(NamedTuple):
    """Lines of text on the screen, folded already to the room that was given."""

    text: str
    style: Literal["", "bold", "dim"] = ""


Block: TypeAlias = Table | Items | Prose


class Message(NamedTuple):
    """One line on standard error. `place`: what stands before it and holds names of files and sheets.

    An error is said with `--quiet`, too.
    """

    text: Text | str
    place: str = ""
    is_error: bool = False


@dataclass
class Result:
    """What one run of a command came to.

    `schema`: name and version (`trainingcli.funds/1`). `facts`: the document's keys beside the main list; money is
    text, yuan with two decimals. `rows`: the main list, plain values; an iterator is printed as it is made (ndjson).
    `screen`: given the room in columns, the blocks that a terminal shows (default: one table of the main list).
    `next_step`: what to do now, the screen's last line. `posted`: the batch that the run posted.
    `whole`: the one document that is printed in every format, instead of all this (a JSON Schema).
    """

    schema: str
    listing: Listing
    rows: Iterable[Row] | Encoded
    facts: Row = field(default_factory=dict)
    screen: Callable[[int], Iterable[Block]] | None = None
    messages: Sequence[Message] = ()
    next_step: Text | None = None
    exit_code: Exit = Exit.OK
    posted: int | None = None
    whole: Row | None = None


def worst(*codes: int) -> Exit:
    """Return the exit code that counts of several: the highest."""
    return Exit(max(codes, default=Exit.OK))


OUTPUTS = Listing("outputs", (Column("file", Text("文件", "File"), "place"),))


def written(paths: Iterable[str], messages: Sequence[Message] = (), **facts: Any) -> Result:
    """Return the result of a command that writes files and has nothing else to say: their names."""
    rows = [{"file": path} for path in paths]
    listed = Items("", [row["file"] for row in rows], "place")
    return Result("trainingcli.outputs/1", OUTPUTS, rows, facts, lambda room: [listed], messages)
