"""The program and the plain re-computation agree on thousands of random enterprises, from workbook to figures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from trainingcli.levy.document import enterprise_row

from . import plain
from .builder import funds

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(dice: random.Random) -> str:
    """A code that holds by GB 32100, worked out by the standard's own weights."""
    body = f"91{140100 + dice.randrange(100)}" + "".join(dice.choices(SIGNS, k=9))
    return body + SIGNS[-sum(SIGNS.index(sign) * 3**place for place, sign in enumerate(body)) % 31]


def amount(dice: random.Random, most: int) -> str:
    fen = dice.choice([0, dice.randrange(most), dice.randrange(most), dice.randrange(1, most) // 100 * 100])
    return f"{fen // 100}.{fen % 100:02d}" if fen % 100 or dice.random() < 0.5 else str(fen // 100)


def year_row(dice: random.Random, name: str, code: str | None, year: int) -> dict[str, str | None]:
    wages = dice.choice([10_000_00, 5_000_000_00, 900_000_000_00])
    row: dict[str, str | None] = {
        "enterprise": name,
        "credit_code": code if dice.random() < 0.8 else None,
        "year": str(year),
        "wages": amount(dice, wages),
        "spent": amount(dice, wages // 8),
    }
    for key, chance in (("booked", 0.6), ("full", 0.3), ("frontline", 0.7), ("mentoring", 0.3), ("brought", 0.4)):
        row[key] = amount(dice, wages // dice.choice([8, 16, 40])) if dice.random() < chance else None
    if row["frontline"] and not row["full"] and dice.random() < 0.2:  # just 60 %, or one fen beside it
        fen = round(float(str(row["spent"])) * 100)
        share = fen * 60 // 100 + dice.choice([-1, 0, 1])
        row["frontline"], row["mentoring"] = f"{max(share, 0) // 100}.{max(share, 0) % 100:02d}", None
    return row


def spoilt(dice: random.Random, row: dict[str, str | None]) -> dict[str, str | None]:
    key = dice.choice(list(row))
    bad = {"year": ["二〇二〇", "20200", None], "enterprise": [None], "credit_code": ["911401", None, "X" * 18]}
    return row | {key: dice.choice(bad.get(key, ["按实", "-5", "1.234", None]))}


def enterprise(dice: random.Random, number: int) -> Iterator[dict[str, str | None]]:
    name, code = f"并州{number}机械有限公司", credit_code(dice)
    first = dice.choice([2018, 2019, 2019, 2019, 2020])
    years = [year for year in range(first, first + dice.randrange(1, 6)) if dice.random() < 0.95]
    if dice.random() < 0.08 and years:
        years.append(dice.choice(years))
    for year in years:
        row = year_row(dice, dice.choice([name, name.replace("机械", " 机械 ")]), code, year)
        yield spoilt(dice, row) if dice.random() < 0.08 else row


def random_rows(seed: int, enterprises: int) -> list[dict[str, str | None]]:
    dice = random.Random(seed)
    rows = [row for number in range(enterprises) for row in enterprise(dice, number)]
    others = [
        year_row(dice, f"并州{dice.randrange(enterprises)}机械有限公司", credit_code(dice), 2019) for _ in range(9)
    ]
    rows += others  # one name, two codes: its rows without a code are a third enterprise
    dice.shuffle(rows)
    return rows


def shown(rows: list[dict[str, str | None]]) -> dict[str, Any]:
    """The program's document, findings as (code, key) sorted."""
    levy = funds(rows)
    enterprises = [enterprise_row(each) for each in levy.enterprises]
    for each in enterprises:
        for year in each["years"]:
            year["findings"] = sorted((found["code"], found["field"]) for found in year["findings"])
    return {
        "enterprises": enterprises,
        "findings": sorted((found.code, str(found.field)) for found in levy.findings),
    }


@pytest.mark.parametrize("seed", range(4))
def test_the_document_is_the_plain_one(seed: int) -> None:
    rows = random_rows(seed, 1000)
    mine, plainly = shown(rows), plain.document(rows)
    assert len(mine["enterprises"]) > 900
    assert mine["findings"] == plainly["findings"]
    for one, other in zip(mine["enterprises"], plainly["enterprises"], strict=True):
        assert one == other


def test_the_random_rows_meet_every_kind_of_finding() -> None:
    document = plain.document(random_rows(0, 1000))
    years = [year for each in document["enterprises"] for year in each["years"]]
    codes = {code for year in years for code, _ in year["findings"]} | {code for code, _ in document["findings"]}
    assert codes == {
        "MISSING_FIELD", "BAD_AMOUNT", "BAD_NUMBER", "YEAR_TWICE", "YEAR_MISSING", "NO_STANDARD",
        "CARRY_FORWARD_DIFFERS", "FRONTLINE_LOW", "CREDIT_CODE",
    }  # fmt: skip
    assert sum(year["carry_forward"] not in (None, "0.00") for year in years) > 100
    assert any(year["frontline_percent"] == "60.00" and not year["findings"] for year in years)


def fen(text: str | None) -> int:
    return 0 if text is None else int(text.replace(".", ""))


def relevant_of(year: dict[str, Any]) -> int:
    counted = year["spent"] if year["booked"] is None else min(year["booked"], year["spent"], key=fen)
    return max(0, fen(counted) - fen(year["full"]))


def test_nothing_is_lost_and_nothing_is_deducted_twice() -> None:
    """Over an unbroken chain: deducted + carried on at the end = relevant spending + what was brought in at first."""
    rows = [row for row in random_rows(9, 1500) if row["enterprise"]]
    whole = 0
    for each in shown(rows)["enterprises"]:
        years = each["years"]
        for year in years:
            if year["deductible"] is not None:
                assert 0 <= fen(year["deductible"]) <= fen(year["limit"])
                assert fen(year["carry_forward"]) >= 0
                assert fen(year["unused"]) == fen(year["limit"]) - fen(year["deductible"])
        if any(year["deductible"] is None for year in years):
            continue
        whole += 1
        relevant = sum(relevant_of(year) for year in years)
        deducted = sum(fen(year["deductible"]) for year in years)
        assert deducted + fen(years[-1]["carry_forward"]) == relevant + fen(years[0]["carried"])
    assert whole > 600
