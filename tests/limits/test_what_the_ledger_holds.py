"""What the ledger holds of a person counts for a roster's lines, as the policy reading's section 3 says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from support.ordinary import row
from support.overlays import overlay, reading
from support.people import id_number
from support.posted import Posted, history_frame
from support.rosters import Row, Sheet, input_file
from support.settling import run
from trainingcli.settle.limits.events import Waiver
from trainingcli.settle.settlement import History

WHO = id_number(1)
HIGH = {"occupation": "电工", "level": "高级工"}


def outcomes(*rows: Row, posted: list[Posted], **changes: Any) -> list[tuple[str, int, list[str]]]:
    """Status, approved fen and reasons of each line; `changes`: of the ledger's entries, a column each."""
    history = History(history_frame(posted).assign(**changes))
    found = run([input_file("名册.xlsx", Sheet(rows))], history=history).outcomes
    return [(line.status, line.approved, line.codes) for line in found]


def paid(number: int, **fields: Any) -> Posted:
    """A training of 2020 that the ledger has paid, another occupation each."""
    start = dt.date(2020, number, 1)
    return Posted(WHO, "vocational-training", number, f"工种{number}", "初级工", start=start, **fields)


def test_a_training_that_was_waived_takes_none_of_the_three_places():
    """A waiver has a place of its own kind (issue 6): with two ordinary trainings of the year, a third one is left."""
    line = row("失业人员", 开班日期=dt.date(2020, 7, 1))
    three = [paid(number) for number in (1, 2, 3)]
    assert outcomes(line, posted=three) == [("rejected", 0, ["ANNUAL_LIMIT"])]
    assert outcomes(line, posted=three, place=["year", "waiver", "year"]) == [("approved", 80_000, [])]


def test_an_allowance_of_no_occupation_that_was_paid_holds_no_key():
    """Reading 3.2: an allowance whose event has no occupation holds no key and is no repeat."""
    posted = [Posted(WHO, "living-allowance", 1, start=dt.date(2020, 1, 1), end=dt.date(2020, 1, 5))]
    line = row("低保学员", 工种=None, 开班日期=dt.date(2020, 7, 1), 结业日期=dt.date(2020, 7, 10), 培训天数=8)
    assert outcomes(line, posted=posted) == [("approved", 8 * 1500, [])]


def test_a_line_without_any_date_belongs_to_no_training():
    """Reading 3.4 dates a line without a start by its certificate; one without either is not paid."""
    dated = row("失业人员", 开班日期=dt.date(2020, 7, 1))
    undated = row("失业人员", 开班日期=None, 结业日期=None, 工种="电工")
    certificate = row("取证人员", 开班日期=None, 发证日期=None)
    found = outcomes(dated, undated, certificate, posted=[])
    assert found[0] == ("approved", 80_000, [])
    assert [(fen, codes) for _, fen, codes in found[1:]] == [(0, ["MISSING_FIELD"]), (0, ["CERTIFICATE_MISSING"])]


@pytest.mark.parametrize("month", [7, 12])
def test_what_was_paid_is_paid_no_more(month):
    """Reading 3.5: the event and the programme are in the ledger."""
    posted = [Posted(WHO, "vocational-training", 1, "焊工", "初级工", start=dt.date(2020, 7, 1))]
    line = row("失业人员", 开班日期=dt.date(2020, month, 1), 结业日期=dt.date(2020, month, 15))
    code = "ALREADY_POSTED" if month == 7 else "REPEAT_TRAINING"
    assert outcomes(line, posted=posted) == [("posted" if month == 7 else "rejected", 0, [code])]


def test_an_own_event_keeps_its_certificates_date_when_its_training_was_paid_too():
    """Reading 3.4: a training up to the certificate's date belongs to it, whatever was posted of it since."""
    posted = [
        Posted(WHO, "certificate", 1, **HIGH, certificate_date=dt.date(2020, 8, 1), certificate_no="S1"),
        Posted(WHO, "vocational-training", 1, **HIGH, start=dt.date(2020, 7, 1)),
    ]
    days = {"开班日期": dt.date(2020, 7, 10), "结业日期": dt.date(2020, 7, 20), "培训天数": 8}
    line = row("低保学员", 工种="电工", 等级="高级工", **days)
    assert outcomes(line, posted=posted, own=[True, True]) == [("approved", 8 * 1500, [])]


