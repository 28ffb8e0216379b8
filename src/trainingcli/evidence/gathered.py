"""Everything that was supplied to settle by beside the rosters: one value, for this program and a cluster's workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trainingcli.facts import Check, FundBudget
from trainingcli.language import Text
from trainingcli.register_title import register_title
from trainingcli.settle.standards import Standards

if TYPE_CHECKING:
    from trainingcli.evidence.register_contents import Contents
    from trainingcli.settle.limits.events import Waiver


@dataclass(frozen=True)
class Sources:
    """What the bureau's registers and other offices' files say; empty where none was supplied.

    `contents`: register → what was read, of those that have a data row; `blank`: those that have none.
    `read`: piece of evidence → what its option's files say.
    `aliases`: alias (别名) → occupation, both as compared. `standards`: 补贴标准 in fen by occupation and level.
    `waivers`: ID number → approved exceptions (特批). `budgets`: fund and year → budget (资金预算) and 期初已用.
    """

    contents: Mapping[str, Contents] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()
    read: Mapping[str, Any] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    standards: Standards = field(default_factory=Standards)
    waivers: Mapping[str, tuple[Waiver, ...]] = field(default_factory=dict)
    budgets: Mapping[tuple[str, int], FundBudget] = field(default_factory=dict)

    def check_of(self, register: str) -> Check:
        """Say whether a register was asked; else that it was not supplied, or has no data row."""
        name = f"register:{register}"
        if register in self.contents:
            return Check(name, True)
        if register in self.blank:
            return Check(
                name,
                False,
                Text(
                    f"{register}.xlsx 没有数据行，视为未提供",
                    f"{register}.xlsx has no data row and counts as not supplied",
                ),
            )
        title = register_title(register)
        why = Text(f"未提供{title.zh}（{register}.xlsx）", f"the register {register}.xlsx was not supplied")
        return Check(name, False, why)
