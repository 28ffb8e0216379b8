"""An assessment as bytes and back: what the ledger keeps of a batch, so that its workbooks can be made again.

Frames travel as compressed Arrow; the rest as JSON of a few known classes, so that nothing in an archive can run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import zipfile
from typing import Any

import pandas as pd
import pyarrow as pa

from trainingcli import policy
from trainingcli.facts import Check
from trainingcli.intake.tables.sheet_tables import Column, InputFile, SheetTable
from trainingcli.language import Text
from trainingcli.settle.assessment import Assessment

_CLASSES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        policy.Policy, policy.Programme, policy.Figure, policy.Quantity, policy.Reading, policy.Clause,
        Check, InputFile, SheetTable, Column,
    )
}  # fmt: skip
_FRAMES = ("lines", "reasons")


def pack(assessment: Assessment) -> bytes:
    """Return everything of an assessment but ledger head, batch and outputs."""
    kept = ("policy", "inputs", "checks", "today", "warnings", "evidence")
    facts = {name: _plain(getattr(assessment, name)) for name in kept}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        package.writestr("facts.json", json.dumps(facts, ensure_ascii=False))
        for name in _FRAMES:
            package.writestr(f"{name}.arrow", _arrow(getattr(assessment, name)))
    return target.getvalue()


def unpack(data: bytes) -> Assessment:
    """Return the assessment that `pack` was given."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        facts: dict[str, Any] = {name: _rich(value) for name, value in json.loads(package.read("facts.json")).items()}
        frames: dict[str, Any] = {name: _frame(package.read(f"{name}.arrow")) for name in _FRAMES}
    return Assessment(**facts, **frames)


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
        kept = {item.name: getattr(value, item.name) for item in dataclasses.fields(value) if item.name != "cells"}
        return {"$": type(value).__name__, **{name: _plain(item) for name, item in kept.items()}}
    if isinstance(value, dt.date):
        return {"$": "date", "iso": value.isoformat()}
    if isinstance(value, tuple):
        return {"$": "tuple", "items": [_plain(item) for item in value]}
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
    if kind == "dict":
        return {key: _rich(item) for key, item in value["items"]}
    fields = {name: _rich(item) for name, item in value.items() if name != "$"}
    return _CLASSES[kind](**fields, **({"cells": None} if kind == "SheetTable" else {}))
