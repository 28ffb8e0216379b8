"""`trainingcli schema`: the JSON Schema of a document that a command prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli.failure import told
from trainingcli.errors import UsageError
from trainingcli.language import Text, tr
from trainingcli.published import schemas_folder
from trainingcli.result import Listing, Result, columns

HELP = tr("显示结果的 JSON Schema；不写名称则列出全部。", "Print a result's JSON Schema; without a name, list them.")
SCHEMAS = Listing("schemas", columns("name 名称 code Name\nschema 标识 code Identifier\ntitle 说明 text Title"))


def _names(incomplete: str) -> list[str]:
    return [name for name in _files() if name.startswith(incomplete)]


@told
def run(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar=tr("名称", "NAME"),
            help=tr("如 claims、trainingcli.claims/1。", "Such as claims, trainingcli.claims/1."),
            autocompletion=_names,
        ),
    ] = None,
) -> Result:
    """One schema whole, or the list of them."""
    found = {key: json.loads(file.read_text("utf-8")) for key, file in _files().items()}
    rows = [{"name": key, "schema": _identifier(each), "title": each["title"]} for key, each in found.items()]
    if name is None:
        return Result("trainingcli.schemas/1", SCHEMAS, rows)
    chosen = [key for key in found if key == name] or [row["name"] for row in rows if row["schema"] == name]
    if not chosen:
        names = ", ".join(found)
        raise UsageError(Text(f"没有 {name} 的 JSON Schema；可选：{names}", f"no schema {name}; choose from: {names}"))
    return Result("", SCHEMAS, (), whole=found[chosen[-1]])


def _files() -> dict[str, Path]:
    """Return name → file of the documents' schemas, by name."""
    return {file.name.split(".")[0]: file for file in sorted(schemas_folder().glob("*.schema.json"))}


def _identifier(schema: dict[str, dict[str, dict[str, str]]]) -> str:
    return schema["properties"]["schema"].get("const", "")
