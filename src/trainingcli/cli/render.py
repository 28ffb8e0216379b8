"""The one place where a result meets the standard streams: table, json, ndjson, csv, what is said, the exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from trainingcli.cli.options import Format
from trainingcli.errors import Exit, OutputError, own_words
from trainingcli.language import Text
from trainingcli.masking import masked_object
from trainingcli.reports.data.json_text import dump
from trainingcli.result import Encoded, Listing, Result, Row


def chosen(format_: Format | None) -> Format:
    """Return the format asked for; a table on a terminal, json elsewhere."""
    return format_ or (Format.table if sys.stdout.isatty() else Format.json)


def render(result: Result, format_: Format | None, *, unmask: bool = False, quiet: bool = False) -> Exit:
    """Say the messages, print the result, return the exit code. OutputError where standard output takes no more."""
    from trainingcli.cli.failure import say, say_error

    for message in result.messages:
        if message.is_error:
            say_error(str(message.text), message.place)
        else:
            say(str(message.text), message.place, is_shown=not quiet)
    try:
        for piece in pieces(result, chosen(format_), unmask=unmask):
            sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:  # a reader that had enough is no failure
        raise
    except OSError as error:
        return _unprinted(result, own_words(error))
    return result.exit_code


def pieces(result: Result, form: Format, *, unmask: bool) -> Iterator[str]:
    """Yield the text of the result in a format, in pieces."""
    if result.whole is not None:
        return iter([json.dumps(result.whole, ensure_ascii=False, indent=2) + "\n"])
    return _WRITERS[form](result, unmask)


def stream(result: Result, *, unmask: bool) -> None:
    """Print the rows as ndjson now, before the run is over. OutputError where standard output takes no more."""
    try:
        for piece in _ndjson(result, unmask):
            sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _unprinted(result, own_words(error))


def _unprinted(result: Result, why: Text) -> Exit:
    """What was posted stays posted: that is said, and is no failure of the run."""
    from trainingcli.cli.failure import say_error

    number = result.posted
    if number is None:
        raise OutputError(
            Text(
                f"结果无法写到标准输出：{why.zh}；没有入账",
                f"the result cannot be printed: {why.en}; nothing was posted",
            )
        ) from None
    posted = Text(
        f"结果无法写到标准输出：{why.zh}；已入账为批次 {number}，可用 ledger show {number} 查看",
        f"the result cannot be printed: {why.en}; it is posted as batch {number}, see ledger show {number}",
    )
    say_error(str(posted))
    return result.exit_code


def _objects(result: Result, unmask: bool) -> Iterator[Any]:
    if isinstance(result.rows, Encoded):
        raise TypeError("encoded rows are no objects")
    return (row if unmask else masked_object(row) for row in result.rows)


def _json(result: Result, unmask: bool) -> Iterator[str]:
    """The document; its rows are made before its first character is printed."""
    head = dump({"schema": result.schema, **(result.facts if unmask else masked_object(result.facts))})[:-1]
    key = f', "{result.listing.key}": ['
    if isinstance(result.rows, Encoded):
        pieces = result.rows.objects(",\n")
        yield head + key + "\n" + next(pieces, "")
        for piece in pieces:
            yield ",\n"
            yield piece
    else:
        yield head + key + ", ".join([dump(row) for row in _objects(result, unmask)])
    yield "]}\n"


def _ndjson(result: Result, unmask: bool) -> Iterator[str]:
    if isinstance(result.rows, Encoded):
        for piece in result.rows.objects("\n"):
            yield piece + "\n"
        return
    as_made = not isinstance(result.rows, Sequence)
    for row in _objects(result, unmask):
        yield dump(row) + "\n"
        if as_made:
            sys.stdout.flush()


def _csv(result: Result, unmask: bool) -> Iterator[str]:
    if isinstance(result.rows, Encoded):
        yield from result.rows.csv()
        return
    import csv

    taken = _Line()
    writer = csv.writer(taken, lineterminator="\n")
    writer.writerow(_header(result.listing))
    yield taken.text
    for row in _objects(result, unmask):
        for cells in flattened(row, result.listing):
            writer.writerow([_safe(cell) for cell in cells])
            yield taken.text


class _Line:
    """What a csv writer writes to: the line that it wrote last."""

    text = ""

    def write(self, text: str) -> None:
        """Keep the line."""
        self.text = text


def _header(listing: Listing, taken: tuple[str, ...] = ()) -> list[str]:
    """Names of the csv's columns; one that a parent has already carries its list's name before it."""
    keys = [*([listing.keyed_by] if listing.keyed_by else []), *(column.key for column in listing.columns)]
    own = [f"{listing.key}.{key}" if key in taken else key for key in keys]
    return own if listing.inner is None else [*own, *_header(listing.inner, (*taken, *own))]


def flattened(row: Row, listing: Listing) -> Iterator[list[Any]]:
    """Yield the csv's cells of a row: a line for each of its innermost things, what is above repeated."""
    own = [row.get(listing.keyed_by)] if listing.keyed_by else []
    own += [_member(row, column.key) for column in listing.columns]
    if listing.inner is None:
        yield own
        return
    for inner in _inner_rows(row.get(listing.inner.key), listing.inner.keyed_by):
        for cells in flattened(inner, listing.inner):
            yield [*own, *cells]


def _member(row: Row, key: str) -> Any:
    """Return a column's value; `from.status` is the member of an object, empty where there is no such object."""
    head, _, rest = key.partition(".")
    value = row.get(head)
    return _member(value or {}, rest) if rest else value


def _inner_rows(value: Any, key: str | None) -> Iterable[Row]:
    """The inner rows; an object's are its members, each with its key; one empty row where there are none."""
    if isinstance(value, Mapping):
        value = [{key: name, **(member if isinstance(member, Mapping) else {})} for name, member in value.items()]
    return value or [{}]


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _safe(cell: Any) -> Any:
    """A value as csv has it: a list by semicolons, no text that a spreadsheet program takes for a formula."""
    if isinstance(cell, (list, tuple)) and all(not isinstance(item, (dict, list)) for item in cell):
        cell = ";".join(map(str, cell))
    elif isinstance(cell, (dict, list, tuple)):
        cell = dump(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) and not _is_figure(cell) else cell


def _is_figure(text: str) -> bool:
    return text[0] == "-" and text[1:].replace(".", "", 1).isdecimal()


def _table(result: Result, unmask: bool) -> Iterator[str]:
    from trainingcli.reports.screen.blocks import drawn, room
    from trainingcli.result import Prose, Table

    width = room()
    if result.screen is not None:
        blocks = list(result.screen(width))
    else:
        blocks = [Table(result.listing.columns, list(_objects(result, unmask)))]
    for block in blocks:
        yield drawn(block, width, unmask=unmask)
    if result.next_step is not None:
        from trainingcli import terminal_text

        yield drawn(Prose(terminal_text.paragraph(str(result.next_step), width), "bold"), width, unmask=unmask)


_WRITERS: Mapping[Format, Callable[[Result, bool], Iterator[str]]] = {
    Format.table: _table,
    Format.json: _json,
    Format.ndjson: _ndjson,
    Format.csv: _csv,
}
