"""A month played through (issue 17): the clerk's manual, line by line, for three institutions.

Every command comes from the pages' own blocks; what a person does between them is in `HANDS`, what the pages say has
happened is asked in `CHECKS`, both by page and heading.
"""

from __future__ import annotations

from typing import Any

import pytest

from documents.month_checks import CHECKS
from documents.month_hands import FIRST, HANDS, PAGES, Month
from documents.pages import blocks, commands
from documents.shell import Shell


def steps() -> dict[tuple[str, str], list[Any]]:
    """Page and heading → the command lines below it, in the manual's order."""
    found: dict[tuple[str, str], list[Any]] = {}
    for page in PAGES:
        for block in blocks(page):
            if block.language == "sh":
                found.setdefault((page, block.heading), []).extend(commands(block))
    return found


def test_every_hand_and_every_check_belongs_to_a_heading_of_the_manual():
    assert (HANDS.keys() | CHECKS.keys()) <= steps().keys()
    assert [place for place in steps() if place[0] != FIRST and place not in CHECKS] == []


@pytest.mark.usefixtures("alone")
def test_a_month_goes_as_the_manual_says(alone):
    m = Month(Shell(alone))
    for place, lines in steps().items():
        HANDS.get(place, lambda _: None)(m)
        done = []
        for line in lines:
            outcome = m.shell(line)
            assert outcome.code == line.exit_code, f"{line.place}: {line.text}\n{outcome.out}\n{outcome.err}"
            done.append(outcome)
        CHECKS.get(place, lambda *_: None)(m, done)
