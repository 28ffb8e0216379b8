"""Settings (`--set`): what each makes of the policy; `--set` equals the overlay file that `policy new` writes."""

from __future__ import annotations

import json
import random
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.program import run
from trainingcli.errors import UsageError
from trainingcli.policy import Policy, load_policy
from trainingcli.policy.differences import differences

from .settings import SETTINGS, policy_with

MIDDLE = "programmes.certificate.amounts.中级工"


def on(policy: Policy, day: str) -> int | None:
    figure = policy.figure("certificate", "中级工", date.fromisoformat(day))
    return None if figure is None else figure.fen


def told(*settings: str) -> list[str]:
    with pytest.raises(UsageError) as caught:
        policy_with(*settings)
    return caught.value.lines()


def test_a_figure_holds_from_its_day_on() -> None:
    policy = policy_with(f"{MIDDLE}=450@2021-01-01")
    assert [on(policy, day) for day in ("2020-12-31", "2021-01-01", "2030-01-01")] == [None, 45_000, 45_000]


def test_without_a_day_it_holds_on_all_days() -> None:
    assert [on(policy_with(f"{MIDDLE}=450.5"), day) for day in ("1950-01-01", "2030-01-01")] == [45_050, 45_050]


def test_several_of_one_key_are_applied_by_date_whatever_their_order() -> None:
    later, first = f"{MIDDLE}=500@2021-06-01", f"{MIDDLE}=450@2021-01-01"
    for policy in (policy_with(later, first), policy_with(first, later)):
        assert [on(policy, day) for day in ("2020-12-31", "2021-05-31", "2021-06-01")] == [None, 45_000, 50_000]


def test_what_was_to_hold_later_goes() -> None:
    policy = policy_with(f"{MIDDLE}=450@2021-01-01", f"{MIDDLE}=null@2021-06-01", f"{MIDDLE}=500@2022-01-01")
    assert [on(policy, day) for day in ("2021-02-01", "2021-06-01", "2022-01-01")] == [45_000, None, 50_000]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("year_of=end", "end"),
        ("categories=残疾人、两后生", ("残疾人", "两后生")),
        ("categories=残疾人,两后生", ("残疾人", "两后生")),
        ("category_implies=", {}),
        ("certificate_from=2020-01-01", date(2020, 1, 1)),
        ("reversed_days=60", 60),
    ],
)
def test_a_reading_takes_a_value_of_its_kind(setting: str, value: Any) -> None:
    policy = policy_with(f"parameters.{setting}")
    name = setting.partition("=")[0]
    assert policy.parameter(name) == value
    shown = next(each.text.zh for each in policy.all_readings if each.parameter == name)
    assert "--set" in shown  # not the text of the reading that was left


def test_an_unknown_key_names_the_nearest() -> None:
    assert "parameters.year_of" in told("parameters.year_off=end")[0]
    assert MIDDLE in told("programmes.certificate.amount.中级工=450")[0]


def test_everything_that_does_not_hold_is_told_at_once() -> None:
    lines = told("parameters.year_of=middle", f"{MIDDLE}=4.555", "quantities.trainings_a_year=three")
    assert len(lines) == 3
    assert sum("start、end" in line for line in lines) == 1
    assert sum("加引号的小数" in line and MIDDLE in line for line in lines) == 1
    assert sum("应为整数" in line and "trainings_a_year" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ("year_of", "键=值"),
        ("=1", "键=值"),
        (f"{MIDDLE}=450@2021-02-30", "没有“2021-02-30”这一天"),
        ("parameters.year_of=end@2021-01-01", "起始日期"),
        (f"{MIDDLE}=0", "大于0"),
        (f"{MIDDLE}=450@tomorrow", "加引号的小数"),
        ("programmes.certificate.fund=", "不能为空"),
    ],
)
def test_what_does_not_hold_is_refused(setting: str, word: str) -> None:
    assert word in told(setting)[0]


def test_one_entry_is_not_set_twice_for_one_day() -> None:
    assert "两次" in told("parameters.year_of=end", "parameters.year_of=start")[0]


