"""`claims --post` on a disk that fills up, turns read-only or fails to sync, or killed or interrupted while it writes.

At whichever call it happens: one line and exit 4 or 5, all of it posted or nothing, no workbook half-written; and the
same command again brings ledger and workbooks to what an undisturbed run gives, cell for cell.
TRAININGCLI_FAILURES: how many calls of each kind are struck (1000: every one that a run makes, some 200).
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli.program import TODAY, run, write
from support.people import id_number
from support.warm import Warm
from trainingcli.ledger import failpoints

from . import shim
from .test_concurrency import key_environment

SAMPLE = int(os.environ.get("TRAININGCLI_FAILURES", "2"))
WAYS = [("full", 1), ("read-only", 7), ("fsync", 1), ("kill", 8)]  # of failing where the ledger is a server's
HEADINGS = ["姓名", "身份证号", "人员类别", "培训机构", "工种", "等级", "开班日期", "结业日期", "证书类型", "证书编号",
            "发证日期", "补贴项目", "申报金额"]  # fmt: skip
CLAIMED, PAID = 7, "2100.00"  # the eighth row's date is none: held, not posted
EARLIER_PAID = "600.00"
OPENED = r"(?:ledger: [^\n]+\n)?"  # 'shown by every command that opens it'; not where it failed to open


def roster(path: Path, first: int, count: int, *, held: bool = False) -> Path:
    """Certificates of an institution's people, 300 yuan each; the last is held where one is to be."""
    rows: list[list[Any]] = [
        [f"学员{n}", id_number(n), "退役军人", "甲校", "焊工", "初级工", "2020-07-01", "2020-07-15",
         "职业资格证书", f"A{n}", "2020-08-01", "取证补贴", 300]
        for n in range(first, first + count + held)
    ]  # fmt: skip
    if held:
        rows[-1][10] = "二〇二〇年秋"
    return write(path, [HEADINGS, *rows])


class Program:
    """The program, started again and again under the failing disk."""

    def __init__(self, folder: Path) -> None:
        self.state = shim.State(folder / "state")
        environment = shim.environment(shim.build(folder), self.state)
        self._warm = Warm(folder / "streams", {**environment, "TRAININGCLI_LANG": "en", "NO_COLOR": "1"})

    def run(self, *arguments: object, **environment: str) -> tuple[int, str]:
        """Run a command; return its exit code and standard error."""
        done = self._warm.run(list(map(str, arguments)), **(key_environment() | environment))
        return done.returncode, done.stderr

    def close(self) -> None:
        self._warm.close()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    started = Program(tmp_path_factory.mktemp("program"))
    yield started
    started.close()


@dataclass(frozen=True)
class Outcome:
    """What a run left: the ledger's batches and lines, the workbooks' cells."""

    paid: list[tuple[str, str]]
    lines: list[dict[str, Any]]
    books: dict[str, Any]


@dataclass
class Place:
    """A folder with a ledger, with or without an earlier batch, and an `--out`."""

    folder: Path
    roster: Path
    address: str = ""

    @property
    def ledger(self) -> str:
        return self.address or str(self.folder / "ledger.db")

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def command(self) -> list[object]:
        return ["claims", self.roster, "--today", TODAY, "--ledger", self.ledger, "--out", self.out, "--post"]

    def asked(self, *arguments: object) -> Any:
        """What `ledger …` answers, as JSON; None where there is no ledger (yet)."""
        done = run("ledger", *arguments, "--ledger", self.ledger, "--format", "json", "--lang", "en")
        if done.exit_code == 4 and "there is no ledger" in done.stderr:
            return None
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    def batches(self) -> list[dict[str, Any]]:
        found = self.asked("list")
        return found["batches"] if found else []

    def outcome(self, batch: int) -> Outcome:
        """What is there now. The ledger's own head is taken out of the workbooks: it tells when and with which key."""
        verified = self.asked("verify")
        assert verified["ok"]
        shown = self.asked("show", batch, "--unmask")["lines"]
        heads = {line.pop("hash") for line in shown}
        for line in shown:  # two runs are posted at two moments
            line.pop("posted_at")
        assert verified["head"] in heads, "nothing was posted after it"
        paid = [(one["kind"], one["yuan"]) for one in self.batches()]
        books = {path.name: cells(path, verified["head"]) for path in sorted(self.out.glob("*.xlsx"))}
        return Outcome(paid, shown, books)


