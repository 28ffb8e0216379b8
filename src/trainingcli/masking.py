"""What may be shown of personal data (脱敏): a line is still told from its neighbours, its person is not given away.

Every mask takes a text or an Arrow string column and gives the same back; nothing (`None`, null) stays nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, overload

from trainingcli.compared import UNSEEN, folded_name
from trainingcli.personal_numbers import FEWEST_DIGITS, numbers_in

if TYPE_CHECKING:
    import pyarrow as pa

    Column = TypeVar("Column", pa.Array, pa.ChunkedArray)

_BLANKS = re.compile("[\t\n\v\f\r\u0085\u2028\u2029]+")
_UNSAFE = re.compile(f"[{UNSEEN}\ud800-\udfff]")

# (pattern, what is shown); the first that matches counts, and what none matches is hidden whole.
_Rules = tuple[tuple[str, str], ...]
_ID: _Rules = ((r"^(.{6}).{8}(.{4})$", r"\1********\2"), (r"^(..).{9,}(..)$", r"\1********\2"))
_PHONE: _Rules = ((r"^(1..).{4}(....)$", r"\1****\2"), (r"^.{5,}(..)$", r"****\1"))
_ACCOUNT: _Rules = ((r"^.{8,}(....)$", r"****\1"),)
_NAME: _Rules = ((r"^(.).*$", r"\1*"),)
_HIDDEN = "****"

# Numbers inside running text, longest first: an account, an ID number of 18, one of 15, a mobile number.
_INSIDE = (
    (r"([0-9]{4})[0-9]{11,}([0-9]{4})", r"\1********\2"),
    (r"([0-9]{6})[0-9]{8}([0-9]{3}[0-9Xx])", r"\1********\2"),
    (r"([0-9]{2})[0-9]{8,}([0-9]{2})", r"\1********\2"),
    (r"(1[3-9][0-9])[0-9]{4}([0-9]{4})", r"\1****\2"),
)
# A landline (0351-7654321, (010)12345678): it is known by its area code and what parts it, and only where it is shown.
# A text: it is made a pattern where a message is first shown, and not at the start.
_LANDLINE = (
    r"(?<![0-9０-９])([0０](?:[1１][0０]|[2２]\d|[3-9３-９]\d\d)[)） ]*[-‐‑–—－)） ][(（ ]*)\d{5,6}(\d\d)(?![0-9０-９])"
)


def clean_terminal(text: str) -> str:
    """Take off what a terminal would obey and not show; line breaks and tabs become one blank."""
    return _UNSAFE.sub("", _BLANKS.sub(" ", text))


@overload
def mask_id(value: str) -> str: ...
@overload
def mask_id(value: Column) -> Column: ...
def mask_id(value: Any) -> Any:
    """`140105********1234` for a text of 18; of any other length no more than two characters at each end."""
    return _mask(value, _ID)


@overload
def mask_phone(value: str) -> str: ...
@overload
def mask_phone(value: Column) -> Column: ...
def mask_phone(value: Any) -> Any:
    """`138****1234` for a mobile number; the last two digits of anything else."""
    return _mask(value, _PHONE)


@overload
def mask_account(value: str) -> str: ...
@overload
def mask_account(value: Column) -> Column: ...
def mask_account(value: Any) -> Any:
    """`****1234`: the last four of a bank account, none of a text shorter than twelve."""
    return _mask(value, _ACCOUNT)


@overload
def mask_name(value: str) -> str: ...
@overload
def mask_name(value: Column) -> Column: ...
def mask_name(value: Any) -> Any:
    """`王*`: the first character and one star, whatever the length."""
    return _mask(value, _NAME)


@overload
def mask_numbers(value: str) -> str: ...
@overload
def mask_numbers(value: Column) -> Column: ...
def mask_numbers(value: Any) -> Any:
    """Mask every ID number, phone and account that stands in a sentence: the last fence before a terminal or a log."""
    if isinstance(value, str):
        return value if len(value) < FEWEST_DIGITS else _with_numbers_masked(value)
    return _column_masked(value)


def mask_place(name: str) -> str:
    """Mask ID numbers, phones and accounts in the name of a file, a folder or a sheet; one without stays as it is."""
    return _with_numbers_masked(name, in_name=True)


def mask_path(path: str) -> str:
    """Return a path as a program is told it: as given, but where an ID number's form stands in it."""
    return _with_numbers_masked(path, in_name=True, ids_alone=True)


def starred(text: str) -> str:
    """Return free text that is kept for good (a reason, a training type) without any number of a person in it."""
    return _with_numbers_masked(text, star=_stars)


def kept(text: str) -> str:
    """Return a text as the ledger compares it: folded, without any number of a person; the same again of itself."""
    form, before = folded_name(text), ""
    while form != before and len(form) >= FEWEST_DIGITS:  # a number that is gone may have kept two others apart
        form, before = starred(form), form
    return form


def without_numbers(text: str) -> str:
    """Return a text as it may be kept for good: as written, or in compared form where a number of a person is in it."""
    form = kept(text)
    return text if form == folded_name(text) else form


def _stars(digits: str) -> str:
    return _HIDDEN


# A SHA-256 is looked up and compared: digits within are nobody's number, and one that is masked is none any more. That
# of a ledger without entries is all zeros.
_DIGEST = "(?<![0-9A-Za-z])(?:(?=[0-9]*[a-f])[0-9a-f]{64}|0{64})(?![0-9A-Za-z])"


