"""What goes into the ledger of each paid line, by the reading's section 3; whichever way the limits were applied."""

from __future__ import annotations

import datetime as dt

import pytest

from support.ordinary import row
from support.overlays import reading, technicians_certificate
from support.posted import Posted, history_frame
from support.rosters import Sheet, input_file
from support.settling import run
from trainingcli.settle.settlement import History

ACROSS = {"开班日期": dt.date(2020, 12, 20), "结业日期": dt.date(2021, 1, 5)}
FLOATING = {"开班日期": None, "发证日期": dt.date(2021, 2, 3)}
ABILITY = {"证书类型": "专项职业能力证书", "等级": None}
ROWS = [
    # (ordinary row, its changes, event year, own, occupation, level, repeat key, approved fen)
    ("失业人员", {}, 2020, False, "焊工", "初级工", "焊工|初级工", 80_000),
    ("失业人员", {"申报金额": 1200}, 2020, False, "焊工", "初级工", "焊工|初级工", 100_000),
    ("失业人员", ACROSS, 2020, False, "焊工", "初级工", "焊工|初级工", 80_000),
    ("失业人员", {"等级": None}, 2020, False, "焊工", None, "焊工|", 80_000),
    ("失业人员", {"等级": None, "培训类型": "转岗转业培训"}, 2020, False, "焊工", None, "焊工|转岗转业培训", 80_000),
    ("企业职工", {}, 2020, False, "电工", None, "电工|岗前培训", 30_000),
    ("企业职工", {"等级": "高级工"}, 2020, False, "电工", "高级工", "电工|岗前培训", 30_000),
    ("低保学员", {}, 2020, False, "保育员", None, "保育员|", 12_000),
    ("低保学员", {"工种": None}, 2020, False, None, None, None, 12_000),
    ("取证人员", {}, 2020, False, "电工", "高级工", "电工|高级工", 60_000),
    ("取证人员", FLOATING, 2021, True, "电工", "高级工", "电工|高级工", 60_000),
    ("取证人员", FLOATING | ABILITY, 2021, True, "电工", "专项职业能力", "电工|专项职业能力", 15_000),
    ("技师", {}, 2020, False, "钳工", "技师", "钳工|技师", 200_000),
]
COLUMNS = ["event_year", "own", "occupation", "level", "key", "approved"]


def posted(*rows, policy=None, history=None):
    """What would be posted, with None for nothing."""
    found = run([input_file("名册.xlsx", Sheet(rows))], policy=policy, history=history).payable()
    return found.astype(object).where(found.notna(), None)


def made(person: int = 0):
    return [row(like, person or number, **changes) for number, (like, changes, *_) in enumerate(ROWS, 1)]


def test_each_line_of_people_with_one_row_says_its_training():
    found = posted(*made())
    assert [tuple(one) for one in found[COLUMNS].to_numpy()] == [tuple(expected) for _, _, *expected in ROWS]
    assert found["event"].nunique() == len(ROWS)
    assert (found["event"] < 0).all()
    assert set(found["place"]) == {"year"}
    assert found["waiver"].tolist() == [None] * len(ROWS)
    starts = [
        None if own else changes.get("开班日期", dt.date(2020, 7, 1)).isoformat() for _, changes, _, own, *_ in ROWS
    ]
    assert found["start_date"].tolist() == starts
    assert found["line"].tolist() == list(range(1, len(ROWS) + 1))


def test_people_with_several_rows_or_with_a_history_are_posted_alike():
    """A second row of another year and occupation, or a training of the ledger, changes nothing of the first."""
    alone = posted(*made())
    other = {"工种": "车工", "开班日期": dt.date(2019, 3, 1), "结业日期": dt.date(2019, 3, 9)}
    seconds = [row("失业人员", number, **other) for number in range(1, len(ROWS) + 1)]
    paired = posted(*made(), *seconds).iloc[: len(ROWS)]
    ledger = [
        Posted(one["身份证号"], "vocational-training", number, "车工", "初级工", start=dt.date(2019, 3, 1))
        for number, one in enumerate(seconds, 1)
    ]
    known = posted(*made(), history=History(history_frame(ledger)))
    for name in alone.columns:
        assert paired[name].tolist() == alone[name].tolist(), name
        assert known[name].tolist() == alone[name].tolist(), name