@pytest.mark.parametrize("seed", range(12))
def test_set_equals_the_overlay_file(tmp_path: Path, seed: int) -> None:
    """Property: whatever is set, the file that `policy new` writes makes the same policy, but for its name and hash."""
    dice = random.Random(seed)
    chosen = {text.partition("=")[0]: text for text in dice.sample(SETTINGS, dice.randrange(1, 6))}.values()
    path = tmp_path / "later.yaml"
    options = [part for text in chosen for part in ("--set", text)]
    done = run("policy", "new", path, *options, "--source", "并人社函〔2021〕1号：“试行”", "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written, made = load_policy(path), policy_with(*chosen)
    assert differences(written, made) == []
    assert without_words(written) == without_words(made)
    assert differences(load_policy(), written) != []


def without_words(policy: Policy) -> Policy:
    """The policy without name, hash, sources and the texts of readings, which name the source."""
    programmes = {
        code: replace(entry, amounts={key: tuple(replace(figure, source="") for figure in figures)
                                      for key, figures in entry.amounts.items()})
        for code, entry in policy.programmes.items()
    }  # fmt: skip
    quantities = {
        code: replace(entry, values=tuple((*value[:2], "") for value in entry.values))
        for code, entry in policy.quantities.items()
    }
    readings = tuple(replace(each, text=each.plan) for each in policy.all_readings)
    return replace(policy, id="", sha256="", programmes=programmes, quantities=quantities, all_readings=readings)


def test_a_file_that_is_there_is_left(tmp_path: Path) -> None:
    path = tmp_path / "later.yaml"
    path.write_text("mine", "utf-8")
    done = run("policy", "new", path, "--set", "parameters.year_of=end", "--source", "通知")
    assert done.exit_code == 5
    assert path.read_text("utf-8") == "mine"
    assert [each.name for each in tmp_path.iterdir()] == ["later.yaml"]


def test_nothing_is_written_of_what_does_not_hold(tmp_path: Path) -> None:
    for settings in (["--set", "parameters.year_of=ende"], ["--set", "parameters.year_off=end"]):
        assert run("policy", "new", tmp_path / "later.yaml", *settings, "--source", "通知").exit_code == 2
    assert run("policy", "new", tmp_path / "l.yaml", "--set", "parameters.year_of=end", "--source", " ").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_source_breaks_out_of_no_comment_or_entry(tmp_path: Path) -> None:
    path = tmp_path / "later.yaml"
    run("policy", "new", path, "--set", f"{MIDDLE}=450", "--source", "通知\nprogrammes: {}\n# “x”: 'y' # z")
    figure = load_policy(path).figure("certificate", "中级工", date(2020, 1, 1))
    assert figure is not None
    assert (figure.fen, figure.source) == (45_000, "通知 programmes: {} # “x”: 'y' # z")


def test_the_written_file_says_clause_source_and_what_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "later.yaml"
    run("policy", "new", path, "--set", f"{MIDDLE}=450@2021-01-01", "--source", "并人社函1号")
    text = path.read_text("utf-8")
    assert "# 三(三) 原为：2019-01-01 unstated" in text
    assert "依据：并人社函1号" in text


def test_diff_lists_what_differs_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "later.yaml"
    run("policy", "new", path, "--set", f"{MIDDLE}=450@2021-01-01", "--set", "parameters.year_of=end", "--source", "函")
    rows = json.loads(run("policy", "diff", "taiyuan-2019", path, "--format", "json").stdout)["parameters"]
    assert rows == [
        {"key": MIDDLE, "clause": "三(三)", "from": [{"from": "2019-01-01", "yuan": "unstated"}],
         "to": [{"from": "2019-01-01", "yuan": "unstated"}, {"from": "2021-01-01", "yuan": "450.00"}]},
        {"key": "parameters.year_of", "clause": "三(三)", "from": "start", "to": "end"},
    ]  # fmt: skip
    assert "没有影响核定的不同" in run("policy", "diff", path, path, "--format", "table").stdout
