"""The result on a terminal (汇总): what was read, what is paid, what is not and why, what next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trainingcli.facts import EFFECTS, RETURNS_FOLDER, STATUS_WORDS
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text, tr
from trainingcli.money import yuan_text
from trainingcli.reports.data.claims_json import programme_totals
from trainingcli.reports.data.reason_words import titles
from trainingcli.reports.data.text_columns import arrow_table
from trainingcli.reports.data.totals import Total, reason_totals, total_of
from trainingcli.result import Block, Column, Items, Prose, Row, Table
from trainingcli.settle.assessment import Assessment

NO_PROGRAMME = Text("未归项目", "No programme")
_SHORT = {"rejected": Text("不予", "Refused"), "posted": Text("入账", "Posted")}
_MOST_INPUTS = 20
_INPUTS = (
    Column("file", Text("文件", "File"), "place"),
    Column("sheet", Text("工作表", "Sheet"), "place"),
    Column("header_row", Text("表头行", "Header"), "count"),
    Column("rows", Text("人员行", "Rows"), "count"),
    Column("remarks", Text("说明", "Remarks")),
)
_PROGRAMMES = (
    Column("programme", Text("补贴项目", "Programme")),
    Column("lines", Text("笔数", "Lines"), "count"),
    Column("people", Text("人数", "People"), "count"),
    Column("claimed", Text("申报金额", "Claimed"), "yuan"),
    Column("approved", Text("核定金额", "Approved"), "yuan"),
    *(Column(f"{status}_lines", _SHORT.get(status, word), "count") for status, word in STATUS_WORDS.items()),
)
_REASONS = (
    Column("code", Text("代码", "Code"), "code"),
    Column("lines", Text("笔数", "Lines"), "count"),
    Column("unpaid", Text("未付金额", "Not paid"), "yuan"),
    Column("severity", Text("结果", "Effect"), "code", EFFECTS),
    Column("title", Text("含义", "Meaning")),
)


def screen(assessment: Assessment) -> Iterator[Block]:
    """Yield the summary, not masked."""
    policy = assessment.policy
    yield Prose(tr("培训补贴核定结果", "Training subsidy claims"), "bold")
    yield Prose(f"{policy.title}  {policy.id}", "dim")
    yield inputs_table(assessment.inputs)
    yield _programmes(assessment)
    if len(assessment.reasons):
        yield reasons_table(assessment)
    yield from about_run(assessment)


def about_run(assessment: Assessment) -> Iterator[Block]:
    """Yield what was not checked, warnings, what was written, and the posting."""
    not_done = [f"{item.check}  {item.why or ''}" for item in assessment.checks if not item.performed]
    yield Items(tr("未进行的核查", "Not checked"), not_done)
    yield Items(tr("已写出", "Written"), assessment.outputs, "place")
    yield Items(tr("以前运行留下、本次没有写的", "Of earlier runs, not written by this one"), assessment.stale, "place")
    yield from _posting(assessment)


def next_step(assessment: Assessment) -> Text | None:
    """Say what to do now: where held lines wait, which options send rows back and post, which columns were not read."""
    counts = assessment.lines["status"].value_counts()
    held, refused = int(counts.get("held", 0)), int(counts.get("rejected", 0))
    payable = int(counts.get("approved", 0)) + int(counts.get("reduced", 0))
    steps = []
    unread = [item for item in assessment.inputs if item.failure is not None]
    if unread:
        steps.append(
            Text(f"{len(unread)} 个文件没有读到，改好后再核", f"mend the {len(unread)} inputs that were not read")
        )
    columns = _unread_columns(assessment.inputs)
    if columns:
        steps.append(Text(f"未读的列：{columns}", f"columns not read: {columns}"))
    if held:
        steps.append(
            Text(
                f"待核 {held} 笔在各机构工作簿的“待核”表填决定，用 --decisions 带回",
                f"{held} held lines: fill in 决定 on sheet 待核 of each claim workbook, bring it back with --decisions",
            )
        )
    returned = [Path(path).parent for path in assessment.outputs if Path(path).parent.name == RETURNS_FOLDER]
    if returned:
        steps.append(Text(f"把 {returned[0]} 里的退回件发给机构改正", f"send the files in {returned[0]} back"))
    elif held or refused:
        steps.append(Text("退回机构改正用 --returns", "send rows back with --returns"))
    if payable and assessment.batch is None:
        steps.append(Text("核对无误后用 --post 入账", "post with --post once checked"))
    if not steps:
        return None
    return Text(
        "下一步：" + "；".join(step.zh for step in steps) + "。", "Next: " + "; ".join(step.en for step in steps) + "."
    )


def _unread_columns(inputs: list[InputFile]) -> str:
    """Name the columns that were not read and look like a known one, three at most."""
    sheets = [sheet for item in inputs for sheet in item.sheets]
    named = [
        f"{sheet.sheet} {letter} {heading}"
        for sheet in sheets
        for letter, heading in sheet.unused
        if letter in sheet.like
    ]
    more = tr(f" 等 {len(named)} 列", f" and {len(named) - 3} more") if len(named) > 3 else ""
    return tr("、", ", ").join(named[:3]) + more


def inputs_table(inputs: list[InputFile]) -> Table:
    """Return what was read, an input or sheet a row."""
    # Files with something to say come first where there are too many to list.
    ordered = inputs if len(inputs) <= _MOST_INPUTS else sorted(inputs, key=lambda item: not _has_remarks(item))
    shown = max(_MOST_INPUTS, sum(map(_has_remarks, inputs)))
    rows = [row for item in ordered[:shown] for row in _named_once(_input_rows(item))]
    if len(inputs) > shown:
        rest = ordered[shown:]
        read = sum(sheet.read for item in rest for sheet in item.sheets)
        rows.append({"file": tr(f"其余 {len(rest)} 个文件", f"{len(rest)} more files"), "rows": read})
    return Table(_INPUTS, rows, tr(f"输入文件 {len(inputs)} 个", f"{len(inputs)} inputs"))


def _named_once(rows: Iterator[Row]) -> Iterator[Row]:
    """A file's name stands beside its first sheet alone."""
    for at, row in enumerate(rows):
        yield row if at == 0 else {**row, "file": ""}


