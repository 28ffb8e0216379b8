"""The flags (疑点) as they are declared in `schemas/flags.yaml`: clause, title, message."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from trainingcli.language import Text
from trainingcli.published import document


class FlagWords(NamedTuple):
    """A flag's words. `message` has {detail}."""

    clause: str
    title: Text
    message: Text


@cache
def all_flag_words() -> Mapping[str, FlagWords]:
    """Return code → words, in the order of the published file."""
    entries = document("flags.yaml")["flags"]
    return MappingProxyType(
        {
            code: FlagWords(entry["clause"], Text(**entry["title"]), Text(**entry["message"]))
            for code, entry in entries.items()
        }
    )
