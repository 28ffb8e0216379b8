"""File names from names that came in rosters: letters, digits and a few marks, bounded, no two alike, one folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from trainingcli.compared import without_unseen

_LONGEST_NAME = 80  # characters
_LONGEST_BYTES = 200  # of the 255 that file systems allow, with room for endings
_ALLOWED = set("-_()（）·")
# Names that Windows keeps for devices, with any extension.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")}


# A return's name, whatever the institution added to it: 甲校-退回-已改, 甲校-退回-2 (1).
_RETURNED = re.compile(r"(?s)(?P<stem>.+?)-退回(?:-(?P<turn>\d{1,3}))?(?!\d).*")


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


def return_names(stems: Sequence[str]) -> list[str]:
    """Return a file name for the return of each input: its stem with -退回; what comes back a second time -退回-2."""
    given = [_RETURNED.fullmatch(stem) for stem in stems]
    turns = [1 if found is None else int(found["turn"] or 1) + 1 for found in given]
    own = [stem if found is None else found["stem"] for stem, found in zip(stems, given, strict=True)]
    names = [""] * len(own)
    for turn in set(turns):
        places = [place for place, number in enumerate(turns) if number == turn]
        for place, name in zip(places, distinct_file_names(own[place] for place in places), strict=True):
            names[place] = f"{name}-退回" if turn == 1 else f"{name}-退回-{turn}"
    return names


def _alike(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _stem(name: str) -> str:
    text = unicodedata.normalize("NFC", without_unseen(name))  # an unseen sign shows as nothing, so here too
    kept = "".join(character if character.isalnum() or character in _ALLOWED else "_" for character in text)
    kept = kept.strip("_-·")[:_LONGEST_NAME]
    kept = kept.encode("utf-8")[:_LONGEST_BYTES].decode("utf-8", "ignore")
    if not kept or kept.casefold() in _DEVICES:
        return f"机构_{kept}".rstrip("_")
    return kept
