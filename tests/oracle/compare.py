"""Holds the program's JSON of `claims` against the oracle's lines."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from .lines import SEVERITY, Line
from .words import read_name

Key = tuple[str, str, int, str | None]

#: Notes whose conditions the texts do not spell out: no difference of the oracle's own readings should be held against
#: the program in them.
LOOSE_NOTES = frozenset({"OVERLAPPING_TRAINING", "SHARED_PHONE", "SHARED_ACCOUNT", "PAID_LESS"})


def compare(
    document: dict,
    lines: list[Line],
    *,
    leave_out: frozenset[str] = LOOSE_NOTES,
    notes: bool = True,
    payees: bool = True,
) -> list[str]:
    """Give the differences, one text each; none where program and oracle agree line by line.

    `leave_out`: codes that are not compared; without `notes` no note is. `payees`: payee and fund are compared too
    (not the allowance's payee: a person's name). The order of lines is compared last.
    """
    dropped = set(leave_out) | (set() if notes else {code for code, severity in SEVERITY.items() if severity == "note"})
    dropped.discard("ALREADY_POSTED")
    found, expected = defaultdict(list), defaultdict(list)
    order_found = [_key_of_json(line) for line in document["lines"]]
    order_expected = [_key(line.file, line.sheet, line.row, line.programme) for line in lines]
    for key, line in zip(order_found, document["lines"], strict=True):
        found[key].append(_outcome_of_json(line, dropped, payees))
    for key, line in zip(order_expected, lines, strict=True):
        expected[key].append(_outcome(line, dropped, payees))
    differences = [
        f"{key}: oracle {_words(expected.get(key))}, program {_words(found.get(key))}"
        for key in dict.fromkeys([*order_expected, *order_found])
        if sorted(expected.get(key, []), key=repr) != sorted(found.get(key, []), key=repr)
    ]
    if not differences and order_found != order_expected:
        differences.append("the order of lines differs")
    return differences


def _key(file: str, sheet: str, row: int, programme: str | None) -> Key:
    # A csv has no sheet: whatever the program calls it, it is not compared.
    return file, "" if file.endswith(".csv") else sheet, row, programme


def _key_of_json(line: dict) -> Key:
    return _key(line["file"], line["sheet"], line["row"], line["programme"])


def _fen(yuan: str | None) -> int | None:
    return None if yuan is None else int(Decimal(yuan) * 100)


def _outcome_of_json(line: dict, dropped: set[str], payees: bool) -> tuple:
    codes = sorted(reason["code"] for reason in line["reasons"] if reason["code"] not in dropped)
    amounts = _fen(line["claimed"]), _fen(line["entitled"]), _fen(line["approved"])
    return line["status"], *amounts, codes, *_money_goes(line["programme"], line["payee"], line["fund"], payees)


def _outcome(line: Line, dropped: set[str], payees: bool) -> tuple:
    codes = [code for code in line.codes if code not in dropped]
    amounts = line.claimed, line.entitled, line.approved
    return line.status, *amounts, codes, *_money_goes(line.programme, line.payee, line.fund, payees)


def _money_goes(programme: str | None, payee: str | None, fund: str | None, payees: bool) -> tuple:
    if not payees or programme is None:
        return ()
    # However it is spelled, one payee is one.
    return (fund,) if programme == "living-allowance" else (read_name(payee), fund)


def _words(outcomes: list[tuple] | None) -> str:
    return "no such line" if not outcomes else " and ".join(repr(outcome) for outcome in outcomes)
