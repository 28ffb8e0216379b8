"""教学计划审核表.xlsx: the matrix of plans and themes, the lessons with the themes they carry, findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

import pyarrow as pa

from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text, tr
from trainingcli.masking import mask_numbers
from trainingcli.plans.plan_checks import MISSING, CheckedPlan, CheckedSet, ThemeHours, plain
from trainingcli.plans.themes import STATED, Themes
from trainingcli.policy import Policy
from trainingcli.reports.workbooks.checked_pages import findings_page, sources_page
from trainingcli.reports.workbooks.style import Book, Page, TableColumn

NAME = "教学计划审核表"
ABSENT = Text("缺", "none")
_RED, _GREEN = {"bg_color": "#F8D7D3", "font_color": "#9C2B1B"}, {"bg_color": "#E3F0E3"}
_PARAMETERS = ("themes", "theme_words", "min_experts", "hours_a_day")


@dataclass(frozen=True)
class PlansTask:
    """The workbook to write."""

    checked: CheckedSet
    inputs: Sequence[InputFile]
    policy: Policy
    today: str


def write_plans_workbook(task: PlansTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file, stamped as this program's."""
    book = Book(tr("教学计划审核表", "Course plans reviewed"), task.today)
    themes = Themes.of(task.policy)
    _matrix(book, book.page(tr("审核表", "Review")), task, themes)
    _lessons(book.page(tr("课程", "Lessons")), task, themes)
    findings_page(book, task.checked.all_findings())
    entries = [entry for entry in task.policy.all_readings if entry.parameter in _PARAMETERS]
    said = [Text(f"{entry.clause}：{entry.text.zh}", f"{entry.clause}: {entry.text.en}") for entry in entries]
    sources_page(book, task.policy, task.inputs, said)
    book.save(target, "plans")


def theme_cell(theme: ThemeHours) -> str:
    """Return what a matrix shows of a theme: hours of lessons that name it, in brackets where only words say it."""
    if theme.how == MISSING:
        return str(ABSENT)
    return str(plain(theme.hours)) if theme.how == STATED else f"({plain(theme.hours)})"


def _matrix(book: Book, page: Page, task: PlansTask, themes: Themes) -> None:
    plans = task.checked.plans
    width = 11 + len(themes.names)
    page.title(tr("教学计划审核表", "Course plans reviewed"), width - 1)  # as many as are printed
    page.line(
        tr(
            f"审核日期：{task.today}　　计划 {len(plans)} 份　　主题各列为课时，由内容用语认出的加括号",
            f"{task.today}; {len(plans)} plans; hours by theme: as named by lessons, in brackets where words say it",
        ),
        width,
    )
    rows = [plan.plan.row for plan in plans]
    texts = (
        ("plan", Text("计划编号", "Plan"), "middle", 10), ("institution", Text("培训机构", "Institution"), "wrap", 20),
        ("occupation", Text("职业(工种)", "Occupation"), "wrap", 12), ("level", Text("等级", "Level"), "middle", 8),
    )  # fmt: skip
    hours = (
        ("hours", Text("总课时", "Hours")), ("theory", Text("理论", "Theory")), ("practice", Text("实操", "Practice"))
    )  # fmt: skip
    head = page.row
    page.long_table(
        [
            *(TableColumn(name, _texts(row.written.get(key) for row in rows), style, most=most)
              for key, name, style, most in texts),
            *(TableColumn(name, _texts(_hours(row.get(key)) for row in rows), "middle", most=6) for key, name in hours),
            *(TableColumn(Text(name, name), _texts(theme_cell(plan.themes[name]) for plan in plans), "middle", 6, 6)
              for name in themes.names),
            TableColumn(
                Text("审核结论", "Review"), _texts(row.written.get("conclusion") for row in rows), "middle", 6, 7
            ),
            TableColumn(Text("错误", "Errors"), _counts(plans, is_error=True), "number"),
            TableColumn(Text("提示", "Warnings"), _counts(plans, is_error=False), "number"),
            TableColumn(Text("问题", "Findings"), _texts(_said(plan) for plan in plans), "wrap", 20, 60),
        ],
        frozen=2,
        printed=width - 1,
    )  # fmt: skip
    first = len(texts) + len(hours)
    area = (head + 1, first, head + max(len(plans), 1), first + len(themes.names) - 1)
    red, green = book.workbook.add_format(_RED), book.workbook.add_format(_GREEN)
    is_absent = {"type": "cell", "criteria": "==", "value": f'"{ABSENT}"', "format": red, "stop_if_true": True}
    page.sheet.conditional_format(*area, is_absent)
    page.sheet.conditional_format(*area, {"type": "no_blanks", "format": green})


def _counts(plans: Sequence[CheckedPlan], *, is_error: bool) -> Any:
    return pa.array([sum(found.is_error is is_error for found in plan.findings) for plan in plans], pa.int64())


def _said(plan: CheckedPlan) -> str:
    return mask_numbers("；".join(dict.fromkeys(str(found.message).rstrip("。") for found in plan.findings)))


def _hours(hours: Decimal | None) -> str | None:
    return None if hours is None else str(plain(hours))


def _texts(values: Any) -> Any:
    return pa.array(list(values), pa.string())


def _lessons(page: Page, task: PlansTask, themes: Themes) -> None:
    """Each lesson with the themes that it carries, so that a reviewer sees what was taken for what."""
    lessons = [(plan.plan.row, lesson) for plan in task.checked.plans for lesson in plan.plan.lessons]
    page.title(tr("课程与主题", "Lessons and themes"), 8)
    columns = (
        (Text("计划编号", "Plan"), [row.written.get("plan") for row, _ in lessons], "middle", 12),
        (Text("模块", "Module"), [lesson.written.get("module") for _, lesson in lessons], "wrap", 24),
        (Text("授课内容", "Content"), [lesson.written.get("content") for _, lesson in lessons], "wrap", 44),
        (Text("课时", "Hours"), [lesson.written.get("lesson_hours") for _, lesson in lessons], "middle", 8),
        (Text("形式", "Form"), [lesson.written.get("form") for _, lesson in lessons], "middle", 8),
        (Text("写明的主题", "Themes named"), [lesson.written.get("themes") for _, lesson in lessons], "wrap", 24),
        (Text("计入的主题", "Themes counted"), ["、".join(themes.of_lesson(lesson)[1]) for _, lesson in lessons],
         "wrap", 30),
        (Text("授课教师", "Teacher"), [lesson.written.get("teacher") for _, lesson in lessons], "middle", 12),
    )  # fmt: skip
    page.long_table(
        [TableColumn(heading, _texts(values), style, most=most) for heading, values, style, most in columns], frozen=1
    )
