"""A disk whose fsync fails: the posting is told as failed, and nothing is lost, doubled or torn."""

from __future__ import annotations

import subprocess
import sys

from . import shim

PROGRAM = """
import sys
from pathlib import Path
from trainingcli.errors import LedgerError
from trainingcli.ledger import open_ledger
from ledger.claims import line, lines, person, record
from ledger.shim import State
state = State(Path(sys.argv[2]))
failed = 0
for number, which in enumerate((1, 2, 3, 4, 1, 2, 1, 1), 1):
    state.arm("fsync", which)
    try:
        with open_ledger(sys.argv[1]) as ledger, ledger.transaction():
            ledger.post(record(f"{number:x}"), lines(*(line(number * 1000 + n) for n in range(100))), b"x" * 100)
    except LedgerError as error:
        assert error.exit_code == 4
        failed += 1
    state.arm("nothing")
    with open_ledger(sys.argv[1]) as ledger:
        assert ledger.verify().ok
        count = len(ledger.history([person(number * 1000 + n) for n in range(100)], []))
        assert count in (0, 100), count
        if not count:
            with ledger.transaction():
                ledger.post(record(f"{number:x}"), lines(*(line(number * 1000 + n) for n in range(100))), b"")
        assert ledger.head().entries == number * 100
print(failed)
"""


@shim.needs_compiler
def test_whichever_fsync_fails_the_next_run_goes_on(tmp_path):
    state = shim.State(tmp_path / "state")
    state.arm("nothing", folder=tmp_path)
    outcome = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "ledger.db"), str(state.path)],
        env=shim.environment(shim.build(tmp_path), state),
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    assert int(outcome.stdout) >= 4, "the failing fsync must have been met"
