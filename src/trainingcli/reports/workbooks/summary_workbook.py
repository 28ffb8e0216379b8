"""The summary workbook (汇总.xlsx) of a run: programmes, funds, institutions, reasons, largest differences, inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli import language
from trainingcli.coded_columns import distinct_rows, sums_of
from trainingcli.facts import EFFECTS, STATUS_WORDS
from trainingcli.language import Text, tr
from trainingcli.masking import mask_id, mask_name
from trainingcli.reports.data.reason_words import remedies, titles
from trainingcli.reports.data.text_columns import replaced
from trainingcli.reports.data.totals import Total, reason_totals, total_of, totals_by, with_people
from trainingcli.reports.workbooks.about_page import add_about_page
from trainingcli.reports.workbooks.claim_parts import names_of_files
from trainingcli.reports.workbooks.context import Context
from trainingcli.reports.workbooks.flags_page import FlagRow, flags_page
from trainingcli.reports.workbooks.inputs_page import inputs_page
from trainingcli.reports.workbooks.style import Book, Page, TableColumn
from trainingcli.reports.workbooks.summary_charts import BLUE, GREY, RED, Charted, draw_charts

_LARGEST = 50
_LISTED = 15
_CHARTED = 10  # bars that can be told apart on a quarter of a page


class SummaryTask(NamedTuple):
    """The summary to write: all lines with the institution each belongs to (`belongs`), and all reasons.

    `institutions`: those that have a claim workbook. `flags`: for the bureau, which alone gets this workbook; `links`:
    input → its path from this workbook's folder.
    """

    lines: pa.Table
    reasons: pa.Table
    institutions: list[str]
    context: Context
    flags: Sequence[FlagRow] = ()
    links: Mapping[str, str] = {}


def write_summary_workbook(task: SummaryTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file."""
    language.use(task.context.language)
    task = task._replace(lines=with_people(task.lines))
    book = Book(tr("培训补贴核定汇总", "Training subsidies: summary"), task.context.today)
    institutions = _institution_totals(task)
    overview, charts_page = book.page(tr("总览", "Overview")), book.page(tr("图表", "Charts"))
    charts = _overview_page(overview, task, institutions)
    _institutions_page(book.page(tr("机构与项目", "Institutions")), task, institutions)
    charts.append(_reasons_page(book.page(tr("原因", "Reasons")), task))
    draw_charts(book, charts_page, charts, total_of(task.lines))
    _differences_page(book.page(tr("差额最大", "Largest differences")), task)
    if task.flags:
        flags_page(book.page(tr("疑点", "Flags")), task.flags, task.links)
    inputs_page(book.page(tr("输入", "Inputs")), task.context.inputs)
    if task.context.supplied:
        from trainingcli.reports.workbooks.comparison_page import add_unusable_page

        add_unusable_page(book, task.context.supplied)
    every_line = [(tr("全部", "All lines"), total_of(task.lines))]
    add_about_page(book, task.context.with_inputs([]), task.lines, task.reasons, every_line)
    book.save(target, "summary")


def _institution_totals(task: SummaryTask) -> list[Total]:
    return sorted(
        totals_by(task.lines, "belongs", dict.fromkeys(task.institutions)),
        key=lambda total: (-total.approved, total.key or ""),
    )


# ---- 总览

_OVERVIEW = (
    (Text("", ""), 24), (Text("人数", "People"), 9), (Text("笔数", "Lines"), 9), (Text("申报金额", "Claimed"), 15),
    (Text("核定金额", "Approved"), 15), (Text("差额", "Difference"), 15), (Text("核定", "Approved lines"), 9),
    (Text("核减", "Reduced lines"), 9), (Text("待核", "Held lines"), 9), (Text("不予补贴", "Rejected lines"), 9),
    (Text("已入账", "Posted lines"), 9),
)  # fmt: skip
_OVERVIEW_STYLES = ("wrap", "count", "count", "money", "money", "money", *["count"] * 5)


