"""Entries of a published list (目录), and what is said of a name that is not among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from trainingcli.language import Text
from trainingcli.register_title import register_title

if TYPE_CHECKING:
    from trainingcli.evidence.register_contents import Contents, Entry

# Why a name is not in force, from farthest to nearest.
UNLISTED, OTHER_KIND, OUT_OF_DATE = range(3)


_DAY = dt.timedelta(days=1)
_KIND = Text("类别", "kind")


class Listed(NamedTuple):
    """One entry: its name, the kinds it is for (levels, occupations; empty: any), the days it is in force."""

    name: str
    kinds: frozenset[str] = frozenset()
    since: dt.date | None = None
    until: dt.date | None = None


def listed(entry: Entry, name: str, kinds: Iterable[str] = ()) -> Listed:
    """Return a register's row as an entry with its days; the first and the last are both in force."""
    return Listed(name, frozenset(kinds), *days_of(entry))


def days_of(entry: Entry) -> tuple[dt.date | None, dt.date | None]:
    """Return a row's first and last day in force, None where it is open; a unit is not on the day of its withdrawal."""
    withdrawn: dt.date | None = entry.get("withdrawn")
    last = entry.get("until") if withdrawn is None else withdrawn - _DAY
    return entry.get("since") or entry.get("recognised"), last


def names_of(contents: Contents | None, key: str, aliases: Mapping[str, str], *kinds: str) -> list[Listed]:
    """Return the entries of a list of occupations' names, spelled as compared."""
    entries = contents.entries if contents is not None else ()
    from trainingcli.settle.occupations import parted  # `explain CODE` and completion load this file, and part nothing

    names = [parted(entry.values[key])[0] for entry in entries]
    return [listed(entry, aliases.get(name, name), kinds) for entry, name in zip(entries, names, strict=True)]


def details_of(register: str, kind: Text = _KIND) -> tuple[Text, Text, Text]:
    """Return what is said for `UNLISTED`, `OTHER_KIND` and `OUT_OF_DATE`; `kind`: what an entry is limited to."""
    title = register_title(register)
    zh, en = title.zh, f"the register of {title.en.lower()}"
    return (
        Text(f"{zh}没有此名称", f"{en} does not have it"),
        Text(f"{zh}有此名称，但{kind.zh}不符", f"{en} has it for another {kind.en}"),
        Text(f"{zh}有此名称，但当日不在有效期内", f"{en} has it, not in force on that day"),
    )


def training(occupation: str, level: str | None) -> str:
    """Return an occupation with a level (None: any that is not known) as one word."""
    return f"{occupation}\n{level or ''}"
