"""Flags of random rosters, worked out again row by row from the contract's table; and in parts as in the whole."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from itertools import combinations
from typing import Any

import pytest

from registers.builder import CERTIFICATE, VOCATIONAL, policy, rows_of
from test_new_evidence import in_parts
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.sources.flags import SOURCE
from trainingcli.settle.claim_lines import claim_lines

from .test_thresholds import Row, changed, person

LEVELS = ["初级工", "中级工", "高级工", "技师", "高级技师"]
_DIGIT = dict(zip(LEVELS, "54321", strict=True))


def roster(seed: int) -> list[Row]:
    """A few hundred rows of some forty people, close to every threshold."""
    draw = random.Random(seed)
    births = [draw.choice(["19850101", "20040701", "20040702", "19600701", "19650630", "19600630"]) for _ in range(40)]
    people = [person(number, born, woman=number % 3 == 0) for number, born in enumerate(births)]
    rows = []
    for _ in range(400):
        start = dt.date(2020, 6, 25) + dt.timedelta(draw.randrange(100))
        row: Row = (VOCATIONAL if draw.random() < 0.6 else CERTIFICATE) | {
            "id_number": draw.choice(people), "institution": draw.choice(["甲学校", "乙学校", "丙学校"]),
            "class_no": draw.choice(["一班", "二班", None]), "occupation": draw.choice(["电工", "焊工"]),
            "category": draw.choice(["企业职工", "退役军人", "残疾人", None]), "level": draw.choice(LEVELS),
            "start_date": draw.choice([start.isoformat(), None]),
        }  # fmt: skip
        if "certificate_no" in row:
            level, year = draw.choice(LEVELS), draw.choice(["19", "20"])
            number = f"S000014010001{year}{_DIGIT[level]}{draw.randrange(10**6):06d}"
            issued = dt.date(2020, 7, 1) + dt.timedelta(draw.randrange(3) * 29)
            row |= {"certificate_no": draw.choice([number, f"Z{draw.randrange(200):04d}"])}
            row |= {"certificate_date": issued.isoformat()}
        rows.append(row)
    return rows


def recomputed(rows: list[Row]) -> list[tuple[str, frozenset[int]]]:
    """Code and rows (from 2) of each flag."""
    found: list[tuple[str, frozenset[int]]] = []
    numbered = list(enumerate(rows, 2))
    for at, row in numbered:
        found += [(code, frozenset({at})) for code in _of_row(row)]
    found += [("CERTIFICATE_BURST", each) for each in _bursts(numbered)]
    for who in {row["id_number"] for row in rows}:
        mine = [(at, row) for at, row in numbered if row["id_number"] == who]
        pairs = [
            {at, other_at}
            for at, row in mine
            for other_at, other in mine
            if row["category"] == "企业职工" and other["category"] not in ("企业职工", None)
            and row["start_date"] and other["start_date"] and 1 <= _apart(row, other, "start_date") <= 90
        ]  # fmt: skip
        found += [("EMPLOYED_AND_JOBLESS", frozenset().union(*pairs))] * bool(pairs)
        for occupation in ("电工", "焊工"):
            certified = [
                (at, row) for at, row in mine if row.get("certificate_date") and row["occupation"] == occupation
            ]
            close = [
                {at, other_at}
                for (at, row), (other_at, other) in combinations(certified, 2)
                if row["level"] != other["level"] and _apart(row, other, "certificate_date") <= 30
            ]
            found += [("LEVELS_TOO_CLOSE", frozenset().union(*close))] * bool(close)
    return found + [("SAME_PEOPLE", each) for each in _same(numbered)]


def _apart(row: Row, other: Row, field: str) -> int:
    return abs((dt.date.fromisoformat(str(row[field])) - dt.date.fromisoformat(str(other[field]))).days)


def _of_row(row: Row) -> list[str]:
    found = []
    day = row["start_date"] or row.get("certificate_date")
    number = str(row["id_number"])
    if day:
        born, on = number[6:14], str(day).replace("-", "")
        last = 60 if int(number[16]) % 2 else 55
        if on < f"{int(born[:4]) + 16}{born[4:]}" or on > f"{int(born[:4]) + last}{born[4:]}":
            found.append("AGE_OUT_OF_RANGE")
    certificate = row.get("certificate_no") or ""
    if certificate.startswith("S") and len(certificate) == 22:
        digits = certificate[1:]
        if str(row["certificate_date"])[2:4] != digits[12:14] or _DIGIT[str(row["level"])] != digits[14]:
            found.append("CERTIFICATE_NUMBER_DIFFERS")
    return found


def _bursts(numbered: list[tuple[int, Row]]) -> list[frozenset[int]]:
    days: dict[Any, dict[str, int]] = defaultdict(dict)
    for at, row in numbered:
        if row.get("certificate_no"):
            days[row["certificate_date"]].setdefault(str(row["certificate_no"]), at)
    return [frozenset(numbers.values()) for numbers in days.values() if len(numbers) > 40]


def _same(numbered: list[tuple[int, Row]]) -> list[frozenset[int]]:
    people, first = defaultdict(set), dict[Any, int]()
    for at, row in numbered:
        if row["class_no"]:
            key = row["institution"], row["class_no"]
            people[key].add(row["id_number"])
            first.setdefault(key, at)
    return [
        frozenset({first[one], first[other]})
        for one, other in combinations(people, 2)
        if one[0] != other[0]
        and min(len(people[one]), len(people[other])) >= 10
        and len(people[one] & people[other]) >= 0.8 * min(len(people[one]), len(people[other]))
    ]


def briefly(flags: list[dict[str, Any]]) -> list[tuple[str, frozenset[int]]]:
    return [
        (flag["code"], frozenset(int("".join(filter(str.isdigit, cell["cell"]))) for cell in flag["cells"]))
        for flag in flags
    ]


def in_order(flags: list[tuple[str, frozenset[int]]]) -> list[tuple[str, list[int]]]:
    return sorted((code, sorted(rows)) for code, rows in flags)


@pytest.mark.parametrize("seed", range(8))
def test_a_plain_reading_of_the_table_finds_the_same(seed: int) -> None:
    rows = roster(seed)
    made = rows_of(*rows, lists=Sources())
    law = changed(burst_certificates=40)  # a hundred certificates of a day would need a larger roster
    found = SOURCE.document([SOURCE.account(Batch(made, claim_lines(made, law), law, Sources()))], Sources())
    assert in_order(briefly(found)) == in_order(recomputed(rows))
    assert len({code for code, _ in briefly(found)}) >= 4


@pytest.mark.parametrize("seed", range(3))
def test_parts_raise_what_the_whole_raises(seed: int) -> None:
    made = rows_of(*roster(seed), lists=Sources())
    whole = SOURCE.document([SOURCE.account(Batch(made, claim_lines(made, policy()), policy(), Sources()))], Sources())
    assert in_parts(made, Sources())[1]["flags"] == whole
    assert whole
