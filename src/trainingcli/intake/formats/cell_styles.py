"""What a workbook's styles say of its cells: which are dates, struck through, without a day, of a unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from trainingcli.intake.formats.cell_kinds import Mark

# Numbers of formats that a file need not spell out; of those that begin with a year or month, in Chinese Excel.
_BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm", 45: "mm:ss", 47: "mm:ss.0",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|\[[^\]]*\]|[_*].', re.DOTALL)
_DAY = re.compile(r"(?<!d)d{1,2}(?!d)")
_DAYS = re.compile(r'(?:\[\$-[0-9A-Fa-f]+\])?(?:[ymdYMD/\-. 年月日]|"[年月日/\-. ]*"|\\[-/. 年月日])+(?:;@)?')
_CLOCK = re.compile("[dmhysap]", re.IGNORECASE)  # what may make a date or time of a number
_WAN, _YUAN = re.compile("(?<![十百千万])(?:万元|万(?![人名个]))"), re.compile("(?<![十百千万亿美港欧日韩])元")
_OTHER = re.compile(
    "[十百千]+元|[十百千万]+万(?![人名个])|亿(?![人名个])|[美港欧日韩]元|角|(?<!百)分(?![数之类])"
    "|[%‰$€£₩]|USD|HKD|EUR|GBP|JPY|KRW|TWD"
)
_PLACES = re.compile("[0#?]|general|通用格式", re.IGNORECASE)
_PIECE = re.compile(r'"[^"]*"|[\\!].|\[[^\]]*\]|.', re.DOTALL)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)\]")
_COMPARED = re.compile(r"(<=|>=|<>|!=|<|>|=)\s*(-?[0-9]+(?:\.[0-9]*)?)")
_BY_SIGN = {1: ("",), 2: (">=0", ""), 3: (">0", "<0", "")}  # what a section is for, where none says it
_DATED = re.compile("[ymdhs]|aaa")  # aaaa: 星期三
_SHIFTED = re.compile(r"[0#?],+(?![0#?,])")


T = TypeVar("T")


@dataclass
class Styles:
    """Cell formats in order: each one's format code, and whether its font strikes through."""

    codes: list[str] = field(default_factory=list)
    struck: list[bool] = field(default_factory=list)

    def marks(self) -> dict[int, int]:
        """Return style → `Mark`, only of those that have one."""
        found = {}
        for number, (code, struck) in enumerate(zip(self.codes, self.struck, strict=True)):
            mark = (Mark.STRUCK if struck else 0) | format_mark(code)
            if mark:
                found[number] = int(mark)
        return found

    def days(self, *, date1904: bool) -> tuple[list[int], list[int]]:
        """Return the styles that show a number as a day counted from 1900, and those that may show a time otherwise."""
        days: list[int] = []
        others: list[int] = []
        for number, code in enumerate(self.codes):
            if _DAYS.fullmatch(code) and _CLOCK.search(_bare(code)) and not date1904:
                days.append(number)
            elif _CLOCK.search(code.replace("[Red]", "")) and code.lower() != "general":
                others.append(number)
        return days, others


def format_code(number: int, written: Mapping[int, str]) -> str:
    """Return a number format's code: as the file writes it, else as the number means without saying."""
    return written.get(number, _BUILT_IN.get(number, ""))


def is_date_code(code: str) -> bool:
    """Tell whether a number format shows a number as a date or a time."""
    sections = [section for section in _sections(code) if section]
    return bool(sections) and _DATED.search(_bare(sections[0]).lower()) is not None


def format_mark(code: str) -> int:
    """Return what a number format says of a number above 0: that it shows a date without its day, or a unit."""
    sections = above_zero(_conditions(_sections(code)))
    first = _bare(sections[0]).lower()
    if _DATED.search(first):
        return 0 if _DAY.search(first) else int(Mark.NO_DAY)
    return joint(_unit(section) for section in sections if _PLACES.search(_LITERAL.sub("", section)))


def above_zero(parts: Iterable[tuple[str, T]]) -> list[T]:
    """Return what may show a number above 0. `parts`: each condition (`>=0`; "": what is left) with its own."""
    found = []
    for condition, shown in parts:
        compared = _COMPARED.search(condition)
        by_sign = compared is not None and float(compared[2]) <= 0
        holds = by_sign and compared is not None and compared[1] in (">", ">=", "<>", "!=")
        if holds or not by_sign:
            found.append(shown)
        if holds:
            break
    return found


def joint(marks: Iterable[int | None]) -> int:
    """Return the one mark of those that may hold (None says nothing); several say that the unit is not known."""
    said = {mark for mark in marks if mark is not None} or {0}
    return said.pop() if len(said) == 1 else int(Mark.UNIT_OTHER)


def _sections(code: str) -> list[str]:
    """Split at semicolons that are no literals."""
    sections = [""]
    for piece in _PIECE.findall(code):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    return sections


def _conditions(sections: list[str]) -> list[tuple[str, str]]:
    """Return each section for numbers with what it is for; a fourth is for texts."""
    numbers = sections[:3]
    said = [_CONDITION.search(re.sub('"[^"]*"', "", section)) for section in numbers]
    if not any(said):
        return list(zip(_BY_SIGN[len(numbers)], numbers, strict=True))
    parts = [("".join(each.groups()) if each else "", section) for each, section in zip(said, numbers, strict=True)]
    return parts if said[-1] is None else [*parts, ("", "General")]


def _bare(section: str) -> str:
    """Return a section without literals, colours, conditions and fillers: what is left are placeholders."""
    return re.sub("general|am/pm|a/p|上午/下午", "", _LITERAL.sub("", section), flags=re.IGNORECASE)


def _unit(section: str) -> int | None:
    """Return the unit that a section writes; None where it shifts the point itself: that is display alone."""
    if _SHIFTED.search(_bare(section)):
        return None
    if any("." in (found[1] or found[2] or "") for found in _LITERAL.finditer(section)):
        return None
    plain = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r"\1", section)  # [$US$-409]: what is shown, and a country
    shown = re.sub(r"\[[^\]]*\]|[_*].", "", plain).replace('"', "").replace("\\", "").replace("!", "")
    return unit_of(shown)


def unit_of(shown: str) -> int:
    """Return the unit that a number format's literal text names."""
    if _OTHER.search(shown):
        return int(Mark.UNIT_OTHER)
    if _WAN.search(shown):
        return int(Mark.UNIT_WAN)
    return int(Mark.UNIT_YUAN) if _YUAN.search(shown) else 0
