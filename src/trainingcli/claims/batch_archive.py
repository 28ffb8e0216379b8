"""An assessment as bytes and back: what the ledger keeps of a batch, so that its workbooks can be made again.

Frames travel as compressed Arrow; the rest as JSON of a few known classes, so that nothing in an archive can run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from trainingcli import policy
from trainingcli.errors import LedgerError
from trainingcli.facts import Check
from trainingcli.intake.tables.sheet_tables import InputFile, RosterColumn, SheetTable
from trainingcli.language import Text
from trainingcli.settle.assessment import Assessment

if TYPE_CHECKING:
    import pandas as pd

_CLASSES: dict[str, Any] = {
    "Policy": policy.Policy, "Programme": policy.ProgrammeEntry, "Figure": policy.Figure, "Quantity": policy.Quantity,
    "Reading": policy.Reading, "Clause": policy.Clause, "Check": Check, "InputFile": InputFile,
    "SheetTable": SheetTable, "Column": RosterColumn,
}  # fmt: skip
"""What archives call the classes that they hold, for ever: a class may be renamed, every ledger keeps the name."""
_NAMES = {kind: name for name, kind in _CLASSES.items()}
_FRAMES = ("lines", "reasons")
_OF_THE_RUN = ("ledger", "batch", "outputs", "stale", "reversed", *_FRAMES)  # of a run, or kept as a frame
_OF_THE_READING = frozenset({"cells", "later", "remarks"})  # of a sheet: used up once its rows are converted
FORMAT = 2
"""1: without a number, in ledgers of the first version. Read by known fields: what an archive lacks is empty."""


def pack(assessment: Assessment) -> bytes:
    """Return everything of an assessment but ledger head, batch and outputs."""
    names = (item.name for item in dataclasses.fields(assessment) if item.name not in _OF_THE_RUN)
    facts = {name: _plain(getattr(assessment, name)) for name in names}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        package.writestr("format.json", json.dumps({"format": FORMAT}))
        # A place's name in bytes that are no UTF-8 (of the ledger, for one) stands in it as it came.
        package.writestr("facts.json", json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        for name in _FRAMES:
            package.writestr(f"{name}.arrow", _arrow(getattr(assessment, name)))
    return target.getvalue()


def unpack(data: bytes) -> Assessment:
    """Return the assessment that `pack` was given; a `LedgerError` for the archive of a later program."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _refuse_later(package)
        facts = {name: _rich(value) for name, value in json.loads(package.read("facts.json")).items()}
        frames = {name: _frame(package.read(f"{name}.arrow")) for name in _FRAMES}
    found: Assessment = _known(Assessment, facts | frames)
    return found


def unpack_lines(data: bytes, columns: Sequence[str] | None = None, frame: str = "lines") -> pd.DataFrame:
    """Return an archive's `lines` (or `reasons`), only some columns where they are named; one it lacks is empty.

    For those who read batch after batch: nothing else of the archive is unpacked.
    """
    table = unpack_table(data, columns, frame)
    found: pd.DataFrame = table.to_pandas()
    return found if columns is None else found.reindex(columns=list(columns))


def unpack_table(data: bytes, columns: Sequence[str] | None = None, frame: str = "lines") -> pa.Table:
    """Return the same as an Arrow table, without pandas; a column that the archive lacks is not there."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _refuse_later(package)
        stream = package.read(f"{frame}.arrow")
    if columns is None:
        return pa.ipc.open_stream(stream).read_all()
    names = pa.ipc.open_stream(stream).schema.names
    places = [place for place, name in enumerate(names) if name in columns]
    if not places:  # which Arrow would take for all of them
        return pa.table({})
    return pa.ipc.open_stream(stream, options=pa.ipc.IpcReadOptions(included_fields=places)).read_all()


def unpack_evidence(data: bytes, name: str) -> Any:
    """Return what one piece of evidence said of the batch, as the archive keeps it; None where it said nothing."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _refuse_later(package)
        kept = json.loads(package.read("facts.json")).get("evidence")
    return (_rich(kept) or {}).get(name)


def _refuse_later(package: zipfile.ZipFile) -> None:
    named = "format.json" in package.namelist()
    form = json.loads(package.read("format.json"))["format"] if named else 1
    if form > FORMAT:
        raise LedgerError(
            Text(
                f"存档由更新的版本写成（格式 {form}，本程序到 {FORMAT}）；请升级 trainingcli",
                f"the archive is from a newer version (format {form}, known: {FORMAT}); upgrade trainingcli",
            )
        )


def _known(kind: Any, given: Mapping[str, Any]) -> Any:
    """Make a class of the fields that it has today; one that the archive lacks and that has no default is empty."""
    made: dict[str, Any] = {}
    for item in dataclasses.fields(kind):
        if item.name in given:
            made[item.name] = given[item.name]
        elif item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
            asked = str(getattr(item.type, "__name__", item.type)).partition("[")[0]
            made[item.name] = _EMPTY.get(asked, lambda: None)()
    return kind(**made)


_EMPTY: dict[str, Callable[[], Any]] = {
    "str": str, "int": int, "bool": bool, "list": list, "tuple": tuple, "Sequence": tuple, "dict": dict,
    "Mapping": dict, "frozenset": frozenset, "Text": lambda: Text("", ""),
}  # fmt: skip


def _arrow(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _frame(data: bytes) -> pd.DataFrame:
    frame: pd.DataFrame = pa.ipc.open_stream(data).read_all().to_pandas()
    return frame


def _plain(value: Any) -> Any:
    """Turn known classes, dates and tuples into JSON that says what it was."""
    if isinstance(value, Text):
        return {"$": "Text", "zh": value.zh, "en": value.en}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (item.name for item in dataclasses.fields(value) if item.name not in _OF_THE_READING)
        kept = {name: getattr(value, name) for name in fields}
        return {"$": _NAMES[type(value)], **{name: _plain(item) for name, item in kept.items()}}
    if isinstance(value, dt.date):
        return {"$": "date", "iso": value.isoformat()}
    if isinstance(value, tuple):
        return {"$": "tuple", "items": [_plain(item) for item in value]}
    if isinstance(value, frozenset):
        return {"$": "frozenset", "items": sorted(value)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {"$": "dict", "items": [[key, _plain(item)] for key, item in value.items()]}
    return value


def _rich(value: Any) -> Any:
    if isinstance(value, list):
        return [_rich(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value["$"]
    if kind == "Text":
        return Text(value["zh"], value["en"])
    if kind == "date":
        return dt.date.fromisoformat(value["iso"])
    if kind == "tuple":
        return tuple(_rich(item) for item in value["items"])
    if kind == "frozenset":
        return frozenset(value["items"])
    if kind == "dict":
        return {key: _rich(item) for key, item in value["items"]}
    given = {name: item for name, item in value.items() if name != "$" and name not in _OF_THE_READING}
    return _known(_CLASSES[kind], {name: _rich(item) for name, item in given.items()})
