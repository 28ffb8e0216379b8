"""What one roster cell says, by the contract's own tables; nothing of the program is used."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum

PROGRAMMES = ("enterprise-training", "vocational-training", "living-allowance", "certificate", "technician")
STAFF, POOR, GRADUATE = "企业职工", "建档立卡贫困劳动力", "高校毕业生"
POOR_FAMILY, LOW_INCOME, JOBLESS = "建档立卡贫困家庭", "城乡低保家庭", "零就业家庭"
JOBLESS_GRADUATE = "零就业家庭高校毕业生"
ABILITY = "专项职业能力"
ABILITY_CERTIFICATE, QUALIFICATION, LEVEL_CERTIFICATE = "专项职业能力证书", "职业资格证书", "职业技能等级证书"
HIGH_SKILL = ("高级工", "技师", "高级技师")
TECHNICIANS = ("技师", "高级技师")
RANKS = ("初级工", "中级工", "高级工", "技师", "高级技师")
PLAIN_TRAINING = "培训补贴"


class Mark(Enum):
    """A cell that is there but gives no value."""

    BAD = "text that cannot be read as what the column wants"
    ERROR = "an error cell, #N/A and the like"
    NO_VALUE = "a formula without a value"
    MERGED = "an amount cell merged over several rows"
    UNKNOWN = "a text outside the vocabulary"
    DIFFERS = "two amount columns that say different sums"
    LOST = "a number that the spreadsheet program has cut"


@dataclass(frozen=True)
class Number:
    """An ID number that stands in a number cell; `digits` as the cell shows them."""

    digits: str


CATEGORIES = {
    STAFF: "企业在岗职工 企业在职职工 在职职工 在岗职工 企业员工",
    "农村转移就业劳动者": "农村转移劳动力 农村转移就业劳动力 农村劳动力 进城务工人员 农民工",
    "新生代农民工": "",
    "两后生": "城乡未继续升学初高中毕业生 未继续升学初高中毕业生",
    GRADUATE: "毕业年度高校毕业生 离校未就业高校毕业生 大学毕业生",
    "下岗失业人员": "下岗失业职工 失业人员 登记失业人员 城镇登记失业人员",
    "退役军人": "退役士兵 退伍军人 复转军人",
    "就业困难人员": "就业困难群体",
    "残疾人": "残疾人员",
    POOR: "贫困劳动力 建档立卡贫困户 建档立卡贫困人员",
}
HARDSHIPS = {
    POOR_FAMILY: "建档立卡 建档立卡户 建档立卡贫困户 建档立卡贫困人口 贫困户",
    LOW_INCOME: "低保家庭 低保户 城镇低保 农村低保 城镇低保家庭 农村低保家庭 城镇低保户 农村低保户 低保",
    JOBLESS: "零就业 城镇零就业家庭 零就业家庭成员",
    JOBLESS_GRADUATE: "",
}
TRAINING_TYPES = {
    "岗前培训": "岗前技能培训",
    "安全技能培训": "安全培训 安全生产培训 安全生产技能培训",
    "转岗转业培训": "转岗培训 转业培训",
}
CERTIFICATE_TYPES = {
    ABILITY_CERTIFICATE: "专项能力证书 专项职业能力考核证书",
    QUALIFICATION: "国家职业资格证书",
    LEVEL_CERTIFICATE: "技能等级证书",
}
LEVELS = {
    "初级工": "初级 五级",
    "中级工": "中级 四级",
    "高级工": "高级 三级",
    "技师": "二级",
    "高级技师": "一级",
    ABILITY: "专项能力 专项",
}
PROGRAMME_NAMES = {
    "enterprise-training": "企业职工培训补贴",
    "vocational-training": "职业技能培训补贴 职业培训补贴",
    "living-allowance": "生活费补贴",
    "certificate": "取证补贴",
    "technician": "技师补贴 技师、高级技师补贴",
}
EMPTY_WORDS = ("无", "暂无", "没有", "未办", "待办", "办理中")


def by_synonym(table: dict[str, str]) -> dict[str, str]:
    """Turn `value: synonyms` round: every spelling to its value."""
    return {spelling: value for value, synonyms in table.items() for spelling in [value, *synonyms.split()]}


_CATEGORY, _HARDSHIP, _TRAINING_TYPE, _CERTIFICATE_TYPE, _LEVEL, _PROGRAMME = (
    by_synonym(t) for t in (CATEGORIES, HARDSHIPS, TRAINING_TYPES, CERTIFICATE_TYPES, LEVELS, PROGRAMME_NAMES)
)


#: What the generator puts into texts: 'characters that are not seen', everywhere in the value.
UNSEEN = ("\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\u180e", "\ufe0f", "\u0007")


def read_text(cell: object) -> str | Mark | None:
    """NFKC, upper case, blanks and unseen signs off; dashes, slashes, dots and the words for nothing are empty."""
    if cell is None or isinstance(cell, Mark):
        return cell
    seen = (sign for sign in str(cell) if sign in "\t\n\r" or sign not in UNSEEN)
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", "".join(seen))).upper()
    if plain in EMPTY_WORDS or re.fullmatch(r"[-‐‑–—―_/\\.。·…]*", plain):
        return None
    return plain


def read_number_text(cell: object) -> str | Mark | None:
    """Read an employment card or certificate number: one without a digit is empty."""
    plain = read_text(cell)
    if isinstance(plain, str) and not any(character.isdigit() for character in plain):
        return None
    return plain


def read_name(cell: object) -> str | Mark | None:
    """Read an institution or an occupation: one form of bracket."""
    plain = read_text(cell)
    return plain if not isinstance(plain, str) else re.sub(r"[\[【〔{]", "(", re.sub(r"[\]】〕}]", ")", plain))


def read_occupation(cell: object) -> tuple[str | Mark | None, str | None]:
    """Part an occupation from the level in its last bracket; a text in brackets that is no level belongs to it."""
    plain = read_name(cell)
    found = re.fullmatch(r"(.+)\(([^()]+)\)", plain) if isinstance(plain, str) else None
    level = read_level(found[2]) if found else None
    return (found[1], level) if found and isinstance(level, str) else (plain, None)


def read_certificate_no(cell: object) -> str | Mark | None:
    """Read a certificate number: letters and digits alone, a leading 编号 or No off; LOST where digits are."""
    if isinstance(cell, Number):
        return Mark.LOST if len(cell.digits) >= 16 else cell.digits
    plain = read_number_text(cell)
    if not isinstance(plain, str):
        return plain
    if re.fullmatch(r"[0-9](\.[0-9]+)?E\+?[0-9]+", plain):
        return Mark.LOST
    return re.sub(r"^(编号|NO)", "", re.sub(r"[^0-9A-Z\u3400-\u9fff]", "", plain))


def read_person(cell: object) -> str | Mark | None:
    """Read a name as two of one number are compared: the minority dot and a bracket at the end off."""
    plain = read_name(cell)
    return plain if not isinstance(plain, str) else re.sub(r"[·•・.‧∙⋅]", "", re.sub(r"\([^()]*\)$", "", plain))


_ACTS = ("培训", "申领", "申请", "资格")
_CANCELLED = "|".join([f"取消(?={'|'.join(_ACTS)})", *(f"(?<={act})取消" for act in _ACTS)])
_GONE = f"退学|退训|作废|放弃|未参训|缺考|不申领|{_CANCELLED}"
_NOT = r"(?<!未)(?<!无)(?<!没有)(?<!首次)(?<!初中)(?<!高中)(?<!大学)(?<!原证书)"


def read_withdrawn(cell: object) -> frozenset[str]:
    """Give the programmes that a remark gives up: all of them, but what stands right behind 不申领 or 放弃."""
    plain = read_text(cell)
    gone: set[str] = set()
    for found in re.finditer(_NOT + f"(?<!不)(?:{_GONE})", plain) if isinstance(plain, str) else ():
        behind = plain[found.end() :]
        names = [name for name in by_synonym(PROGRAMME_NAMES) if behind.startswith(name)]
        if found[0] in ("不申领", "放弃") and names:
            gone.add(by_synonym(PROGRAMME_NAMES)[max(names, key=len)])
        else:
            gone |= set(PROGRAMMES)
    return frozenset(gone)


def _parts(plain: str) -> list[str]:
    return [part for part in re.split(r"[、,/;+]", plain) if part]


def read_categories(cell: object) -> frozenset[str] | Mark | None:
    """Give the known categories of a cell; UNKNOWN where there is a text but none that is known."""
    plain = read_text(cell)
    if plain is None or isinstance(plain, Mark):
        return plain
    known = frozenset(_CATEGORY[part] for part in _parts(plain) if part in _CATEGORY)
    return known or Mark.UNKNOWN


@dataclass(frozen=True)
class Hardship:
    """The families a cell names; `graduate` where it says 零就业家庭高校毕业生; `unknown` where a part is unknown."""

    families: frozenset[str] = frozenset()
    graduate: bool = False
    unknown: bool = False
    mark: Mark | None = None


def read_hardship(cell: object) -> Hardship:
    """Read the hardship column."""
    plain = read_text(cell)
    if plain is None or isinstance(plain, Mark):
        return Hardship(mark=plain)
    found = [_HARDSHIP.get(part) for part in _parts(plain)]
    graduate = JOBLESS_GRADUATE in found
    families = {family for family in found if family and family != JOBLESS_GRADUATE} | (
        {JOBLESS} if graduate else set()
    )
    return Hardship(frozenset(families), graduate, None in found)


def read_training_types(cell: object) -> tuple[str, ...] | Mark | None:
    """Give the training types of a cell, known ones by their value, any other text as it is."""
    plain = read_text(cell)
    if plain is None or isinstance(plain, Mark):
        return plain
    return tuple(sorted({_TRAINING_TYPE.get(part, part) for part in _parts(plain)}))


def read_certificate_type(cell: object) -> str | Mark | None:
    """Read the kind of certificate."""
    plain = read_text(cell)
    if plain is None or isinstance(plain, Mark):
        return plain
    return _CERTIFICATE_TYPE.get(plain, Mark.UNKNOWN)


def read_level(cell: object) -> str | Mark | None:
    """Read a level, with 技能, 工, / and brackets around or between its words; words of two levels are unknown."""
    plain = read_text(cell)
    if plain is None or isinstance(plain, Mark):
        return plain
    words = "|".join(sorted((word.replace("工", "") for word in _LEVEL), key=len, reverse=True))
    found = []
    for part in re.split(r"[/()\[\]{}【】〔〕]", plain):
        bare = re.sub(r"技能|工", "", part)
        if not re.fullmatch(f"({words})*", bare):
            return Mark.UNKNOWN
        found += re.findall(words, bare)
    levels = {_LEVEL[word] for word in found}
    return levels.pop() if len(levels) == 1 else Mark.UNKNOWN


def read_programme(name: str) -> str | None:
    """Give a programme's code, PLAIN_TRAINING for 培训补贴 alone, or None."""
    if name == PLAIN_TRAINING:
        return PLAIN_TRAINING
    if re.search(r"企业职工.*培训补贴", name):
        return "enterprise-training"
    return _PROGRAMME.get(name)


