"""Make the rosters that benchmarks read: fictitious people, 25 columns, one training a person, a few with several.

Or a bureau's year (`years=True`): 70 % distinct people, who come once, twice or three times, and two claim lines a row.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

HEADINGS = (
    "序号", "姓名", "身份证号", "性别", "联系电话", "人员类别", "困难类型", "就业创业证号", "工作单位", "培训机构", "班级编号", "培训类型",
    "职业(工种)", "等级", "开班日期", "结业日期", "培训天数", "证书类型", "证书编号", "发证日期", "评价机构", "开户银行", "银行账号", "是否就业",
    "补贴金额（元）",
)  # fmt: skip
YEARS_HEADINGS = (*HEADINGS[:-1], "职业技能培训补贴（元）", "取证补贴（元）")
TITLE = "太原市职业技能培训补贴申领花名册（虚构数据）"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂"
_CATEGORIES = ("农村转移就业劳动者", "高校毕业生", "退役军人", "下岗失业人员", "就业困难人员")
_OCCUPATIONS = tuple(f"虚构工种{number:02d}" for number in range(40))


def id_number(number: int, sex: int) -> str:
    """Return a valid fictitious ID number; no two of 10 million are alike."""
    year, rest = 1960 + number % 40, number // 40
    month, rest = 1 + rest % 12, rest // 12
    day, rest = 1 + rest % 28, rest // 28
    first = f"1401{5 + rest // 499 % 20:02d}{year}{month:02d}{day:02d}{rest % 499 * 2 + sex:03d}"
    return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def headings(years: bool = False, **_: int) -> tuple[str, ...]:
    """Return the header of what `rows` gives by the same options."""
    return YEARS_HEADINGS if years else HEADINGS


def people_of_one_class(count: int, seed: int, first: int, repeaters: float = 0.05) -> Iterator[int]:
    """Yield the person of each row; one row in twenty is of somebody with several trainings."""
    rng = random.Random(seed)
    for number in range(first, first + count):
        yield number if rng.random() > repeaters or number < first + 50 else rng.randrange(number - 50, number)


def people_of_a_year(count: int, seed: int, first: int) -> Iterator[int]:
    """Yield the person of each row: of ten people seven come once, two twice, one three times, in no order."""
    people = range(first, first + count * 7 // 10)
    again = [person for person in people for _ in range((0, 0, 0, 1, 0, 0, 1, 0, 0, 2)[person % 10])]
    rng = random.Random(seed)
    coming = [*people, *again, *rng.choices(people, k=count)][:count]
    rng.shuffle(coming)
    yield from coming


def rows(
    count: int, seed: int = 1, institutions: int = 20, first: int = 0, school: int = 0, years: bool = False
) -> Iterator[list[object]]:
    """Yield `count` rows of values as text or number; `first`: the first person's number; `school`: the first institution's.

    `years`: a bureau's year, with an amount for each of two programmes. Dates are spread over the months, 500 certificates
    are one assessor's, nobody is too old: what the bureau looks into (疑点) is as rare as it is, not half the roster.
    """
    people = (people_of_a_year if years else people_of_one_class)(count, seed, first)
    for number, person in enumerate(people, start=first):
        person = person + person // 34 * 6 + 6 if years else person  # born in 1966 or later
        began, issued = (1 + number // 12 % 12, 25 + number // 12 % 4) if years else (1, 28)
        sex = person % 2
        month = 1 + number % 12
        level = ("初级工", "中级工", "高级工")[number % 3]
        yield [
            number + 1,
            _SURNAMES[person % 20] + _GIVEN[person // 20 % 23] + _GIVEN[person // 460 % 23],
            id_number(person, sex),
            "男" if sex else "女",
            f"139{person % 100000000:08d}",
            _CATEGORIES[person % 5],
            ("", "", "城乡低保家庭", "建档立卡贫困家庭")[person % 4],
            f"1401{person:012d}",
            f"虚构企业{person % 500:03d}有限公司",
            f"虚构培训学校{school + (number - first) * institutions // count:04d}",
            f"2020-{number % 97:02d}期",
            "就业技能培训",
            _OCCUPATIONS[(number * 7) % 40],
            level,
            f"2020-{month:02d}-{began:02d}",
            f"2020-{month:02d}-{15 + number % 10:02d}",
            10 + number % 5,
            "职业技能等级证书",
            f"S{number:014d}",
            f"2020-{month:02d}-{issued}",
            f"虚构评价中心{number // 500}" if years else "虚构评价中心",
            "虚构银行太原支行",
            f"6222{number:015d}",
            "是",
            (800, 1000, 600, 1200)[number % 4],
            *([(300, 300, 600)[number % 3]] if years else []),
        ]


def write_xlsx(path: Path, count: int, **options: int) -> None:
    """Write a roster workbook."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("花名册")
    sheet.write_string(0, 0, TITLE)
    sheet.write_row(1, 0, headings(**options))
    for number, row in enumerate(rows(count, **options), start=2):
        sheet.write_row(number, 0, row)
    book.close()


def write_csv(path: Path, count: int, **options: int) -> None:
    """Write the same roster as csv, for more rows than a sheet holds."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(headings(**options))
        writer.writerows(rows(count, **options))
