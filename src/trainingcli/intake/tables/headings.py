"""One heading's text → roster key, programme of a wide amount column, unit (contract: "Roster headings")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from trainingcli.compared import squeeze
from trainingcli.intake.tables import values
from trainingcli.vocabulary import BRACKETS, EMPLOYEES_TRAINING, HeaderRule, Vocabulary, heading_forms, heading_of

# Fen in one of each. A sum in another country's money is none: 0, and every cell of such a column is at fault.
_UNITS = {
    "千万元": 1_000_000_000, "百万元": 100_000_000, "十万元": 10_000_000, "万元": 1_000_000, "亿元": 10_000_000_000,
    "千元": 100_000, "百元": 10_000, "十元": 1_000, "元": 100, "角": 10, "分": 1,
    "美元": 0, "港元": 0, "港币": 0, "欧元": 0, "日元": 0, "英镑": 0, "韩元": 0, "外币": 0,
}  # fmt: skip
_UNIT = "|".join(_UNITS)
_SHORT = {name.removesuffix("元"): fen for name, fen in _UNITS.items() if re.fullmatch("[十百千万亿]+元", name)}
# A unit in brackets, alone or behind what else they say: 工资薪金总额(税收金额,元).
_BRACKETED_UNIT = re.compile(
    rf"([(\[【])(?:([^()\[\]【】]*)[,、;])?(?:单位[::]?|人民币|以|按)*({_UNIT}|{'|'.join(_SHORT)})"
    r"(?:计|计算|为单位)?(?:/[^)\]】]*)?[)\]】]"
)
# What only says how the cell is filled in.
_INSTRUCTION = re.compile(r"[(\[【](?:必填|选填|非必填|可不填|可选|全称|[0-9]+位)项?[)\]】]")
_TRAILING_UNIT = re.compile(rf"(?:/|单位)?({_UNIT})$")
# A unit that brackets name among other words: (人民币:万元), (万元,保留两位), (金额单位:万元); not (每人800元).
_NAMED_UNIT = re.compile(
    rf"(?:^|[^\w]|单位|人民币|以|按)({_UNIT}|{'|'.join(_SHORT)})(?=$|[^\w]|计|为单位)", re.MULTILINE
)
# A line that names one: 金额单位：万元, （单位：人、万元）, 单位（万元）, 以万元为单位; not 填报单位：元和公司.
_UNIT_LINE = re.compile(
    rf"(?:(?<!填报)(?<!申报)(?<!报送)(?<!培训)(?<!工作)(?<!用人)(?<!所在)(?<!组织)单位[:;(\[【〔]*"
    rf"(?:人民币[:;(\[【〔]*|[人名个天户次期班张份课学时]{{1,2}}[^\w]+)*|以(?=[^为]{{1,3}}为单位))"
    rf"({_UNIT}|{'|'.join(_SHORT)})(?=为单位|[^\u4e00-\u9fff]|$)"
)
_GAPS = re.compile(r"\s{2,}|[\t\n\u3000]")
_ENTERPRISE = re.compile(r"企业职工.*培训补贴(?:金额)?$")
_HOURS = ("课时", "学时")  # how many of them, and no dates
_VALUE = re.compile(r"[0-9]{14,19}[0-9X]|1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8}", re.IGNORECASE)  # ID number, phone
_LONGEST = 60  # characters: a heading, not a sentence

STARTS = frozenset(
    ["开始", "起", "起始", "始", "自", "开始时间", "开始日期", "起始时间", "起始日期", "开班", "开班日期", "开班时间"]
)
ENDS = frozenset(
    [
        "结束",
        "止",
        "终止",
        "至",
        "结束时间",
        "结束日期",
        "终止时间",
        "终止日期",
        "截止",
        "截止日期",
        "截止时间",
        "结业",
        "结业日期",
        "结业时间",
    ]
)


class Match(NamedTuple):
    """What a heading means: a roster key, or `amount` with a programme; fen for one unit of it.

    `last`: the heading as matched, where it counts only beside no other of its key.
    """

    key: str
    programme: str | None = None
    factor: int = 100
    last: str = ""

    @property
    def identity(self) -> tuple[str, str | None]:
        """Two columns with one identity are the same column twice."""
        return self.key, self.programme


class Headings(NamedTuple):
    """Matches headings by the vocabulary; keeps what it has seen, since a sheet asks for the same texts again."""

    vocabulary: Vocabulary
    programmes: Mapping[str, str]
    seen: dict[str, Match | None]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Headings:
        """Prepare the matcher for one vocabulary."""
        programmes = {heading_of(name): code for name, code in vocabulary.programmes.items()}
        return cls(vocabulary, programmes, {})

    @property
    def is_roster(self) -> bool:
        """Tell whether these are a roster's: a declared table's header is made of its own keys."""
        return self.vocabulary.header == HeaderRule()

    def names_programme(self, text: str) -> bool:
        """Tell whether a text names a programme, or what else is asked for."""
        return any(name in squeeze(text) for name in (*self.vocabulary.programmes, *self.vocabulary.named))

    def match(self, raw: str) -> Match | None:
        """Return what a heading means, or None."""
        if raw not in self.seen:
            self.seen[raw] = self._match(raw) if 0 < len(raw) <= _LONGEST else None
        return self.seen[raw]

    def lacks(self, matches: Iterable[Match | None]) -> bool:
        """Tell whether these headings make no header: wide amount columns count one by one."""
        found = {match.identity for match in matches if match}
        return self.vocabulary.header.lacks(frozenset(programme or key for key, programme in found))

    def _match(self, raw: str) -> Match | None:
        vocabulary = self.vocabulary
        heading, factor = matched_heading(raw, vocabulary), unit_of(raw)
        forms = [heading_of(raw, whole=True)] if vocabulary.in_brackets else list(heading_forms(raw))
        key = next((vocabulary.headings[form] for form in (*forms, heading) if form in vocabulary.headings), None)
        if key == "date_range" and any(word in raw for word in _HOURS):
            return None
        if key is not None:
            return Match(
                key, None, factor if key in vocabulary.money else 100, heading if heading in vocabulary.last else ""
            )
        key = vocabulary.headings.get(heading.rstrip("0123456789"))
        if key is not None and key in vocabulary.every and key != "claimed":
            return Match(key)
        plain = _TRAILING_UNIT.sub("", heading)
        key = vocabulary.headings.get(plain)
        if key is not None and key in vocabulary.money:
            return Match(key, None, factor)
        programme = self._programme(plain)
        return Match("amount", programme, factor) if programme else None

    def _programme(self, heading: str) -> str | None:
        """Return the programme that heads a wide amount column: its name, with 金额 behind it or not."""
        if "标准" in heading:
            return None
        if _ENTERPRISE.search(heading):
            return EMPLOYEES_TRAINING
        return self.programmes.get(heading) or self.programmes.get(heading.removesuffix("金额"))


def holds_values(texts: Iterable[str]) -> bool:
    """Tell whether a row holds values among its headings (an ID number, a phone, a date): a form's row, no header."""
    return any(_VALUE.fullmatch(squeeze(text)) or values.date(text) for text in texts if text)


