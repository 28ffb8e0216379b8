"""Awards settled anew from the contract's text alone (contract-2, section 3): plain loops, nothing of the program.

A row is a dict of what its cells hold, as values: unit, kind, grade, award, host, recognised, document, round, result,
evaluated, claimed (fen). A date is a day, "月" for one that is a month alone, None where the cell is empty. `award` is
absent where there is no such column. Rows are in the order of file, sheet, row.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

Row = dict[str, Any]
KIND_WORDS = {
    "base": ["高技能人才实训基地", "高级技能人才实训基地", "实训基地", "基地"],
    "studio": ["技能大师工作室", "大师工作室", "工作室"],
}
NAMES = {
    "base-construction": ["实训基地建设补贴", "高技能人才实训基地建设补贴", "基地建设补贴"],
    "studio-grant": ["技能大师工作室补助", "工作室补助"],
    "studio-promotion": ["技能大师工作室晋级补助", "工作室晋级补助"],
    "base-award": ["实训基地评估奖励", "基地评估奖励"],
    "studio-award": ["技能大师工作室评估奖励", "工作室评估奖励"],
}
KIND_OF = {code: code.split("-")[0] for code in NAMES}
GRADES = {"base-construction": ["市级"], "studio-grant": ["市级"], "studio-promotion": ["省级", "国家级"]}
YUAN = {
    ("base-construction", ""): 1_000_000, ("studio-grant", ""): 100_000, ("studio-promotion", "省级"): 200_000,
    ("studio-promotion", "国家级"): 300_000, ("base-award", ""): 200_000, ("studio-award", ""): 50_000,
}  # fmt: skip
IN_FORCE = dt.date(2019, 1, 1)
REJECT = {"NOT_ELIGIBLE", "MISSING_FIELD", "FUTURE_DATE", "DUPLICATE_CLAIM", "NOT_IN_REGISTER"}
HOLD = {
    "PAYEE_MISSING", "DOCUMENT_MISSING", "UNKNOWN_KIND", "UNKNOWN_LEVEL", "UNKNOWN_RESULT", "UNKNOWN_PROGRAMME",
    "BAD_DATE", "NO_STANDARD", "AMOUNT_BELOW", "PAID_AS_LOWER", "ROUND_UNCLEAR", "REVERSED_BEFORE",
    "REGISTER_DIFFERS",
}  # fmt: skip
BRACKETS = "()[]{}【】〔〕"
DOTS = "·•‧・･.。∙⋅"


def plain_text(text: str) -> str:
    """NFKC, upper case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def name_of(text: str, kind: str) -> str:
    """A unit's name as compared."""
    name = plain_text(text)
    for sign in "[{【〔":
        name = name.replace(sign, "(")
    for sign in "]}】〕":
        name = name.replace(sign, ")")
    tail = ""
    if name.endswith(")") and "(" in name:
        place = name.rindex("(")
        name, tail = name[:place], name[place:]
    ends = [word for word in KIND_WORDS[kind] if name.endswith(word)]
    cut = name[: len(name) - len(max(ends, key=len))] if ends else name
    bare = "".join(sign for sign in cut + tail if sign not in BRACKETS + DOTS)
    if not bare:
        bare = "".join(sign for sign in name + tail if sign not in BRACKETS + DOTS)
    again = True
    while again:
        again = False
        for end in ("市级", "省级", "国家级"):
            if bare.endswith(end) and bare != end:
                bare, again = bare[: -len(end)], True
        for start in ("山西省", "太原市"):
            if bare.startswith(start) and bare != start:
                bare, again = bare[len(start) :], True
    return bare


def kind_from_name(text: str) -> str | None:
    """The kind that the end of a name tells."""
    name, depth = "", 0
    for sign in plain_text(text):
        if sign in "([{【〔":
            depth += 1
        elif sign in ")]}】〕":
            depth -= 1
        elif depth == 0:
            name += sign
    if name.endswith("大师工作室"):
        return "studio"
    return "base" if name.endswith(("实训基地",)) else None


def round_of(text: str | None) -> str | None:
    """An evaluation round as compared."""
    if text is None:
        return None
    plain = plain_text(text)
    years, place = [], 0
    while place < len(plain):
        end = place
        while end < len(plain) and plain[end] in "0123456789":
            end += 1
        if end - place == 4 and plain[place : place + 2] in ("19", "20"):
            years.append(plain[place:end])
        place = max(end, place + 1)
    return years[0] if len(years) == 1 else plain


