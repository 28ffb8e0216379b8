"""Every kind of the hostile set is decided as the docs say, within the fence."""

from __future__ import annotations

import pytest
from tests.hostile.generate import CASES, DOCS, table
from tests.intake.helpers import VOCABULARY

from trainingcli.intake.tables.reading import read_rosters
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.workers import MIB, WorkerPool


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(2, memory=300 * MIB, seconds=10) as pool:
        yield pool


def read(data: bytes, pool: WorkerPool) -> InputFile:
    return read_rosters(["-"], VOCABULARY, pool, stdin=data)[0]


@pytest.mark.parametrize("name", CASES)
def test_a_kind_is_decided_as_the_table_says(name, pool):
    case = CASES[name]
    found = read(case.build(), pool)
    if case.decision == "refused":
        assert found.error is not None
        assert found.sheets == []
        said = found.error.zh
        assert "\n" not in found.error.zh + found.error.en
    else:
        assert found.error is None, found.error
        said = " ".join(text.zh for text in [*found.warnings, *(why for _, why in found.not_read)])
    if case.decision == "read":
        assert [sheet.read for sheet in found.sheets] == [case.rows]
        assert found.sheets[0].cells.column("t0").to_pylist()[0]
    if case.decision == "no sheet":
        assert found.sheets == []
        assert found.not_read
    assert case.word in said


def test_the_docs_hold_the_same_table():
    assert table() in DOCS.read_text(encoding="utf-8")


def test_sixty_kinds_or_more():
    assert len(CASES) >= 60


def test_no_refusal_names_a_person(pool):
    for name in ("truncated", "type-unknown", "bytes-not-utf8", "csv-open-quote", "doubled-row"):
        error = read(CASES[name].build(), pool).error
        assert error is not None
        assert "140105" not in error.zh + error.en
        assert "王" not in error.zh
