"""What is said of a row beside the export: its partner; else the person's other trainings, or a number nearly it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from trainingcli.evidence.realname.export import COMPLETION, Export
from trainingcli.fields import label
from trainingcli.language import Text
from trainingcli.masking import mask_field
from trainingcli.settle.dated import Ints

MOST = 3
_NOBODY = Text("系统中没有此人", "the person is not there")


def nearly_the_same(one: str, other: str) -> tuple[int, ...]:
    """Return the places (from 1) in which two numbers differ as slips of a pen do; none where they do not.

    One place; one place and the check digit; two neighbours exchanged.
    """
    if len(one) != len(other):
        return ()
    places = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    last = len(one) - 1
    is_slip = len(places) == 1 or (len(places) == 2 and places[1] == last)
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        is_slip = is_slip or (one[first], one[second]) == (other[second], other[first])
    return tuple(place + 1 for place in places) if is_slip else ()


def told(export: Export, numbers: Sequence[str], names: Sequence[str | None]) -> list[Text]:
    """Return what is said of each row without a partner; `names` as compared."""
    if not numbers:
        return []
    wanted = {name for number, name in zip(numbers, names, strict=True) if number not in export.people and name}
    by_name: dict[str, list[tuple[str, Text]]] = {}
    for name, number, file, sheet, row in _rows_named(export, wanted):
        where = Text(f"{file} {sheet} 第{row}行", f"{file} {sheet} row {row}")
        by_name.setdefault(name, []).append((number, where))
    known = list(dict.fromkeys(number for number in numbers if number in export.people))
    others = dict(zip(known, _other_trainings(export, known), strict=True))
    return [
        others.get(number) or _nobody(number, by_name.get(name or "", []))
        for number, name in zip(numbers, names, strict=True)
    ]


def _rows_named(export: Export, wanted: set[str]) -> Iterator[tuple[str, str, str, str, int]]:
    found = export.named(wanted)
    columns = (found[key].tolist() for key in ("compared", "id_number", "file", "sheet", "row"))
    yield from zip(*columns, strict=True)


def _nobody(number: str, namesakes: Sequence[tuple[str, Text]]) -> Text:
    near = [(places, where) for other, where in namesakes if (places := nearly_the_same(number, other))]
    if not near:
        return _NOBODY
    shown = list(dict.fromkeys(near))[:MOST]
    zh = "；".join(f"{where.zh}有同名人员，号码只有第{'、'.join(map(str, at))}位不同" for at, where in shown)
    en = "; ".join(
        f"{where.en} has the same name with a number that differs in place {' and '.join(map(str, at))}"
        for at, where in shown
    )
    return Text(f"{_NOBODY.zh}；{zh}，请核对", f"{_NOBODY.en}; {en}; please check")


def _other_trainings(export: Export, numbers: Sequence[str]) -> Iterator[Text]:
    """Yield what the export has of each of these people."""
    entries = [export.of(number) for number in numbers]
    told = iter(trainings(export, np.array([entry for each in entries for entry in each[:MOST]], dtype=np.int64)))
    for each in entries:
        said = list(islice(told, len(each[:MOST])))
        more = len(each) - len(said)
        zh, en = "；".join(text.zh for text in said), "; ".join(text.en for text in said)
        yield Text(
            f"系统中此人的其他培训是：{zh}" + (f"；另有{more}次" if more else ""),
            f"the person's other trainings there: {en}" + (f"; and {more} more" if more else ""),
        )


def trainings(export: Export, entries: Ints) -> list[Text]:
    """Return each of these entries in a few words: occupation, level, class, start."""
    fields = ("occupation", "level", "class_no", "start_date")
    said = export.shown(entries, fields)
    return [_training(*row) for row in zip(*(said[field].tolist() for field in fields), strict=True)]


def _training(occupation: str | None, level: str | None, class_no: str | None, start: str | None) -> Text:
    parts = [part for part in (occupation, level, class_no) if part is not None]
    zh = [*parts, f"{start} 开班" if start else "无开班日期"]
    en = [*parts, f"begun {start}" if start else "without a start date"]
    return Text(" ".join(zh), " ".join(en))


def place(partner: Mapping[str, Any], training: Text) -> Text:
    """Say where a row's partner stands, what it is, and how it ended."""
    file, sheet, row, state = (partner[key] for key in ("file", "sheet", "row", COMPLETION))
    return Text(
        f"对应 {file} {sheet} 第{row}行：{training.zh}，结业状态：{state or '未写'}",
        f"partner: {file} {sheet} row {row}: {training.en}, completion: {state or 'not said'}",
    )


def difference(said: Mapping[str, Any]) -> Text:
    """Say which field differs, and what both sides have, masked."""
    name, mine, hers = label(said["field"]), *(mask_field(said["field"], said[side]) for side in ("roster", "export"))
    return Text(
        f"{name.zh}不一致：花名册“{mine}”，系统“{hers}”",
        f"{name.en} differs: '{mine}' in the roster, '{hers}' in the system",
    )
