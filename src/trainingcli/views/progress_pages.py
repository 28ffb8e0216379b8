"""The plan's targets as `progress` prints them: the document's keys, its columns, the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainingcli.language import Text, tr
from trainingcli.policy import Policy
from trainingcli.result import Block, Column, Listing, Prose, Table, columns
from trainingcli.views.progress import Progress
from trainingcli.views.words import UNSTATED

SCHEMA = "trainingcli.progress/1"
TARGETS = Listing(
    "targets",
    columns("""
    target    目标       code     Target
    year      年度       code     Year
    value     完成       count    Value
    base      基数       count    Base
    share     占比(%)    percent  Share (%)
    goal      目标值     count    Goal
    met       达到       code     Met
    distance  差距       count    Distance
    unknown   情况不明   count    Unknown
    source    来源       text     Source
    why       说明       text     Why
    """),
)
SPLITS = {
    "by_year": Text("年度", "Year"),
    "by_district": Text("区县", "District"),
    "by_category": Text("人员类别", "Category"),
}
_COUNTS = columns("""
    events  人次  count  Events
    people  人数  count  People
""")
_CERTIFICATES = columns("""
    year          年度    code   Year
    level         等级    text   Level
    certificates  证书数  count  Certificates
""")
_MET = {"True": Text("是", "yes"), "False": Text("否", "no")}


def facts(found: Progress) -> dict[str, Any]:
    """Return the document's keys beside its main list."""
    return {"ledger": found.ledger.shown(), **found.lists, "certificates": found.certificates}


def screen(found: Progress, policy: Policy) -> Iterator[Block]:
    """Yield a table a target, then events and people, then certificates, which are part of no target."""
    yield Prose(tr("方案目标的完成情况（一）", "The plan's targets (一)"), "bold")
    shown = [column for column in TARGETS.columns if column.key not in ("target", "source")]
    shown = [Column("met", column.heading, "code", _MET) if column.key == "met" else column for column in shown]
    for code in dict.fromkeys(target.target for target in found.targets):
        rows = [target.shown() for target in found.targets if target.target == code]
        filled = [column for column in shown if any(row[column.key] is not None for row in rows)]
        yield Table(filled, rows, f"{policy.quantities[code].name}（{policy.quantities[code].unit}）")
    for name, groups in found.lists.items():
        named = [{**row, "key": str(UNSTATED) if row["key"] is None else row["key"]} for row in groups]
        if named:
            yield Table((Column("key", SPLITS[name]), *_COUNTS), named)
    if found.certificates:
        yield Table(
            _CERTIFICATES, found.certificates, tr("补贴过的证书（不计入目标）", "Certificates paid for (no target)")
        )
