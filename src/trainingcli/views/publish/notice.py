"""The public notice of subsidies (补贴公示): who is to be paid, or was, and each payee's counts.

What stands is listed: a payment that was reversed is on no list and in no count, and how many there were is said.
Counts are those of the batches' own assessments; what one of them found paid before counts in the batch that paid it.
Imported payments were made elsewhere: they are part of what was paid, and of nothing that is to be paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.compared import folded_name
from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.ledger.posting import TRAINEE
from trainingcli.masking import mask_id
from trainingcli.money import grouped_yuan, yuan_text
from trainingcli.result import columns
from trainingcli.views.paid_lines import archive_lines, paid_table
from trainingcli.views.period import Period
from trainingcli.views.publish.document import Document, Section, day_text, public_column, table_of
from trainingcli.views.publish.objection import Standing
from trainingcli.views.words import UNSTATED, programme_words

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy

KIND, NAME = "notice", "补贴公示"
IMPORT = "import"
POSTINGS = ("claims", "awards", IMPORT)
PEOPLE = columns("""
    number       序号        count  No.
    name         姓名        text   Name
    id_number    身份证号    code   ID number
    institution  培训机构    text   Institution
    occupation   职业(工种)  text   Occupation
    level        等级        text   Level
    time         培训时间    text   Time
    programme    补贴项目    text   Programme
    yuan         金额(元)    yuan   Yuan
""")
PAYEES = columns("""
    payee          补贴对象        text   Payee
    claimed        申报笔数        count  Claimed
    claimed_yuan   申报金额(元)    yuan   Yuan claimed
    approved       核定笔数        count  Approved
    approved_yuan  核定金额(元)    yuan   Yuan approved
    reduced        核减笔数        count  Reduced
    reduced_yuan   核减后金额(元)  yuan   Yuan after reduction
    held           待核笔数        count  Held
    held_yuan      待核金额(元)    yuan   Yuan held
    rejected       不予补贴笔数    count  Rejected
    rejected_yuan  不予补贴金额(元)  yuan  Yuan rejected
    yuan           补贴金额合计(元)  yuan  Yuan paid
