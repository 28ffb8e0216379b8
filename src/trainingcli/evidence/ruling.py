"""What the decisions about one line come to (放行、不予、核定金额), whether its subject is a person or a unit.

Which decisions meet a line is for whoever knows its lines to say; here they are put together, and what cannot be is
said with its cells: two that disagree, an amount above what would be paid.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from trainingcli.evidence.deciding import Decision, refuse
from trainingcli.language import Text
from trainingcli.masking import mask_numbers
from trainingcli.money import yuan_text
from trainingcli.settle.decided import Ruling


class Asked(NamedTuple):
    """A line that decisions are about. `holds`: the reasons that hold it. Money in fen, None where it is not known.

    `most`: the largest amount claimed; `share`: what lines have in common that share one amount (rows of one merge).
    """

    line: int
    holds: Collection[str]
    entitled: int | None
    most: int | None
    share: Hashable = None


@dataclass
class Outcome:
    """What the decisions came to over some lines; a batch's parts each have one.

    `met`: decision → codes that it still found; a decision that met no line is not there. `shares`: what was allowed of
    an amount that several lines share: fen of the whole, and of each decision on a line (None: of an earlier one).
    """

    met: dict[int, set[str]] = field(default_factory=dict)
    faults: list[Text] = field(default_factory=list)
    shares: dict[Hashable, tuple[int, list[tuple[int | None, int]]]] = field(default_factory=dict)

    def rule(self, asked: Asked, decisions: Sequence[Decision]) -> Ruling | None:
        """Return what the decisions that meet a line come to; None where they name no reason that holds it."""
        decided: dict[str, Decision] = {}
        for decision in decisions:
            found = self.met.setdefault(decision.number, set())
            for code in decision.codes:
                if code in asked.holds:
                    found.add(code)
                    first = decided.setdefault(code, decision)
                    if first.releases != decision.releases:
                        self._disagree(first, decision, "decision", code)
        if not decided:
            return None
        releasing = {each.number: each for each in decided.values() if each.releases}
        amount = self._amount(asked, [each for each in decisions if each.releases and self.met[each.number]])
        released = {code: _said(each) for code, each in decided.items() if each.releases}
        refused = {code: _said(each) for code, each in decided.items() if not each.releases}
        record = _record(decided, list(releasing.values()) or list(decided.values()), amount)
        return Ruling(asked.line, released, refused, amount, record)

    def _amount(self, asked: Asked, decisions: Sequence[Decision]) -> int | None:
        """Return the amount that they name, and say where it is none that can be paid."""
        naming = [each for each in decisions if each.amount is not None]
        if not naming:
            return None
        for other in naming[1:]:
            if other.amount != naming[0].amount:
                self._disagree(naming[0], other, "amount", "")
        amount = naming[0].amount or 0
        for bound, zh, en in ((asked.entitled, "应补金额", "the entitlement"), (asked.most, "申报金额", "the claim")):
            if bound is not None and amount > bound:
                self._too_much(naming[0], amount, Text(f"{zh} {yuan_text(bound)}", f"{en}, {yuan_text(bound)}"))
                break
        if asked.share is not None and asked.most is not None:
            self.shares.setdefault(asked.share, (asked.most, []))[1].append((naming[0].number, amount))
        return amount

    def paid(self, share: Hashable, whole: int, fen: int) -> None:
        """Count what an earlier decision paid of an amount that lines share."""
        self.shares.setdefault(share, (whole, []))[1].append((None, fen))

    def _disagree(self, one: Decision, other: Decision, key: str, code: str) -> None:
        places = one.place(key), other.place(key)
        zh = f"{places[0]} 与 {places[1]} 对同一笔的决定不一致{f'（{code}）' if code else ''}"
        en = f"{places[0]} and {places[1]} decide differently on one line{f' ({code})' if code else ''}"
        self.faults.append(Text(zh, en))

    def _too_much(self, decision: Decision, amount: int, bound: Text) -> None:
        place, fen = decision.place("amount"), yuan_text(amount)
        zh, en = f"{place}：核定金额 {fen} 元高于{bound.zh} 元", f"{place}: {fen} yuan are more than {bound.en} yuan"
        self.faults.append(Text(zh, en))


def joined(parts: Sequence[Outcome], decisions: Sequence[Decision]) -> Outcome:
    """Join what a batch's parts came to; what lines share is compared over all of them."""
    whole = Outcome()
    for part in parts:
        whole.faults += part.faults
        for number, codes in part.met.items():
            whole.met.setdefault(number, set()).update(codes)
        for share, (bound, allowed) in part.shares.items():
            whole.shares.setdefault(share, (bound, []))[1].extend(allowed)
    for bound, allowed in whole.shares.values():
        amount = sum(fen for _, fen in allowed)
        today = [number for number, _ in allowed if number is not None]
        if amount > bound and today:
            before = sum(fen for number, fen in allowed if number is None)
            zh, en = (f"（连同已付的 {yuan_text(before)} 元）", " with what was paid") if before else (" ", "")
            said = Text(
                f"共用的申报金额{zh}{yuan_text(bound)}", f"the amount shared with other lines{en}, {yuan_text(bound)}"
            )
            whole._too_much(decisions[max(today)], amount, said)
    return whole


def summary(outcome: Outcome, decisions: Sequence[Decision]) -> dict[str, int]:
    """Return the counts that the document shows; raise UsageError where decisions do not hold."""
    refuse(outcome.faults)
    used = sum(bool(outcome.met.get(each.number)) for each in decisions)
    return {"entries": len(decisions), "used": used, "unused": len(decisions) - used}


def unmet(outcome: Outcome, decisions: Sequence[Decision]) -> Iterator[Text]:
    """Say of each decision that it meets no line, or no longer the codes that it names."""
    for decision in decisions:
        place = decision.place("decision")
        if decision.number not in outcome.met:
            yield Text(
                f"{place}：决定没有对应的明细，未起作用", f"{place}: the decision meets no line and has no effect"
            )
            continue
        gone = [code for code in decision.codes if code not in outcome.met[decision.number]]
        if gone:
            codes = "、".join(gone)
            yield Text(f"{place}：这笔明细已没有 {codes}", f"{place}: the line no longer has {', '.join(gone)}")


def _said(decision: Decision) -> Text:
    return Text(mask_numbers(decision.detail.zh), mask_numbers(decision.detail.en))


def _record(decided: Mapping[str, Decision], speaking: Sequence[Decision], amount: int | None) -> str:
    """Return what the ledger's entry keeps: codes, 依据, 经办人, 核定金额, and the cells where it was decided."""
    codes = sorted(code for code, each in decided.items() if each in speaking)

    def said(key: str) -> str:
        return "；".join(dict.fromkeys(str(each.said[key]) for each in speaking if key in each.said))

    record = {"decision": "放行" if speaking[0].releases else "不予", "codes": codes, "grounds": said("grounds")}
    more = {"decided_by": said("decided_by"), "amount": "" if amount is None else yuan_text(amount)}
    cells = [each.place("decision") for each in speaking]
    return json.dumps(record | {key: text for key, text in more.items() if text} | {"cells": cells}, ensure_ascii=False)
