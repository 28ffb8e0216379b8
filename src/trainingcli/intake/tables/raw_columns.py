"""Columns of texts and kinds on their way out of a worker, and as the Arrow table that `SheetTable` promises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Converted

if TYPE_CHECKING:
    import pyarrow as pa

_NULLS = bytes(kind in (Kind.EMPTY, Kind.NO_VALUE) for kind in range(16)) * 16  # by kind, its marks whatever they are


@dataclass
class RawCells:
    """A sheet's cells: Python lists for a small sheet, an Arrow stream for a large one.

    A small sheet needs no pyarrow in the worker, whose start is then cheap. A text is "" where there is none.
    """

    rows: list[int] = field(default_factory=list)
    columns: list[Converted] = field(default_factory=list)
    stream: Any = None  # pa.Buffer

    def table(self) -> pa.Table:
        """Return the cells as one Arrow table."""
        import pyarrow as pa

        if self.stream is None:
            return pa.Table.from_batches([self.batch()])
        with pa.ipc.open_stream(self.stream) as reader:
            return reader.read_all()

    def batch(self) -> pa.RecordBatch:
        """Return the lists as one Arrow batch: row, t0, k0, t1, k1 …"""
        import pyarrow as pa

        names, arrays = ["row"], [pa.array(self.rows, pa.int32())]
        for number, column in enumerate(self.columns):
            names += [f"t{number}", f"k{number}"]
            arrays.append(_strings(column))
            kinds = pa.py_buffer(bytes(column.kinds))
            arrays.append(pa.Array.from_buffers(pa.uint8(), len(column.kinds), [None, kinds]))
        return pa.RecordBatch.from_arrays(arrays, names)


def _strings(column: Converted) -> pa.Array:
    """Build an Arrow string array from one joined text: a third of the cost of `pa.array`, which goes cell by cell."""
    import numpy as np
    import pyarrow as pa

    texts = column.texts
    nulls = np.frombuffer(column.kinds.translate(_NULLS), np.bool_)
    joined = "\0".join(texts) if column.joined is None else column.joined
    if not texts or joined.count("\0") != len(texts) - 1:
        return pa.array([None if null else text for text, null in zip(texts, nulls, strict=True)], pa.string())
    data = joined.encode("utf-8", "replace")
    offsets = np.empty(len(texts) + 1, np.int32)
    offsets[0] = 0
    offsets[1:-1] = np.flatnonzero(np.frombuffer(data, np.uint8) == 0) - np.arange(len(texts) - 1)
    offsets[-1] = len(data) - (len(texts) - 1)
    validity = pa.py_buffer(np.packbits(~nulls, bitorder="little")) if nulls.any() else None
    values = pa.py_buffer(data.replace(b"\0", b""))
    return pa.Array.from_buffers(pa.string(), len(texts), [validity, pa.py_buffer(offsets), values])


class Collector:
    """Gathers chunks: the first stays as lists; from the second on everything goes to an Arrow stream."""

    def __init__(self, width: int) -> None:
        self.raw = RawCells(columns=[Converted([], bytearray()) for _ in range(width)])
        self._sink: Any = None
        self._writer: Any = None

    def add(self, rows: list[int], columns: list[Converted]) -> None:
        """Take a chunk: row numbers, and each column's texts and kinds."""
        if self.raw.rows:
            self._flush()
        self.raw.rows = rows
        self.raw.columns = columns

    def _flush(self) -> None:
        import pyarrow as pa

        batch = self.raw.batch()
        if self._writer is None:
            self._sink = pa.BufferOutputStream()
            self._writer = pa.ipc.new_stream(self._sink, batch.schema)
        self._writer.write_batch(batch)

    def done(self) -> RawCells:
        """Return what was gathered."""
        if self._writer is not None:
            self._flush()
            self._writer.close()
            self.raw = RawCells(stream=self._sink.getvalue())
        for column in self.raw.columns:
            column.joined = None  # sent as lists: not twice
        return self.raw
