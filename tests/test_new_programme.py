"""A sixth programme from outside the package tree: one file and one policy overlay, and no existing file changes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.program import TODAY, run, write
from registers.builder import SCHOOL
from registers.builder import write as write_register
from support.people import id_number
from trainingcli.cli.options import _programmes as completed
from trainingcli.explain import entries
from trainingcli.settle import programmes
from trainingcli.settle.programmes.base import Programme, Use

RULES = '''"""学徒培训补贴, 二(二)2: 500 yuan to the enterprise for an apprentice's training.

Who: category 企业职工. Example: 王某, 企业职工, 焊工 → 500.00 to the employer.
"""

import numpy as np

from trainingcli.settle.programmes.base import Entitlement, Institution, Programme, RepeatKey, Use, figures


class Apprentices(Programme):
    code = "apprentice-training"
    uses = {"category": Use.NEEDED, "occupation": Use.NEEDED, "start_date": Use.NEEDED, "end_date": Use.USED}
    pays_training = True
    repeat_key = RepeatKey.LEVEL
    institution = Institution.HIRED
    rests_on_certificate = False
    is_ceiling = False
    means_training_of = None
    people_are = None
    readings = ()
    figure_field = "start_date"
    asks_also = ()

    def fits(self, rows, policy):
        return np.zeros(len(rows), dtype=bool)

    def ineligible(self, rows, policy):
        return [("category", rows.plain("category") & ~rows.among("category", ["企业职工"]))]

    def entitlement(self, rows, policy, standards):
        dates = self.dates(rows, policy)
        fen, known = figures(policy, self.code, "each", dates)
        return Entitlement(fen, known, ~np.isnat(dates))


PROGRAMME = Apprentices()
'''
OVERLAY = """extends: taiyuan-2019
programmes:
  apprentice-training:
    name: {zh: 学徒培训补贴, en: Apprentices}
    headings: [学徒培训补贴]
    clause: 二(二)2
    fund: 市财政
    payee: [employer, institution]
    basis: fixed
    unit: {zh: 元/人次, en: yuan a person}
    dated_by: start_date
    amounts: {each: [{from: 2019-01-01, yuan: 500, source: 市人社发〔2020〕1号}]}
