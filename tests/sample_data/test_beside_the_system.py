"""The sample roster beside the sample export and list comes out as its story argues."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from typer.testing import CliRunner

from trainingcli.cli import app

FOLDER = Path(__file__).parents[2] / "sample_data"


def test_every_row_comes_out_as_argued(tmp_path: Path) -> None:
    sys.path.insert(0, str(FOLDER))
    try:
        import beside_the_system as story
    finally:
        sys.path.remove(str(FOLDER))
    options = ["--realname", FOLDER / story.EXPORT_FILE, "--people", FOLDER / story.LIST_FILE, "--programme"]
    options += ["vocational-training", "--ledger", tmp_path / "none.db", "--out", tmp_path / "out"]
    options += ["--today", "2021-12-31", "-f", "json"]
    done = CliRunner().invoke(app, ["claims", str(FOLDER / story.ROSTER_FILE), *map(str, options)])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    lines = [(line["status"], sorted(each["code"] for each in line["reasons"])) for line in found["lines"]]
    assert lines == [(status, codes) for status, codes, _ in story.EXPECTED]
    said = found["realname"]
    assert (said["matched_rows"], said["missing_rows"], said["differing_rows"]) == (6, 2, 2)
    assert len(said["only_in_export"]) == 1
