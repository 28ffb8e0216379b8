"""What is said of a file that was given to another command: the kind that knows most of its columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.program import run
from trainingcli.intake.tables.recognised import _kinds, what_it_is
from trainingcli.policy import load_policy
from trainingcli.workers import WorkerPool

SAMPLES = Path(__file__).parents[2] / "sample_data"


@pytest.mark.parametrize(
    ("file", "reader"),
    [
        ("realname/花名册.xlsx", "trainingcli claims"),
        ("realname/实名制导出.xlsx", "--realname"),
        ("realname/核定意见.xlsx", "--decisions"),
        ("realname/退休人员名单.xlsx", "--people"),
        ("registers/occupations.xlsx", "--registers"),
        ("registers/units.xlsx", "--registers"),  # six of its eight columns an award's roster has, too
        ("awards/2-补报.xlsx", "trainingcli awards"),
    ],
)
def test_a_sample_is_what_reads_it(file: str, reader: str) -> None:
    with WorkerPool(1) as pool:
        told = what_it_is(str(SAMPLES / file), pool, load_policy().programme_names())
    assert told is not None
    assert told.en.endswith(f"; use {reader}")


@pytest.mark.parametrize("reader", sorted({known.reader for known in _kinds({})}))
def test_what_is_said_to_read_a_table_is_there(reader: str) -> None:
    program, *command = reader.split()
    if command:
        assert program == "trainingcli"
        assert run(*command, "--help").exit_code == 0
    else:
        assert f"{program} " in run("claims", "--help").stdout
