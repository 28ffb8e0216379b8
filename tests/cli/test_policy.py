"""`policy`: figures in force on a day, readings, clauses with their departments; a file that does not hold."""

from __future__ import annotations

import json

import pytest

from cli.program import run
from trainingcli.policy import load_policy

OVERLAY = """
schema: trainingcli.policy/1
extends: taiyuan-2019
programmes:
  certificate:
    amounts:
      中级工:
        - {from: 2019-01-01, yuan: unstated, source: "初级工每人300元、高级工每人600元标准"}
        - {from: 2021-06-01, yuan: 450, source: "并人社函〔2021〕1号"}
"""


def view(*arguments):
    done = run("policy", *arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def middle(found):
    return next(row for row in found["figures"] if row["key"] == "中级工")


def test_figures_are_those_of_the_day(tmp_path):
    file = tmp_path / "later.yaml"
    file.write_text(OVERLAY, encoding="utf-8")
    before, after = (middle(view("--policy", file, "--on", day)) for day in ("2021-05-31", "2021-06-01"))
    assert (before["state"], before["value"], before["since"]) == ("unstated", None, "2019-01-01")
    assert (after["state"], after["value"], after["since"]) == ("stated", "450.00", "2021-06-01")
    assert "2021" in after["source"]
    assert "450.00" in run("policy", "--policy", file, "--on", "2021-06-01", "--format", "table").stdout


def test_before_the_plan_there_is_no_figure():
    assert view("--on", "2018-12-31")["figures"] == []


def test_every_reading_stands_with_its_parameter_value_and_the_plan_s_text():
    readings = {row["question"]: row for row in view()["readings"] if row["question"]}
    assert list(readings) == [*(f"Q{number}" for number in range(1, 16)), "Q17", "Q20"]
    assert readings["Q7"]["parameter"] == "year_of"
    assert readings["Q7"]["value"] == "start"
    assert "跨年" in readings["Q7"]["plan"]


def test_every_clause_stands_with_who_leads_and_who_shares():
    clauses = {row["clause"]: row for row in view()["clauses"]}
    assert list(clauses) == list(load_policy().all_clauses)
    assert clauses["三(一)"]["lead"] == "市教育局"
    assert clauses["三(六)"]["others"] == ["市市场监管局"]


@pytest.mark.parametrize("written", ["三(三)", "三（三）", " 三 (三) "])
def test_one_clause_alone_however_its_brackets_are_written(written):
    found = view("--clause", written)
    assert [row["clause"] for row in found["clauses"]] == ["三(三)"]
    assert {row["clause"] for row in (*found["figures"], *found["readings"])} == {"三(三)"}


def test_a_clause_brings_those_under_it():
    assert [row["clause"] for row in view("--clause", "二(二)")["clauses"]] == ["二(二)", "二(二)1", "二(二)2"]


def test_the_page_shows_figures_readings_and_departments():
    text = run("policy", "--on", "2020-01-01", "--format", "table").stdout
    for part in (
        "2020-01-01 执行的标准",
        "取证补贴 中级工  方案未列",
        "Q13  technician_certificates",
        "市人社局；市财政局",
    ):
        assert part in text
    assert text.index("执行的标准") < text.index("口径（") < text.index("条款（")


def test_csv_has_a_row_for_each():
    found = view()
    rows = run("policy", "--format", "csv").stdout.splitlines()
    assert len(rows) == 1 + sum(len(found[name]) for name in ("figures", "readings", "clauses"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--on", "2020-13-01"], "--on 不是日期：2020-13-01"),
        (["--clause", "九"], "没有条款 九"),
        (["--policy", "none.yaml"], "none.yaml"),
    ],
)
def test_wrong_usage_is_exit_2(arguments, said):
    done = run("policy", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_that_does_not_hold_is_exit_2_with_its_line(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text(OVERLAY.replace("yuan: 450", "yuan: 450.5"), encoding="utf-8")
    done = run("policy", "--policy", file)
    assert done.exit_code == 2
    assert "bad.yaml 第9行" in done.stderr
