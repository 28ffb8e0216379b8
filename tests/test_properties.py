"""What holds of every roster: drawn by hypothesis, small and colliding, the same ones in each run."""

from __future__ import annotations

import datetime as dt
import io
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.ordinary import ordinary_rows, row
from support.overlays import reading
from support.people import check_digit, id_number
from support.printing import claims_document
from support.rosters import Row, Sheet, input_file, read_bytes
from support.settling import TODAY, Outcome, Run, run
from trainingcli.claims.rosters import read_rows
from trainingcli.ledger import BatchRecord, Ledger, open_ledger
from trainingcli.policy import Policy, load_policy
from trainingcli.settle.assessment import Assessment


def drawn(examples: int) -> Any:
    """Settings: so many examples, however much is drawn for one."""
    return settings(
        max_examples=examples,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


# ---- rosters -------------------------------------------------------------------------------------------------------

KINDS = tuple(ordinary_rows())
HEADINGS = tuple(dict.fromkeys(["身份证号", "性别", *(key for kind in ordinary_rows().values() for key in kind)]))
PROGRAMMES = ("企业职工培训补贴", "职业技能培训补贴", "生活费补贴", "取证补贴", "技师补贴")
DAYS = [dt.date(2019, 6, 30), dt.date(2019, 7, 1), dt.date(2020, 2, 29), dt.date(2020, 7, 1), dt.date(2020, 12, 31)]


def _cells() -> st.SearchStrategy[dict[str, Any]]:
    """Cells that replace an ordinary row's: other values, empty ones, faults."""
    days = st.sampled_from([*DAYS, None, "2020年7月"])
    amounts = st.decimals(0, 4000, places=2).map(str) | st.sampled_from([0, -5, "按标准", 1000, 1000.01, 600])
    return st.fixed_dictionaries(
        {},
        optional={
            "姓名": st.sampled_from(["王小明", None]),
            "身份证号": st.sampled_from(["14010519900101123", id_number(1), None]),
            "性别": st.sampled_from(["男", "女"]),
            "人员类别": st.sampled_from(["企业职工", "退役军人", "企业职工、农民工", "外来人员", None]),
            "困难类型": st.sampled_from(["低保户", "零就业家庭", "一般困难", None]),
            "培训类型": st.sampled_from(["岗前培训", "安全培训", "岗位提升", None]),
            "工种": st.sampled_from(["电工", "焊工", None]),
            "等级": st.sampled_from(["初级工", "中级工", "高级工", "技师", "特级", None]),
            "开班日期": days,
            "结业日期": days,
            "发证日期": days,
            "培训天数": st.sampled_from([1, 5, 400, 0, "8天", None]),
            "证书类型": st.sampled_from(["专项职业能力证书", "职业资格证书", "技能等级证书", "结业证", None]),
            "证书编号": st.sampled_from(["S1", "S2", "办理中", None]),
            "补贴项目": st.sampled_from([*PROGRAMMES, "取证补贴、生活费补贴", "培训补贴", "交通费", None]),
            "申报金额": amounts,
        },
    )


def _row(kind: str, person: int, cells: dict[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(HEADINGS), **row(kind, person), **cells}


def rows() -> st.SearchStrategy[dict[str, Any]]:
    """A row like an ordinary one, of one of three people, with some cells replaced."""
    return st.builds(_row, st.sampled_from(KINDS), st.integers(1, 3), _cells())


def rosters(longest: int = 12) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A roster's rows; all have the same headings."""
    return st.lists(rows(), min_size=1, max_size=longest)


@st.composite
def trainings(draw: st.DrawFn, floating: bool = True) -> list[dict[str, Any]]:
    """The rows of people whose trainings all begin on different days, each with several programmes, no line twice.

    One training's rows say nothing different, though some leave a cell empty. With `floating`, a certificate's row may
    lack its start date. Starts are whole weeks apart and certificates come 30 days later, so that no two dates meet.
    """
    found: list[dict[str, Any]] = []
    for person in range(1, draw(st.integers(1, 2)) + 1):
        for week in draw(st.lists(st.integers(0, 100), min_size=1, max_size=5, unique=True)):
            found += _training(draw, person, week, floating)
    return found


def _training(draw: st.DrawFn, person: int, week: int, floating: bool) -> list[dict[str, Any]]:
    start = dt.date(2019, 7, 1) + dt.timedelta(weeks=week)
    shared = {
        "身份证号": id_number(person),
        "人员类别": "企业职工、农民工",
        "困难类型": "低保户",
        "培训机构": "晋阳职业培训学校",
        "工作单位": "太原重型机械厂",
        "就业创业证号": "1401050020000001",
        "培训类型": draw(st.sampled_from(["岗前培训", "安全培训"])),
        "工种": draw(st.sampled_from(["电工", "焊工", "钳工"])),
        "等级": draw(st.sampled_from(["初级工", "高级工", None])),
        "开班日期": start,
        "结业日期": draw(st.sampled_from([start + dt.timedelta(days=9), None])),
        "证书编号": f"S{person}{week:03d}",
        "发证日期": start + dt.timedelta(days=30),
        "申报金额": None,
    }
    kinds = draw(st.lists(st.sampled_from(KINDS[:4]), min_size=1, max_size=4, unique=True))
    return [_row(kind, person, {**shared, **_own_cells(draw, kind, floating)}) for kind in kinds]


def _own_cells(draw: st.DrawFn, kind: str, floating: bool) -> dict[str, Any]:
    """What the row of one programme says otherwise: an empty cell, an amount."""
    if kind == "失业人员":
        return {"申报金额": draw(st.integers(1, 1500))}
    if kind == "低保学员" and draw(st.booleans()):
        return {"工种": None}
    if kind == "取证人员" and floating and draw(st.booleans()):
        return {"开班日期": None, "结业日期": None}
    return {}


# ---- what is compared ----------------------------------------------------------------------------------------------


def settled(lines: Sequence[Row], **options: Any) -> Run:
    """Settle one sheet of rows."""
    return run([input_file("名册.xlsx", Sheet(lines))], **options)


def content(line: Outcome) -> tuple[Any, ...]:
    """A line without its place."""
    return (
        line.id_number, line.programme, line.status, line.claimed, line.entitled, line.approved, line.payee,
        tuple(line.codes),
    )  # fmt: skip


POLICIES = {"one training": load_policy(), **{scope: reading("cap_scope", scope) for scope in ("year", "life")}}


# ---- properties ----------------------------------------------------------------------------------------------------


@drawn(20)
@given(rosters(), st.sampled_from(sorted(POLICIES)))
def test_what_is_approved_is_the_lesser_of_claim_and_entitlement(lines: list[Row], policy: str) -> None:
    for line in settled(lines, policy=POLICIES[policy]).outcomes:
        assert line.approved >= 0
        if line.status in ("held", "rejected", "posted"):
            assert line.approved == 0
            continue
        assert line.entitled is not None
        assert line.approved == min(line.entitled, line.entitled if line.claimed is None else line.claimed)
        assert (line.status == "reduced") == (line.claimed is not None and line.claimed > line.entitled)


@drawn(15)
@given(rosters())
def test_every_row_has_a_line_and_no_reason_twice(lines: list[Row]) -> None:
    found = settled(lines)
    assert {line.row for line in found.outcomes} == set(range(2, len(lines) + 2))
    assert not found.reasons.duplicated(["line", "code", "field"]).any()
    order = [(line.row, POSITION[line.programme]) for line in found.outcomes]
    assert order == sorted(order)


POSITION = {code: place for place, code in enumerate([*load_policy().programmes, None])}


@drawn(14)
@given(rosters(), st.data())
def test_splitting_a_roster_into_files_and_sheets_changes_no_line(lines: list[Row], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, max(len(lines) - 1, 1)), max_size=4)))
    parts = [part for part in (lines[a:b] for a, b in zip([0, *cuts], [*cuts, len(lines)], strict=True)) if part]
    whole = [content(line) for line in settled(lines).outcomes]
    files = [input_file(f"名册{number}.xlsx", Sheet(part)) for number, part in enumerate(parts)]
    assert [content(line) for line in run(files).outcomes] == whole
    sheets = [Sheet(part, f"表{number}") for number, part in enumerate(parts)]
    assert [content(line) for line in run([input_file("名册.xlsx", *sheets)]).outcomes] == whole


