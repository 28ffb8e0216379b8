"""The language of messages: Chinese first, English by choice; never of a code, a key or an amount."""

from __future__ import annotations

import os
from typing import NamedTuple

LANGUAGES = ("zh", "en")
_current = "zh"


def use(language: str) -> None:
    """Set the language of every message that is rendered from now on (`zh` or `en`)."""
    global _current
    _current = language if language in LANGUAGES else "zh"


def current() -> str:
    """Return the language in use."""
    return _current


def from_environment(arguments: list[str]) -> str | None:
    """Find the language before the command line is parsed: help texts are built at import. None where none is said."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.split("=", 1)[1]
        if argument == "--lang" and position + 1 < len(arguments):
            return arguments[position + 1]
    return os.environ.get("TRAININGCLI_LANG") or None


class Text(NamedTuple):
    """One message in both languages; `str()` gives the one in use. Picklable, so that workers can send it."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if _current == "en" else self.zh

    def format(self, **values: object) -> Text:
        """Fill `{placeholders}` in both languages; a `Text` value is put in by language."""
        return Text(self.zh.format(**_pick(values, 0)), self.en.format(**_pick(values, 1)))


def _pick(values: dict[str, object], which: int) -> dict[str, object]:
    return {key: value[which] if isinstance(value, Text) else value for key, value in values.items()}


def tr(zh: str, en: str) -> str:
    """Return the one of two texts that is in the language in use."""
    return en if _current == "en" else zh
