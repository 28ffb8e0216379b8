"""`progress`: every target and list worked out again from the list of postings; the workbooks; bad figures."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import openpyxl
import pytest

from cli.program import run, write
from support.inline import INLINE
from support.overlays import overlay, reading
from support.people import id_number
from trainingcli.errors import UsageError
from trainingcli.ledger import open_ledger
from trainingcli.views.progress import progress
from trainingcli.views.progress_files import Population, is_employed, read_employment, read_figures

from .books import POLICY, Books, Line, random_books
from .test_funds import DISTRICTS, district

FIGURES = ["年度", "就业人员", "技能劳动者", "高技能人才"]


def events(books: Books) -> dict[int, list[Line]]:
    """Events with a payment not reversed, awards none."""
    found: dict[int, list[Line]] = {}
    for line in sorted(books.standing(), key=lambda line: line.entry):
        if line.person is not None:
            found.setdefault(line.event, []).append(line)
    return found


def employee(line: Line) -> bool:
    if line.category is not None:
        return "企业职工" in line.category.split("、")
    return line.programme in ("enterprise-training", "technician")


def percent(value: int, base: int) -> str:
    return str((Decimal(value * 100) / base).quantize(Decimal("0.01"), "ROUND_HALF_UP"))


def fewest(value: int, base: int, goal: int) -> int:
    """Counted up one by one, as the text says it."""
    more = 0
    while (value + more) * 100 < goal * base:
        more += 1
    return more


def in_work(books: Books, works: dict[str, bool]) -> list[dict[str, object]]:
    """contract-2, 4: base are people with an event of the year, employees in none of them; unknown counts as no."""
    found = []
    by_year: dict[int, dict[int, list[Line]]] = {}
    for lines in events(books).values():
        by_year.setdefault(lines[0].year, {}).setdefault(lines[0].person or 0, []).extend(lines)
    for year, people in sorted(by_year.items()):
        base = {person: lines for person, lines in people.items() if not any(map(employee, lines))}
        says: list[bool | None] = []
        for person, lines in base.items():
            own = [line.employed for line in lines]
            rosters = True if "是" in own else False if "否" in own else None
            says.append(works.get(id_number(person), rosters))
        yes, count = says.count(True), len(base)
        goal = 25 if year >= 2019 else None
        distance = fewest(yes, count, 25) if count and goal else None
        found.append(
            {
                "target": "target_employed_percent", "year": year, "value": yes, "base": count,
                "share": percent(yes, count) if count else None, "goal": goal,
                "met": None if distance is None else distance == 0, "distance": distance,
                "unknown": says.count(None),
            }
        )  # fmt: skip
    return found


def trainings(books: Books) -> list[dict[str, object]]:
    found = []
    for year in (2019, 2020, 2021):
        value = sum(2019 <= lines[0].year <= year for lines in events(books).values())
        found.append(
            {
                "target": "target_trainings", "year": year, "value": value, "base": None, "share": None,
                "goal": 200_000, "met": False, "distance": 200_000 - value, "unknown": None,
            }
        )  # fmt: skip
    return found


def expected_list(books: Books, key) -> list[dict[str, object]]:
    keyed: dict[object, list[list[Line]]] = {}
    for lines in events(books).values():
        said = next((one for line in lines if (one := key(line)) is not None), None)
        keyed.setdefault(said, []).append(lines)
    return [
        {"key": one, "events": len(own), "people": len({lines[0].person for lines in own})}
        for one, own in sorted(keyed.items(), key=lambda item: (item[0] is None, item[0]))
    ]


def without(row: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if key not in ("source", "why")}


@pytest.mark.parametrize("seed", range(5))
def test_every_target_and_list_is_what_the_list_of_postings_says(address, seed):
    works = {id_number(person): person % 2 == 0 for person in range(0, 25, 3)}
    with open_ledger(address) as ledger:
        books = random_books(ledger, seed + 20, steps=14)
        found = progress(ledger, POLICY, {}, works, districts=DISTRICTS)
    assert [without(target.shown()) for target in found.targets] == [*trainings(books), *in_work(books, works)]
    assert found.lists == {
        "by_year": expected_list(books, lambda line: line.year),
        "by_district": expected_list(books, district),
        "by_category": expected_list(books, lambda line: line.category),
    }
    total = len(events(books))
    assert all(sum(row["events"] for row in rows) == total for rows in found.lists.values())
    paid = {(line.year, line.level, line.certificate_no) for line in books.standing() if line.certificate_no}
    assert sum(row["certificates"] for row in found.certificates) == len(paid)


SHARES = [
    # value, base, goal %: share, met, distance
    (24, 100, "24.00", False, 1),
    (25, 100, "25.00", True, 0),
    (1, 3, "33.33", True, 0),
    (0, 3, "0.00", False, 1),
    (0, 1, "0.00", False, 1),
    (24_999, 100_000, "25.00", False, 1),  # the share is rounded, the goal is not met
    (2, 13, "15.38", False, 2),  # a quarter of 13 is 3.25: four
]


@pytest.mark.parametrize(("value", "base", "share", "met", "distance"), SHARES)
def test_the_distance_is_the_smallest_whole_number_that_makes_the_goal(
    sqlite_address, value, base, share, met, distance
):
    figures = {2021: Population(base, value, 0, "统计.xlsx")}
    with open_ledger(sqlite_address) as ledger:
        found = progress(ledger, POLICY, figures, {})
    (row,) = [each.shown() for each in found.targets if each.target == "target_skilled_percent"]
    assert (row["share"], row["met"], row["distance"], row["source"]) == (share, met, distance, "统计.xlsx")


def test_a_missing_figure_is_null_and_says_which(sqlite_address):
    figures = {2020: Population(None, 5, 2, "a.xlsx"), 2021: Population(0, 0, None, "a.xlsx")}
    with open_ledger(sqlite_address) as ledger:
        rows = [each.shown() for each in progress(ledger, POLICY, figures, {}).targets][3:]
    said = [(row["target"], row["year"], row["share"], row["met"], row["distance"], row["why"]) for row in rows]
    assert said == [
        ("target_skilled_percent", 2020, None, None, None, "缺少就业人员"),
        ("target_skilled_percent", 2021, None, None, None, "就业人员为 0"),
        ("target_high_skill_percent", 2020, "40.00", True, 0, None),
        ("target_high_skill_percent", 2021, None, None, None, "缺少高技能人才"),
    ]


def test_the_goal_is_the_policy_files(sqlite_address):
    values = [{"from": dt.date(2019, 1, 1), "number": 40, "source": "就业率不低于25%"}]
    changed = overlay({"quantities": {"target_skilled_percent": {"values": values}}})
    with open_ledger(sqlite_address) as ledger:
        found = progress(ledger, changed, {2021: Population(100, 30, 9, "a")}, {})
    assert [(each.goal, each.distance) for each in found.targets][3:] == [(40, 10), (30, 0)]


def test_the_employment_workbook_outranks_the_roster_and_what_it_does_not_say_does_not(sqlite_address):
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post(
            "2021-01-05",
            [
                Line(1, employed="是"),
                Line(2, employed="未就业"),
                Line(3, employed="在岗"),
                Line(4, employed="不详"),
                Line(5),
            ],
        )
        rosters = progress(ledger, POLICY, {}, {}).targets[3]
        both = progress(ledger, POLICY, {}, {id_number(1): False, id_number(2): True, id_number(5): True}).targets[3]
    assert (rosters.value, rosters.base, rosters.unknown) == (2, 5, 2)
    assert (both.value, both.base, both.unknown) == (3, 5, 1)


WORDS = [
    *((word, True) for word in ("是", " 已 就业", "就业", "在岗")),
    *((word, False) for word in ("否", "未就业", "失业")),
    *((word, None) for word in ("灵活就业", "", None)),
]


@pytest.mark.parametrize(
    ("value", "base", "share", "met", "distance"), [("no", 5, "20.00", False, 1), ("left_out", 2, "50.00", True, 0)]
)
def test_q17_employment_unknown(sqlite_address, value, base, share, met, distance):
    """Of five trainees one works, one does not, three nobody knows: they count as no, or they are left out."""
    words = ["是", "否", None, "也许", None]
    with open_ledger(sqlite_address) as ledger:
        lines = [Line(n, employed=word) for n, word in enumerate(words)]
        Books(ledger).post("2021-02-01", [*lines, Line(9, category="企业职工", employed="是")])
        found = progress(ledger, reading("employment_unknown", value), {}, {})
    (row,) = [each.shown() for each in found.targets if each.target == "target_employed_percent"]
    assert (row["value"], row["base"], row["unknown"]) == (1, base, 3)
    assert (row["share"], row["met"], row["distance"], row["why"]) == (share, met, distance, None)


def test_where_everybody_is_left_out_there_is_no_share(sqlite_address):
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-02-01", [Line(1)])
        found = progress(ledger, reading("employment_unknown", "left_out"), {}, {})
    (row,) = [each.shown() for each in found.targets if each.target == "target_employed_percent"]
    assert (row["value"], row["base"], row["unknown"], row["share"], row["met"]) == (0, 0, 1, None, None)
    assert row["why"] == "这一年的学员是否就业都不明"


@pytest.mark.parametrize(("text", "says"), WORDS)
def test_words_for_work(text, says):
    assert is_employed(text) is says


def test_employment_workbooks_are_read_together_and_yes_counts(tmp_path):
    rows = [["姓名", "身份证号", "是否就业"], ["王", id_number(1), "否"], ["李", id_number(2), "待定"]]
    first = write(tmp_path / "a.xlsx", rows)
    second = write(
        tmp_path / "b.xlsx", [["就业登记"], ["身份证号", "就业状态", "就业依据"], [id_number(1), "已就业", "合同"]]
    )
    found, unusable = read_employment([str(first), str(second)], INLINE)
    assert found == {id_number(1): True}
    assert [each.zh for each in unusable] == [f"{first}, 花名册, C3：看不出是否就业（这样写的有1行），按不明处理"]


def test_rows_of_employment_that_are_nobodys_are_said(tmp_path):
    rows = [["140105", "是"], [None, "是"], [id_number(1), "待定"], [id_number(2), "待定"], [140105199001011234, "是"],
            [id_number(3), None], [id_number(4), "是"]]  # fmt: skip
    lost = [["姓名", "身份证号", "是否就业"], *(["王五", *row] for row in rows)]
    file = write(tmp_path / "a.xlsx", lost)
    found, unusable = read_employment([str(file)], INLINE)
    assert found == {id_number(4): True}
    cells = [each.zh.partition("：")[0].rpartition(", ")[2] for each in unusable]
    assert cells == ["B3", "B6", "B2", "C4"]
    assert "2行" in unusable[-1].zh


def test_figures_are_read_in_people_or_in_tens_of_thousands(tmp_path):
    plain = write(
        tmp_path / "a.xlsx", [["统计表"], FIGURES, ["2020年", 2_305_000, 600_000, 170_000], [2021, 2_310_000, None, 5]]
    )
    large = write(tmp_path / "b.xlsx", [["年度", "就业人员（万人）", "技能劳动者(人)"], [2020, 230.5, 600_000]])
    assert read_figures(str(plain), INLINE) == {
        2020: Population(2_305_000, 600_000, 170_000, "a.xlsx"),
        2021: Population(2_310_000, None, 5, "a.xlsx"),
    }
    assert read_figures(str(large), INLINE) == {2020: Population(2_305_000, 600_000, None, "b.xlsx")}


def test_a_figure_may_be_nought(tmp_path):
    """Contract-2, 4, progress: null where a figure is missing; 0 is one."""
    source = write(tmp_path / "a.xlsx", [FIGURES, [2020, 10, 0, 0], [2021, 0, 0, None]])
    assert read_figures(str(source), INLINE) == {
        2020: Population(10, 0, 0, "a.xlsx"), 2021: Population(0, 0, None, "a.xlsx"),
    }  # fmt: skip


BAD = [
    ([[2020, 100, 101, 5]], "C2"),  # skilled more than employed
    ([[2020, 100, 50, 51]], "D2"),
    ([[2020, 100, 50, 5], [2021, 100, "约五十", 5]], "C3"),
    ([["去年", 100, 50, 5]], "A2"),
    ([[2020, 100, 50, 5], [2020, 100, 51, 5]], "A3"),  # two rows of a year that differ
    ([[2020, 100.5, 50, 5]], "B2"),
    ([[2020, -1, 0, 0]], "B2"),
]


@pytest.mark.parametrize(("rows", "cell"), BAD)
def test_figures_that_do_not_hold_are_refused_with_their_cell(tmp_path, rows, cell):
    with pytest.raises(UsageError, match=cell):
        read_figures(str(write(tmp_path / "a.xlsx", [FIGURES, *rows])), INLINE)


@pytest.fixture
def book(sqlite_address) -> str:
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-01-05", [Line(1), Line(2, category="企业职工")])
    return sqlite_address


def test_the_command_prints_the_document_and_the_screen(book, tmp_path):
    figures = write(tmp_path / "f.xlsx", [FIGURES, [2021, 400, 100, 29]])
    done = run("progress", "--figures", figures, "--ledger", book, "--format", "json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["by_district"] == [{"key": None, "events": 2, "people": 2}]
    last = found["targets"][-1]
    assert (last["target"], last["distance"], last["met"]) == ("target_high_skill_percent", 1, False)
    shown = run("progress", "--figures", figures, "--ledger", book, "--format", "table").stdout
    assert "未注明" in shown
    assert "199,998" in shown or "199998" in shown


@pytest.mark.parametrize("name", ["none.xlsx", "other.xlsx"])
def test_a_file_that_is_not_there_or_is_something_else_is_wrong_usage(book, tmp_path, name):
    other = openpyxl.Workbook()
    other.active.append(["别的", "表"])
    other.save(tmp_path / "other.xlsx")
    good = write(tmp_path / "f.xlsx", [FIGURES, [2021, 400, 100, 29]])
    for options in (["--figures", tmp_path / name], ["--figures", good, "--employment", tmp_path / name]):
        done = run("progress", *options, "--ledger", book)
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.stderr


def test_without_a_ledger_the_path_is_named(tmp_path):
    figures = write(tmp_path / "f.xlsx", [FIGURES, [2021, 400, 100, 29]])
    done = run("progress", "--figures", figures, "--ledger", tmp_path / "none.db")
    assert done.exit_code == 4
    assert str(tmp_path / "none.db") in done.stderr
