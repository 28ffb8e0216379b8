"""One written value → one term: dates, amounts, days, levels, word lists. Each function sees a distinct text once."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from trainingcli.compared import UNSEEN, squeeze

NOTHING = re.compile(r"[-‐-―−─~/\\.。·・…、_'’]*")
ERROR_TEXT = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE)
SEPARATORS = re.compile(r"[、,/;+]")

_UNSEEN = re.compile(f"[{UNSEEN}]+")  # around a value it is no part of it, alone it is nothing
_OUTER = re.compile(rf"\A[\s{UNSEEN}]+|[\s{UNSEEN}]+\Z")
_SHOWS_NOTHING = re.compile("\u2800*")
_DASHES = re.compile("[‐‑‒−]")
# The minority-name dot (少数民族姓名间隔点): the signs that are nothing else, and those that are one between Chinese
# characters alone.
_DOT = "·"
_DOTS = re.compile("[•‧・･∙⋅\u0387․⸱⸳᛫ᐧꞏ]")
_HAN = r"[〇\u3400-\u9fff\ue000-\ufaff\U00020000-\U0003ffff]"
_MAYBE_DOTS = ".．。｡●"
# Made a pattern by the first name that has one: that takes longer than to read all names of a small roster.
_DOT_OF_HAN = f"(?<={_HAN})[{_MAYBE_DOTS}](?={_HAN})"

_FULL = r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}[日号]?|\d{8}"
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_ONE_DATE = re.compile(rf"({_FULL}){_TIME}", re.ASCII)
_RANGE = re.compile(
    rf"({_FULL})起?[-~至到—–―]+({_FULL}|\d{{1,2}}[-./月]\d{{1,2}}[日号]?|\d{{1,2}}[日号]?)止?", re.ASCII
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_EPOCH = dt.date(1899, 12, 30)
DAYS_1904 = 1462
_OLDEST_SERIAL, _NEWEST_SERIAL = 20000, 80000  # 1954 … 2119: a year or a month number is no serial
_POWER = re.compile(r"-?(?=\.?[0-9])([0-9]*)(?:\.[0-9]*)?[eE](\+?)(0*)([0-9]{1,3})", re.ASCII)
_MOST_DIGITS = 14  # before the point of a number that shows them all
LONGEST_TURN_OF_YEAR = 180

_FIGURE = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+"  # a comma elsewhere may be a decimal sign
_AMOUNT = re.compile(rf"[¥￥]?({_FIGURE})(万元|万|元)?(?:整|正)?(?:/人|每人|/人次)?", re.ASCII)
_MAX_FEN = 10**10  # a hundred million yuan: no claim of a person, but an account or a phone in the wrong column
_DAYS = re.compile(r"(\d{1,5})(?:\.0+)?[天日]?", re.ASCII)


def clean(text: str, empty_words: frozenset[str]) -> str | None:
    """Return the text without outer blanks, or None where it says 'nothing' (dashes, slashes, dots, 无, 暂无 …)."""
    plain = squeeze(text)
    if _SHOWS_NOTHING.fullmatch(plain) or NOTHING.fullmatch(plain) or plain in empty_words:
        return None
    return _OUTER.sub("", text)


def name(text: str, empty_words: frozenset[str]) -> str | None:
    """Return a name as given, the minority-name dot in all its forms as U+00B7; comparing by NFC is the comparer's."""
    given = clean(text, empty_words)
    if given is None:
        return None
    dotted = _DOTS.sub(_DOT, given)
    return dotted if frozenset(_MAYBE_DOTS).isdisjoint(dotted) else re.sub(_DOT_OF_HAN, _DOT, dotted)


def with_digit(text: str, empty_words: frozenset[str]) -> str | None:
    """Return a card or certificate number squeezed and upper-cased; without a digit it is empty."""
    plain = squeeze(text).lstrip("'").upper()
    return plain if any("0" <= sign <= "9" for sign in plain) and clean(text, empty_words) else None


def id_number(text: str, empty_words: frozenset[str]) -> str | None:
    """Return an ID number as compared: NFKC, no blanks, no text mark, X in upper case. Nothing is repaired."""
    given = clean(text, empty_words)
    return None if given is None else squeeze(given).strip("'‘’`\"").upper()


def is_scientific(text: str) -> bool:
    """Tell whether a text is a long number as a spreadsheet shows it, its last digits lost: 6.22E+18, 6.22E+018."""
    found = _POWER.fullmatch(squeeze(text))
    if found is None:
        return False
    whole, plus, zeros, power = found.groups()
    if not plus and (len(whole) != 1 or zeros):  # 14E023 may be a certificate's number
        return False
    return len(whole) + int(power) > _MOST_DIGITS


