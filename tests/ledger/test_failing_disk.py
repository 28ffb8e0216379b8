"""A disk whose fsync fails: the posting is told as failed, and nothing is lost, doubled or torn."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
int fail_at = 0;
static int failing(void) { return fail_at > 0 && --fail_at == 0; }
int fsync(int file) {
  static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync");
  if (failing()) { errno = EIO; return -1; } return real(file);
}
int fdatasync(int file) {
  static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  if (failing()) { errno = EIO; return -1; } return real(file);
}
"""
PROGRAM = """
import ctypes, sys
from trainingcli.errors import LedgerError
from trainingcli.ledger import open_ledger
from ledger.claims import line, lines, person, record
shim = ctypes.c_int.in_dll(ctypes.CDLL(None), "fail_at")
failed = 0
for number, which in enumerate((1, 2, 3, 4, 1, 2, 1, 1), 1):
    shim.value = which
    try:
        with open_ledger(sys.argv[1]) as ledger, ledger.transaction():
            ledger.post(record(f"{number:x}"), lines(*(line(number * 1000 + n) for n in range(100))), b"x" * 100)
    except LedgerError as error:
        assert error.exit_code == 4
        failed += 1
    shim.value = 0
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


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler to build the failing fsync with")
def test_whichever_fsync_fails_the_next_run_goes_on(tmp_path):
    source, shim = tmp_path / "shim.c", tmp_path / "shim.so"
    source.write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
    outcome = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "ledger.db")],
        env={**os.environ, "LD_PRELOAD": str(shim), "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    assert int(outcome.stdout) >= 4, "the failing fsync must have been met"
