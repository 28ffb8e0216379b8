"""One cell of a declared table → its value, by the kind its column declares (`declared` lists them)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from trainingcli.compared import squeeze
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.tables import values
from trainingcli.intake.tables.declared import DeclaredColumn
from trainingcli.language import Text
from trainingcli.reasons import all_reasons
from trainingcli.vocabulary import Vocabulary

_SEPARATORS = re.compile(r"[、,/;\n]")
_LEVEL_SEPARATORS = re.compile(r"[、,;+\n]")  # a slash may stand inside one level: 高级工/三级
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:\.0+)?年?(?:度)?")
_COUNT = re.compile(r"([0-9]{1,7})(?:\.0+)?[人名个家天日次]?")
_NUMBER = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,2})?)(?:课时|学时|小时|[人名个天日时])?")
_LONG_NUMBER = 16
_LARGEST = 10**14  # fen: a city's budget, not a person's claim
_TEXTS = {
    "ERROR_CELL": Text("单元格是错误值", "the cell holds an error"),
    "FORMULA_WITHOUT_VALUE": Text(
        "公式没有保存结果，请打开后重新保存", "a formula whose result was not saved; open and save it again"
    ),
    "MERGED_AMOUNT": Text("金额是几行合并的一格", "one merged amount for several rows"),
    "LOST": Text("号码存成了数字，末几位已失真，请改为文本格式", "stored as a number: its last digits are lost"),
    "UNKNOWN_LEVEL": Text("不是已知的等级", "not a known level"),
    "BAD_DATE": Text("不是完整的日期，请写成2020-07-01的样式", "not a full date, such as 2020-07-01"),
    "YEAR": Text("不是四位年份", "not a year of four digits"),
    "AMOUNT": Text("不是大于0的金额", "not an amount above 0"),
    "AMOUNT0": Text("不是0或以上的金额", "not an amount of 0 or more"),
    "COUNT": Text("不是大于0的整数", "not a whole number above 0"),
    "COUNT0": Text("不是0或以上的整数", "not a whole number of 0 or more"),
    "NUMBER": Text("不是最多两位小数的数字", "not a number of at most two decimals"),
    "CODE": Text("不是原因代码，例如 ANNUAL_LIMIT", "not a reason code, such as ANNUAL_LIMIT"),
}  # fmt: skip


class BadCellError(Exception):
    """A cell that does not say what its column is for: the finding's code ("": none), and what is expected there.

    `fen`: the amount that stands there all the same, where it is known: a group's total.
    """

    def __init__(self, code: str, text: Text, fen: int | None = None) -> None:
        super().__init__(text.en)
        self.code = code
        self.text = text
        self.fen = fen


class RawCell(NamedTuple):
    """A cell as a worker hands it over: its text (None: empty), its `Kind`, the fen in one unit of its column."""

    text: str | None
    kind: int
    factor: int = 100


def value_of(cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> Any:
    """Return the cell's value, None where it is empty; raise `BadCellError` where it cannot be used."""
    if cell.kind == Kind.NO_VALUE:
        raise BadCellError("FORMULA_WITHOUT_VALUE", _TEXTS["FORMULA_WITHOUT_VALUE"])
    text = values.clean(cell.text or "", words.empty_words)
    if text is None:
        return None
    if cell.kind == Kind.ERROR or values.ERROR_TEXT.fullmatch(text):
        raise BadCellError("ERROR_CELL", _TEXTS["ERROR_CELL"])
    return _PARSERS[column.kind](text, cell, column, words)