def _overview_page(page: Page, task: SummaryTask, institutions: list[Total]) -> list[Charted]:
    context = task.context
    page.widths([width for _, width in _OVERVIEW])
    page.title(tr("职业技能提升培训补贴核定总览", "Training subsidies settled"), len(_OVERVIEW))
    page.line(tr(f"核定日期：{context.today}　　机构 {len(institutions)} 个　　金额单位：元",
                 f"Settled on {context.today}; {len(institutions)} institutions; amounts in yuan"),
              len(_OVERVIEW))  # fmt: skip
    programmes = [total for total in totals_by(task.lines, "programme", context.programmes) if total.lines]
    page.section(tr("按补贴项目", "By programme"))
    whole = total_of(task.lines)
    rows = _totals_table(page, Text("补贴项目", "Programme"), programmes, context.programme_name, whole)
    page.section(tr("申报金额的去向", "What became of the amount claimed"))
    went = _where_it_went(page, whole)
    page.section(tr("按资金来源", "By fund"))
    funds = totals_by(task.lines, "fund", dict.fromkeys(item.fund for item in context.programmes.values()))
    _totals_table(page, Text("资金来源", "Fund"), funds, lambda key: key or tr("未定", "None"), None)
    page.section(tr("核定金额最多的机构", "Institutions with the most approved"))
    top = _totals_table(page, Text("机构", "Institution"), institutions[:_LISTED], lambda key: key or "", None)
    page.sheet.print_area(0, 0, page.row, len(_OVERVIEW) - 1)
    claimed = tr("各项目申报与核定金额（元）", "Claimed and approved by programme (yuan)")
    most = tr("核定金额最多的机构（元）", "Institutions with the most approved (yuan)")
    return [
        Charted(page, tr("申报金额的去向（元）", "What became of the amount claimed (yuan)"), went, (3,), (BLUE,)),
        Charted(page, claimed, rows, (3, 4), (GREY, BLUE)),
        Charted(page, most, top[:_CHARTED], (4,), (BLUE,)),
    ]


def _where_it_went(page: Page, whole: Total) -> range:
    """The amount claimed in its parts, which add up to it."""
    parts = (
        (tr("核定", "Approved"), whole.approved - whole.unclaimed), (tr("不予和核减", "Refused, reduced"), "refused"),
        (tr("待核", "Held"), "held"), (tr("以前已付", "Paid before"), "paid"),
    )  # fmt: skip
    amount = 3  # the column that is wide enough
    for column, heading in ((0, Text("去向", "Part")), (amount, Text("金额", "Yuan"))):
        page.span(page.row, column, max(column, amount - 1), str(heading), "head")
    first = page.row + 1
    rows = [(name, whole.parts[part] if isinstance(part, str) else part) for name, part in parts]
    for page.row, (name, fen) in enumerate([*rows, (tr("申报合计", "Claimed"), whole.claimed)], first):
        page.span(page.row, 0, amount - 1, name, "wrap")
        page.cell(page.row, amount, fen, "money", total=page.row == first + len(rows))
    page.row += 1
    return range(first, first + len(rows))


def _totals_table(page: Page, first: Text, totals: list[Total], name: Any, whole: Total | None) -> range:
    headings = [first, *[heading for heading, _ in _OVERVIEW[1:]]]
    rows = page.short_table(headings, [[name(total.key), *_figures(total)] for total in totals], _OVERVIEW_STYLES)
    if whole is not None:
        page.cells(page.row, [tr("合计", "Total"), *_figures(whole)], _OVERVIEW_STYLES, total=True)
        page.row += 1
    return rows


def _figures(total: Total) -> list[object]:
    counts = [total.statuses[status] for status in STATUS_WORDS]
    return [total.people, total.lines, total.claimed, total.approved, total.difference, *counts]


# ---- 机构与项目


def _institutions_page(page: Page, task: SummaryTask, institutions: list[Total]) -> None:
    programmes = list(task.context.programmes)
    columns = 7 + len(programmes)
    page.title(tr("机构与补贴项目核定金额", "Approved by institution and programme"), columns)
    keys = [total.key for total in institutions]
    cross = _cross(task.lines, keys, programmes)

    def counts(name: str) -> Any:
        return pa.array([total.statuses[name] for total in institutions], pa.int64())

    def column(values: list[int]) -> Any:
        return pa.array(values, pa.int64())

    page.long_table(
        [
            TableColumn(Text("机构", "Institution"), pa.array(keys, pa.string()), "wrap", 16, 34),
            TableColumn(Text("人数", "People"), column([total.people for total in institutions]), "count"),
            TableColumn(Text("笔数", "Lines"), column([total.lines for total in institutions]), "count"),
            TableColumn(
                Text("申报金额", "Claimed"), column([total.claimed for total in institutions]), "money", 12, 15
            ),
            *[
                TableColumn(task.context.programmes[code].name, column(cross[:, place].tolist()), "share", 9, 15)
                for place, code in enumerate(programmes)
            ],
            TableColumn(
                Text("核定合计", "Approved"), column([total.approved for total in institutions]), "money", 12, 15
            ),
            TableColumn(Text("待核笔数", "Held lines"), counts("held"), "count"),
            TableColumn(Text("不予补贴笔数", "Rejected lines"), counts("rejected"), "count", 8),
        ],
        frozen=1,
    )
    whole = total_of(task.lines)
    refused = (whole.statuses["held"], whole.statuses["rejected"])
    by_programme = [int(fen) for fen in cross.sum(axis=0)]
    values = [tr("合计", "Total"), whole.people, whole.lines, whole.claimed, *by_programme, whole.approved, *refused]
    styles = ("wrap", "count", "count", "money", *["share"] * len(programmes), "money", "count", "count")
    page.cells(page.row, values, styles, total=True)


