"""Loading a policy: figures by date, overlays, and faults told with file and line."""

import hashlib
import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from trainingcli.errors import Exit, UsageError
from trainingcli.policy import Policy, load_policy
from trainingcli.published import schemas_folder

SHIPPED = schemas_folder() / "policy" / "taiyuan-2019.yaml"


def overlay(folder: Path, text: str) -> Path:
    path = folder / "what-if.yaml"
    path.write_text("extends: taiyuan-2019\n" + text, "utf-8")
    return path


def loaded(folder: Path, text: str) -> Policy:
    return load_policy(overlay(folder, text))


def fault_of(path: Path) -> UsageError:
    with pytest.raises(UsageError) as caught:
        load_policy(path)
    assert caught.value.exit_code == Exit.USAGE
    return caught.value


FIGURES = """\
programmes:
  certificate:
    amounts:
      中级工:
        - {from: 2019-01-01, yuan: unstated, source: 方案}
        - {from: 2020-07-01, yuan: "450.50", source: 市人社局通知}
        - {from: 2021-01-01, yuan: null, source: 市人社局通知}
"""


@pytest.mark.parametrize(
    ("day", "state", "fen"),
    [
        ("2019-01-01", "unstated", None),
        ("2020-06-30", "unstated", None),
        ("2020-07-01", "stated", 45050),
        ("2020-12-31", "stated", 45050),
        ("2021-01-01", "ended", None),
        ("2030-01-01", "ended", None),
    ],
)
def test_the_figure_is_the_one_in_force_on_the_day(tmp_path: Path, day: str, state: str, fen: int | None) -> None:
    figure = loaded(tmp_path, FIGURES).figure("certificate", "中级工", date.fromisoformat(day))
    assert figure is not None
    assert (figure.state, figure.fen) == (state, fen)


def test_a_figure_is_none_where_absent_or_not_yet_in_force() -> None:
    policy = load_policy()
    assert policy.figure("certificate", "初级工", date(2018, 12, 31)) is None
    assert policy.figure("certificate", "技师", date(2020, 1, 1)) is None
    assert policy.figure("no-such-programme", "each", date(2020, 1, 1)) is None


def test_an_ended_figure_is_not_listed_and_an_unstated_one_is_said(tmp_path: Path) -> None:
    policy = loaded(tmp_path, FIGURES)
    listed = {
        day: {row.name.zh: row.amount for row in policy.figures_in_force(day)}
        for day in ("2020-01-01", "2020-08-01", "2021-01-01")
    }
    assert listed["2020-01-01"]["取证补贴 中级工"] == "方案未列"
    assert listed["2020-08-01"]["取证补贴 中级工"] == "450.50"
    assert "取证补贴 中级工" not in listed["2021-01-01"]
    assert listed["2021-01-01"]["取证补贴 初级工"] == "300"


def test_figures_in_force_tell_amount_unit_clause_and_date() -> None:
    rows = {row.name.zh: row[1:] for row in load_policy().figures_in_force(date(2020, 1, 1))}
    assert rows["生活费补贴"] == ("15", "元/人天", "二(四)", "2019-01-01", "living-allowance")
    assert rows["每人每年补贴性培训次数上限"] == ("3", "次", "三(三)", "2019-01-01", "trainings_a_year")
    assert load_policy().figures_in_force("2018-12-31") == []


def test_a_figure_may_have_a_clause_of_its_own(tmp_path: Path) -> None:
    """A later notice gives a figure; the programme's other figures keep the programme's clause."""
    policy = loaded(
        tmp_path,
        """\
programmes:
  living-allowance:
    amounts:
      each:
        - {from: 2019-01-01, yuan: 15, source: 方案}
        - {from: 2021-01-01, yuan: 20, source: 通知, clause: 三(三)}
""",
    )
    figures = [policy.figure("living-allowance", "each", date(year, 6, 1)) for year in (2020, 2021)]
    assert [(found.fen, found.clause) for found in figures if found] == [(1500, "二(四)"), (2000, "三(三)")]


def test_the_yearly_bound_is_dated(tmp_path: Path) -> None:
    policy = loaded(
        tmp_path,
        """\
quantities:
  trainings_a_year:
    values:
      - {from: 2019-01-01, number: 3, source: 方案}
      - {from: 2021-01-01, number: 2, source: 通知}
""",
    )
    assert [policy.trainings_a_year(date(year, 6, 1)) for year in (2018, 2019, 2020, 2021)] == [3, 3, 3, 2]
    assert policy.quantity("trainings_a_year", date(2018, 6, 1)) is None


def test_an_overlay_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    policy, shipped = loaded(tmp_path, "parameters: {year_of: {value: end}}\n"), load_policy()
    assert policy.parameter("year_of") == "end"
    assert policy.id == "taiyuan-2019+what-if"
    assert policy.programmes == shipped.programmes
    assert [entry.parameter for entry in policy.readings()] == [entry.parameter for entry in shipped.readings()]
    changed = [a.parameter for a, b in zip(policy.all_readings, shipped.all_readings, strict=True) if a != b]
    assert changed == ["year_of"]


