"""An awards workbook as it was read → settled lines, as every report and the ledger take them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from trainingcli.awards import asked, comparisons, decided, keys, rules
from trainingcli.awards.archives import UnitHistory, unit_history
from trainingcli.awards.award_words import message
from trainingcli.awards.kinds import CLAUSE
from trainingcli.awards.lines import AwardLine, AwardRow
from trainingcli.awards.unit_register import UnitRegister, unit_register
from trainingcli.facts import Check
from trainingcli.intake.tables.table_rows import rows_of
from trainingcli.reasons import reason

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.evidence.gathered import Sources
    from trainingcli.intake.tables.read_declared import ReadSheet, TableRead
    from trainingcli.language import Text
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy
    from trainingcli.settle.decided import Ruling

_TEXTS = (
    "file", "sheet", "unit", "unit_name", "kind", "grade", "round", "result", "programme", "host", "document",
    "document_key", "bank", "account", "status", "payee", "fund",
)  # fmt: skip
_DATES = ("recognised", "evaluated", "date")


def award_rows(read: TableRead) -> list[AwardRow]:
    """Return the data rows with the file's place, the text above their table, and which amounts are one together."""
    sheets = (read.sheets[place] for place in read.places)
    totals = {fault.position: fault.fen for fault in read.faults if fault.code == "MERGED_AMOUNT"}
    largest = {fault.position: fault.fen for fault in read.faults if fault.code == "AMOUNTS_DIFFER"}
    return [
        replace(
            row,
            input=sheet.input,
            above=sheet.above,
            struck=position in read.struck,
            merged=(_merge(sheet, row), totals[position]) if position in totals else None,
            most=largest.get(position),
            unread=next((column.named for column in sheet.unread if column.is_amount), None),
        )
        for position, (row, sheet) in enumerate(zip(rows_of(read, AwardRow), sheets, strict=True))
    ]


def _merge(sheet: ReadSheet, row: AwardRow) -> Hashable:
    spans = ((letter, *span) for letter, found in sheet.totals.items() for span in found)
    letter, top = next(((letter, top) for letter, top, bottom in spans if top <= row.row <= bottom), ("", row.row))
    return sheet.input, sheet.sheet, letter, top


def settle(
    rows: Iterable[AwardRow],
    policy: Policy,
    today: dt.date,
    register: UnitRegister,
    history: UnitHistory,
    rulings: Mapping[int, Ruling] | None = None,
) -> list[AwardLine]:
    """Return the rows' lines, settled; nothing is opened or asked here. `rulings`: place of a line → a decision."""
    known = asked.names(policy)
    lines = [line for row in rows for line in asked.lines_of(row, known)]
    for place, line in enumerate(lines):
        line.ruling = (rulings or {}).get(place)
        rules.judge(line, policy, today)
        register.judge(line)
    comparisons.compare(lines, history, register, policy.parameter("similar_units"))
    for line in lines:
        rules.amount_not_read(line)
    keys.take(lines, history, register, policy)
    for line in lines:
        line.say_ruling()
    return lines


@dataclass(frozen=True)
class SettledAwards:
    """The lines; the register, for the names of units; what decisions came to, and what is to be said of them.

    `unchanged`: whether the ledger still says of the units what they were settled by.
    """

    lines: list[AwardLine]
    register: UnitRegister
    unchanged: Callable[[Ledger], bool]
    decisions: dict[str, int] | None = None
    warnings: Sequence[Text] = ()


def settled_lines(
    rows: Sequence[AwardRow], policy: Policy, today: dt.date, sources: Sources, ledger: Ledger | None
) -> SettledAwards:
    """Settle rows by the register, the ledger and what people decided about lines as they stand without decisions."""
    register = unit_register(sources.contents.get("units"))
    units = dict.fromkeys(row.unit for row in rows if row.unit is not None)
    history = unit_history(ledger, units, register)

    def unchanged(ledger: Ledger) -> bool:
        return unit_history(ledger, units, register) == history

    lines = settle(rows, policy, today, register, history)
    if decided.NAME not in sources.read:
        return SettledAwards(lines, register, unchanged)
    rulings, counts, said = decided.rulings(sources.read[decided.NAME], lines, register)
    ruled = settle(rows, policy, today, register, history, rulings)
    return SettledAwards(ruled, register, unchanged, counts, said)


def checks(sources: Sources) -> list[Check]:
    """Say which registers were asked."""
    return [sources.check_of("units"), sources.check_of("budgets")]


def lines_frame(lines: Sequence[AwardLine], policy: Policy) -> pd.DataFrame:
    """Return one row a line: as `Assessment.lines` has it, of a unit in place of a person; money in fen.

    `programme` is the award, `date` its day; `unit_name` and `document_key` are as compared; `paid_before`: what the
    ledger has as paid to the unit, all awards together.
    """
    import pandas as pd

    rows = [_fields(line, policy) for line in lines]
    frame: dict[str, Any] = {"input": pd.Series([row["input"] for row in rows], dtype="int32")}
    frame |= {name: pd.Series([row[name] for row in rows], dtype="str") for name in _TEXTS}
    frame |= {name: pd.Series([row[name] for row in rows], dtype="datetime64[s]") for name in _DATES}
    frame["row"] = pd.Series([row["row"] for row in rows], dtype="int32")
    frame |= {name: pd.Series([row[name] for row in rows], dtype="Int64") for name in ("claimed", "entitled")}
    frame |= {name: pd.Series([row[name] for row in rows], dtype="int64") for name in ("approved", "paid_before")}
    return pd.DataFrame(frame)


