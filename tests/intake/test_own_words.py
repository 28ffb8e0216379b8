"""`--words`: a bureau's own headings and values are read by every command; a word with another meaning is exit 2."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from pathlib import Path

import pytest

from cli.program import TODAY, run, write
from support.people import id_number
from trainingcli import cli
from trainingcli.bureau_words import OWN_WORDS
from trainingcli.intake.tables.own_words import read_own_words
from trainingcli.policy import load_policy
from trainingcli.vocabulary import load_vocabulary

EXAMPLE = Path(__file__).parents[2] / "sample_data" / "words.yaml"
OWN = """\
headings:
  occupation: [实训工种]
  claimed: [本次申领数]
values:
  category:
    下岗失业人员: [协保人员]
  level:
    中级工: [中工]
"""
HEADER = [
    "姓名",
    "身份证号",
    "人员类别",
    "实训工种",
    "等级",
    "开班日期",
    "结业日期",
    "补贴项目",
    "本次申领数(万元)",
    "就业创业证号",
    "培训机构",
]
WANG = [
    "王一",
    id_number(1),
    "协保人员",
    "焊工",
    "中工",
    "2020-03-01",
    "2020-03-20",
    "职业培训补贴",
    0.08,
    "1401",
    "一校",
]


def words(tmp_path: Path, text: str = OWN) -> Path:
    path = tmp_path / "words.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_roster_in_a_bureaus_own_words_is_settled_by_them(tmp_path: Path) -> None:
    roster = write(tmp_path / "花名册.xlsx", [HEADER, WANG])
    common = ["--today", TODAY, "--format", "json", "--ledger", tmp_path / "none.db"]
    done = run("claims", roster, "--words", words(tmp_path), "--out", tmp_path / "out", *common)
    assert done.exit_code == 0, done.stderr
    line = json.loads(done.stdout)["lines"][0]
    assert (line["status"], line["claimed"]) == ("approved", "800.00")
    without = json.loads(run("claims", roster, "--out", tmp_path / "out2", *common).stdout)
    assert without["lines"][0]["status"] == "held"
    unread = {each["heading"] for each in without["inputs"][0]["sheets"][0]["unread_columns"]}
    assert {"实训工种", "本次申领数(万元)"} <= unread


def test_the_words_file_is_no_roster_of_the_folder_that_it_lies_in(tmp_path: Path) -> None:
    write(tmp_path / "花名册.xlsx", [HEADER, WANG])
    done = run("validate", tmp_path, "--words", words(tmp_path), "--today", TODAY, "--format", "json")
    assert done.exit_code == 0, done.stdout + done.stderr
    assert len(json.loads(done.stdout)["inputs"]) == 1


def test_one_commands_words_are_not_the_nexts(tmp_path: Path) -> None:
    roster = write(tmp_path / "花名册.xlsx", [HEADER, WANG])
    run("validate", roster, "--words", words(tmp_path))
    done = run("validate", roster, "--today", TODAY, "--format", "json")
    assert done.exit_code == 1  # `COLUMN_NOT_READ` is an error here
    held = json.loads(done.stdout)
    assert "实训工种" in {each["heading"] for each in held["inputs"][0]["sheets"][0]["unread_columns"]}


def test_every_command_that_reads_workbooks_as_given_takes_words() -> None:
    """A command that takes a password reads workbooks that institutions send."""
    found = {
        module.name: importlib.import_module(module.name)
        for module in pkgutil.walk_packages(cli.__path__, "trainingcli.cli.")
    }
    asked = {name: inspect.signature(module.run).parameters for name, module in found.items() if hasattr(module, "run")}
    reading = {name for name, parameters in asked.items() if "password_file" in parameters}
    assert {"trainingcli.cli.claims", "trainingcli.cli.validate", "trainingcli.cli.explain"} <= reading
    assert [name for name in reading if "words" not in asked[name]] == []


def test_the_example_holds() -> None:
    own = read_own_words(EXAMPLE, load_policy().programme_names())
    assert ("实训工种", "occupation") in own.headings
    assert ("category", "协保人员", "下岗失业人员") in own.values


def test_level_words_count_behind_an_occupation_and_in_declared_tables(tmp_path: Path) -> None:
    from trainingcli.settle.occupations import parted

    token = OWN_WORDS.set(read_own_words(words(tmp_path), {}))
    try:
        assert parted("焊工（中工）") == ("焊工", "中级工")
        assert load_vocabulary({}).values["level"]["中工"] == "中级工"
    finally:
        OWN_WORDS.reset(token)
    assert parted("焊工（中工）")[1] is None


TAKEN = [
    ("headings:\n  name:\n    - 姓名\n    - 工种\n", "第4行"),  # occupation's
    ("headings:\n  remark: [取证补贴]\n", "第2行"),  # a programme's, in a wide column
    ("headings:\n  remark: [培训补贴(元)]\n", "第2行"),
    ("headings:\n  level: [甲级]\n  occupation: [ 甲 级 ]\n", "第3行"),  # twice in the file
    ("values:\n  category:\n    企业职工: [农民工]\n", "第3行"),
    ("values:\n  level:\n    技师: [高级技能/三级]\n", "第3行"),
    ("values:\n  hardship:\n    城乡低保家庭: [零就业家庭高校毕业生]\n", "第3行"),
    ("values:\n  category:\n    企业职工: [无]\n", "第3行"),
    ("values:\n  category:\n    企业职工: [同上]\n", "第3行"),
]  # fmt: skip
UNFIT = [
    ("headings:\n  nmae: [学生]\n", "第2行"),
    ("heading:\n  name: [学生]\n", "第1行"),
    ("values:\n  category:\n    学生: [中学生]\n", "第3行"),
    ("values:\n  colour: {红: [赤]}\n", "第2行"),
    ("headings:\n  name: 学生\n", "第2行"),
    ("headings:\n  name: [2020]\n", "第2行"),
    ("headings:\n  name: ['***']\n", "第2行"),
    ("headings:\n  name: [" + "长" * 61 + "]\n", "第2行"),
    ("values:\n  category:\n    企业职工: [甲、乙]\n", "第3行"),
    ("headings:\n  name: [学生]\n  name: [学员]\n", "第3行"),
    ("headings: &a\n  name: [学生]\nvalues: *a\n", "第1行"),
    ("- 姓名\n", "第1行"),
    ("a: [" * 50 + "]" * 50, "第1行"),
    ("headings: {name: [", "第"),
]


@pytest.mark.parametrize(("text", "line"), TAKEN + UNFIT)
def test_a_word_with_another_meaning_and_what_is_no_word_are_told_with_their_line(
    tmp_path: Path, text: str, line: str
) -> None:
    roster = write(tmp_path / "花名册.xlsx", [HEADER, WANG])
    done = run("validate", roster, "--words", words(tmp_path, text))
    assert done.exit_code == 2, done.stdout + done.stderr
    assert line in done.stderr
    assert "用语文件" in done.stderr


def test_every_line_that_does_not_hold_is_told_at_once(tmp_path: Path) -> None:
    roster = write(tmp_path / "花名册.xlsx", [HEADER, WANG])
    text = "headings:\n  name: [工种]\n  age: [年龄]\nvalues:\n  category: {企业职工: [农民工]}\n"
    done = run("validate", roster, "--words", words(tmp_path, text))
    assert [number for number in range(1, 6) if f"第{number}行" in done.stderr] == [2, 3, 5]


def test_a_word_that_means_the_same_already_is_no_fault(tmp_path: Path) -> None:
    own = read_own_words(
        words(tmp_path, "headings:\n  name: [姓名]\nvalues:\n  category: {企业职工: [在岗职工]}\n"), {}
    )
    assert own.headings == (("姓名", "name"),)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * (1 << 20) + b"x"])
def test_a_file_that_is_no_text_or_too_large_is_exit_2(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "words.yaml"
    path.write_bytes(content)
    roster = write(tmp_path / "花名册.xlsx", [HEADER, WANG])
    assert run("validate", roster, "--words", path).exit_code == 2
    assert run("validate", roster, "--words", tmp_path / "none.yaml").exit_code == 2