@dataclass
class Line:
    """One line: what is asked, for whom, and what speaks against it."""

    row: Row
    award: str | None
    kind: str | None = None
    name: str | None = None
    codes: list[str] = field(default_factory=list)
    entitled: int | None = None
    posted: bool = False

    @property
    def date(self) -> Any:
        return self.row.get("evaluated" if self.award in ("base-award", "studio-award") else "recognised")

    @property
    def day(self) -> dt.date | None:
        return self.date if isinstance(self.date, dt.date) else None

    @property
    def status(self) -> str:
        codes = set(self.codes)
        if codes & REJECT:
            return "rejected"
        if self.posted:
            return "posted"
        if codes & HOLD or ("SIMILAR_UNIT" in codes and self.award in ("base-construction", "studio-grant")):
            return "held"
        return "reduced" if "OVER_CLAIMED" in codes else "approved"

    @property
    def approved(self) -> int:
        return (self.entitled or 0) if self.status in ("approved", "reduced") else 0

    @property
    def key(self) -> tuple[str, ...] | None:
        """What the unit gets once."""
        if self.award is None or self.name is None or self.kind != KIND_OF[self.award]:
            return None
        if self.award == "studio-promotion":
            return (self.award, self.row["grade"]) if self.row.get("grade") in ("省级", "国家级") else None
        if self.award.endswith("-award"):
            found = round_of(self.row.get("round"))
            return None if found is None else (self.award, found)
        return (self.award,)


@dataclass
class Books:
    """What was paid: (kind, name, key) → line; what was reversed and not reopened; every line ever posted."""

    paid: dict[tuple[str, str, tuple[str, ...]], Line] = field(default_factory=dict)
    reversed: dict[tuple[str, str, tuple[str, ...]], Line] = field(default_factory=dict)
    reopened: set[tuple[str, str, tuple[str, ...]]] = field(default_factory=set)
    archived: list[Line] = field(default_factory=list)


def asked(row: Row, kind: str | None) -> tuple[list[str | None], list[str]]:
    """The awards that a row asks for, and the reasons of a line without one."""
    if "award" in row:
        text = row["award"]
        if text is None:
            return [None], ["MISSING_FIELD"]
        words = sorted(((word, code) for code, names in NAMES.items() for word in names), key=lambda one: -len(one[0]))
        found = [code for word, code in words if word in text][:1]
        if found:
            return [found[0]], []
        if "评估奖励" in text:
            return [None if kind is None else f"{kind}-award"], []
        if "建设补贴" in text:
            return [{"base": "base-construction"}.get(kind or "")], ["NOT_ELIGIBLE"] if kind == "studio" else []
        return [None], ["UNKNOWN_PROGRAMME"]
    if row.get("result") is not None:
        return [None if kind is None else f"{kind}-award"], []
    grade = row.get("grade")
    if grade is None:
        return [None], ["MISSING_FIELD"]
    if grade not in ("市级", "省级", "国家级"):
        return [None], ["UNKNOWN_LEVEL"]
    if kind is None:
        return [None], []
    fits = {("base", "市级"): "base-construction", ("studio", "市级"): "studio-grant"}
    if kind == "studio" and grade != "市级":
        return ["studio-promotion"], []
    code = fits.get((kind, grade))
    return [code], [] if code else ["NOT_ELIGIBLE"]


def settle(rows: list[Row], today: dt.date, books: Books) -> list[Line]:
    """Every row's line, in the rows' order."""
    lines = [one_row(row, today) for row in rows]
    everyone = [line for line in lines if line.name is not None] + books.archived
    for line in lines:
        if line.name is None:
            continue
        if any(other.kind == line.kind and near(line.name, other.name or "") for other in everyone):
            line.codes.append("SIMILAR_UNIT")
        document = line.row.get("document")
        if document and any(
            other.kind == line.kind and other.name != line.name and other.row.get("document") == document
            for other in everyone
        ):
            line.codes.append("SAME_DOCUMENT")
        if line.award == "studio-promotion" and line.row.get("grade") == "省级" and any(
            (other.kind, other.name, other.award) == (line.kind, line.name, "studio-promotion")
            and other.row.get("grade") == "国家级" and document and other.row.get("document") == document
            for other in everyone
        ):  # fmt: skip
            line.codes.append("NOT_ELIGIBLE")
            line.entitled = None
    walk(lines, books)
    return lines


