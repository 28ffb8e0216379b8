"""`inspect`: classes worked out again from what was posted, tickets by `sha256sum`, draws in proportion, bad frames."""

from __future__ import annotations

import hashlib
import json
import math
import random
import subprocess
import unicodedata
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from cli.program import TODAY, run, write
from cli.test_validate import HEADER, TITLE, row
from registers.builder import write as write_register
from support.inline import INLINE
from support.people import id_number
from trainingcli.language import Text
from trainingcli.ledger import open_ledger
from trainingcli.policy import load_policy
from trainingcli.views.inspection.classes import InspectedClass, Trainee, content_hash
from trainingcli.views.inspection.draw import draw
from trainingcli.views.inspection.frame_file import read_frame
from trainingcli.views.inspection.frame_workbook import FrameTask, write_frame
from trainingcli.views.inspection.gathered_classes import classes_of, of_ledger
from trainingcli.views.inspection.risks import Facts, Risk, risks_of, weight_of
from trainingcli.views.period import Period

from .books import Books, Line, random_books

PERIODS = [(None, None), ("2019-06-01", "2020-06-30"), ("2021-01-01", None)]
POLICY = load_policy()


def label_of(line: Line) -> str:
    """By hand: NFKC, no blanks, joined."""
    parts = (line.institution or line.employer, line.class_no, line.occupation, line.level, line.start)
    return "|".join("".join(unicodedata.normalize("NFKC", part or "").split()) for part in parts)


