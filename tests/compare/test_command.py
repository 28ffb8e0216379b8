"""`compare` as a user meets it: which policies, what is direct, that nothing is posted, the workbook, readings."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli.program import TODAY, run, write
from support.ordinary import row
from support.people import id_number
from trainingcli.policy import load_policy
from trainingcli.stamp import read_stamp

MIDDLE = "programmes.certificate.amounts.中级工=450@2020-01-01"


def roster(folder: Path, *rows: dict[str, Any], name: str = "花名册.xlsx") -> Path:
    headings = [
        name for name in dict.fromkeys(name for each in rows for name in each) if any(e.get(name) for e in rows)
    ]
    return write(folder / name, [headings, *([each.get(heading) for heading in headings] for each in rows)])


def compare(folder: Path, *arguments: object, code: int = 0) -> dict[str, Any]:
    done = run("compare", folder, "--today", TODAY, "--out", folder / "out", "--ledger", folder / "ledger.db",
               "--format", "json", *arguments)  # fmt: skip
    assert done.exit_code == code, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def middle(person: int) -> dict[str, Any]:
    return row("取证人员", person, 等级="中级工")


def test_a_figure_put_in_pays_the_held_line_and_that_is_direct(tmp_path: Path) -> None:
    """Q6: without a figure 中级工 is held, NO_STANDARD; with one of 450 it is paid. The other line does not change."""
    file = roster(tmp_path, middle(1), row("取证人员", 2))
    found = compare(tmp_path, "--set", MIDDLE)
    assert found["changes"] == [
        {"file": str(file), "sheet": "花名册", "row": 2, "programme": "certificate",
         "from": {"status": "held", "approved": "0.00", "codes": ["NO_STANDARD"]},
         "to": {"status": "approved", "approved": "450.00", "codes": []},
         "difference": "450.00", "kind": "direct"}
    ]  # fmt: skip
    assert found["total"] == {"from": "600.00", "to": "1050.00", "difference": "450.00"}
    assert found["counts"] == {"lines": 2, "changed": 1, "direct": 1, "knock_on": 0, "unchanged": 1}
    assert found["transitions"] == [
        {"from": "approved", "to": "approved", "lines": 1, "difference": "0.00"},
        {"from": "held", "to": "approved", "lines": 1, "difference": "450.00"},
    ]
    assert found["people"] == {
        "gain": {"count": 1, "yuan": "450.00"}, "lose": {"count": 0, "yuan": "0.00"},
        "same": {"count": 1, "yuan": "0.00"},
    }  # fmt: skip
    assert [entry["key"] for entry in found["parameters"]] == ["programmes.certificate.amounts.中级工"]


def test_a_line_that_another_row_s_place_refuses_is_knock_on(tmp_path: Path) -> None:
    """Two trainings of one person and year; with a bound of one a year the second goes, though alone it is paid."""
    first = row("企业职工", 1, 工种="电工")
    second = row("企业职工", 1, 工种="焊工", 开班日期="2020-09-01", 结业日期="2020-09-10")
    roster(tmp_path, first, second)
    found = compare(tmp_path, "--set", "quantities.trainings_a_year=1")
    assert [(each["row"], each["to"]["codes"], each["kind"]) for each in found["changes"]] == [
        (3, ["ANNUAL_LIMIT"], "knock-on")
    ]
    assert found["people"]["lose"] == {"count": 1, "yuan": "-300.00"}


def test_a_line_that_only_one_policy_has_is_null_on_the_other_side(tmp_path: Path) -> None:
    """师带徒 is no training type of Q1: where nothing names a programme, none fits. Listed, 企业职工培训补贴 does."""
    roster(tmp_path, row("企业职工", 1, 补贴项目=None, 培训类型="师带徒"))
    found = compare(tmp_path, "--set", "parameters.training_types=岗前培训,师带徒")
    statuses = {each["programme"]: tuple(half and half["status"] for half in (each["from"], each["to"]))
                for each in found["changes"]}  # fmt: skip
    assert statuses == {"enterprise-training": (None, "approved"), None: ("rejected", None)}
    assert {each["kind"] for each in found["changes"]} == {"direct"}
    assert {(each["from"], each["to"]) for each in found["transitions"]} == {(None, "approved"), ("rejected", None)}


def test_a_row_with_an_amount_column_that_the_other_policy_calls_otherwise(tmp_path: Path) -> None:
    """Headings are the policy's words: under 证书补贴 the column is read by B alone, and rosters are read twice."""
    cells = {**row("取证人员", 1, 补贴项目=None), "证书补贴": 600}
    roster(tmp_path, {key: cell for key, cell in cells.items() if key != "补贴项目"})
    found = compare(tmp_path, "--set", "programmes.certificate.headings=证书补贴,取证补贴")
    assert found["counts"]["lines"] >= 1
    assert found["total"]["to"] == "600.00"


