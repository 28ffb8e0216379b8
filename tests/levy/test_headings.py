"""Which headings are the contract's keys of training funds, and what the policy's figures change."""

from __future__ import annotations

import pytest

from support.declared import read_rows
from support.overlays import overlay
from trainingcli.levy.enterprises import work_out
from trainingcli.levy.fund_row import FundRow
from trainingcli.policy import load_policy

ROW = {"企业名称": "甲公司", "年度": 2020, "实际发生额": 9000.0}


def values(headings, cells, above=()):
    grid = [[text] for text in above] + [headings, cells]
    return read_rows("levy", "levy", FundRow, {"经费": grid})[0].values


@pytest.mark.parametrize(
    "heading", ["工资薪金总额", "工资薪金税收金额", "工资薪金总额（税收金额）", "工资薪金总额(元)"]
)
def test_wages_are_those_for_tax(heading):
    assert values([*ROW, heading], [*ROW.values(), 100000])["wages"] == 10_000_000


@pytest.mark.parametrize(
    "heading",
    ["工资薪金总额(账载金额)", "工资薪金账载金额", "工资薪金计提", "工资薪金总额(计提)", "工资薪金总额(账载金额，元)"],
)
def test_wages_are_never_those_of_the_books(heading):
    assert "wages" not in values([*ROW, heading], [*ROW.values(), 100000])


@pytest.mark.parametrize("behind", ["（必填）", "(选填项)", "【可不填】", "（全称）", "（18位）"])
def test_what_only_says_how_to_fill_a_cell_in_hides_no_heading(behind):
    row = {
        f"{heading}{behind}": value for heading, value in (ROW | {"工资薪金总额(税收金额)": 1, "全额扣除": 2}).items()
    }
    assert {*values(list(row), list(row.values()))} == {"enterprise", "year", "spent", "wages", "full"}


@pytest.mark.parametrize(
    ("above", "heading", "fen"),
    [
        ("单位：万元", "工资薪金总额", 10_000_000),
        ("单位：万元", "工资薪金总额(元)", 1_000),
        ("", "工资薪金总额(万元)", 10_000_000),
        ("", "工资薪金总额（税收金额，万元）", 10_000_000),
        ("", "工资薪金总额（税收金额；单位：元）", 1_000),
        ("单位：万元", "工资薪金总额（税收金额、元）（必填）", 1_000),
    ],
)
def test_a_unit_counts_once_the_nearest(above, heading, fen):
    assert values([*ROW, heading], [*ROW.values(), 10], [above or "经费表"])["wages"] == fen


def test_the_rate_and_the_share_are_the_policys_dated_figures():
    figure = {"number": 2, "source": "试验"}
    policy = overlay(
        {
            "quantities": {
                "levy_deductible_percent": {"values": [{"from": "2020-12-31", **figure}]},
                "levy_frontline_percent": {"values": [{"from": "2020-12-31", **figure}]},
            }
        }
    )
    grid = [[*ROW, "工资薪金总额", "一线职工支出"], [*ROW.values(), 100000, 180]]
    rows = read_rows("levy", "levy", FundRow, {"经费": grid})
    year = work_out(rows, policy).enterprises[0].years[0]
    assert year.figures.limit == 200_000, "2 % from 31 December on"
    assert year.findings == [], "exactly 2 % is enough"
    assert [found.code for found in work_out(rows, load_policy()).all_findings()] == ["FRONTLINE_LOW"]
