"""What a cell held, beside its text: the kind column of every table that is read."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Kind(IntEnum):
    """What a cell held. Low four bits of a kind column; see `Mark` for the high ones."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2  # text is the shortest exact decimal ("300", "0.03", 18 digits for an ID typed as a number)
    DATE = 3  # text is ISO: "2020-07-01" or "2020-07-01T08:30:00"
    BOOLEAN = 4  # text is "TRUE" or "FALSE"
    ERROR = 5  # text is the error: "#N/A"
    NO_VALUE = 6  # a formula without a cached value; text is null


class Mark(IntFlag):
    """High bits of a kind column. What the number format says fills `FORMAT`: one of three, or nothing."""

    MERGED = 0x10  # the cell lies in a vertical merge of two or more data rows (the top cell too)
    STRUCK = 0x20  # struck through: the cell's font, or its text wholly or in part
    FORMAT = 0xC0
    NO_DAY = 0x40  # a date whose format shows no day
    UNIT_OTHER = NO_DAY  # of a number: its format writes 千元, 百万元, 角 or the like behind it
    UNIT_WAN = 0x80  # a number whose format writes 万元 behind it; its text is the number as stored
    UNIT_YUAN = 0xC0  # a number whose format writes 元 behind it