def _date(text: str) -> dt.date | None:
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if len(numbers) == 1:
        numbers = [int(text[:4]), int(text[4:6]), int(text[6:8])]
    try:
        day = dt.date(*numbers)
    except ValueError:
        return None
    return day if 1900 <= day.year < 2100 else None


def _tidy(text: str) -> str:
    words = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).split()
    spaced = " ".join(filter(None, (_UNSEEN.sub("", word) for word in words)))
    return re.sub(r" ?([-./年月日号~至到—–―]) ?", r"\1", spaced) if not _ONE_DATE.fullmatch(spaced) else spaced


def date(text: str) -> tuple[dt.date, bool] | None:
    """Parse one date; the flag says that it was a serial (1900 system). None: not a full date (`BAD_DATE`)."""
    tidy = _tidy(text)
    if serial := _SERIAL.fullmatch(tidy):
        days = int(serial[1])
        return (_EPOCH + dt.timedelta(days), True) if _OLDEST_SERIAL <= days <= _NEWEST_SERIAL else None
    if one := _ONE_DATE.fullmatch(tidy):
        day = _date(one[1])
        return (day, False) if day else None
    return None


def date_range(text: str) -> tuple[dt.date, dt.date, bool] | None:
    """Parse `2020.7.1-7.15` and its like into start and end; one date is both. The flag says: serial.

    What the second part leaves out is the first's; with its month written it may lie in the next year, if the
    range is then at most 180 days.
    """
    if one := date(text):
        return one[0], one[0], one[1]
    found = _RANGE.fullmatch(_tidy(text))
    start = _date(found[1]) if found else None
    if not found or start is None:
        return None
    written = re.findall(r"\d+", found[2])
    if len(written) == 3 or len(found[2]) == 8:
        end = _date(found[2])
    elif len(written) == 1:
        end = _date(f"{start.year}-{start.month}-{written[0]}")
    else:
        end = _date(f"{start.year}-{written[0]}-{written[1]}")
        later = _date(f"{start.year + 1}-{written[0]}-{written[1]}")
        if (end is None or end < start) and later and (later - start).days <= LONGEST_TURN_OF_YEAR:
            end = later
    return (start, end, False) if end else None


def amount(text: str, factor: int, limit: int = _MAX_FEN) -> int | None:
    """Parse an amount into fen; `factor` is the heading's (100 for 元), a unit in the cell wins. None: `BAD_AMOUNT`.

    A factor of 0: a unit that is no unit of yuan. `limit`: fen that no amount of its kind reaches.
    """
    found = _AMOUNT.fullmatch(squeeze(text))
    if not found:
        return None
    value = Decimal(found[1].replace(",", ""))
    if len(value.as_tuple().digits) > 15:  # a number cell holds 15 digits; the rest is binary noise
        value = Decimal(f"{value:.14e}")
    unit = found[2]
    if unit is None and not factor:
        return None
    fen = value * (factor if unit is None else 100 if unit == "元" else 1_000_000)
    return int(fen) if fen == fen.to_integral_value() and abs(fen) < limit else None


def days(text: str) -> int | None:
    """Parse attended days: a whole number above 0, with 天 or 日 behind it or not. None: `BAD_NUMBER`."""
    found = _DAYS.fullmatch(squeeze(text))
    return int(found[1]) or None if found else None


def level(text: str, terms: Mapping[str, str]) -> str:
    """Return the level's term (高级技能/三级 → 高级工), or the text as it is where it says none, or two."""
    plain = squeeze(text)
    found = {_level(part, terms) for part in re.split(r"[/()\[\]{}【】〔〕]", plain) if part}
    return found.pop() or plain if len(found) == 1 else plain


def _level(word: str, terms: Mapping[str, str]) -> str | None:
    """Return the level that a word says, once or twice over (三级高级工)."""
    bare = word.replace("技能", "")
    known = terms.get(word) or terms.get(bare) or terms.get(bare.removesuffix("工"))
    if known:
        return known
    halves = ((_plain_level(bare[:cut], terms), _plain_level(bare[cut:], terms)) for cut in range(2, len(bare) - 1))
    return next((one for one, other in halves if one and one == other), None)


def _plain_level(word: str, terms: Mapping[str, str]) -> str | None:
    return terms.get(word) or terms.get(word.removesuffix("工"))


def terms(text: str, words: Mapping[str, str]) -> str:
    """Return every value of a cell as its term, joined by 、; what is not known stays as it is."""
    parts = [words.get(part, part) for part in SEPARATORS.split(squeeze(text).strip("\"'“”")) if part]
    return "、".join(dict.fromkeys(parts))
