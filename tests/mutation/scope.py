"""Which modules decide what is paid and keep it (pyproject.toml lists them), and which tests hold them.

`coverage run tests/mutation/scope.py` runs the tests, for `make coverage`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "trainingcli"

GROUPS = {
    "ledger": ("ledger/(?!postgres|store|opening|keys)", ["tests/ledger"]),  # what stands above either database
    "limits": (
        "settle/|policy/",
        ["tests/limits", "tests/cases", "tests/policy/test_load_policy.py", "tests/test_parameters.py"],
    ),
    "databases": ("ledger/(postgres|store|opening|keys)", ["tests/ledger"]),
    "sums": (
        "reports/|intake/|money",
        [
            "tests/reports/test_capital.py",
            "tests/reports/test_totals.py",
            "tests/intake/test_amounts.py",
            "tests/test_money.py",
        ],
    ),
}
"""Group → (which of the modules, tests)."""

HEART = {f"ledger/{name}.py" for name in ("posting", "reversing", "verification", "chain", "schema", "sqlite_schema")}
"""Modules whose mutants run first."""

FUNCTIONS = {"intake/tables/values.py": {"amount"}, "policy/build.py": {"fen_of", "_figure"}}
"""Modules of which only these functions decide amounts."""

FIRST = {
    "ledger/(schema|sqlite_schema|postgres_schema)": "test_constraints|append_only|verify_says|test_voiding|is_kept",
    "ledger/(posting|reversing|budgeting|book|queries)": "is_kept|steps_of|test_views|test_voiding|test_posting",
    "ledger/chain": "test_chain|texts_and|test_posting|is_kept",
    "ledger/verification": "verify_says|test_verification",
    "ledger/views": "test_views",
    "ledger/(keys|files|frames)": "texts_and|test_keys",
    "ledger/(opening|sqlite|store)": "sqlite_itself|test_opening|test_keys|test_upgrade|test_postgres",
    "ledger/postgres": "test_postgres|test_upgrade|one_state_is_seen",
    "ledger/failpoints": "steps_of|failpoint",
    "settle/": "tests/limits/|test_all_as_one_frame",
    "policy/": "tests/policy/",
}
"""Modules → the tests that are asked first, since they are about them; then the others that meet the line."""

LEFT_OUT = (
    "test_eight", "many_at_once", "test_killed", "test_failing_disk", "test_post_failures", "test_posted_again",
    "is_read_but_not_written", "ledger_in_a_read_only_folder", "two_programs", "loads_no_heavy",
)  # fmt: skip
"""Tests of other processes, whom neither coverage nor a mutant in a fork of this one reaches."""


ALSO_LEFT_OUT = {"ledger": r"\[postgres", "limits": "test_alone"}
"""What stands above either database alike is asked on SQLite; the cases are asked as one frame, not one by one too."""

ASKED_TOGETHER = "test_all_as_one_frame"
"""Tests that look at one run: what the first of them meets, all of them meet."""


def modules(group: str) -> list[str]:
    """Return a group's modules, by their paths within the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = project["tool"]["coverage"]["report"]["include"]
    paths = [path for pattern in listed for path in sorted(ROOT.glob(pattern)) if path.suffix == ".py"]
    names = [str(path.relative_to(SOURCE)) for path in paths if path.name != "__init__.py"]
    return sorted((name for name in names if re.match(GROUPS[group][0], name)), key=lambda name: name not in HEART)


if __name__ == "__main__":
    import pytest

    sys.exit(
        pytest.main(
            [
                "-k",
                f"not ({' or '.join(LEFT_OUT)})",
                *dict.fromkeys(test for _, tests in GROUPS.values() for test in tests),
            ]
        )
    )
