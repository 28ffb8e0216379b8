"""The open questions (默认口径), each read otherwise once: which of them weigh most in yuan, to be settled first.

Every other choice of a reading with enumerated choices is tried alone; of a reading that lists several, each choice
that is not listed is listed as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trainingcli.compare import sums
from trainingcli.compare.comparison import compared
from trainingcli.compare.document import gains_object
from trainingcli.compare.sides import Rosters, Side
from trainingcli.language import Text, tr
from trainingcli.money import yuan_text
from trainingcli.policy.set_values import parse, with_settings
from trainingcli.result import Block, Listing, Prose, Row, Table, columns

SCHEMA = "trainingcli.readings/1"
READINGS = Listing("readings", columns("""
    question    问题    code   Question
    parameter   参数    code   Parameter
    clause      条款    code   Clause
    from        现读作  text   Read as
    to          改读作  text   Read otherwise
    lines       变化笔  count  Lines
    difference  差额    yuan   Difference
"""))  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A reading read otherwise: `value` as `--set` takes it."""

    question: str
    parameter: str
    clause: str
    now: str
    value: str


def choices(data: Mapping[str, Any]) -> Iterator[Choice]:
    """Yield every other choice of every open question of a policy's data, in the questions' order."""
    for name, entry in data["parameters"].items():
        if "question" not in entry or "choices" not in entry:
            continue
        value = entry["value"]
        if isinstance(value, str):
            others = [choice for choice in entry["choices"] if choice != value]
        elif isinstance(value, list):
            others = [",".join([*value, choice]) for choice in entry["choices"] if choice not in value]
        else:
            continue
        now = value if isinstance(value, str) else ",".join(value)
        for other in others:
            yield Choice(entry["question"], name, entry["clause"], now, other)


def ranked(
    rosters: Rosters, before: Side, data: Mapping[str, Any], shipped: Mapping[str, Any], codes: Collection[str]
) -> list[dict[str, Any]]:
    """Try every choice alone; return the document's rows, those that move most yuan first."""
    found = []
    for order, choice in enumerate(choices(data)):
        setting = parse(f"parameters.{choice.parameter}={choice.value}")
        result = compared(rosters, before, with_settings(data, [setting], shipped, codes), kinds=False)
        difference, lines = sums.total(result).difference, int(result.changed.sum())
        row = {
            "question": choice.question, "parameter": choice.parameter, "clause": choice.clause, "from": choice.now,
            "to": choice.value, "lines": lines, "difference": yuan_text(difference),
            "people": gains_object(sums.people(result)), "payees": gains_object(sums.payees(result)),
        }  # fmt: skip
        found.append(((-abs(difference), -lines, order), row))
    return [row for _, row in sorted(found, key=lambda entry: entry[0])]


_SHOWN = columns("""
    question    问题    code   Q
    parameter   参数    text   Parameter
    from        现读作  text   Read as
    to          改读作  text   Read otherwise
    lines       变化笔  count  Lines
    difference  差额    yuan   Difference
""")


def screen(rows: list[Row], policy: str) -> Iterator[Block]:
    """Yield what a terminal shows; of a list what is listed as well."""
    yield Prose(tr(f"未定口径的影响  {policy}", f"What the open questions weigh  {policy}"), "bold")
    yield Table(_SHOWN, [_short(row) for row in rows])
    yield Prose(tr("差额：改读后多付的元数，负数为少付", "yuan paid more if read so, below zero: less"), "dim")


def _short(row: Row) -> Row:
    now, other = str(row["from"]), str(row["to"])
    if not other.startswith(f"{now},"):
        return row
    count = now.count(",") + 1
    return {
        **row,
        "from": now if count == 1 else tr(f"{count} 项", f"{count} listed"),
        "to": f"+{other[len(now) + 1 :]}",
    }


NEXT = Text(
    "下一步：先定排在前面的口径；逐笔看用 compare --set parameters.参数=值。",
    "Next: settle the first of these first; see the lines with compare --set parameters.NAME=VALUE.",
)
