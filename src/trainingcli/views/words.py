"""Codes in words for the screens and pages of views (用语): programmes; reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingcli.language import Text
from trainingcli.reasons import all_reasons

if TYPE_CHECKING:
    from trainingcli.policy import Policy

UNSTATED = Text("未注明", "not stated")
"""What stands for a null key on screens and pages (contract-2, 4, 'District')."""


def programme_words(policy: Policy) -> dict[str, Text]:
    """Return the names of programmes and awards by their codes."""
    return {code: entry.name for code, entry in (*policy.programmes.items(), *policy.awards.items())}


def reason_words() -> dict[str, Text]:
    """Return the titles of reasons by their codes."""
    return {code: entry.title for code, entry in all_reasons().items()}