def read_programmes(cell: object) -> list[str] | Mark | None:
    """Give the programmes of a cell of the programme column; UNKNOWN where none is known."""
    plain = read_text(cell)
    if plain is None or isinstance(plain, Mark):
        return plain
    # 、 is part of one name and stands between others.
    parts = _parts(plain.replace("技师、高级技师补贴", "技师补贴"))
    # CHOICE: an unknown name beside a known programme is passed over (else: UNKNOWN_PROGRAMME as well).
    known = [code for code in map(read_programme, parts) if code]
    return list(dict.fromkeys(known)) or Mark.UNKNOWN


PROVINCES = {
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83,
}  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_digit(first_17: str) -> str:
    """GB 11643: ISO 7064 MOD 11-2."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(first_17, _WEIGHTS, strict=True)) % 11]


def read_id(cell: object, today: date) -> tuple[str | None, list[str]]:
    """Give the ID number as the person's identity (None where it is rejected or not there) and its findings' codes."""
    if isinstance(cell, Number):
        if len(cell.digits) >= 16:
            return None, ["ID_PRECISION_LOST"]
        return None, ["ID_15_DIGITS" if len(cell.digits) == 15 else "ID_FORMAT"]
    plain = read_text(cell)
    if plain is None:
        return None, ["MISSING_FIELD"]
    if isinstance(plain, Mark):
        return None, ["FORMULA_WITHOUT_VALUE" if plain is Mark.NO_VALUE else "ERROR_CELL"]
    plain = plain.strip("'’‘`").upper()
    if re.fullmatch(r"[0-9]{15}", plain):
        return None, ["ID_15_DIGITS"]
    if not re.fullmatch(r"[0-9]{17}[0-9X]", plain):
        return None, ["ID_FORMAT"]
    # CHOICE: each fault of a well-formed number is its own finding (else: the first fault only).
    faults = [] if _is_past_date(plain[6:14], today) else ["ID_BIRTH_DATE"]
    if check_digit(plain[:17]) != plain[17]:
        faults.append("ID_CHECKSUM")
    # CHOICE: a foreigner's number (first digit 9) has its province in the second and third digit.
    prefix = plain[1:3] if plain[0] == "9" else plain[:2]
    # CHOICE: the note stands beside rejecting faults too (else: only on valid numbers).
    notes = [] if int(prefix) in PROVINCES else ["UNKNOWN_REGION"]
    return (None if faults else plain), faults + notes


def _is_past_date(digits: str, today: date) -> bool:
    # CHOICE: a birth date is any calendar day up to today (else: also not before 1900, or of working age).
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born <= today