@drawn(18)
@given(trainings(), st.lists(st.builds(_row, st.sampled_from(KINDS), st.just(3), _cells()), max_size=4), st.data())
def test_permuting_rows_changes_no_line_of_trainings_on_different_days(
    plain: list[Row], others: list[Row], data: st.DataObject
) -> None:
    """The people of `plain` are held to it; rows of a third, who may collide with anything, are moved too."""
    lines = [*plain, *others]
    order = data.draw(st.permutations(range(len(lines))))
    before, after = settled(lines), settled([lines[place] for place in order])
    held_to_it = {id_number(1), id_number(2)} - {line["身份证号"] for line in others}

    def by_row(found: Run, places: Sequence[int]) -> Counter[tuple[Any, ...]]:
        kept = (line for line in found.outcomes if line.id_number in held_to_it)
        return Counter((places[line.row - 2], *content(line)) for line in kept)

    assert by_row(before, range(len(lines))) == by_row(after, order)


@drawn(10)
@given(rosters())
def test_totals_are_the_sum_of_lines(lines: list[Row]) -> None:
    inputs = [input_file("名册.xlsx", Sheet(lines))]
    found = run(inputs)
    assessment = Assessment(found.policy, inputs, [], found.lines, found.reasons, TODAY.isoformat())
    document = json.loads(claims_document(assessment, unmask=False))
    for total in document["totals"]:
        mine = [line for line in document["lines"] if line["programme"] == total["programme"]]
        assert total["lines"] == len(mine)
        for name in ("claimed", "approved"):
            assert Decimal(total[name]) == sum((Decimal(line[name]) for line in mine if line[name]), Decimal(0))
        for status in ("approved", "reduced", "held", "rejected", "posted"):
            assert total[f"{status}_lines"] == sum(line["status"] == status for line in mine)
    assert sum(total["lines"] for total in document["totals"]) == len(document["lines"]) == len(found.outcomes)


