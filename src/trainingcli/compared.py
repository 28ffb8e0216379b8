"""Texts as they are compared (比较口径), for keys, events, registers, duplicates, workbooks (contract, 'Compared').

What is shown stays as it was written; two texts are the same where their folded forms are. Every function sees a
distinct text once.
"""

from __future__ import annotations

import re
import unicodedata

# Signs that nobody sees: Unicode's default-ignorable characters, every format and every control character. As ranges
# of a character class, since Python does not know the first kind by name.
UNSEEN = (
    "\u0000-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
PLAIN = "^[0-9A-Za-z\u4e00-\u9fff]+$"
"""Texts that squeezing leaves as they are, as nearly all are; a pattern for `re` and for Arrow."""
AS_COMPARED = "^(?:[0-9]{0,10}[A-Z\u4e00-\u9fff])+[0-9]{0,10}$|^[0-9]{1,10}$"
"""Texts that every form of comparing leaves as they are: folded, without as many digits as a person's number has."""
_PLAIN = re.compile(PLAIN)
_UNSEEN = re.compile(f"[{UNSEEN}]+")
_ONE_BRACKET = str.maketrans("[]{}【】〔〕", "()()()()")  # NFKC has made ( ) of the wide and small round ones
_NUMBER_LABEL = re.compile("^(?:编号|NO)+")
DOTS = re.compile("[·•‧∙⋅・･●▪.。˙⸱ꞏ．]")
"""Every form in which the dot of a minority name is typed."""


def squeeze(text: str) -> str:
    """Return the text after NFKC without blanks and unseen signs: how the words of a list are matched."""
    if _PLAIN.fullmatch(text):
        return text
    seen = _without_blanks(text)  # before NFKC as well: an unseen sign keeps two others from being one
    plain = _without_blanks(unicodedata.normalize("NFKC", seen))
    return unicodedata.normalize("NFC", plain)  # a blank that is gone may have kept an accent from its letter


def without_unseen(text: str) -> str:
    """Return the text without the signs that nobody sees."""
    return _UNSEEN.sub("", text)


def _without_blanks(text: str) -> str:
    return without_unseen("".join(text.split()))


def folded(text: str) -> str:
    """Return the text as it is compared: squeezed, in upper case."""
    if _PLAIN.fullmatch(text):
        return text.upper()  # of these signs the second NFKC changes none
    return unicodedata.normalize("NFKC", squeeze(text).upper())


def folded_name(text: str) -> str:
    """Return an institution's or occupation's name as it is compared: folded, with one form of bracket."""
    if _PLAIN.fullmatch(text):
        return text.upper()
    return folded(text).translate(_ONE_BRACKET)


def folded_number(text: str) -> str:
    """Return a certificate number as it is compared: letters and digits alone, a leading 编号, No or № off."""
    plain = "".join(sign for sign in folded(text) if sign.isalnum())
    return _NUMBER_LABEL.sub("", plain)
