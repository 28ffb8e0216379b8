"""A seeded world of fictitious people and rosters in which trainings collide: same days, levels, year ends, blanks.

`calm`: the share of people who come twice or three times and whose trainings do not collide, but for a cell spoiled now
and then. The program settles these in whole columns, all others one by one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from . import words
from .lines import COLUMN, NAMED, NOTHING, WIDE, Row
from .words import Mark, Number

TODAY = date(2021, 12, 31)
OCCUPATIONS = ("电工", "保育员", "中式烹调师", "养老护理员", "数控车工(CNC)")
REGIONS = ("140105", "110101", "630102", "220104", "810000", "820000", "830000", "911156", "190101")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", ("伟", "芳", "秀英", "敏", "静", "强", "磊", "洋")
STARTS = (
    date(2018, 12, 31), date(2019, 1, 1), date(2019, 6, 30), date(2019, 12, 30), date(2020, 1, 1), date(2020, 1, 2),
    date(2020, 3, 1), date(2020, 6, 1), date(2020, 12, 20), date(2020, 12, 31), date(2021, 1, 1), date(2021, 3, 1),
)  # fmt: skip
LEVELS = (None, None, "初级工", "初级工", "初级工", "中级工", "高级工", "高级工", "技师", "高级技师")
INSTITUTIONS = ("晋阳职业培训学校", "并州技工学校", "太原实训中心(Cnc部)")
EMPLOYERS = ("太原重型机械厂", "汾河化工有限公司(二厂)")
SPOILABLE = (
    "name", "id_number", "id_number", "sex", "category", "hardship", "employment_card", "occupation", "level",
    "training_type", "start_date", "end_date", "attended_days", "certificate_type", "certificate_no",
    "certificate_date", "institution", "claimed", "programme",
)  # fmt: skip
REMARKS = (
    "中途退学", "退训", "表格作废", "自愿放弃", "未参训", "缺考", "不申领", "取消培训", "申请取消", "不申领生活费补贴",
    "放弃取证补贴",
    "已核", "初中退学", "未放弃", "无缺考", "没有退训", "首次缺考，补考通过", "原证书作废", "取消午休",
)  # fmt: skip
UNKNOWN_TEXTS = {"category": "外星人员", "hardship": "一般家庭", "level": "特级", "certificate_type": "结业证明"}


def id_number(rng: random.Random, sex: str, region: str | None = None) -> str:
    """Make a fictitious ID number with a right check digit."""
    born = date(1960, 1, 1) + timedelta(days=rng.randrange(15000))
    sequence = rng.randrange(1, 499) * 2 + (1 if sex == "男" else 0)
    first_17 = f"{region or rng.choice(REGIONS)}{born:%Y%m%d}{sequence:03d}"
    return first_17 + words.check_digit(first_17)


def spell(rng: random.Random, table: dict[str, str], value: str) -> str:
    """Choose one of the contract's spellings of a value."""
    return rng.choice([value, *table[value].split()])


def spell_level(rng: random.Random, level: str) -> str:
    """Write a level as rosters do."""
    word, *rest = sorted([level, *words.LEVELS[level].split()], key=lambda spelling: "级" in spelling[1:])
    grade = rest[-1] if rest and rest[-1].endswith("级") and level != words.ABILITY else None
    forms = [level, *words.LEVELS[level].split()]
    if grade:
        forms += [
            f"{grade}/{level}",
            f"{level}（{grade}）",
            f"{word.removesuffix('工')}技能/{grade}",
            f"{grade}{level}",
        ]
    return rng.choice(forms)


def spell_occupation(rng: random.Random, occupation: str) -> str:
    """Write an occupation or an institution as rosters do: letter case, forms of brackets, signs that are not seen."""
    opening, closing = rng.choice(["()", "（）", "[]", "【】", "〔〕", "{}", "﹙﹚"])
    text = occupation.replace("(", opening).replace(")", closing)
    text = rng.choice([text, text.lower(), text.title()])
    return with_unseen(rng, text)


