"""The ledger's rules over batches, plainly: policy reading 3, 8.3 and 8.4 for dated lines, written from the text.

Texts are what they mean here (one occupation is one word, however a roster spells it), so that no folding of the
program's is repeated. `Books` keeps every payment; what a batch comes to is worked out from that list alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

ENDLESS = 10**6


@dataclass(frozen=True)
class Policy:
    """Q8 and the yearly bound, the latter by the year of the training."""

    without_level: str = "type"
    bounds: tuple[tuple[int, int], ...] = ((2019, 3),)  # (first year, trainings a year)

    def bound(self, year: int) -> int:
        return [most for first, most in self.bounds if first <= year][-1]


@dataclass(frozen=True)
class Claim:
    """What a row claims, dated; money in fen."""

    person: int
    programme: str
    start: dt.date
    occupation: str
    level: str | None
    kind: str | None  # the training type
    certificate: str | None
    fen: int


@dataclass(eq=False)
class Training:
    """An event: its facts while a batch is settled. `place`: the year in which it has one."""

    person: int
    starts: set[dt.date]
    occupation: str | None = None
    level: str | None = None
    place: int | None = None
    taken: set[str] = field(default_factory=set)

    def agrees(self, occupation: str | None, level: str | None) -> bool:
        return not (self.occupation and occupation and self.occupation != occupation) and not (
            self.level and level and self.level != level
        )

    @property
    def year(self) -> int:
        return self.place or min(self.starts).year


@dataclass(eq=False)
class Payment:
    """One paid line. `training`: the event it belongs to, by its number; `rule`: how Q8 was read then."""

    claim: Claim
    training: int
    year: int
    occupation: str | None
    level: str | None
    key: tuple[object, ...] | None
    rule: str
    batch: int = 0
    line: int = 0
    reversed: bool = False
    until: int = 0  # how many payments there were when it was reversed
    reopened: bool = False

    @property
    def facts(self) -> Claim:
        """The claim with what its event knew."""
        return replace(self.claim, occupation=self.occupation or "", level=self.level)


def key_of(
    programme: str, occupation: str | None, level: str | None, kind: str | None, year: int, rule: str
) -> tuple[object, ...] | None:
    """3.2 and Q8."""
    if occupation is None:
        return None
    if level is not None and programme != "enterprise-training":
        return (occupation, level)
    if rule == "ignore":
        return None
    return (occupation, "type", kind, year) if rule == "type_and_year" else (occupation, "type", kind)


def meets(claim: Claim, paid: Payment, policy: Policy) -> bool:
    """8.3: a line meets a payment that was taken back."""
    was = paid.claim
    if (claim.person, claim.programme) != (was.person, was.programme):
        return False
    if claim.certificate is not None and claim.certificate == was.certificate:
        return True
    same = [(claim.occupation, paid.occupation), (claim.level, paid.level)]
    if claim.start == was.start and not any(one and other and one != other for one, other in same):
        return True
    own = key_of(claim.programme, claim.occupation, claim.level, claim.kind, claim.start.year, policy.without_level)
    its = key_of(was.programme, paid.occupation, paid.level, was.kind, paid.year, policy.without_level)
    return own is not None and own == its and abs((claim.start - was.start).days) <= 30


class Books:
    """Every payment, in the order of posting."""

    def __init__(self) -> None:
        self.payments: list[Payment] = []
        self.trainings = 0

    @property
    def active(self) -> list[Payment]:
        return [one for one in self.payments if not one.reversed]

    def taken_back(self, claim: Claim, policy: Policy) -> bool:
        """Whether the line is held: reversed, neither paid again nor reopened since."""
        for paid in self.payments:
            if paid.reversed and not paid.reopened and meets(claim, paid, policy):
                later = [one for one in self.payments[paid.until :] if not one.reversed]
                if not any(meets(one.facts, paid, policy) for one in later):
                    return True
        return False

    def settle(self, claims: Sequence[Claim], policy: Policy, *, importing: bool = False) -> list[str]:
        """Each line's status; what is approved is added to the payments."""
        statuses = [""] * len(claims)
        for person in dict.fromkeys(claim.person for claim in claims):
            own = [(at, claim) for at, claim in enumerate(claims) if claim.person == person]
            for at, status in self._person(person, own, policy, importing):
                statuses[at] = status
        return statuses

    def _person(
        self, person: int, claims: list[tuple[int, Claim]], policy: Policy, importing: bool
    ) -> list[tuple[int, str]]:
        entries = [one for one in self.active if one.claim.person == person]
        known: dict[int, Training] = {}
        for one in entries:
            training = known.setdefault(one.training, Training(person, set(), place=one.year))
            training.starts.add(one.claim.start)
            training.occupation = training.occupation or one.occupation
            training.level = training.level or one.level
        numbers = {id(training): number for number, training in known.items()}
        holders: list[tuple[object, Training]] = []
        for one in entries:
            training, claim = known[one.training], one.claim
            facts = (claim.programme, one.occupation, training.level, claim.kind, training.year)
            holders += [(key_of(*facts, policy.without_level), training), (one.key, training)]
        rules = {policy.without_level, *(one.rule for one in entries)}
        paid = {(one.training, one.claim.programme) for one in entries}
        certificates = {(one.claim.certificate, one.claim.programme) for one in entries if one.claim.certificate}
        trainings = list(known.values())
        of_row: dict[int, Training] = {}
        for at, claim in claims:
            fitting = [
                one for one in trainings if claim.start in one.starts and one.agrees(claim.occupation, claim.level)
            ]
            training = fitting[0] if fitting else Training(person, {claim.start})
            if not fitting:
                trainings.append(training)
            training.occupation = training.occupation or claim.occupation
            training.level = training.level or claim.level
            of_row[at] = training
        held = {at for at, claim in claims if self.taken_back(claim, policy)}
        outcome, new = [], []
        batch_certificates: set[tuple[str | None, str]] = set()
        for at, claim in sorted(claims, key=lambda one: (one[1].start, one[0])):
            training, number = of_row[at], (claim.certificate, claim.programme)
            facts = (claim.programme, training.occupation, training.level, claim.kind, training.year)
            keys = {key_of(*facts, rule) for rule in rules} - {None}
            places = len({id(one) for one in trainings if one.place == training.year})
            most = ENDLESS if importing else policy.bound(training.year)
            repeats = any(key in keys and holder is not training for key, holder in holders)
            is_over = training.place is None and places >= most
            is_twice = claim.programme in training.taken or (claim.certificate and number in batch_certificates)
            if (numbers.get(id(training)), claim.programme) in paid or (claim.certificate and number in certificates):
                status = "posted"
            elif at in held:
                status = "held"
            elif repeats or is_over or is_twice:
                status = "rejected"
            else:
                status = "approved"
                training.place = training.year
                training.taken.add(claim.programme)
                batch_certificates.add(number)
                key = key_of(*facts, policy.without_level)
                holders.append((key, training))
                new.append((at, claim, training, key))
            outcome.append((at, status))
        for at, claim, training, key in sorted(new, key=lambda one: one[0]):
            if id(training) not in numbers:
                self.trainings += 1
                numbers[id(training)] = self.trainings
            self.payments.append(
                Payment(claim, numbers[id(training)], training.year, training.occupation, training.level, key,
                        policy.without_level, line=at + 1)
            )  # fmt: skip
        return outcome
