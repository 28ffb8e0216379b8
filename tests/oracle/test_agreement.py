"""The program against the oracle, through messy workbooks and roster after roster, on random lines.

TRAININGCLI_ORACLE_LINES: about how many roster rows each of the tests makes (a few hundred unless told).
TRAININGCLI_ORACLE_SEED: the first seed, so that a run by night need not repeat the last one.
"""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path

from cli.program import run
from support.warm import warm

from . import people
from .compare import compare
from .plain import History, Line, Row, settle
from .words import read_name
from .workbooks import occupations_register, render

ROWS = int(os.environ.get("TRAININGCLI_ORACLE_LINES", "300"))
FIRST_SEED = int(os.environ.get("TRAININGCLI_ORACLE_SEED", "1"))
ROWS_A_RUN = 150
#: The programme that --programme names in a run, by its code; most runs name none.
OPTIONS = {None: None, "取证补贴": "certificate", "职业技能培训补贴": "vocational-training"}
SHOWN = 12


def claims(rows: list[Row], folder: Path, *more: str) -> dict:
    """Run `trainingcli claims` on the rows' files, in the order of the rows, and give its JSON."""
    files = list(dict.fromkeys(row.file for row in rows))
    command = ["claims", *files, "--format", "json", "--unmask"]
    command += ["--today", people.TODAY.isoformat(), "--registers", str(folder / "registers")]
    command += ["--ledger", str(folder / "ledger.sqlite"), "--out", str(folder / "out"), *more]
    done = warm().run(command, XDG_DATA_HOME=str(folder / "data"), HOME=str(folder), NO_COLOR="1")
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr[-2000:]}"
    return json.loads(done.stdout)


def _letters(name: str) -> str:
    """A name without what a file's name may not hold."""
    return re.sub(r"[\W_]", "", str(read_name(name)))


def check_workbooks(document: dict, folder: Path) -> None:
    """Contract, 'Compared': one institution has one claim workbook, however its rows spell it.

    Whom training is paid to is the institution; other programmes may pay an employer in the school's workbook.
    """
    names = [_letters(Path(path).stem) for path in document["outputs"]]
    assert len(names) == len(set(names)), names
    training = [line for line in document["lines"] if line["programme"] == "vocational-training"]
    payees = {_letters(line["payee"]) for line in training if line["payee"]}
    assert payees <= set(names), payees - set(names)
    assert all(Path(path).is_relative_to(folder) for path in document["outputs"])


def world_in(folder: Path, seed: int, people_count: int, calm: float = 0.0) -> people.World:
    """Make a world and the folder of its occupation register."""
    world = people.World(seed, people=people_count, calm=calm)
    (folder / "registers").mkdir(parents=True)
    occupations_register(folder / "registers" / "occupations.xlsx", world.standards())
    return world


def report(what: str, differences: list[str]) -> str:
    """Say what differs, the first few in full."""
    return f"{what}: {len(differences)} differences\n" + "\n".join(differences[:SHOWN])


