"""The ledger as people look at it: entries with their people, balances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from trainingcli.errors import UsageError
from trainingcli.facts import UNIT_KINDS
from trainingcli.language import Text
from trainingcli.masking import mask_id, mask_name, mask_numbers
from trainingcli.money import yuan_text
from trainingcli.reports.data.frames import records
from trainingcli.result import Listing, columns
from trainingcli.views.batches import local_time
from trainingcli.views.paid_lines import paid_table

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger, Verification
    from trainingcli.views.districts import Districts


ENTRIES = Listing(
    "lines",
    columns("""
    -entry             分录        count  Entry
    -batch             批次        count  Batch
    line               明细        count  Line
    name               姓名        text   Name
    id_number          身份证号    code   ID number
    payee              补贴对象    text   Payee
    yuan               金额(元)    yuan   Yuan
    -kind              种类        code   Kind
    -reverses          冲销的分录  count  Reverses
    programme          补贴项目    text   Programme
    occupation         职业(工种)  text   Occupation
    level              等级        text   Level
    -training_type     培训类型    text   Training type
    -start_date        开班日期    date   Start
    -end_date          结业日期    date   End
    -certificate_date  发证日期    date   Certificate
    -event             培训        count  Event
    -event_year        年度        count  Year
    -fund              资金        text   Fund
    reversed_by        冲销分录    count  Reversed by
    -hash              摘要        code   Hash
    -unit              基地工作室  text   Unit
    -day               入账日      date   Posting day
    -refers            相关分录    count  Refers to
    -waiver            特批        text   Waiver
    -decision          决定        text   Decision
    -facts             记录        text   Facts
    -operator          操作人      text   Operator
    -why               原因        text   Why
    -posted_at         记账时间    text   Posted at
    """),
)
BALANCES = Listing(
    "balances",
    columns("""
    fund      资金    text   Fund
    year      年度    count  Year
    opening   期初    yuan   Opening
    posted    入账    yuan   Posted
    reversed  已冲销  yuan   Reversed
    closing   期末    yuan   Closing
    """),
)
_PEOPLE = ("name", "id_number", "payee")


BATCH_ENTRIES = tuple(column._replace(on_screen=column.on_screen or column.key == "kind") for column in ENTRIES.columns)
"""The columns of a batch's entries on the screen: it may hold others than payments."""

rows_of = records
"""The rows of a view as plain values; what is missing is None."""


def _yuan(fen: Any) -> pd.Series[str]:
    return pd.Series([yuan_text(value) for value in fen], dtype="str")


def entries_view(ledger: Ledger, batch: int | None, *, unmask: bool) -> pd.DataFrame:
    """Return entries with the people they are of, from the batches' archives; of one batch or of all.

    Masked, no number of a person stands in their other texts either (a payee's name …).
    """
    found = ledger.entries(batch)
    if batch is not None and not len(found):
        raise UsageError(
            Text(
                f"台账没有批次 {batch}；请用 trainingcli ledger list 查看批次",
                f"the ledger has no batch {batch}; see trainingcli ledger list",
            )
        )
    # A reversal has no archive: who it is of stands in that of the payment.
    known = found if batch is None else pd.concat([found, ledger.referred(batch)], ignore_index=True)
    people = _people(ledger, known, unmask=unmask).iloc[: len(found)]
    shown = ["entry", "batch", "line", "kind", "reverses", "programme", "occupation", "level", "training_type",
             "start_date", "end_date", "certificate_date", "event", "event_year", "fund", "reversed_by",
             "hash", "day", "refers", "waiver", "decision", "facts"]  # fmt: skip
    view = found[shown].copy()
    view.insert(3, "yuan", _yuan(found["approved"]))
    for position, name in enumerate(_PEOPLE):
        view.insert(3 + position, name, people[name].to_numpy())
    view.loc[view["payee"].isna(), "payee"] = found["payee"]
    view["unit"] = _units(ledger, known).iloc[: len(found)]
    headers = ledger.batches().set_index("batch")
    for name in ("operator", "why"):
        view[name] = found["batch"].map(headers[name]).astype("str")
    view["posted_at"] = found["batch"].map(headers["posted_at"]).map(local_time).astype("str")
    if not unmask:
        for name in ("payee", "occupation", "level", "training_type", "waiver", "decision", "facts", "operator", "why"):
            view[name] = view[name].map(mask_numbers, na_action="ignore")
    return view