def spell_certificate_no(rng: random.Random, number: str) -> str:
    """Write a certificate number as rosters do."""
    forms = [number, number.lower(), f"编号{number}", f"No.{number}", f"№{number}", f"{number[:2]}-{number[2:]}"]
    return with_unseen(rng, rng.choice(forms))


def with_unseen(rng: random.Random, text: str) -> str:
    """Put a sign that is not seen somewhere into a text."""
    at = rng.randrange(len(text) + 1)
    # A workbook's text cannot hold the control characters.
    sign = rng.choice(words.UNSEEN[:-1])
    return text if rng.random() < 0.5 else text[:at] + sign + text[at:]


@dataclass
class Course:
    """What one training of one person was, before rosters write it badly."""

    occupation: str
    level: str | None
    training_type: str
    start: date
    end: date
    certificate_type: str
    certificate_no: str
    certificate_date: date


@dataclass
class Trainee:
    """A fictitious person with a handful of courses."""

    name: str
    id_number: str
    sex: str
    phone: str
    account: str
    employer: str
    categories: tuple[str, ...]
    hardship: str | None
    courses: list[Course]
    coming: list[Course] | None = None
    """Of a calm person: the courses that no roster has named yet."""


class World:
    """People whose trainings the rosters of one test speak of; the same seed gives the same rosters."""

    def __init__(self, seed: int, people: int = 12, trouble: float = 0.2, calm: float = 0.0) -> None:
        self.rng = random.Random(seed)
        self.trouble, self.calm = trouble, calm
        self.people = [self._trainee(index) for index in range(people)]

    def standards(self) -> dict[tuple[str, str | None], int | None]:
        """Give a register of every occupation and level: over, under and without a standard, by occupation."""
        by_occupation = dict(zip(OCCUPATIONS, (1200_00, 800_00, None, 1000_00, 900_00), strict=True))
        levels = [None, *words.LEVELS]
        return {(occupation, level): fen for occupation, fen in by_occupation.items() for level in levels}

    def _trainee(self, index: int) -> Trainee:
        rng = self.rng
        sex = rng.choice("男女")
        others = [category for category in words.CATEGORIES if category != words.STAFF]
        categories = rng.choice([(words.STAFF,), (words.STAFF,), (words.STAFF, "退役军人"), *[(c,) for c in others]])
        hardship = rng.choice([None, None, *words.HARDSHIPS])
        is_calm = bool(self.calm) and rng.random() < self.calm
        courses = [
            self._course(index, number) for number in range(rng.choice([2, 2, 3]) if is_calm else rng.randrange(2, 8))
        ]
        if is_calm:
            self._spread(courses)
        return Trainee(
            rng.choice(SURNAMES) + rng.choice(GIVEN),
            id_number(rng, sex),
            sex,
            f"138{rng.randrange(10**8):08d}",
            f"6222{rng.randrange(10**12):012d}",
            rng.choice(EMPLOYERS),
            categories,
            hardship,
            courses,
            list(courses) if is_calm else None,
        )

    def _spread(self, courses: list[Course]) -> None:
        """Give courses days apart and an occupation each, so that nothing of one stands against another."""
        rng = self.rng
        days, names = rng.sample(range(60), len(courses)), rng.sample(OCCUPATIONS, len(courses))
        for course, day, name in zip(courses, days, names, strict=True):
            course.occupation, course.start = name, date(2019, 3, 1) + timedelta(days=16 * day)
            course.end = course.start + timedelta(days=rng.choice([0, 4, 9, 14]))
            course.certificate_date = course.end + timedelta(days=rng.choice([0, 1, 15, 60]))

    def _course(self, person: int, number: int) -> Course:
        rng = self.rng
        level, start = rng.choice(LEVELS), rng.choice(STARTS)
        kinds = [words.ABILITY_CERTIFICATE] if level is None else [words.QUALIFICATION] * 3 + [words.LEVEL_CERTIFICATE]
        return Course(
            rng.choice(OCCUPATIONS),
            level,
            rng.choice(["岗前培训", "安全技能培训", "转岗转业培训", "岗前培训", "就业技能培训"]),
            start,
            start + timedelta(days=rng.choice([0, 4, 9, 14])),
            rng.choice(kinds),
            f"ZS{person:04d}{number:02d}",
            start + timedelta(days=rng.choice([-1, 0, 15, 30, 60, 364, 365, 366])),
        )

    def rosters(self, count: int, *, option: str | None = None, only_csv: bool = False) -> list[Row]:
        """Make about `count` rows in several files and sheets, in the order of input.

        With `option` (a programme's name) the run names it by --programme: every sheet without amount columns of its
        own and without a programme column is NAMED by it.
        """
        rows: list[Row] = []
        number = 0
        while len(rows) < count:
            number += 1
            ending = "csv" if only_csv or self.rng.random() < 0.15 else "xlsx"
            for sheet in range(1 if ending == "csv" else self.rng.randrange(1, 4)):
                size = self.rng.randrange(3, max(4, min(count, 14)))
                rows += self._sheet(f"名册{number}.{ending}", f"表{sheet + 1}", size, option)
        return rows

    def _sheet(self, file: str, sheet: str, size: int, option: str | None) -> list[Row]:
        rng = self.rng
        kind = rng.choice(["enterprise", "vocational", "allowance", "certificate", "technician", "mixed", "mixed"])
        ask, named, headings = self._ask(kind, option)
        institution = rng.choice([*INSTITUTIONS, *INSTITUTIONS, None])
        floats = kind in ("certificate", "technician") and rng.random() < (0.15 if self.calm else 0.6)
        rows = []
        for position in range(size):
            row = Row(file, sheet, position + 1, ask, named, institution=institution)
            row.by_option = ask == NAMED and option is not None
            rows.append(self._fill(row, kind, floats, headings))
        if not file.endswith("csv"):
            self._merge_amounts(rows, headings)
        return rows

    def _ask(self, kind: str, option: str | None) -> tuple[str, str | None, list[str]]:
        rng = self.rng
        ask = rng.choice([NOTHING, NOTHING, NAMED, COLUMN, WIDE])
        if ask == WIDE:
            training = rng.choice(
                [["培训补贴"], ["职业技能培训补贴"], ["企业职工培训补贴", "培训补贴"], ["企业职工培训补贴"]]
            )
            others = ["取证补贴", "生活费补贴", rng.choice(["技师补贴", "技师、高级技师补贴"])]
            return WIDE, None, training + rng.sample(others, rng.randrange(0, 4))
        if ask == COLUMN:
            return COLUMN, None, []
        if option:
            return NAMED, option, []
        return (NAMED, self._name_for(kind), []) if ask == NAMED else (NOTHING, None, [])

    def _name_for(self, kind: str) -> str:
        code = {"enterprise": 0, "vocational": 1, "allowance": 2, "certificate": 3, "technician": 4}.get(kind)
        programme = words.PROGRAMMES[self.rng.randrange(5) if code is None else code]
        names = words.PROGRAMME_NAMES[programme].split()
        return self.rng.choice([*names, *names, "培训补贴"] if programme in words.PROGRAMMES[:2] else names)

    def _fill(self, row: Row, kind: str, floats: bool, headings: list[str]) -> Row:
        rng = self.rng
        person = self._someone(kind)
        course = person.coming.pop() if person.coming else rng.choice(person.courses)
        is_calm = person.coming is not None and rng.random() < 0.8
        row.name, row.id_number, row.sex = person.name, person.id_number, person.sex
        row.category = "、".join(spell(rng, words.CATEGORIES, category) for category in person.categories)
        row.employer = person.employer if kind in ("enterprise", "technician") or rng.random() < 0.4 else None
        row.occupation, row.level = course.occupation, course.level
        row.start_date, row.end_date = (None, None) if floats else (course.start, course.end)
        row.training_type = course.training_type
        if course.training_type in words.TRAINING_TYPES:
            row.training_type = spell(rng, words.TRAINING_TYPES, course.training_type)
        if kind != "enterprise" and person.hardship and rng.random() < 0.8:
            row.hardship = spell(rng, words.HARDSHIPS, person.hardship)
        if kind in ("vocational", "mixed") and rng.random() < 0.9:
            row.employment_card = f"1401{rng.randrange(10**10):010d}"
        if kind in ("certificate", "technician", "mixed") or course.level in words.HIGH_SKILL:
            row.certificate_type = spell(rng, words.CERTIFICATE_TYPES, course.certificate_type)
            row.certificate_no, row.certificate_date = course.certificate_no, course.certificate_date
            if course.level is None and rng.random() < 0.5:
                # A level-less course that led to a certificate with a level.
                row.level, row.certificate_type = rng.choice(words.RANKS[:3]), words.QUALIFICATION
        if kind in ("allowance", "mixed") and rng.random() < 0.6:
            row.attended_days = max(1, (course.end - course.start).days + rng.choice([-1, 0, 1, 2]))
        if not is_calm:
            self._blur(row)
        self._claim(row, kind, course, headings)
        if not is_calm and rng.random() < self.trouble:
            self._trouble(row, headings)
        if isinstance(row.level, str) and row.level in words.LEVELS:
            row.level = spell_level(rng, row.level)
        self._spell(row)
        return row

    def _spell(self, row: Row) -> None:
        """Write what is compared in other forms, and what a person must look at."""
        rng = self.rng
        if isinstance(row.occupation, str):
            level = rng.choice(list(words.LEVELS)) if rng.random() < 0.08 else None
            row.occupation = spell_occupation(rng, row.occupation)
            if level:
                row.occupation += rng.choice(["（{}）", "({})", "【{}】"]).format(
                    spell_level(rng, level).split("（")[0]
                )
        if isinstance(row.certificate_no, str) and any(sign.isdigit() for sign in row.certificate_no):
            row.certificate_no = spell_certificate_no(rng, row.certificate_no)
        for key in ("institution", "employer"):
            if isinstance(getattr(row, key), str) and rng.random() < 0.4:
                setattr(row, key, spell_occupation(rng, getattr(row, key)))
        if isinstance(row.name, str):
            row.name = rng.choice(
                [*[row.name] * 60, f"{row.name}（班长）", with_unseen(rng, row.name), f"{row.name}甲"]
            )
        if rng.random() < 0.06:
            row.remark = rng.choice(REMARKS)
        is_csv = row.file.endswith("csv")
        if not is_csv and rng.random() < 0.015:
            row.struck = True
        for name in ("certificate_no", "employment_card"):
            if getattr(row, name) and rng.random() < 0.02:
                long: object = "6.22E+18" if is_csv else Number("1400000000000000000")
                setattr(row, name, rng.choice(["1.4E+17", long]))

    def _someone(self, kind: str) -> Trainee:
        wanted = {"enterprise": True, "technician": True, "vocational": False, "allowance": False}.get(kind)
        fits = [person for person in self.people if wanted is None or (words.STAFF in person.categories) == wanted]
        return self.rng.choice(fits if fits and self.rng.random() < 0.85 else self.people)

    def _blur(self, row: Row) -> None:
        """Leave blanks and contradictions, as one training looks in different rosters."""
        rng = self.rng
        chances = {"occupation": 0.08, "level": 0.12, "training_type": 0.08, "start_date": 0.06, "sex": 0.3}
        for name, chance in chances.items():
            if rng.random() < chance:
                setattr(row, name, None)
        if rng.random() < 0.06:
            row.level = rng.choice(LEVELS)
        if rng.random() < 0.04:
            row.occupation = rng.choice(OCCUPATIONS)
        if rng.random() < 0.05 and row.start_date:
            row.start_date += timedelta(days=rng.choice([-1, 1]))
        if rng.random() < 0.3:
            row.class_no = f"{rng.randrange(1, 9)}班"
        if rng.random() < 0.04:
            owner = rng.choice(self.people[:3])
            row.phone, row.account = owner.phone, owner.account

    def _amount(self, course: Course) -> int:
        days = (course.end - course.start).days + 1
        usual = [150_00, 300_00, 600_00, 800_00, 1000_00, 2000_00, 3000_00, 15_00 * days]
        return self.rng.choice(usual) + self.rng.choice([0, 0, 0, 0, 1, -1, 100_00])

    def _claim(self, row: Row, kind: str, course: Course, headings: list[str]) -> None:
        rng = self.rng
        if row.ask == WIDE:
            row.wide = {h: rng.choice([None, 0, *[self._amount(course) for _ in range(4)]]) for h in headings}
            return
        if rng.random() < (0.15 if row.ask == NOTHING else 0.5):
            row.claimed = self._amount(course)
        if row.ask == COLUMN:
            names = [rng.choice(spellings.split()) for spellings in words.PROGRAMME_NAMES.values()]
            several = "、".join(rng.sample(names, 2))
            others = [*names, "培训补贴", "企业职工岗前培训补贴", several]
            row.programme = self._name_for(kind) if kind != "mixed" and rng.random() < 0.7 else rng.choice(others)

    def _trouble(self, row: Row, headings: list[str]) -> None:
        """Spoil one cell."""
        rng = self.rng
        name = rng.choice(SPOILABLE)
        dates = [Mark.BAD, Mark.BAD, date(2022, 1, 1), date(2019, 6, 30), None]
        spoilt = {
            "id_number": self._bad_ids(row),
            "sex": ["男", "女"],
            "start_date": dates,
            "end_date": [*dates, date(2019, 1, 1)],
            "certificate_date": [*dates, date(2019, 7, 1), date(2018, 12, 1)],
            "attended_days": [Mark.BAD, 40],
            "claimed": [Mark.BAD, 0, -5_00],
            "programme": ["交通补贴", None],
            "certificate_no": [rng.choice(rng.choice(self.people).courses).certificate_no, None, "未办"],
        }.get(name, [UNKNOWN_TEXTS[name], None] if name in UNKNOWN_TEXTS else [None])
        marks = [] if row.file.endswith("csv") or name == "institution" else [Mark.ERROR, Mark.NO_VALUE]
        value = rng.choice([*spoilt, *spoilt, *marks])
        if name == "claimed" and row.ask == WIDE:
            row.wide[rng.choice(headings)] = value
        elif name != "programme" or row.ask == COLUMN:
            setattr(row, name, value)

    def _bad_ids(self, row: Row) -> list[object]:
        good = str(row.id_number)
        wrong_day = good[:10] + "0230" + good[14:17]
        bad: list[object] = [
            good[:17],
            good[:16] + "甲" + good[17:],
            good[:6] + good[8:17],
            good[:17] + ("1" if good[17] != "1" else "2"),
            wrong_day + words.check_digit(wrong_day),
            None,
        ]
        return bad if row.file.endswith("csv") else [*bad, Number(good[:15] + "000"), Number(good[:6] + good[8:17])]

    def _merge_amounts(self, rows: list[Row], headings: list[str]) -> None:
        """Make the amount cells of two or three neighbours one merged cell: a group's total."""
        rng = self.rng
        if rng.random() > 0.12:
            return
        first = rng.randrange(len(rows) - 1)
        for row in rows[first : first + rng.randrange(2, 4)]:
            if row.ask == WIDE:
                row.wide[headings[0]] = Mark.MERGED
            else:
                row.claimed = Mark.MERGED


def renumbered(rows: list[Row], file: str, first: int = 1) -> list[Row]:
    """Give the same rows as they would stand in another file."""
    return [replace(row, file=file, row=first + index) for index, row in enumerate(rows)]
