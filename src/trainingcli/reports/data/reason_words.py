"""Words for reason codes in the language in use; a code that nobody declared is shown as it is."""

from __future__ import annotations

from collections.abc import Iterable

from trainingcli.language import Text


def titles(codes: Iterable[str]) -> dict[str, str]:
    """Return code → what the reason is called."""
    return {code: str(_texts(code)[0]) for code in codes}


def remedies(codes: Iterable[str]) -> dict[str, str]:
    """Return code → what to do about it; an empty text where nothing is said."""
    return {code: str(_texts(code)[1]) for code in codes}


def _texts(code: str) -> tuple[Text, Text]:
    from trainingcli.reasons import reason  # loads a file; not needed where no line has a reason

    try:
        found = reason(code)
    except KeyError:
        return Text(code, code), Text("", "")
    return found.title, found.remedy
