"""An archived policy may be older than a parameter: what reads an archive does without any that it lacks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from cli.program import run, write
from ledger.test_commands import HEADINGS, posted, row
from trainingcli.claims import batch_archive


def test_a_batch_whose_policy_has_none_of_todays_parameters_is_read(tmp_path: Path, monkeypatch: Any) -> None:
    """Rebuilt, shown, posted again, and asked of a person's next training; something was paid, something held."""
    source = write(tmp_path / "一班.xlsx", [HEADINGS, row(1), row(2, yuan="约八百")])
    posted(tmp_path, source)
    read = batch_archive.unpack

    def older(data: bytes) -> Any:
        found = read(data)
        return replace(found, policy=replace(found.policy, all_readings=()))

    monkeypatch.setattr(batch_archive, "unpack", older)
    ledger = ["--ledger", tmp_path / "ledger.db"]
    for arguments in (
        ["rebuild", 1, "--out", tmp_path / "again"],
        ["show", 1],
        ["held"],
        ["person", "--name", "王小明"],
    ):
        done = run("ledger", *arguments, *ledger)
        assert done.exit_code == 0, (arguments, done.stderr)
    later = write(tmp_path / "二班.xlsx", [HEADINGS, row(1, "焊工", start="2020-07-09"), row(3)])
    for each in (source, later):
        again = posted(tmp_path, each, "--force")
        assert again.exit_code == 0, again.stderr
