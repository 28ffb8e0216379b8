"""What bad input gets at the command line: one line with reason and next step, its exit code, nothing posted."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from cli.program import TODAY, process, run, write
from support.people import id_number
from trainingcli.ledger import book, files, open_ledger
from trainingcli.ledger.opening import TIMEOUT_VARIABLE

from .test_concurrency import key_environment

HEADINGS = ["姓名", "身份证号", "人员类别", "培训机构", "工种", "等级", "开班日期", "结业日期", "证书类型", "证书编号",
            "发证日期", "补贴项目", "申报金额"]  # fmt: skip


def roster(path: Path, first: int, count: int = 3) -> Path:
    """Certificates that are paid 300 yuan each."""
    rows = [
        [f"学员{n}", id_number(n), "退役军人", "甲校", "焊工", "初级工", "2020-07-01", "2020-07-15", "职业资格证书",
         f"A{n}", "2020-08-01", "取证补贴", 300]
        for n in range(first, first + count)
    ]  # fmt: skip
    return write(path, [HEADINGS, *rows])


def post_command(folder: Path, address: str, first: int = 10) -> list[str]:
    source = roster(folder / f"花名册{first}.xlsx", first)
    return ["claims", str(source), "--today", TODAY, "--ledger", address, "--out", str(folder / "out"), "--post"]


# The line that every command shows that opens a ledger (contract, '--ledger').
OPENED = r"(?:ledger: [^\n]+\n)?"


def one_line(code: int, stdout: str, stderr: str) -> str:
    """The one line of an error that came with a code, below the ledger's own; nothing is on standard output."""
    assert stdout == ""
    assert re.fullmatch(OPENED + r"error: [^\n]+\n", stderr), (code, stderr)
    assert "locked" not in stderr
    return stderr


def refused(*arguments: object, code: int) -> str:
    """Run a command that is refused; the line that it says."""
    done = run(*arguments, "--lang", "en")
    assert done.exit_code == code, (done.exit_code, done.stderr)
    return one_line(done.exit_code, done.stdout, done.stderr)


def not_posted(folder: Path, address: str, code: int = 4) -> str:
    """Post to a ledger that refuses; no workbook is left."""
    said = refused(*post_command(folder, address), code=code)
    assert not list((folder / "out").glob("**/*"))
    return said


def posted(folder: Path, address: str) -> None:
    """Post a first batch, lines 1 to 3."""
    done = run(*post_command(folder, address, first=1))
    assert done.exit_code == 0, done.stderr
    for path in (folder / "out").iterdir():
        path.unlink()


def batches(address: str) -> int:
    return len(json.loads(run("ledger", "list", "--ledger", address, "--format", "json").stdout)["batches"])


def make_text(path: Path) -> None:
    path.write_text("姓名,身份证号\n")


def make_other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE staff (name TEXT)")


def make_noise(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)


