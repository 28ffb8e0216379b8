"""One cell of a register → its value, by the kind its column declares. A cell that says something else is a fault."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from trainingcli.compared import squeeze
from trainingcli.evidence.register_tables import Column
from trainingcli.intake.tables import values
from trainingcli.language import Text
from trainingcli.reasons import all_reasons
from trainingcli.vocabulary import load_vocabulary

_SEPARATORS = re.compile(r"[、,/;\n]")
_LEVEL_SEPARATORS = re.compile(r"[、,;+\n]")  # a slash may stand inside one level: 高级工/三级
_YEAR = re.compile(r"(20[0-9]{2})年?(?:度)?")
_COUNT = re.compile(r"([1-9][0-9]{0,6})[人名]?")
_LONGEST_NUMBER = 10**15
_LOST = Text("号码存成了数字，末几位已失真，请设为文本格式后重新录入", "stored as a number: its last digits are lost")


class BadCellError(Exception):
    """A cell that does not say what its column is for; `text` says what is expected there."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def text_of(cell: Any) -> str:
    """Return a cell as text: dates as ISO, whole numbers without a point, anything empty as an empty text."""
    if cell is None or isinstance(cell, dt.time | dt.timedelta):
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:
        return str(int(cell))
    return str(cell)


def value_of(cell: Any, column: Column, factor: int) -> Any:
    """Return the cell's value, None where it is empty; raise `BadCellError` where it cannot be used.

    `factor`: fen for one unit of the heading, for amounts. Several values come as a tuple.
    """
    text = values.clean(text_of(cell), _empty_words())
    if text is None:
        return None
    if values.ERROR_TEXT.fullmatch(text):
        raise BadCellError(Text("单元格是错误值", "the cell holds an error"))
    if column.kind == "yuan":
        return _amount(text, factor, column)
    if column.kind in ("id", "ids", "serial") and isinstance(cell, int | float) and abs(cell) >= _LONGEST_NUMBER:
        raise BadCellError(_LOST)
    if column.kind == "choice":
        return _choice(text, column)
    return _PARSERS[column.kind](text)


@cache
def _empty_words() -> frozenset[str]:
    return load_vocabulary({}).empty_words


@cache
def _levels() -> Mapping[str, str]:
    return load_vocabulary({}).values["level"]


def several(text: str, separators: re.Pattern[str] = _SEPARATORS) -> tuple[str, ...]:
    """Return the values of a cell that may hold several, each without blanks."""
    parts = (squeeze(part) for part in separators.split(unicodedata.normalize("NFKC", text)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _level(text: str) -> str:
    found = values.level(text, _levels())
    if found not in set(_levels().values()):
        raise BadCellError(Text("不是已知的等级", "not a known level"))
    return found


def _every_level(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_level(part) for part in several(text, _LEVEL_SEPARATORS)))


def _amount(text: str, factor: int, column: Column) -> int:
    fen = values.amount(text, factor)
    if fen is None or fen < 0 or (fen == 0 and not column.zero):
        raise BadCellError(Text("不是大于0的金额", "not an amount above 0"))
    return fen


def _date(text: str) -> dt.date:
    found = values.date(text)
    if found is None:
        raise BadCellError(Text("不是完整的日期，请写成2020-07-01的样式", "not a full date, such as 2020-07-01"))
    return found[0]


def _year(text: str) -> int:
    found = _YEAR.fullmatch(squeeze(text))
    if found is None:
        raise BadCellError(Text("不是四位年份", "not a year of four digits"))
    return int(found[1])


def _count(text: str) -> int:
    found = _COUNT.fullmatch(squeeze(text))
    if found is None:
        raise BadCellError(Text("不是大于0的整数", "not a whole number above 0"))
    return int(found[1])


def _choice(text: str, column: Column) -> str:
    plain = squeeze(text)
    if plain not in column.choices:
        raise BadCellError(Text("只能填" + "、".join(column.choices), "has to be one of " + ", ".join(column.choices)))
    return plain


def _id(text: str) -> str:
    return values.id_number(text, _empty_words()) or ""


def _ids(text: str) -> tuple[str, ...]:
    return tuple(_id(part) for part in several(text))


def _code(text: str) -> str:
    plain = squeeze(text).upper()
    if plain not in all_reasons():
        raise BadCellError(Text("不是原因代码，例如 ANNUAL_LIMIT", "not a reason code, such as ANNUAL_LIMIT"))
    return plain


_PARSERS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "name": squeeze,
    "names": several,
    "serial": squeeze,
    "level": _level,
    "levels": _every_level,
    "date": _date,
    "year": _year,
    "count": _count,
    "id": _id,
    "ids": _ids,
    "code": _code,
}
