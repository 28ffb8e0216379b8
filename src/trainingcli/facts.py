"""Facts of a run that every part may state: a line's status, a check, the ledger's head, a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from trainingcli.language import Text

STATUS_WORDS = {
    "approved": Text("核定", "Approved"),
    "reduced": Text("核减", "Reduced"),
    "held": Text("待核", "Held"),
    "rejected": Text("不予补贴", "Rejected"),
    "posted": Text("已入账", "Posted"),
}
"""Status of a claim line (code) → its name, from good to bad."""

EFFECTS = {
    "reject": STATUS_WORDS["rejected"],
    "hold": STATUS_WORDS["held"],
    "reduce": STATUS_WORDS["reduced"],
    "note": Text("提示", "Note"),
}
"""Severity of a reason → what it does to a line."""

STATUSES = tuple(STATUS_WORDS)

UNIT_KINDS = {"base": Text("高技能人才实训基地", "Training base"), "studio": Text("技能大师工作室", "Master studio")}
"""Kind of unit that awards are for (code) → its name, as the column 类型 has it."""


@dataclass(frozen=True)
class Check:
    """One check that a run did, or did not do and why: never passed in silence."""

    check: str
    performed: bool
    why: Text | None = None


class Head(NamedTuple):
    """The ledger's head: the hash of the last entry (64 hex digits) and the count of entries."""

    hash: str
    entries: int

    def shown(self) -> dict[str, str | int]:
        """Return the head as every document has it."""
        return {"head": self.hash, "entries": self.entries}


class BatchRef(NamedTuple):
    """The batch that a run posted, or the earlier one that had posted the same inputs."""

    id: int
    already_posted: bool


class FundBudget(NamedTuple):
    """A fund's year (资金预算), in fen: the budget, and what of it was used."""

    amount: int
    used: int


RETURNS_FOLDER = "退回"
"""Within `--out`: where the institutions' own files, marked, are written."""

GENERAL_AWARDS = ("评估奖励", "建设补贴")
"""Names that stand for the award of a unit's kind: the end of that award's own names."""
RETURN_SHEET = Text("退回说明", "What to do")
"""The sheet that the program adds to what goes back to an institution."""