def _has_remarks(item: InputFile) -> bool:
    return bool(item.failure or item.not_read or item.warnings)


def _input_rows(item: InputFile) -> Iterator[Row]:
    if item.failure is not None:
        why = item.failure
        yield {"file": item.file, "remarks": tr(f"未能读取：{why}", f"not read: {why}")}
    remarks = [str(text) for text in item.warnings]
    for sheet in item.sheets:
        names = "、".join(f"{column[0]} {column[1]}" for column in sheet.unused)
        said = [*remarks, *([tr(f"未读的列 {names}", f"columns not read: {names}")] if names else [])]
        yield {
            "file": item.file, "sheet": sheet.sheet, "header_row": sheet.header_row, "rows": sheet.read,
            "remarks": "；".join(said),
        }  # fmt: skip
        remarks = []
    for name, why in item.not_read:
        yield {"file": item.file, "sheet": name, "remarks": tr(f"未读：{why}", f"not read: {why}")}


def _programmes(assessment: Assessment) -> Table:
    rows = [
        {"programme": _programme_name(assessment, total.key), **_figures(total)}
        for total in programme_totals(assessment)
        if total.lines
    ]
    columns = ["status", "claimed", "approved", "id_number", "name"]
    whole = _figures(total_of(arrow_table(assessment.lines[columns])))
    title = tr("各补贴项目（元）", "Programmes (yuan)")
    return Table(_PROGRAMMES, rows, title, {"programme": tr("合计", "Total"), **whole})


def _figures(total: Total) -> dict[str, Any]:
    counts = {f"{status}_lines": count or "·" for status, count in total.statuses.items()}
    money = {"claimed": yuan_text(total.claimed), "approved": yuan_text(total.approved)}
    return {"lines": total.lines, "people": total.people, **money, **counts}


def _programme_name(assessment: Assessment, code: str | None) -> str:
    found = assessment.policy.programmes.get(code) if code else None
    return str(found.name) if found else code or str(NO_PROGRAMME)


def reasons_table(assessment: Assessment) -> Table:
    """Return how often each reason was given, and the yuan not paid for it."""
    lines = arrow_table(assessment.lines[["claimed", "entitled", "approved"]])
    found = reason_totals(lines, arrow_table(assessment.reasons[["line", "code", "severity"]]))
    names = titles(item.code for item in found)
    rows = [
        {
            "code": item.code, "lines": item.lines, "unpaid": yuan_text(item.unpaid) if item.unpaid else "·",
            "severity": item.severity, "title": names[item.code],
        }
        for item in found
    ]  # fmt: skip
    return Table(_REASONS, rows, tr("原因（一笔有几条的，各计一次）", "Reasons (a line with several counts for each)"))


def _posting(assessment: Assessment) -> Iterator[Block]:
    batch, head = assessment.batch, assessment.ledger
    if batch is not None:
        already = Text(
            f"这些名册已在第 {batch.id} 批入账，未重复入账",
            f"Already posted as batch {batch.id}; nothing was posted again",
        )
        posted = Text(f"已入账：第 {batch.id} 批", f"Posted as batch {batch.id}")
        yield Prose(str(already if batch.already_posted else posted), "bold")
    if head is not None:
        short = f"{head.hash[:8]}…"  # too short to be taken for a number of a person and masked
        said = tr(f"台账 {head.entries} 条，末条 {short}", f"Ledger: {head.entries} entries, head {short}")
        yield Prose(said, "dim")