def test_a_certificate_that_a_line_does_not_use_is_no_sign_of_it():
    """Below the high-skill levels a training subsidy needs the employment card, whatever certificate is there."""
    rows = [row("失业人员", 工种=name, 开班日期=dt.date(2020, month, 1), 结业日期=None, 证书编号="S1")
            for month, name in ((3, "电工"), (5, "焊工"))]  # fmt: skip
    assert outcomes(*rows, posted=[]) == [("approved", 80_000, [])] * 2


def test_what_the_ceiling_cuts_is_said_up_to_the_whole_figure():
    """Q2, a year: 800 yuan were paid; of the 1000 that are claimed, the whole figure, 200 are left."""
    rows = [row("失业人员"), row("失业人员", 申报金额=1000, 工种="电工", 开班日期=dt.date(2020, 9, 1), 结业日期=None)]
    found = run([input_file("名册.xlsx", Sheet(rows))], policy=reading("cap_scope", "year")).outcomes
    assert [(line.status, line.approved, line.codes) for line in found] == [
        ("approved", 80_000, []),
        ("reduced", 20_000, ["OVER_CLAIMED"]),
    ]


def test_a_waiver_needs_no_history():
    months = ((2, "焊工"), (3, "钳工"), (4, "车工"), (5, "电工"))
    rows = [row("失业人员", 工种=name, 开班日期=dt.date(2020, month, 1), 结业日期=None) for month, name in months]
    waiver = Waiver("电工", None, None, "ANNUAL_LIMIT", "{}")
    for waivers, codes in (({}, ["ANNUAL_LIMIT"]), ({WHO: [waiver]}, ["WAIVED"])):
        found = run([input_file("名册.xlsx", Sheet(rows))], waivers=waivers).outcomes
        assert found[-1].codes == codes


FLOATING = {"工种": "电工", "等级": "高级工", "开班日期": None}


@pytest.mark.parametrize(("month", "code"), [(8, "REPEAT_TRAINING"), (10, "ALREADY_POSTED")])
def test_a_certificate_joins_an_own_event_that_is_not_later(month, code):
    """Reading 3.4: the event that holds the key, if it began on or before the certificate's date."""
    posted = [Posted(WHO, "certificate", 1, **HIGH, certificate_date=dt.date(2020, 9, 1), certificate_no="S1")]
    line = row("取证人员", 证书编号="S2", 发证日期=dt.date(2020, month, 1), **FLOATING)
    ((_, fen, codes),) = outcomes(line, posted=posted)
    assert (fen, [one for one in codes if one != "DATED_BY_CERTIFICATE"]) == (0, [code])


def test_an_event_of_two_starts_began_on_the_first():
    posted = [
        Posted(WHO, programme, 1, **HIGH, start=dt.date(2020, month, 1))
        for month, programme in ((8, "living-allowance"), (6, "vocational-training"))
    ]
    line = row("取证人员", 发证日期=dt.date(2020, 7, 1), **FLOATING)
    assert outcomes(line, posted=posted, own=[True, True]) == [("approved", 60_000, [])]


def certified_training(start: dt.date, certified: dt.date) -> Row:
    """A training of 电工 高级工, which is claimed with a certificate of its own."""
    certificate = {"证书编号": "S2", "证书类型": "职业技能等级证书", "发证日期": certified}
    return row("失业人员", 工种="电工", 等级="高级工", 开班日期=start, 结业日期=None, **certificate)


def test_only_an_own_event_takes_a_training_that_came_later():
    """A dated event whose certificate was paid is that training's, not an earlier certificate's that waits for one."""
    certified = {"certificate_date": dt.date(2020, 9, 1), "certificate_no": "S1"}
    posted = [Posted(WHO, "certificate", 1, **HIGH, start=dt.date(2020, 7, 1), **certified)]
    line = certified_training(dt.date(2020, 8, 1), dt.date(2020, 9, 1))
    assert outcomes(line, posted=posted) == [("rejected", 0, ["REPEAT_TRAINING"])]


