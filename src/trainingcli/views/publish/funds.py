"""The use of funds as it is published (资金使用公示, 三(九)): what `funds` says, without the finance office's form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trainingcli.language import Text
from trainingcli.money import grouped_yuan
from trainingcli.result import Column, columns
from trainingcli.views.funds import LISTS, FundAccount, Funds
from trainingcli.views.funds_pages import FUNDS
from trainingcli.views.paid_groups import PaidOfKey
from trainingcli.views.publish.document import Document, Section, table_of
from trainingcli.views.words import UNSTATED, programme_words

if TYPE_CHECKING:
    from trainingcli.policy import Policy

KIND, NAME = "funds", "资金使用公示"
_SUMS = columns("""
    lines     笔数      count  Lines
    people    人数      count  People
    paid      入账(元)  yuan   Paid (yuan)
    reversed  冲销(元)  yuan   Reversed (yuan)
    net       净额(元)  yuan   Net (yuan)
""")


def use_of_funds(found: Funds, policy: Policy) -> Document:
    """Make the document of the view."""
    totals = found.totals
    return Document(
        KIND,
        NAME,
        Text("职业技能提升行动资金使用情况", "Use of training funds"),
        Text(
            "依据《太原市推进职业技能提升培训实施方案》三(九)，现公开各项补贴资金使用情况。资金按整年计："
            "期初已用 + 入账 − 冲销 = 执行数，预算 − 执行数 = 结余；各分类按入账日、冲销日计。",
            "Published under the plan's clause 三(九). Funds are whole years: opening + paid − reversed = used, "
            "budget − used = left; the lists count by the days of paying and reversing.",
        ),
        [
            (Text("期间", "Period"), str(found.period)),
            (Text("入账笔数", "Lines"), f"{totals.lines:,}"),
            (Text("净额（元）", "Net (yuan)"), grouped_yuan(totals.net)),
        ],
        [_accounts(found.accounts), *(_list(name, groups, found, policy) for name, groups in found.lists.items())],
        (),
        found.said,
        {"totals": totals.sums()},
    )


def _accounts(accounts: Sequence[FundAccount]) -> Section:
    rows = [
        {
            "fund": one.fund, "year": one.year, "budget": one.budget, "opening": one.opening, "paid": one.paid,
            "reversed": one.reversed, "closing": one.closing, "left": one.left, "used_percent": _hundredths(one),
        }
        for one in accounts
    ]  # fmt: skip
    return Section(Text("各项资金（元）", "Funds (yuan)"), FUNDS.columns, table_of(FUNDS.columns, rows))


def _hundredths(account: FundAccount) -> int | None:
    text = account.used_percent
    return None if text is None else int(text.replace(".", ""))


def _list(name: str, groups: Sequence[PaidOfKey], found: Funds, policy: Policy) -> Section:
    heading, words = LISTS[name][0], programme_words(policy)
    listed = (Column("key", heading), *_SUMS)
    rows = []
    for group in groups:
        key = (
            UNSTATED if group.key is None else words.get(group.key, group.key) if name == "by_programme" else group.key
        )
        rows.append({"key": str(key), **_figures(group)})
    title = Text(f"按{heading.zh}", f"By {heading.en.lower()}")
    return Section(title, listed, table_of(listed, rows), {"key": str(Text("合计", "Total")), **_figures(found.totals)})


def _figures(group: PaidOfKey) -> dict[str, Any]:
    return {
        "lines": group.lines, "people": group.people, "paid": group.paid, "reversed": group.reversed, "net": group.net
    }  # fmt: skip
