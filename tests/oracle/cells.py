"""How rosters write one value: the written variants of dates, amounts, ID numbers, days and empty cells."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .words import Mark, Number

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?")
BAD_DATES = ("20.7.1", "2020年7月", "2020-02-30", "2020-13-01", "7月1日", "择日")
BAD_AMOUNTS = ("面议", "见附表", "300-600")
BAD_DAYS = ("若干", "0", "-3", "2.5天", "半月")


@dataclass
class Day:
    """A date cell: a serial number with a date format."""

    on: date


@dataclass
class Serial:
    """A number cell that is a date's serial, without a date format."""

    on: date


@dataclass
class Error:
    """An error cell."""

    text: str


@dataclass
class Formula:
    """A formula that no program has computed."""

    text: str


@dataclass
class Struck:
    """A cell whose font is struck through."""

    value: object


class Writer:
    """Writes values as cells: None, str, int, float, Day, Serial, Error or Formula."""

    def __init__(self, rng: random.Random, *, plain_text: bool) -> None:
        self.rng = rng
        #: csv has texts only.
        self.plain_text = plain_text

    def empty(self, name: str) -> object:
        """Write nothing, in one of the ways of rosters."""
        if name in ("name", "programme") or self.rng.random() < 0.6:
            return None
        return self.rng.choice(
            ["", " ", "-", "——", "/", "无", "暂无"] + (["未办"] if name == "employment_card" else [])
        )

    def write(self, name: str, value: object, unit: int = 1) -> object:
        """Write one field's value; `unit`: how many yuan the amount column's heading makes of 1."""
        if value is Mark.ERROR:
            return Error(self.rng.choice(ERRORS))
        if value is Mark.NO_VALUE:
            return Formula("=VLOOKUP(A1,Z:Z,1,0)")
        if value is None:
            return self.empty(name)
        if name.endswith("_date"):
            return self.rng.choice(BAD_DATES) if value is Mark.BAD else self.day(value)
        if name == "claimed":
            return self.rng.choice(BAD_AMOUNTS) if value is Mark.BAD else self.amount(value, unit)
        if name == "attended_days":
            return self.rng.choice(BAD_DAYS) if value is Mark.BAD else self.days(value)
        if name == "id_number":
            return self.identity(value)
        if isinstance(value, Number):
            return int(value.digits)
        return self.text(value)

    def text(self, value: str) -> str:
        """Write a text, with blanks around it now and then."""
        return self.rng.choice([value, value, value, value, value + " ", "　" + value, value + "\n"])

    def identity(self, value: str | Number) -> object:
        """Write an ID number."""
        if isinstance(value, Number):
            return int(value.digits)
        forms = [value, value, value.lower(), value.translate(FULL_WIDTH), "'" + value, f" {value}\u00a0"]
        return self.rng.choice([*forms, f"{value[:6]} {value[6:14]} {value[14:]}"])

    def day(self, on: date) -> object:
        """Write one date."""
        forms: list[object] = [self.day_text(on)]
        if not self.plain_text:
            forms += [Day(on), Day(on), Serial(on)]
        return self.rng.choice(forms)

    def day_text(self, on: date) -> str:
        """Write one date as text."""
        forms = [
            f"{on:%Y-%m-%d}", f"{on.year}.{on.month}.{on.day}", f"{on:%Y.%m.%d}", f"{on.year}/{on.month}/{on.day}",
            f"{on:%Y%m%d}", f"{on.year}年{on.month}月{on.day}日", f"{on.year}年{on:%m}月{on:%d}日",
            f"{on:%Y-%m-%d}".translate(FULL_WIDTH), f" {on.year} 年 {on.month} 月 {on.day} 日",
        ]  # fmt: skip
        return self.rng.choice(forms)

    def span(self, start: date, end: date) -> object:
        """Write two dates in one cell."""
        if start == end and self.rng.random() < 0.6:
            return self.day(start)
        dash = self.rng.choice(["-", "—", "至", "~", "～", " - ", "－"])
        chinese = [f"{start.year}年{start.month}月{start.day}日至", f"{start.year}.{start.month}.{start.day}{dash}"]
        forms = [
            f"{chinese[0]}{end.year}年{end.month}月{end.day}日",
            f"{chinese[1]}{end.year}.{end.month}.{end.day}",
            f"{start:%Y/%m/%d}{dash}{end:%Y/%m/%d}",
        ]
        short_fits = start <= end and (
            start.year == end.year
            or (end <= start + timedelta(days=180) and (end.month, end.day) < (start.month, start.day))
        )
        if short_fits:
            forms += [f"{chinese[0]}{end.month}月{end.day}日", f"{chinese[1]}{end.month}.{end.day}"]
        if (start.year, start.month) == (end.year, end.month):
            forms.append(f"{chinese[0]}{end.day}日")
        return self.rng.choice(forms)

    def amount(self, fen: int, unit: int) -> object:
        """Write an amount of fen in a column whose heading counts in `unit` yuan."""
        exact = Decimal(fen) / 100 / unit
        plain = format(exact.normalize(), "f")
        forms: list[object] = [plain]
        if not self.plain_text:
            forms += [float(exact), float(exact)] if exact % 1 else [int(exact), int(exact)]
        if unit == 1 and fen > 0:
            forms += [f"{exact:.2f}", f"{plain}元", f"{exact:,.2f}"]
        return self.rng.choice(forms)

    def days(self, count: int) -> object:
        """Write attended days."""
        forms: list[object] = [str(count), f"{count}天", f"{count}日"]
        return self.rng.choice(forms if self.plain_text else [*forms, count, count])
