"""Course plans checked plainly, from the contract's section 5 alone, one plan after another.

Written before the program's own rules and without them. A plan and a lesson are heading key → what is written (None:
nothing). Only spellings whose meaning is certain are understood: plain decimals, ISO days, the contract's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

Row = Mapping[str, str | None]
THEMES = [
    "工匠精神", "质量意识", "安全", "消防", "应急管理", "环保", "社会矫治", "道路交通", "未成年人保护",
    "健康卫生", "就业指导",
]  # fmt: skip
WORDS = {theme: theme for theme in THEMES} | {"消防安全": "消防", "交通安全": "道路交通", "职业健康": "健康卫生"}
MIN_EXPERTS, HOURS_A_DAY = 3, 8
HOURS = ("hours", "theory", "practice")
Code = tuple[str, str]


def check(plans: Sequence[Row], lessons: Sequence[Row]) -> tuple[list[dict[str, Any]], list[Code]]:
    """Return each plan as the document shows it, its findings as (code, key) sorted, and those of the set."""
    loose: list[Code] = []
    of_plan: list[list[Row]] = [[] for _ in plans]
    for lesson in lessons:
        places = _places(lesson, plans)
        for place in places:
            of_plan[place].append(lesson)
        if not places:
            loose += [("MISSING_FIELD", "plan"), *_lesson_codes(lesson)]
    shown = [_checked(plan, own, plans) for plan, own in zip(plans, of_plan, strict=True)]
    return shown, sorted(loose)


def _places(lesson: Row, plans: Sequence[Row]) -> list[int]:
    if lesson["plan"] is None:
        return [0] if len(plans) == 1 else []
    return [place for place, plan in enumerate(plans) if plan["plan"] == lesson["plan"]]


def _number(text: str | None, least: str) -> Decimal | None:
    if text is None or not re.fullmatch(r"\d+(\.\d{1,2})?", text) or Decimal(text) < Decimal(least):
        return None
    return Decimal(text)


def _hours(plan: Row, key: str) -> Decimal | None:
    return _number(plan[key], "0.01" if key == "hours" else "0")


def _lesson_codes(lesson: Row) -> list[Code]:
    codes = []
    if lesson["lesson_hours"] is not None and _number(lesson["lesson_hours"], "0.01") is None:
        codes.append(("BAD_NUMBER", "lesson_hours"))
    codes += [("UNKNOWN_THEME", "themes") for said in _themes_said(lesson) if said not in WORDS]
    return codes


def _themes_said(lesson: Row) -> list[str]:
    return lesson["themes"].split("、") if lesson["themes"] else []


def _themes_of(lesson: Row) -> tuple[str, set[str]]:
    said = _themes_said(lesson)
    if said:
        return "stated", {WORDS[theme] for theme in said if theme in WORDS}
    text = f"{lesson['module'] or ''}|{lesson['content'] or ''}"
    found = set()
    for word in sorted(WORDS, key=len, reverse=True):
        if word in text:
            found.add(WORDS[word])
            text = text.replace(word, "|")
    return "words", found


def _checked(plan: Row, lessons: Sequence[Row], plans: Sequence[Row]) -> dict[str, Any]:
    themes: dict[str, dict[str, Any]] = {theme: {"how": "missing", "hours": Decimal(0)} for theme in THEMES}
    for lesson in lessons:
        how, found = _themes_of(lesson)
        for theme in found:
            themes[theme]["hours"] += _number(lesson["lesson_hours"], "0.01") or 0
            if themes[theme]["how"] != "stated":
                themes[theme]["how"] = how
    codes = _own_codes(plan, plans) + _hour_codes(plan, lessons)
    codes += [code for lesson in lessons for code in _lesson_codes(lesson)]
    if any(theme["how"] == "missing" for theme in themes.values()):
        codes.append(("THEMES_MISSING", "plan"))
    return {
        **{key: plan[key] for key in ("plan", "institution", "occupation", "level")},
        **{key: _plain(_hours(plan, key)) for key in HOURS},
        "themes": {name: {"how": theme["how"], "hours": _plain(theme["hours"])} for name, theme in themes.items()},
        "findings": sorted(codes),
    }


def _plain(number: Decimal | None) -> int | float | None:
    return None if number is None else int(number) if number == int(number) else float(number)


def _own_codes(plan: Row, plans: Sequence[Row]) -> list[Code]:
    codes = [("MISSING_FIELD", key) for key in ("institution", "occupation", "level", "hours") if plan[key] is None]
    if plan["plan"] is None and len(plans) > 1:
        codes.append(("MISSING_FIELD", "plan"))
    if plan["plan"] is not None and [other["plan"] for other in plans].count(plan["plan"]) > 1:
        codes.append(("PLAN_TWICE", "plan"))
    codes += [("BAD_NUMBER", key) for key in HOURS if plan[key] is not None and _hours(plan, key) is None]
    days = plan["days"]
    if days is not None and (not days.isdecimal() or int(days) == 0):
        codes.append(("BAD_NUMBER", "days"))
    elif days is not None and (total := _hours(plan, "hours")) is not None and total > HOURS_A_DAY * int(days):
        codes.append(("HOURS_PER_DAY", "hours"))
    if plan["reviewed"] is not None and not _is_day(plan["reviewed"]):
        codes.append(("BAD_DATE", "reviewed"))
    if plan["standard"] is None:
        codes.append(("NO_TRAINING_STANDARD", "standard"))
    if plan["conclusion"] == "不通过":
        codes.append(("REVIEW_FAILED", "conclusion"))
    elif plan["conclusion"] != "通过":
        codes.append(("REVIEW_MISSING", "conclusion"))
    if plan["approval"] is None:
        codes.append(("REVIEW_MISSING", "approval"))
    if len({name for name in (plan["experts"] or "").split("、") if name}) < MIN_EXPERTS:
        codes.append(("REVIEW_MISSING", "experts"))
    return codes


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _hour_codes(plan: Row, lessons: Sequence[Row]) -> list[Code]:
    """Compare where both sides are there: a sum with a number in it that is none is not there.

    Of theory and practice, lessons that do not say which they are may be either: then only what is certain differs.
    """
    stated = {key: _hours(plan, key) for key in HOURS}
    codes = []
    total, theory, practice = (stated[key] for key in HOURS)
    if total is not None and theory is not None and practice is not None and theory + practice != total:
        codes.append(("HOURS_DIFFER", "hours"))
    written = [lesson for lesson in lessons if lesson["lesson_hours"] is not None]
    if not written or any(_number(lesson["lesson_hours"], "0.01") is None for lesson in written):
        return codes
    if total is not None and total != _sum(written):
        codes.append(("HOURS_DIFFER", "hours"))
    open_ = _sum([lesson for lesson in written if lesson["form"] is None])
    if all(lesson["form"] is None for lesson in written):
        return codes
    for key, form in (("theory", "理论"), ("practice", "实操")):
        own, asked = _sum([lesson for lesson in written if lesson["form"] == form]), stated[key]
        if asked is not None and not own <= asked <= own + open_:
            codes.append(("HOURS_DIFFER", key))
    return codes


def _sum(lessons: Sequence[Row]) -> Decimal:
    return sum((_number(lesson["lesson_hours"], "0.01") or Decimal(0) for lesson in lessons), Decimal(0))
