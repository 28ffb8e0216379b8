"""Read a roster, settle it, print its lines as JSON: a `claims` run without workbooks, what `compare` is held against."""

from __future__ import annotations

import datetime as dt
import sys

from trainingcli.claims.assess import assess
from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_inputs
from trainingcli.evidence.gathered import Sources
from trainingcli.policy import load_policy
from trainingcli.reports.data.claims_json import EncodedLines
from trainingcli.workers import WorkerPool


def main() -> None:
    """Settle the roster by the shipped policy."""
    policy, request = load_policy(), Request([sys.argv[1]], dt.date(2021, 12, 31), programme="vocational-training")
    with WorkerPool(1) as pool:
        inputs = read_inputs(request, policy, pool)
    for text in EncodedLines(assess(request, policy, inputs, None, Sources()).assessment, unmask=False).objects("\n"):
        print(text)


if __name__ == "__main__":
    main()
