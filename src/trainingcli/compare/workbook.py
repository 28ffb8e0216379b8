"""政策对比.xlsx: what was changed and what it costs, with charts; sums; the lines that changed. The rest is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import pyarrow as pa

from trainingcli.compare import sums
from trainingcli.compare.comparison import Comparison
from trainingcli.compare.document import GAIN_WORDS, GROUP_WORDS, KINDS, NO_LINE, changes, shown_key
from trainingcli.compare.screen import counted
from trainingcli.facts import STATUS_WORDS
from trainingcli.language import Text, tr
from trainingcli.masking import mask_numbers, mask_place
from trainingcli.money import yuan_text
from trainingcli.policy import Policy
from trainingcli.policy.differences import differences
from trainingcli.policy.differences import said as value_said
from trainingcli.reasons import reason
from trainingcli.reports.workbooks.checked_pages import sources_page
from trainingcli.reports.workbooks.column_chart import column_chart
from trainingcli.reports.workbooks.style import Book, Page, TableColumn, sheets_needed

NAME = "政策对比"
_BEFORE, _AFTER, _MORE, _LESS = "#9FB6D1", "#4472A8", "#4472A8", "#B85C4A"
_WIDTHS = (36, 16, 16, 16, 16, 16)
_CODE = len(_WIDTHS)  # the column of keys, for --set, beside the printed page
_MOST_BARS = 10
_CHART_ROWS = 17  # rows that a chart covers
_SUM_HEADINGS = (Text("原核定(元)", "Was (yuan)"), Text("现核定(元)", "Is (yuan)"), Text("差额(元)", "Difference"))


def write_comparison_workbook(comparison: Comparison, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file, stamped as this program's."""
    after = comparison.after.assessment
    book = Book(tr("政策对比", "Policies compared"), after.today)
    summary, details = book.page(tr("概要", "Summary")), book.page(tr("分项合计", "Sums"))
    by_institution = _sums(details, comparison)
    _summary(book, summary, comparison, _largest(details, by_institution) if by_institution else None)
    _changes(book, comparison)
    sources_page(book, comparison.after.policy, after.inputs, _explained(comparison))
    book.save(target, "comparison")


# ---- 概要


def _summary(book: Book, page: Page, comparison: Comparison, institutions: Any) -> None:
    """What differs, sums and statuses; on a printed page of their own the charts."""
    page.sheet.set_portrait()
    page.widths(_WIDTHS)
    page.title(tr("政策对比", "Policies compared"), len(_WIDTHS))
    names = f"{comparison.before.policy.id} → {comparison.after.policy.id}"
    page.line(tr(f"{names}　　试算日期：{comparison.after.assessment.today}　　只试算，不入账",
                 f"{names}; worked out on {comparison.after.assessment.today}; nothing is posted"), 6)  # fmt: skip
    count, changed, direct = (len(comparison.changed), int(comparison.changed.sum()), int(comparison.direct.sum()))
    page.line(
        counted({"lines": count, "changed": changed, "unchanged": count - changed, "direct": direct,
                 "knock_on": changed - direct}), 6,
    )  # fmt: skip
    _parameters(page, comparison)
    page.section(tr("按补贴项目", "By programme"))
    programmes = sums.totals(comparison, "programme")
    rows = page.short_table((GROUP_WORDS["programme"], *_SUM_HEADINGS),
                            [_sum_cells(comparison, "programme", one) for one in programmes],
                            ("text", "money", "money", "money"))  # fmt: skip
    page.cells(page.row, _total_cells(comparison), ("text", "money", "money", "money"), total=True)
    page.row += 1
    _who(page, comparison)
    _statuses(page, comparison)
    page.sheet.set_h_pagebreaks([page.row])
    _put(page, _before_and_after(page, rows))
    if institutions is not None:
        _put(page, institutions)
    page.sheet.print_area(0, 0, page.row, len(_WIDTHS) - 1)


