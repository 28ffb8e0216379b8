"""The unified social credit code (统一社会信用代码, GB 32100): eighteen signs, the last a check digit."""

from __future__ import annotations

import re

_FORM = re.compile("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def credit_code_holds(code: str) -> bool:
    """Tell whether a code (upper case, no blanks) has the form and the check digit of GB 32100.

    `stdnum.cn.uscc.is_valid` wants a digit in the first place, where the standard allows a letter (N: rural bodies).
    """
    from stdnum.cn.uscc import calc_check_digit

    return _FORM.fullmatch(code) is not None and calc_check_digit(code[:17]) == code[17]
