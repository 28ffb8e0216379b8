"""What can be a bank account (银行账号): digits alone, whole, and no phone number."""

from __future__ import annotations

import re

from trainingcli.compared import squeeze

_DIGITS = re.compile("[0-9]{8,32}")
_MOBILE = re.compile("1[3-9][0-9]{9}")


def account_digits(text: str) -> str:
    """Return an account as accounts are compared: without blanks and dashes."""
    return re.sub("[-‐-―]", "", squeeze(text))


def is_account(digits: str) -> bool:
    """Say whether a text, as compared, can be an account: no star, no letter, not one digit alone."""
    return bool(_DIGITS.fullmatch(digits)) and len(set(digits)) > 1 and not _MOBILE.fullmatch(digits)
