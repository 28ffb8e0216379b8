"""What can be wrong with an employer's training funds: each kind of finding with its words, and the columns' names."""

from __future__ import annotations

from trainingcli.cell_findings import CellFinding, FindingKind, TableRow
from trainingcli.language import Text

CLAUSE = "二(二)2"

LABELS = {
    "enterprise": Text("企业名称", "enterprise"),
    "credit_code": Text("统一社会信用代码", "credit code"),
    "year": Text("年度", "year"),
    "wages": Text("工资薪金总额(税收金额)", "wages (for tax)"),
    "booked": Text("教育经费账载金额", "training funds booked"),
    "spent": Text("教育经费实际发生额", "training funds spent"),
    "full": Text("全额扣除的培训费用", "training costs deductible in full"),
    "frontline": Text("一线职工培训支出", "spent on front-line staff"),
    "mentoring": Text("师带徒津贴", "mentoring allowances"),
    "brought": Text("以前年度结转", "brought forward"),
}

_ENTER_THE_SUM = Text(
    "请按账册填写0或以上的金额（元，最多两位小数）。",
    "Enter a sum of 0 or more from the books (yuan, two decimals at most).",
)

MISSING_FIELD = FindingKind(
    "MISSING_FIELD", "error", CLAUSE,
    Text("{field}未填写，没有它无法测算。", "{field} is empty, and nothing can be worked out without it."),
    Text("请企业补填该项后重新报送。", "The enterprise fills it in and sends the workbook again."),
)  # fmt: skip
BAD_AMOUNT = FindingKind(
    "BAD_AMOUNT", "error", CLAUSE,
    Text("{field}{quoted}：{detail}。", "{field}{quoted}: {detail}."), _ENTER_THE_SUM,
)  # fmt: skip
FULL_ABOVE_SPENT = FindingKind(
    "BAD_AMOUNT", "error", CLAUSE,
    Text("{field}“{value}”大于教育经费实际发生额。", "{field} '{value}' is more than what was spent."), _ENTER_THE_SUM,
)  # fmt: skip
FRONTLINE_ABOVE_SPENT = FindingKind(
    "BAD_AMOUNT", "error", CLAUSE,
    Text(
        "一线职工培训支出与师带徒津贴之和，大于实际发生额减去全额扣除的部分；只是不算一线占比，其余照算。",
        "Front-line spending and mentoring are more than was spent under the rule; only the share is left out.",
    ),
    _ENTER_THE_SUM,
)  # fmt: skip
UNREADABLE = FindingKind.unreadable(CLAUSE, MISSING_FIELD.remedy)
BAD_NUMBER = FindingKind(
    "BAD_NUMBER", "error", CLAUSE,
    Text("{field}“{value}”不是一个年份。", "{field} '{value}' is no year."),
    Text("请填写四位数的年份，例如2020。", "Enter the year in four digits, such as 2020."),
)  # fmt: skip
NO_STANDARD = FindingKind(
    "NO_STANDARD", "error", CLAUSE,
    Text("{value}年12月31日没有施行的扣除比例。", "No rate was in force on 31 December {value}."),
    Text(
        "请核对年度；该年度确有规定的，把比例和起始日期写入政策文件。",
        "Check the year; where it had a rate, put it with its date into the policy file.",
    ),
)  # fmt: skip
YEAR_TWICE = FindingKind.declared("YEAR_TWICE", "error")
YEAR_MISSING = FindingKind.declared("YEAR_MISSING", "error")
CARRY_FORWARD_DIFFERS = FindingKind.declared("CARRY_FORWARD_DIFFERS", "warning")
FRONTLINE_LOW = FindingKind.declared("FRONTLINE_LOW", "warning")
CREDIT_CODE = FindingKind.declared("CREDIT_CODE", "warning")


def found(kind: FindingKind, row: TableRow, key: str, detail: object = "") -> CellFinding:
    """Return a finding at the column `key` of a row."""
    return kind.at(row, key, LABELS[key], detail)