def near(one: str, other: str) -> bool:
    """Two names that are nearly one."""
    if one == other:
        return False
    if one in other or other in one or fuzz.ratio(one, other) >= 90:
        return True
    return len(one) == len(other) >= 3 and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def one_row(row: Row, today: dt.date) -> Line:
    """A row by itself."""
    written = row.get("kind")
    kinds = [kind for kind, words in KIND_WORDS.items() if written in words]
    kind = kinds[0] if kinds else None
    if written is None and row.get("unit"):
        kind = kind_from_name(row["unit"])
    (award,), codes = asked(row, kind)
    line = Line(row, award, kind, name_of(row["unit"], kind) if row.get("unit") and kind else None, list(codes))
    if not row.get("unit"):
        line.codes.append("MISSING_FIELD")
    if written is not None and not kinds:
        line.codes.append("UNKNOWN_KIND")
    elif kind is None:
        line.codes.append("MISSING_FIELD")
    if award is None:
        return line
    if kind is not None and kind != KIND_OF[award]:
        line.codes.append("NOT_ELIGIBLE")
    if not row.get("host"):
        line.codes.append("PAYEE_MISSING")
    if award.endswith("-award"):
        if round_of(row.get("round")) is None:
            line.codes.append("MISSING_FIELD")
        result = row.get("result")
        if result is None:
            line.codes.append("MISSING_FIELD")
        elif result not in ("优秀", "良好", "合格", "不合格"):
            line.codes.append("UNKNOWN_RESULT")
        elif result != "优秀":
            line.codes.append("NOT_ELIGIBLE")
    else:
        grade = row.get("grade")
        if grade is None:
            line.codes.append("MISSING_FIELD")
        elif grade not in ("市级", "省级", "国家级"):
            line.codes.append("UNKNOWN_LEVEL")
        elif grade not in GRADES[award]:
            line.codes.append("NOT_ELIGIBLE")
        if not row.get("document"):
            line.codes.append("DOCUMENT_MISSING")
    if line.date is None:
        line.codes.append("MISSING_FIELD")
    elif line.day is None:
        line.codes.append("BAD_DATE")
    elif line.day > today:
        line.codes.append("FUTURE_DATE")
    if "NOT_ELIGIBLE" not in line.codes and line.day is not None:
        figure = YUAN.get((award, row.get("grade") or "" if award == "studio-promotion" else ""))
        if figure is not None and line.day >= IN_FORCE:
            line.entitled = figure * 100
            claimed = row.get("claimed")
            if claimed is not None and claimed > line.entitled:
                line.codes.append("OVER_CLAIMED")
            elif claimed is not None and claimed < line.entitled:
                line.codes.append("AMOUNT_BELOW")
        elif figure is not None:
            line.codes.append("NO_STANDARD")
    return line


def walk(lines: list[Line], books: Books) -> None:
    """Keys are given out in the order of the awards' dates."""
    taken: dict[tuple[str, str, tuple[str, ...]], Line] = {}
    for line in sorted(lines, key=lambda one: (one.day is None, one.day or dt.date.max)):
        key = line.key
        if key is None or line.status == "rejected" or line.kind is None or line.name is None:
            continue
        mine = (line.kind, line.name, key)
        if mine in books.paid:
            line.posted = True
            line.codes.append("ALREADY_POSTED")
            continue
        same_day = [
            one for (kind, name, other), one in books.reversed.items()
            if key[0].endswith("-award") and (kind, name, other[0]) == (line.kind, line.name, key[0])
            and line.day is not None and one.day == line.day and mine not in books.reopened
        ]  # fmt: skip
        if mine in books.reversed or same_day:
            line.codes.append("REVERSED_BEFORE")
        if key == ("studio-promotion", "国家级"):
            lower = books.paid.get((line.kind, line.name, ("studio-promotion", "省级")))
            if lower is not None and line.row.get("document") and lower.row["document"] == line.row["document"]:
                line.codes.append("PAID_AS_LOWER")
        if key[0].endswith("-award"):
            for (kind, name, other), earlier in [*books.paid.items(), *taken.items()]:
                if (kind, name, other[0]) != (line.kind, line.name, key[0]) or other == key:
                    continue
                if line.day is None or earlier.day is None or abs((line.day - earlier.day).days) <= 180:
                    line.codes.append("ROUND_UNCLEAR")
                    break
        if line.status not in ("approved", "reduced"):
            continue
        if mine in taken:
            line.codes.append("DUPLICATE_CLAIM")
        else:
            taken[mine] = line


def post(lines: list[Line], books: Books) -> None:
    """Write down what is paid, and remember every line; a batch without anything paid or held is none."""
    if not any(line.status in ("approved", "reduced", "held") for line in lines):
        return
    for line in lines:
        if line.status in ("approved", "reduced") and line.kind and line.name and line.key:
            mine = (line.kind, line.name, line.key)
            books.paid[mine] = line
            books.reversed.pop(mine, None)
    books.archived += [line for line in lines if line.name is not None]