@pytest.mark.parametrize("make", [make_text, make_other_database, make_noise, Path.mkdir])
def test_what_is_no_ledger_is_refused_and_stays_as_it_is(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(path := tmp_path / "ledger.db")
    before = None if path.is_dir() else path.read_bytes()
    assert "is not a trainingcli ledger; check the address" in not_posted(tmp_path, str(path))
    for command in (["list"], ["show", 1], ["verify"], ["rebuild", 1], ["void", 1, "--why", "x"]):
        assert "is not a trainingcli ledger" in refused("ledger", *command, "--ledger", path, code=4)
    assert before is None or path.read_bytes() == before


def test_a_newer_ledger_is_refused(address, raw, tmp_path):
    posted(tmp_path, address)
    raw("UPDATE ledger_meta SET value = '99' WHERE name = 'version'")
    assert "newer version" in not_posted(tmp_path, address)
    for command in (["list"], ["verify"], ["void", 1, "--why", "x"]):
        assert "upgrade trainingcli" in refused("ledger", *command, "--ledger", address, code=4)


def test_a_ledger_on_a_network_share_is_refused(tmp_path, monkeypatch):
    (tmp_path / "mounts").write_text(f"server:/x {os.path.realpath(tmp_path)} nfs rw 0 0\n")
    monkeypatch.setattr(files, "MOUNTS", tmp_path / "mounts")
    said = not_posted(tmp_path, str(tmp_path / "ledger.db"))
    assert "network share (nfs)" in said
    assert "use a local disk" in said
    assert not (tmp_path / "ledger.db").exists()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert "there is no folder" in not_posted(tmp_path, str(tmp_path / "none" / "ledger.db"))


def test_a_server_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("TRAININGCLI_LEDGER_KEY", "5e" * 32)
    monkeypatch.setenv(TIMEOUT_VARIABLE, "2")
    assert "run again" in not_posted(tmp_path, "postgresql://postgres@127.0.0.1:9/none")


TAMPERED = ["UPDATE entries SET approved = approved + 1 WHERE entry = 2", "UPDATE balances SET posted = posted + 1"]


@pytest.mark.parametrize("statement", TAMPERED)
def test_a_ledger_that_fails_verification_is_not_built_upon(address, raw, tmp_path, statement):
    posted(tmp_path, address)
    raw(statement, guards=False)
    assert "restore a backup" in not_posted(tmp_path, address)
    assert "restore a backup" in refused("ledger", "void", 1, "--why", "x", "--ledger", address, code=4)
    if statement == TAMPERED[0]:
        source = post_command(tmp_path, address)[1]
        said = refused("ledger", "import", source, "--today", TODAY, "--ledger", address, code=4)
        assert "restore a backup" in said
    assert batches(address) == 1
    verified = run("ledger", "verify", "--ledger", address, "--format", "json", "--lang", "en")
    assert verified.exit_code == 4
    assert json.loads(verified.stdout)["ok"] is False
    where = " at entry 2: " if statement == TAMPERED[0] else ": balances differ"
    assert re.fullmatch(
        OPENED + rf"error: the ledger fails verification{where}[^\n]+restore a backup\n", verified.stderr
    )


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_long_ledger_is_posted_to_without_reading_it_all(address, raw, tmp_path, monkeypatch):
    posted(tmp_path, address)
    raw(TAMPERED[0], guards=False)
    monkeypatch.setattr(book, "WHOLE", 2)
    assert run(*post_command(tmp_path, address)).exit_code == 0
    assert run("ledger", "verify", "--ledger", address).exit_code == 4


def test_a_head_that_is_not_in_the_ledger_is_told(address, tmp_path):
    posted(tmp_path, address)
    done = run("ledger", "verify", "--head", "ab" * 32, "--ledger", address, "--format", "json", "--lang", "en")
    assert done.exit_code == 4
    assert re.fullmatch(OPENED + r"error: [^\n]+cut off or rewritten[^\n]+restore a backup\n", done.stderr)


def test_what_is_not_there_or_reversed_already_cannot_be_voided(address, tmp_path):
    posted(tmp_path, address)
    void = ["ledger", "void", "--ledger", address, "--why", "误报"]
    assert "no batch 9" in refused(*void, 9, code=2)
    assert "no posted line 7" in refused(*void, 1, "--line", 7, code=2)
    assert run(*void, 1, "--line", 2).exit_code == 0
    assert "reversed already" in refused(*void, 1, "--line", 2, code=2)
    assert "reversed already" in refused(*void, 1, "--line", 1, "--line", 2, code=2)
    assert run(*void, 1).exit_code == 0
    assert "reversed already" in refused(*void, 1, code=2)
    assert "no batch 2" in refused(*void, 2, code=2), "a reversal is no payment"
    assert batches(address) == 3
    for command in (["show", 9], ["rebuild", 9], ["rebuild", 2]):
        assert f"no batch {command[1]}" in refused("ledger", *command, "--ledger", address, code=2)


def test_a_ledger_that_is_not_there_is_not_made_by_a_void(tmp_path):
    path = tmp_path / "ledger.db"
    for command in (["void", 1, "--why", "x"], ["list"], ["verify"]):
        assert "there is no ledger" in refused("ledger", *command, "--ledger", path, code=4)
    assert list(tmp_path.iterdir()) == []


def test_waiting_past_the_time_out_is_exit_4_with_nothing_posted(address, tmp_path, monkeypatch):
    posted(tmp_path, address)
    command = post_command(tmp_path, address)
    monkeypatch.setenv(TIMEOUT_VARIABLE, "0.01")
    with open_ledger(address) as other, other.transaction():
        said = refused(*command, code=4)
        assert "in use by another run" in said
        assert "nothing was posted, try again later" in said
        assert not list((tmp_path / "out").iterdir())
        for action in (["void", 1, "--why", "x"], ["import", command[1], "--today", TODAY]):
            assert "in use by another run" in refused("ledger", *action, "--ledger", address, code=4)
        assert batches(address) == 1, "reading goes on meanwhile"
    assert run(*command).exit_code == 0
    assert batches(address) == 2


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "1e9"])
def test_a_time_out_that_is_none_is_wrong_usage(tmp_path, monkeypatch, text):
    monkeypatch.setenv(TIMEOUT_VARIABLE, text)
    assert TIMEOUT_VARIABLE in refused("ledger", "list", "--ledger", __file__, code=2)


def test_several_runs_at_once_pay_each_line_once(address, tmp_path):
    """Overlapping rosters, a process each, at a ledger that none has made yet."""
    commands = [["claims", str(roster(tmp_path / f"{first}.xlsx", first, 30)), "--post", "--today", TODAY,
                 "--ledger", address, "--out", str(tmp_path / f"out{first}")] for first in (1, 11, 21)]  # fmt: skip
    with ThreadPoolExecutor() as threads:
        runs = list(threads.map(lambda command: process(*command, **key_environment()), commands))
    assert [done.returncode for done in runs] == [0] * 3
    assert all(re.fullmatch(r"台账：[^\n]+\n", done.stderr) for done in runs)
    verified = json.loads(run("ledger", "verify", "--ledger", address, "--format", "json").stdout)
    assert verified["ok"]
    assert [one["posted"] for one in verified["balances"]] == ["15000.00"], "50 people"


@pytest.mark.parametrize("scheme", ["postgresql", "POSTGRESQL", " Postgres", "mysql"])
@pytest.mark.parametrize("asked", [["ledger", "list"], ["ledger", "verify"], ["funds"], ["claims", "x.xlsx", "--post"]])
def test_a_password_in_an_address_is_not_shown_however_its_scheme_is_written(scheme: str, asked: list[str]) -> None:
    done = run(*asked, "--ledger", f"{scheme}://clerk:s3cret@127.0.0.1:9/x")
    assert done.exit_code in (2, 4)
    assert "s3cret" not in done.output