"""
CODE = "apprentice-training"
HEADINGS = [
    "姓名", "身份证号", "补贴项目", "人员类别", "培训类型", "职业(工种)", "等级", "开班日期", "结业日期", "培训机构",
    "工作单位",
]  # fmt: skip


@pytest.fixture(autouse=True)
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put the file into a folder of its own on the package's path, and write the overlay."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "apprentice_training.py").write_text(RULES, encoding="utf-8")
    monkeypatch.setattr(programmes, "__path__", [*programmes.__path__, str(folder)])
    path = tmp_path / "overlay.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    entries.codes.cache_clear()
    yield path
    sys.modules.pop(f"{programmes.__name__}.apprentice_training", None)
    programmes._programme.cache_clear()
    entries.codes.cache_clear()


def person(number: int, **cells: Any) -> list[Any]:
    usual = {
        "姓名": "王一", "身份证号": id_number(number), "补贴项目": "学徒培训补贴", "人员类别": "企业职工",
        "培训类型": "岗前培训", "职业(工种)": "焊工", "开班日期": "2020-03-02", "结业日期": "2020-03-11",
        "培训机构": SCHOOL, "工作单位": "汾河机械厂",
    }  # fmt: skip
    return [(usual | cells).get(heading) for heading in HEADINGS]


def settled(folder: Path, overlay: Path, rows: list[list[Any]], *more: object) -> list[tuple[str, str, list[str]]]:
    """Settle rows; return status, yuan and reasons of each line."""
    roster = write(folder / "roster.xlsx", [HEADINGS, *rows])
    done = run(
        "claims", roster, "--policy", overlay, "--today", TODAY, "--ledger", folder / "l.sqlite", "--out",
        folder / "out", "--format", "json", "--jobs", 1, *more,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return [
        (line["status"], line["approved"], [reason["code"] for reason in line["reasons"]])
        for line in json.loads(done.stdout)["lines"]
    ]


def test_it_is_paid_by_its_figure(tmp_path: Path, overlay: Path) -> None:
    assert settled(tmp_path, overlay, [person(1)]) == [("approved", "500.00", [])]


def test_it_is_offered_by_completion_option_and_template(tmp_path: Path, overlay: Path) -> None:
    assert completed("app") == [CODE]
    rows = [[cell for cell, heading in zip(row, HEADINGS, strict=True) if heading != "补贴项目"] for row in [person(1)]]
    named = write(tmp_path / "named.xlsx", [[heading for heading in HEADINGS if heading != "补贴项目"], *rows])
    done = run("validate", named, "--programme", CODE, "--policy", overlay, "--today", TODAY, "--jobs", 1)
    assert done.exit_code == 0, done.output
    assert run("template", tmp_path / "blank.xlsx", "--programme", CODE, "--policy", overlay).exit_code == 0


def test_a_policy_without_it_does_not_offer_it(tmp_path: Path) -> None:
    done = run("template", tmp_path / "blank.xlsx", "--programme", CODE)
    assert done.exit_code == 2
    assert CODE in done.stderr


def test_its_line_at_a_school_outside_the_register_is_rejected(tmp_path: Path, overlay: Path) -> None:
    """As that of enterprise-training is: an institution named beside another employer must be listed."""
    lists = tmp_path / "lists"
    write_register(lists, "institutions", {"institution": "别的学校", "qualified_by": "审核备案"})
    rows = [person(1), person(2, 补贴项目="企业职工培训补贴")]
    expected = ("rejected", "0.00", ["NOT_IN_REGISTER"])
    assert settled(tmp_path, overlay, rows, "--registers", lists) == [expected, expected]


def test_the_class_register_asks_for_its_class(tmp_path: Path, overlay: Path) -> None:
    lists = tmp_path / "lists"
    write_register(lists, "classes", {"class_no": "1", "plan": "x"})
    assert settled(tmp_path, overlay, [person(1)], "--registers", lists) == [("held", "0.00", ["CLASS_NOT_FILED"])]


@pytest.mark.parametrize(
    ("register", "entry", "more"),
    [("occupations", {"occupation": "电工"}, {}), ("qualifications", {"qualification": "电工"}, None)],
)
def test_a_list_asks_it_for_what_it_uses(
    tmp_path: Path, overlay: Path, register: str, entry: dict[str, str], more: dict[str, str] | None
) -> None:
    """Its occupation must be listed; it rests on no certificate, so the list of qualifications does not ask."""
    lists = tmp_path / "lists"
    write_register(lists, register, entry)
    outcome = settled(tmp_path, overlay, [person(1)], "--registers", lists)
    assert outcome == [("approved", "500.00", []) if more is None else ("rejected", "0.00", ["NOT_IN_REGISTER"])]


LIMITS = {
    "a duplicate": ([person(1), person(1)], ["DUPLICATE_CLAIM"]),
    "a repeat": ([person(1), person(1, 开班日期="2020-05-02", 结业日期="2020-05-11")], ["REPEAT_TRAINING"]),
    "a fourth": (
        [
            person(1, **{"职业(工种)": name, "开班日期": f"2020-0{month}-02", "结业日期": f"2020-0{month}-11"})
            for month, name in enumerate(("焊工", "电工", "钳工", "车工"), 3)
        ],
        ["ANNUAL_LIMIT"],
    ),
}


@pytest.mark.parametrize(("rows", "codes"), LIMITS.values(), ids=LIMITS)
def test_every_limit_refuses_it(tmp_path: Path, overlay: Path, rows: list[list[Any]], codes: list[str]) -> None:
    *first, last = settled(tmp_path, overlay, rows)
    assert {status for status, _, _ in first} == {"approved"}
    assert last == ("rejected", "0.00", codes)


def test_two_on_the_same_days_are_noted(tmp_path: Path, overlay: Path) -> None:
    rows = [person(1), person(1, **{"职业(工种)": "电工"})]
    assert settled(tmp_path, overlay, rows) == [("approved", "500.00", ["OVERLAPPING_TRAINING"])] * 2


def test_it_is_already_posted_the_second_time(tmp_path: Path, overlay: Path) -> None:
    settled(tmp_path, overlay, [person(1)], "--post")
    again = [person(1), person(2)]
    assert [line[0] for line in settled(tmp_path, overlay, again)] == ["posted", "approved"]


def test_it_is_explained() -> None:
    done = run("explain", CODE, "--format", "json")
    assert done.exit_code == 0, done.output
    topic = json.loads(done.stdout)["topics"][0]
    assert topic["kind"] == "programme"
    assert topic["fields"]["occupation"] == "needed"
    assert "学徒培训补贴" in topic["program"]
    assert run("explain", CODE, "--format", "table").exit_code == 0


@pytest.mark.parametrize("trait", sorted(set(Programme.__annotations__)))
def test_a_class_that_lacks_a_trait_fails_where_it_is_defined(trait: str) -> None:
    whole = dict.fromkeys(Programme.__annotations__, ()) | {"uses": {"occupation": Use.NEEDED}}
    del whole[trait]
    with pytest.raises(TypeError, match=trait):
        type("Half", (Programme,), whole)