@pytest.mark.parametrize("several", [False, True])
def test_parameters_change_year_and_key_either_way(several):
    """Q7 and Q8: the year of the end; a training without a level once a year, or without any key."""
    beside = [row("失业人员", 1, 工种="车工", 开班日期=dt.date(2019, 3, 1), 结业日期=dt.date(2019, 3, 9))] * several

    def first(policy, like, **changes):
        return posted(row(like, 1, **changes), *beside, policy=policy).iloc[0][["event_year", "key"]].tolist()

    assert first(reading("year_of", "end"), "失业人员", **ACROSS) == [2021, "焊工|初级工"]
    assert first(reading("year_of", "end"), "技师", 结业日期=None) == [2020, "钳工|技师"]
    yearly = reading("repeat_without_level", "type_and_year")
    assert first(yearly, "企业职工") == [2020, "电工|岗前培训|2020"]
    assert first(yearly, "失业人员") == [2020, "焊工|初级工"]
    ignored = reading("repeat_without_level", "ignore")
    assert first(ignored, "企业职工", 等级="高级工") == [2020, None]
    assert first(ignored, "失业人员", 等级=None) == [2020, None]
    assert first(ignored, "失业人员") == [2020, "焊工|初级工"]


def test_what_is_held_or_rejected_is_not_posted_and_takes_no_place():
    held = row("取证人员", 1, 等级="中级工", 开班日期=dt.date(2020, 1, 1))  # no figure: Q6
    four = [
        row("失业人员", 1, 工种=occupation, 开班日期=dt.date(2020, month, 1), 结业日期=dt.date(2020, month, 9))
        for month, occupation in enumerate(("电工", "焊工", "钳工", "车工"), 2)
    ]
    found = posted(held, *four)
    assert found["occupation"].tolist() == ["电工", "焊工", "钳工"]
    assert found["line"].tolist() == [2, 3, 4]


def test_a_row_that_names_a_programme_twice_is_paid_once():
    """Reading 3.5: an event pays a programme once; the same row's second line is a duplicate."""
    rows = [row("取证人员", 1), row("取证人员", 1)]
    found = run([input_file("名册.xlsx", Sheet(rows))]).outcomes
    assert [(line.status, line.codes) for line in found] == [("approved", []), ("rejected", ["DUPLICATE_CLAIM"])]


@pytest.mark.parametrize("unknown", ["特级工", "初级工、高级工"])
def test_a_level_that_is_not_known_is_no_event_s(unknown):
    """The row with it is held; the other line of its training has no level, so its key is of the training's type."""
    (line,) = (
        posted(row("失业人员", 1, 等级=unknown), row("失业人员", 1, 等级=None))[["level", "key"]].to_numpy().tolist()
    )
    assert line == [None, "焊工|"]


def test_a_held_line_holds_no_place_whoever_it_is_of():
    held = row("取证人员", 1, 等级="中级工")
    for rows in ([held], [held, row("失业人员", 1)]):
        accepted = run([input_file("名册.xlsx", Sheet(rows))]).parts[2].accepted
        assert accepted.place.tolist() == [None, "year"][: len(rows)]


def test_lines_that_join_an_own_event_keep_the_start_of_their_own_row():
    """A floating line has the first start of its event; where a policy pays a technician's certificate, too."""
    policy = technicians_certificate()
    who, certified = row("技师", 1)["身份证号"], dt.date(2020, 9, 1)
    history = [Posted(who, "technician", 1, "钳工", "技师", certificate_date=certified, certificate_no="J1")]
    high = {"工种": "钳工", "等级": "技师", "证书类型": "职业资格证书", "证书编号": "J1", "发证日期": certified}
    asked = [
        row("失业人员", 1, 开班日期=dt.date(2020, 7, 1), **high),
        row(
            "低保学员", 1, **(high | {"开班日期": dt.date(2020, 7, 5), "结业日期": dt.date(2020, 7, 9), "培训天数": 3})
        ),
        row("取证人员", 1, **high, 开班日期=None),
    ]
    found = posted(*asked, policy=policy, history=History(history_frame(history)))
    assert found["event"].tolist() == [1, 1, 1]
    assert found["start_date"].tolist() == ["2020-07-01", "2020-07-05", "2020-07-01"]


@pytest.mark.parametrize("last", [False, True])
def test_what_one_row_leaves_blank_another_of_its_training_fills(last):
    """Reading 3.3: rows of one person and start are one event where nothing that is filled in both differs."""
    days = {"结业日期": dt.date(2020, 7, 10)}
    blank, full = row("低保学员", 1, 工种=None, 等级=None, **days), row("失业人员", 1, **days)
    found = posted(*((full, blank) if last else (blank, full)))
    assert found["event"].nunique() == 1
    assert set(found["occupation"]) == {"焊工"}
    assert set(found["level"]) == {"初级工"}
    assert set(found["key"]) == {"焊工|初级工"}
