"""Post, void, reopen, import under changing policies, re-spelled and re-blocked, at random: not one fen twice.

Every step's statuses and the sum of what stands are those of `plain_books`, on SQLite and PostgreSQL.
TRAININGCLI_SEQUENCES: how many seeds on each (`make sequences`: 150; a few in `make test`).
"""

from __future__ import annotations

import datetime as dt
import os
import random
from functools import cache
from typing import Any

import pytest

from support.overlays import overlay
from support.people import id_number
from support.rosters import Sheet, input_file
from trainingcli import policy as policies
from trainingcli.claims.assess import assess
from trainingcli.claims.importing import import_payments
from trainingcli.claims.post import ReadyBatch, to_post
from trainingcli.claims.request import Request
from trainingcli.evidence.gathered import Sources
from trainingcli.ledger import Ledger, open_ledger
from trainingcli.settle.assessment import Assessment

from .plain_books import Books, Claim, Payment, Policy

SEEDS = int(os.environ.get("TRAININGCLI_SEQUENCES", "3"))
TODAY = dt.date(2021, 12, 31)
WHEN = "2021-12-31T12:00:00+08:00"
BOUNDS = (((2019, 3),), ((2019, 2),), ((2019, 5), (2021, 1)), ((2019, 1), (2020, 4)))
POLICIES = [Policy(rule, bounds) for rule in ("type", "type_and_year", "ignore") for bounds in BOUNDS]
PHONE = ("13912345678", "139 1234 5678", "139\u200b12345678", "１３９１２３４５６７８")
OCCUPATIONS = {
    "电工": ["电工", "电 工", "电\u2063工"],
    "CAD制图员": ["CAD制图员", "cad制图员", "ＣＡＤ制图员"],
    "焊工(管道)": ["焊工(管道)", "焊工（管道）", "焊工【管道】"],
    "工号": [f"工号{number}" for number in PHONE],
}
KINDS = {
    "岗前培训": ["岗前培训", "岗前技能培训"], "安全技能培训": ["安全技能培训", "安全培训"],
    "提升": ["提升班", "提 升班"], "班": [f"班{number}" for number in PHONE], None: [None],
}  # fmt: skip
NAMES = {
    "vocational-training": "职业技能培训补贴",
    "enterprise-training": "企业职工培训补贴",
    "certificate": "取证补贴",
}
SCHOOLS = ("晋阳（技工）学校", "晋阳(技工) 学校", "并州学校")
DAYS = [dt.date(year, month, day) for year in (2019, 2020, 2021) for month, day in ((8, 1), (8, 20), (11, 1))]


@cache
def law(policy: Policy) -> policies.Policy:
    """The shipped policy with these readings."""
    bounds = [{"from": dt.date(year, 1, 1), "number": most, "source": "原则上每人每年参加不超过3次"}
              for year, most in policy.bounds]  # fmt: skip
    return overlay(
        {"parameters": {"repeat_without_level": {"value": policy.without_level}},
         "quantities": {"trainings_a_year": {"values": bounds}}}
    )  # fmt: skip


def claim(chance: random.Random) -> Claim:
    person, programme = chance.randint(1, 3), chance.choice(list(NAMES))
    start, occupation = chance.choice(DAYS), chance.choice(list(OCCUPATIONS))
    if programme == "certificate":
        level = chance.choice(["初级工", "高级工"])
        number = f"S{person}{chance.randint(1, 4):03d}"
        return Claim(person, programme, start, occupation, level, None, number, 30_000 if level == "初级工" else 60_000)
    if programme == "enterprise-training":
        return Claim(
            person, programme, start, occupation, None, chance.choice(["岗前培训", "安全技能培训"]), None, 30_000
        )
    level, kind = chance.choice([None, None, "初级工", "中级工"]), chance.choice(list(KINDS))
    return Claim(person, programme, start, occupation, level, kind, None, 80_000)


