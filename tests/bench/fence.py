"""Print the CPU seconds that reading one roster takes: by calamine alone, by the whole intake, and a worker's start.

The whole intake is the gate, the scan for hidden rows and merges, calamine, the header, and the way of the columns from
the worker into this process. A worker starts once for a run, while the main program still imports pandas, so its start
is a figure of its own.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from python_calamine import CalamineWorkbook

from trainingcli.intake.tables.reading import read_rosters
from trainingcli.policy import load_policy
from trainingcli.vocabulary import Vocabulary, load_vocabulary
from trainingcli.workers import WorkerPool

TIMES = 7


def plain(path: str) -> float:
    """Read every cell as calamine gives it."""
    began = time.process_time()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return time.process_time() - began


def of_worker(pool: WorkerPool) -> float:
    """Return what the one worker has used so far."""
    ((_, used),) = pool.map("time:process_time", [()])
    return float(used)


def intake(path: str, pool: WorkerPool, vocabulary: Vocabulary) -> float:
    """Read as `claims` does, with the worker that is there."""
    before, began = of_worker(pool), time.process_time()
    found = read_rosters([path], vocabulary, pool)[0]
    used = time.process_time() - began
    assert found.error is None, found.error
    return used + of_worker(pool) - before


def main() -> None:
    """Measure in turn, after a warm-up each; medians."""
    path = sys.argv[1]
    vocabulary = load_vocabulary(load_policy().programme_names())
    with WorkerPool(1) as pool:
        start = of_worker(pool)
        plain(path), intake(path, pool, vocabulary)
        pairs = [(plain(path), intake(path, pool, vocabulary)) for _ in range(TIMES)]
    print(median(one for one, _ in pairs), median(other for _, other in pairs), start)


if __name__ == "__main__":
    main()
