"""The walk of one person's lines, where a roster's own checks would not let a line come so far."""

from __future__ import annotations

from trainingcli.limits.events import Line, Parameters, Person, Row
from trainingcli.limits.walk import walk
from trainingcli.policy import load_policy


def test_a_line_without_any_date_is_of_no_training_and_takes_no_place():
    """Reading 3.4: what has no start is dated by its certificate; what has neither has no year whose place it takes."""
    row = Row(0, None, None, "电工", "高级工", None, None, "S1")
    line = Line(0, row, "certificate", True, 60_000, 60_000, 0, "S1", False)
    person = Person(Parameters.of(load_policy()))
    walk(person, [row], [line])
    assert (line.event, line.key, line.reason, line.notes) == (None, None, None, [])
    assert not person.places
    assert not person.holders
    assert not person.events
