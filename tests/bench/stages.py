"""Print the CPU seconds that validation, claim lines, settlement and reasons take of one roster."""

from __future__ import annotations

import datetime as dt
import sys
import time

from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_inputs
from trainingcli.intake.tables.convert import to_roster
from trainingcli.policy import load_policy
from trainingcli.settle.claim_lines import claim_lines
from trainingcli.settle.reasons_frame import reasons_frame
from trainingcli.settle.rows import Rows
from trainingcli.settle.settlement import settle
from trainingcli.validation.roster_schema import validate
from trainingcli.vocabulary import load_vocabulary
from trainingcli.workers import WorkerPool


def main() -> None:
    """Read, convert, then time the rest."""
    policy = load_policy()
    request = Request([sys.argv[1]], dt.date(2021, 12, 31))
    with WorkerPool(1) as pool:
        inputs = read_inputs(request, policy, pool)
    vocabulary = load_vocabulary(policy.programme_names())
    roster = to_roster(inputs, vocabulary)
    known = {name: frozenset(vocabulary.values[name].values()) for name in ("category", "level", "certificate_type")}
    began = time.process_time()
    rows = Rows(roster, validate(roster, today=request.today, known=known))
    lines = claim_lines(rows, policy)
    reasons_frame(settle(rows, lines, policy), lines, rows, policy)
    print(time.process_time() - began)


if __name__ == "__main__":
    main()
