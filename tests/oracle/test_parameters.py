"""Each default reading of section 6 is a parameter that changes the oracle's outcome as its row of the table says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from .plain import DEFAULT_POLICY, Row
from .test_plain import ALLOWANCE, CERTIFICATE, ENTERPRISE, TECHNICIAN, VOCATIONAL, one, outcomes, run, start


def _trainings(*days: date) -> list[Row]:
    return [replace(start(VOCATIONAL, day), occupation=f"工种{index}") for index, day in enumerate(days)]


def test_q1_more_training_types_can_be_listed() -> None:
    row = replace(ENTERPRISE, training_type="岗位提升")
    assert one(row).codes == ["NOT_ELIGIBLE"]
    assert one(row, policy={"training_types": ("岗前培训", "岗位提升")}).status == "approved"


def test_q2_the_cap_may_count_for_the_year_or_for_life() -> None:
    rows = _trainings(date(2020, 1, 1), date(2020, 2, 1), date(2021, 2, 1))
    for scope, last_entitled in (("training", 1000_00), ("year", 1000_00), ("life", 0)):
        lines = run(*rows, policy={"cap_scope": scope})
        assert lines[1].approved == (800_00 if scope == "training" else 200_00)  # 800 of 1000 are gone
        assert lines[2].entitled == last_entitled


def test_q3_the_categories_are_listed() -> None:
    assert one(VOCATIONAL, policy={"categories": ("退役军人",)}).codes == ["NOT_ELIGIBLE"]


def test_q4_days_may_be_the_calendars() -> None:
    row = replace(ALLOWANCE, attended_days=4)
    assert one(row, policy={"day_basis": "calendar"}).approved == 150_00


def test_q5_more_families_may_be_for_graduates_only() -> None:
    assert one(ALLOWANCE, policy={"graduate_only_for": ("零就业家庭", "城乡低保家庭")}).codes == ["NOT_ELIGIBLE"]


def test_q6_a_figure_put_in_by_the_bureau_pays_from_its_date() -> None:
    figures = {**DEFAULT_POLICY["figures"], ("certificate", "中级工"): [(date(2020, 4, 1), 450_00)]}
    middle = replace(CERTIFICATE, level="中级工")
    assert one(middle, policy={"figures": figures}).approved == 450_00
    before = replace(middle, certificate_date=date(2020, 3, 31))  # Q10: the certificate's date counts
    assert one(before, policy={"figures": figures}).codes == ["NO_STANDARD"]


def test_q7_the_year_may_be_that_of_the_end() -> None:
    rows = _trainings(date(2020, 1, 1), date(2020, 1, 2), date(2020, 1, 3), date(2020, 12, 31))
    rows[3] = replace(rows[3], end_date=date(2021, 1, 5))
    assert outcomes(*rows)[3][0] == "rejected"
    assert outcomes(*rows, policy={"year_of": "end"})[3][0] == "approved"


def test_q8_yearly_safety_training_may_be_allowed() -> None:
    safety = replace(ENTERPRISE, training_type="安全培训")
    again = start(safety, date(2021, 3, 1))
    assert outcomes(safety, again)[1][1] == ["REPEAT_TRAINING"]
    assert outcomes(safety, again, policy={"repeat_without_level": "type_and_year"})[1][0] == "approved"
    same_year = start(safety, date(2020, 9, 1))
    assert outcomes(safety, same_year, policy={"repeat_without_level": "type_and_year"})[1][0] == "rejected"
    assert outcomes(safety, same_year, policy={"repeat_without_level": "ignore"})[1][0] == "approved"


def test_q9_the_fourth_may_be_held() -> None:
    rows = _trainings(*[date(2020, month, 1) for month in (1, 2, 3, 4)])
    assert outcomes(*rows, policy={"over_limit": "hold"})[3] == ("held", ["ANNUAL_LIMIT"])


def test_q11_the_category_may_imply_nothing() -> None:
    row = replace(ALLOWANCE, hardship=None, category="贫困劳动力")
    assert one(row, policy={"category_implies": {}}).codes == ["NOT_ELIGIBLE"]


def test_q12_a_lower_level_after_a_higher_one_may_be_barred() -> None:
    higher = replace(VOCATIONAL, level="高级工", certificate_no="Z1", certificate_date=date(2020, 3, 20))
    lower = start(VOCATIONAL, date(2020, 9, 1))
    for reading, status in (("allow", "approved"), ("hold", "held"), ("reject", "rejected")):
        assert outcomes(higher, lower, policy={"lower_after_higher": reading})[1][0] == status


def test_q13_more_certificates_may_pay_the_technician() -> None:
    row = replace(TECHNICIAN, certificate_type="技能等级证书")
    both = ("职业资格证书", "职业技能等级证书")
    assert one(row).status == "held"
    assert one(row, policy={"technician_certificates": both}).status == "approved"
