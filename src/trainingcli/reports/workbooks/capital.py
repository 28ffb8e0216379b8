"""Sums in capital characters (人民币大写), by the rules for bills: 《正确填写票据和结算凭证的基本规定》.

Written here and not taken from cn2an, which stays the test's second opinion: importing it costs 0.17 s, several times
what writing a whole claim workbook costs.
"""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SIZES = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))


def capital_amount(fen: int) -> str:
    """Return whole fen in capital characters: 140950 → 壹仟肆佰零玖元伍角; a sum of whole yuan ends in 整."""
    sign, (yuan, cents) = "负" if fen < 0 else "", divmod(abs(fen), 100)
    jiao, rest = divmod(cents, 10)
    text = f"{_whole(yuan)}元" if yuan or not cents else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif rest and yuan:
        text += "零"
    if rest:
        text += f"{_DIGITS[rest]}分"
    return sign + text + ("" if cents else "整")


def _whole(number: int) -> str:
    """One 零 for any run of zeros between two digits, none at the end; 万 and 亿 each hold a number of their own."""
    for size, unit in _SIZES:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _whole(high) + unit + gap + (_whole(low) if low else "")
    return _DIGITS[number]