def row(one: Claim, chance: random.Random) -> dict[str, Any]:
    """The claim as a roster writes it, in one of its spellings."""
    employee = one.programme == "enterprise-training"
    level = one.level
    occupation = chance.choice(OCCUPATIONS[one.occupation])
    if level == "初级工" and chance.random() < 0.3:
        occupation, level = f"{occupation}（五级）", None
    number = one.certificate and chance.choice(["{}{}", "{}-{}", "No.{}{}", "№ {} {}"]).format(*_cut(one.certificate))
    return {
        "姓名": f"人{'一二三'[one.person - 1]}", "身份证号": id_number(one.person),
        "人员类别": "企业职工" if employee else "退役军人",
        "就业创业证号": None if employee else f"14010500{one.person:08d}", "工作单位": "太原重工",
        "培训机构": chance.choice(SCHOOLS), "工种": occupation, "等级": level,
        "培训类型": chance.choice(KINDS[one.kind]), "开班日期": one.start.isoformat(),
        "结业日期": (one.start + dt.timedelta(days=10)).isoformat(),
        "证书类型": number and "职业技能等级证书", "证书编号": number,
        "发证日期": number and (one.start + dt.timedelta(days=20)).isoformat(),
        "补贴项目": NAMES[one.programme], "申报金额": one.fen // 100,
    }  # fmt: skip


def _cut(number: str) -> tuple[str, str] | tuple[str]:
    return (number[:2], number[2:])


def posted(ledger: Ledger, name: str, rows: list[dict[str, Any]], policy: Policy, *, importing: bool) -> Assessment:
    given, request = [input_file(name, Sheet(rows))], Request([], TODAY)
    if importing:
        return import_payments(request, law(policy), given, ledger)
    with ledger.transaction():
        found = to_post(assess(request, law(policy), given, ledger, Sources()), ledger)
        return found.post(ledger) if isinstance(found, ReadyBatch) else found


def step(chance: random.Random, ledger: Ledger, books: Books, claims: list[Claim], name: str) -> str:
    """One thing that an office does; say what it was."""
    what = chance.choices(["claims", "import", "void", "reopen"], [6, 1, 3, 2])[0]
    if what in ("claims", "import"):
        again = chance.sample(claims, min(len(claims), chance.randint(0, 6)))
        batch = chance.sample(given := again + [claim(chance) for _ in range(chance.randint(1, 6))], len(given))
        claims += batch
        policy, first = chance.choice(POLICIES), len(books.payments)
        expected = books.settle(batch, policy, importing=what == "import")
        found = posted(ledger, name, [row(one, chance) for one in batch], policy, importing=what == "import")
        codes = found.reasons.groupby("line")["code"].agg(list).to_dict()
        lines = zip(batch, expected, found.lines["status"], strict=True)
        differing = [(at, *line, codes.get(at)) for at, line in enumerate(lines) if line[1] != line[2]]
        assert not differing, (
            name,
            policy,
            differing[0],
            [one for one in batch if one.person == differing[0][1].person],
        )
        for paid in books.payments[first:]:
            assert found.batch is not None
            paid.batch = found.batch.id
        return what
    able = [one for one in books.payments if one.reversed == (what == "reopen") and not one.reopened]
    for one in chance.sample(able, min(len(able), chance.randint(1, 3))):
        _back(ledger, books, one, what)
    return what


def _back(ledger: Ledger, books: Books, one: Payment, what: str) -> None:
    if what == "void":
        ledger.void(one.batch, [one.line], "退训", when=WHEN, day=TODAY.isoformat())
        one.reversed, one.until = True, len(books.payments)
    else:
        ledger.reopen(one.batch, [one.line], "更正", when=WHEN, day=TODAY.isoformat())
        one.reopened = True


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_sequence_comes_to_what_the_plain_books_say(address: str, seed: int) -> None:
    chance, books, claims = random.Random(seed), Books(), list[Claim]()
    with open_ledger(address, create=True) as ledger:
        for number in range(12):
            what = step(chance, ledger, books, claims, f"{number}.xlsx")
            paid = sum(one.claim.fen for one in books.active)
            assert int(ledger.budgets()["closing"].sum()) == paid, (seed, number, what)
        assert ledger.verify().ok