def test_program_and_oracle_agree_on_messy_workbooks(tmp_path: Path) -> None:
    for seed in range(FIRST_SEED, FIRST_SEED + max(1, ROWS // ROWS_A_RUN)):
        folder = tmp_path / str(seed)
        option = random.Random(seed).choice([None, None, *OPTIONS])
        world = world_in(folder, seed, people_count=40)
        rows = render(world.rosters(ROWS_A_RUN, option=option), folder, seed, option=option)
        more = ["--programme", str(OPTIONS[option])] if option else []
        expected = settle(rows, today=people.TODAY, standards=world.standards())
        document = claims(rows, folder, *more)
        differences = compare(document, expected)
        assert not differences, report(f"seed {seed}", differences)
        check_workbooks(document, folder)


def test_program_and_oracle_agree_on_people_who_come_again_and_mostly_do_not_collide(tmp_path: Path) -> None:
    rows_a_run = max(ROWS, 2 * ROWS_A_RUN) // max(1, ROWS // 1000)
    for seed in range(FIRST_SEED, FIRST_SEED + max(1, ROWS // rows_a_run)):
        folder = tmp_path / str(seed)
        world = world_in(folder, seed, people_count=rows_a_run * 2 // 5, calm=0.85)
        rows = render(world.rosters(rows_a_run), folder, seed)
        expected = settle(rows, today=people.TODAY, standards=world.standards())
        differences = compare(claims(rows, folder), expected)
        assert not differences, report(f"seed {seed}", differences)


def test_rosters_posted_in_sequence_agree_with_the_oracle_and_its_history(tmp_path: Path) -> None:
    batches, rows_a_batch = 5, 30
    for seed in range(FIRST_SEED, FIRST_SEED + max(1, ROWS // (batches * rows_a_batch))):
        folder = tmp_path / str(seed)
        world, history = world_in(folder, seed, people_count=10), History()
        earlier: list[Row] = []
        for batch in range(batches):
            made = world.rosters(rows_a_batch)
            if batch == batches - 1:
                made = earlier  # an earlier roster again, in other bytes: its lines are posted
            (folder / str(batch)).mkdir()
            rows = render(made, folder / str(batch), seed * 100 + batch)
            expected = settle(rows, today=people.TODAY, standards=world.standards(), history=history)
            differences = compare(claims(rows, folder, "--post"), expected)
            assert not differences, report(f"seed {seed}, batch {batch + 1}", differences)
            history.post(expected)
            earlier = earlier or made


def take_back(history: History, ledger: Path, dice: random.Random) -> None:
    """Reverse three payments at random; let one of those reversed come again, or none."""
    paid = [one for one in history.payments if one.reversed_at is None]
    for one in dice.sample(paid, min(3, len(paid))):
        ask("void", one.batch, one.number, ledger)
        history.void(one)
    gone = [one for one in history.payments if one.reversed_at is not None and not one.reopened]
    if gone and dice.random() < 0.5:
        one = dice.choice(gone)
        ask("reopen", one.batch, one.number, ledger)
        one.reopened = True


def ask(what: str, batch: int, line: int, ledger: Path) -> None:
    done = run("ledger", what, batch, "--line", line, "--why", "退训", "--ledger", ledger)
    assert done.exit_code == 0, done.stderr


def leave_out_of_rejected(code: str, document: dict, expected: list[Line]) -> None:
    """What is rejected stays rejected; whether the reason stands beside the others the texts do not say."""
    for told in document["lines"]:
        if told["status"] == "rejected":
            told["reasons"] = [reason for reason in told["reasons"] if reason["code"] != code]
    for line in expected:
        if line.status == "rejected":
            line.reasons = [reason for reason in line.reasons if reason[0] != code]


def test_what_was_reversed_comes_again_as_the_oracle_says(tmp_path: Path) -> None:
    """Post, void, reopen, claim again in other bytes and spellings: contract 'What was reversed', reading 8.3."""
    batches, rows_a_batch, met = 4, 20, 0
    for seed in range(FIRST_SEED, FIRST_SEED + max(1, ROWS // (5 * batches * rows_a_batch))):
        folder, dice = tmp_path / str(seed), random.Random(seed)
        world, history = world_in(folder, seed, people_count=10), History()
        made: list[Row] = []
        for batch in range(batches):
            made = made if batch % 2 else world.rosters(rows_a_batch)
            (folder / str(batch)).mkdir()
            rows = render(made, folder / str(batch), seed * 100 + batch)
            expected = settle(rows, today=people.TODAY, standards=world.standards(), history=history)
            document = claims(rows, folder, "--post")
            leave_out_of_rejected("REVERSED_BEFORE", document, expected)
            differences = compare(document, expected)
            assert not differences, report(f"seed {seed}, batch {batch + 1}", differences)
            met += sum("REVERSED_BEFORE" in line.codes for line in expected)
            if document["batch"] is not None:
                history.post(expected, document["batch"]["id"])
                take_back(history, folder / "ledger.sqlite", dice)
    assert met, "nothing that was reversed came again"
