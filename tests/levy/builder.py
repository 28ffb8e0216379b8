"""Rows of training funds as people write them (heading → value), and what the program makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from support.declared import read_rows
from trainingcli.levy.enterprises import Levy, work_out
from trainingcli.levy.fund_row import FundRow
from trainingcli.policy import load_policy

HEADINGS = {
    "enterprise": "企业名称",
    "credit_code": "统一社会信用代码",
    "year": "年度",
    "wages": "工资薪金总额(税收金额)",
    "booked": "教育经费账载金额",
    "spent": "教育经费实际发生额",
    "full": "全额扣除的培训费用",
    "frontline": "一线职工培训支出",
    "mentoring": "师带徒津贴",
    "brought": "以前年度结转",
}


def funds(rows: Iterable[Mapping[str, Any]]) -> Levy:
    """Work out rows of key → what is written, from a workbook with every column."""
    grid = [list(HEADINGS.values()), *([row.get(key) for key in HEADINGS] for row in rows)]
    return work_out(read_rows("levy", "levy", FundRow, {"经费": grid}), load_policy())