# ---- identity numbers ----------------------------------------------------------------------------------------------


def _id_number(region: str, born: dt.date, sequence: int) -> str:
    first17 = f"{region}{born:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


id_numbers = st.builds(
    _id_number,
    st.sampled_from(["140105", "110101", "659004", "710000", "810000", "820000", "830000", "911156", "999999"]),
    st.dates(dt.date(1900, 1, 1), dt.date(2005, 12, 31)),
    st.integers(0, 999),
)


def _as_xlsx(grid: list[list[str]]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for line in grid:
        book.active.append(line)
    book.save(stream)
    return stream.getvalue()


def _as_csv(encoding: str, grid: list[list[str]]) -> bytes:
    return "".join(",".join(line) + "\r\n" for line in grid).encode(encoding)


@pytest.mark.parametrize("form", ["xlsx", "utf-8", "utf-8-sig", "gb18030", "utf-16"])
@drawn(5)
@given(st.lists(id_numbers, min_size=1, max_size=20, unique=True))
def test_every_id_number_is_read_as_it_was_written(form: str, numbers: list[str]) -> None:
    grid = [["姓名", "身份证号", "工种"], *(["王小明", number, "电工"] for number in numbers)]
    found = read_bytes(_as_xlsx(grid) if form == "xlsx" else _as_csv(form, grid))
    read = read_rows([found], load_policy(), TODAY)
    assert read.frame["id_number"].tolist() == numbers
    assert read.persons_are_valid().all()
    assert not read.faulty("id_number").any()


# ---- batches -------------------------------------------------------------------------------------------------------


def _post(ledger: Ledger, lines: Sequence[Row], policy: Policy) -> Run:
    """Settle rows with the ledger's history and post what is payable, in one transaction."""
    record = BatchRecord(
        "claims",
        "2021-12-31T09:00:00+08:00",
        TODAY.isoformat(),
        policy.id,
        policy.sha256,
        (("a.xlsx", "a" * 64),),
        3,
        policy.paid_to_trainee(),
    )
    with ledger.transaction():
        found = settled(lines, policy=policy, ledger=ledger)
        payable = found.payable()
        if len(payable):
            ledger.post(record, payable, b"archive")
    return found


def _paid(found: Run) -> int:
    return sum(line.approved for line in found.outcomes)


@drawn(9)
@given(trainings(floating=False), st.integers(0, 100))
def test_two_batches_in_the_order_of_dates_pay_what_one_would(lines: list[Row], week: int) -> None:
    """So never more. (In another order the ledger's lines come first whatever their date, and take other places.)"""
    cut = dt.date(2019, 7, 1) + dt.timedelta(weeks=week)
    first = [line for line in lines if line["开班日期"] < cut]
    second = [line for line in lines if line["开班日期"] >= cut]
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.db") as ledger:
        paid = sum(_paid(_post(ledger, part, load_policy())) for part in (first, second) if part)
        assert ledger.verify().ok
    assert paid == _paid(settled(lines))


@drawn(8)
@given(trainings(), st.data())
def test_what_was_posted_is_never_paid_again(lines: list[Row], data: st.DataObject) -> None:
    """A part of the rows is posted, then all: no row is paid twice, no certificate, and three a year at most."""
    part = sorted(data.draw(st.sets(st.integers(0, len(lines) - 1), min_size=1)))
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.db") as ledger:
        one = _post(ledger, [lines[place] for place in part], load_policy())
        two = _post(ledger, lines, load_policy())
        again = _post(ledger, lines, load_policy())
        entries = ledger.entries()
        assert ledger.verify().ok
    paid = Counter((part[line.row - 2], line.programme) for line in one.outcomes if line.approved)
    paid += Counter((line.row - 2, line.programme) for line in two.outcomes if line.approved)
    assert set(paid.values()) <= {1}
    assert _paid(again) == 0
    assert entries["approved"].sum() == _paid(one) + _paid(two)
    assert not entries.duplicated(["event", "programme"]).any()
    assert (entries.groupby(["subject", "event_year"])["event"].nunique() <= 3).all()
    certificates = entries[entries["certificate"].notna()]
    assert not certificates.duplicated(["certificate", "programme"]).any()
