"""A class of the frame (抽查底册): its label, what makes it risky, its weight; and the hash of all classes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from trainingcli.compared import squeeze
from trainingcli.money import yuan_text
from trainingcli.views.inspection.risks import Risk

PARTS = ("institution", "class_no", "occupation", "level", "start_date")
"""What a label is made of, in this order; what a class lacks is empty there."""


@dataclass(frozen=True)
class InspectedClass:
    """One class. Texts as the rosters wrote them, days ISO; `yuan` in fen; `people`: different ID numbers.

    `risks`: what gives it points. `weight`: 1 and its points, at most `risk_most` of them.
    """

    institution: str | None
    class_no: str | None
    occupation: str | None
    level: str | None
    start_date: str | None
    end_date: str | None
    people: int
    yuan: int
    risks: tuple[Risk, ...] = ()
    weight: int = 1

    @property
    def label(self) -> str:
        """What the class is known by, and its tickets are made of."""
        return label_of([getattr(self, part) for part in PARTS])

    @property
    def line(self) -> str:
        """The class as it goes into the hash: neither the language nor blanks make another one."""
        risks = " ".join(risk.code_text for risk in self.risks)
        figures = (str(self.people), yuan_text(self.yuan), risks, str(self.weight))
        return "\t".join((self.label, self.end_date or "", *figures))

    def shown(self) -> dict[str, Any]:
        """Return the class as documents have it; a draw fills in what is drawn."""
        return {
            "label": self.label, **{part: getattr(self, part) for part in PARTS}, "end_date": self.end_date,
            "people": self.people, "yuan": yuan_text(self.yuan), "points": [risk.shown() for risk in self.risks],
            "weight": self.weight, "ticket": None, "order": None, "drawn": None,
        }  # fmt: skip


@dataclass(frozen=True)
class Trainee:
    """Somebody of a class as the frame keeps people: masked, for the frame is shown to others."""

    label: str
    name: str
    id_number: str


def label_of(parts: Iterable[str | None]) -> str:
    """Return a label: each part NFKC without blanks and unseen signs, joined by `|` (contract-2, 4)."""
    return "|".join(squeeze(part or "") for part in parts)


def content_hash(classes: Sequence[InspectedClass]) -> str:
    """Return the SHA-256 (hex) of the classes' lines, sorted, a line break behind each; UTF-8."""
    return hashlib.sha256("".join(sorted(f"{one.line}\n" for one in classes)).encode()).hexdigest()