def _cross(lines: pa.Table, keys: list[str | None], programmes: list[str]) -> Any:
    """Approved fen of each institution (row) and programme (column)."""
    kinds, which = distinct_rows(lines, ["belongs", "programme"])
    sums = sums_of(which, lines["approved"].to_numpy(), kinds.num_rows)
    rows, columns = (
        {key: place for place, key in enumerate(keys)},
        {code: place for place, code in enumerate(programmes)},
    )
    cross = np.zeros((len(keys), len(programmes)), dtype=np.int64)
    for kind, fen in zip(kinds.to_pylist(), sums, strict=True):
        if kind["programme"] in columns:
            cross[rows[kind["belongs"]], columns[kind["programme"]]] = fen
    return cross


# ---- 原因


def _reasons_page(page: Page, task: SummaryTask) -> Charted:
    page.widths((28, 10, 8, 15, 66, 26))
    page.title(tr("原因统计", "Reasons"), 6)
    page.line(tr("金额：带有该原因的各笔，申报金额（未申报的为应补金额）减核定金额。一笔有几条原因的，各计一次。",
                 "Amount: claimed (else entitled) less approved of the lines with the reason; a line counts for each."),
              6)  # fmt: skip
    rows = page.short_table(
        (
            Text("原因", "Reason"), Text("结果", "Effect"), Text("笔数", "Lines"),
            Text("未付金额(元)", "Not paid (yuan)"), Text("怎么办", "What to do"), Text("原因代码", "Code"),
        ),
        sorted(reason_rows(task), key=_unpaid, reverse=True), ("wrap", "middle", "count", "money", "wrap", "text"),
    )  # fmt: skip
    page.sheet.repeat_rows(0, rows.start - 1)
    page.sheet.freeze_panes(rows.start, 0)
    charted = range(rows.start, min(rows.stop, rows.start + _CHARTED))
    title = tr("未付金额的主要原因（元）", "Main reasons for what is not paid (yuan)")
    return Charted(page, title, charted, (3,), (RED,))


def _unpaid(row: Sequence[object]) -> tuple[int, int]:
    """The most yuan first, then the most lines."""
    lines, unpaid = row[2:4]
    assert isinstance(lines, int)
    assert isinstance(unpaid, int)
    return unpaid, lines


def reason_rows(task: SummaryTask) -> list[list[object]]:
    """Return each reason's title, effect, lines, fen not paid, remedy and code; worst first, then the most frequent."""
    found = reason_totals(task.lines, task.reasons)
    codes = [item.code for item in found]
    names, what_to_do = titles(codes), remedies(codes)
    return [
        [names[item.code], str(EFFECTS[item.severity]), item.lines, item.unpaid, what_to_do[item.code], item.code]
        for item in found
    ]


# ---- 差额最大


def _differences_page(page: Page, task: SummaryTask) -> None:
    """The lines with the largest differences between claimed and approved; masked, for this workbook goes round."""
    lines = task.lines
    differences = pc.subtract(lines["claimed"], lines["approved"])
    largest = pc.select_k_unstable(
        pa.table({"difference": pc.fill_null(differences, 0), "line": pa.array(np.arange(lines.num_rows))}),
        k=_LARGEST, sort_keys=[("difference", "descending"), ("line", "ascending")],
    )  # fmt: skip
    kept = largest.filter(pc.greater(pc.take(differences, largest), 0))
    top = lines.take(kept)
    names = {code: str(item.name) for code, item in task.context.programmes.items()}
    statuses = {code: str(word) for code, word in STATUS_WORDS.items()}
    page.title(tr("申报与核定差额最大的各笔", "Largest differences between claimed and approved"), 11)
    page.long_table(
        [
            TableColumn(Text("机构", "Institution"), top["belongs"], "wrap", 16, 30),
            TableColumn(Text("补贴项目", "Programme"), replaced(top["programme"], names), "wrap", 12, 20),
            TableColumn(Text("姓名", "Name"), mask_name(top["name"]), "middle", 8, 14),
            TableColumn(Text("身份证号", "ID number"), mask_id(top["id_number"]), "middle", 18, 20),
            TableColumn(Text("申报金额", "Claimed"), top["claimed"], "money", 12, 15),
            TableColumn(Text("核定金额", "Approved"), top["approved"], "money", 12, 15),
            TableColumn(Text("差额", "Difference"), pc.take(differences, kept), "money", 12, 15),
            TableColumn(Text("结果", "Result"), replaced(top["status"], statuses), "middle", 8, 12),
            TableColumn(Text("来源文件", "File"), names_of_files(top["file"]), "wrap", 12, 30),
            TableColumn(Text("工作表", "Sheet"), top["sheet"], "wrap", 8, 16),
            TableColumn(Text("行号", "Row"), top["row"], "number"),
        ],
        frozen=1,
    )