def test_an_event_keeps_the_year_that_it_was_posted_under():
    """Under another reading (Q7) the year of its end; the place was taken then, whatever is read today."""
    across = {"start": dt.date(2020, 12, 20), "end": dt.date(2021, 1, 5)}
    history = history_frame([Posted(WHO, "vocational-training", 1, "焊工", **across)]).assign(event_year=[2021])
    days = {"开班日期": dt.date(2020, 12, 20), "结业日期": dt.date(2021, 1, 5), "培训天数": 8}
    line = row("低保学员", 工种="焊工", 等级=None, **days)
    policy = reading("repeat_without_level", "type_and_year")
    found = run([input_file("名册.xlsx", Sheet([line]))], history=History(history), policy=policy).payable()
    assert found[["event", "event_year", "key"]].to_numpy().tolist() == [[1, 2021, "焊工||2021"]]


def test_the_ceiling_is_of_one_programme_and_grows_with_the_plans_figure():
    """Q2, a year: other subsidies do not count; what was cut counts as it was paid."""
    figures = [{"from": dt.date(2019, 1, 1), "yuan": 1000, "source": "每人不超过1000元"},
               {"from": dt.date(2020, 11, 1), "yuan": 1500, "source": "每人不超过1000元"}]  # fmt: skip
    policy = overlay(
        {
            "parameters": {"cap_scope": {"value": "year"}},
            "programmes": {"vocational-training": {"amounts": {"each": figures}}},
        }
    )
    months = ((3, "电工", 800), (5, "焊工", 300), (11, "钳工", 1000))
    rows = [
        row("失业人员", 工种=name, 申报金额=yuan, 开班日期=dt.date(2020, month, 1), 结业日期=None)
        for month, name, yuan in months
    ]
    certificate = row("取证人员", 工种="电工", 等级="初级工", 开班日期=dt.date(2020, 3, 1))
    found = run([input_file("名册.xlsx", Sheet([certificate, *rows]))], policy=policy).outcomes
    assert [line.approved for line in found] == [30_000, 80_000, 20_000, 50_000]


def test_the_year_that_is_full_is_that_of_the_training_not_of_the_certificate_it_joined():
    """Reading 3.4: it takes no second place in the certificate's year, but its own year must have one left."""
    own = Posted(WHO, "certificate", 9, **HIGH, certificate_date=dt.date(2021, 2, 1), certificate_no="S1")
    line = certified_training(dt.date(2020, 7, 1), dt.date(2021, 2, 1))
    history = History(history_frame([paid(1), paid(2), paid(3), own]))
    found = run([input_file("名册.xlsx", Sheet([line]))], history=history)
    assert found.outcomes[0].codes == ["ANNUAL_LIMIT"]
    assert found.parts[2].accepted.event_year.tolist() == [2020]


def test_what_was_paid_of_a_line_is_told_by_its_own_programme():
    """A training whose allowance went out in a later batch: each line names the batch and day of its programme."""
    start, days = dt.date(2020, 7, 1), ["2020-09-01", "2020-11-01"]
    training = Posted(WHO, "vocational-training", 1, "焊工", "初级工", start=start, approved=100_000)
    allowance = Posted(WHO, "living-allowance", 1, "焊工", start=start, end=dt.date(2020, 7, 10), approved=15_000)
    history = History(history_frame([training, allowance]).assign(batch=[3, 8], day=days))
    fresh = row("失业人员", person=2, 开班日期=dt.date(2020, 7, 1))
    rows = [row("低保学员", 工种="焊工", 开班日期=start, 结业日期=dt.date(2020, 7, 10), 培训天数=10), fresh]
    found = run([input_file("名册.xlsx", Sheet(rows))], history=history).lines
    mine = found[found["id_number"] == WHO].set_index("programme").loc["living-allowance"]
    assert (mine["earlier_paid"], mine["earlier_batch"], mine["earlier_day"]) == (15_000, 8, "2020-11-01")
    other = found[found["id_number"] != WHO]
    assert len(other)
    assert other[["earlier_paid", "earlier_batch", "earlier_day"]].isna().all(axis=None)
