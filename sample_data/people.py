"""Fictitious persons (虚构人员): born on 1 January, with a sequence number from 900 on, as hardly anybody real is."""

from __future__ import annotations

from dataclasses import dataclass

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
MEN = (
    "建国", "志强", "永胜", "海涛", "文斌", "晓东", "玉明", "俊杰", "宏伟",
    "立新", "国栋", "春生", "学军", "振华", "浩然", "子轩", "鹏飞", "保平",
    "金龙", "卫东", "长顺", "润泽", "思远", "兴旺", "天佑",
)  # fmt: skip
WOMEN = (
    "秀英", "丽华", "春梅", "晓燕", "雪芳", "桂兰", "艳红", "海霞", "文静",
    "玉洁", "瑞芳", "佳怡", "思琪", "梦瑶", "翠萍", "巧云", "素珍", "慧敏",
    "彩霞", "亚楠", "婷婷", "爱莲", "美玲", "雨欣", "冬梅",
)  # fmt: skip
REGIONS = ("140105", "140106", "140107", "140108", "140109", "140110")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_digit(first17: str) -> str:
    """Return the 18th digit of an ID number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def id_number(region: str, born: str, sequence: int) -> str:
    """Return an ID number with its right check digit; `born` as YYYYMMDD."""
    first17 = f"{region}{born}{sequence:03d}"
    return first17 + check_digit(first17)


@dataclass(frozen=True)
class Person:
    """One fictitious person; `sex` follows the sequence number (odd: 男)."""

    name: str
    sex: str
    id_number: str
    phone: str
    card: str
    account: str


def person(number: int, young: bool = False) -> Person:
    """Return person `number` (0 …), always the same; `young`: born 1996 or later, as graduates are."""
    is_man = number % 2 == 1
    given = MEN if is_man else WOMEN
    name = SURNAMES[number * 7 % len(SURNAMES)] + given[number // 2 % len(given)]
    year = 1996 + number % 5 if young else 1966 + number * 7 % 30
    sequence = 900 + number // 2 % 50 * 2 + is_man
    return Person(
        name=name,
        sex="男" if is_man else "女",
        id_number=id_number(REGIONS[number % len(REGIONS)], f"{year}0101", sequence),
        phone=f"1560000{number:04d}",
        card=f"{REGIONS[number % len(REGIONS)]}0020{number:06d}",
        account=f"62000000000000{number:05d}",
    )


def certificate_no(number: int) -> str:
    """Return a fictitious certificate number."""
    return f"S0000140000203{number:06d}"