""")
_COLUMNS = (
    "batch", "day", "reversed_on", "programme", "payee", "approved", "claimed", "status", "name", "unit", "id_number",
    "institution", "employer", "host", "archived.occupation", "occupation", "level", "grade", "start_date", "end_date",
    "certificate_date",
)  # fmt: skip
_OF_STATUS = {"approved": "approved", "reduced": "approved", "held": "claimed", "rejected": "claimed"}
"""Status → the sum that stands beside its count: what is paid, or what was asked for."""


@dataclass(frozen=True)
class AskedNotice:
    """What the notice is of: batches, or all that a period posted; `paid`: it says what was paid, not what will be."""

    batches: Sequence[int]
    period: Period
    paid: bool = False

    def __str__(self) -> str:
        return "、".join(map(str, self.batches)) or str(self.period)


def notice(ledger: Ledger, policy: Policy, asked: AskedNotice, stands: Standing) -> Document:
    """Make the notice by one state of the ledger. UsageError for a batch that is not there or posted nothing."""
    kinds = _kinds(ledger, asked)
    found = paid_table(
        ledger, _COLUMNS, batches=set(asked.batches) or None, since=asked.period.since, until=asked.period.until
    )
    first, last = asked.period.ends
    posted = found.filter(pc.and_(pc.greater_equal(found["day"], first), pc.less_equal(found["day"], last)))
    imports = [batch for batch, kind in kinds.items() if kind == IMPORT and not asked.paid]
    posted = posted.filter(pc.invert(pc.is_in(posted["batch"], pa.array(imports, pa.int64()))))
    lines = posted.filter(pc.is_null(posted["reversed_on"]))
    refusing = [batch for batch, kind in kinds.items() if kind != IMPORT]
    yuan = int(pc.sum(lines["approved"]).as_py() or 0)
    notes = _notes(posted.num_rows - lines.num_rows)
    none = Text("没有可公示的补贴", "there is nothing to be published")
    return Document(
        KIND,
        NAME,
        _title(asked),
        _lead(asked, lines.num_rows, yuan),
        _facts(asked, stands, lines.num_rows, yuan),
        [_people(lines, policy, yuan), _payees(ledger, lines, refusing, policy)],
        [*notes, *stands.said()],
        [*([] if lines.num_rows else [none]), *stands.said()],
        {
            "totals": {"lines": lines.num_rows, "yuan": yuan_text(yuan)},
            "standing": {
                "from": stands.start.isoformat(), "to": stands.end.isoformat(), "days": stands.days,
                "counted": stands.counted,
            },
        },
    )  # fmt: skip


def _title(asked: AskedNotice) -> Text:
    if asked.paid:
        return Text("职业技能培训补贴发放情况公示", "Notice of training subsidies paid")
    return Text("拟发放职业技能培训补贴公示", "Notice of training subsidies to be paid")


def _lead(asked: AskedNotice, lines: int, yuan: int) -> Text:
    verb = Text("已发放", "have been paid") if asked.paid else Text("拟发放", "are to be paid")
    return Text(
        f"依据《太原市推进职业技能提升培训实施方案》，{verb.zh}以下职业技能培训补贴，共 {lines} 笔、"
        f"{grouped_yuan(yuan)} 元，现予公示。对公示内容有异议的，请在公示期内实名向发布单位反映。",
        f"Under Taiyuan's plan for vocational training the subsidies below {verb.en}: {lines} lines, "
        f"{grouped_yuan(yuan)} yuan. Whoever objects may tell the office below while it stands, by name.",
    )


def _facts(asked: AskedNotice, stands: Standing, lines: int, yuan: int) -> list[tuple[Text, Text | str]]:
    start, end, kind = day_text(stands.start), day_text(stands.end), stands.kind
    batches = "、".join(map(str, asked.batches))
    return [
        (
            Text("公示期", "Stands"),
            Text(f"{start.zh}至{end.zh}（{stands.days} 个{kind.zh}，自次日起算）",
                 f"{start.en} to {end.en} ({stands.days} {kind.en}, counted from the day after)"),
        ),
        (Text("批次", "Batches"), batches) if batches else (Text("入账日", "Posted"), str(asked.period)),
        (Text("笔数", "Lines"), f"{lines:,}"),
        (Text("金额（元）", "Yuan"), grouped_yuan(yuan)),
    ]  # fmt: skip


def _notes(reversed_lines: int) -> list[Text]:
    zh, en = (
        "申报金额只计填有申报金额的各笔；未填的按应补金额核定。",
        "Yuan claimed are those of lines that name an amount.",
    )
    found = [Text(zh, en)]
    if reversed_lines:
        zh, en = f"另有 {reversed_lines} 笔已冲销，未列入。", f"{reversed_lines} lines were reversed and are left out."
        found.append(Text(zh, en))
    return found


def _kinds(ledger: Ledger, asked: AskedNotice) -> dict[int, str]:
    """Return the batches that posted something, of those asked for or of the period, and the kind of each."""
    headers = {int(row["batch"]): row for row in ledger.batches().to_dict("records")}
    for batch in asked.batches:
        if batch not in headers:
            hint = "trainingcli ledger list"
            raise UsageError(
                Text(f"台账没有批次 {batch}；请用 {hint} 查看批次", f"there is no batch {batch}; see {hint}")
            )
        kind = headers[batch]["kind"]
        if kind not in POSTINGS:
            zh, en = (
                f"批次 {batch} 不是核定入账的批次（{kind}），没有可公示的",
                f"batch {batch} posted no lines ({kind})",
            )
            raise UsageError(Text(zh, en))
        if kind == IMPORT and not asked.paid:
            zh, en = f"批次 {batch} 是导入的历史发放，请加 --paid", f"batch {batch} was paid elsewhere: add --paid"
            raise UsageError(Text(zh, en))
    first, last = asked.period.ends
    chosen = asked.batches or [
        batch for batch, row in headers.items() if row["kind"] == IMPORT or first <= row["day"] <= last
    ]  # an import's payments have days of their own
    return {batch: headers[batch]["kind"] for batch in sorted(chosen) if headers[batch]["kind"] in POSTINGS}


def _people(lines: pa.Table, policy: Policy, yuan: int) -> Section:
    """The list itself, by institution, then as it was posted."""
    words = programme_words(policy)
    by_place = lines.append_column("place", pc.coalesce(lines["institution"], lines["employer"], lines["host"]))
    order = pa.array(range(lines.num_rows), pa.int64())
    chosen = by_place.append_column("order", order).sort_by([("place", "ascending"), ("order", "ascending")])
    table = pa.table(
        {
            "number": pa.array(range(1, lines.num_rows + 1), pa.int64()),
            "name": public_column(pc.coalesce(chosen["unit"], chosen["name"])),
            "id_number": mask_id(chosen["id_number"].combine_chunks()),
            "institution": public_column(chosen["place"]),
            "occupation": public_column(pc.coalesce(chosen["archived.occupation"], chosen["occupation"])),
            "level": public_column(pc.coalesce(chosen["level"], chosen["grade"])),
            "time": _times(chosen),
            "programme": public_column(chosen["programme"], lambda code: str(words.get(code, code))),
            "yuan": chosen["approved"],
        }
    )
    total = {"name": str(Text("合计", "Total")), "yuan": yuan}
    return Section(Text("补贴名单", "List"), PEOPLE, table, total, by="institution")


def _times(lines: pa.Table) -> Any:
    """From when to when somebody trained; of what a certificate alone attests, its day."""
    start, end = lines["start_date"], lines["end_date"]
    to, issued = Text(" 至 ", " to "), Text("（发证）", " (certificate)")
    both = pc.binary_join_element_wise(start, end, str(to))
    return pc.coalesce(both, start, pc.binary_join_element_wise(lines["certificate_date"], str(issued), ""))


def _payees(ledger: Ledger, lines: pa.Table, refusing: Sequence[int], policy: Policy) -> Section:
    sums: dict[str | None, dict[str, Any]] = {}
    _count(sums, lines.select(["payee", "status", "claimed", "approved"]))
    to_trainees = pa.array(sorted(policy.paid_to_trainee()), pa.string())
    for batch in refusing:
        every = archive_lines(ledger, batch, ("payee", "status", "claimed", "approved", "programme", "name"))
        own = every.filter(pc.is_in(every["status"], pa.array(["held", "rejected"])))
        is_person = pc.fill_null(pc.equal(own["payee"], own["name"]), False)  # a programme of a policy of then
        to_trainee = pc.or_(pc.is_in(own["programme"], to_trainees), is_person)
        payee = pc.if_else(to_trainee, TRAINEE, own["payee"])
        _count(sums, own.set_column(own.column_names.index("payee"), "payee", payee))
    rows = sorted(sums.values(), key=lambda row: (row["payee"] is None, row["payee"]))
    total: dict[str, Any] = {column.key: sum(row[column.key] for row in rows) for column in PAYEES[1:]}
    named = [{**row, "payee": str(UNSTATED) if row["payee"] is None else row["payee"]} for row in rows]
    table = table_of(PAYEES, named)
    return Section(
        Text("补贴对象核定情况", "Payees"), PAYEES, table, {"payee": str(Text("合计", "Total")), **total}
    )  # fmt: skip


def _count(sums: dict[str | None, dict[str, Any]], lines: pa.Table) -> None:
    """Add lines to the sums of their payees, told apart as names are compared."""
    grouped = lines.group_by(["payee", "status"], use_threads=False)
    for row in grouped.aggregate([([], "count_all"), ("claimed", "sum"), ("approved", "sum")]).to_pylist():
        name = row["payee"]
        blank = {"payee": name, **{column.key: 0 for column in PAYEES[1:]}}
        mine = sums.setdefault(None if name is None else folded_name(name), blank)
        status, claimed, approved = row["status"], row["claimed_sum"] or 0, row["approved_sum"] or 0
        mine["claimed"] += row["count_all"]
        mine["claimed_yuan"] += claimed
        mine[status] += row["count_all"]
        mine[f"{status}_yuan"] += approved if _OF_STATUS[status] == "approved" else claimed
        mine["yuan"] += approved
