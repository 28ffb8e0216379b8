"""What can be wrong with a course plan: each kind of finding with its words, and the columns' names."""

from __future__ import annotations

from trainingcli.cell_findings import CellFinding, FindingKind, TableRow
from trainingcli.language import Text

REVIEW_CLAUSE, STANDARD_CLAUSE, LISTS_CLAUSE = "三(四)", "三(六)", "三(七)"

LABELS = {
    "plan": Text("计划编号", "plan number"),
    "institution": Text("培训机构", "institution"),
    "occupation": Text("职业(工种)", "occupation"),
    "level": Text("等级", "level"),
    "standard": Text("执行标准", "training standard"),
    "hours": Text("总课时", "total hours"),
    "theory": Text("理论课时", "hours of theory"),
    "practice": Text("实操课时", "hours of practice"),
    "days": Text("培训天数", "training days"),
    "experts": Text("专家", "experts"),
    "reviewed": Text("审核日期", "day of the review"),
    "conclusion": Text("审核结论", "the review's conclusion"),
    "approval": Text("批准文号", "approval number"),
    "module": Text("模块", "module"),
    "content": Text("授课内容", "content"),
    "lesson_hours": Text("课时", "hours"),
    "form": Text("形式", "form"),
    "themes": Text("主题", "themes"),
    "teacher": Text("授课教师", "teacher"),
}

MISSING_FIELD = FindingKind(
    "MISSING_FIELD", "error", STANDARD_CLAUSE,
    Text("{field}未填写。", "{field} is empty."),
    Text("请培训机构补填后重新报送。", "The institution fills it in and sends the plan again."),
)  # fmt: skip
PLAN_NUMBER_MISSING = FindingKind(
    "MISSING_FIELD", "error", STANDARD_CLAUSE,
    Text(
        "一共报送了{detail}份计划，这份没有计划编号，无法对应课程。",
        "{detail} plans were handed in, and this one has no number to match its lessons by.",
    ),
    Text("请给每份计划编号，课程各行填同样的编号。", "Give each plan a number, and put the same one on its lessons."),
)  # fmt: skip
NO_SUCH_PLAN = FindingKind(
    "MISSING_FIELD", "error", STANDARD_CLAUSE,
    Text(
        "计划编号“{value}”没有对应的计划，这一课没有计入任何计划。",
        "The number '{value}' is no plan's; the lesson counts for none.",
    ),
    Text("请补报该计划，或更正课程的计划编号。", "Add the plan, or correct the lesson's number."),
)  # fmt: skip
BAD_NUMBER = FindingKind(
    "BAD_NUMBER", "error", REVIEW_CLAUSE,
    Text("{field}“{value}”不是可以采用的数字。", "{field} '{value}' is no number that can be used."),
    Text(
        "请填写数字：课时最多两位小数，天数为大于0的整数。",
        "Enter a number: hours with two decimals at most, days whole and above 0.",
    ),
)  # fmt: skip
BAD_DATE = FindingKind(
    "BAD_DATE", "error", REVIEW_CLAUSE,
    Text("{field}“{value}”不是完整、有效的日期。", "{field} '{value}' is not a full and valid date."),
    Text("请写成2020-07-01的样式。", "Write it like 2020-07-01."),
)  # fmt: skip
CELL_UNREADABLE = FindingKind.unreadable(
    REVIEW_CLAUSE, Text("请培训机构核对后更正，重新报送。", "The institution corrects it and sends the plan again.")
)
NOT_IN_REGISTER = FindingKind(
    "NOT_IN_REGISTER", "warning", LISTS_CLAUSE,
    Text("{field}“{value}”{detail}。", "{field} '{value}': {detail}."),
    Text("请核对名称，或先办理目录登记。", "Check the name, or have it put on the list first."),
)  # fmt: skip
PLAN_TWICE = FindingKind.declared("PLAN_TWICE", "error")
THEMES_MISSING = FindingKind.declared("THEMES_MISSING", "error")
HOURS_DIFFER = FindingKind.declared("HOURS_DIFFER", "error")
NO_TRAINING_STANDARD = FindingKind.declared("NO_TRAINING_STANDARD", "error")
REVIEW_MISSING = FindingKind.declared("REVIEW_MISSING", "error")
REVIEW_FAILED = FindingKind.declared("REVIEW_FAILED", "error")
UNKNOWN_THEME = FindingKind.declared("UNKNOWN_THEME", "warning")
HOURS_PER_DAY = FindingKind.declared("HOURS_PER_DAY", "warning")
PLAN_UNKNOWN = FindingKind.declared("PLAN_UNKNOWN", "warning")


def found(kind: FindingKind, row: TableRow, key: str, detail: object = "") -> CellFinding:
    """Return a finding at the column `key` of a row."""
    return kind.at(row, key, LABELS[key], detail)
