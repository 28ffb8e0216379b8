"""职工教育经费测算.xlsx: a summary with a chart, every year worked out, the lines of tax form A105050, findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

import pyarrow as pa

from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text, tr
from trainingcli.levy.document import CHAIN, figure
from trainingcli.levy.enterprises import Enterprise, Levy
from trainingcli.levy.year_chain import FundYear
from trainingcli.policy import Policy
from trainingcli.reports.workbooks.checked_pages import findings_page, sources_page
from trainingcli.reports.workbooks.column_chart import column_chart
from trainingcli.reports.workbooks.style import Book, Page, TableColumn

NAME = "职工教育经费测算"
_QUANTITIES = ("levy_deductible_percent", "levy_frontline_percent")
_SPENT, _LIMIT, _DEDUCTED = "#B85C4A", "#9FB6D1", "#4472A8"
FORM_LINES = (
    (1, Text("一、工资薪金支出", "1. Wages")),
    (4, Text("三、职工教育经费支出", "3. Employee education")),
    (5, Text("其中：按税收规定比例扣除的职工教育经费", "of it: deductible up to a rate")),
    (6, Text("按税收规定全额扣除的职工培训费用", "of it: deductible in full")),
)
"""Lines of form A105050 (职工薪酬支出及纳税调整明细表) that speak of training funds: number and name."""


@dataclass(frozen=True)
class LevyTask:
    """The workbook to write."""

    levy: Levy
    inputs: Sequence[InputFile]
    policy: Policy
    today: str

    def years(self) -> list[tuple[Enterprise, FundYear]]:
        """Return every year with its enterprise, in the document's order."""
        return [(each, year) for each in self.levy.enterprises for year in each.years]


