"""The result on a terminal (汇总表): what was read, what is paid, what is not and why, what was not checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text, tr
from trainingcli.masking import clean_terminal, mask_numbers, mask_place
from trainingcli.money import yuan_text
from trainingcli.reports.data.claims_json import programme_totals
from trainingcli.reports.data.columns import arrow_table
from trainingcli.reports.data.shown_values import shown_inputs
from trainingcli.reports.data.totals import Total, total_of
from trainingcli.settle.assessment import Assessment

STATUS_WORDS = {
    "approved": Text("核定", "approved"),
    "reduced": Text("核减", "reduced"),
    "held": Text("待核", "held"),
    "rejected": Text("不予补贴", "rejected"),
    "posted": Text("已入账", "posted"),
}
NO_PROGRAMME = Text("未归项目", "no programme")
_STATUS_HEADINGS = STATUS_WORDS | {"rejected": Text("不予", "refused"), "posted": Text("入账", "posted")}
_MOST_INPUTS = 20
_ROOMY = 100  # columns of a terminal


def summary_table(assessment: Assessment, console: Console, *, unmask: bool = False) -> None:
    """Print the summary. Every text of the input is printed as text: no markup, no control characters, no whole ID.

    `unmask`: names of files and sheets are printed whole; nothing else of it holds personal data.
    """
    console.print(_line(tr("培训补贴核定结果", "Training subsidy claims"), "bold"))
    console.print(_line(f"{assessment.policy.title}  {assessment.policy.id}", "dim"))
    console.print(_inputs(shown_inputs(assessment.inputs, unmask=unmask)))
    console.print(_programmes(assessment, console.width))
    if len(assessment.reasons):
        console.print(_reasons(assessment))
    _print_list(
        console,
        tr("未进行的核查", "Not checked"),
        [f"{item.check}  {item.why or ''}" for item in assessment.checks if not item.performed],
    )
    _print_list(console, tr("提示", "Warnings"), [str(text) for text in assessment.warnings])
    written = assessment.outputs if unmask else [mask_place(path) for path in assessment.outputs]
    _print_list(console, tr("已写出", "Written"), [_place(path) for path in written])
    _print_posting(console, assessment)


def safe(text: object) -> str:
    """Return the text as it may be shown: nothing that a terminal obeys, no whole ID number, phone or account."""
    return mask_numbers(clean_terminal(str(text)))


def _line(text: object, style: str = "") -> Line:
    return Line(safe(text), style=style)


def _place(name: str) -> Line:
    """The name of a file or a sheet, masked already: no more is taken off than a terminal would obey."""
    return Line(clean_terminal(name))


def _table(title: str) -> Table:
    return Table(title=_line(title, "bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)


def _row(table: Table, *cells: object, style: str = "") -> None:
    table.add_row(*[cell if isinstance(cell, Line) else _line(cell) for cell in cells], style=style)


def _inputs(inputs: list[InputFile]) -> Table:
    table = _table(tr(f"输入文件 {len(inputs)} 个", f"{len(inputs)} inputs"))
    table.add_column(tr("文件", "file"), overflow="fold")
    table.add_column(tr("工作表", "sheet"), overflow="fold")
    table.add_column(tr("表头行", "header"), justify="right")
    table.add_column(tr("人员行", "rows"), justify="right")
    table.add_column(tr("说明", "remarks"), overflow="fold")
    # Files with something to say come first where there are too many to list.
    ordered = inputs if len(inputs) <= _MOST_INPUTS else sorted(inputs, key=lambda item: not _has_remarks(item))
    shown = max(_MOST_INPUTS, sum(map(_has_remarks, inputs)))
    for item in ordered[:shown]:
        _input_rows(table, item)
    if len(inputs) > shown:
        rest = ordered[shown:]
        rows = sum(sheet.read for item in rest for sheet in item.sheets)
        _row(table, tr(f"其余 {len(rest)} 个文件", f"{len(rest)} more files"), "", "", rows, "", style="dim")
    return table


def _has_remarks(item: InputFile) -> bool:
    return bool(item.error or item.not_read or item.warnings)


def _input_rows(table: Table, item: InputFile) -> None:
    file = _place(item.file)
    if item.error is not None:
        _row(table, file, "", "", "", tr(f"未能读取：{item.error}", f"not read: {item.error}"), style="red")
        return
    warnings = "；".join(map(str, item.warnings))
    for sheet in item.sheets:
        _row(table, file, _place(sheet.sheet), sheet.header_row, sheet.read, warnings)
        warnings = ""
    for name, why in item.not_read:
        _row(table, file, _place(name), "", "", tr(f"未读：{why}", f"not read: {why}"), style="dim")


def _programmes(assessment: Assessment, width: int) -> Table:
    table = _table(tr("各补贴项目（元）", "Programmes (yuan)"))
    if width < _ROOMY:
        table.padding = 0  # figures are worth more than the blanks between them
    table.add_column(tr("补贴项目", "programme"), overflow="fold")
    for heading in (tr("笔数", "lines"), tr("人数", "people"), tr("申报金额", "claimed"), tr("核定金额", "approved")):
        table.add_column(heading, justify="right", no_wrap=True)
    for word in _STATUS_HEADINGS.values():
        table.add_column(str(word), justify="right", no_wrap=True)
    totals = [total for total in programme_totals(assessment) if total.lines]
    for total in totals:
        _row(table, _programme_name(assessment, total.key), *_figures(total, str(total.people)))
    columns = ["status", "claimed", "approved", "id_number", "name"]
    whole = total_of(arrow_table(assessment.lines[columns]))
    table.add_section()
    _row(table, tr("合计", "total"), *_figures(whole, str(whole.people)), style="bold")
    return table


def _figures(total: Total, people: str) -> list[str]:
    counts = [str(total.statuses[status] or "·") for status in STATUS_WORDS]
    return [str(total.lines), people, _grouped(total.claimed), _grouped(total.approved), *counts]


def _grouped(fen: int) -> str:
    units, _, cents = yuan_text(fen).partition(".")
    return f"{int(units):,}.{cents}" if fen >= 0 else f"-{int(units[1:]):,}.{cents}"


def _programme_name(assessment: Assessment, code: str | None) -> str:
    found = assessment.policy.programmes.get(code) if code else None
    return str(found.name) if found else code or str(NO_PROGRAMME)


def _reasons(assessment: Assessment) -> Table:
    table = _table(tr("原因", "Reasons"))
    table.add_column(tr("代码", "code"))
    table.add_column(tr("笔数", "lines"), justify="right")
    table.add_column(tr("结果", "effect"))
    table.add_column(tr("含义", "meaning"), overflow="fold")
    title = _titles()
    counted = arrow_table(assessment.reasons[["line", "code", "severity"]]).group_by(["code", "severity"])
    rows: list[dict[str, Any]] = counted.aggregate([("line", "count_distinct")]).to_pylist()
    order = ("reject", "hold", "reduce", "note")
    effects = dict(
        zip(order, (*[STATUS_WORDS[s] for s in ("rejected", "held", "reduced")], Text("提示", "note")), strict=True)
    )
    rows.sort(
        key=lambda row: (
            order.index(row["severity"]) if row["severity"] in order else 3,
            -row["line_count_distinct"],
            row["code"],
        )
    )
    for row in rows:
        _row(
            table,
            row["code"],
            row["line_count_distinct"],
            effects.get(row["severity"], Text("", "")),
            title(row["code"]),
        )
    return table


def _titles() -> Callable[[str], str]:
    from trainingcli.reasons import reason

    def title(code: str) -> str:
        return str(reason(code).title)

    return title


def _print_list(console: Console, title: str, items: Sequence[str | Line]) -> None:
    if not items:
        return
    console.print(_line(title, "bold"))
    for item in items[:_MOST_INPUTS]:
        console.print(Line("  ") + (item if isinstance(item, Line) else _line(item)), soft_wrap=True)
    if len(items) > _MOST_INPUTS:
        rest = len(items) - _MOST_INPUTS
        console.print(_line(tr(f"  … 另有 {rest} 项", f"  … {rest} more"), "dim"))


def _print_posting(console: Console, assessment: Assessment) -> None:
    if assessment.batch is not None:
        number = assessment.batch.id
        console.print(
            _line(
                tr(
                    f"这些名册已在第 {number} 批入账，未重复入账",
                    f"Already posted as batch {number}; nothing was posted again",
                )
                if assessment.batch.already_posted
                else tr(f"已入账：第 {number} 批", f"Posted as batch {number}"),
                "bold",
            )
        )
    if assessment.ledger is not None:
        head = assessment.ledger
        console.print(
            _line(
                tr(
                    f"台账 {head.entries} 条，末条 {head.hash[:16]}",
                    f"Ledger: {head.entries} entries, head {head.hash[:16]}",
                ),
                "dim",
            )
        )
