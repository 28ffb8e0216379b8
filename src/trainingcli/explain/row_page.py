"""A row's explanation on a terminal: cells and what they were read as, programmes, lines; and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from trainingcli import terminal_text as plain
from trainingcli.explain.row_evidence import paragraphs
from trainingcli.facts import STATUS_WORDS
from trainingcli.fields import label
from trainingcli.language import Text, tr
from trainingcli.result import Block, Column, Listing, Prose, Row, Table

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


LINES = Listing(
    "lines",
    tuple(
        Column(key, Text(key, key))
        for key in ("programme", "claimed", "entitled", "approved", "status", "payee", "fund", "reasons")
    ),
)


def screen(found: dict[str, Any], room: int) -> list[Block]:
    """Return the explanation: calm, top-down, from the cells to the amount."""
    page: list[Block] = []
    say = _Speaker(page, room)
    where = f"{found['file']}  {found['sheet']}  "
    say(where + tr(f"第 {found['row']} 行", f"row {found['row']}"), style="bold")
    policy, day, header = found["policy"]["id"], found["today"], found["header_row"]
    head = tr(
        f"政策 {policy}，办理日 {day}，表头在第 {header} 行", f"policy {policy}, day {day}, header in row {header}"
    )
    say(head, style="dim")
    page.append(_cells(found["cells"]))
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
    for title, sentences in paragraphs(found["evidence"]):
        say(title, style="bold")
        for sentence in sentences:
            say(sentence, 2)
        say("")
    if found["others"]:
        page.append(_others(found["others"], names_of))
    if found["checks"]:
        say(tr("未进行的核查：", "Not checked: ") + ", ".join(item["check"] for item in found["checks"]), style="dim")
    return page


class _Speaker:
    """Adds text to a page, wrapped as Chinese and English want it."""

    def __init__(self, page: list[Block], room: int) -> None:
        self.page, self.room = page, min(room, plain.WIDEST)

    def __call__(self, text: str, indent: int = 0, style: Literal["", "bold", "dim"] = "") -> None:
        for part in text.split("\n"):
            self.page.append(Prose(plain.paragraph(part, self.room, indent), style))


def _cells(cells: Iterable[Row]) -> Table:
    columns = (
        Column("cell", Text("单元格", "cell"), "code"), Column("heading", Text("表头", "heading")),
        Column("written", Text("写的是", "written")), Column("read_as", Text("读作", "read as")),
        Column("findings", Text("问题", "findings")),
    )  # fmt: skip
    rows = [cell | {"written": cell["written"] or "·", "read_as": cell["read_as"] or "·"} for cell in map(dict, cells)]
    return Table(columns, rows)


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


def _others(others: Iterable[Row], names_of: dict[str, str]) -> Table:
    columns = (
        Column("sheet", Text("工作表", "sheet"), "place"), Column("row", Text("行", "row"), "count"),
        Column("programme", Text("补贴项目", "programme"), words={c: Text(n, n) for c, n in names_of.items()}),
        Column("occupation", Text("职业", "occupation")), Column("level", Text("等级", "level")),
        Column("day", Text("开班或发证", "start or certificate"), "date"),
        Column("status", Text("状态", "status"), "code", STATUS_WORDS),
        Column("approved", Text("核定", "approved"), "yuan"),
    )  # fmt: skip
    rows = [{**item, "day": item["start_date"] or item["certificate_date"]} for item in others]
    return Table(
        columns, rows, tr("同一人的其他明细（限制按此计算）", "The person's other lines, which the limits count")
    )