def write_levy_workbook(task: LevyTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file, stamped as this program's."""
    book = Book(tr("职工教育经费测算", "Employee education funds"), task.today)
    _summary(book, book.page(tr("汇总", "Summary")), task)
    _years(book.page(tr("逐年测算", "Year by year")), task)
    _form(book.page("A105050"), task)
    findings_page(book, task.levy.all_findings())
    quantities = [task.policy.quantities[code] for code in _QUANTITIES]
    readings = [
        Text(f"{each.number} {each.name.zh}（{each.clause}）：{each.reading.zh}",
             f"{each.number} {each.name.en} ({each.clause}): {each.reading.en}")
        for each in quantities if each.reading is not None
    ]  # fmt: skip
    sources_page(book, task.policy, task.inputs, readings)
    book.save(target, "levy")


# ---- 汇总

_BY_YEAR = (
    Text("年度", "Year"), Text("企业数", "Enterprises"), Text("未能测算", "Not worked out"),
    Text("工资薪金总额", "Wages"), Text("限额", "Limit"), Text("实际发生额", "Spent"), Text("可扣除额", "Deductible"),
    Text("结转以后年度", "Carried forward"), Text("未用限额", "Unused"),
)  # fmt: skip
_YEAR_STYLES = ("number", "count", "count", *["money"] * 6)


def _summary(book: Book, page: Page, task: LevyTask) -> None:
    page.widths((10, 9, 9, 20, 18, 18, 18, 18, 18))
    page.title(tr("职工教育经费税前扣除测算汇总", "Deductible training funds: summary"), len(_BY_YEAR))
    count = len(task.levy.enterprises)
    page.line(tr(f"测算日期：{task.today}　　企业 {count} 家　　金额单位：元",
                 f"Worked out on {task.today}; {count} enterprises; amounts in yuan"), len(_BY_YEAR))  # fmt: skip
    page.line(tr("金额只含能够测算的年度；未能测算的见“问题”。",
                 "Sums are of the years that could be worked out; for the others see the findings."),
              len(_BY_YEAR), "note")  # fmt: skip
    rows = page.short_table(_BY_YEAR, list(_totals(task)), _YEAR_STYLES)
    if rows:
        page.sheet.insert_chart(page.row + 1, 0, _chart(page, rows), {"x_offset": 4, "y_offset": 4})
    page.sheet.print_area(0, 0, page.row + 22, len(_BY_YEAR) - 1)


def _totals(task: LevyTask) -> Iterator[list[object]]:
    by_year: dict[int, list[FundYear]] = defaultdict(list)
    for _, year in task.years():
        by_year[year.year].append(year)
    for number in sorted(by_year):
        sound = [year for year in by_year[number] if year.figures is not None]
        sums: list[object] = [
            sum(year.row.get("wages") for year in sound),
            sum(year.figures.limit for year in sound if year.figures),
            sum(year.row.get("spent") for year in sound),
            *(
                sum(figure(year.figures, key) or 0 for year in sound)
                for key in ("deductible", "carry_forward", "unused")
            ),
        ]
        yield [number, len(by_year[number]), len(by_year[number]) - len(sound), *sums]


def _chart(page: Page, rows: range) -> Any:
    """Limit, spending and what is deductible, side by side for each year."""
    title = tr("限额与支出（元）", "Limit and spending (yuan)")
    return column_chart(page, rows, {4: _LIMIT, 5: _SPENT, 6: _DEDUCTED}, title, (900, 380))


# ---- 逐年测算


def _years(page: Page, task: LevyTask) -> None:
    years = task.years()
    page.title(tr("逐年测算", "Year by year"), 13)
    money = [
        (Text("工资薪金总额", "Wages"), lambda year: year.row.get("wages")),
        (Text("账载金额", "Booked"), lambda year: year.row.get("booked")),
        (Text("实际发生额", "Spent"), lambda year: year.row.get("spent")),
        (Text("全额扣除", "In full"), lambda year: year.row.sum_or_zero("full")),
        *((heading, _of(key)) for heading, key in zip(_CHAIN_HEADINGS, CHAIN, strict=True)),
        (Text("一线占比(%)", "Front-line (%)"), _hundredths),
    ]
    enterprise, credit_code, of_year = _subject(years)
    page.long_table(
        [
            enterprise, of_year,
            *(TableColumn(heading, pa.array([value(year) for _, year in years], pa.int64()), "money", 11, 18)
              for heading, value in money),
            credit_code,
            TableColumn(Text("问题", "Findings"), _texts(_codes(year) for _, year in years), "wrap", 12, 30),
        ],
        frozen=2, printed=2 + len(money),
    )  # fmt: skip


_CHAIN_HEADINGS = (
    Text("以前年度结转", "Carried in"), Text("限额", "Limit"), Text("可扣除额", "Deductible"),
    Text("结转以后年度", "Carried on"), Text("纳税调整", "Adjustment"), Text("未用限额", "Unused"),
)  # fmt: skip


def _of(key: str) -> Any:
    return lambda year: figure(year.figures, key)


def _hundredths(year: FundYear) -> int | None:
    """The front-line share in hundredths of a percent, half up: shown as a sum of fen is."""
    share = year.row.share()
    return None if share is None else (share[0] * 20000 + share[1]) // (2 * share[1])


def _codes(year: FundYear) -> str:
    return "；".join(dict.fromkeys(str(found.message) for found in year.findings))


def _subject(years: Sequence[tuple[Enterprise, FundYear]]) -> list[TableColumn]:
    return [
        TableColumn(Text("企业名称", "Enterprise"), _texts(each.name for each, _ in years), "wrap", 16, 30),
        TableColumn(
            Text("统一社会信用代码", "Credit code"), _texts(each.credit_code for each, _ in years), "middle", 19, 20
        ),
        TableColumn(Text("年度", "Year"), pa.array([year.year for _, year in years], pa.int64()), "number"),
    ]


def _texts(values: Any) -> Any:
    return pa.array(list(values), pa.string())


# ---- A105050


def _form(page: Page, task: LevyTask) -> None:
    """The lines of the form, four a year, its columns 1 to 7 in its order."""
    page.title(tr("职工薪酬支出及纳税调整明细表（A105050）相关行次", "Form A105050: the lines on training funds"), 12)
    years = [(each, year) for each, year in task.years() for _ in FORM_LINES]
    cells = [line for _, year in task.years() for line in form_lines(year, task.policy)]
    headings = (
        Text("账载金额 1", "Booked 1"), Text("实际发生额 2", "Spent 2"), Text("税收规定扣除率(%) 3", "Rate (%) 3"),
        Text("以前年度累计结转扣除额 4", "Carried in 4"), Text("税收金额 5", "For tax 5"),
        Text("纳税调整金额 6", "Adjustment 6"), Text("累计结转以后年度扣除额 7", "Carried on 7"),
    )  # fmt: skip
    count = len(task.years())
    page.long_table(
        [
            *_subject(years),
            TableColumn(Text("行次", "Line"), pa.array([line for line, _ in FORM_LINES] * count, pa.int64()), "number"),
            TableColumn(Text("项目", "Item"), _texts([str(name) for _, name in FORM_LINES] * count), "wrap", 20, 40),
            *(TableColumn(heading, pa.array([line[place] for line in cells], pa.int64()), "money", 11, 18)
              for place, heading in enumerate(headings)),
        ],
        frozen=5,
    )  # fmt: skip


def form_lines(year: FundYear, policy: Policy) -> list[tuple[int | None, ...]]:
    """Return the form's columns 1 to 7 for each of its lines, in fen (the rate in hundredths of a percent).

    What the year's figures do not say stays empty; on line 6 what is deducted in full is booked and spent alike.
    """
    row, found, blank = year.row, year.figures, None
    wages, booked, spent, full = row.get("wages"), row.get("booked"), row.get("spent"), row.sum_or_zero("full")
    lines: list[tuple[int | None, ...]] = [(blank, blank, blank, blank, wages, blank, blank)]
    if found is None or full is None:
        return [*lines, *[(blank,) * 7] * 3]
    percent = (policy.quantity("levy_deductible_percent", year.last_day) or 0) * 100
    own_booked = None if booked is None else booked - full
    in_full = full if booked is not None else None
    whole = (booked, spent, blank, found.carried, found.deductible + full, found.adjustment, found.carry_forward)
    by_rate = (
        own_booked, spent - full, percent, found.carried, found.deductible, found.adjustment, found.carry_forward
    )  # fmt: skip
    return [*lines, whole, by_rate, (in_full, full, 10000, blank, full, 0 if in_full is not None else None, blank)]
