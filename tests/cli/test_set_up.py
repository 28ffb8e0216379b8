"""Set-up (contract, second part, 8): the configuration and what goes before it, the working folder, doctor, the log."""

from __future__ import annotations

import json
import os
import random
import re
import stat
import tomllib

import platformdirs
import pytest

from cli.program import TODAY, process, run, write
from cli.test_validate import HEADER, TITLE, row
from registers.builder import write as write_register
from trainingcli import language
from trainingcli.configuration import KEYS, VARIABLE
from trainingcli.places import configuration_file, ledger_file


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """An empty working folder, nobody's own configuration, no variables."""
    for name in [name for name in os.environ if name.startswith("TRAININGCLI")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    yield
    language.use("zh")


def settings(*arguments):
    done = run("config", "--format", "json", *arguments)
    assert done.exit_code == 0, done.stderr
    return {each["key"]: each for each in json.loads(done.stdout)["settings"]}


@pytest.mark.parametrize("home", ["/home/someone", "/home/someone/", "/", "", "relative", None])
@pytest.mark.parametrize("said", ["/elsewhere", "/elsewhere/../there/", "//elsewhere", "", " ", "relative", None])
def test_own_files_lie_where_platformdirs_says(monkeypatch, said, home):
    for name, value in (("XDG_CONFIG_HOME", said), ("XDG_DATA_HOME", said), ("HOME", home)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert configuration_file() == platformdirs.user_config_path("trainingcli", appauthor=False) / "trainingcli.toml"
    assert ledger_file() == platformdirs.user_data_path("trainingcli", appauthor=False) / "ledger.db"


def test_an_option_goes_before_the_environment_before_the_file(tmp_path, monkeypatch):
    (tmp_path / "here" / "trainingcli.toml").write_text('ledger = "a.db"\n', "utf-8")
    found = settings()["ledger"]
    assert (found["value"], found["source"], found["where"]) == (
        str(tmp_path / "here" / "a.db"), "file", "trainingcli.toml:1",
    )  # fmt: skip
    monkeypatch.setenv("TRAININGCLI_LEDGER", "b.db")
    found = settings()["ledger"]
    assert (found["value"], found["source"], found["where"]) == ("b.db", "environment", "TRAININGCLI_LEDGER")
    found = settings("--ledger", "c.db")["ledger"]
    assert (found["value"], found["source"], found["where"]) == ("c.db", "option", "--ledger")


def test_the_working_folders_file_goes_before_the_users_and_a_named_one_before_both(tmp_path, monkeypatch):
    own = tmp_path / "config" / "trainingcli" / "trainingcli.toml"
    own.parent.mkdir(parents=True)
    own.write_text('office = "own"\n')
    assert settings()["office"]["value"] == "own"
    (tmp_path / "here" / "trainingcli.toml").write_text('phone = "1"\n')
    assert settings()["office"]["value"] is None  # one file is read, not two
    for name in ("by_variable", "by_option"):
        (tmp_path / f"{name}.toml").write_text(f'office = "{name}"\n')
    monkeypatch.setenv(VARIABLE, str(tmp_path / "by_variable.toml"))
    assert settings()["office"]["value"] == "by_variable"
    assert settings("--config", tmp_path / "by_option.toml")["office"]["value"] == "by_option"
    done = run("--config", tmp_path / "by_option.toml", "config", "--format", "json")
    assert json.loads(done.stdout)["named_by"] == "option"


def test_relative_paths_are_the_files_own(tmp_path):
    file = tmp_path / "far" / "trainingcli.toml"
    file.parent.mkdir()
    file.write_text('ledger = "l.db"\nregisters = "../r"\nout = "/abs"\nlog = "x.log"\n')
    found = settings("--config", file)
    assert found["ledger"]["value"] == str(tmp_path / "far" / "l.db")
    assert found["registers"]["value"] == str(tmp_path / "far" / ".." / "r")
    assert found["out"]["value"] == "/abs"
    address = "postgresql://someone:secret@host/db"
    file.write_text(f'ledger = "{address}"\n')
    assert settings("--config", file)["ledger"]["value"] == "postgresql://someone:***@host/db"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('lang = "zh"\nlegder = "x"\n', ["第 2 行：没有设置项 legder；是不是 ledger？"]),
        ('\n[claims]\nout = "x"\n', ["第 2 行：没有设置项 claims"]),
        ('out = 3\nlang = "fr"\n', ["第 1 行：out 应是引号里的文字", "第 2 行：lang 只能是 zh 或 en，不是 fr"]),
        ('ledger = "a\\u0000b"\n', ["第 1 行：ledger 里有看不见的字符"]),
        ("a = [\n", ["不是 TOML"]),
        ("a = " + 5000 * "[" + "\n", ["不是 TOML"]),
        ("a = " + 5000 * "1" + "\n", ["不是 TOML"]),
        ('ledger = ""\n', ["第 1 行：ledger 应是引号里的文字"]),
        ('lang = "zh"\nledger = "C:\\台账.db"\n', ["第 2 行：不是 TOML", "请写成 /"]),
    ],
)
def test_what_does_not_hold_is_exit_2_with_its_line(tmp_path, text, said):
    file = tmp_path / "here" / "trainingcli.toml"
    file.write_text(text, encoding="utf-8")
    for command in (["config"], ["ledger", "list"], ["validate", "x.xlsx"], ["schema"]):
        done = run(*command)
        assert done.exit_code == 2, command
        for each in said:
            assert each in done.stderr
        assert done.stdout == ""
    assert run("claims", "--help").exit_code == 0  # how to mend it can be looked up
    examined = run("doctor", "--format", "json")
    assert examined.exit_code == 1
    bad = [each for each in json.loads(examined.stdout)["checks"] if each["status"] == "fail"]
    assert {each["check"] for each in bad} == {"configuration"}
    assert 1 <= len(bad) <= len(said)


