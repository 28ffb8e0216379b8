"""Totals of lines: every figure counted by hand."""

from __future__ import annotations

import pyarrow as pa
import pytest

from trainingcli.reports.data import totals
from trainingcli.reports.data.totals import Total, total_of, totals_by, with_people

COLUMNS = ("programme", "status", "id_number", "name", "claimed", "approved")
LINES = (
    ("certificate", "approved", "1", "甲", 30_000, 30_000),
    ("certificate", "reduced", "1", "甲", 45_001, 30_000),
    ("certificate", "held", "2", "乙", 30_000, 0),
    ("certificate", "approved", None, "丙", None, 15_000),  # without a number people are told apart by name
    ("technician", "rejected", "1", "甲", None, 0),
    ("technician", "posted", "3", "丁", 200_000, 0),
    ("technician", "posted", "3", "丁", 100_000, 0),
    (None, "rejected", None, None, 7, 0),  # of nobody
)


def table(lines=LINES) -> pa.Table:
    columns = list(zip(*lines, strict=True)) or [()] * len(COLUMNS)
    types = (pa.string(),) * 4 + (pa.int64(),) * 2
    typed = zip(COLUMNS, columns, types, strict=True)
    return pa.table({name: pa.array(list(column), kind) for name, column, kind in typed})


def statuses(**counts: int) -> dict[str, int]:
    return dict.fromkeys(("approved", "reduced", "held", "rejected", "posted"), 0) | counts


CERTIFICATE = Total(
    "certificate", lines=4, people=3, paid_people=2, claimed=105_001, approved=75_000,
    difference=45_001, unclaimed=15_000, statuses=statuses(approved=2, reduced=1, held=1),
    parts={"refused": 15_001, "held": 30_000, "paid": 0},
)  # fmt: skip
TECHNICIAN = Total(
    "technician", lines=3, people=2, paid_people=0, claimed=300_000, approved=0,
    difference=300_000, unclaimed=0, statuses=statuses(rejected=1, posted=2),
    parts={"refused": 0, "held": 0, "paid": 300_000},
)  # fmt: skip
NONE = Total(
    None, lines=1, people=0, claimed=7, difference=7, statuses=statuses(rejected=1),
    parts={"refused": 7, "held": 0, "paid": 0},
)  # fmt: skip


@pytest.fixture(params=[totals._MARKED, 0], ids=["marked", "sorted"])
def lines(request, monkeypatch) -> pa.Table:
    """People are counted in two ways, by how many there are; both must give the same."""
    monkeypatch.setattr(totals, "_MARKED", request.param)
    return table()


def test_each_group_has_its_total_the_ordered_ones_first(lines):
    empty = Total("living-allowance", statuses=statuses())
    found = totals_by(lines, "programme", ["technician", "living-allowance"])
    assert found == [TECHNICIAN, empty, CERTIFICATE, NONE]


def test_null_has_a_total_only_if_it_has_lines(lines):
    assert [total.key for total in totals_by(lines.slice(0, 7), "programme", [])] == ["certificate", "technician"]
    assert totals_by(lines, "programme", [None, "certificate"])[0] == NONE


def test_a_person_in_two_groups_is_one_of_all(lines):
    assert total_of(lines) == Total(
        None, lines=8, people=4, paid_people=2, claimed=405_008, approved=75_000,
        difference=345_008, unclaimed=15_000, statuses=statuses(approved=2, reduced=1, held=1, rejected=2, posted=2),
        parts={"refused": 15_008, "held": 30_000, "paid": 300_000},
    )  # fmt: skip
    assert total_of(lines).paid_lines == 3


def test_people_numbered_before_are_counted_alike(lines):
    numbered = with_people(lines)
    assert totals_by(numbered, "programme", []) == totals_by(lines, "programme", [])
    assert total_of(numbered) == total_of(lines)


def test_lines_read_in_several_pieces_are_counted_alike():
    pieces = pa.concat_tables([table(LINES[:3]), table(LINES[3:])])
    assert totals_by(pieces, "programme", []) == [CERTIFICATE, TECHNICIAN, NONE]


def test_of_no_lines_there_is_nothing():
    assert total_of(table(())) == Total(None, statuses=statuses())
    assert totals_by(table(()), "programme", ["certificate"]) == [Total("certificate", statuses=statuses())]
    assert Total("certificate").statuses == statuses()