@pytest.mark.parametrize("seed", range(4))
def test_classes_people_and_sums_are_what_the_list_of_postings_says(address, seed):
    with open_ledger(address) as ledger:
        books = random_books(ledger, seed, steps=14)
        standing = [line for line in books.standing() if line.person is not None]
        for since, until in PERIODS:
            mine = [line for line in standing if (since or "") <= (line.day or "") <= (until or "~")]
            groups: dict[str, list[Line]] = defaultdict(list)
            for line in mine:
                groups[label_of(line)].append(line)
            began: dict[str, str] = {}
            for line in standing:
                if line.start:
                    who = line.institution or line.employer or ""
                    began[who] = min(began.get(who, line.start), line.start)
            found, people = classes_of(of_ledger(ledger, Period(since, until)), POLICY, None)
            assert [one.label for one in found] == sorted(groups)
            for one in found:
                lines = groups[one.label]
                assert one.people == len({line.person for line in lines})
                assert one.yuan == sum(line.yuan or 0 for line in lines)
                assert len([each for each in people if each.label == one.label]) == one.people
                points = min(one.yuan // 100 // 20_000, 5)
                points += 2 * bool(one.start_date and began[one.institution or ""] == one.start_date)
                assert one.weight == 1 + points, one.label


def test_a_weight_has_twenty_points_at_most_and_says_each_reason():
    policy = POLICY
    flags = dict.fromkeys(("AGE_OUT_OF_RANGE", "CERTIFICATE_BURST", "SAME_PEOPLE", "LEVELS_TOO_CLOSE"), 2)
    risks = tuple(risks_of(Facts(flags, 10, 2, 1, 15_000_000, "不合格", True), policy))
    assert [(risk.code, risk.points) for risk in risks] == [
        ("AGE_OUT_OF_RANGE", 1), ("CERTIFICATE_BURST", 3), ("SAME_PEOPLE", 4), ("LEVELS_TOO_CLOSE", 2),
        ("HELD", 2), ("AMOUNT", 5), ("ACCEPTANCE_FAILED", 5), ("FIRST_CLASS", 2),
    ]  # fmt: skip
    assert weight_of(risks, policy) == 21
    assert str(risks[4].why) == "待核明细占 20%"


def plain(weight: int, name: str) -> InspectedClass:
    return InspectedClass(name, None, "焊工", None, "2020-03-01", None, 1, 100, (), weight)


def test_the_tickets_of_classes_are_what_sha256sum_computes():
    """Every ticket of a class of weight 5, and the smallest is its own."""
    one, seed = plain(5, "晋阳 $(学校)`a`\\n%s!"), "2021-12-31 开奖 08:15_x.y"
    (drawn,) = draw([one], seed, 1)
    tickets = []
    for k in range(1, 6):
        done = subprocess.run(
            ["sha256sum"], input=f"{seed}|{one.label}|{k}".encode(), capture_output=True, check=True, timeout=20
        )
        tickets.append(done.stdout.decode().split()[0])
    assert (drawn.ticket, drawn.k) == min((ticket, k) for k, ticket in enumerate(tickets, 1))


def test_classes_come_first_in_proportion_to_their_weights():
    """20,000 seeds; chi-square with four degrees of freedom, whose tail is exp(-x/2) (1 + x/2) exactly."""
    classes = [plain(weight, f"学校{weight}") for weight in (1, 2, 4, 8, 5)]
    first = Counter(draw(classes, f"种子 {number}", 1)[0].one.weight for number in range(20_000))
    expected = {one.weight: 20_000 * one.weight / 20 for one in classes}
    square = sum((first[weight] - count) ** 2 / count for weight, count in expected.items())
    assert math.exp(-square / 2) * (1 + square / 2) > 0.001, first


def test_one_more_class_does_not_reorder_the_others():
    classes = [plain(number % 5 + 1, f"学校{number}") for number in range(40)]
    for seed in ("a", "二", "3"):
        before = [each.one.label for each in draw(classes, seed, 5)]
        more = [each.one.label for each in draw([*classes, plain(9, "新学校")], seed, 5)]
        assert [label for label in more if not label.startswith("新学校")] == before


# ---- the commands


@pytest.fixture
def book(sqlite_address):
    """Three classes of two schools; one line reversed since; what looks like a formula is a name."""
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        first = [Line(number, class_no="一班", start="2020-03-01", end="2020-03-20") for number in range(1, 5)]
        second = [Line(number, occupation="焊工", class_no="+二 班", start="2020-09-01") for number in range(4, 7)]
        third = Line(9, institution="=1+1", occupation="钳工", class_no="三班", name="=cmd|' /C calc'!A0")
        books.post("2020-12-01", [*first, *second], flags=[
            {"code": "AGE_OUT_OF_RANGE", "clause": "三(四)", "institution": None, "class_no": None, "message": "",
             "cells": [{"file": "rosters/a.xlsx", "sheet": "Sheet1", "cell": "B5"},
                       {"file": "rosters/a.xlsx", "sheet": "Sheet1", "cell": "B6"}]},
        ])  # fmt: skip
        books.post("2021-02-01", [third])
        books.void([first[3]], "2021-03-01")
    return sqlite_address


def framed(book, tmp_path, *options):
    done = run(
        "inspect", "frame", "--ledger", book, "--out", tmp_path / "out", "--today", TODAY, "-f", "json", *options
    )
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_frame_and_draw_from_the_ledger(book, tmp_path):
    write_register(
        tmp_path / "lists", "classes",
        {"class_no": "一班", "institution": "晋阳职业培训学校", "acceptance": "不合格"},
        {"class_no": "三班", "institution": "别的学校", "acceptance": "合格"},
        {"class_no": "+二班", "acceptance": "合格"},
    )  # fmt: skip
    document = framed(book, tmp_path, "--registers", tmp_path / "lists")
    found = {one["class_no"]: one for one in document["classes"]}
    one = found["一班"]
    assert (one["people"], one["yuan"], one["end_date"]) == (3, "2400.75", "2020-03-20")
    assert one["label"] == "晋阳职业培训学校|一班|电工|中级工|2020-03-01"
    assert [each["points"] for each in one["points"]] == [1, 5, 2]  # flag, acceptance, first class
    assert "年龄" in one["points"][0]["why"]
    assert one["weight"] == 9
    assert [each["points"] for each in found["+二 班"]["points"]] == []
    assert found["+二 班"]["label"].split("|")[1] == "+二班"
    assert [each["points"] for each in found["三班"]["points"]] == [2, 2]  # nobody accepted it; the first of its school
    path = Path(document["outputs"][0])
    assert path.name == "抽查底册.xlsx"
    assert path.stat().st_mode & 0o777 == 0o600

    asked = ["inspect", "draw", path, "--seed", "彩票 07", "--take", 2, "--hash", document["frame"]]
    done = run(*asked, "--out", tmp_path / "out", "-f", "json")
    assert done.exit_code == 0, done.stderr
    drawn = json.loads(done.stdout)
    assert (drawn["frame"], drawn["seed"], drawn["take"]) == (document["frame"], "彩票 07", 2)
    assert [each["order"] for each in drawn["classes"]] == [1, 2, 3]
    assert [each["drawn"] for each in drawn["classes"]] == [True, True, False]
    assert [each["ticket"] for each in drawn["classes"]] == sorted(each["ticket"] for each in drawn["classes"])
    kept = {each["label"]: each for each in document["classes"]}
    for each in drawn["classes"]:
        assert {key: each[key] for key in kept[each["label"]] if key not in ("ticket", "order", "drawn")} == {
            key: value for key, value in kept[each["label"]].items() if key not in ("ticket", "order", "drawn")
        }


def test_the_list_says_how_each_ticket_is_computed_and_has_a_form_a_class_drawn(book, tmp_path):
    frame = framed(book, tmp_path)["outputs"][0]
    done = run("inspect", "draw", frame, "--seed", "彩票 07", "--take", 2, "--out", tmp_path / "out", "-f", "json")
    drawn = json.loads(done.stdout)
    sheets = openpyxl.load_workbook(drawn["outputs"][0])
    assert sheets.sheetnames == ["抽查名单", "核查表1", "核查表2"]
    lines = [[cell.value for cell in cells] for cells in sheets["抽查名单"].iter_rows()]
    head = next(line for line in lines if line[0] == "顺序")
    rows = [dict(zip(head, line, strict=True)) for line in lines[lines.index(head) + 1 :]]
    assert [each["结果"] for each in rows] == ["抽中", "抽中", "替补"]
    for each, said in zip(drawn["classes"], rows, strict=True):
        computed = subprocess.run(
            ["sh", "-c", said["验算命令"]], capture_output=True, text=True, check=True, timeout=20
        ).stdout.split()[0]
        assert computed == said["签号"] == each["ticket"]
    for number, each in enumerate(drawn["classes"][:2], 1):
        form = sheets[f"核查表{number}"]
        assert (int(form.page_setup.paperSize), form.page_setup.orientation) == (9, "portrait")  # A4
        people = [cells[2].value for cells in form.iter_rows() if isinstance(cells[0].value, int)]
        assert len(people) == each["people"]
        assert all("********" in number for number in people)
        width = sum(form.column_dimensions[letter].width for letter in "ABCDEF")
        assert width * 5.25 <= 595 - 2 * 0.4 * 72, "printed at its own size: 10 points"


def test_no_person_stands_whole_in_either_workbook_and_nothing_is_a_formula(book, tmp_path):
    frame = framed(book, tmp_path)["outputs"][0]
    done = run("inspect", "draw", frame, "--seed", "1", "--take", 9, "--out", tmp_path / "out", "-f", "json")
    assert "全部抽中" in done.stderr
    for path in (frame, json.loads(done.stdout)["outputs"][0]):
        cells = [cell for sheet in openpyxl.load_workbook(path) for line in sheet.iter_rows() for cell in line]
        assert not any(cell.data_type == "f" for cell in cells)
        text = "\n".join(str(cell.value) for cell in cells)
        assert not any(id_number(number) in text for number in range(1, 10))
        assert "=1+1" in text
        assert "calc" not in text  # a name is its first character and a star


def test_the_hash_is_the_classes_whatever_the_language(book, tmp_path):
    one = framed(book, tmp_path)
    other = run("--lang", "en", "inspect", "frame", "--ledger", book, "--out", tmp_path / "en", "-f", "json")
    assert json.loads(other.stdout)["frame"] == one["frame"]
    path = json.loads(other.stdout)["outputs"][0]
    done = run("inspect", "draw", path, "--seed", "1", "--take", 1, "--out", tmp_path / "en", "-f", "json")
    assert done.exit_code == 0, done.stderr
    lines = []
    sheet = openpyxl.load_workbook(one["outputs"][0])["抽查底册"]
    rows = [[cell.value for cell in cells] for cells in sheet.iter_rows()]
    head = next(each for each in rows if each[0] == "编号")
    for each in (dict(zip(head, line, strict=True)) for line in rows[rows.index(head) + 1 :]):
        figures = (each["人数"], f"{each['金额']:.2f}", each["风险代码"] or "", each["权重"])
        lines.append("\t".join(map(str, (each["班级标识"], each["结业日期"] or "", *figures))) + "\n")
    assert hashlib.sha256("".join(sorted(lines)).encode()).hexdigest() == one["frame"]


@pytest.mark.parametrize("heading", ["培训机构", "人数", "金额", "权重", "风险代码", "班级标识", "结业日期"])
def test_a_frame_that_was_changed_is_refused(book, tmp_path, heading):
    frame = Path(framed(book, tmp_path)["outputs"][0])
    workbook = openpyxl.load_workbook(frame)
    sheet = workbook["抽查底册"]
    head = next(cells for cells in sheet.iter_rows() if cells[0].value == "编号")
    column = next(cell.column for cell in head if cell.value == heading)
    cell = sheet.cell(head[0].row + 1, column)
    changed = {"人数": 99, "金额": 1.01, "权重": 7, "风险代码": "HELD:1:6", "结业日期": "2020-01-02"}
    cell.value = changed.get(heading, "别的")
    workbook.save(tmp_path / "changed.xlsx")
    done = run("inspect", "draw", tmp_path / "changed.xlsx", "--seed", "1", "--take", 1, "--out", tmp_path / "no")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.stderr
    assert not (tmp_path / "no").exists()


def test_a_class_more_or_less_is_refused_too(book, tmp_path):
    frame = Path(framed(book, tmp_path)["outputs"][0])
    workbook = openpyxl.load_workbook(frame)
    sheet = workbook["抽查底册"]
    sheet.delete_rows(sheet.max_row)
    workbook.save(tmp_path / "less.xlsx")
    done = run("inspect", "draw", tmp_path / "less.xlsx", "--seed", "1", "--take", 1, "--out", tmp_path / "no")
    assert done.exit_code == 2, done.stderr


@pytest.mark.parametrize("seed", ["", "  ", "a'b", "a|b", "a\nb", "$(x)", "ä", "１２"])
def test_a_seed_that_nobody_can_type_is_wrong_usage(book, tmp_path, seed):
    frame = framed(book, tmp_path)["outputs"][0]
    done = run("inspect", "draw", frame, "--seed", seed, "--take", 1, "--out", tmp_path / "no")
    assert done.exit_code == 2
    assert "--seed" in done.stderr


def test_wrong_usage_and_bad_files(book, tmp_path):
    document = framed(book, tmp_path)
    frame = document["outputs"][0]
    other = write(tmp_path / "other.xlsx", [["姓名", "身份证号", "班级"], ["王一", id_number(1), "一班"]])
    cases = [
        ((frame, "--take", 1), 2), ((frame, "--seed", "1"), 2), ((frame, "--seed", "1", "--take", 0), 2),
        ((frame, "--seed", "1", "--take", 1, "--hash", "0" * 64), 2),
        ((frame, "--seed", "1", "--take", 1, "--hash", "abc"), 2),
        ((other, "--seed", "1", "--take", 1), 3), ((tmp_path / "none.xlsx", "--seed", "1", "--take", 1), 3),
    ]  # fmt: skip
    for arguments, code in cases:
        done = run("inspect", "draw", *arguments, "--out", tmp_path / "no")
        assert done.exit_code == code, (arguments, done.stderr)
    assert not (tmp_path / "no").exists()
    done = run("inspect", "frame", other, "--year", 2020, "--ledger", book, "--out", tmp_path / "no")
    assert done.exit_code == 2


def test_a_single_quote_is_said_and_refused(sqlite_address, tmp_path):
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-02-01", [Line(1, class_no="it's")])
    done = run("inspect", "frame", "--ledger", sqlite_address, "--out", tmp_path, "-f", "json")
    assert done.exit_code == 0
    assert "单引号" in done.stderr
    frame = json.loads(done.stdout)["outputs"][0]
    done = run("inspect", "draw", frame, "--seed", "1", "--take", 1, "--out", tmp_path / "no")
    assert done.exit_code == 2
    assert "单引号" in done.stderr


def test_without_a_ledger_and_with_an_empty_period(book, tmp_path):
    done = run("inspect", "frame", "--ledger", tmp_path / "none.db", "--out", tmp_path / "no")
    assert (done.exit_code, done.stderr.count("\n")) == (4, 1)
    assert str(tmp_path / "none.db") in done.stderr
    done = run("inspect", "frame", "--ledger", book, "--year", 2030, "--out", tmp_path / "no", "-f", "json")
    document = json.loads(done.stdout)
    assert (done.exit_code, document["classes"], document["outputs"]) == (0, [], [])
    assert document["frame"] == content_hash([])
    assert "没有可抽查的班" in done.stderr
    assert not (tmp_path / "no").exists()


def test_rosters_give_shares_flags_and_people_whatever_became_of_them(tmp_path):
    """Of four lines one is held and one rejected (25 % each); a man of 1950 is out of age, which is a flag."""
    names = [*HEADER, "班级"]
    old, *young = (id_number(n, born=born) for n, born in enumerate(("19500101", *["19850101"] * 4)))
    paid = {"补贴项目": "生活费补贴"}
    lines = [
        [*row(身份证号=young[0], **paid), "一班"],
        [*row(姓名="李二", 身份证号=young[1], 困难类型="不知道", **paid), "一班"],
        [*row(姓名="赵三", 身份证号=young[2], 困难类型=None, **paid), "一班"],
        [*row(姓名="钱四", 身份证号=old, **paid), "一班"],
        [*row(姓名="孙五", 身份证号=young[3], 开班日期="2020-05-01", 结业日期="2020-05-02", **paid), "二班"],
    ]
    roster = write(tmp_path / "roster.xlsx", [TITLE, names, *lines])
    ledger = tmp_path / "none.db"
    done = run("inspect", "frame", roster, "--today", TODAY, "--ledger", ledger, "--out", tmp_path / "o", "-f", "json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["ledger"] is None
    assert not ledger.exists()
    first, second = sorted(document["classes"], key=lambda one: one["class_no"])
    assert (first["people"], first["yuan"]) == (4, "600.00")
    assert [each["points"] for each in first["points"]] == [1, 2, 2, 2]
    assert [each["why"][:2] for each in first["points"]] == ["疑点", "待核", "不予", "该机"]
    assert (second["people"], second["points"], second["weight"]) == (1, [], 1)


def test_a_roster_that_cannot_be_read_is_named_and_the_others_stand(tmp_path):
    good = write(tmp_path / "good.xlsx", [TITLE, HEADER, row(补贴项目="生活费补贴")])
    (tmp_path / "bad.xlsx").write_bytes(b"PK nothing")
    done = run("inspect", "frame", good, tmp_path / "bad.xlsx", "--ledger", tmp_path / "no.db", "--out", tmp_path / "o",
               "--today", TODAY, "-f", "json")  # fmt: skip
    assert done.exit_code == 3
    assert "bad.xlsx" in done.stderr
    assert len(json.loads(done.stdout)["classes"]) == 1


def test_spellings_of_one_class_are_one_class(sqlite_address):
    """Wide letters, blanks, brackets and a level behind the occupation do not make another class."""
    with open_ledger(sqlite_address) as ledger:
        line = Line(1, class_no="A 班(1)", occupation="焊工", level="初级工")
        wide = replace(line, person=2, class_no="ａ班（1）", institution="晋阳 职业培训学校")
        behind = replace(line, person=3, occupation="焊工（五级）", level=None, class_no="A班【1】")
        Books(ledger).post("2021-02-01", [line, wide, behind])
        found, people = classes_of(of_ledger(ledger, Period()), POLICY, None)
    assert [(one.label, one.people) for one in found] == [("晋阳职业培训学校|A班(1)|焊工|初级工|2020-07-01", 3)]
    assert {each.label for each in people} == {found[0].label}


ODD = (
    "合计", "例班", "第1页", "以下空白", "公章刻制工", "2020", "2020-07-01", "0012", "1.50", "+1", "=A1", "@x", "—班",
    "a  b", "甲\n乙", "盖章", "审核人：李某", "序号", "班级标识", "共2人", "１班（全）", "x" * 200, "#1", "万元",
    "负责人", "🙂", "A|B", None,
)  # fmt: skip


def test_a_frame_of_odd_names_comes_back_as_it_was_written(tmp_path):
    """Whatever a roster may call a class, the reader takes none of it for a footer, a header, a sample or a number."""
    pick = random.Random(7)
    found: dict[str, InspectedClass] = {}
    for number in range(250):
        parts = [pick.choice(ODD) for _ in range(4)]
        risks = tuple(Risk(code, pick.randrange(1, 9), 2) for code in ("HELD", "AMOUNT") if pick.random() < 0.4)
        start = pick.choice(("2020-03-01", None))
        one = InspectedClass(*parts, start, None, number, number * 12_345, risks, 1 + 2 * len(risks))
        found.setdefault(one.label, one)
    classes = sorted(found.values(), key=lambda one: one.label)
    people = [Trainee(one.label, "王*", "140105********1234") for one in classes]
    path = tmp_path / "frame.xlsx"
    with path.open("wb") as target:
        write_frame(FrameTask(classes, people, content_hash(classes), Text("来源", "from"), TODAY), target)
    read = read_frame(str(path), INLINE, None)
    assert len(classes) > 200
    assert [one.line for one in read.classes] == [one.line for one in classes]
    assert [one.institution for one in read.classes] == [one.institution for one in classes]
    assert read.people.keys() == {one.label for one in classes}
