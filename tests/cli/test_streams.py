"""Standard streams that are closed, full or interrupted, a locale without Chinese: one line, the contract's code."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys

import pytest

from cli.program import TODAY, run, write
from cli.test_validate import HEADER, TITLE, row
from support.people import id_number
from trainingcli.cli import app

ENTRY = [sys.executable, "-m", "trainingcli"]


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program by a shell, which closes the streams; `$P` is the program."""
    quiet = {"P": " ".join(ENTRY), "TRAININGCLI_LANG": "zh"}
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=60, env=os.environ | quiet | environment,
        check=False,
    )  # fmt: skip


@pytest.fixture
def roster(tmp_path):
    return write(tmp_path / "花名册.xlsx", [TITLE, HEADER, row(申报金额=None, 补贴项目="生活费补贴")])


def test_a_closed_or_full_output_gives_5_and_nothing_is_posted(roster, tmp_path):
    for output in (">&-", ">/dev/full"):
        done = shell(
            f"$P claims {roster} --post --ledger {tmp_path}/a.db --out {tmp_path}/out --today {TODAY} {output}"
        )
        assert (done.returncode, done.stdout) == (5, "")
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "a.db").exists()
    assert not (tmp_path / "out").exists()


def test_a_closed_error_stream_or_input_stops_nothing(roster):
    assert shell(f"$P validate {roster} --today {TODAY} 2>&-").returncode == 0
    assert shell(f"$P validate {roster} --today {TODAY} <&-").returncode == 0
    assert shell("$P validate - <&-").returncode == 3


def test_a_locale_without_chinese_reads_and_writes_chinese_names(roster, tmp_path):
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = shell(
        f"$P claims {roster} --today {TODAY} --ledger {tmp_path}/a.db --out {tmp_path}/写出 --format csv", **bare
    )
    assert done.returncode == 0, done.stderr
    assert "太原市示范学校.xlsx" in os.listdir(tmp_path / "写出")  # noqa: PTH208


INTERRUPTED = """
import os, runpy, signal, sys
left = int(sys.argv.pop(1))
def watch(event, arguments):
    global left
    if event == "import" and signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        left -= 1
        if left == 0:
            os.killpg(0, signal.SIGINT)
sys.addaudithook(watch)
runpy.run_module("trainingcli", run_name="__main__", alter_sys=True)
"""


def _heeds_it() -> None:
    """What a shell starts in the background ignores interrupts, and so would the program: not what is asked here."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("imports", [1, 30, 150, 400, 800])
def test_an_interrupt_is_one_line_and_130(roster, tmp_path, imports):
    """From the program's first line on, wherever it is: so many imports into the run, not so many seconds."""
    where = ["--ledger", str(tmp_path / "a.db"), "--out", str(tmp_path / "out")]
    command = [sys.executable, "-c", INTERRUPTED, str(imports), "claims", str(roster), *where]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, start_new_session=True, check=False, preexec_fn=_heeds_it
    )
    assert "Traceback" not in done.stderr
    if done.returncode == 0 and imports > 150:  # a library's C code dropped it: the run went on to its end
        assert json.loads(done.stdout)["lines"]
        return
    assert done.returncode == 130, done.stderr
    assert len([line for line in done.stderr.splitlines() if "中断" in line]) == 1


BEFORE_THE_HANDLER = """
import os, signal, sys
before = []
def watch(event, arguments):
    if event == "import" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        before.append(arguments[0])
    elif event == "import":
        os.write(1, " ".join(before).encode())
        os._exit(0)
sys.addaudithook(watch)
from trainingcli.__main__ import entry
entry()
"""


def test_the_program_imports_next_to_nothing_before_an_interrupt_is_its_own():
    """What Python does before the program's first line is Python's; from there on no import lies in between."""
    command = [sys.executable, "-c", BEFORE_THE_HANDLER]
    done = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=_heeds_it)
    assert set(done.stdout.split()) == {"trainingcli", "trainingcli.__main__", "__future__"}


