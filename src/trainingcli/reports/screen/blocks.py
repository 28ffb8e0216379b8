"""Tables, lists and text on a terminal: every screen is made of these. No figure is ever cropped.

Too narrow for its columns, a table folds its texts; too narrow for that, it stands as one paragraph a row, each figure
beside its heading. Every text is printed as text: no markup, no control characters, no whole ID number.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trainingcli import terminal_text as plain
from trainingcli.language import Text, tr
from trainingcli.masking import clean_terminal, mask_numbers, mask_place
from trainingcli.result import FIGURES, Block, Column, Items, Prose, Row, Table

if TYPE_CHECKING:
    from rich.console import Console

_GAP = 2
_LEAST = 10  # columns that a folded text needs at least: five Chinese characters
_MOST_ITEMS = 20


def room() -> int:
    """Return the columns of the terminal in use; COLUMNS counts, as it does everywhere."""
    return max(20, shutil.get_terminal_size((80, 24)).columns)


def drawn(block: Block, width: int, *, unmask: bool = False) -> str:
    """Return a block as text of at most `width` columns, styled where standard output is a terminal."""
    if isinstance(block, Prose):
        return _styled(mask_lines(block.text, unmask) + "\n", block.style)
    if isinstance(block, Items):
        return _items(block, width, unmask)
    return _table(block, width, unmask)


def mask_lines(text: str, unmask: bool) -> str:
    """Clean and mask each line of a text."""
    lines = [clean_terminal(line) for line in text.split("\n")]
    return "\n".join(lines if unmask else map(mask_numbers, lines))


def cell(value: Any, column: Column, *, unmask: bool = False) -> str:
    """Return a value as its column shows it: yuan with thousands separators, codes in words, texts masked."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return tr("、", ", ").join(cell(item, column, unmask=unmask) for item in value)
    text = clean_terminal(str(value))
    if text in column.words:
        return str(column.words[text])
    if column.kind == "yuan":
        return _grouped(text)
    if column.kind == "place":
        return text if unmask else mask_place(text)
    return text if unmask or column.kind in FIGURES else mask_numbers(text)


def _grouped(yuan: str) -> str:
    whole, point, cents = yuan.partition(".")
    digits = whole.removeprefix("-")
    return f"{whole[: len(whole) - len(digits)]}{int(digits):,}{point}{cents}" if digits.isdecimal() else yuan


def _items(block: Items, width: int, unmask: bool) -> str:
    if not block.items:
        return ""
    column = Column("", Text("", ""), block.kind)
    shown = [cell(item, column, unmask=unmask) for item in block.items[:_MOST_ITEMS]]
    more = len(block.items) - len(shown)
    if more:
        shown.append(tr(f"… 另有 {more} 项", f"… {more} more"))
    is_path = block.kind == "place"
    lines = [f"  {shortened(text, width - 2)}" if is_path else plain.paragraph(text, width, 2) for text in shown]
    return _styled(block.title, "bold") + "\n" + "\n".join(lines) + "\n"


def _table(block: Table, width: int, unmask: bool) -> str:
    columns = [column for column in block.columns if column.on_screen]
    rows = [[cell(row.get(column.key), column, unmask=unmask) for column in columns] for row in _all_rows(block)]
    title = _styled(mask_lines(block.title, unmask), "bold") + "\n" if block.title else ""
    if _too_wide(columns, rows, width):
        for at, column in enumerate(columns):
            whole = [row[at] for row in rows] if column.kind == "place" else []
            names = [shortened(path, 0) for path in whole]
            if len(set(names)) == len(set(whole)):  # two that would look alike stay as they are
                for row, name in zip(rows, names, strict=False):
                    row[at] = name
    widths = _widths(columns, rows, width)
    if widths is None:
        return title + "".join(_record(columns, row, width) for row in rows) + "\n"
    return title + _grid(columns, rows, widths, with_total=block.total is not None)


def _all_rows(block: Table) -> list[Row]:
    return [*block.rows, *([block.total] if block.total is not None else [])]


def shortened(path: str, room: int) -> str:
    """Return a path without the folders at its left that there is no room for; the name stays whole."""
    if plain.width(path) <= room or "://" in path:
        return path
    parts = path.replace("\\", "/").split("/")
    for at in range(1, len(parts)):
        rest = "…/" + "/".join(parts[at:])
        if plain.width(rest) <= room or at == len(parts) - 1:
            return rest
    return path


def _natural(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    return [
        max([plain.width(str(column.heading)), *(plain.width(row[at]) for row in rows)], default=1)
        for at, column in enumerate(columns)
    ]


def _too_wide(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> bool:
    return sum(_natural(columns, rows)) + _GAP * len(columns) > width


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Return each column's width; None where even the narrowest do not fit: nothing is cropped to make them."""
    natural = _natural(columns, rows)
    folds = [column.kind in ("text", "place") for column in columns]
    least = [min(size, _LEAST) if fold else size for size, fold in zip(natural, folds, strict=True)]
    spare = width - sum(least) - _GAP * len(columns)
    if spare < 0:
        return None
    found = list(least)
    while spare and any(found[at] < natural[at] for at in range(len(found))):
        for at in range(len(found)):
            if spare and found[at] < natural[at]:
                found[at], spare = found[at] + 1, spare - 1
    return found


def _grid(columns: Sequence[Column], rows: Sequence[Sequence[str]], widths: list[int], *, with_total: bool) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Grid
    from rich.text import Text as Line

    grid = Grid(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, _GAP - 1, 0, 0))
    for column, size in zip(columns, widths, strict=True):
        side = "right" if column.kind in FIGURES else "left"
        grid.add_column(Line(str(column.heading)), justify=side, width=size, overflow="fold")  # type: ignore[arg-type]
    for at, row in enumerate(rows):
        if with_total and at == len(rows) - 1:
            grid.add_section()
        grid.add_row(*[Line(text) for text in row])
    return printed(grid, sum(widths) + _GAP * len(widths))


def _record(columns: Sequence[Column], row: Sequence[str], width: int) -> str:
    """One row as a paragraph: its first column, then each other beside its heading; empty ones are left out."""
    said = [(str(column.heading), text) for column, text in zip(columns, row, strict=True) if text not in ("", "·")]
    if not said:
        return ""
    first, rest = said[0], said[1:]
    lines = [plain.paragraph(f"{first[0]} {first[1]}", width)]
    line = ""
    for heading, text in rest:
        pair = f"{heading} {text}"
        if line and plain.width(line) + 2 + plain.width(pair) > width - 2:
            lines.append(plain.paragraph(line, width, 2))
            line = ""
        line = f"{line}  {pair}" if line else pair
    if line:
        lines.append(plain.paragraph(line, width, 2))
    return "\n".join(lines) + "\n"


def printed(renderable: Any, width: int) -> str:
    """Return what rich draws, as text."""
    target = io.StringIO()
    console(target, width).print(renderable, soft_wrap=False)
    return "\n".join(line.rstrip() for line in target.getvalue().split("\n"))


def console(target: io.StringIO, width: int) -> Console:
    """Return a console that draws into `target`, with styles where standard output shows them."""
    from rich.console import Console

    return Console(file=target, width=width, highlight=False, force_terminal=plain.has_styles(), legacy_windows=False)


def _styled(text: str, style: str) -> str:
    if not style or not text or not plain.has_styles():
        return text
    return f"\x1b[{'1' if style == 'bold' else '2'}m{text}\x1b[0m"
