"""Find the header by its content: under any title block, in one row or two (contract: "Roster headings")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trainingcli.intake.formats.grid import Merge
from trainingcli.intake.tables.headings import ENDS, STARTS, Headings, Match, holds_values
from trainingcli.vocabulary import heading_of

TextRow = list[str]
_LOWER_LONGEST = 16


@dataclass(frozen=True)
class Header:
    """The header found: its rows (from 0), each column's heading as written, and what it means."""

    upper: int
    lower: int
    headings: Sequence[str]
    matches: Sequence[Match | None]

    @property
    def rows(self) -> tuple[int, ...]:
        """The header's rows from 0, one or two."""
        return (self.lower,) if self.upper == self.lower else (self.upper, self.lower)


class Locator:
    """Looks for the header in the top rows of a sheet, given as texts, with the sheet's merges.

    `nearest`: of the rows that make no header, the one with the most known headings (from 0), and those headings.
    """

    def __init__(self, headings: Headings, merges: Sequence[Merge]) -> None:
        self._headings = headings
        self._merges = merges
        self.nearest: tuple[int, frozenset[str]] | None = None

    def find(self, rows: Sequence[TextRow], first: int = 0) -> Header | None:
        """Return the first header at or below row `first`; None where no row has three known headings with a person."""
        for row in range(first, len(rows)):
            if holds_values(rows[row]):
                continue
            single = self._single(rows, row)
            if self._enough(single.matches):
                pair = self._pair(rows, row, row + 1) or self._pair(rows, row - 1, row, first)
                return pair or (_named_above(rows, single) if row > first else single)
            below = self._single(rows, row + 1) if row + 1 < len(rows) else None
            if below is None or not self._enough(below.matches):
                pair = self._pair(rows, row, row + 1)
                if pair is not None and self._enough(pair.matches):
                    return pair
            self._come_near(row, single)
        return None

    def _come_near(self, row: int, header: Header) -> None:
        keys = frozenset(match.key for match in header.matches if match)
        if keys and (self.nearest is None or len(keys) > len(self.nearest[1])):
            self.nearest = row, keys

    def _single(self, rows: Sequence[TextRow], row: int) -> Header:
        texts = rows[row]
        return Header(row, row, texts, self._only_once([self._headings.match(text) for text in texts]))

    def _pair(self, rows: Sequence[TextRow], upper: int, lower: int, first: int = 0) -> Header | None:
        """Return the two rows as one header, if the lower one is no data and both belong together."""
        if upper < first or lower >= len(rows) or not any(rows[upper]):
            return None
        above, below = self._spread(rows[upper], upper, lower), rows[lower]
        width = max(len(above), len(below))
        above, below = self._continued(_padded(above, width), _padded(below, width)), _padded(below, width)
        whole = self._enough(self._single(rows, lower).matches)
        if not self._is_lower(above, below, whole):
            return None
        pairs = [self._combine(over, under) for over, under in zip(above, below, strict=True)]
        proven = self._joined(upper, lower) or any(match and both for match, both, _ in pairs)
        if not proven and (whole or not _interlocked(pairs, above, below)):
            return None
        headings = [heading for _, _, heading in pairs]
        return Header(upper, lower, headings, self._only_once([match for match, _, _ in pairs]))

    def _continued(self, above: TextRow, below: TextRow) -> TextRow:
        """Let an upper heading that was never merged reach on over 结束 and the like."""
        for column in range(1, len(above)):
            left, under = above[column - 1], below[column]
            if not above[column] and left and under and below[column - 1] and self._headings.match(under) is None:
                above[column] = left
        return above

    def _combine(self, over: str, under: str) -> tuple[Match | None, bool, str]:
        """Return what a column means, whether it takes both rows to say so, and its heading as shown."""
        match = self._headings.match
        if over and under and over != under:
            both = match(over + under)
            if both is not None and match(under) is None:
                return both, True, f"{over} {under}"
            if both is not None:
                return both, False, f"{over} {under}"
            alone = match(under)
            if alone is not None:
                return alone, False, under
            upper = match(over)
            part = heading_of(under)
            if upper is not None and upper.key == "date_range" and part in STARTS | ENDS:
                return Match("start_date" if part in STARTS else "end_date"), True, f"{over} {under}"
            return None, False, f"{over} {under}"
        text = under or over
        return match(text), False, text

    def _is_lower(self, above: TextRow, below: TextRow, is_header: bool) -> bool:
        """Tell whether a row can be the lower one of a header: short texts, no person, and a known word among them."""
        filled = [text for text in below if text]
        if not filled or any(len(text) > _LOWER_LONGEST * 2 for text in filled):
            return False
        if is_header:
            return True
        known = 0
        for over, under in zip(above, below, strict=True):
            match = self._headings.match(over) if over else None
            if (
                match is not None
                and match.key in self._headings.vocabulary.subject
                and under
                and heading_of(under) != heading_of(over)
            ):
                return False
            if under:
                if re.search("[0-9]{3}", under) or len(heading_of(under)) > _LOWER_LONGEST:
                    return False
                known += self._combine(over, under)[0] is not None or heading_of(under) in STARTS | ENDS
        return known > 0

    def _enough(self, matches: Sequence[Match | None]) -> bool:
        return not self._headings.lacks(matches)

    def _only_once(self, matches: Sequence[Match | None]) -> list[Match | None]:
        """Keep the first of two columns with one key, but every one of a key that asks for all of them.

        A heading that counts last gives way to any other; some of them have a meaning of their own beside it. Of two
        of those (组织单位, 考证组织单位) the one that says more has it, wherever it stands.
        """
        vocabulary = self._headings.vocabulary
        plain = {match.identity for match in matches if match is not None and not match.last}
        kept: list[Match | None] = [None] * len(matches)
        seen: set[tuple[str, str | None]] = set()
        for column, match in self._by_weight(matches):
            meant = match
            if match.identity in seen and match.last in vocabulary.beside_another:
                meant = Match(vocabulary.beside_another[match.last])
            gives_way = bool(meant.last) and meant.identity in plain
            if meant.identity not in seen or (meant.key in vocabulary.every and not gives_way):
                kept[column] = meant
                seen.add(meant.identity)
        return kept

    def _by_weight(self, matches: Sequence[Match | None]) -> list[tuple[int, Match]]:
        """Return the columns in the order in which they get a key; the vocabulary names what says more first."""
        says_more = list(self._headings.vocabulary.beside_another)
        found = [(column, match) for column, match in enumerate(matches) if match is not None]
        plain = sorted((each for each in found if each[1].last not in says_more), key=lambda each: bool(each[1].last))
        beside = sorted(
            (each for each in found if each[1].last in says_more), key=lambda each: says_more.index(each[1].last)
        )
        if beside and beside[0][1].identity not in {match.identity for _, match in plain}:
            general = next(each for each in beside if each[1].last == beside[-1][1].last)
            beside.remove(general)
            return [*plain, general, *beside]
        return [*plain, *beside]

    def _joined(self, upper: int, lower: int) -> bool:
        """Tell whether a merge shows the two rows to be one header: one cell over both."""
        return any(merge.top == upper and merge.bottom == lower for merge in self._merges)

    def _spread(self, texts: TextRow, upper: int, lower: int) -> TextRow:
        """Give a horizontal merge's text to each of its columns."""
        spread = list(texts)
        for merge in self._merges:
            if merge.top == upper and merge.bottom < lower and merge.left < len(texts) and merge.right > merge.left:
                spread = _padded(spread, min(merge.right + 1, 16384))
                spread[merge.left : merge.right + 1] = [texts[merge.left]] * (merge.right + 1 - merge.left)
        return spread