def matched_heading(raw: str, vocabulary: Vocabulary) -> str:
    """Return a heading as this vocabulary's are matched: without its brackets' contents, unless those count."""
    if not vocabulary.in_brackets:
        return heading_of(raw)
    plain = _BRACKETED_UNIT.sub(r"\1\2", _INSTRUCTION.sub("", squeeze(raw)))
    return heading_of(plain, whole=True)


def unit_of(raw: str) -> int:
    """Return the fen in one unit of a heading's amount: 100 where it names none."""
    named = named_unit(raw)
    return 100 if named is None else named


def named_unit(raw: str) -> int | None:
    """Return the fen in the unit that a heading names: 0 for other money than yuan; None where it names none."""
    plain = squeeze(raw)
    said = (unit for each in BRACKETS.findall(plain) for unit in _NAMED_UNIT.findall(each))
    behind = _TRAILING_UNIT.search(heading_of(raw))
    named = next(said, behind[1] if behind else None)
    return None if named is None else (_UNITS | _SHORT)[named]


def unit_above(rows: Iterable[Sequence[str]], otherwise: int) -> int:
    """Return the fen in the unit that the lines above a header name (单位：万元), the last counts."""
    named = [unit for row in rows if (unit := _unit_of_line("  ".join(filter(None, row))))]
    return (_UNITS | _SHORT)[named[-1]] if named else otherwise


def _unit_of_line(line: str) -> str | None:
    """Return the last unit that a line names: in the whole of it, or in what blanks part from the rest."""
    if "单位" not in squeeze(line):
        return None
    parts, words = _GAPS.split(line), line.split()
    pairs = (map("".join, pairwise(each)) for each in (parts, words))
    texts = map(squeeze, chain([line], parts, words, *pairs))
    return next((found[-1] for text in texts if (found := _UNIT_LINE.findall(text))), None)