@pytest.mark.parametrize("content", [None, b"office = '\xb5\xa5'\n"])
def test_a_named_file_that_cannot_be_read_is_exit_2(tmp_path, content):
    file = tmp_path / "named.toml"
    if content is not None:
        file.write_bytes(content)
    done = run("config", "--config", file)
    assert done.exit_code == 2
    assert "named.toml" in done.stderr


@pytest.mark.parametrize("variable", [VARIABLE, "TRAININGCLI_LEDGER"])
def test_an_empty_variable_is_refused_whatever_the_file_says(tmp_path, monkeypatch, variable):
    (tmp_path / "here" / "trainingcli.toml").write_text('ledger = "l.db"\n')
    monkeypatch.setenv(variable, " ")
    assert run("ledger", "list").exit_code == 2


def test_commands_do_what_the_file_says_and_a_folder_is_walked_without_what_it_names(tmp_path):
    """The registers reject, the ledger is posted to, the workbooks lie in `out`; none of them is read as a roster."""
    here = tmp_path / "here"
    text = 'ledger = "l.db"\nregisters = "lists"\nout = "written"\nlang = "en"\n'
    (here / "trainingcli.toml").write_text(text)
    write_register(here / "lists", "institutions", {"institution": "别的学校", "since": "2020-01-01"})
    write(here / "roster.xlsx", [TITLE, HEADER, row(申报金额=None, 补贴项目="生活费补贴")])
    done = run("claims", ".", "--post", "--today", TODAY, "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert "ledger: " in done.stderr
    document = json.loads(done.stdout)
    assert [each["file"] for each in document["inputs"]] == ["roster.xlsx"]
    assert {check["check"]: check["performed"] for check in document["checks"]}["register:institutions"]
    assert document["outputs"][0].startswith(str(here / "written"))
    assert (here / "l.db").exists()
    seen = run("validate", ".", "--today", TODAY, "--format", "json")
    assert {each["file"] for each in json.loads(seen.stdout)["findings"]} <= {"roster.xlsx"}


def test_the_language_of_the_file_gives_way_to_the_line(tmp_path):
    (tmp_path / "here" / "trainingcli.toml").write_text('lang = "en"\n')
    assert "there is no ledger" in run("ledger", "list").stderr
    assert "没有台账" in run("--lang", "zh", "ledger", "list").stderr
    assert "没有台账" in run("ledger", "list", "--lang", "zh").stderr
    done = process("ledger", "list", "--help", HOME=str(tmp_path))
    assert "Usage: " in done.stdout


def test_every_option_that_cron_sets_has_its_variable_in_the_help():
    page = run("claims", "--help").stdout.replace("\n", "").replace(" ", "")
    wanted = "CONFIG LEDGER REGISTERS POLICY OUT LOG LANG OPERATOR FORMAT JOBS QUIET PASSWORD_FILE REALNAME PEOPLE"
    for name in wanted.split():
        assert f"TRAININGCLI_{name}]" in page
    for never in ("POST", "UNMASK", "FORCE", "CLEAN", "BACKDATE", "TODAY", "DECISIONS"):
        assert f"TRAININGCLI_{never}]" not in page


def test_the_environment_gives_formats_numbers_and_yes_or_no(tmp_path, monkeypatch):
    good = write(tmp_path / "here" / "roster.xlsx", [TITLE, HEADER, row()])
    monkeypatch.setenv("TRAININGCLI_FORMAT", "csv")
    monkeypatch.setenv("TRAININGCLI_JOBS", "1")
    assert run("validate", good, "--today", TODAY).stdout.startswith("file,")
    for value, code in (("0", 0), ("true", 0), ("perhaps", 2)):
        monkeypatch.setenv("TRAININGCLI_QUIET", value)
        assert run("claims", good, "--today", TODAY).exit_code == code


def test_a_working_folder_is_made_and_what_is_there_is_kept(tmp_path):
    for words, read_me in (("zh", "请先读我.txt"), ("en", "README.txt")):
        folder = tmp_path / words
        assert run("init", folder, "--lang", words).exit_code == 0
        assert {path.name for path in folder.iterdir()} == {"trainingcli.toml", "花名册", "目录清单", read_me}
        assert len(list((folder / "目录清单").iterdir())) == 11
        assert list((folder / "花名册").iterdir()) == []
        assert stat.S_IMODE((folder / "trainingcli.toml").stat().st_mode) == 0o600
        text = (folder / "trainingcli.toml").read_text("utf-8")
        assert tomllib.loads(text) == {"registers": "目录清单", "lang": words}
        lines = [line for line in text.splitlines() if "=" in line or not line.startswith("# ")]
        whole = "\n".join(line.removeprefix("# ") for line in lines)
        assert tomllib.loads(whole).keys() == KEYS.keys()  # each stands there, to be uncommented
        (folder / "trainingcli.toml").write_text(whole, "utf-8")
        assert run("config", "--config", folder / "trainingcli.toml").exit_code == 0
    (tmp_path / "zh" / "请先读我.txt").write_text("mine")
    again = run("init", tmp_path / "zh", "--lang", "zh")
    assert again.exit_code == 0
    assert (tmp_path / "zh" / "请先读我.txt").read_text() == "mine"
    assert again.stderr.count("已有，没有改动") == 3
    assert run("init", tmp_path / "zh" / "请先读我.txt").exit_code == 5


def examined(*arguments):
    done = run("doctor", "--format", "json", "--today", TODAY, *arguments)
    return done.exit_code, {each["check"]: each for each in json.loads(done.stdout)["checks"]}


def test_doctor_of_nothing_is_well_and_says_what_is_missing():
    code, found = examined()
    assert code == 0
    assert {each["check"] for each in found.values() if each["status"] == "warn"} == {"registers", "ledger"}
    assert "pandas" in found["versions"]["message"]


def test_doctor_names_each_thing_that_fails(tmp_path, monkeypatch):
    here = tmp_path / "here"
    (here / "bad.yaml").write_text("extends: [\n")
    (here / "not.db").write_text("no ledger")
    (here / "file").write_text("")
    text = 'ledger = "not.db"\npolicy = "bad.yaml"\nregisters = "nowhere"\nout = "file/x"\nwords = "none.yaml"\n'
    (here / "trainingcli.toml").write_text(text)
    code, found = examined()
    assert code == 1
    failing = {name for name, each in found.items() if each["status"] == "fail"}
    assert failing == {"ledger", "policy", "registers", "out", "words"}
    monkeypatch.setenv("TRAININGCLI_LEDGER", "postgresql://someone:secret@localhost:1/none?connect_timeout=1")
    code, found = examined()
    assert found["ledger"]["status"] == "fail"
    assert "secret" not in json.dumps(found)


def test_doctor_knows_the_ledger_its_modes_its_key_and_its_backup(tmp_path):
    ledger = tmp_path / "l.db"
    roster = write(tmp_path / "here" / "roster.xlsx", [TITLE, HEADER, row(申报金额=None, 补贴项目="生活费补贴")])
    run("claims", roster, "--post", "--today", TODAY, "--ledger", ledger)
    code, found = examined("--ledger", ledger)
    assert code == 0
    assert "1 条，校验通过" in found["ledger"]["message"]
    assert (found["mode"]["status"], found["key"]["status"], found["backup"]["status"]) == ("ok", "ok", "warn")
    assert run("ledger", "backup", tmp_path / "copy.db", "--ledger", ledger).exit_code == 0
    (tmp_path / "l.db.key").chmod(0o640)
    found = examined("--ledger", ledger)[1]
    assert (found["backup"]["status"], "copy.db" in found["backup"]["message"]) == ("ok", True)
    (tmp_path / "l.db.key").rename(tmp_path / "elsewhere")
    code, found = examined("--ledger", ledger)
    assert (code, found["ledger"]["status"]) == (1, "fail")


NUMBER = "140105198501011236"


def test_the_log_has_a_line_for_beginning_and_end_and_what_was_said_masked_and_appended(tmp_path):
    log = tmp_path / "runs.log"
    roster = write(tmp_path / "here" / f"名册{NUMBER}.xlsx", [TITLE, HEADER, row(申报金额=None, 补贴项目="生活费补贴")])
    common = ["--today", TODAY, "--ledger", tmp_path / "l.db", "--log", log]
    assert run("claims", roster, "--post", "--unmask", "--quiet", *common).exit_code == 0
    assert run("claims", "no-such.xlsx", *common).exit_code == 3
    assert (
        run("ledger", "person", NUMBER, "--ledger", "postgresql://a:secret@127.0.0.1:1/x", "--log", log).exit_code == 4
    )
    lines = log.read_text("utf-8").splitlines()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert [line.split("] ")[1] for line in lines if "] end" in line] == ["end exit 0", "end exit 3", "end exit 4"]
    assert sum("] begin " in line for line in lines) == 3
    assert any("入账：批次 1" in line for line in lines)
    assert any("no-such.xlsx" in line and "] begin" not in line for line in lines)
    assert NUMBER not in log.read_text("utf-8")
    assert "secret" not in log.read_text("utf-8")


@pytest.mark.parametrize("kind", ["another file", "folder", "link", "device"])
def test_a_log_that_is_no_log_is_exit_5_and_nothing_is_done(tmp_path, kind):
    log = tmp_path / "runs.log"
    if kind == "folder":
        log.mkdir()
    elif kind == "link":
        log.symlink_to(tmp_path / "other")
    elif kind == "device":
        log = "/dev/null"
    else:
        log.write_text("a roster\n")
    roster = write(tmp_path / "here" / "roster.xlsx", [TITLE, HEADER, row()])
    done = run("claims", roster, "--today", TODAY, "--log", log)
    assert done.exit_code == 5
    assert not (tmp_path / "here" / "claims-out").exists()
    if kind == "another file":
        assert log.read_text() == "a roster\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "pwsh"])
def test_a_named_shells_completion_is_shown_without_detection(shell):
    done = run("--show-completion", shell)
    assert done.exit_code == 0
    assert "_TRAININGCLI_COMPLETE" in done.stdout.upper()
    assert "complete_" in done.stdout


def test_a_shell_that_is_not_known_is_asked_for(monkeypatch):
    import shellingham

    def unknown():
        raise shellingham.ShellDetectionFailure

    monkeypatch.setattr(shellingham, "detect_shell", unknown)
    done = run("--show-completion")
    assert done.exit_code == 2
    assert "--show-completion zsh" in done.stderr
    assert run("--show-completion", "cmd").exit_code == 2


def test_the_ledgers_batches_are_completed_without_pandas(tmp_path):
    ledger = tmp_path / "l.db"
    for name in ("王一", "李二"):
        line = row(姓名=name, 申报金额=None, 补贴项目="生活费补贴")
        if name == "李二":
            line[HEADER.index("身份证号")] = NUMBER
        roster = write(tmp_path / "here" / f"{name}.xlsx", [TITLE, HEADER, line])
        assert run("claims", roster, "--post", "--today", TODAY, "--ledger", ledger).exit_code == 0
    (tmp_path / "here" / "trainingcli.toml").write_text('ledger = "../l.db"\n')
    asked = {"COMP_WORDS": "trainingcli ledger show ", "COMP_CWORD": "3", "_TRAININGCLI_COMPLETE": "complete_bash"}
    done = process(python=["-X", "importtime"], HOME=str(tmp_path), **asked)
    offered = set(done.stdout.split())
    assert offered <= {"1", "2"}
    assert "1" in offered
    modules = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert modules & {"pandas", "numpy", "pyarrow", "openpyxl"} == set()
    other = process(
        **{**asked, "COMP_WORDS": f"trainingcli ledger show --ledger {tmp_path / 'none.db'} ", "COMP_CWORD": "5"}
    )
    assert other.stdout.split() == []


def test_a_code_is_explained_whatever_the_configuration_sets(tmp_path):
    text = 'ledger = "l.db"\npolicy = "p.yaml"\nregisters = "r"\nwords = "w.yaml"\nout = "o"\n'
    (tmp_path / "here" / "trainingcli.toml").write_text(text)
    assert run("explain", "ID_CHECKSUM").exit_code == 0


def test_the_tour_stays_in_its_folder_and_leaves_the_users_ledger_alone(tmp_path, monkeypatch):
    """Every step ends well, also beside a configuration and variables that would lead it elsewhere."""
    (tmp_path / "here" / "trainingcli.toml").write_text('ledger = "mine.db"\nout = "mine"\n')
    monkeypatch.setenv("TRAININGCLI_LEDGER", str(tmp_path / "mine.db"))
    done = run("demo", "--format", "table")
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "here").iterdir()} == {"trainingcli.toml", "trainingcli-demo"}
    assert not (tmp_path / "mine.db").exists()
    tour = tmp_path / "here" / "trainingcli-demo"
    assert (tour / "claims-out" / "汇总-批次1.xlsx").exists()
    assert "这些名册已在第 1 批入账" in done.stdout
    assert "ledger = " in (tour / "trainingcli.toml").read_text("utf-8")  # going on there posts nothing elsewhere
    assert run("demo", tour).exit_code == 2


@pytest.mark.parametrize("seed", range(30))
def test_whatever_a_configuration_holds_is_told_and_no_traceback(tmp_path, seed):
    """Random pieces of TOML, broken anywhere: exit 0 or 2, and each told fault has its line."""
    chance = random.Random(seed)
    pieces = [
        "ledger",
        "=",
        '"',
        "'",
        '"""',
        "[",
        "]",
        "\n",
        "\\",
        "lang",
        "zh",
        "#",
        "{",
        ",",
        "1",
        ".",
        "\t",
        "台账",
        "\0",
    ]
    for _ in range(20):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 25)))
        (tmp_path / "here" / "trainingcli.toml").write_text(text, "utf-8")
        done = run("config", "--format", "json")
        assert done.exit_code in (0, 2), (text, done.output)
        assert done.exit_code == 0 or re.search(r"第 \d+ 行", done.stderr), text
