"""Which held and rejected lines still wait: not those that a payment or another answer settled since.

The ledger keeps the latest answer by the very words of a training. A line that was refused because a word was missing
or could not be read is settled by the corrected one: the same day, and no contradiction in occupation and level (3.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEVEL_IN_DOUBT = ("UNKNOWN_LEVEL", "LEVEL_DIFFERS")
_PAID = ("batch", "programme", "occupation", "level", "start_date", "certificate_date")


class _Answer(NamedTuple):
    """A later answer: its batch, its programme ("": of none), the days by which it may be told, occupation, level."""

    batch: int
    programme: str
    days: tuple[str | None, ...]
    words: tuple[str, str]

    def settles(self, batch: int, programme: str, day: str, words: tuple[str, str]) -> bool:
        """Say whether a line of a batch was answered by this: one without a programme by that of any."""
        return (
            self.batch >= batch
            and programme in ("", self.programme)
            and day != ""
            and day in self.days
            and all(not one or not other or one == other for one, other in zip(words, self.words, strict=True))
        )


def still_open(ledger: Ledger, rows: Sequence[dict[str, Any]], id_numbers: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows that nothing paid or refused since; `rows`: as `Ledger.refused`, `id_numbers`: whose payments."""
    people = list(dict.fromkeys(id_numbers))
    subjects = dict(zip(people, map(bytes.fromhex, ledger.person_keys(people)), strict=True))
    answers: dict[bytes, list[_Answer]] = {}
    for paid in ledger.payments_of(people, _PAID):
        days, words = (paid["start_date"], paid["certificate_date"]), (paid["occupation"] or "", paid["level"] or "")
        answer = _Answer(paid["batch"], paid["programme"], days, words)
        answers.setdefault(subjects[paid["id_number"]], []).append(answer)
    for row in rows:
        day, words = _training(row)
        answers.setdefault(row["subject"], []).append(_Answer(row["batch"] - 1, row["programme"], (day,), words))
    return [row for row in rows if not _is_settled(row, answers[row["subject"]])]


def _is_settled(row: Mapping[str, Any], answers: Iterable[_Answer]) -> bool:
    day, words = _training(row)
    return any(answer.settles(row["batch"], row["programme"], day, words) for answer in answers)


def _training(row: Mapping[str, Any]) -> tuple[str, tuple[str, str]]:
    """Return the day ("": none, and of awards), the occupation and the level that the ledger's index names.

    A level in doubt is none: the corrected line has another.
    """
    day, _, rest = row["training"].partition("|")
    occupation, _, level = rest.rpartition("|")
    is_known = not any(code in row["codes"] for code in _LEVEL_IN_DOUBT)
    return day if _DAY.fullmatch(day) else "", (occupation, level if is_known else "")
