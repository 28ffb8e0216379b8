"""A ledger and, beside it, a plain list of what was paid and reversed: what views say is worked out from the list."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from ledger.claims import COLUMNS, TRAINEES
from reports.builder import assessment
from reports.builder import line as settled
from support.people import id_number
from trainingcli.claims.batch_archive import pack
from trainingcli.ledger import BatchRecord, Ledger
from trainingcli.policy import load_policy

FUNDS = {
    "enterprise-training": "市财政", "vocational-training": "就业补助资金", "living-allowance": "就业补助资金",
    "certificate": "市财政", "technician": "人才经费", "base-award": "人才经费",
}  # fmt: skip
PRICES = {
    "enterprise-training": 30_000, "vocational-training": 80_025, "living-allowance": 15_001, "certificate": 60_000,
    "technician": 200_000, "base-award": 20_000_000,
}  # fmt: skip
POLICY = load_policy()


@dataclass
class Line:
    """One line of a batch; paid unless `status` says otherwise. `person`: its number, None: a unit (`name`)."""

    person: int | None
    programme: str = "vocational-training"
    occupation: str | None = "电工"
    level: str | None = "中级工"
    training_type: str | None = None
    start: str | None = "2020-07-01"
    end: str | None = "2020-07-15"
    certificate_date: str | None = None
    certificate_no: str | None = None
    category: str | None = "下岗失业人员"
    institution: str | None = "晋阳职业培训学校"
    employer: str | None = None
    name: str | None = None
    payee: str | None = None
    employed: str | None = None
    class_no: str | None = None
    bank: str | None = "工商银行"
    account: str | None = None
    yuan: int | None = None  # fen
    status: str = "approved"
    codes: str = ""
    day: str | None = None
    batch: int = 0
    number: int = 0
    entry: int = 0
    event: int = 0
    reversed: str | None = None

    def __post_init__(self) -> None:
        self.name = self.name or f"学员{self.person}"
        self.yuan = PRICES[self.programme] if self.yuan is None else self.yuan

    @property
    def id_number(self) -> str | None:
        return None if self.person is None else id_number(self.person)

    @property
    def fund(self) -> str:
        return FUNDS[self.programme]

    @property
    def date(self) -> str:
        """The event's date."""
        dated = self.start or self.certificate_date
        assert dated is not None
        return dated

    @property
    def year(self) -> int:
        return int(self.date[:4])

    @property
    def paid_to(self) -> str:
        """As the ledger names it."""
        return "本人" if self.programme in TRAINEES else self.payee or self.institution or self.employer or "无"

    @property
    def training(self) -> tuple[Any, ...]:
        return self.person if self.person is not None else self.name, self.occupation, self.start or self.date


