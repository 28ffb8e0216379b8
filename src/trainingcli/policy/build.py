"""From a policy file's data to `Policy`; a given file is validated first, the shipped one is held by the tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from trainingcli.language import Text
from trainingcli.policy import Clause, DatedNumber, Figure, Policy, ProgrammeEntry, Quantity, Reading
from trainingcli.published import document, schemas_folder

SHIPPED = "taiyuan-2019"
"""The policy that is used where none is given, and the one that an overlay extends."""


@cache
def _shipped() -> tuple[dict[str, Any], str]:
    file = f"policy/{SHIPPED}.yaml"
    return document(file), sha256((schemas_folder() / file).read_bytes()).hexdigest()


@cache
def shipped_policy() -> Policy:
    """Return the shipped policy."""
    return build(*data_of(None, ()))


def given_policy(path: Path, codes: Collection[str]) -> Policy:
    """Load a policy file or an overlay; UsageError names the file and every line at fault."""
    return build(*data_of(path, codes))


def data_of(path: Path | None, codes: Collection[str]) -> tuple[dict[str, Any], str]:
    """Return the whole data of a policy file, an overlay laid over what it extends, and the SHA-256 of its bytes.

    None, or the shipped policy's name where no file has it, is the shipped policy.
    """
    shipped, digest = _shipped()
    if path is None or (str(path) == SHIPPED and not path.exists()):
        return shipped, digest
    from trainingcli.policy.given_file import read_given

    given = read_given(path, shipped, codes)
    return given.data, given.sha256


def build(data: Mapping[str, Any], digest: str) -> Policy:
    """Build the policy from data that holds."""
    return Policy(
        id=data["id"],
        title=Text(**data["title"]),
        sha256=digest,
        programmes={code: _programme(code, entry) for code, entry in data["programmes"].items()},
        awards={code: _programme(code, entry) for code, entry in data["awards"].items()},
        quantities={code: _quantity(code, entry) for code, entry in data["quantities"].items()},
        all_readings=tuple(_reading(name, entry) for name, entry in data["parameters"].items()),
        all_clauses={number: _clause(number, entry) for number, entry in data["clauses"].items()},
    )


def fen_of(yuan: int | str | None) -> int | None:
    """Return yuan as fen: a whole number, or decimal text with at most two places; None where no amount is stated."""
    return None if yuan is None or yuan == "unstated" else int(Decimal(yuan) * 100)


def as_date(value: date | str) -> date:
    """Return a date that was written plain or in quotes."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _programme(code: str, entry: Mapping[str, Any]) -> ProgrammeEntry:
    clause = entry["clause"]
    return ProgrammeEntry(
        code=code,
        name=Text(**entry["name"]),
        headings=tuple(entry["headings"]),
        clause=clause,
        fund=entry["fund"],
        payee=tuple(entry["payee"]),
        basis=entry["basis"],
        unit=Text(**entry["unit"]),
        dated_by=entry.get("dated_by", "start_date"),
        amounts={key: tuple(_figure(value, clause) for value in values) for key, values in entry["amounts"].items()},
    )


def _figure(entry: Mapping[str, Any], clause: str) -> Figure:
    yuan = entry["yuan"]
    state = "ended" if yuan is None else "unstated" if yuan == "unstated" else "stated"
    return Figure(as_date(entry["from"]), fen_of(yuan), state, entry["source"], entry.get("clause", clause))


def _quantity(code: str, entry: Mapping[str, Any]) -> Quantity:
    values = tuple(DatedNumber(as_date(value["from"]), value["number"], value["source"]) for value in entry["values"])
    reading = Text(**entry["reading"]) if "reading" in entry else None
    return Quantity(
        code, Text(**entry["name"]), Text(**entry["unit"]), entry["clause"], values, entry.get("question", ""), reading
    )


def _reading(name: str, entry: Mapping[str, Any]) -> Reading:
    value = entry["value"]
    return Reading(
        number=entry.get("question", ""),
        parameter=name,
        value=tuple(value) if isinstance(value, list) else value,
        clause=entry["clause"],
        plan=Text(**entry["plan"]),
        text=Text(**entry["reading"]),
    )


def _clause(number: str, entry: Mapping[str, Any]) -> Clause:
    return Clause(
        number=number,
        title=Text(**entry["title"]),
        asks=Text(**entry["asks"]),
        lead=entry.get("lead"),
        others=tuple(entry.get("others", ())),
        open=entry.get("open", False),
    )


def merged(base: Any, over: Any, key: str = "") -> Any:
    """Lay an overlay over a file's data: mappings entry by entry, all else whole, a parameter's `value` too."""
    if key == "value" or not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return base | {name: merged(base[name], entry, name) if name in base else entry for name, entry in over.items()}