def _fields(line: AwardLine, policy: Policy) -> dict[str, Any]:
    row = line.row
    return {
        "input": row.input, "file": row.file, "sheet": row.sheet, "row": row.row,
        "unit": row.shown("unit"), "unit_name": None if row.unit is None else row.unit[1], "kind": row.kind,
        "grade": row.grade or row.shown("grade"), "round": row.round or row.shown("round"),
        "result": row.shown("result"), "programme": line.code, "host": row.get("host"), "payee": row.get("host"),
        "document": row.get("document"), "document_key": row.document, "bank": row.get("bank"),
        "account": row.get("account"), "recognised": row.get("recognised"), "evaluated": row.get("evaluated"),
        "date": line.date,
        "claimed": line.claimed, "entitled": line.entitled, "approved": line.approved, "status": line.status,
        "fund": None if line.code is None else policy.awards[line.code].fund, "paid_before": line.paid_before,
    }  # fmt: skip


def reasons_frame(lines: Sequence[AwardLine]) -> pd.DataFrame:
    """Return one row a reason, as `Assessment.reasons` has it, the worst of a line first."""
    import pandas as pd

    columns: dict[str, list[Any]] = {
        name: [] for name in ("line", "code", "severity", "clause", "field", "cell", "value", "zh", "en")
    }
    for place, line in enumerate(lines):
        for found in sorted(line.found, key=lambda one: -one.weight):
            entry, text = reason(found.code), message(line, found)
            columns["line"].append(place)
            columns["code"].append(found.code)
            columns["severity"].append(found.severity or entry.severity)
            columns["clause"].append(entry.cited(CLAUSE))
            columns["field"].append(found.field)
            columns["cell"].append(line.row.cells.get(found.field) if found.field else None)
            columns["value"].append(line.row.shown(found.field) if found.field else None)
            columns["zh"].append(text.zh)
            columns["en"].append(text.en)
    return pd.DataFrame(
        {name: pd.Series(values, dtype="int64" if name == "line" else "str") for name, values in columns.items()}
    )


def payable_frame(lines: Sequence[AwardLine], register: UnitRegister, policy: Policy) -> pd.DataFrame:
    """Return what is to be paid, as `Ledger.post` takes bases and studios, in the order in which keys are taken."""
    import pandas as pd

    number = {id(line): place for place, line in enumerate(lines, 1)}
    paid = [line for line in keys.in_order(lines) if line.is_payable and line.key is not None]
    texts = ("programme", "start_date", "fund", "payee", "once_key", "facts", "unit_kind", "decision")
    nothing = ("place", "occupation", "level", "training_type", "end_date", "certificate_date", "certificate_no", "key",
               "waiver")  # fmt: skip
    rows = [_payment(line, policy) for line in paid]
    frame: dict[str, Any] = {name: pd.Series([row[name] for row in rows], dtype="str") for name in texts}
    frame |= {name: pd.Series([None] * len(rows), dtype="str") for name in nothing}
    frame["unit_names"] = pd.Series([tuple(register.names(_unit(line))) for line in paid], dtype=object)
    frame["event"] = pd.Series(range(-1, -1 - len(rows), -1), dtype="int64")
    frame["event_year"] = pd.Series([row["event_year"] for row in rows], dtype="int64")
    frame["own"] = pd.Series([False] * len(rows), dtype=bool)
    frame["approved"] = pd.Series([line.approved for line in paid], dtype="int64")
    frame["line"] = pd.Series([number[id(line)] for line in paid], dtype="int64")
    return pd.DataFrame(frame)


def _unit(line: AwardLine) -> tuple[str, str]:
    assert line.row.unit is not None, "what is paid has a unit"
    return line.row.unit


def _payment(line: AwardLine, policy: Policy) -> dict[str, Any]:
    row, award, day = line.row, line.award, line.date
    assert award is not None, "what is paid is an award"
    assert day is not None, "what is paid has a day"
    facts = {"grade": row.grade, "round": row.round if award.is_evaluation else None,
             "document": row.document}  # fmt: skip
    return {
        "programme": award.code, "start_date": day.isoformat(), "event_year": day.year,
        "fund": policy.awards[award.code].fund, "payee": row.get("host"), "once_key": line.key,
        "facts": json.dumps(facts, ensure_ascii=False), "unit_kind": row.kind,
        "decision": None if line.ruling is None else line.ruling.record,
    }  # fmt: skip


def index_frame(lines: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Return every line of a known unit, as `Ledger.post` takes `index`."""
    import pandas as pd

    worst = reasons[reasons["severity"].isin(["hold", "reject"])]
    codes = worst.groupby("line")["code"].agg(lambda found: " ".join(dict.fromkeys(found)))
    training = lines["grade"].fillna("") + "|" + lines["round"].fillna("")
    made = pd.DataFrame(
        {
            "subject": lines["unit_name"], "unit_kind": lines["kind"], "training": training,
            "programme": lines["programme"], "line": range(1, len(lines) + 1), "status": lines["status"],
            "codes": codes.reindex(range(len(lines))).fillna("").to_numpy(),
        }
    )  # fmt: skip
    return made[made["subject"].notna()].reset_index(drop=True)
