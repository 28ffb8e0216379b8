"""The oracle against the texts' own sentences: each expected value is argued from policy reading or contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from . import words
from .plain import COLUMN, NAMED, WIDE, History, Line, Mark, Number, Row, Waiver, settle

TODAY = date(2021, 12, 31)
WANG = "14010519800101001"
WANG += words.check_digit(WANG)  # a man: the 17th digit is odd
LI = "14010519800101002"
LI += words.check_digit(LI)

VOCATIONAL = Row(
    "a.xlsx",
    "名单",
    5,
    NAMED,
    "职业技能培训补贴",
    name="王伟",
    id_number=WANG,
    category="农民工",
    employment_card="1401001",
    institution="晋阳学校",
    occupation="电工",
    level="初级工",
    start_date=date(2020, 3, 1),
    end_date=date(2020, 3, 10),
    claimed=800_00,
)
CERTIFICATE = replace(
    VOCATIONAL, row=6, named="取证补贴", start_date=None, end_date=None, claimed=None, certificate_type="职业资格证书",
    certificate_no="ZS1", certificate_date=date(2020, 4, 1),
)  # fmt: skip
ALLOWANCE = replace(VOCATIONAL, row=7, named="生活费补贴", hardship="低保户", claimed=None)
ENTERPRISE = replace(
    VOCATIONAL,
    row=8,
    named="企业职工培训补贴",
    category="在职职工",
    training_type="岗前培训",
    employer="重机厂",
    claimed=None,
)
TECHNICIAN = replace(CERTIFICATE, row=9, named="技师补贴", category="企业职工", level="二级", employer="重机厂")


def run(*rows: Row, **options: object) -> list[Line]:
    return settle([replace(row, row=5 + index) for index, row in enumerate(rows)], today=TODAY, **options)


def one(row: Row, **options: object) -> Line:
    (line,) = run(row, **options)
    return line


def outcomes(*rows: Row, **options: object) -> list[tuple[str, list[str]]]:
    return [(line.status, line.codes) for line in run(*rows, **options)]


def start(row: Row, on: date) -> Row:
    return replace(row, start_date=on, end_date=on)


# --- amounts: section 1 ---


@pytest.mark.parametrize(
    ("row", "entitled"),
    [
        (ENTERPRISE, 300_00),  # 二(二)2: 300 a person and training
        (VOCATIONAL, 1000_00),  # 二(三): at most 1000, the ceiling shows as itself
        (ALLOWANCE, 150_00),  # 二(四): 15 a day, 1 to 10 March are ten days, both included (Q4)
        (CERTIFICATE, 300_00),  # 三(三): 初级工 300
        (replace(CERTIFICATE, level="三级"), 600_00),  # 三(三): 高级工 600
        (replace(CERTIFICATE, certificate_type="专项能力证书", level="高级工"), 150_00),  # 5.6: whatever the level says
        (TECHNICIAN, 2000_00),  # 二(七): 技师 2000
        (replace(TECHNICIAN, level="一级"), 3000_00),  # 二(七): 高级技师 3000
    ],
)
def test_each_programme_gives_what_the_plan_says(row: Row, entitled: int) -> None:
    line = one(row)
    assert (line.entitled, line.approved) == (entitled, line.claimed or entitled)


def test_the_lesser_of_claimed_and_entitled_is_approved() -> None:
    over = one(replace(ENTERPRISE, claimed=300_01))  # 5.2: one fen over 300 is cut to 300
    assert (over.status, over.approved, over.codes) == ("reduced", 300_00, ["OVER_CLAIMED"])
    under = one(replace(ENTERPRISE, claimed=299_99))  # the contract: UNDER_CLAIMED, less than a fixed amount, a note
    assert (under.status, under.approved, under.codes) == ("approved", 299_99, ["UNDER_CLAIMED"])
    below_a_ceiling = one(VOCATIONAL)  # a ceiling is no fixed amount: 800 of 1000 needs no note
    assert (below_a_ceiling.approved, below_a_ceiling.codes) == (800_00, [])


def test_the_registers_standard_lowers_the_ceiling_and_gives_a_basis() -> None:
    standards = {("电工", "初级工"): 700_00}
    assert one(VOCATIONAL, standards=standards).approved == 700_00  # 5.6: the lesser of 1000 and the standard
    unclaimed = replace(VOCATIONAL, claimed=None)
    assert one(unclaimed, standards=standards).approved == 700_00  # 5.2: the entitlement where nothing was claimed
    bare = one(unclaimed)  # 5.6: nothing claimed and no standard is NO_BASIS; its ceiling shows as itself
    assert (bare.status, bare.codes, bare.entitled, bare.approved) == ("held", ["NO_BASIS"], 1000_00, 0)


def test_the_plan_gives_no_figure_for_the_middle_level() -> None:
    line = one(replace(CERTIFICATE, level="四级"))  # Q6: held NO_STANDARD, entitled null; 3.6: held, so no event
    assert (line.status, line.entitled, line.codes) == ("held", None, ["NO_STANDARD"])


def test_figures_are_in_force_from_2019() -> None:
    assert one(start(ENTERPRISE, date(2019, 1, 1))).status == "approved"  # 5.7: from 2019-01-01
    assert one(start(ENTERPRISE, date(2018, 12, 31))).codes == ["NO_STANDARD"]  # 5.7: not yet in force


def test_certificates_count_from_july_2019() -> None:
    assert one(replace(CERTIFICATE, certificate_date=date(2019, 7, 1))).status == "approved"  # 三(三): from 2019-07-01
    assert "CERTIFICATE_TOO_EARLY" in one(replace(CERTIFICATE, certificate_date=date(2019, 6, 30))).codes


def test_attended_days_never_exceed_the_calendar() -> None:
    cut = one(replace(ALLOWANCE, attended_days=12))  # Q4: twelve of ten days are ten, with a note
    assert (cut.approved, cut.codes) == (150_00, ["DAYS_OVER_CALENDAR"])
    assert one(replace(ALLOWANCE, attended_days=4)).approved == 60_00  # Q4: attended days where the roster gives them
    assert one(replace(ALLOWANCE, attended_days=Mark.BAD)).codes == ["BAD_NUMBER"]


# --- eligibility and fields: 5.7 ---


def test_hardship_opens_the_allowance() -> None:
    assert one(replace(ALLOWANCE, hardship=None)).codes == ["NOT_ELIGIBLE"]  # 5.7: empty: NOT_ELIGIBLE
    assert one(replace(ALLOWANCE, hardship="零就业家庭")).codes == [
        "NOT_ELIGIBLE"
    ]  # Q5: graduates of such families only
    assert one(replace(ALLOWANCE, hardship="零就业家庭", category="大学毕业生")).status == "approved"
    assert one(replace(ALLOWANCE, hardship="零就业家庭高校毕业生")).status == "approved"  # contract: counts as both
    assert one(replace(ALLOWANCE, hardship=None, category="贫困劳动力")).status == "approved"  # Q11
    assert one(replace(ALLOWANCE, hardship="一般家庭")).codes == ["UNKNOWN_HARDSHIP"]
    assert one(replace(ALLOWANCE, hardship="一般家庭、低保")).status == "approved"  # 5.7: a known one makes it eligible
    assert one(replace(ALLOWANCE, hardship="零就业", category="某类")).codes == ["UNKNOWN_CATEGORY"]


def test_high_skill_needs_a_certificate_in_place_of_the_card() -> None:
    no_card = replace(VOCATIONAL, employment_card="未办")
    assert one(no_card).codes == ["EMPLOYMENT_CARD_MISSING"]  # 5.7, and the contract: 未办 is empty
    high = replace(no_card, level="高级技能/三级")  # 三(一): 以取证为补贴申领依据; number and date each needed
    assert one(high).codes == ["CERTIFICATE_MISSING", "CERTIFICATE_MISSING"]
    assert one(replace(high, certificate_no="ZS1", certificate_date=date(2020, 4, 1))).status == "approved"


def test_only_a_qualification_pays_the_technician() -> None:
    assert one(TECHNICIAN).status == "approved"
    assert "CERTIFICATE_KIND" in one(replace(TECHNICIAN, certificate_type="技能等级证书")).codes  # Q13


def test_a_finding_speaks_only_for_programmes_that_use_the_field() -> None:
    for mark in (Mark.ERROR, Mark.NO_VALUE, Mark.BAD):  # the contract's own example
        assert one(replace(ENTERPRISE, certificate_date=mark)).codes == []
    assert one(replace(ENTERPRISE, sex=Mark.ERROR)).codes == ["ERROR_CELL"]  # sex is used by all
    assert one(replace(ENTERPRISE, level="特级")).codes == []  # 5.7: no level in its row
    assert one(replace(VOCATIONAL, level="特级")).codes == ["UNKNOWN_LEVEL"]  # u in its row


def test_dates_speak_for_the_programmes_that_use_them() -> None:
    backwards = replace(VOCATIONAL, end_date=date(2020, 2, 1))
    assert one(backwards).codes == ["DATE_ORDER"]
    assert one(replace(CERTIFICATE, start_date=date(2020, 3, 1), end_date=date(2020, 2, 1))).codes == []
    early = replace(CERTIFICATE, start_date=date(2020, 4, 2))
    assert one(early).codes == ["CERTIFICATE_BEFORE_TRAINING"]
    assert one(start(VOCATIONAL, date(2022, 1, 1))).codes == ["FUTURE_DATE", "FUTURE_DATE"]  # start and end


def test_numbers_of_people_are_checked_by_gb_11643() -> None:
    def codes(id_number: object) -> list[str]:
        return one(replace(ENTERPRISE, id_number=id_number)).codes

    assert codes(WANG[:17]) == ["ID_FORMAT"]
    assert codes("140105800101001") == ["ID_15_DIGITS"]
    assert codes(Number(WANG[:15] + "000")) == ["ID_PRECISION_LOST"]  # whatever its digits
    assert codes(WANG[:17] + ("1" if WANG[17] != "1" else "2")) == ["ID_CHECKSUM"]
    assert codes(None) == ["MISSING_FIELD"]
    assert one(replace(ENTERPRISE, sex="女")).codes == ["SEX_MISMATCH"]  # the 17th digit is odd: a man


def test_the_standard_example_has_the_check_digit_x() -> None:
    assert words.check_digit("11010519491231002") == "X"  # GB 11643-1999, its own example 11010519491231002X


# --- what is claimed ---


def test_wide_columns_make_a_line_for_each_amount() -> None:
    wide = replace(CERTIFICATE, ask=WIDE, start_date=date(2020, 3, 1), wide={"培训补贴": 800_00, "取证补贴": 300_00})
    assert [line.programme for line in run(wide)] == ["vocational-training", "certificate"]
    none = one(replace(wide, wide={"培训补贴": 0, "取证补贴": None}))
    assert (none.programme, none.codes) == (None, ["NOTHING_CLAIMED"])
    staff = replace(wide, category="企业职工", training_type="岗前培训", wide={"培训补贴": 300_00})
    assert one(staff).programme == "enterprise-training"  # 培训补贴 alone: category 企业职工
    beside = replace(staff, wide={"培训补贴": 300_00, "企业职工培训补贴": None})
    assert one(beside).programme == "vocational-training"  # beside a column 企业职工培训补贴


def test_a_programme_column_names_each_line() -> None:
    row = replace(VOCATIONAL, ask=COLUMN)
    assert one(replace(row, programme=None)).codes == ["MISSING_FIELD"]
    unknown = one(replace(row, programme="交通补贴"))
    assert (unknown.status, unknown.codes) == ("held", ["UNKNOWN_PROGRAMME"])
    several = run(replace(row, programme="取证补贴、技师、高级技师补贴", claimed=None))  # 、 is part of one name
    assert [line.programme for line in several] == ["certificate", "technician"]


def test_where_nothing_is_named_each_fitting_programme_has_a_line() -> None:
    nothing = replace(
        CERTIFICATE, ask="nothing", start_date=date(2020, 3, 1), end_date=date(2020, 3, 2), hardship="低保"
    )
    fits = ["vocational-training", "living-allowance", "certificate"]  # 5.8: category, hardship, certificate number
    assert [line.programme for line in run(nothing)] == fits
    held = run(replace(nothing, claimed=300_00))  # the contract: several fit, its lines are held
    assert all(line.status == "held" and "AMOUNT_UNASSIGNED" in line.codes for line in held)
    just_one = one(replace(nothing, claimed=300_00, hardship=None, certificate_no=None))
    assert (just_one.programme, just_one.claimed) == ("vocational-training", 300_00)
    no_fit = replace(nothing, hardship=None, certificate_no=None, category=None)
    assert (one(no_fit).programme, one(no_fit).codes) == (None, ["NOT_ELIGIBLE"])  # 5.8: no row vanishes
    assert one(replace(no_fit, category="某类")).status == "held"  # 5.8: held where its category is unknown


# --- section 3 ---


def test_one_training_with_three_subsidies_is_one_training() -> None:
    rows = [VOCATIONAL, ALLOWANCE, replace(CERTIFICATE, start_date=date(2020, 3, 1))]
    days = [date(2020, 5, 1), date(2020, 6, 1), date(2020, 7, 1)]
    others = [
        replace(start(VOCATIONAL, day), level=level) for day, level in zip(days, ["四级", None, "五级"], strict=True)
    ]
    others[2] = replace(others[2], occupation="焊工")
    found = outcomes(*rows, *others)  # 3.1: events are counted, not lines: the fourth event alone is over
    assert [status for status, _ in found] == ["approved"] * 5 + ["rejected"]
    assert found[-1][1] == ["ANNUAL_LIMIT"]


def test_the_year_is_that_of_the_start_date() -> None:
    days = [date(2020, 12, 29), date(2020, 12, 30), date(2020, 12, 31), date(2021, 1, 1)]
    rows = [replace(start(VOCATIONAL, day), occupation=f"工种{index}") for index, day in enumerate(days)]
    assert [status for status, _ in outcomes(*rows)] == ["approved"] * 4  # 3.1, Q7


def test_the_same_occupation_and_level_is_never_subsidised_twice() -> None:
    assert outcomes(VOCATIONAL, start(VOCATIONAL, date(2021, 5, 1)))[1] == ("rejected", ["REPEAT_TRAINING"])  # any year
    assert outcomes(VOCATIONAL, replace(start(VOCATIONAL, date(2021, 5, 1)), level="高级工", certificate_no="Z2",
                    certificate_date=date(2021, 6, 1)))[1][0] == "approved"  # fmt: skip
    lower = replace(start(VOCATIONAL, date(2021, 5, 1)), level="中级工")
    assert outcomes(VOCATIONAL, lower)[1][0] == "approved"  # another level is another key; Q12 allows a lower one too


def test_an_enterprise_training_repeats_by_its_type() -> None:
    again = start(replace(ENTERPRISE, level="高级工"), date(2021, 5, 1))  # 3.2: always occupation + training type
    assert outcomes(ENTERPRISE, again)[1] == ("rejected", ["REPEAT_TRAINING"])
    assert outcomes(ENTERPRISE, replace(again, training_type="转岗培训"))[1][0] == "approved"


def test_order_is_by_date_whatever_the_order_of_rows() -> None:
    later = start(VOCATIONAL, date(2020, 9, 1))
    assert [status for status, _ in outcomes(later, VOCATIONAL)] == ["rejected", "approved"]  # 3.1


def test_rows_of_one_day_are_one_event_unless_they_contradict() -> None:
    bare = replace(ALLOWANCE, occupation=None, level=None)
    assert [s for s, _ in outcomes(VOCATIONAL, bare, bare)] == [
        "approved",
        "approved",
        "rejected",
    ]  # the second a duplicate
    assert outcomes(VOCATIONAL, bare, bare)[2][1] == ["DUPLICATE_CLAIM"]
    other = replace(VOCATIONAL, occupation="焊工", institution="并州学校")
    assert [s for s, _ in outcomes(VOCATIONAL, other)] == ["approved", "approved"]  # occupation differs: another event


def test_a_certificate_after_its_training_is_the_same_training() -> None:
    assert outcomes(VOCATIONAL, CERTIFICATE) == [("approved", []), ("approved", [])]  # 3.4: joins, no note
    alone = outcomes(CERTIFICATE)
    assert alone == [("approved", ["DATED_BY_CERTIFICATE"])]  # 3.4: else an event of its own


@pytest.mark.parametrize(("days", "joins"), [(0, True), (365, True), (366, False)])
def test_a_course_without_level_led_to_the_certificate_within_365_days(days: int, joins: bool) -> None:
    course = start(replace(VOCATIONAL, level=None), date.fromordinal(CERTIFICATE.certificate_date.toordinal() - days))
    assert outcomes(course, CERTIFICATE)[1][1] == ([] if joins else ["DATED_BY_CERTIFICATE"])  # 3.4: at most 365


def test_a_certificate_is_refused_with_the_training_that_was_over_the_limit() -> None:
    three = [replace(start(VOCATIONAL, date(2020, 1, day)), occupation=f"工种{day}") for day in (1, 2, 3)]
    next_year = replace(CERTIFICATE, certificate_date=date(2021, 2, 1))
    assert outcomes(*three, VOCATIONAL, next_year)[3:] == [("rejected", ["ANNUAL_LIMIT"])] * 2  # 3.4


def test_a_refused_training_may_be_done_again_next_year() -> None:
    three = [replace(start(VOCATIONAL, date(2020, 1, day)), occupation=f"工种{day}") for day in (1, 2, 3)]
    found = outcomes(*three, VOCATIONAL, start(VOCATIONAL, date(2021, 3, 1)))
    assert [status for status, _ in found[3:]] == ["rejected", "approved"]  # 3.5: it takes no place and holds no key


def test_held_and_rejected_lines_are_no_repeat_and_take_no_place() -> None:
    held = replace(VOCATIONAL, employment_card=None)
    assert outcomes(held, start(VOCATIONAL, date(2020, 9, 1)))[1] == ("approved", [])  # 3.6


def test_one_certificate_number_pays_a_programme_once() -> None:
    spelled = replace(CERTIFICATE, occupation="电工作业")
    assert outcomes(CERTIFICATE, spelled)[1] == ("rejected", ["DATED_BY_CERTIFICATE", "DUPLICATE_CLAIM"])  # 3.5
    li = replace(CERTIFICATE, id_number=LI, name="李芳")
    assert all("DUPLICATE_CERTIFICATE" in codes for _, codes in outcomes(CERTIFICATE, li))  # one number, two people


def test_a_waiver_lets_the_fourth_through() -> None:
    rows = [replace(start(VOCATIONAL, date(2020, 1, day)), occupation=f"工种{day}") for day in (1, 2, 3, 4)]
    waiver = Waiver(WANG, date(2020, 1, 4), "工种4", "初级工")
    assert outcomes(*rows, waivers=(waiver,))[3] == ("approved", ["WAIVED"])  # Q9


# --- the ledger ---


def posted(*batches: list[Row]) -> History:
    history = History()
    for rows in batches:
        history.post(run(*rows, history=history))
    return history


def test_what_is_posted_is_posted() -> None:
    history = posted([VOCATIONAL, CERTIFICATE])
    again = outcomes(CERTIFICATE, replace(VOCATIONAL, employment_card=None), history=history)
    assert [status for status, _ in again] == ["posted", "posted"]  # 3.6: ALREADY_POSTED comes before any hold


def test_a_training_may_arrive_after_its_certificate() -> None:
    history = posted([CERTIFICATE])
    assert outcomes(VOCATIONAL, history=history) == [("approved", [])]  # 3.4: belongs to the own event
    history.post(run(VOCATIONAL, history=history))
    assert outcomes(VOCATIONAL, CERTIFICATE, history=history) == [("posted", ["ALREADY_POSTED"])] * 2
    late = start(VOCATIONAL, date(2020, 4, 2))
    assert outcomes(late, history=posted([CERTIFICATE])) == [("rejected", ["REPEAT_TRAINING"])]  # began after the date


def test_the_own_event_keeps_its_year_and_is_not_one_more() -> None:
    own = replace(CERTIFICATE, certificate_date=date(2021, 1, 15))
    training = start(VOCATIONAL, date(2020, 12, 1))
    history = posted([own], [training])
    three = [replace(start(VOCATIONAL, date(2020, 1, day)), occupation=f"工种{day}") for day in (1, 2, 3)]
    assert [status for status, _ in outcomes(*three, history=history)] == ["approved"] * 3  # its place is one of 2021
    full = posted([own], three)
    assert outcomes(training, history=full) == [("rejected", ["ANNUAL_LIMIT"])]  # 3.4: its own year is another and full


def test_what_is_in_the_ledger_comes_first_whatever_its_date() -> None:
    history = posted([replace(start(VOCATIONAL, date(2020, 12, day)), occupation=f"工种{day}") for day in (1, 2, 3)])
    assert outcomes(VOCATIONAL, history=history) == [("rejected", ["ANNUAL_LIMIT"])]  # 3.1
