"""`make profile`: a call tree of a whole run over 200,000 rows, as a page and, shortened, on the terminal."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from pyinstrument import Profiler

sys.path.insert(0, str(Path(__file__).parent))

from rosters import write_xlsx

from trainingcli.__main__ import main

ROWS = 200_000
PAGE = Path("build/profile.html")


def profile() -> None:
    """Profile the main program; what the reading worker does is under `map`."""
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.xlsx"
        write_xlsx(roster, ROWS)
        sys.argv = ["trainingcli", "claims", str(roster), "--today", "2021-12-31", "--out", f"{folder}/out"]
        sys.argv += ["--ledger", f"{folder}/none.db", "--format", "table", "--jobs", "1"]
        profiler = Profiler(interval=0.005)
        with profiler:
            try:
                main()
            except SystemExit as done:
                print("exit", done.code)
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(profiler.output_html(), encoding="utf-8")
    print(profiler.output_text(unicode=True, color=False, show_all=False))
    print(PAGE)


if __name__ == "__main__":
    profile()
