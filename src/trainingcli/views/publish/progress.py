"""How far the plan's targets are reached, as it is published (目标完成情况, 三(九)): small counts hidden.

Categories tell who people are: a count by them below 5 is `<5`, and so is the next smallest, so that nobody is counted
out of a sum; no total stands below. A share of people who are no employees is a count by category as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trainingcli.language import Text
from trainingcli.result import Column, columns
from trainingcli.views.progress import IN_WORK, Progress, Target
from trainingcli.views.progress_pages import SPLITS, TARGETS
from trainingcli.views.publish.document import Document, Section, table_of
from trainingcli.views.words import UNSTATED

if TYPE_CHECKING:
    from trainingcli.policy import Policy

KIND, NAME = "progress", "目标完成情况"
FEW, HIDDEN = 5, "<5"
# As `progress` has them; the target's name is text here, which may be folded.
_TARGETS = (Column("target", Text("目标", "Target")), *(each for each in TARGETS.columns[1:] if each.key != "source"))
_COUNTS = columns("events 人次 count Events\npeople 人数 count People")
_CERTIFICATES = columns("year 年度 code Year\nlevel 等级 text Level\ncertificates 证书数 count Certificates")
_MET = {True: Text("是", "yes"), False: Text("否", "no"), None: Text("不明", "not known")}


def reached(found: Progress, policy: Policy, said: Sequence[Text] = ()) -> Document:
    """Make the document of the view; `said`: what else the one who publishes must know."""
    sections = [_targets(found.targets, policy), *(_counted(name, rows) for name, rows in found.lists.items())]
    if found.certificates:
        heading = Text("已补贴的证书（不计入目标）", "Certificates paid for")
        rows = [{**row, "level": row["level"] or str(UNSTATED)} for row in found.certificates]
        sections.append(Section(heading, _CERTIFICATES, table_of(_CERTIFICATES, rows)))
    return Document(
        KIND,
        NAME,
        Text("职业技能提升培训工作任务完成情况", "Progress of vocational training"),
        Text(
            "依据《太原市推进职业技能提升培训实施方案》一、三(九)，现公开工作任务完成情况。人次按仍然有效的补贴支付计。",
            "Published under the plan's clauses 一 and 三(九). Counted are trainings with a payment that stands.",
        ),
        [],
        sections,
        (),
        [*said, *found.said],
    )


def _targets(targets: Sequence[Target], policy: Policy) -> Section:
    rows = [_row(target, policy) for target in targets]
    filled = tuple(column for column in _TARGETS if any(row[column.key] is not None for row in rows))
    note = Text(f"{HIDDEN}：人数少于 {FEW}，不公布。", f"{HIDDEN}: fewer than {FEW}, not published.")
    hides = any(row["base"] == HIDDEN for row in rows)
    return Section(
        Text("方案目标", "Targets"), filled or _TARGETS[:2], table_of(filled or _TARGETS[:2], rows), None,
        (note,) if hides else (),
    )  # fmt: skip


def _row(target: Target, policy: Policy) -> dict[str, Any]:
    shown, share = target.shown(), target.share
    quantity = policy.quantities[target.target]
    row = {
        **shown, "target": f"{quantity.name}（{quantity.unit}）", "met": str(_MET[shown["met"]]),
        "share": None if share is None else int(share.replace(".", "")),
    }  # fmt: skip
    if target.target == IN_WORK and target.base is not None and 0 < target.base < FEW:
        row |= {"base": HIDDEN, "value": None, "share": None, "met": None, "distance": None, "unknown": None}
    return row


def _counted(name: str, rows: Sequence[Mapping[str, Any]]) -> Section:
    heading = SPLITS[name]
    listed = (Column("key", heading), *_COUNTS)
    named = [{**row, "key": str(UNSTATED) if row["key"] is None else str(row["key"])} for row in rows]
    hides = name == "by_category"
    shown = hidden(named) if hides else named
    zh, en = (
        f"{HIDDEN}：少于 {FEW}，或是其次少的一项，不公布；不列合计。",
        f"{HIDDEN}: fewer than {FEW}, or the next smallest",
    )
    notes = (Text(zh, f"{en}; not published, no total."),) if shown != named else ()
    title = Text(f"按{heading.zh}", f"By {heading.en.lower()}")
    return Section(title, listed, table_of(listed, shown), None, notes)


def hidden(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows, the counts of those with fewer than 5 people or events hidden, and of the next smallest."""
    order = sorted(rows, key=lambda row: (row["people"], row["events"]))
    few = [row for row in order if min(row["people"], row["events"]) < FEW]
    keys = {row["key"] for row in order[: len(few) + 1]} if few else set()
    return [{**row, "events": HIDDEN, "people": HIDDEN} if row["key"] in keys else row for row in rows]
