"""`trainingcli registers show`: what one register says, on a day, about a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import options
from trainingcli.cli.failure import told
from trainingcli.errors import InputError, UsageError
from trainingcli.language import Text, tr
from trainingcli.result import Column, Listing, Message, Result

if TYPE_CHECKING:
    from pathlib import Path

    from trainingcli.evidence.register_contents import Contents

HELP = tr(
    "显示一份目录清单：某日有效的、含某文字的各行。", "Show a register: its rows in force on a day, or about a name."
)
SCHEMA = "trainingcli.register/1"
_KINDS = {"date": "date", "yuan": "yuan", "count": "count", "year": "code", "id": "code", "level": "code"}


def _names(incomplete: str) -> list[str]:
    from trainingcli.published import entries

    return [name for name in entries("registers.yaml", "tables") if name.startswith(incomplete)]


@told
def run(
    name: Annotated[
        str,
        typer.Argument(
            metavar=tr("名称", "NAME"),
            help=tr("目录清单的名称，如 institutions。", "A register's name, such as institutions."),
            autocompletion=_names,
        ),
    ],
    registers: options.RegistersPath = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help=tr("只列此日有效的。", "Only what is in force on this day.")),
    ] = None,
    find: Annotated[
        str | None, typer.Option("--find", help=tr("只列含此文字的。", "Only rows that say this text."))
    ] = None,
) -> Result:
    """Read the register and list its rows."""
    from trainingcli.evidence.register_rows import register_rows

    day = options.day(on, "--on") if on is not None else None
    contents = _contents(name, registers)
    columns = [
        Column(key, Text(column.headings[0], key), _KINDS.get(column.kind, "text"))  # type: ignore[arg-type]
        for key, column in contents.register.columns.items()
    ]
    rows = list(register_rows(contents, day, find))
    total = len(contents)
    counted = Text(f"共 {total} 行，列出 {len(rows)} 行。", f"{len(rows)} of {total} rows.")
    facts = {
        "register": name, "file": str(contents.register.file), "on": None if day is None else day.isoformat(),
        "find": find, "rows": total,
    }  # fmt: skip
    listing = Listing("entries", (Column("row", Text("行", "Row"), "count"), *columns))
    return Result(SCHEMA, listing, rows, facts, messages=[Message(counted)])


def _contents(name: str, folder: Path | None) -> Contents:
    """Read one register. UsageError where none has that name or it does not hold, InputError where it is not there."""
    from trainingcli.evidence.gathering import read_registers
    from trainingcli.evidence.register_contents import all_registers

    if name not in all_registers():
        choices = "、".join(all_registers())
        raise UsageError(Text(f"没有目录清单 {name}；可选：{choices}", f"no register {name}; choose from: {choices}"))
    if folder is None:
        raise UsageError(Text("请用 --registers 指明目录清单文件夹", "name the registers' folder with --registers"))
    there = read_registers(folder)
    if name not in there:
        raise InputError(Text(f"{folder} 中没有 {name}.xlsx", f"{folder} has no {name}.xlsx"))
    for fault in there[name].faults:
        if fault.is_error:
            raise UsageError(fault.line())
    return there[name]
