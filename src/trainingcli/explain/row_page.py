"""A row's explanation on a terminal: cells and what they were read as, programmes, lines; and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from trainingcli import terminal_text as plain
from trainingcli.facts import STATUS_WORDS
from trainingcli.fields import label
from trainingcli.language import Text, tr
from trainingcli.masking import clean_terminal
from trainingcli.reports.data.json_text import dump

_USES = {
    "needed": Text("必填", "needed"),
    "certificate": Text("证书必填", "needed of a certificate"),
    "used": Text("选用", "used"),
}
_EFFECTS = {
    "reject": Text("不予补贴", "not paid"),
    "hold": Text("待核", "held"),
    "reduce": Text("核减", "reduced"),
    "note": Text("提示", "note"),
}


def document(found: dict[str, Any]) -> str:
    """Return the explanation as one JSON document."""
    return dump(found) + "\n"


def show(found: dict[str, Any], console: Console) -> None:
    """Print the explanation: calm, top-down, from the cells to the amount."""
    say = _Speaker(console)
    where = f"{found['file']}  {found['sheet']}  "
    say(where + tr(f"第 {found['row']} 行", f"row {found['row']}"), style="bold")
    policy, day, header = found["policy"]["id"], found["today"], found["header_row"]
    head = tr(
        f"政策 {policy}，办理日 {day}，表头在第 {header} 行", f"policy {policy}, day {day}, header in row {header}"
    )
    say(head, style="dim")
    console.print(_cells(found["cells"]))
    if found["unused"]:
        names = "、".join(f"{item['column']} {item['heading']}" for item in found["unused"])
        say(tr(f"未用到的列：{names}", f"Columns not used: {names}"), style="dim")
    asked = found["asked_by"]["what"]
    say("\n" + tr(f"申领哪些项目，看：{asked}", f"What is claimed is told by {asked}") + "\n", style="bold")
    for entry in found["programmes"]:
        _say_programme(entry, say)
    names_of = {entry["programme"]: entry["name"] for entry in found["programmes"]}
    for line in found["lines"]:
        _say_outcome(line, names_of, say)
    if found["others"]:
        console.print(_others(found["others"], names_of))
    if found["checks"]:
        say(tr("未进行的核查：", "Not checked: ") + ", ".join(item["check"] for item in found["checks"]), style="dim")


class _Speaker:
    """Prints lines of text, wrapped as Chinese and English want it, and nothing that a terminal would obey."""

    def __init__(self, console: Console) -> None:
        self.console, self.room = console, max(40, console.width)

    def __call__(self, text: str, indent: int = 0, style: str = "") -> None:
        for part in text.split("\n"):
            wrapped = plain.paragraph(clean_terminal(part), self.room, indent)
            self.console.print(Line(wrapped, style=style), soft_wrap=True)


def _cells(cells: Iterable[dict[str, Any]]) -> Table:
    table = _table(
        Text("单元格", "cell"), Text("表头", "heading"), Text("写的是", "written"), Text("读作", "read as"),
        Text("问题", "findings"), whole={"单元格"},
    )  # fmt: skip
    for cell in cells:
        written, read = cell["written"] or "·", cell["read_as"] or "·"
        _row(table, cell["cell"] or "", cell["heading"], written, read, "、".join(cell["findings"]))
    return table


def _say_programme(entry: dict[str, Any], say: _Speaker) -> None:
    """Say whether a programme fits, and where it does or is claimed, its fields and figure."""
    mark = tr("符合", "fits") if entry["fits"] else tr("不符合", "does not fit")
    claimed = tr("，已申领", ", claimed") if entry["claimed_here"] else ""
    say(f"{entry['name']}  {entry['clause']}  {mark}{claimed}", style="bold" if entry["claimed_here"] else "")
    for item in entry["why_not"]:
        say(f"· {item['why']}", 2)
    if "fields" in entry:
        say("；".join(_field(field) for field in entry["fields"] if _is_shown(field)), 2)
        say(_figure(entry), 2)
    say("")


def _is_shown(field: dict[str, Any]) -> bool:
    return bool(field["speaks"] and not (field["use"] == "used" and field["missing"]))


def _field(field: dict[str, Any]) -> str:
    state = "、".join(field["findings"]) or (tr("空", "empty") if field["missing"] else field["value"])
    return f"{label(field['field'])}({_USES[field['use']]}) {state}"


def _figure(entry: dict[str, Any]) -> str:
    """Return the figure in force with its date and source, and what the plan gives by it."""
    figure = entry["figure"]
    if figure is None:
        return tr(
            "没有可用的标准（缺日期或等级，或当日尚无标准）",
            "no figure applies (no date or level, or none yet that day)",
        )
    missing = {"unstated": tr("方案未列", "not stated"), "ended": tr("已停止", "ended")}
    amount, dated = figure["yuan"] or missing[figure["state"]], f"{label(figure['dated_by'])} {figure['date']}"
    since, clause, source = figure["since"], figure["clause"], figure["source"]
    words = tr(
        f"标准 {amount} {figure['unit']}（按{dated}；{since} 起，{clause}“{source}”）",
        f"figure {amount} {figure['unit']} (by {dated}; since {since}, {clause} “{source}”)",
    )
    if entry["standard"]:
        words += tr(f"；目录标准 {entry['standard']}", f"; the register's standard {entry['standard']}")
    if entry["days"]:
        words += tr(f" × {entry['days']} 天", f" × {entry['days']} days")
    return words + tr(f" → 应补 {entry['entitled'] or '—'}", f" → entitled {entry['entitled'] or '—'}")


def _say_outcome(line: dict[str, Any], names_of: dict[str, str], say: _Speaker) -> None:
    """Say one claim line: the sum, its reasons with what to do, the readings that decided."""
    name = names_of.get(line["programme"] or "", tr("未归项目", "no programme"))
    status = STATUS_WORDS[line["status"]]
    say(tr(f"明细：{name}  {status}", f"Line: {name}  {status}"), style="bold")
    say(_sum(line), 2)
    if line["payee"]:
        say(tr(f"给 {line['payee']}，从{line['fund']}列支", f"to {line['payee']}, from {line['fund']}"), 2)
    for entry in line["reasons"]:
        limit = tr(f"  限制 {entry['limit']}", f"  limit {entry['limit']}") if entry["limit"] else ""
        cell = f" {entry['cell']}" if entry["cell"] else ""
        say(f"{_EFFECTS[entry['severity']]}  {entry['code']}{cell}  {entry['clause']}{limit}", 2)
        say(entry["message"] + tr("", " ") + entry["remedy"], 4)
    for item in line["readings"]:
        say(f"{item['question']} {item['reading']}（{item['parameter']} = {item['value']}）", 2, "dim")
    say("")


def _sum(line: dict[str, Any]) -> str:
    claimed, entitled, approved = line["claimed"] or tr("未写", "not said"), line["entitled"] or "—", line["approved"]
    return tr(
        f"申报 {claimed}，应补 {entitled} → 核定 {approved}",
        f"claimed {claimed}, entitled {entitled} → approved {approved}",
    )


def _others(others: Iterable[dict[str, Any]], names_of: dict[str, str]) -> Table:
    table = _table(
        Text("工作表", "sheet"), Text("行", "row"), Text("补贴项目", "programme"), Text("职业", "occupation"),
        Text("等级", "level"), Text("开班或发证", "start or certificate"), Text("状态", "status"),
        Text("核定", "approved"), whole={"行", "等级", "开班或发证", "状态", "核定"},
    )  # fmt: skip
    table.title = Line(tr("同一人的其他明细（限制按此计算）", "The person's other lines, which the limits count"))
    for item in others:
        programme, day = names_of.get(item["programme"] or ""), item["start_date"] or item["certificate_date"]
        cells = (item["sheet"], item["row"], programme, item["occupation"], item["level"], day)
        _row(table, *(cell or "·" for cell in cells), STATUS_WORDS[item["status"]], item["approved"])
    return table


def _table(*headings: Text, whole: set[str]) -> Table:
    """Return an empty table; the columns named in `whole` are never broken."""
    table = Table(title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(str(heading), overflow="fold", no_wrap=heading.zh in whole)
    return table


def _row(table: Table, *cells: object) -> None:
    table.add_row(*[Line(clean_terminal(str(cell))) for cell in cells])
