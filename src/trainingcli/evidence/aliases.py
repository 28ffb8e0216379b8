"""Other names of occupations (别名): a roster may write any of them, all comparisons go by the listed name."""

from __future__ import annotations

from collections.abc import Mapping

from trainingcli.evidence.register_workbook import Contents


def claimed_aliases(occupations: Contents | None) -> dict[str, set[str]]:
    """Return squeezed alias → the listed occupations that claim it."""
    claimed: dict[str, set[str]] = {}
    for entry in occupations.entries if occupations else ():
        for alias in entry.several("aliases"):
            claimed.setdefault(alias, set()).add(entry.values["occupation"])
    return claimed


def aliases_of(occupations: Contents | None) -> Mapping[str, str]:
    """Return squeezed alias → squeezed occupation; a listed name is no alias, nor is what two occupations claim."""
    listed = {entry.values["occupation"] for entry in occupations.entries} if occupations else set()
    claimed = claimed_aliases(occupations)
    return {alias: names.pop() for alias, names in claimed.items() if len(names) == 1 and alias not in listed}
