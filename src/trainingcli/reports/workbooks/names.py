"""File names from names that came in rosters: letters, digits and a few marks, bounded, no two alike, one folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LONGEST_NAME = 80  # characters
_LONGEST_BYTES = 200  # of the 255 that file systems allow, with room for endings
_ALLOWED = set("-_()（）·")
# Names that Windows keeps for devices, with any extension.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")}


def file_names(names: Iterable[str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """Return name → file name without extension, for names that differ."""
    listed = list(names)
    return dict(zip(listed, distinct_file_names(listed, reserved), strict=True))


def distinct_file_names(names: Iterable[str], reserved: Iterable[str] = ()) -> list[str]:
    """Return a file name without extension for each name, in order, no two alike and none like a reserved one.

    Alike is what a file system may take for one name: letter case and compatible forms do not count.
    """
    taken = {_alike(name) for name in reserved}
    chosen = []
    for given in names:
        stem = name = _stem(given)
        number = 1
        while _alike(name) in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(_alike(name))
        chosen.append(name)
    return chosen


def _alike(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _stem(name: str) -> str:
    text = unicodedata.normalize("NFC", name)
    kept = "".join(character if character.isalnum() or character in _ALLOWED else "_" for character in text)
    kept = kept.strip("_-·")[:_LONGEST_NAME]
    kept = kept.encode("utf-8")[:_LONGEST_BYTES].decode("utf-8", "ignore")
    if not kept or kept.casefold() in _DEVICES:
        return f"机构_{kept}".rstrip("_")
    return kept