def cells(path: Path, head: str) -> list[Any]:
    """Every cell of a workbook, the ledger's head, whole or its beginning, replaced by a word."""
    book = openpyxl.load_workbook(path)
    found = [
        (sheet.title, cell.coordinate, re.sub(f"{head}|{head[:12]}", "HEAD", str(cell.value)), cell.number_format)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert any("HEAD" in one[2] for one in found), "the head is on every workbook"
    return found


class World:
    """Places to post at, and what an undisturbed run makes of each kind."""

    def __init__(self, folder: Path, program: Program) -> None:
        self.folder, self.program, self.count = folder, program, 0
        self.roster = roster(folder / "花名册.xlsx", 10, CLAIMED, held=True)
        self.template = folder / "template"
        self.template.mkdir()
        earlier = roster(folder / "earlier.xlsx", 1, 2)
        code, said = program.run("claims", earlier, "--today", TODAY, "--post", "--ledger",
                                 self.template / "ledger.db", "--out", folder / "earlier-out")  # fmt: skip
        assert code == 0, said
        self.expected: dict[str, Outcome] = {}
        self.calls: dict[tuple[str, str], int] = {}  # how many calls a run makes that a mode would strike
        for kind in ("new", "grown"):
            place = self.place(kind)
            program.state.arm("nothing", folder=place.folder)
            assert program.run(*place.command)[0] == 0
            self.calls |= {(kind, mode): program.state.met(mode) for mode in shim.MODES}
            self.expected[kind] = place.outcome(self.batch(kind))
            paid = [("claims", PAID)]
            assert self.expected[kind].paid == ([("claims", EARLIER_PAID)] if kind == "grown" else []) + paid
            assert len(self.expected[kind].books) == 2

    def place(self, kind: str) -> Place:
        """A folder without a ledger (`new`), or with one that has a batch (`grown`)."""
        self.count += 1
        folder = self.folder / f"{self.count}-{kind}"
        if kind == "grown":
            shutil.copytree(self.template, folder)
        else:
            folder.mkdir()
        return Place(folder, self.roster)

    def batch(self, kind: str) -> int:
        return 2 if kind == "grown" else 1


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, program: Program) -> World:
    return World(tmp_path_factory.mktemp("world"), program)


def check_untorn(world: World, kind: str, place: Place) -> bool:
    """Whether the batch is in the ledger; it is there whole or not at all, and no workbook is half-written."""
    batches = place.batches()
    known = world.batch(kind) - 1
    posted = len(batches) > known
    assert [one["yuan"] for one in batches[known:]] == ([PAID] if posted else [])
    verified = place.asked("verify")
    assert verified["ok"] if verified else not batches
    left = sorted(path.name for path in place.out.glob("**/*.xlsx"))
    assert posted or not left, "workbooks get their names after the ledger has committed"
    for name in left:
        assert cells(place.out / name, verified["head"]) == world.expected[kind].books[name]
    return posted


def check_repaired(world: World, kind: str, place: Place) -> None:
    """The same command, undisturbed, ends where an undisturbed run does."""
    world.program.state.arm("nothing")
    code, said = world.program.run(*place.command)
    assert code == 0, said
    assert place.outcome(world.batch(kind)) == world.expected[kind]


def check_told(code: int, said: str, posted: bool) -> None:
    """One line with reason and next step, which does not say the opposite of what is so."""
    assert code in (4, 5), (code, said)
    assert re.fullmatch(OPENED + r"error: [^\n]{30,}\n", said), said
    assert re.search(r"check|free|run again|rebuild|choose|name |restore|try again", said), f"no next step: {said}"
    assert "locked" not in said
    if posted:
        assert "nothing was posted" not in said
        assert code == 4 or "ledger rebuild" in said


def chosen(count: int, seed: str) -> list[int]:
    """Calls to strike, from 1: the first, and some after it."""
    return [1, *sorted(random.Random(seed).sample(range(2, count + 1), min(count, SAMPLE) - 1))]