def _shown_digits(digits: str) -> str:
    for pattern, shown in _INSIDE:
        digits = re.sub(pattern, shown, digits)
    return digits


@lru_cache(maxsize=1 << 14)  # a document says the same words of many lines
def _with_numbers_masked(
    text: str, *, in_name: bool = False, ids_alone: bool = False, star: Callable[[str], str] = _shown_digits
) -> str:
    """Mask what is seen: a character that is not shown hides no number. A text without a number stays as it is."""
    seen = clean_terminal(text)
    pieces, done = [], 0
    digests = [found.span() for found in re.finditer(_DIGEST, seen)] if len(seen) >= 64 else []
    for number in numbers_in(seen, in_name=in_name):
        if ids_alone and not number.is_id:
            continue
        if any(start <= number.start and number.end <= end for start, end in digests):
            continue
        written = seen[number.start : number.end]
        pieces += [seen[done : number.start], star(written if written.upper() == number.digits else number.digits)]
        done = number.end
    found = "".join([*pieces, seen[done:]]) if pieces else text
    return re.sub(_LANDLINE, rf"\1{_HIDDEN}\2", found) if star is _shown_digits and not ids_alone else found


# Eleven digits, however they are parted: a text of a column without them is left alone.
_MAY_HOLD_NUMBERS = r"(?:[0-9０-９][^0-9０-９A-Za-z\p{Han}]{0,3}){11}"


def _column_masked(column: Column) -> Column:
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    held = pc.fill_null(pc.match_substring_regex(whole, _MAY_HOLD_NUMBERS), False)
    if not pc.any(held).as_py():
        return column
    texts = [_with_numbers_masked(text) for text in whole.filter(held).to_pylist()]
    masked: Any = pc.replace_with_mask(whole, held, pa.array(texts, whole.type))
    return pa.chunked_array([masked]) if isinstance(column, pa.ChunkedArray) else masked


_ERROR_WORD = re.compile("#[A-Z_/0]+[!?]?")  # #N/A, #DIV/0!: it says nothing of a person


def mask_field(field: str | None, text: str) -> str:
    """Mask a roster's value by the field that it stands in; of any other field, the numbers inside it."""
    if _ERROR_WORD.fullmatch(text):
        return text
    rules = {"id_number": _ID, "phone": _PHONE, "account": _ACCOUNT, "name": _NAME}
    return _mask_text(text, rules[field]) if field in rules else mask_numbers(text)


def _mask(value: Any, rules: _Rules) -> Any:
    return _mask_text(value, rules) if isinstance(value, str) else _mask_column(value, rules)


def _mask_text(text: str, rules: _Rules) -> str:
    for pattern, shown in rules:
        match = re.match(pattern, text, re.DOTALL)
        if match:
            return match.expand(shown)
    return _HIDDEN if text else text


def _mask_column(column: Column, rules: _Rules) -> Column:
    import pyarrow.compute as pc

    masked: Any = pc.replace_substring_regex(column, r"(?s)^.+$", _HIDDEN)
    for pattern, shown in reversed(rules):
        dotall = f"(?s){pattern}"
        replaced = pc.replace_substring_regex(column, dotall, shown)
        masked = pc.if_else(pc.match_substring_regex(column, dotall), replaced, masked)
    result: Column = masked
    return result


_PLACES = frozenset(("file", "files", "outputs", "stale", "out"))
# A credit code (GB 32100) is public, and an enterprise is told by it; what may be a person's ID number is none.
_CREDIT_CODE = (
    r"(?![1-8][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4})[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
)


def mask_credit_code(value: str) -> str:
    """Return what has the form of a credit code whole; of any other text, the numbers inside it are masked."""
    return value if re.fullmatch(_CREDIT_CODE, value) else mask_numbers(value)


_BY_KEY: dict[str, Callable[[str], str]] = {
    "id_number": mask_id,
    "phone": mask_phone,
    "account": mask_account,
    "credit_code": mask_credit_code,
}
_HASH = re.compile(r"(?=.*[a-f])[0-9a-f]{32,}|0{64}")


class UnitName(str):
    """The name of a base or a studio, where a person's may stand: it is not masked as one."""


def masked_object(value: Any, key: str = "") -> Any:
    """Return a document's value as it may be printed: the fence of every JSON object and csv row.

    `id_number`, `phone`, `account`, `credit_code` are masked by their keys, and `name` in an object that has an
    `id_number`; in every other text what looks like a number of a person. A path (`file` …) stays as given but for
    the form of an ID number.
    """
    if isinstance(value, str):
        if key in _BY_KEY:
            return value if _HIDDEN in value else _BY_KEY[key](value)
        if key in _PLACES:
            return mask_path(value)
        return value if _HASH.fullmatch(value) else mask_numbers(value)
    if isinstance(value, Mapping):
        person = "id_number" in value and not isinstance(value.get("name"), UnitName)
        return {
            name: mask_name(item) if person and name == "name" and isinstance(item, str) else masked_object(item, name)
            for name, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [masked_object(item, key) for item in value]
    return value


def without_password(url: str) -> str:
    """Return the address as it may be shown."""
    shown = re.sub(r"//([^/@:]*):.*@", r"//\1:***@", url)
    return re.sub(r"(password=)[^&]*", r"\1***", shown)