def several(text: str, separators: re.Pattern[str] = _SEPARATORS) -> tuple[str, ...]:
    """Return the values of a cell that may hold several, each without blanks."""
    parts = (squeeze(part) for part in separators.split(unicodedata.normalize("NFKC", text)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _bad(code: str, text: str) -> BadCellError:
    return BadCellError(code, _TEXTS[text])


def _level(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> str:
    terms = words.values["level"]
    found = values.level(text, terms)
    if found not in set(terms.values()) and not column.open:
        raise _bad(column.code or "UNKNOWN_LEVEL", "UNKNOWN_LEVEL")
    return found


def _levels(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> tuple[str, ...]:
    parts = several(text, _LEVEL_SEPARATORS)
    return tuple(dict.fromkeys(_level(part, cell, column, words) for part in parts))


def _yuan(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> int:
    fen = values.amount(text, cell.factor, _LARGEST)
    if fen is None or fen < 0 or (fen == 0 and not column.zero):
        raise _bad("BAD_AMOUNT", "AMOUNT0" if column.zero else "AMOUNT")
    return fen


def _date(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> tuple[dt.date, bool]:
    found = values.date(text)
    if found is None:
        raise _bad("BAD_DATE", "BAD_DATE")
    return found


def _span(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> tuple[dt.date, dt.date, bool]:
    found = values.date_range(text)
    if found is None:
        raise _bad("BAD_DATE", "BAD_DATE")
    return found


def _year(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> int:
    found = _YEAR.fullmatch(squeeze(text))
    if found is None:
        raise _bad("BAD_NUMBER", "YEAR")
    return int(found[1])


def _count(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> int:
    found = _COUNT.fullmatch(squeeze(text))
    if found is None or (int(found[1]) == 0 and not column.zero):
        raise _bad("BAD_NUMBER", "COUNT0" if column.zero else "COUNT")
    return int(found[1])


def _number(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> Decimal:
    found = _NUMBER.fullmatch(squeeze(text))
    if found is None or (Decimal(found[1]) == 0 and not column.zero):
        raise _bad("BAD_NUMBER", "NUMBER")
    return Decimal(found[1])


def _choice(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> str:
    plain, known = squeeze(text), column.choices or {}
    if plain in known or column.open:
        return known.get(plain, plain)
    allowed = column.terms
    raise BadCellError(column.code, Text("只能填" + "、".join(allowed), "has to be one of " + ", ".join(allowed)))


def _options(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> tuple[str, ...]:
    return tuple(_choice(part, cell, column, words) for part in several(text))


def _words(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> str:
    return values.terms(text, words.values[column.of])


def _is_lost(text: str, cell: RawCell) -> bool:
    digits = text.lstrip("-").split(".")[0]
    return (cell.kind == Kind.NUMBER and len(digits) >= _LONG_NUMBER) or values.is_scientific(text)


def _id(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> str:
    if _is_lost(text, cell):
        raise _bad("ID_PRECISION_LOST", "LOST")
    return values.id_number(text, words.empty_words) or ""


def _ids(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> tuple[str, ...]:
    return tuple(_id(part, cell, column, words) for part in several(text))


def _serial(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> str | None:
    if _is_lost(text, cell):
        raise _bad(column.code, "LOST")
    return values.with_digit(text, words.empty_words)


def _code(text: str, cell: RawCell, column: DeclaredColumn, words: Vocabulary) -> str:
    plain = squeeze(text).upper()
    if plain not in all_reasons():
        raise _bad(column.code, "CODE")
    return plain


def merged(total: Any) -> BadCellError:
    """Return what a merged amount is: a group's total in fen (or what is wrong with it), and no row's."""
    return BadCellError("MERGED_AMOUNT", _TEXTS["MERGED_AMOUNT"], total if isinstance(total, int) else None)


MONTH_ALONE = _bad("BAD_DATE", "BAD_DATE")
"""What a date is whose format shows no day."""

_PARSERS: Mapping[str, Callable[[str, RawCell, DeclaredColumn, Vocabulary], Any]] = {
    "text": lambda text, *_: text,
    "name": lambda text, *_: squeeze(text),
    "names": lambda text, *_: several(text),
    "level": _level,
    "levels": _levels,
    "words": _words,
    "choice": _choice,
    "options": _options,
    "date": _date,
    "span": _span,
    "year": _year,
    "yuan": _yuan,
    "count": _count,
    "number": _number,
    "id": _id,
    "ids": _ids,
    "serial": _serial,
    "code": _code,
}
