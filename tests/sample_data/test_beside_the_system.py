"""The sample roster beside the sample export and list comes out as its story argues."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from typer.testing import CliRunner

from trainingcli.cli import app

FOLDER = Path(__file__).parents[2] / "sample_data"


def story() -> ModuleType:
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module("beside_the_system")
    finally:
        sys.path.remove(str(FOLDER))


def settled(tmp_path: Path, *more: object) -> dict[str, Any]:
    told = story()
    options = ["--realname", FOLDER / told.EXPORT_FILE, "--people", FOLDER / told.LIST_FILE, "--programme"]
    options += ["vocational-training", "--ledger", tmp_path / "none.db", "--out", tmp_path / "out"]
    options += ["--today", "2021-12-31", "-f", "json", *more]
    done = CliRunner().invoke(app, ["claims", str(FOLDER / told.ROSTER_FILE), *map(str, options)])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def outcomes(found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(line["status"], sorted(each["code"] for each in line["reasons"])) for line in found["lines"]]


def test_every_row_comes_out_as_argued(tmp_path: Path) -> None:
    found = settled(tmp_path)
    assert outcomes(found) == [(status, codes) for status, codes, _ in story().EXPECTED]
    said = found["realname"]
    assert (said["matched_rows"], said["missing_rows"], said["differing_rows"]) == (6, 2, 2)
    assert len(said["only_in_export"]) == 1


def test_what_the_clerk_decided_comes_back(tmp_path: Path) -> None:
    """放行 and 不予 with their grounds; a row left empty is still open."""
    told = story()
    found = settled(tmp_path, "--decisions", FOLDER / told.DECISIONS_FILE)
    expected = [(status, codes) for status, codes, _ in told.EXPECTED]
    for row, (_, _, _, status, codes) in told.DECIDED.items():
        expected[row] = status, codes
    assert outcomes(found) == expected
    assert found["decisions"] == {"entries": 3, "used": 3, "unused": 0} | {
        key: value for key, value in found["decisions"].items() if key not in ("entries", "used", "unused")
    }