def _units(ledger: Ledger, entries: pd.DataFrame) -> pd.Series[str]:
    """Return the base or studio of each award, as it was written; null for everything else."""
    from trainingcli.claims import batch_archive as archive

    units = pd.Series(index=entries.index, dtype="str")
    paid = (entries["kind"] == "payment") & entries["subject_kind"].isin(list(UNIT_KINDS))
    for batch in entries.loc[paid, "batch"].unique():
        here = paid & (entries["batch"] == batch)
        lines = archive.unpack_lines(ledger.archive(int(batch)), ("unit",))
        units[here] = lines["unit"].iloc[entries.loc[here, "line"].to_numpy() - 1].to_numpy()
    of_entry = dict(zip(entries["entry"], units, strict=True))
    return units.where(units.notna(), entries["reverses"].map(of_entry))


def _people(ledger: Ledger, entries: pd.DataFrame, *, unmask: bool) -> pd.DataFrame:
    """Return name, ID number and payee of each entry; what refers to another is of that one's person."""
    from trainingcli.claims import batch_archive as archive

    people = pd.DataFrame(index=entries.index, columns=list(_PEOPLE), dtype=object)
    owner = entries["subject"]
    known: dict[str, tuple[Any, Any]] = {}
    paid = (entries["kind"] == "payment") & (entries["subject_kind"] == "person")
    for batch in entries.loc[paid, "batch"].unique():
        here = paid & (entries["batch"] == batch)
        lines = archive.unpack_lines(ledger.archive(int(batch)), _PEOPLE)
        taken = lines.iloc[entries.loc[here, "line"].to_numpy() - 1]
        for name in _PEOPLE:
            people.loc[here, name] = taken[name].to_numpy()
        known.update(zip(owner[here], zip(taken["name"], taken["id_number"], strict=True), strict=True))
    for index in people.index[people["name"].isna()]:
        people.loc[index, ["name", "id_number"]] = known.get(owner[index], (None, None))
    payees = dict(zip(entries["entry"], people["payee"], strict=True))  # a reversal's is its payment's: sums by payee
    people["payee"] = people["payee"].where(people["payee"].notna(), entries["reverses"].map(payees))
    if not unmask:
        to_trainee = people["payee"].notna() & (people["payee"] == people["name"])
        people.loc[to_trainee, "payee"] = people.loc[to_trainee, "payee"].map(mask_name)
        people["name"] = people["name"].map(lambda name: None if pd.isna(name) else mask_name(name))
        people["id_number"] = people["id_number"].map(lambda number: None if pd.isna(number) else mask_id(number))
    return people


EXPORT = {
    "entry": "分录号", "batch": "批次", "line": "明细", "kind": "种类", "day": "入账日", "posted_at": "记账时间",
    "operator": "操作人", "why": "原因", "name": "姓名", "id_number": "身份证号",
    "unit": "基地工作室", "payee": "补贴对象",
    "district": "区县", "yuan": "金额(元)", "fund": "资金来源", "programme": "补贴项目", "occupation": "职业(工种)",
    "level": "等级", "training_type": "培训类型", "start_date": "开班日期", "end_date": "结业日期",
    "certificate_date": "发证日期", "event": "培训编号", "event_year": "培训年度", "reverses": "冲销分录",
    "reversed_by": "被冲销于", "refers": "相关分录", "waiver": "特批", "decision": "决定", "facts": "记录",
    "hash": "哈希",
}  # fmt: skip
"""Column of `export_view` → its heading in the file."""


def export_view(ledger: Ledger, districts: Districts, *, unmask: bool) -> pd.DataFrame:
    """Return every entry under Chinese headings, signed amounts in yuan as numbers: a reversal is below zero.

    `districts`: what the district of a line's institution, employer or host is looked up in (contract-2, 4).
    """
    view = entries_view(ledger, None, unmask=unmask)
    fen = ledger.entries()["approved"].where(view["kind"] != "reversal", -ledger.entries()["approved"])
    moves = view["kind"].isin(["payment", "reversal", "budget", "opening"])
    view["yuan"] = (fen / 100).where(moves)  # the file's number alone: every sum is made of fen
    paid = paid_table(ledger, ["entry", "district"], districts=districts).to_pydict()
    where = dict(zip(paid["entry"], paid["district"], strict=True))
    view["district"] = view["entry"].where(view["reverses"].isna(), view["reverses"]).map(where).astype("str")
    return view[list(EXPORT)].rename(columns=EXPORT)


def balances_view(found: Verification) -> pd.DataFrame:
    """Return the balances of funds by year, in yuan: opening + posted − reversed = closing."""
    return pd.DataFrame(
        {
            "fund": [item.fund for item in found.balances],
            "year": [item.year for item in found.balances],
            **{
                name: _yuan([getattr(item, name) for item in found.balances])
                for name in ("opening", "posted", "reversed", "closing")
            },
        }
    )
