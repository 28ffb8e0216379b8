"""Columns of texts and kinds on their way out of a worker, and as the Arrow table that `SheetTable` promises."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pickle import PickleBuffer
from typing import TYPE_CHECKING, Any

from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Converted

if TYPE_CHECKING:
    import pyarrow as pa

_NULLS = bytes(kind in (Kind.EMPTY, Kind.NO_VALUE) for kind in range(16)) * 16  # by kind, its marks whatever they are


@dataclass(frozen=True)
class PackedColumn:
    """A column of a chunk as two buffers, which pass between processes as they lie: texts joined by NUL, and kinds."""

    texts: Any
    kinds: Any


@dataclass
class RawCells:
    """A sheet's cells: Python lists for a small sheet, packed chunks for a large one. A text is "" where there is none.

    Neither needs numpy or pyarrow in the worker: to import them takes a fifth of a second.
    """

    rows: list[int] = field(default_factory=list)
    columns: list[Converted] = field(default_factory=list)
    packed: list[tuple[Any, list[PackedColumn | Converted]]] = field(default_factory=list)

    def table(self) -> pa.Table:
        """Return the cells as one Arrow table: row, t0, k0, t1, k1 …"""
        import pyarrow as pa

        return pa.Table.from_batches([_batch(*chunk) for chunk in self.packed or [_pack(self.rows, self.columns)]])


def _pack(rows: list[int], columns: list[Converted]) -> tuple[Any, list[PackedColumn | Converted]]:
    return PickleBuffer(array("i", rows).tobytes()), [_packed(column) for column in columns]


def _packed(column: Converted) -> PackedColumn | Converted:
    """Pack a column, unless a text of it holds a NUL."""
    joined = "\0".join(column.texts) if column.joined is None else column.joined
    if not column.texts or joined.count("\0") != len(column.texts) - 1:
        return column
    return PackedColumn(PickleBuffer(joined.encode("utf-8", "replace")), PickleBuffer(bytes(column.kinds)))


def _batch(rows: Any, columns: list[PackedColumn | Converted]) -> pa.RecordBatch:
    import pyarrow as pa

    rows = bytes(rows)  # a copy: else all that came of the worker would stay
    count = len(rows) // 4
    names, arrays = ["row"], [pa.Array.from_buffers(pa.int32(), count, [None, pa.py_buffer(rows)])]
    for number, column in enumerate(columns):
        kinds = bytes(column.kinds)
        names += [f"t{number}", f"k{number}"]
        arrays.append(_strings(column, kinds))
        arrays.append(pa.Array.from_buffers(pa.uint8(), count, [None, pa.py_buffer(kinds)]))
    return pa.RecordBatch.from_arrays(arrays, names)


def _strings(column: PackedColumn | Converted, kinds: bytes) -> pa.Array:
    """Build an Arrow string array from one joined text: a third of the cost of `pa.array`, which goes cell by cell."""
    import numpy as np
    import pyarrow as pa

    nulls = np.frombuffer(kinds.translate(_NULLS), np.bool_)
    if isinstance(column, Converted):
        texts = zip(column.texts, nulls, strict=True)
        return pa.array([None if null else text for text, null in texts], pa.string())
    data = bytes(column.texts)
    offsets = np.empty(len(kinds) + 1, np.int32)
    offsets[0] = 0
    offsets[1:-1] = np.flatnonzero(np.frombuffer(data, np.uint8) == 0) - np.arange(len(kinds) - 1)
    offsets[-1] = len(data) - (len(kinds) - 1)
    validity = pa.py_buffer(np.packbits(~nulls, bitorder="little")) if nulls.any() else None
    values = pa.py_buffer(data.replace(b"\0", b""))
    return pa.Array.from_buffers(pa.string(), len(kinds), [validity, pa.py_buffer(offsets), values])


class Collector:
    """Gathers chunks: a first one that is the only one stays as lists."""

    def __init__(self, width: int) -> None:
        self.raw = RawCells(columns=[Converted([], bytearray()) for _ in range(width)])

    def add(self, rows: list[int], columns: list[Converted]) -> None:
        """Take a chunk: row numbers, and each column's texts and kinds."""
        self._pack()
        self.raw.rows, self.raw.columns = rows, columns

    def _pack(self) -> None:
        if self.raw.rows:
            self.raw.packed.append(_pack(self.raw.rows, self.raw.columns))

    def done(self) -> RawCells:
        """Return what was gathered."""
        if self.raw.packed:
            self._pack()
            self.raw.rows, self.raw.columns = [], []
        for column in self.raw.columns:
            column.joined = None  # sent as lists: not twice
        return self.raw