def _parameters(page: Page, comparison: Comparison) -> None:
    page.section(tr("改了什么", "What differs"))
    headings = (Text("项目", "Entry"), Text("条款", "Clause"), Text("原为", "From"), Text("改为", "To"))
    page.headings(page.row, [headings[0], headings[1], headings[2], headings[2], headings[3], headings[3]], 20)
    page.span(page.row, 2, 3, str(headings[2]), "head")
    page.span(page.row, 4, 5, str(headings[3]), "head")
    page.text(page.row, _CODE, tr("代码", "Key"), "head")
    page.row += 1
    for each in differences(comparison.before.policy, comparison.after.policy):
        before, after = value_said(each.before), value_said(each.after)
        page.paragraph(2, 3, max(before, after, key=len))  # gives the row the height that the longer of both needs
        page.text(page.row, 2, before, "wrap")
        page.span(page.row, 4, 5, after, "wrap")
        page.text(page.row, 0, _entry(comparison.after.policy, each.key), "wrap")
        page.text(page.row, _CODE, each.key, "text")
        page.text(page.row, 1, each.clause, "middle")
        page.row += 1


def _entry(policy: Policy, key: str) -> str:
    """Return what a dotted key stands for, in words where the policy has some; else the key."""
    kind, code, *rest = key.split(".")
    if kind == "quantities" and code in policy.quantities:
        return str(policy.quantities[code].name)
    entry = policy.programmes.get(code) or policy.awards.get(code)
    if entry is not None:
        return " ".join([str(entry.name), *(word for word in rest[-1:] if not word.isascii())])
    unclear = [str(reading.plan) for reading in policy.readings() if kind == "parameters" and reading.parameter == code]
    return unclear[0] if unclear else key


def _who(page: Page, comparison: Comparison) -> None:
    page.section(tr("谁增谁减", "Who gains, who loses"))
    headings = [Text("对象", "Who")]
    headings += [Text(f"{word.zh}(人/家)", f"{word.en} (count)") for word in GAIN_WORDS.values()]
    headings += [Text("增加(元)", "Gained (yuan)"), Text("减少(元)", "Lost (yuan)")]
    rows = []
    who = ((tr("人员", "People"), sums.people(comparison)), (tr("收款方", "Payees"), sums.payees(comparison)))
    for name, gains in who:
        yuan = [gains["gain"].difference, gains["lose"].difference]
        rows.append([name, *(gains[key].count for key in GAIN_WORDS), *yuan])
    page.short_table(headings, rows, ("text", "count", "count", "count", "money", "money"))


def _statuses(page: Page, comparison: Comparison) -> None:
    page.section(tr("状态变化", "Statuses"))
    headings = (Text("原状态", "From"), Text("现状态", "To"), Text("笔数", "Lines"), Text("差额(元)", "Difference"))
    rows = [
        [_status(one.before), _status(one.after), one.lines, one.difference] for one in sums.transitions(comparison)
    ]
    page.short_table(headings, rows, ("text", "text", "count", "money"))


def _status(code: str | None) -> str:
    return str(NO_LINE if code is None else STATUS_WORDS[code])


def _sum_cells(comparison: Comparison, group: str, one: sums.Sum) -> list[object]:
    return [mask_numbers(shown_key(comparison, group, one.key)), one.before, one.after, one.difference]


def _total_cells(comparison: Comparison) -> list[object]:
    whole = sums.total(comparison)
    return [tr("合计", "Total"), whole.before, whole.after, whole.difference]


def _put(page: Page, chart: Any) -> None:
    """Put a chart where the page stands."""
    page.sheet.insert_chart(page.row + 1, 0, chart, {"x_offset": 4, "y_offset": 4})
    page.row += _CHART_ROWS + 2


def _before_and_after(page: Page, rows: range) -> Any:
    """Approved before and after, side by side for each programme."""
    title = tr("按补贴项目的核定金额（元）", "Approved by programme (yuan)")
    return column_chart(page, rows, {1: _BEFORE, 2: _AFTER}, title, (820, 320))


# ---- 分项合计


def _sums(page: Page, comparison: Comparison) -> range:
    """Write the sums by fund, institution and category; return the rows of the institutions whose sum changed."""
    page.widths((44, 18, 18, 18))
    page.title(tr("分项合计", "Sums"), 4)
    styles, rows = ("wrap", "money", "money", "money"), {}
    for group in sums.GROUPS[1:]:
        page.section(tr("按", "By ") + str(GROUP_WORDS[group]))
        found = sums.totals(comparison, group)
        differing = [_sum_cells(comparison, group, one) for one in found if one.difference]
        rows[group] = page.short_table((GROUP_WORDS[group], *_SUM_HEADINGS), differing, styles)
        same = [one.before for one in found if not one.difference]
        kept = [tr(f"不变 {len(same)} 项", f"{len(same)} did not change"), sum(same), sum(same), 0]
        page.cells(page.row, kept, styles)
        page.cells(page.row + 1, _total_cells(comparison), styles, total=True)
        page.row += 2
    page.sheet.print_area(0, 0, page.row, 3)
    return rows["institution"]