@shim.needs_compiler
@pytest.mark.parametrize("kind", ["new", "grown"])
@pytest.mark.parametrize("mode", ["full", "read-only", "fsync"])
def test_at_whichever_call_the_disk_fails(world, kind, mode):
    codes = set()
    calls = world.calls[kind, mode]
    for at in chosen(calls, mode + kind):
        place = world.place(kind)
        world.program.state.arm(mode, at, place.folder)
        code, said = world.program.run(*place.command)
        assert world.program.state.struck
        world.program.state.arm("nothing")
        posted = check_untorn(world, kind, place)
        codes.add(code)
        if code:
            check_told(code, said, posted)
            assert mode == "read-only" or not list(place.out.glob(".*.partial")), "what was begun is taken away"
            check_repaired(world, kind, place)
        else:
            assert posted
            assert place.outcome(world.batch(kind)) == world.expected[kind], "it was not harmed"
    assert codes & {4, 5}
    assert {4, 5} <= codes or calls > SAMPLE, "the ledger's and the workbooks' writing were both met"


@shim.needs_compiler
@pytest.mark.parametrize("kind", ["new", "grown"])
def test_killed_at_whichever_call_that_writes(world, kind):
    for at in chosen(world.calls[kind, "kill"], "kill" + kind):
        place = world.place(kind)
        world.program.state.arm("kill", at, place.folder)
        assert world.program.run(*place.command)[0] == -signal.SIGKILL
        world.program.state.arm("nothing")
        check_untorn(world, kind, place)
        check_repaired(world, kind, place)


@shim.needs_compiler
def test_interrupted_at_whichever_call_that_writes(world):
    for at in chosen(world.calls["new", "kill"], "interrupt"):
        place = world.place("new")
        world.program.state.arm("interrupt", at, place.folder)
        code, said = world.program.run(*place.command)
        assert world.program.state.struck
        world.program.state.arm("nothing")
        assert code in (0, 130), "so late that all is done, or told"
        assert code == 0 or re.fullmatch(OPENED + r"error: [^\n]+ledger list[^\n]+\n", said), said
        assert check_untorn(world, "new", place) or code
        assert not list(place.out.glob(".*.partial")), "what was begun is taken away"
        check_repaired(world, "new", place)


@shim.needs_compiler
@pytest.mark.parametrize("name", failpoints.NAMES[2:7] if SAMPLE > 2 else ["commit.after"])
def test_killed_at_a_step_of_posting_the_next_run_or_a_rebuild_repairs(world, address, name):
    place = replace(world.place("new"), address=address)
    killed, _ = world.program.run(*place.command, **{failpoints.VARIABLE: name})
    assert killed == -signal.SIGKILL
    posted = check_untorn(world, "new", place)
    assert posted == (name == "commit.after")
    assert not list(place.out.glob("*.xlsx")), "the ledger commits before the workbooks are named"
    if posted:
        done = run("ledger", "rebuild", 1, "--out", place.out, "--ledger", address, "--lang", "en")
        assert done.exit_code == 0, done.stderr
        assert place.outcome(1) == world.expected["new"]
        for path in place.out.iterdir():
            path.unlink()
    check_repaired(world, "new", place)


@shim.needs_compiler
@pytest.mark.parametrize(("mode", "at"), WAYS if SAMPLE > 2 else WAYS[:2])
def test_a_shared_ledger_stays_whole_where_the_workbooks_cannot_be_written(world, postgres_address, mode, at):
    place = replace(world.place("new"), address=postgres_address)
    world.program.state.arm(mode, at, place.folder)
    code, said = world.program.run(*place.command)
    assert world.program.state.struck
    world.program.state.arm("nothing")
    posted = check_untorn(world, "new", place)
    if mode == "kill":
        assert code == -signal.SIGKILL
    else:
        assert code == 5
        check_told(code, said, posted)
        assert posted == (mode == "read-only"), (
            "the seventh name (folder, drafts, two drafts and both again in the lock before it) is a workbook's own"
        )
    check_repaired(world, "new", place)
