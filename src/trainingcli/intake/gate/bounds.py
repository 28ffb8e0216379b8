"""How much of anything one input may hold; above it a file is refused, with one clear line."""

from __future__ import annotations

from typing import NamedTuple

from trainingcli.memory import MIB


class Bounds(NamedTuple):
    """Absolute bounds come first; the ratio counts only for a part that is large when inflated."""

    file_bytes: int = 512 * MIB
    entries: int = 10_000
    part_bytes: int = 1024 * MIB  # one part, inflated
    total_bytes: int = 1536 * MIB  # all parts, inflated
    ratio: int = 200  # inflated : packed
    ratio_from: int = 4 * MIB
    strict_bytes: int = 8 * MIB  # up to here a part's XML is checked to be well-formed; above, as the readers need it
    laid_bytes: int = 2 * MIB  # from here on plain rows of a sheet part are laid out without calamine
    sheets: int = 256
    tables: int = 64  # headers in one layout or another in one sheet
    blocks: int = 4096  # groups of title lines between the rows of one table
    rows: int = 1_048_576
    cells: int = 40_000_000  # rows × columns of one sheet, as a parser lays it out
    csv_columns: int = 4096
    csv_rows: int = 5_000_000
    html_cells: int = 500_000
    ods_cells: int = 20_000_000
    header_rows: int = 1000  # how far down a header is looked for
    header_columns: int = 1024


DEFAULT = Bounds()