def test_an_overlay_replaces_a_parameters_mapping_whole(tmp_path: Path) -> None:
    assert loaded(tmp_path, "parameters: {category_implies: {value: {}}}\n").parameter("category_implies") == {}


def test_loading_an_overlay_leaves_the_shipped_policy_alone(tmp_path: Path) -> None:
    loaded(tmp_path, FIGURES)
    figure = load_policy().figure("certificate", "中级工", date(2020, 8, 1))
    assert figure is not None
    assert figure.state == "unstated"


def test_the_hash_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    assert load_policy().sha256 == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    path = overlay(tmp_path, "id: trial\n")
    assert load_policy(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert load_policy(path).id == "trial"


def test_a_policy_can_be_sent_to_a_worker() -> None:
    assert pickle.loads(pickle.dumps(load_policy())) == load_policy()


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_policy().parameter("no_such")
    with pytest.raises(KeyError):
        load_policy().clause("五(一)")


FAULTS = yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["name"])
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, case: dict[str, Any]) -> None:
    path = overlay(tmp_path, case["text"])
    told = fault_of(path).text
    assert told.zh.startswith(f"政策文件 {path} 第{case['line']}行：")
    assert told.en.startswith(f"policy file {path}, line {case['line']}: ")
    assert case["word"] in told.zh
    assert "\n" not in told.zh + told.en


def test_only_the_shipped_policy_can_be_extended(tmp_path: Path) -> None:
    path = tmp_path / "what-if.yaml"
    path.write_text("# trial\nextends: shanxi-2022\n", "utf-8")
    assert fault_of(path).text.en.endswith("line 2: 'taiyuan-2019' can be extended, not 'shanxi-2022'")


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", 1),
        (b"- a\n- b\n", 1),
        (b"schema: x\ntitle: \xff\xfe\n", 2),
        (b"[" * 5000, 1),
        (b"? [a]\n: b\n", 1),
        (b"a: b\0c\n", 1),
        (b"x" * (1 << 20) + b": y", 1),
        (b"schema: !!python/object/apply:os.system [ls]\n", 1),
    ],
    ids=["empty", "list", "not utf-8", "deep", "key is a list", "NUL", "large", "python tag"],
)
def test_what_is_no_policy_at_all_is_a_line_and_what_is_missing(tmp_path: Path, raw: bytes, line: int) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(raw)
    lines = fault_of(path).text.en.split("\n")
    assert f"line {line}: " in lines[0]
    assert all(" missing: 'schema'" in each or " missing: 'id'" in each for each in lines[1:])


def test_a_whole_file_with_something_missing_says_what(tmp_path: Path) -> None:
    path = tmp_path / "whole.yaml"
    text = SHIPPED.read_text("utf-8")
    path.write_text(text.replace("schema: trainingcli.policy/1\n", ""), "utf-8")
    assert "“schema”" in fault_of(path).text.zh
    path.write_text(text.replace("  year_of:\n", "  year_off:\n"), "utf-8")
    assert "“year_of”" in fault_of(path).text.zh


def test_every_fault_is_told_at_once_with_its_line_and_what_is_wanted(tmp_path: Path) -> None:
    """Plain data (a float, a key twice), form (a type, an entry too many, one missing) and sense, in one run."""
    path = overlay(
        tmp_path,
        """\
programmes:
  enterprise-training:
    amounts:
      each:
        - {from: 2019-01-01, yuan: 300.5, source: x}
        - {from: 2020-13-01, yuan: 300, source: x}
        - {from: 2021-01-01, yuan: 300, source: x}
        - {from: 2020-01-01, yuan: "0.00"}
        - {from: 2020-06-01, yuan: "0.00", source: x}
  certificate: {funds: x}
parameters:
  over_limit: {value: maybe}
  cap_scope: {value: decade}
  cap_scope: {value: life}
  year_off: {value: end}
""",
    )
    told = fault_of(path).text.zh.split("\n")
    wanted = [
        (6, "浮点"), (7, "没有“2020-13-01”这一天"), (9, "缺少“source”"), (10, "由早到晚"), (10, "不能为0"),
        (11, "可写：name、"), (13, "reject、hold"), (14, "training、year、life"), (15, "写了两次"),
        (16, "可写：training_types、"),
    ]  # fmt: skip
    assert [int(line.split("第")[1].split("行")[0]) for line in told] == [line for line, _ in wanted]
    assert all(word in line for line, (_, word) in zip(told, wanted, strict=True)), told


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none.yaml") in fault_of(tmp_path / "none.yaml").text.zh
    assert str(tmp_path) in fault_of(tmp_path).text.zh


def test_the_shipped_policy_and_the_reasons_load_without_heavy_libraries() -> None:
    code = (
        "import sys; from trainingcli.policy import load_policy; from trainingcli.reasons import all_reasons;"
        "load_policy(); all_reasons(); print({'pandas', 'pandera', 'jsonschema', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
