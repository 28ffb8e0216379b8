"""Claim lines as settlement hands them to the ledger, made by code."""

from __future__ import annotations

import pandas as pd

from trainingcli.ledger import BatchRecord

TRAINEES = frozenset({"living-allowance"})
WHEN = "2021-03-01T09:00:00+08:00"
COLUMNS = {
    "id_number": "str",
    "event": "int64",
    "event_year": "int64",
    "own": "bool",
    "place": "str",
    "programme": "str",
    "occupation": "str",
    "level": "str",
    "training_type": "str",
    "start_date": "str",
    "end_date": "str",
    "certificate_date": "str",
    "certificate_no": "str",
    "key": "str",
    "approved": "int64",
    "fund": "str",
    "payee": "str",
    "line": "int64",
    "waiver": "str",
}
_USUAL: dict[str, object] = {
    "event_year": 2020,
    "own": False,
    "place": "year",
    "programme": "vocational-training",
    "occupation": "电工",
    "level": "中级工",
    "start_date": "2020-07-01",
    "end_date": "2020-07-15",
    "key": "电工|中级工",
    "approved": 100_000,
    "fund": "就业补助资金",
    "payee": "太原某培训学校",
}


def person(number: int) -> str:
    """An 18-digit ID number (the ledger does not check digits)."""
    return f"140105198{number:08d}X"


def line(number: int, **fields: object) -> dict[str, object]:
    """One line of a person, in an event of its own for each; `occupation` alone changes the repeat key too."""
    made = {"id_number": person(number), "event": -number, **_USUAL, **fields}
    if "occupation" in fields and "key" not in fields:
        made["key"] = f"{fields['occupation']}|中级工"
    return made


def lines(*rows: dict[str, object]) -> pd.DataFrame:
    """Lines as a frame, numbered in order unless they say otherwise."""
    frame = pd.DataFrame([{"line": number, **row} for number, row in enumerate(rows)], columns=list(COLUMNS))
    return frame.astype(COLUMNS)


def awards(*numbers: tuple[int, str]) -> pd.DataFrame:
    """Evaluation awards of studios, by the studio's number and the round, as `awards` hands them to the ledger."""
    frame = lines(*(line(0, line=place, approved=5_000_000, fund="人才经费", programme="studio-award")
                    for place in range(len(numbers))))  # fmt: skip
    nothing = dict.fromkeys(("place", "occupation", "level", "end_date", "key"))
    return frame.drop(columns="id_number").assign(
        event=range(-1, -1 - len(frame), -1), unit_kind="studio", facts="{}",
        unit_names=[(f"工作室{number}",) for number, _ in numbers],
        once_key=[f"studio-award|{round_}" for _, round_ in numbers], **nothing,
    )  # fmt: skip


def record(*hashes: str, kind: str = "claims", bound: int = 3) -> BatchRecord:
    """A batch of the inputs with these hashes."""
    inputs = tuple((f"{text}.xlsx", text * 64) for text in hashes or ("a",))
    return BatchRecord(kind, WHEN, "2021-03-01", "taiyuan-2019", "ab" * 32, inputs, bound, TRAINEES)  # type: ignore[arg-type]
