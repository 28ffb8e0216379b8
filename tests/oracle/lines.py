"""One claim line by itself: policy reading sections 1, 5 and 6, and the contract, word by word.

Written from those texts and never from the program. Money is whole fen. Slow and simple on purpose.
Where the texts leave a choice the literal reading stands, marked `CHOICE`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from . import words
from .words import Mark, Number

SEVERITY = {
    code: severity
    for severity, codes in {
        "reject": "MISSING_FIELD ID_FORMAT ID_15_DIGITS ID_PRECISION_LOST ID_BIRTH_DATE ID_CHECKSUM BAD_DATE "
        "DATE_ORDER FUTURE_DATE NOT_ELIGIBLE CERTIFICATE_MISSING CERTIFICATE_TOO_EARLY DUPLICATE_CLAIM "
        "REPEAT_TRAINING ANNUAL_LIMIT NOTHING_CLAIMED ERROR_CELL",
        "hold": "SEX_MISMATCH UNKNOWN_LEVEL UNKNOWN_CATEGORY BAD_AMOUNT NO_STANDARD NO_BASIS EMPLOYMENT_CARD_MISSING "
        "CERTIFICATE_BEFORE_TRAINING DUPLICATE_CERTIFICATE UNKNOWN_CERTIFICATE_TYPE CERTIFICATE_KIND UNKNOWN_HARDSHIP "
        "PAYEE_MISSING UNKNOWN_PROGRAMME MERGED_AMOUNT AMOUNT_UNASSIGNED BAD_NUMBER FORMULA_WITHOUT_VALUE "
        "AMOUNTS_DIFFER WITHDRAWN ID_TWO_NAMES LEVEL_DIFFERS PROGRAMME_CONTRADICTED NUMBER_PRECISION_LOST "
        "COLUMN_NOT_READ REVERSED_BEFORE",
        "reduce": "OVER_CLAIMED",
        "note": "UNDER_CLAIMED UNKNOWN_REGION OVERLAPPING_TRAINING SHARED_PHONE SHARED_ACCOUNT WAIVED "
        "DAYS_OVER_CALENDAR DATED_BY_CERTIFICATE ALREADY_POSTED",
    }.items()
    for code in codes.split()
}
STATUS = {"reject": "rejected", "hold": "held", "reduce": "reduced"}

FUNDS = {
    "enterprise-training": "市财政",
    "vocational-training": "就业补助资金",
    "living-allowance": "就业补助资金",
    "certificate": "市财政",
    "technician": "人才经费",
}
_PLAN = date(2019, 1, 1)

#: Section 1's amounts and section 6's default readings. A figure is a list of (in force from, fen).
DEFAULT_POLICY: dict = {
    "figures": {
        ("enterprise-training", None): [(_PLAN, 300_00)],
        ("vocational-training", None): [(_PLAN, 1000_00)],
        ("living-allowance", None): [(_PLAN, 15_00)],
        # CHOICE: 专项职业能力 is a level with this figure under any kind of certificate
        # (else: NO_STANDARD, but with a 专项职业能力证书).
        ("certificate", words.ABILITY): [(_PLAN, 150_00)],
        ("certificate", "初级工"): [(_PLAN, 300_00)],
        ("certificate", "高级工"): [(_PLAN, 600_00)],
        ("technician", "技师"): [(_PLAN, 2000_00)],
        ("technician", "高级技师"): [(_PLAN, 3000_00)],
    },
    "certificates_from": date(2019, 7, 1),
    "trainings_a_year": 3,
    "training_types": ("岗前培训", "安全技能培训", "转岗转业培训"),  # Q1
    "cap_scope": "training",  # Q2
    "categories": tuple(category for category in words.CATEGORIES if category != words.STAFF),  # Q3
    "day_basis": "attended",  # Q4
    "families": (words.POOR_FAMILY, words.LOW_INCOME, words.JOBLESS),
    "graduate_only_for": (words.JOBLESS,),  # Q5
    "year_of": "start",  # Q7
    "repeat_without_level": "type",  # Q8
    "over_limit": "reject",  # Q9
    "category_implies": {words.POOR: words.POOR_FAMILY},  # Q11
    "lower_after_higher": "allow",  # Q12
    "technician_certificates": (words.QUALIFICATION,),  # Q13
}

WIDE, COLUMN, NAMED, NOTHING = "wide amount columns", "a programme column", "named above or by option", "nothing"


@dataclass
class Row:
    """One roster row as typed, already split into cells.

    A cell is None (empty, or no such column), a value, or a `Mark`. Texts are raw. Dates are `date`, amounts are fen.
    `ask` says how the sheet tells what is claimed: WIDE reads `wide` (heading without unit → amount), COLUMN reads
    `programme` (raw text) and `claimed`, NAMED `named` (a programme's name) and `claimed`, NOTHING `claimed`,
    with `among` the names where a title names several.
    """

    file: str
    sheet: str
    row: int
    ask: str = NOTHING
    named: str | None = None
    among: tuple[str, ...] = ()
    wide: dict[str, int | Mark | None] = field(default_factory=dict)
    programme: str | Mark | None = None
    claimed: int | Mark | None = None
    name: str | Mark | None = None
    id_number: str | Number | Mark | None = None
    sex: str | Mark | None = None
    phone: str | Mark | None = None
    category: str | Mark | None = None
    hardship: str | Mark | None = None
    employment_card: str | Mark | None = None
    employer: str | Mark | None = None
    institution: str | Mark | None = None
    class_no: str | Mark | None = None
    training_type: str | Mark | None = None
    occupation: str | Mark | None = None
    level: str | Mark | None = None
    start_date: date | Mark | None = None
    end_date: date | Mark | None = None
    attended_days: int | Mark | None = None
    certificate_type: str | Mark | None = None
    certificate_no: str | Mark | None = None
    certificate_date: date | Mark | None = None
    account: str | Mark | None = None
    remark: str | None = None
    #: The name's or the ID number's cell is struck through.
    struck: bool = False
    #: Fields without a column, that a column which was not read may be.
    unread: frozenset[str] = frozenset()
    #: The programme is named by --programme, not by a title, a sheet's or a file's name.
    by_option: bool = False


@dataclass
class Line:
    """One settled claim line; reasons are (code, severity, field or None)."""

    file: str
    sheet: str
    row: int
    programme: str | None
    claimed: int | None = None
    entitled: int | None = None
    approved: int = 0
    status: str = "approved"
    payee: str | None = None
    fund: str | None = None
    reasons: list[tuple[str, str, str | None]] = field(default_factory=list)
    # What section 3 needs to know of the line.
    facts: Facts | None = None
    event: object = None
    certificate: str | None = None
    key: object = None

    def because(self, code: str, of: str | None = None, severity: str | None = None) -> None:
        """Add a reason and let the status follow from the worst one; what is posted stays posted."""
        self.reasons.append((code, severity or SEVERITY[code], of))
        worst = {severity for _, severity, _ in self.reasons}
        self.status = next((STATUS[s] for s in ("reject", "hold", "reduce") if s in worst), "approved")
        # CHOICE: the other reasons of a posted line stay beside ALREADY_POSTED (else: dropped).
        if any(code == "ALREADY_POSTED" for code, _, _ in self.reasons):
            self.status = "posted"

    @property
    def codes(self) -> list[str]:
        """The reasons' codes, sorted."""
        return sorted(code for code, _, _ in self.reasons)


@dataclass
class Facts:
    """One row as read: what its cells say, who it is, which event it belongs to."""

    position: int
    row: Row
    person: str | None
    person_reasons: list[tuple[str, str]]
    categories: frozenset[str] | Mark | None
    hardship: words.Hardship
    training_types: tuple[str, ...] | Mark | None
    occupation: str | Mark | None
    level: str | Mark | None
    certificate_type: str | Mark | None
    certificate_no: str | Mark | None
    employment_card: str | Mark | None
    bracketed: str | None = None
    withdrawn: frozenset[str] = frozenset()
    event: object = None

    @property
    def start(self) -> date | None:
        """The start date, where there is a good one."""
        return _date(self.row.start_date)

    @property
    def certificate_date(self) -> date | None:
        """The certificate's date, where there is a good one."""
        return _date(self.row.certificate_date)

    @property
    def event_occupation(self) -> str | None:
        """The occupation the row brings to its event."""
        return self.occupation if isinstance(self.occupation, str) else None

    @property
    def event_level(self) -> str | None:
        """The level the row brings to its event (3.3: a 专项职业能力证书 with no level has the level 专项职业能力)."""
        if isinstance(self.level, str):
            return self.level
        # CHOICE: an unknown level is no level, for the event and here; nor does one in brackets stand in for it.
        return words.ABILITY if self.certificate_type == words.ABILITY_CERTIFICATE else None

    def has(self, category: str) -> bool:
        """Whether the category is one of the known ones in the cell."""
        return isinstance(self.categories, frozenset) and category in self.categories


def _date(cell: object) -> date | None:
    return cell if isinstance(cell, date) else None


def read(position: int, row: Row, today: date) -> Facts:
    """Read the cells of one row; person is None where name or ID number is rejected."""
    name = words.read_text(row.name)
    person, id_codes = words.read_id(row.id_number, today)
    reasons = [("id_number", code) for code in id_codes]
    if name is None or isinstance(name, Mark):
        reasons.append(("name", _complaint("name", name, "n")))
    # CHOICE: a name that is a formula without a value is held, not rejected: the row is still an event.
    if name is None or name is Mark.ERROR:
        person = None
    sex = words.read_text(row.sex)
    if isinstance(sex, Mark):
        reasons.append(("sex", _complaint("sex", sex, "u")))
    # CHOICE: sex is compared with valid ID numbers only, and only where it reads 男 or 女.
    elif sex in ("男", "女") and not (set(id_codes) - {"UNKNOWN_REGION"}):
        digits = words.read_id(row.id_number, today)[0]
        if digits and (int(digits[16]) % 2 == 1) != (sex == "男"):
            reasons.append(("sex", "SEX_MISMATCH"))
    occupation, bracketed = words.read_occupation(row.occupation)
    level = words.read_level(row.level)
    return Facts(
        position,
        row,
        person,
        reasons,
        words.read_categories(row.category),
        words.read_hardship(row.hardship),
        words.read_training_types(row.training_type),
        occupation,
        level or bracketed,
        words.read_certificate_type(row.certificate_type),
        words.read_certificate_no(row.certificate_no),
        words.read_certificate_no(row.employment_card),
        bracketed,
        words.read_withdrawn(row.remark),
    )


# --- section 5, item 7: which field speaks for which programme ------------------------------------------------------

_TABLE = {
    "enterprise-training": {
        "category": "n", "training_type": "n", "occupation": "n", "start_date": "n", "end_date": "u", "claimed": "u",
    },
    "vocational-training": {
        "category": "n", "occupation": "n", "level": "u", "start_date": "n", "end_date": "u", "claimed": "u",
    },
    "living-allowance": {"start_date": "n", "end_date": "n", "attended_days": "u", "claimed": "u"},
    "certificate": {
        "occupation": "n", "level": "n", "start_date": "u", "certificate_no": "c", "certificate_date": "c",
        "certificate_type": "c", "claimed": "u",
    },
    "technician": {
        "category": "n", "occupation": "n", "level": "n", "start_date": "u", "certificate_no": "c",
        "certificate_date": "c", "certificate_type": "c", "claimed": "u",
    },
}  # fmt: skip


def uses(programme: str, facts: Facts, policy: dict) -> dict[str, str]:
    """Give the fields that speak for the programme on this row: field → n, c, u or card (hardship stands apart)."""
    fields = dict(_TABLE[programme])
    if programme == "vocational-training":
        if facts.level in words.HIGH_SKILL:
            fields |= {"certificate_no": "c", "certificate_date": "c"}
        else:
            fields["employment_card"] = "card"
    if programme == "certificate" and facts.certificate_type == words.ABILITY_CERTIFICATE:
        # CHOICE: with a 专项职业能力证书 the level is not used at all (else: an unknown level holds the line).
        del fields["level"]
    if programme == "living-allowance" and policy["day_basis"] == "calendar":
        # CHOICE: attended days that decide nothing are not read.
        del fields["attended_days"]
    return fields


_UNKNOWN = {"category": "UNKNOWN_CATEGORY", "level": "UNKNOWN_LEVEL", "certificate_type": "UNKNOWN_CERTIFICATE_TYPE"}
_BAD = {"attended_days": "BAD_NUMBER", "claimed": "BAD_AMOUNT"}


def _complaint(name: str, value: object, need: str) -> str | None:
    """Give the code of what is wrong with a value, or None."""
    if value is Mark.ERROR:
        return "ERROR_CELL"
    if value is Mark.NO_VALUE:
        return "FORMULA_WITHOUT_VALUE"
    if value is Mark.MERGED:
        return "MERGED_AMOUNT"
    if value is Mark.DIFFERS:
        return "AMOUNTS_DIFFER"
    if value is Mark.UNKNOWN:
        return _UNKNOWN[name]
    if value is Mark.LOST:
        return "NUMBER_PRECISION_LOST"
    if value is Mark.BAD:
        return _BAD.get(name, "BAD_DATE")
    if value is None:
        return {"n": "MISSING_FIELD", "c": "CERTIFICATE_MISSING", "card": "EMPLOYMENT_CARD_MISSING"}.get(need)
    return None


def value_of(name: str, facts: Facts, line: Line) -> object:
    """Give what was read for a field of the table."""
    read_values = {
        "category": facts.categories,
        "training_type": facts.training_types,
        "occupation": facts.occupation,
        "level": facts.level,
        "certificate_type": facts.certificate_type,
        "certificate_no": facts.certificate_no,
        "employment_card": facts.employment_card,
    }
    if name == "claimed":
        return line.claimed
    return read_values[name] if name in read_values else getattr(facts.row, name)


# --- eligibility, sections 1 and 5 ----------------------------------------------------------------------------------


def families_of(facts: Facts, policy: dict) -> set[str]:
    """Give the families that count for a row: the hardship column's, and what the category implies (Q11)."""
    families = set(facts.hardship.families)
    if isinstance(facts.categories, frozenset):
        implied = policy["category_implies"]
        families |= {implied[category] for category in facts.categories if category in implied}
    return families & set(policy["families"])


def allowance_is_due(facts: Facts, policy: dict) -> bool:
    """Whether hardship and category make a row eligible for the living allowance (二(四), Q5, Q11)."""
    families = families_of(facts, policy)
    # CHOICE: 零就业家庭高校毕业生 counts as the category for this programme alone (the column touches no other).
    is_graduate = facts.hardship.graduate or facts.has(words.GRADUATE)
    return bool(families - set(policy["graduate_only_for"])) or (bool(families) and is_graduate)


def hardship_reasons(facts: Facts, policy: dict) -> list[tuple[str, str]]:
    """Say what speaks against a living allowance in hardship and category."""
    reasons = []
    if isinstance(facts.hardship.mark, Mark):
        # CHOICE: an error cell speaks even where the category makes the row eligible (u: a bad value gets its reason).
        reasons.append((_complaint("hardship", facts.hardship.mark, "u"), "hardship"))
    if allowance_is_due(facts, policy):
        return reasons
    if facts.hardship.unknown:
        reasons.append(("UNKNOWN_HARDSHIP", "hardship"))
    # CHOICE: the category is read only where 零就业家庭 stands and no other family decides.
    if families_of(facts, policy) and isinstance(facts.categories, Mark):
        reasons.append((_complaint("category", facts.categories, "u"), "category"))
    # CHOICE: with 零就业家庭 an empty category is NOT_ELIGIBLE (it is not a needed field).
    return reasons or [("NOT_ELIGIBLE", "hardship")]


def eligibility_reasons(programme: str, facts: Facts, policy: dict) -> list[tuple[str, str]]:
    """Give NOT_ELIGIBLE for each known value that does not fit; missing and unknown ones have their own reasons."""
    if programme == "living-allowance":
        return hardship_reasons(facts, policy)
    reasons = []
    if programme in ("enterprise-training", "technician"):
        wanted: tuple[str, ...] = (words.STAFF,)
    else:
        wanted = policy["categories"]
    if programme != "certificate" and isinstance(facts.categories, frozenset) and not facts.categories & set(wanted):
        reasons.append(("NOT_ELIGIBLE", "category"))
    # CHOICE: one NOT_ELIGIBLE for each field that does not fit (else: one for the line).
    types = set(facts.training_types) if isinstance(facts.training_types, tuple) else set()
    if programme == "enterprise-training" and types and not types & set(policy["training_types"]):
        reasons.append(("NOT_ELIGIBLE", "training_type"))
    if programme == "technician" and isinstance(facts.level, str) and facts.level not in words.TECHNICIANS:
        reasons.append(("NOT_ELIGIBLE", "level"))
    return reasons


def fitting(facts: Facts, policy: dict) -> list[str]:
    """Give the programmes that fit a row of which nothing says what is claimed (5.8)."""
    categories = facts.categories if isinstance(facts.categories, frozenset) else frozenset()
    types = set(facts.training_types) if isinstance(facts.training_types, tuple) else set()
    fits = {
        "enterprise-training": words.STAFF in categories and bool(types & set(policy["training_types"])),
        "vocational-training": bool(categories & set(policy["categories"])),
        "living-allowance": allowance_is_due(facts, policy),
        # CHOICE: a number that cannot be read is there as well, so that the fault is a finding on its cell (else: the
        # programme does not fit, and where another one does the fault is passed in silence).
        "certificate": facts.certificate_no is not None and facts.level not in words.TECHNICIANS,
        "technician": words.STAFF in categories and facts.level in words.TECHNICIANS,
    }
    return [programme for programme in words.PROGRAMMES if fits[programme]]


# --- what is claimed: contract, and 5.8 -----------------------------------------------------------------------------


def _training_that_fits(facts: Facts, policy: dict) -> str:
    """Give the training that 培训补贴 alone means (contract, 'Programme names')."""
    types = facts.training_types if isinstance(facts.training_types, tuple) else ()
    of_staff = facts.has(words.STAFF) or (facts.categories is None and set(types) & set(policy["training_types"]))
    return "enterprise-training" if of_staff else "vocational-training"


def asked(facts: Facts, policy: dict) -> list[Line]:
    """Give the row's lines, each with its programme and amount, and with the reasons that speak of just these."""
    row = facts.row
    if row.ask == WIDE:
        return _asked_wide(facts, policy)
    if row.ask == COLUMN:
        programmes = words.read_programmes(row.programme)
        if not isinstance(programmes, list):
            # CHOICE: a line without a programme shows the amount asked for (else: null).
            line = _line(facts, None, row.claimed if isinstance(row.claimed, int) and row.claimed > 0 else None)
            line.because({None: "MISSING_FIELD", Mark.ERROR: "ERROR_CELL", Mark.NO_VALUE: "FORMULA_WITHOUT_VALUE"}.get(
                programmes, "UNKNOWN_PROGRAMME"), "programme")  # fmt: skip
            return [line]
        named = [_training_that_fits(facts, policy) if name == words.PLAIN_TRAINING else name for name in programmes]
        return _with_amount(facts, sorted(set(named), key=words.PROGRAMMES.index))
    if row.ask == NAMED:
        programme = words.read_programme(str(words.read_text(row.named)))
        assert programme, f"the sheet names no programme: {row.named}"
        return _with_amount(
            facts, [_training_that_fits(facts, policy) if programme == words.PLAIN_TRAINING else programme]
        )
    fits = fitting(facts, policy)
    if row.among:  # 'Blocks': of a title that names several the row decides among those named
        read = {words.read_programme(name) for name in row.among}
        read |= {_training_that_fits(facts, policy)} if words.PLAIN_TRAINING in read else set()
        fits = [programme for programme in fits if programme in read]
    return _with_amount(facts, fits) if fits else [_nothing_fits(facts)]


def _line(facts: Facts, programme: str | None, claimed: object) -> Line:
    row = facts.row
    return Line(row.file, row.sheet, row.row, programme, claimed, facts=facts)  # type: ignore[arg-type]


def _asked_wide(facts: Facts, policy: dict) -> list[Line]:
    lines = []
    headings = {heading: words.read_programme(heading) for heading in facts.row.wide}
    for heading, amount in facts.row.wide.items():
        programme = headings[heading]
        assert programme, f"not a wide heading: {heading}"
        if programme == words.PLAIN_TRAINING:
            beside = "enterprise-training" in headings.values()
            programme = "vocational-training" if beside else _training_that_fits(facts, policy)
        # CHOICE: an amount below 0 is non-zero, so it has a line, as a BAD_AMOUNT.
        if amount is not None and amount != 0:
            lines.append(_line(facts, programme, Mark.BAD if isinstance(amount, int) and amount < 0 else amount))
    if not lines:
        line = _line(facts, None, None)
        line.because("NOTHING_CLAIMED")
        return [line]
    return sorted(lines, key=lambda line: words.PROGRAMMES.index(line.programme))


def _with_amount(facts: Facts, programmes: list[str]) -> list[Line]:
    amount = facts.row.claimed
    if isinstance(amount, int) and amount <= 0:
        amount = Mark.BAD
    # CHOICE: an amount beside several programmes named in one cell belongs to none of them, as with several that fit.
    unassigned = len(programmes) > 1 and isinstance(amount, int)
    lines = [_line(facts, programme, None if unassigned else amount) for programme in programmes]
    if unassigned:
        for line in lines:
            line.because("AMOUNT_UNASSIGNED", "claimed")
    return lines


def _nothing_fits(facts: Facts) -> Line:
    amount = facts.row.claimed
    line = _line(facts, None, amount if isinstance(amount, int) and amount > 0 else None)
    # CHOICE: an error cell (a formula without value) in category or hardship speaks in place of NOT_ELIGIBLE.
    if isinstance(facts.categories, Mark):
        line.because(_complaint("category", facts.categories, "u"), "category")
    if isinstance(facts.hardship.mark, Mark):
        line.because(_complaint("hardship", facts.hardship.mark, "u"), "hardship")
    elif facts.hardship.unknown:
        line.because("UNKNOWN_HARDSHIP", "hardship")
    if not line.reasons:
        line.because("NOT_ELIGIBLE", "category")
    return line


# --- one line by itself: section 5 ----------------------------------------------------------------------------------


def figure(programme: str, level: str | None, on: date, policy: dict) -> int | None:
    """Give the figure in force on a day in fen, None where there is none (Q6, Q10)."""
    in_force = [fen for since, fen in policy["figures"].get((programme, level), []) if since <= on]
    return in_force[-1] if in_force else None


def attended_days(facts: Facts, policy: dict) -> tuple[int | None, bool]:
    """Give the paid days of an allowance and whether they were cut to the calendar (Q4)."""
    start, end = facts.start, _date(facts.row.end_date)
    if start is None or end is None or end < start:
        return None, False
    calendar = (end - start).days + 1
    attended = facts.row.attended_days
    # CHOICE: bad attended days count as not given: the entitlement shows the calendar days (the line is held).
    if policy["day_basis"] == "calendar" or not isinstance(attended, int):
        return calendar, False
    return min(attended, calendar), attended > calendar


def entitle(line: Line, facts: Facts, policy: dict, standards: dict) -> None:
    """Set what the plan gives, with NO_STANDARD, NO_BASIS and DAYS_OVER_CALENDAR."""
    programme = line.programme
    if any(code == "NOT_ELIGIBLE" for code, _, _ in line.reasons):
        return
    by_certificate = programme in ("certificate", "technician")
    on = facts.certificate_date if by_certificate else facts.start
    # CHOICE: without a date no figure is in force, and the missing or bad date says why.
    if on is None:
        return
    level = None
    if programme == "certificate" and facts.certificate_type == words.ABILITY_CERTIFICATE:
        level = words.ABILITY
    elif by_certificate:
        # CHOICE: a missing or unknown level has no figure and needs no NO_STANDARD beside its own reason.
        if not isinstance(facts.level, str):
            return
        level = facts.level
    days, cut = attended_days(facts, policy)
    # CHOICE: days are cut and noted with or without a figure, but not where the line is not eligible.
    if programme == "living-allowance" and cut:
        line.because("DAYS_OVER_CALENDAR", "attended_days")
    amount = figure(programme, level, on, policy)
    if amount is None:
        line.because("NO_STANDARD", "level" if by_certificate else "start_date")
        return
    if programme == "living-allowance":
        amount = None if days is None else amount * days
    if programme == "vocational-training":
        # CHOICE: the standard is that of the row's own occupation and level (else: the event's, blanks filled).
        standard = standards.get((facts.event_occupation, facts.event_level))
        amount = amount if standard is None else min(amount, standard)
        # CHOICE: a missing occupation has no standard either, so NO_BASIS stands beside its MISSING_FIELD.
        if standard is None and line.claimed is None and not _amount_is_unreadable(line):
            line.because("NO_BASIS", "claimed")
    line.entitled = amount


def _amount_is_unreadable(line: Line) -> bool:
    # CHOICE: where an amount stands that cannot be read or assigned, something was claimed: no NO_BASIS beside it.
    return any(of == "claimed" for _, _, of in line.reasons)


def check_certificate(line: Line, facts: Facts, used: dict[str, str], policy: dict) -> None:
    """Add the reasons that speak of kind and date of the certificate."""
    issued = facts.certificate_date
    if line.programme == "certificate" and issued is not None and issued < policy["certificates_from"]:
        line.because("CERTIFICATE_TOO_EARLY", "certificate_date")
    kind = facts.certificate_type
    # CHOICE: any known kind but the listed ones is CERTIFICATE_KIND, a 专项职业能力证书 too.
    if line.programme == "technician" and isinstance(kind, str) and kind not in policy["technician_certificates"]:
        line.because("CERTIFICATE_KIND", "certificate_type")
    both_used = {"certificate_date", "start_date"} <= set(used)
    if both_used and issued is not None and facts.start is not None and issued < facts.start:
        line.because("CERTIFICATE_BEFORE_TRAINING", "certificate_date")


def check_dates(line: Line, facts: Facts, used: dict[str, str], today: date) -> None:
    """Add DATE_ORDER and FUTURE_DATE for the dates the programme uses."""
    # CHOICE: one FUTURE_DATE for each date that lies in the future (end dates too).
    for name in ("start_date", "end_date", "certificate_date"):
        on = _date(getattr(facts.row, name))
        if name in used and on is not None and on > today:
            line.because("FUTURE_DATE", name)
    start, end = facts.start, _date(facts.row.end_date)
    if {"start_date", "end_date"} <= set(used) and start is not None and end is not None and end < start:
        line.because("DATE_ORDER", "end_date")


def is_contradicted(programme: str | None, facts: Facts, policy: dict) -> bool:
    """8.5: whether what the row says of itself contradicts the programme that only a title gives."""
    row = facts.row
    if row.ask != NAMED or row.by_option or words.read_text(row.named) == words.PLAIN_TRAINING:
        return False
    categories = facts.categories
    known = isinstance(categories, frozenset)
    if programme == "enterprise-training":
        # CHOICE: a category that is unknown is there and is not 企业职工; that it is unknown is said as well.
        return categories is Mark.UNKNOWN or (known and words.STAFF not in categories)
    if programme == "vocational-training":
        types = set(facts.training_types) if isinstance(facts.training_types, tuple) else set()
        # CHOICE: 企业职工 beside a category of the programme is a contradiction too (nobody is paid wrongly).
        is_staff = known and words.STAFF in categories
        return is_staff or (categories is None and bool(types & set(policy["training_types"])))
    return False


def check_withdrawn(line: Line, facts: Facts) -> None:
    """8.2: WITHDRAWN, on the remark's cell and on the one that is struck through."""
    # CHOICE: a line without a programme is withdrawn where the remark withdraws the whole row.
    if line.programme in facts.withdrawn or (not line.programme and facts.withdrawn == frozenset(words.PROGRAMMES)):
        line.because("WITHDRAWN", "remark")
    if facts.row.struck:
        line.because("WITHDRAWN", "name")


def check_what_a_person_must_see(line: Line, facts: Facts, used: dict[str, str], policy: dict) -> None:
    """8.2: LEVEL_DIFFERS, PROGRAMME_CONTRADICTED; what the last stands in place of goes."""
    if "level" in used and facts.bracketed and isinstance(facts.level, str) and facts.level != facts.bracketed:
        line.because("LEVEL_DIFFERS", "level")
    if is_contradicted(line.programme, facts, policy):
        gone = ("NOT_ELIGIBLE", "MISSING_FIELD", "EMPLOYMENT_CARD_MISSING")
        own = ("name", "id_number", "sex")
        line.reasons = [reason for reason in line.reasons if reason[0] not in gone or reason[2] in own]
        line.because("PROGRAMME_CONTRADICTED", "programme")


def payee(line: Line, facts: Facts) -> str | None:
    """Give who gets the money, by the contract's order."""
    # CHOICE: an error cell in institution or employer names nobody and touches nothing else (else: ERROR_CELL for all).
    institution, employer = (
        cell if isinstance(words.read_text(cell), str) else None for cell in (facts.row.institution, facts.row.employer)
    )
    if line.programme == "living-allowance":
        return facts.row.name if isinstance(words.read_text(facts.row.name), str) else None
    if line.programme in ("certificate", "vocational-training"):
        return institution or employer
    return employer or institution


def settle_alone(line: Line, facts: Facts, policy: dict, today: date, standards: dict) -> None:
    """Say all that one line says by itself: fields, eligibility, entitlement, payee, claimed against entitled."""
    for of, code in facts.person_reasons:
        line.because(code, of)
    check_withdrawn(line, facts)
    if line.programme is None:
        return
    used = uses(line.programme, facts, policy)
    for name, need in used.items():
        code = _complaint(name, value_of(name, facts, line), need)
        if code in ("MISSING_FIELD", "CERTIFICATE_MISSING") and name in facts.row.unread:
            code = "COLUMN_NOT_READ"
        if code:
            line.because(code, name, "note" if (code, name) == ("NUMBER_PRECISION_LOST", "employment_card") else None)
    # CHOICE: an amount that is bad, an error or a group's total is shown as null.
    if isinstance(line.claimed, Mark):
        line.claimed = None
    for code, of in eligibility_reasons(line.programme, facts, policy):
        is_unread = (code, of) == ("NOT_ELIGIBLE", "hardship") and of in facts.row.unread
        line.because("COLUMN_NOT_READ" if is_unread else code, of)
    check_what_a_person_must_see(line, facts, used, policy)
    check_dates(line, facts, used, today)
    check_certificate(line, facts, used, policy)
    entitle(line, facts, policy, standards)
    line.fund, line.payee = FUNDS[line.programme], payee(line, facts)
    # CHOICE: an allowance goes to the trainee, whose missing name has its own reason.
    if line.payee is None and line.programme != "living-allowance":
        line.because("PAYEE_MISSING")
    compare_amounts(line)


def compare_amounts(line: Line) -> None:
    """Add OVER_CLAIMED or UNDER_CLAIMED."""
    # CHOICE: compared wherever both amounts are known, on held and rejected lines too.
    if line.claimed is None or line.entitled is None:
        return
    if line.claimed > line.entitled:
        line.because("OVER_CLAIMED", "claimed")
    elif line.claimed < line.entitled and line.programme != "vocational-training":
        line.because("UNDER_CLAIMED", "claimed")


def lesser(line: Line) -> int:
    """Approved: the lesser of entitled and claimed; the entitlement where nothing was claimed."""
    if line.entitled is None:
        return 0
    return line.entitled if line.claimed is None else min(line.claimed, line.entitled)
