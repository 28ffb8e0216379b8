"""The draw (抽签): each class has as many tickets as its weight; the smallest is its own, and the order is theirs.

A ticket is the SHA-256 of `seed|label|k`, which `printf %s 'seed|label|k' | sha256sum` computes as well. A class's
tickets depend on nothing but the seed and itself: one more class changes no other's place before or behind another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.views.inspection.classes import InspectedClass

_SEED = re.compile(r"[A-Za-z0-9 \-._:〇\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Drawn:
    """A class with its ticket (`k`: which of its tickets it is), its place in the order, and whether it is drawn."""

    one: InspectedClass
    ticket: str
    k: int
    order: int
    drawn: bool

    def shown(self) -> dict[str, Any]:
        """Return the class as documents have it."""
        return {**self.one.shown(), "ticket": self.ticket, "k": self.k, "order": self.order, "drawn": self.drawn}


def seed_of(text: str) -> str:
    """Return a seed that anyone can type in a shell; UsageError (exit 2) for another, and for none."""
    if not text.strip() or not _SEED.fullmatch(text):
        zh = "种子（--seed）只能用字母、数字、空格、汉字和 - . _ :，不能为空"
        en = "a seed (--seed) has letters, digits, blanks, Chinese characters and - . _ : alone, and some of them"
        raise UsageError(Text(zh, en))
    return text


def ticket(seed: str, label: str, k: int) -> str:
    """Return one ticket, lower-case hex."""
    return hashlib.sha256(f"{seed}|{label}|{k}".encode()).hexdigest()


def own_ticket(seed: str, label: str, weight: int) -> tuple[str, int]:
    """Return the smallest of a class's tickets, and which it is (from 1)."""
    return min((ticket(seed, label, k), k) for k in range(1, weight + 1))


def draw(classes: Iterable[InspectedClass], seed: str, take: int) -> list[Drawn]:
    """Return every class in the order of the tickets: the first `take` are drawn, the rest are substitutes in order."""
    tickets = sorted((*own_ticket(seed, one.label, one.weight), one.label, one) for one in classes)
    return [Drawn(one, drawn, k, order, order <= take) for order, (drawn, k, _, one) in enumerate(tickets, 1)]


def check_line(seed: str, one: Drawn) -> str:
    """Return what anyone types to compute the ticket again."""
    return f"printf %s '{seed}|{one.one.label}|{one.k}' | sha256sum"