@dataclass
class Books:
    """The ledger, and the list that it is checked against."""

    ledger: Ledger
    lines: list[Line] = field(default_factory=list)
    batches: dict[int, tuple[str, str]] = field(default_factory=dict)  # number → kind, day

    @property
    def paid(self) -> list[Line]:
        return [line for line in self.lines if line.status == "approved"]

    def standing(self) -> list[Line]:
        return [line for line in self.paid if line.reversed is None]

    def post(
        self, day: str, lines: Sequence[Line], kind: str = "claims", *, flags: Sequence[dict[str, Any]] = (),
        reasons: Sequence[dict[str, Any]] = (), columns: Mapping[str, Sequence[Any]] | None = None,
    ) -> int:  # fmt: skip
        """Post a batch; a line of a training that holds its place already joins it.

        `flags`, `reasons`: what the archive keeps beside the lines; `columns`: further ones of its lines.
        """
        known = {line.training: line.event for line in self.standing()}
        here: dict[tuple[Any, ...], int] = {}
        rows = []
        for number, line in enumerate(lines, 1):
            line.number, line.day = number, line.day or day
            if line.status == "approved":
                event = known.get(line.training) or here.setdefault(line.training, -number)
                rows.append(_row(line, event))
        frame = pd.DataFrame(rows, columns=[*COLUMNS, "day", *(_UNIT if kind == "awards" else ())])
        archived = [_archived(line) | {"row": number} for number, line in enumerate(lines, 5)]
        found = assessment(archived, list(reasons), policy=POLICY, evidence={"flags": list(flags)})
        more = {"employed": [line.employed for line in lines], **(columns or {})}
        found.lines = found.lines.assign(**{name: pd.array(texts, dtype="str") for name, texts in more.items()})
        record = BatchRecord(
            kind, f"{day}T09:00:00+08:00", day, POLICY.id, POLICY.sha256, ((f"{len(self.batches)}.xlsx", "c" * 64),),
            9, TRAINEES,
        )  # fmt: skip
        with self.ledger.transaction():
            batch = self.ledger.post(record, frame.astype(COLUMNS), pack(found), _index(lines))
        entries = self.ledger.entries(batch)
        paid = [line for line in lines if line.status == "approved"]
        for line in lines:
            line.batch = batch
        for line, entry, event in zip(paid, entries["entry"], entries["event"], strict=False):
            line.entry, line.event = int(entry), int(event)
        self.lines += lines
        self.batches[batch] = kind, day
        return batch

    def void(self, lines: Sequence[Line], day: str, *, reopen: bool = False) -> None:
        """Reverse lines of one batch."""
        when = f"{day}T10:00:00+08:00"
        self.ledger.void(lines[0].batch, [line.number for line in lines], "查实", when=when, day=day, reopen=reopen)
        for line in lines:
            line.reversed = day


_UNIT = ("unit_kind", "unit_names", "once_key", "facts")


def _row(line: Line, event: int) -> dict[str, Any]:
    """The line as `Ledger.post` takes it."""
    row: dict[str, Any] = {
        "id_number": line.id_number, "event": event, "event_year": line.year, "own": line.start is None,
        "place": "year" if line.person is not None else None, "programme": line.programme,
        "occupation": line.occupation, "level": line.level, "training_type": line.training_type,
        "start_date": line.start, "end_date": line.end, "certificate_date": line.certificate_date,
        "certificate_no": line.certificate_no, "key": f"{line.occupation}|{line.level}" if line.person else None,
        "approved": line.yuan, "fund": line.fund, "payee": line.paid_to, "line": line.number, "waiver": None,
        "day": line.day,
    }  # fmt: skip
    if line.person is None:
        once = f"{line.programme}|{line.start}"
        row |= {"unit_kind": "base", "unit_names": [line.name], "once_key": once, "facts": "{}"}
    return row


def _archived(line: Line) -> dict[str, Any]:
    """The line as an archive keeps it."""
    return settled(
        name=line.name, id_number=line.id_number, programme=line.programme, category=line.category,
        occupation=line.occupation, level=line.level, training_type=line.training_type, institution=line.institution,
        employer=line.employer, start_date=line.start, end_date=line.end, certificate_date=line.certificate_date,
        certificate_no=line.certificate_no, class_no=line.class_no, bank=line.bank, account=line.account,
        claimed=line.yuan, approved=line.yuan if line.status == "approved" else 0,
        status=line.status, payee=line.name if line.programme in TRAINEES else line.paid_to, fund=line.fund,
    )  # fmt: skip


def _index(lines: Sequence[Line]) -> pd.DataFrame | None:
    people = [line for line in lines if line.person is not None]
    if not people:
        return None
    return pd.DataFrame(
        {
            "subject": [line.id_number for line in people],
            "training": [f"{line.date}|{line.occupation or ''}|{line.level or ''}" for line in people],
            "programme": [line.programme for line in people],
            "line": [line.number for line in people],
            "status": [line.status for line in people],
            "codes": [line.codes for line in people],
        }
    )


OCCUPATIONS = ("电工", "焊工", "钳工", "保育员", "养老护理员", "美容师")
SCHOOLS = ("晋阳职业培训学校", "汾河技工学校", "迎泽培训中心")
EMPLOYERS = ("太原某厂", "汾东建筑公司")
CATEGORIES = ("下岗失业人员", "企业职工", "农村转移就业劳动者、退役军人", None)
PROGRAMMES = ("enterprise-training", "vocational-training", "living-allowance", "certificate", "technician")


