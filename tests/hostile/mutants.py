"""Structural mutants of honest workbooks, from a fixed seed: bytes of the archive, tags, attributes, numbers, order."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import zipfile
from collections.abc import Callable

import openpyxl
import xlsxwriter
from tests.hostile.parts import SHEET, packed, parts, people, row, sheet
from tests.intake.helpers import saved

SEED = 20190901
HEADER = ["姓名", "身份证号", "工种", "开班日期", "补贴金额"]


def person(number: int) -> list[object]:
    return [f"王{number}", f"1401051990{number:08}", "焊工", dt.datetime(2020, 7, 1 + number % 28), 300 + number / 4]


def plain() -> bytes:
    book = openpyxl.Workbook()
    for values in (HEADER, *map(person, range(1, 25))):
        book.active.append(values)
    return saved(book)


def titled() -> bytes:
    book = openpyxl.Workbook()
    active = book.active
    for values in (
        ["花名册"],
        ["填报单位：甲"],
        ["姓名", "身份证号", "培训时间", None, "补贴金额"],
        [None, None, "开始", "结束", None],
    ):
        active.append(values)
    for number in range(1, 15):
        active.append(
            [*person(number)[:2], dt.datetime(2020, 7, 1), dt.datetime(2020, 7, 15), 300 if number % 3 == 1 else None]
        )
    active.append(["合计", None, None, None, 1500])
    for merge in ("A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "E5:E7", "E8:E10"):
        active.merge_cells(merge)
    return saved(book)


def odd_cells() -> bytes:
    book = openpyxl.Workbook()
    for values in (HEADER, *map(person, range(1, 9))):
        book.active.append(values)
    for place, value in (("C3", "#N/A"), ("E4", "=1+1"), ("E5", True), ("B6", 140105199001011234), ("D7", 44013)):
        book.active[place] = value
    book.active.row_dimensions[4].hidden = True
    other = book.create_sheet("二")
    for values in (HEADER, *map(person, range(30, 36))):
        other.append(values)
    return saved(book)


def written_fast() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("表")
        for number, values in enumerate((HEADER, *map(person, range(1, 40)))):
            page.write_row(number + 2, 1, values)
    return target.getvalue()


def by_hand() -> bytes:
    return packed(parts({SHEET: sheet(row(1, ("姓名", "身份证号", "工种", "补贴金额")) + people(12))}))


BASES = (plain, titled, odd_cells, written_fast, by_hand)


def mutant(number: int, bases: tuple[bytes, ...]) -> bytes:
    """Return mutant `number`: always the same for one number."""
    chance = random.Random(SEED + number)
    data = bases[number % len(bases)]
    if chance.random() < 0.25:
        return chance.choice(_ON_BYTES)(bytearray(data), chance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        contents: dict[str, str | bytes] = {info.filename: archive.read(info).decode() for info in archive.infolist()}
    names = [name for name in contents if name.startswith("xl/") and "theme" not in name]
    weights = [8 if "worksheets/" in name else 1 for name in names]
    name = chance.choices(names, weights)[0]
    text = contents[name]
    assert isinstance(text, str)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        text = chance.choice(_ON_TEXT)(text, chance)
    contents[name] = text
    return packed(contents)


# --- on the archive's bytes ------------------------------------------------------------------------------------------


def _flip(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 3, 20))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _cut(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def _remove(data: bytearray, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    del data[at : at + chance.choice((1, 4, 100))]
    return bytes(data)


def _repeat(data: bytearray, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(data)), chance.choice((1, 30, 500))
    return bytes(data[:at] + data[at : at + length] + data[at:])


_ON_BYTES: tuple[Callable[[bytearray, random.Random], bytes], ...] = (_flip, _cut, _remove, _repeat)

# --- on a part's text ------------------------------------------------------------------------------------------------

_TAG = re.compile(r"<[^>]+>")
_ELEMENT = re.compile(r"<(row|c|sheet|xf|si|Relationship|mergeCell)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
_ATTRIBUTE = re.compile(r'\s([\w:]+)="([^"]*)"')
_NUMBERS = (
    "0",
    "-1",
    "1",
    "2",
    "7",
    "99999",
    "1048577",
    "4294967296",
    "1e400",
    "NaN",
    "",
    "x",
    "A1",
    "XFD1048576",
    "🙂",
)


def _pick(pattern: re.Pattern[str], text: str, chance: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return chance.choice(found) if found else None


def _drop_tag(text: str, chance: random.Random) -> str:
    found = _pick(_TAG, text, chance)
    return text[: found.start()] + text[found.end() :] if found else text


def _drop_element(text: str, chance: random.Random) -> str:
    found = _pick(_ELEMENT, text, chance)
    return text[: found.start()] + text[found.end() :] if found else text


def _double_element(text: str, chance: random.Random) -> str:
    found = _pick(_ELEMENT, text, chance)
    return text[: found.end()] + found[0] + text[found.end() :] if found else text


def _swap_elements(text: str, chance: random.Random) -> str:
    found = sorted((m for m in (_pick(_ELEMENT, text, chance) for _ in range(2)) if m), key=lambda m: m.start())
    if len(found) < 2 or found[0].end() > found[1].start():
        return text
    one, two = found
    return text[: one.start()] + two[0] + text[one.end() : two.start()] + one[0] + text[two.end() :]


def _move_element(text: str, chance: random.Random) -> str:
    one, two = _pick(_ELEMENT, text, chance), _pick(_ELEMENT, text, chance)
    if one is None or two is None or two.start() < one.end():
        return text
    return text[: one.start()] + text[one.end() : two.end()] + one[0] + text[two.end() :]


def _change_attribute(text: str, chance: random.Random) -> str:
    found = _pick(_ATTRIBUTE, text, chance)
    if found is None:
        return text
    other = _pick(_ATTRIBUTE, text, chance)
    value = chance.choice((*_NUMBERS, "e", "s", "str", "b", "inlineStr", other[2] if other else ""))
    return f"{text[: found.start(2)]}{value}{text[found.end(2) :]}"


def _drop_attribute(text: str, chance: random.Random) -> str:
    found = _pick(_ATTRIBUTE, text, chance)
    return text[: found.start()] + text[found.end() :] if found else text


def _change_value(text: str, chance: random.Random) -> str:
    found = _pick(re.compile("<v>([^<]*)</v>"), text, chance)
    return f"{text[: found.start(1)]}{chance.choice(_NUMBERS)}{text[found.end(1) :]}" if found else text


def _insert(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return (
        text[:at]
        + chance.choice(("<", ">", '"', "&", "&amp;", "<!-- -->", "<![CDATA[x]]>", "\x00", "x", "<x/>", "</c>"))
        + text[at:]
    )


_ON_TEXT: tuple[Callable[[str, random.Random], str], ...] = (
    _drop_tag,
    _drop_element,
    _double_element,
    _swap_elements,
    _move_element,
    _change_attribute,
    _change_attribute,
    _drop_attribute,
    _change_value,
    _insert,
)