@pytest.mark.parametrize("form", ["json", "table", "ndjson", "csv"])
def test_a_table_without_a_header_and_an_empty_folder_are_no_success(tmp_path, form):
    """Contract, exit codes: 3 where no sheet has a header, or there was no input at all."""
    plain = tmp_path / "名单.csv"
    plain.write_text("名字,证件,班级\n王一,1,2\n", encoding="utf-8")
    (tmp_path / "空").mkdir()
    for command in ("claims", "validate"):
        more = ["--out", tmp_path / "out", "--ledger", tmp_path / "a.db"] if command == "claims" else []
        for given in (plain, tmp_path / "空"):
            done = run(command, given, *more, "--today", TODAY, "--format", form)
            assert done.exit_code == 3
            assert "错误：" in done.stderr


def test_of_several_codes_the_highest_counts(roster, tmp_path):
    """An input that cannot be read and lines that `--fail-on` names: 3, not 1."""
    held = write(tmp_path / "held.xlsx", [TITLE, HEADER, row(性别="女", 补贴项目="生活费补贴")])
    more = ["--out", tmp_path / "out", "--ledger", tmp_path / "a.db", "--today", TODAY, "--fail-on", "held"]
    assert run("claims", roster, *more).exit_code == 0
    assert run("claims", held, *more).exit_code == 1
    assert run("claims", held, tmp_path / "none.xlsx", *more).exit_code == 3


def test_ndjson_of_claims_is_printed_before_the_workbooks_are_written(roster, tmp_path, monkeypatch, capsys):
    """With --post nothing goes to standard output before the posting is over (contract-2)."""
    from trainingcli.claims import main_job

    seen = []
    write_workbooks = main_job.write_workbooks

    def watched(*arguments, **options):
        seen.append(sys.stdout.getvalue().count("programme"))
        return write_workbooks(*arguments, **options)

    monkeypatch.setattr(main_job, "write_workbooks", watched)
    for post, printed in ((False, 1), (True, 0)):
        monkeypatch.setattr(sys, "stdout", io.StringIO())
        more = ["--post"] if post else []
        arguments = ["claims", str(roster), "--out", str(tmp_path / "out"), "--ledger", str(tmp_path / "a.db")]
        with pytest.raises(SystemExit) as left:
            app([*arguments, *more, "--today", TODAY, "--format", "ndjson"])
        assert left.value.code == 0
        assert seen.pop() == printed
        (line,) = sys.stdout.getvalue().splitlines()
        assert json.loads(line)["status"] in ("approved", "held", "rejected", "reduced")


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_address_of_the_ledger_is_wrong_usage(roster, tmp_path, monkeypatch, empty):
    """Contract: an empty address is exit 2 (an unset variable under cron); nothing is written."""
    claims = ["claims", roster, "--out", tmp_path / "out", "--today", TODAY]
    for command in (claims, [*claims, "--post"], ["ledger", "list"]):
        assert run(*command, "--ledger", empty).exit_code == 2
        monkeypatch.setenv("TRAININGCLI_LEDGER", empty)
        assert run(*command).exit_code == 2
        monkeypatch.delenv("TRAININGCLI_LEDGER")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "asked",
    [
        ["ledger", "void", "1", "--line", "1", "--why", "\udcff"],
        ["ledger", "void", "1", "--line", "1", "--why", "退训", "--operator", "\udcff"],
        ["ledger", "person", "\udcff"],
        ["ledger", "person", "--name", "王\udcff"],
        ["claims", "新.xlsx", "--post", "--operator", "\udcff"],
        ["claims", "新.xlsx", "--post", "--backdate", "\udcff", "--today", "2020-12-31"],
        ["publish", "notice", "--batch", "1", "--office", "\udcff"],
    ],
)
def test_a_text_in_bytes_that_are_no_utf_8_is_wrong_usage(asked, roster, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAININGCLI_LEDGER", str(tmp_path / "a.db"))
    assert run("claims", roster, "--post", "--today", TODAY).exit_code == 0
    write(tmp_path / "新.xlsx", [TITLE, HEADER, row(申报金额=None, 补贴项目="生活费补贴", 身份证号=id_number(7))])
    before = run("ledger", "verify", "--format", "json").stdout
    done = run(*asked)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "UTF-8" in done.stderr.splitlines()[-1]
    assert run("ledger", "verify", "--format", "json").stdout == before
