"""The use of funds on a terminal and in 资金使用情况.xlsx: accounts, lists, charts, the finance office's form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from trainingcli.language import Text, tr
from trainingcli.masking import mask_numbers
from trainingcli.policy import Policy
from trainingcli.reports.workbooks.style import Book, Page
from trainingcli.result import Block, Column, Listing, Prose, Table, columns
from trainingcli.views.funds import LISTS, FundAccount, Funds
from trainingcli.views.paid_groups import PaidOfKey
from trainingcli.views.words import UNSTATED, programme_words

SCHEMA = "trainingcli.funds/1"
NAME = "资金使用情况"
FUNDS = Listing(
    "funds",
    columns("""
    fund          资金来源    text     Fund
    year          年度        code     Year
    budget        预算        yuan     Budget
    opening       期初已用    yuan     Opening
    paid          入账        yuan     Paid
    reversed      冲销        yuan     Reversed
    closing       执行数      yuan     Used
    left          结余        yuan     Left
    used_percent  执行率(%)   percent  Used (%)
    """),
)
_ON_SCREEN = ("fund", "year", "budget", "closing", "left", "used_percent")
_SUMS = columns("""
    lines     笔数        count  Lines
    people    人数        count  People
    paid      入账        yuan   Paid
    reversed  冲销        yuan   Reversed
    net       净额        yuan   Net
""")
_MOST = 10  # payees on a screen
_MOST_BARS, _ROWS_A_PAGE = 20, 32  # of a chart that can be read; of a printed page
_BY_HAND = Text("人工填写", "by hand")
_BUDGET, _USED = "#9FB6D1", "#4472A8"


def facts(found: Funds) -> dict[str, Any]:
    """Return the document's keys beside its main list."""
    lists = {name: [{"key": group.key, **group.sums()} for group in groups] for name, groups in found.lists.items()}
    return {
        "period": found.period.shown(), "ledger": found.ledger.shown(), "totals": found.totals.sums(), **lists
    }  # fmt: skip


def screen(found: Funds, policy: Policy) -> Iterator[Block]:
    """Yield accounts, then each list with its totals; of payees the largest."""
    yield Prose(tr(f"资金使用情况（{found.period}，金额单位：元）", f"Use of funds ({found.period}; yuan)"), "bold")
    if found.accounts:
        shown = [each._replace(on_screen=each.key in _ON_SCREEN) for each in FUNDS.columns]
        title = tr("资金（整年：期初 + 入账 − 冲销 = 执行数）", "Funds (whole years: opening + paid − reversed = used)")
        yield Table(shown, [account.shown() for account in found.accounts], title)
    for name, groups in found.lists.items():
        if not groups:
            continue
        heading = LISTS[name][0]
        few = sorted(groups, key=lambda group: -group.net)[:_MOST] if name == "by_payee" else groups
        more = tr(f"（金额最大的 {len(few)} 个，共 {len(groups)} 个）", f" (the {len(few)} largest of {len(groups)})")
        yield Table(
            (Column("key", heading), *_SUMS),
            [{"key": _key(name, group.key, policy), **group.sums()} for group in few],
            tr(f"按{heading.zh}", f"By {heading.en.lower()}") + (more if len(few) < len(groups) else ""),
            {"key": tr("合计", "Total"), **found.totals.sums()},
        )


def _key(name: str, key: Any, policy: Policy) -> str:
    if key is None:
        return str(UNSTATED)
    words = programme_words(policy)
    return str(words[key]) if name == "by_programme" and key in words else str(key)


# ---- 资金使用情况.xlsx


@dataclass(frozen=True)
class FundsTask:
    """The workbook to write. `today`: the day that it says it was made on."""

    found: Funds
    policy: Policy
    today: str


