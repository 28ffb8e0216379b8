"""Which modules decide what is paid and keep it (pyproject.toml lists them), and which tests hold them.

`python tests/mutation/scope.py` prints the tests, for `make coverage`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "trainingcli"

GROUPS = {
    "ledger": ("ledger/", ["tests/ledger"]),
    "limits": (
        "settlement|limits/|policy/",
        ["tests/limits", "tests/cases", "tests/policy/test_load_policy.py", "tests/test_parameters.py"],
    ),
    "sums": (
        "reports/|intake/",
        ["tests/reports/test_capital.py", "tests/reports/test_totals.py", "tests/intake/test_amounts.py"],
    ),
}
"""Group → (which of the modules, tests)."""

HEART = {f"ledger/{name}.py" for name in ("posting", "reversing", "verification", "chain", "schema", "sqlite_schema")}
"""Modules whose mutants run first."""

FUNCTIONS = {"intake/values.py": {"amount"}, "policy/build.py": {"fen_of", "_figure"}}
"""Modules of which only these functions decide amounts."""

FIRST = {
    "ledger/schema.py": "append_only|test_posting|test_voiding|test_verification",
    "ledger/sqlite_schema.py": "append_only",
    "ledger/postgres_schema.py": "append_only",
    "ledger/queries.py": "test_posting|test_voiding|test_views",
}
"""Modules whose constants speak for themselves → the tests that are asked first."""

ON_POSTGRES = {f"ledger/{name}.py" for name in ("schema", "store", "postgres", "postgres_schema", "opening", "keys")}
"""Modules whose mutants meet the tests' PostgreSQL variants too; the others stand above either database alike."""

LEFT_OUT = (
    "test_eight", "many_at_once", "test_crashes", "test_failing_disk", "test_post_failures", "test_posted_again",
    "read_only_folder", "killed_during", "two_programs", "loads_no_heavy",
)  # fmt: skip
"""Tests of other processes, whom a mutant in a fork of this one never reaches."""


def modules(group: str) -> list[str]:
    """Return a group's modules, by their paths within the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = project["tool"]["coverage"]["report"]["include"]
    paths = [path for pattern in listed for path in sorted(ROOT.glob(pattern)) if path.suffix == ".py"]
    names = [str(path.relative_to(SOURCE)) for path in paths if path.name != "__init__.py"]
    return sorted((name for name in names if re.match(GROUPS[group][0], name)), key=lambda name: name not in HEART)


if __name__ == "__main__":
    sys.stdout.write(" ".join(test for _, tests in GROUPS.values() for test in tests))
