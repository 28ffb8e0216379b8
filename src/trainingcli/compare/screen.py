"""What a terminal shows of a comparison: what was changed, what it costs, whom it hits, the largest changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

from trainingcli.compare import sums
from trainingcli.compare.comparison import Comparison
from trainingcli.compare.document import GAIN_WORDS, GROUP_WORDS, KINDS, NO_LINE, changes_at, said, shown_key, sum_row
from trainingcli.facts import STATUS_WORDS
from trainingcli.language import Text, tr
from trainingcli.policy.differences import DIFFERENCES, differences
from trainingcli.result import Block, Column, Items, Prose, Row, Table, columns

_MOST_CHANGES = 10
_MOST_KEYS = 10
_SUMS = columns("""
    key         项目  text  Of
    from        原为  yuan  From
    to          现为  yuan  To
    difference  差额  yuan  Difference
""")
_TRANSITIONS = (
    Column("from", Text("原状态", "From"), "code", {**STATUS_WORDS, "": NO_LINE}),
    Column("to", Text("现状态", "To"), "code", {**STATUS_WORDS, "": NO_LINE}),
    *columns("lines 笔数 count Lines\ndifference 差额 yuan Difference"),
)
_GAINS = columns("""
    who         谁      text   Who
    gain        增加    count  Gain
    gain_yuan   增加额  yuan   Yuan
    lose        减少    count  Lose
    lose_yuan   减少额  yuan   Yuan
    same        不变    count  Same
""")
_CHANGED = (
    Column("place", Text("位置", "Where"), "place"), Column("programme", Text("补贴项目", "Programme")),
    Column("from", Text("原为", "From")), Column("to", Text("现为", "To")),
    Column("difference", Text("差额", "Difference"), "yuan"), Column("kind", Text("性质", "Kind"), "code", KINDS),
)  # fmt: skip


def screen(comparison: Comparison, document: Row) -> Iterator[Block]:
    """Yield the blocks; `document`: the facts of the comparison."""
    names = [document["policies"][side]["id"] for side in ("from", "to")]
    yield Prose(tr("政策对比  ", "Policies compared  ") + " → ".join(names), "bold")
    found = differences(comparison.before.policy, comparison.after.policy)
    yield Table(DIFFERENCES.columns, [each.shown() for each in found], tr("改了什么", "What differs"))
    for group in sums.GROUPS:
        yield _group(comparison, document, group)
    statuses = [{**row, "from": row["from"] or "", "to": row["to"] or ""} for row in document["transitions"]]
    yield Table(_TRANSITIONS, statuses, tr("状态变化", "Statuses"))
    who = (("people", tr("人员", "People")), ("payees", tr("收款方", "Payees")))
    rows = [_gain(name, document[key]) for key, name in who]
    yield Table(_GAINS, rows, tr("谁增谁减", "Who gains, who loses"))
    yield Prose(counted(document["counts"]), "bold")
    yield from _largest_changes(comparison)
    not_done = [f"{item['check']}  {item['why'] or ''}" for item in document["checks"] if not item["performed"]]
    yield Items(tr("未进行的核查", "Not checked"), not_done)
    yield Items(tr("已写出", "Written"), document["outputs"], "place")


def counted(count: Mapping[str, int]) -> str:
    """Say how many lines changed, and how."""
    lines, changed, unchanged = count["lines"], count["changed"], count["unchanged"]
    direct, knock_on = count["direct"], count["knock_on"]
    return tr(
        f"共 {lines} 笔：有变化 {changed} 笔（政策本身 {direct}，连带 {knock_on}），不变 {unchanged} 笔",
        f"{lines} lines: {changed} changed ({direct} direct, {knock_on} knock-on), {unchanged} did not",
    )


def _group(comparison: Comparison, document: Row, group: str) -> Table:
    rows = document["totals"][group]
    shown = [row | {"key": shown_key(comparison, group, row["key"])} for row in rows[:_MOST_KEYS]]
    if len(rows) > _MOST_KEYS:
        rest = sums.totals(comparison, group)[_MOST_KEYS:]
        before, after = sum(one.before for one in rest), sum(one.after for one in rest)
        shown.append(sum_row(sums.Sum(tr(f"其余 {len(rest)} 项", f"{len(rest)} more"), before, after)))
    whole = {"key": tr("合计", "Total"), **document["total"]}
    return Table(_SUMS, shown, tr("按", "By ") + str(GROUP_WORDS[group]), whole)


def _gain(who: str, found: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: found[name]["count"] for name in GAIN_WORDS}
    return {"who": who, **counts, "gain_yuan": found["gain"]["yuan"], "lose_yuan": found["lose"]["yuan"]}


def _largest_changes(comparison: Comparison) -> Iterator[Block]:
    at = comparison.changed.nonzero()[0]
    shown = at[np.argsort(-np.abs(comparison.difference[at]), kind="stable")[:_MOST_CHANGES]]
    rows = [
        {
            **row,
            "place": f"{PurePath(row['file']).name} {row['sheet']} {row['row']}",
            "programme": shown_key(comparison, "programme", row["programme"]),
            "from": said(row["from"]),
            "to": said(row["to"]),
        }
        for row in changes_at(comparison, shown)
    ]
    if rows:
        yield Table(_CHANGED, rows, tr("变化最大的明细", "The lines that change most"))
    more = len(at) - len(rows)
    if more:
        yield Prose(tr(f"另有 {more} 笔，见工作簿", f"{more} more in the workbook"), "dim")
