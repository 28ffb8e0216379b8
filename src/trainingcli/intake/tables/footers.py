"""Texts that stand under a table and are no row of it (表尾): sums, signatures, page numbers, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SUMS = ("合计", "总计", "小计", "共计", "累计")
_SUM = re.compile(rf".{{0,8}}(?:{'|'.join(_SUMS)})(?:金额|人数|人次)?(?:[(:].*|[0-9].*|$)", re.DOTALL)
_COUNT = re.compile(r"(?:.{0,4}共计?|总共|全班|本班|本页)[0-9]+(?:人|名|条|行|页).{0,12}")
_PAGE = re.compile(r"第[0-9]+页.{0,12}")
_END = re.compile(r"[(—-]*(?:以下|此处以下|本页|此页)(?:为?空白|无正文|无内容|均?无).*")
_NOTE = re.compile(r"[(]?[0-9]{1,2}[)、.]\D.*", re.DOTALL)
_SEALS = ("盖章", "公章")
_SIGNATORY = "(?:单位|部门|领导|意见|签字|签章|签名|日期|人{people})*"


class Footers:
    """The words of one vocabulary's footers; every text is squeezed. `people`: rows are people, not occupations."""

    def __init__(self, words: Iterable[str], *, people: bool) -> None:
        signs = [word for word in words if word not in _SUMS]
        self._beginnings = tuple(word for word in signs if len(word) > 1)  # 注 alone begins 注塑工
        either = "|".join(sorted(map(re.escape, signs), key=len, reverse=True))
        after = _SIGNATORY.format(people="|人员|员|者" if people else "")
        self._sign = re.compile(rf"(?:{either})(?:意事项|意|解|释)?{after}(?:$|[:(].*)", re.DOTALL)

    def is_one(self, text: str) -> bool:
        """Tell whether the whole text is a footer's: 合计, 二班合计, 审核人：李某, 共14人, 第1页, 以下空白."""
        return any(form.fullmatch(text) for form in (self._sign, _SUM, _COUNT, _PAGE, _END))

    def is_note(self, text: str) -> bool:
        """Tell whether a text that stands alone is a numbered note."""
        return _NOTE.fullmatch(text) is not None

    def begins(self, text: str) -> bool:
        """Tell whether a text begins as a footer does."""
        return text.startswith(self._beginnings) or self.is_one(text)

    def is_sealed(self, text: str) -> bool:
        """Tell whether a text has a place for a seal."""
        return any(seal in text for seal in _SEALS)
