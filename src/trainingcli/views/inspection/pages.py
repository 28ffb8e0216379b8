"""Frame and draw as documents and on a terminal: the list of classes, what is said beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trainingcli.language import Text, tr
from trainingcli.result import Block, Column, Listing, Prose, Table, columns

SCHEMA = "trainingcli.inspection/1"
CLASSES = Listing(
    "classes",
    columns("""
    label        班级标识    text   Label
    institution  培训机构    text   Institution
    class_no     班级编号    text   Class no.
    occupation   职业(工种)  text   Occupation
    level        等级        text   Level
    start_date   开班日期    date   Start
    end_date     结业日期    date   End
    people       人数        count  People
    yuan         金额        yuan   Yuan
    weight       权重        count  Weight
    ticket       签号        code   Ticket
    k            第几签      count  k
    order        顺序        count  Order
    drawn        抽中        code   Drawn
    """),
    Listing("points", columns("points 分 count Points\nwhy 理由 text Why")),
)
_MOST = 30  # classes on a screen
_SHOWN = columns("""
    order        顺序        count  Order
    institution  培训机构    text   Institution
    class_no     班级编号    text   Class no.
    occupation   职业(工种)  text   Occupation
    start_date   开班日期    date   Start
    people       人数        count  People
    weight       权重        count  Weight
    reasons      风险分      text   Points
""")


def screen(
    rows: Sequence[Mapping[str, Any]], hash_: str, outputs: Sequence[str], seed: str | None = None, take: int = 0
) -> Iterator[Block]:
    """Yield the heaviest classes of a frame, or those drawn and the first substitutes; hash and files."""
    if seed is None:
        yield Prose(tr(f"抽查底册：{len(rows)} 个班", f"Frame of on-site checks: {len(rows)} classes"), "bold")
        heaviest = sorted(rows, key=lambda row: -row["weight"])[:_MOST]
        shown = [column for column in _SHOWN if column.key != "order"]
        yield from _table(shown, heaviest, tr("权重最大的班", "The heaviest"), len(rows))
    else:
        drawn = rows[:take]
        title = tr(f"抽查名单：{len(rows)} 个班抽 {len(drawn)} 个", f"Drawn: {len(drawn)} of {len(rows)} classes")
        yield Prose(f"{title}　{tr('种子', 'seed')}：{seed}", "bold")
        yield from _table(_SHOWN, drawn[:_MOST], tr("抽中", "Drawn"), len(drawn))
        yield from _table(
            _SHOWN, rows[take : take + 5], tr("替补（按顺序）", "Substitutes, in order"), len(rows) - take
        )
    yield Prose(f"{tr('内容哈希', 'Content hash')}：{hash_}")
    yield from (Prose(path) for path in outputs)


def _table(shown: Sequence[Column], rows: Sequence[Mapping[str, Any]], title: str, of: int) -> Iterator[Block]:
    if not rows:
        return
    more = tr(f"（{len(rows)} 个，共 {of} 个）", f" ({len(rows)} of {of})") if len(rows) < of else ""
    yield Table(shown, [{**row, "reasons": _reasons(row)} for row in rows], title + more)


def _reasons(row: Mapping[str, Any]) -> str:
    return tr("；", "; ").join(f"{one['points']} {one['why']}" for one in row["points"])


NOTHING = Text("没有可抽查的班", "there is no class to check")
