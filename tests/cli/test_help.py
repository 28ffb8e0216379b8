"""Help, usage errors and completion: every command, in both languages, without the heavy libraries."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import trainingcli.cli
from cli.program import imported, process, run
from trainingcli import language
from trainingcli.cli.settings import COMMON

ROOT = Path(__file__).parents[2]
HEAVY = {"pandas", "pandera", "pyarrow", "numpy", "openpyxl", "pydantic", "typer.rich_utils", "rich.console", "sqlite3"}
HELPERS = trainingcli.cli._HELPERS
FILES = [path for path in Path(trainingcli.cli.__file__).parent.iterdir() if not path.name.startswith("_")]
COMMANDS = sorted({path.stem for path in FILES} - HELPERS)
PAGES = """
import json, sys
from trainingcli import language
language.use(sys.argv[1])
import typer.main
from trainingcli.cli import app
from trainingcli.cli.wording import help_page
found = {}
def walk(command, ctx, path):
    found[path] = {"page": help_page(command, ctx), "help": command.help or "",
                   "params": {p.name: getattr(p, "help", "") or "" for p in command.params}}
    if hasattr(command, "list_commands"):
        for name in command.list_commands(ctx):
            each = command.get_command(ctx, name)
            walk(each, each.context_class(each, info_name=name, parent=ctx), f"{path} {name}".strip())
root = typer.main.get_command(app)
walk(root, root.context_class(root, info_name="trainingcli", help_option_names=["-h", "--help"]), "")
print(json.dumps(found))
"""


def pages(words):
    done = subprocess.run([sys.executable, "-c", PAGES, words], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def chinese():
    return pages("zh")


@pytest.fixture(scope="module")
def english():
    return pages("en")


def test_every_file_of_a_command_is_a_command_and_stands_in_the_help(chinese):
    names = {path.split()[0] for path in chinese if path}
    assert names == {module.replace("_", "-") for module in COMMANDS}
    for name in names:
        assert re.search(rf"^  {name} ", chinese[""]["page"], re.MULTILINE), f"{name} is not listed"


@pytest.mark.parametrize("module", COMMANDS)
def test_every_command_stands_in_the_readme(module):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    name = module.replace("_", "-")
    assert f"trainingcli {name}" in text, f"README.md does not show `trainingcli {name}`"


def test_every_command_and_option_has_help_in_both_languages(chinese, english):
    assert chinese.keys() == english.keys()
    for path, said in chinese.items():
        for what, text in {"help": said["help"], **said["params"]}.items():
            if not what.endswith("_completion"):  # Typer's own, said by the page
                assert re.search("[\u4e00-\u9fff]", text), f"{path} {what}: no Chinese help"
                other = {"help": english[path]["help"], **english[path]["params"]}[what]
                assert re.search("[a-z]{2}", other), f"{path} {what}: no English help"
                assert not re.search("[，。；：]", other), f"{path} {what}: Chinese in the English help"


def test_every_command_has_the_common_options_and_what_is_published_is_never_unmasked(chinese):
    groups = {path for path in chinese if any(other.startswith(f"{path} ") for other in chinese)}
    for path, said in chinese.items():
        if path and not (path in groups and "format_" not in said["params"]):
            missing = set(COMMON) - said["params"].keys()
            assert missing == ({"unmask"} if path.startswith("publish ") else set()), path


def test_no_word_of_typer_is_left_in_the_chinese_pages(chinese):
    for path, said in chinese.items():
        for words in ("Usage", "Options", "Arguments", "Show this", "Install completion", "[required]", "[default"):
            assert words not in said["page"], f"{path}: {words}"


def test_no_chinese_word_of_ours_is_left_in_the_english_pages(english):
    for path, said in english.items():
        assert not re.search("用法|选项|参数|命令|默认|环境变量", said["page"]), path


def test_pages_fit_a_terminal_of_80_columns(chinese, english):
    from trainingcli.terminal_text import width

    for said in (*chinese.values(), *english.values()):
        assert [line for line in said["page"].splitlines() if width(line) > 80] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["claims", "--frob"], "没有选项 --frob"),
        (["claim"], "没有命令 claim；是不是 claims？"),
        (["claims"], "缺少 花名册…"),
        (["claims", "--out"], "选项 --out 后面要写值"),
        (["claims", "x", "--format", "yaml"], "“yaml”；可以是 table、json、ndjson、csv"),
        (["claims", "x", "--jobs", "0"], "--jobs 的值不对：“0”小于 1"),
        (["claims", "x", "--jobs", "two"], "“two”不是整数"),
        (["claims", "x", "--quiet=1"], "选项 --quiet 不带值"),
        (["policy", "diff", "x", "y", "z"], "多余的参数：z"),
    ],
)
def test_wrong_usage_is_said_in_chinese_with_exit_2(arguments, said):
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "用法：trainingcli" in done.stderr
    assert done.stdout == ""


def test_wrong_usage_is_said_in_english():
    done = process("--lang", "en", "claims", "--frob")
    assert done.returncode == 2
    assert "there is no option --frob" in done.stderr
    assert "Usage: " in done.stderr


def test_an_id_number_among_the_arguments_is_not_repeated():
    language.use("zh")
    assert "140105198501011236" not in run("policy", "140105198501011236").stderr


def test_without_arguments_the_help_is_shown_as_wrong_usage():
    done = run()
    assert done.exit_code == 2
    assert "用法：trainingcli" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--help"], ["claims", "--help"], ["explain", "ID_CHECKSUM"], ["explain", "--all"]]
)
def test_help_and_explain_import_nothing_heavy(arguments):
    modules = imported(*arguments)
    assert "trainingcli.cli" in modules
    assert modules & HEAVY == set()
    assert "yaml" not in modules


def complete(*words):
    """Return what bash is offered for the last word."""
    return process(
        _TRAININGCLI_COMPLETE="complete_bash",
        COMP_WORDS=" ".join(["trainingcli", *words]), COMP_CWORD=str(len(words)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["cl"], {"claims"}),
        (["claims", "--programme", "c"], {"certificate"}),
        (["validate", "--programme", "v"], {"vocational-training"}),
        (["template", "--programme", "t"], {"technician"}),
        (["claims", "--format", ""], {"table", "json", "ndjson", "csv"}),
        (["claims", "--fail-on", "re"], {"reduced", "rejected"}),
        (["claims", "--lang", ""], {"zh", "en"}),
        (["explain", "ID_C"], {"ID_CHECKSUM"}),
        (["explain", "year"], {"yearly"}),
    ],
)
def test_completion_offers_values(words, offered):
    assert set(complete(*words).stdout.split()) == offered


def test_completion_imports_nothing_heavy():
    environment = {"COMP_WORDS": "trainingcli explain ID_", "COMP_CWORD": "2"}
    modules = imported(_TRAININGCLI_COMPLETE="complete_bash", **environment)
    assert "trainingcli.explain.entries" in modules
    assert modules & HEAVY == set()