def _largest(page: Page, rows: range) -> Any:
    """The largest differences, below zero in another colour."""
    title = tr("差额最大的培训机构（元）", "Institutions that change most")
    chart = column_chart(page, rows[:_MOST_BARS], {3: _MORE}, title, (820, 320), _LESS)
    chart.set_x_axis({"label_position": "low", "num_font": {"size": 9}})
    return chart


# ---- 变化明细


def _changes(book: Book, comparison: Comparison) -> None:
    rows = list(changes(comparison))
    for number, part in enumerate(sheets_needed(len(rows)), 1):
        page = book.page(tr("变化明细", "Changes") + (f"{number}" if number > 1 else ""))
        page.title(tr(f"变化明细（{len(rows)} 笔）", f"The {len(rows)} lines that changed"), 11)
        page.long_table(list(_columns(comparison, rows[part.start : part.stop])), frozen=3)


def _columns(comparison: Comparison, rows: Sequence[dict[str, Any]]) -> Iterator[TableColumn]:
    names = {code: shown_key(comparison, "programme", code) for code in {row["programme"] for row in rows}}
    yield TableColumn(Text("文件", "File"), _texts(mask_place(row["file"]) for row in rows), "wrap", most=24)
    yield TableColumn(Text("工作表", "Sheet"), _texts(mask_place(row["sheet"]) for row in rows), "wrap", most=12)
    yield TableColumn(Text("行", "Row"), pa.array([row["row"] for row in rows], pa.int64()), "number")
    yield TableColumn(GROUP_WORDS["programme"], _texts(names[row["programme"]] for row in rows), "wrap", most=18)
    sides = (("from", Text("原状态及原因", "Was"), Text("原核定", "Was (yuan)")),
             ("to", Text("现状态及原因", "Is"), Text("现核定", "Is (yuan)")))  # fmt: skip
    for side, state, amount in sides:
        yield TableColumn(state, _texts(_state(row[side]) for row in rows), "wrap", 10, 30)
        yield TableColumn(amount, _fen(row[side] and row[side]["approved"] for row in rows), "money", 10)
    yield TableColumn(Text("差额", "Difference"), _fen(row["difference"] for row in rows), "money", 10)
    yield TableColumn(Text("性质", "Kind"), _texts(str(KINDS[row["kind"]]) for row in rows), "middle")


def _state(half: dict[str, Any] | None) -> str:
    """Return status and reasons in words."""
    if half is None:
        return str(NO_LINE)
    why = tr("、", ", ").join(str(reason(code).title) for code in half["codes"])
    return f"{STATUS_WORDS[half['status']]}" + (tr("：", ": ") + why if why else "")


def _texts(values: Iterable[str]) -> Any:
    return pa.array(list(values), pa.string())


def _fen(values: Iterable[str | None]) -> Any:
    """Yuan as text → whole fen, as a money column takes them."""
    return pa.array([None if value is None else int(value.replace(".", "")) for value in values], pa.int64())


# ---- 说明


def _explained(comparison: Comparison) -> Iterator[Text]:
    yield Text(
        "两种政策对同样的行、同样的目录清单、导出表和台账各核定一次；状态、核定金额或原因有一项不同，即为有变化。",
        "Both policies settle the same rows with the same registers, exports and ledger; a line changes where status, "
        "approved amount or reasons differ.",
    )
    yield Text(
        "政策本身：把该行单独作为一批、不看台账，两种政策下状态或金额也不同；其余为连带（由同一人、同一证书等其他行引起）。",
        "Direct: the row by itself, without history, has another status or amount, too; all others are knock-on.",
    )
    whole = sums.total(comparison)
    yield Text(
        f"核定合计：{yuan_text(whole.before)} 元 → {yuan_text(whole.after)} 元。没有变化的只计数，不列出。",
        f"Approved: {yuan_text(whole.before)} → {yuan_text(whole.after)} yuan. What does not change is counted only.",
    )
