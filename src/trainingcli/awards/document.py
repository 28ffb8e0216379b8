"""What a run on awards prints: the document `trainingcli.awards/1`, its columns, and what a terminal shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from trainingcli.awards.kinds import AWARDS
from trainingcli.facts import STATUS_WORDS, STATUSES
from trainingcli.language import Text, current, tr
from trainingcli.money import yuan_text
from trainingcli.reports.data import claims_json
from trainingcli.reports.data.text_columns import arrow_table
from trainingcli.reports.data.totals import Total, total_of, totals_by
from trainingcli.reports.screen.claims_screen import about_run, inputs_table, reasons_table
from trainingcli.result import Block, Column, Listing, Prose, Row, Table, columns

if TYPE_CHECKING:
    from trainingcli.settle.assessment import Assessment

SCHEMA = "trainingcli.awards/1"
LINES = Listing(
    "lines",
    columns("""
    line      明细        count  Line
    -input    输入        count  Input
    file      文件        place  File
    sheet     工作表      place  Sheet
    row       行          count  Row
    unit      名称        text   Unit
    kind      类型        code   Kind
    grade     级别        text   Grade
    round     轮次        text   Round
    award     补贴项目    code   Award
    claimed   申报金额    yuan   Claimed
    entitled  应补金额    yuan   Entitled
    approved  核定金额    yuan   Approved
    status    结果        code   Status
    payee     收款单位    text   Payee
    fund      资金来源    text   Fund
    reasons   原因        code   Reasons
    """),
)
_SHOWN = (
    Column("unit", Text("名称", "Unit")),
    Column("award", Text("补贴项目", "Award")),
    Column("claimed", Text("申报金额", "Claimed"), "yuan"),
    Column("approved", Text("核定金额", "Approved"), "yuan"),
    Column("status", Text("结果", "Status"), "code", STATUS_WORDS),
    Column("codes", Text("原因", "Reasons"), "code"),
)
_TOTALS = (
    Column("award", Text("补贴项目", "Award")),
    Column("lines", Text("笔数", "Lines"), "count"),
    Column("claimed", Text("申报金额", "Claimed"), "yuan"),
    Column("approved", Text("核定金额", "Approved"), "yuan"),
    *(Column(f"{status}_lines", word, "count") for status, word in STATUS_WORDS.items()),
)
_FEW, _MOST_LINES = 8, 20


def line_rows(assessment: Assessment) -> list[Row]:
    """Return the lines as the document has them, not masked."""
    lines = assessment.lines.astype(object).where(assessment.lines.notna(), None)
    reasons: dict[int, list[Row]] = {}
    for found in assessment.reasons.astype(object).where(assessment.reasons.notna(), None).to_dict("records"):
        shown = {key: found[key] for key in ("code", "severity", "clause", "cell")}
        reasons.setdefault(int(found["line"]), []).append(shown | {"message": found[current()]})
    rows: list[Row] = []
    for place, line in enumerate(lines.to_dict("records")):
        kept = {
            key: line[key] for key in ("file", "sheet", "unit", "kind", "grade", "round", "status", "payee", "fund")
        }
        money = {key: _yuan(line[key]) for key in ("claimed", "entitled", "approved")}
        numbers = {"line": place + 1, "input": int(line["input"]), "row": int(line["row"])}
        mine = numbers | kept | money | {"award": line["programme"], "reasons": reasons.get(place, [])}
        rows.append({column.key: mine[column.key] for column in LINES.columns})
    return rows


def _yuan(fen: Any) -> str | None:
    return None if fen is None else yuan_text(int(fen))


def totals(assessment: Assessment) -> list[Total]:
    """Return the totals of every award in the policy's order, then of lines without one, if there are any."""
    return totals_by(_counted(assessment), "programme", AWARDS)


def _counted(assessment: Assessment) -> Any:
    lines = assessment.lines
    counted = lines[["programme", "status", "claimed", "approved"]].assign(
        id_number=pd.Series([None] * len(lines), dtype="str"), name=lines["unit"]
    )
    return arrow_table(counted)


def facts(assessment: Assessment) -> dict[str, Any]:
    """Return the document but for its lines, not masked."""
    found = [
        {
            "award": total.key, "lines": total.lines, "claimed": yuan_text(total.claimed),
            "approved": yuan_text(total.approved), **{f"{key}_lines": total.statuses[key] for key in STATUSES},
        }
        for total in totals(assessment)
    ]  # fmt: skip
    return claims_json.facts(assessment, found)


def screen(assessment: Assessment) -> Iterator[Block]:
    """Yield the summary: what was read, each unit's award, totals, reasons, what was not checked."""
    yield Prose(tr("基地、工作室补助核定结果", "Awards of bases and studios"), "bold")
    yield Prose(f"{assessment.policy.title}  {assessment.policy.id}", "dim")
    yield inputs_table(assessment.inputs)
    rows = line_rows(assessment)
    shown = [row for row in rows if len(rows) <= _FEW or row["status"] in ("held", "rejected")]
    if shown:
        title = tr(f"明细 {len(rows)} 笔", f"{len(rows)} lines")
        if len(shown) < len(rows):
            title += tr(
                f"（只列未核定的 {min(len(shown), _MOST_LINES)} 笔）",
                f" (only {min(len(shown), _MOST_LINES)} not paid)",
            )
        yield Table(_SHOWN, [_shown(row, assessment) for row in shown[:_MOST_LINES]], title)
    yield _totals_table(assessment)
    if len(assessment.reasons):
        yield reasons_table(assessment)
    yield from about_run(assessment)


def award_name(assessment: Assessment, code: str | None) -> str:
    """Return an award's name in the language in use."""
    return str(assessment.policy.awards[code].name) if code else tr("未归项目", "No award")


def _shown(row: Row, assessment: Assessment) -> Row:
    codes: Sequence[str] = list(dict.fromkeys(found["code"] for found in row["reasons"] if found["severity"] != "note"))
    more = " ".join(filter(None, (row["grade"] if row["award"] == "studio-promotion" else None, row["round"])))
    name = " ".join(filter(None, (award_name(assessment, row["award"]), more)))
    return {**row, "award": name, "codes": " ".join(codes)}


def _totals_table(assessment: Assessment) -> Table:
    rows = [
        {"award": award_name(assessment, total.key), **_figures(total)} for total in totals(assessment) if total.lines
    ]
    whole = {"award": tr("合计", "Total"), **_figures(total_of(_counted(assessment)))}
    return Table(_TOTALS, rows, tr("各项补助（元）", "Awards (yuan)"), whole)


def _figures(total: Total) -> dict[str, Any]:
    counts = {f"{status}_lines": count or "·" for status, count in total.statuses.items()}
    return {
        "lines": total.lines, "claimed": yuan_text(total.claimed), "approved": yuan_text(total.approved), **counts,
    }  # fmt: skip