def write_funds_workbook(task: FundsTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file, stamped as this program's."""
    book = Book(tr(NAME, "Use of funds"), task.today)
    _accounts(book, task)
    for name, groups in task.found.lists.items():
        _list(book, name, groups, task)
    _form(book, task)
    book.save(target, "funds")


def _head(page: Page, title: str, width: int, task: FundsTask) -> None:
    page.title(title, width)
    head = task.found.ledger
    period, made = task.found.period, task.today
    page.line(
        tr(f"期间：{period}　　制表日期：{made}　　金额单位：元", f"Period: {period}; made on {made}; yuan"), width
    )
    page.line(
        tr(f"台账：{head.entries} 条，末条 {head.hash}", f"Ledger: {head.entries} entries, head {head.hash}"), width
    )


def _accounts(book: Book, task: FundsTask) -> None:
    page = book.page(tr("资金", "Funds"))
    page.widths((20, 9, *(17,) * 6, 12))
    _head(page, tr("资金使用情况", "Use of funds"), len(FUNDS.columns), task)
    for text in task.found.said:
        page.line(str(text), len(FUNDS.columns), "note")
    accounts = task.found.accounts
    rows = page.short_table(
        [column.heading for column in FUNDS.columns],
        [
            [
                each.fund, each.year, each.budget, each.opening, each.paid, each.reversed, each.closing, each.left,
                _hundredths(each),
            ]
            for each in accounts
        ],
        ("wrap", "number", *("money",) * 7),
    )  # fmt: skip
    if accounts:
        series = [(2, _BUDGET), (6, _USED)]
        _put_chart(book, page, rows, series, tr("预算与执行数（元）", "Budget and used (yuan)"), key_columns=1)
    page.sheet.print_area(0, 0, page.row, len(FUNDS.columns) - 1)


def _hundredths(account: FundAccount) -> int | None:
    """The share used in hundredths of a percent: shown as a sum of fen is."""
    text = account.used_percent
    return None if text is None else int(text.replace(".", ""))


def _list(book: Book, name: str, groups: Sequence[PaidOfKey], task: FundsTask) -> None:
    heading = LISTS[name][0]
    page = book.page(tr(f"按{heading.zh}", f"By {heading.en.lower()}"))
    page.widths((34, 10, 10, 19, 19, 19))
    _head(page, tr(f"资金使用情况：按{heading.zh}", f"Use of funds by {heading.en.lower()}"), 6, task)
    rows = [[mask_numbers(_key(name, group.key, task.policy)), *_figures(group)] for group in groups]
    styles = ("wrap", "count", "count", "money", "money", "money")
    written = page.short_table([heading, *(column.heading for column in _SUMS)], rows, styles)
    page.cells(page.row, [tr("合计", "Total"), *_figures(task.found.totals)], styles, total=True)
    page.row += 1
    if 0 < len(groups) <= _MOST_BARS:
        _put_chart(book, page, written, [(5, _USED)], tr("净额（元）", "Net (yuan)"))
    page.sheet.print_area(0, 0, page.row, 5)


def _figures(group: PaidOfKey) -> list[object]:
    return [group.lines, group.people, group.paid, group.reversed, group.net]


def _put_chart(
    book: Book, page: Page, rows: range, series: Sequence[tuple[int, str]], title: str, key_columns: int = 0
) -> None:
    """Put a chart below the table just written, as high as its bars need; no page of paper ends within it."""
    height = 380 if key_columns else 90 + 30 * len(rows)  # pixels, of which a row takes 20
    chart = _chart(book, page, rows, series, title, key_columns)
    chart.set_size({"width": 900 if key_columns else 720, "height": height})
    taken = -(-height // 20) + 1
    if page.row + taken > _ROWS_A_PAGE:
        page.sheet.set_h_pagebreaks([page.row + 1])
    page.sheet.insert_chart(page.row + 1, 0, chart, {"x_offset": 4, "y_offset": 4})
    page.row += taken + 1


def _chart(book: Book, page: Page, rows: range, series: Sequence[tuple[int, str]], title: str, key_columns: int) -> Any:
    """Return a native chart of some columns of the table just written: bars; columns where a row has several keys."""
    chart = book.workbook.add_chart({"type": "column" if key_columns else "bar"})
    name, first, last = page.sheet.get_name(), rows.start, rows.stop - 1
    for column, colour in series:
        chart.add_series(
            {
                "name": [name, first - 1, column],
                "categories": [name, first, 0, last, key_columns],
                "values": [name, first, column, last, column],
                "fill": {"color": colour},
                "gap": 50,
                "data_labels": {"value": True, "num_format": "#,##0", "font": {"size": 10}},
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 11}, "overlay": False})
    chart.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
    hidden = {"visible": False, "major_gridlines": {"visible": False}}  # each bar has its figure
    names = {"label_position": "low", "num_font": {"size": 10}, "reverse": not key_columns}
    chart.set_x_axis(names if key_columns else hidden)
    chart.set_y_axis(hidden if key_columns else names)
    if not key_columns:  # names at the left, figures at the right
        chart.set_plotarea({"layout": {"x": 0.33, "y": 0.2, "width": 0.5, "height": 0.75}})
    return chart


_FORM = (
    Text("资金来源", "Fund"), Text("年度", "Year"), Text("年初预算数", "Initial budget"),
    Text("全年预算数 A", "Budget A"), Text("执行数 B", "Used B"), Text("执行率 B/A (%)", "B/A (%)"),
    Text("分值", "Points"), Text("得分", "Score"), Text("偏差原因及改进措施", "Why, and what is done"),
)  # fmt: skip


def _or_by_hand(*figures: int | None) -> list[object]:
    return [str(_BY_HAND) if figure is None else figure for figure in figures]


def _form(book: Book, task: FundsTask) -> None:
    """The finance office's layout; what cannot be worked out is left empty and marked."""
    page = book.page(tr("绩效自评表", "Finance form"))
    page.widths((20, 9, 18, 18, 18, 13, 12, 12, 30))
    _head(page, tr("职业技能提升行动资金绩效自评表", "Self-evaluation of the use of funds"), len(_FORM), task)
    by_hand = str(_BY_HAND)
    rows: list[list[object]] = [
        [each.fund, each.year, by_hand, *_or_by_hand(each.budget, each.closing, _hundredths(each)), *[by_hand] * 3]
        for each in task.found.accounts
    ]
    styles = ("wrap", "number", "middle", "money", "money", "money", "middle", "middle", "middle")
    page.short_table(_FORM, rows, styles)
    page.section(tr("产出指标（所选期间）", "Output of the period"))
    totals = task.found.totals
    indicators: list[list[object]] = [
        [tr("支付笔数", "Payments"), tr("笔", "lines"), by_hand, totals.lines],
        [tr("受益人数", "People paid for"), tr("人", "people"), by_hand, totals.people],
    ]
    headings = (
        Text("指标", "Indicator"),
        Text("单位", "Unit"),
        Text("年度指标值", "Planned"),
        Text("实际完成值", "Done"),
    )
    page.short_table(headings, indicators, ("wrap", "middle", "middle", "count"))
    page.row += 1
    note = tr("“人工填写”处本程序无法算出，由填表人填写。", "What is marked 'by hand' this program cannot work out.")
    page.line(note, len(_FORM), "note")
    page.sheet.print_area(0, 0, page.row, len(_FORM) - 1)