def _interlocked(pairs: Sequence[tuple[Match | None, bool, str]], above: TextRow, below: TextRow) -> bool:
    """Tell whether known headings stand in both rows, each over or under a blank: a header that was never merged."""
    known = [(bool(over), bool(under)) for (match, _, _), over, under in zip(pairs, above, below, strict=True) if match]
    return (True, False) in known and (False, True) in known


def _padded(texts: TextRow, width: int) -> TextRow:
    return [*texts, *[""] * (width - len(texts))]


def begins_two_rows(pair: Sequence[TextRow], row: int, headings: Headings, merges: Sequence[Merge]) -> bool:
    """Tell whether two rows, the first of them at `row` of the sheet, are a header together.

    So they are where the lower is one alone, and the upper has a known heading over a column that it leaves without.
    """
    if headings.lacks(map(headings.match, (text for texts in pair for text in texts))):
        return False
    own = [Merge(0, merge.left, merge.bottom - row, merge.right) for merge in merges if merge.top == row]
    found = Locator(headings, own).find(pair)
    if found is None or found.rows == (0, 1):
        return found is not None
    upper, lower = pair[0], _padded(pair[1], len(pair[0]))
    over_blank = (text for text, under in zip(upper, lower, strict=False) if text and not under)
    return found.rows == (1,) and not holds_values(upper) and any(map(headings.match, over_blank))


def _named_above(rows: Sequence[TextRow], header: Header) -> Header:
    """Name filled columns that the header leaves without a heading by the row over it: what is not read is said.

    A row of one text is a title, and one with a colon speaks for itself.
    """
    row, above = header.lower, rows[header.lower - 1]
    if len([text for text in above if text]) < 2:
        return header
    headings, matches = _padded(list(header.headings), len(above)), list(header.matches)
    for column, text in enumerate(above):
        is_name = text and not headings[column] and len(text) <= _LOWER_LONGEST and not re.search("[:：]", text)
        if is_name and any(column < len(below) and below[column] for below in rows[row + 1 :]):
            headings[column] = text
    return Header(row, row, headings, matches + [None] * (len(headings) - len(matches)))
