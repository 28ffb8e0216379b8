"""The program and the plain re-computation agree on thousands of random plans, from workbook to findings."""

from __future__ import annotations

import random
from typing import Any

import pytest

from trainingcli.plans.document import plan_row

from . import plain
from .builder import courses

Row = dict[str, str | None]
NAMES = ["赵一", "钱二", "孙三", "李四", "周五"]
OTHER_TEXTS = ["焊接基础", "电路识图", "客房整理", "设备保养", "礼仪", "沟通技巧"]
STRAY_THEMES = ["礼仪", "沟通技巧"]


def maybe(dice: random.Random, chance: float, value: str | None, otherwise: str | None = None) -> str | None:
    return value if dice.random() < chance else otherwise


def lesson(dice: random.Random, number: str | None, theme: str) -> Row:
    """A lesson that carries a theme by name, by a word, or not at all."""
    words = [word for word, meant in plain.WORDS.items() if meant == theme]
    says = dice.choice(["theme", "word", "word", "word", "nothing"])
    text = dice.choice(OTHER_TEXTS)
    content = f"{text}与{dice.choice(words)}" if says == "word" else maybe(dice, 0.9, text)
    named = "、".join([theme, *dice.sample([*plain.THEMES, *STRAY_THEMES], dice.choice([0, 0, 1]))])
    return {
        "plan": number,
        "module": maybe(dice, 0.5, dice.choice([*OTHER_TEXTS, *plain.WORDS])),
        "content": content or "其他",
        "lesson_hours": dice.choice(
            ["2", "4", "4", "6", "1.5", "8", maybe(dice, 0.8, "4", "半天"), maybe(dice, 0.5, "4")]
        ),
        "form": dice.choice(["理论", "实操", "实操", maybe(dice, 0.7, "理论")]),
        "themes": named if says == "theme" else None,
        "teacher": maybe(dice, 0.5, dice.choice(NAMES)),
    }


def total_of(lessons: list[Row], form: str | None = None) -> float:
    hours = [lesson["lesson_hours"] for lesson in lessons if form is None or lesson["form"] == form]
    return sum(float(text) for text in hours if text and text != "半天")


def plan(dice: random.Random, number: str | None, lessons: list[Row]) -> Row:
    off = [0, 0, 0, 0, 2]
    total, theory, practice = total_of(lessons), total_of(lessons, "理论"), total_of(lessons, "实操")
    row: Row = {
        "plan": number,
        "institution": f"并州职业学校{dice.randrange(9)}",
        "occupation": dice.choice(["焊工", "电工", "客房服务员"]),
        "level": dice.choice(["初级工", "中级工"]),
        "standard": maybe(dice, 0.9, "国家职业技能标准2019版"),
        "hours": f"{total + dice.choice(off):g}" if total else "40",
        "theory": maybe(dice, 0.8, f"{theory + dice.choice(off):g}"),
        "practice": maybe(dice, 0.8, f"{practice + dice.choice(off):g}"),
        "days": dice.choice(["5", "10", "1", str(int(total // 8) or 1), None]),
        "experts": "、".join(dice.choices(NAMES, k=dice.choice([2, 3, 4]))),
        "reviewed": maybe(dice, 0.9, "2020-03-01"),
        "conclusion": dice.choice(["通过", "通过", "通过", "不通过", "再议", None]),
        "approval": maybe(dice, 0.9, f"并人社培〔2020〕{dice.randrange(99)}号"),
    }
    if dice.random() < 0.15:
        key = dice.choice(list(row))
        bad = {
            "hours": ["若干", "0"],
            "theory": ["若干"],
            "practice": ["-2"],
            "days": ["2.5", "两天"],
            "reviewed": ["去年"],
        }
        row[key] = dice.choice([*bad.get(key, []), None])
    return row


def random_set(seed: int, plans: int) -> tuple[list[Row], list[Row]]:
    dice = random.Random(seed)
    listed: list[Row] = []
    lessons: list[Row] = []
    for place in range(plans):
        number = f"P{place}" if dice.random() < 0.97 else f"P{max(place - 1, 0)}"
        themes = dice.sample(plain.THEMES, dice.choice([9, 11, 11]))
        own = [lesson(dice, number, theme) for theme in themes]
        listed.append(plan(dice, number, own))
        lessons += own
    lessons += [lesson(dice, dice.choice(["P没有", None]), "安全") for _ in range(plans // 20)]
    dice.shuffle(lessons)
    return listed, lessons


def shown(plans: list[Row], lessons: list[Row]) -> tuple[list[dict[str, Any]], list[plain.Code]]:
    checked = courses(plans, lessons)
    rows = [plan_row(each) for each in checked.plans]
    for row in rows:
        row["findings"] = sorted((found["code"], found["field"]) for found in row["findings"])
    return rows, sorted((found.code, str(found.field)) for found in checked.findings)


@pytest.mark.parametrize("seed", range(3))
def test_a_large_set_is_the_plain_one(seed: int) -> None:
    plans, lessons = random_set(seed, 600)
    mine, loose = shown(plans, lessons)
    plainly, plainly_loose = plain.check(plans, lessons)
    assert loose == plainly_loose
    for one, other in zip(mine, plainly, strict=True):
        assert one == other


@pytest.mark.parametrize("seed", range(60))
def test_a_set_of_one_or_two_needs_numbers_for_two_alone(seed: int) -> None:
    dice = random.Random(seed)
    plans, lessons = random_set(seed, dice.choice([1, 2]))
    for row in [*plans, *lessons]:
        if dice.random() < 0.5:
            row["plan"] = None
    assert shown(plans, lessons) == tuple(plain.check(plans, lessons))


def test_the_random_sets_meet_every_kind_of_finding() -> None:
    rows, loose = plain.check(*random_set(0, 600))
    codes = {code for row in rows for code, _ in row["findings"]} | {code for code, _ in loose}
    assert codes == {
        "THEMES_MISSING", "HOURS_DIFFER", "BAD_NUMBER", "BAD_DATE", "MISSING_FIELD", "REVIEW_MISSING", "REVIEW_FAILED",
        "NO_TRAINING_STANDARD", "PLAN_TWICE", "UNKNOWN_THEME", "HOURS_PER_DAY",
    }  # fmt: skip
    assert {theme["how"] for row in rows for theme in row["themes"].values()} == {"stated", "words", "missing"}