def account_of(person: int) -> str | None:
    """Somebody's account as the rosters say it: none, one that is hidden, or a whole one."""
    return None if person % 7 == 0 else "6222****1234" if person % 7 == 1 else f"6222 0210-{person:011d}"


def random_line(pick: random.Random) -> Line:
    """Somebody's training of 2019 to 2021, of any programme; some lines held or rejected."""
    start = dt.date(2019, 1, 1) + dt.timedelta(pick.randrange(1_000))
    programme, person = pick.choice(PROGRAMMES), pick.randrange(25)
    own = programme == "certificate" and pick.random() < 0.4
    issued = start + dt.timedelta(20)
    of_employee = programme in ("enterprise-training", "technician")
    return Line(
        person,
        programme,
        pick.choice(OCCUPATIONS),
        pick.choice(("初级工", "中级工", "高级工", None)),
        start=None if own else start.isoformat(),
        end=None if own else (start + dt.timedelta(14)).isoformat(),
        certificate_date=issued.isoformat() if programme == "certificate" else None,
        certificate_no=f"S{pick.randrange(10**9):012d}" if programme == "certificate" else None,
        category=pick.choice(CATEGORIES),
        account=account_of(person),
        class_no=pick.choice(("一班", "二班", "2020-03", None)),
        institution=pick.choice((*SCHOOLS, None)) if of_employee else pick.choice(SCHOOLS),
        employer=pick.choice(EMPLOYERS) if of_employee else pick.choice((*EMPLOYERS, None)),
        employed=pick.choice(("是", "否", None)),
        yuan=pick.randrange(1, 300_000),
        status=pick.choice(("approved", "approved", "approved", "held", "rejected")),
        codes="NO_STANDARD",
    )


def random_books(ledger: Ledger, seed: int, steps: int = 9) -> Books:
    """Claims, imports, awards, voids and reopenings over several years, on days that never go back."""
    pick = random.Random(seed)
    books, day = Books(ledger), dt.date(2019, 3, 1)
    for _ in range(steps):
        day += dt.timedelta(pick.randrange(0, 200))
        today = day.isoformat()
        standing = books.standing()
        what = pick.choice(("claims", "claims", "import", "awards", "void"))
        if what == "void" and standing:
            batch = pick.choice(standing).batch
            here = [line for line in standing if line.batch == batch]
            books.void(pick.sample(here, pick.randrange(1, len(here) + 1)), today, reopen=pick.random() < 0.5)
        elif what == "awards":
            name = f"第{len(books.batches)}实训基地"
            books.post(today, [Line(None, "base-award", None, None, start=today, end=None, category=None, name=name,
                                    institution=None, employer="太原某厂", payee="太原某厂")], "awards")  # fmt: skip
        else:
            books.post(today, _postable(books, pick, what, today), "claims" if what == "void" else what)
    return books


def _postable(books: Books, pick: random.Random, kind: str, today: str) -> list[Line]:
    """Random lines that break none of the database's own rules; an import's are paid on earlier days."""
    taken = {(line.training, line.programme) for line in books.standing()}
    keys = {(line.person, f"{line.occupation}|{line.level}"): line.training for line in books.standing()}
    found = []
    for _ in range(pick.randrange(1, 14)):
        line = random_line(pick)
        if line.status == "approved":
            key = (line.person, f"{line.occupation}|{line.level}")
            if (line.training, line.programme) in taken or keys.get(key, line.training) != line.training:
                continue
            taken.add((line.training, line.programme))
            keys[key] = line.training
        if kind == "import":
            first, last = dt.date(2018, 1, 1), dt.date.fromisoformat(today)
            line = replace(line, day=(first + dt.timedelta(pick.randrange((last - first).days))).isoformat())
        found.append(line)
    return found or [replace(random_line(pick), status="held")]
