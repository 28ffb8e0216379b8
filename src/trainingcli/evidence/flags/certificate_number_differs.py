"""A certificate's number says another year or level: S or Y and 21 digits, 13–14 the year, 15 the level."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc

from trainingcli.evidence.flagging import Flag
from trainingcli.evidence.raised_flags import Raised
from trainingcli.evidence.seen_rows import SeenRows

_FORM = re.compile("[SY]([0-9]{21})")
LEVELS = {"5": "初级工", "4": "中级工", "3": "高级工", "2": "技师", "1": "高级技师"}


class CertificateNumberDiffers(Flag):
    """A row's."""

    code = "CERTIFICATE_NUMBER_DIFFERS"

    def facts(self, seen: SeenRows) -> list[Raised]:
        """Compare each number of that form with its row's date and level."""
        return list(self._raised(seen))

    def _raised(self, seen: SeenRows) -> Iterator[Raised]:
        formed = pc.match_substring_regex(seen.rows.numbers("certificate_no"), f"^{_FORM.pattern}$")
        for at in np.flatnonzero(formed.fill_null(False).to_numpy(zero_copy_only=False)).tolist():
            said = list(_differences(str(seen.number[at])[1:], seen, at))
            if said:
                zh, en = "；".join(each[0] for each in said), "; ".join(each[1] for each in said)
                yield seen.raised([at], "certificate_no", zh, en)


def _differences(digits: str, seen: SeenRows, at: int) -> Iterator[tuple[str, str]]:
    year, level = digits[12:14], LEVELS.get(digits[14])
    if not np.isnat(seen.issued[at]) and str(seen.issued[at])[2:4] != year:
        date = str(seen.issued[at])
        yield f"编号为20{year}年，发证日期是{date}", f"the number says 20{year}, the certificate is dated {date}"
    own = seen.level[at]
    if level is not None and own in LEVELS.values() and own != level:
        yield f"编号为{level}，等级是{own}", f"the number says {level}, the level is {own}"


FLAG = CertificateNumberDiffers()
