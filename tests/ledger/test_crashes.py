"""Killed at any moment: nothing lost, doubled or torn, and the next run goes on."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from trainingcli.ledger import failpoints, open_ledger

from . import workers
from .test_concurrency import key_environment, totals

WHOLE = {"claims": (1500, 1500 * 30_000, 500), "awards": (2500, 2500 * 5_000_000, 500)}
SLICES = [(first, 250) for first in range(0, 2500, 250)]


STEPS = [*failpoints.NAMES[:7], "post.entries:3", "commit.after:3"]
OF_AWARDS = ["post.entries:3", "post.batch", "commit.before", "commit.after:3"]


def finish(address: str, of: str = "claims") -> None:
    """What was posted before the kill holds; the next run posts the rest, and nothing twice."""
    count = totals(address)[0]
    assert count % 250 == 0, "a batch is posted whole or not at all"
    workers.post_all(address, SLICES, {}, of=of)
    assert totals(address) == WHOLE[of]


@pytest.mark.parametrize(
    ("of", "place"), [*(("claims", step) for step in STEPS), *(("awards", step) for step in OF_AWARDS)]
)
def test_killed_at_each_step_of_writing(address, of, place):
    if place == "create.key" and address.startswith("postgresql:"):
        pytest.skip("the key of a PostgreSQL ledger comes from the environment")
    environment = {**key_environment(), failpoints.VARIABLE: place}
    code = workers.run(workers.post_all, address, SLICES, environment, None, of)
    assert code == -signal.SIGKILL
    finish(address, of)


def test_killed_at_random_moments(address):
    moments = random.Random(6)
    for _ in range(int(os.environ.get("TRAININGCLI_KILLS", "8"))):
        done = workers.FORKS.Value("i", 0)
        process = workers.FORKS.Process(target=workers.post_all, args=(address, SLICES, key_environment(), done))
        process.start()
        while process.is_alive() and not done.value:
            time.sleep(0.001)
        time.sleep(moments.uniform(0, 0.4))
        process.kill()
        process.join()
        with open_ledger(address) as ledger:
            assert ledger.verify().ok
            assert ledger.head().entries % 250 == 0
    finish(address)


def test_a_failpoint_elsewhere_and_no_failpoint_do_nothing(monkeypatch):
    monkeypatch.delenv(failpoints.VARIABLE, raising=False)
    failpoints.failpoint("post.batch")
    monkeypatch.setenv(failpoints.VARIABLE, "post.batch:2")
    monkeypatch.setattr(failpoints, "_passed", {})
    killed = []
    monkeypatch.setattr(os, "kill", lambda *_: killed.append(1))
    failpoints.failpoint("post.archive")
    failpoints.failpoint("post.batch")
    assert not killed
    failpoints.failpoint("post.batch")
    assert killed == [1]