def test_nothing_is_posted_and_no_ledger_is_made(tmp_path: Path) -> None:
    roster(tmp_path, middle(1))
    compare(tmp_path, "--set", MIDDLE)
    assert not (tmp_path / "ledger.db").exists()


def test_the_ledger_is_history_for_both_and_is_only_read(tmp_path: Path) -> None:
    """What is posted stays posted, whatever the policy says today."""
    file = roster(tmp_path, row("取证人员", 1))
    posted = run(
        "claims", file, "--post", "--today", TODAY, "--ledger", tmp_path / "ledger.db", "--out", tmp_path / "c"
    )
    assert posted.exit_code == 0
    before = (tmp_path / "ledger.db").read_bytes()
    found = compare(tmp_path, "--set", "programmes.certificate.amounts.高级工=500")
    assert found["transitions"] == [{"from": "posted", "to": "posted", "lines": 1, "difference": "0.00"}]
    assert found["ledger"]["entries"] > 0
    assert (tmp_path / "ledger.db").read_bytes() == before


def test_policies_may_be_two_files_one_file_or_the_shipped_name(tmp_path: Path) -> None:
    roster(tmp_path, middle(1))
    laws = tmp_path.with_name(f"{tmp_path.name}-laws")
    for name, key in (("a", "parameters.year_of=end"), ("b", MIDDLE)):
        assert run("policy", "new", laws / f"{name}.yaml", "--set", key, "--source", "函").exit_code == 0
    two = compare(tmp_path, "--policy", laws / "a.yaml", "--policy", laws / "b.yaml")
    assert [entry["key"] for entry in two["parameters"]] == [
        "programmes.certificate.amounts.中级工", "parameters.year_of"
    ]  # fmt: skip
    one = compare(tmp_path, "--policy", laws / "b.yaml")
    assert (one["policies"]["from"]["id"], one["policies"]["to"]["id"]) == ("taiyuan-2019", "taiyuan-2019+b")
    back = compare(tmp_path, "--policy", laws / "b.yaml", "--policy", "taiyuan-2019")
    assert back["total"]["difference"] == "-450.00"
    set_ = compare(tmp_path, "--policy", laws / "a.yaml", "--set", MIDDLE)
    assert [entry["key"] for entry in set_["parameters"]] == ["programmes.certificate.amounts.中级工"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "没有写明与什么比"),
        (["--set", "parameters.year_off=end"], "parameters.year_of"),
        (["--policy", "a", "--policy", "b", "--set", MIDDLE], "两个 --policy"),
        (["--readings", "--set", MIDDLE], "--readings"),
        (["--policy", "missing.yaml"], "missing.yaml"),
    ],
)
def test_what_names_no_two_policies_is_exit_2(tmp_path: Path, arguments: list[str], word: str) -> None:
    roster(tmp_path, middle(1))
    done = run("compare", tmp_path, *arguments, "--out", tmp_path / "out", "--format", "json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert word in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_read_is_exit_3_and_the_others_are_compared(tmp_path: Path) -> None:
    roster(tmp_path, middle(1))
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert compare(tmp_path, "--set", MIDDLE, code=3)["total"]["difference"] == "450.00"


def test_nothing_read_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    done = run("compare", tmp_path / "空", "--set", MIDDLE, "--out", tmp_path / "out", "--format", "json")
    assert done.exit_code == 3
    assert json.loads(done.stdout)["changes"] == []
    assert not (tmp_path / "out").exists()


def test_the_workbook_is_private_stamped_has_charts_and_lists_what_changes_alone(tmp_path: Path) -> None:
    roster(tmp_path, middle(1), row("取证人员", 2), row("失业人员", 3))
    compare(tmp_path, "--set", MIDDLE)
    path = tmp_path / "out" / "政策对比.xlsx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_stamp(path).kind == "comparison"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["概要", "分项合计", "变化明细", "说明"]
    assert len(book["概要"]._charts) == 2
    rows = list(book["变化明细"].iter_rows(min_row=3, values_only=True))
    assert [(cells[2], cells[5], cells[7], cells[8], cells[9]) for cells in rows] == [(2, 0, 450, 450, "政策本身")]
    said = [cell for cells in book["概要"].iter_rows(values_only=True) for cell in cells if isinstance(cell, str)]
    assert any("有变化 1 笔" in text and "不变 2 笔" in text for text in said)
    compare(tmp_path, "--set", MIDDLE)  # its own workbook is replaced
    path.write_bytes(b"somebody's")
    done = run("compare", tmp_path, "--set", MIDDLE, "--out", tmp_path / "out", "--format", "json")
    assert done.exit_code == 5


def test_numbers_of_people_are_masked_everywhere(tmp_path: Path) -> None:
    number = id_number(1)
    roster(tmp_path, {**middle(1), "培训机构": f"机构{number}"}, name=f"{number}.xlsx")
    for form in ("json", "csv", "ndjson", "table"):
        done = run("compare", tmp_path, "--set", MIDDLE, "--out", tmp_path / "out", "--today", TODAY, "--format", form)
        assert done.exit_code == 0
        assert number not in done.stdout + done.stderr
    for sheet in openpyxl.load_workbook(tmp_path / "out" / "政策对比.xlsx"):
        assert not any(number in str(cell) for cells in sheet.iter_rows(values_only=True) for cell in cells)


def test_readings_try_every_other_choice_once_and_rank_by_yuan(tmp_path: Path) -> None:
    """Otherwise Q13 pays 2,000 for a 职业技能等级证书, Q5 takes 120 (eight days of 15) from 低保家庭 who is no
    graduate, and Q4 pays ten calendar days in place of eight: 30 more."""
    roster(
        tmp_path, row("技师", 1, 证书类型="职业技能等级证书"), row("低保学员", 2), row("失业人员", 3),
    )  # fmt: skip
    found = compare(tmp_path, "--readings")["readings"]
    assert [(each["question"], each["to"], each["difference"]) for each in found[:3]] == [
        ("Q13", "职业资格证书,职业技能等级证书", "2000.00"), ("Q5", "零就业家庭,城乡低保家庭", "-120.00"),
        ("Q4", "calendar", "30.00"),
    ]  # fmt: skip
    tried = [(each["parameter"], each["to"]) for each in found]
    assert len(tried) == len(set(tried))
    enumerated = {
        ("cap_scope", "year"), ("cap_scope", "life"), ("day_basis", "calendar"), ("year_of", "end"),
        ("repeat_without_level", "type_and_year"), ("repeat_without_level", "ignore"), ("over_limit", "hold"),
        ("lower_after_higher", "hold"), ("lower_after_higher", "reject"),
    }  # fmt: skip
    assert enumerated <= set(tried)
    open_questions = {each.parameter for each in load_policy().readings()}
    assert {parameter for parameter, _ in tried} <= open_questions
    yuan = [abs(float(each["difference"])) for each in found]
    assert yuan == sorted(yuan, reverse=True)


def test_readings_write_and_post_nothing(tmp_path: Path) -> None:
    roster(tmp_path, middle(1))
    compare(tmp_path, "--readings")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["花名册.xlsx"]
