"""What the ledger says of a person (查人): what was paid, the places of each year, what was held or rejected last."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from trainingcli.compared import folded, folded_name
from trainingcli.facts import STATUS_WORDS
from trainingcli.language import Text, tr
from trainingcli.masking import masked_object
from trainingcli.money import yuan_text
from trainingcli.result import Block, Column, Listing, Prose, Table, columns
from trainingcli.views.paid_lines import archive_lines, some_archived
from trainingcli.views.still_open import still_open
from trainingcli.views.words import programme_words, reason_words

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy

SCHEMA = "trainingcli.person/1"
_LINES = columns("""
    batch      批次      count  Batch
    line       明细      count  Line
    programme  补贴项目  text   Programme
    yuan       金额(元)  yuan   Yuan
    payee      补贴对象  text   Payee
    posted     入账日    date   Posted
    reversed   冲销日    date   Reversed
""")
_TRAININGS = columns("""
    start_date        开班日期    date   Start
    certificate_date  发证日期    date   Certificate
    occupation        职业(工种)  text   Occupation
    level             等级        text   Level
    institution       培训机构    text   Institution
    year              年度        count  Year
    place             名额        code   Place
""")
PEOPLE = Listing(
    "people",
    columns("""
    id_number  身份证号  code  ID number
    name       姓名      text  Name
    known      在台账    code  Known
    """),
    Listing("trainings", _TRAININGS, Listing("lines", _LINES)),
)
_PAID = (
    "entry", "batch", "line", "day", "event", "event_year", "place", "programme", "occupation", "level", "start_date",
    "certificate_date", "approved", "payee", "reversed_on",
)  # fmt: skip
_ARCHIVED = ("name", "institution", "employer")
Facts = Mapping[tuple[int, int], Mapping[str, Any]]


def document(
    ledger: Ledger, id_numbers: Sequence[str], name: str | None, policy: Policy
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the people asked for by their numbers or by a name, and the document's other facts: one state."""
    with ledger.one_state():
        asked = id_numbers if name is None else bearers(ledger, name)
        return people(ledger, asked, policy), {"ledger": ledger.head().shown()}


def people(ledger: Ledger, id_numbers: Sequence[str], policy: Policy) -> list[dict[str, Any]]:
    """Return each person as the document has them, in the order asked for; of one state of the ledger.

    `id_numbers`: as compared (`as_asked`). A year's limit is the policy's on its last day.
    """
    with ledger.one_state():
        paid = ledger.payments_of(id_numbers, _PAID)
        refused = ledger.refused(id_numbers)
        facts = some_archived(ledger, ((row["batch"], row["line"]) for row in [*paid, *refused]), _ARCHIVED)
        keys = dict(zip(ledger.person_keys(id_numbers), id_numbers, strict=True))
        refused = still_open(ledger, refused, id_numbers)
    for row in refused:
        row["id_number"] = keys[row["subject"].hex()]
    return [
        _person(
            number,
            [row for row in paid if row["id_number"] == number],
            [row for row in refused if row["id_number"] == number],
            facts,
            lambda year: policy.trainings_a_year(dt.date(year, 12, 31)),
        )
        for number in id_numbers
    ]


def as_asked(texts: Sequence[str]) -> list[str]:
    """Return ID numbers as they are compared, each once; empty lines are none."""
    return list(dict.fromkeys(number for text in texts if (number := folded(text))))


def bearers(ledger: Ledger, name: str) -> list[str]:
    """Return the ID numbers of who bears a name, in any line of any batch, whatever became of it."""
    wanted, found = folded_name(name), dict[str, None]()
    with ledger.one_state():
        for batch in ledger.archived():
            lines = archive_lines(ledger, batch, ("name", "id_number"))
            near = pc.match_substring_regex(_squeezed(lines["name"]), f"^{re.escape(wanted)}$")
            for row in lines.filter(near).to_pylist():
                if row["id_number"] and folded_name(row["name"]) == wanted:
                    found[row["id_number"]] = None
    return list(found)


def _squeezed(names: Any) -> Any:
    """Return names about as they are compared, by Arrow: millions of them are looked through."""
    plain = pc.replace_substring_regex(pc.utf8_normalize(names, "NFKC"), r"[\s\p{C}]+", "")
    return pc.utf8_upper(pc.utf8_normalize(plain, "NFC"))


def _person(
    number: str,
    paid: Sequence[Mapping[str, Any]],
    refused: Sequence[Mapping[str, Any]],
    facts: Facts,
    limit: Callable[[int], int],
) -> dict[str, Any]:
    events: dict[int, list[Mapping[str, Any]]] = {}
    for row in paid:
        events.setdefault(row["event"], []).append(row)
    trainings = sorted((_training(rows, facts) for rows in events.values()), key=_dated)
    held = [one["year"] for one in trainings if one["place"] == "year"]
    names = [facts[row["batch"], row["line"]]["name"] for row in sorted([*paid, *refused], key=_newest)]
    return {
        "id_number": number,
        "name": next((name for name in names if name), None),
        "known": bool(paid or refused),
        "years": [
            {"year": year, "used": held.count(year), "limit": limit(year)}
            for year in sorted({one["year"] for one in trainings})
        ],
        "trainings": trainings,
        "refused": [
            {
                "batch": row["batch"], "line": row["line"], "programme": row["programme"] or None,
                "status": row["status"], "codes": row["codes"].split(),
            }
            for row in refused
        ],
    }  # fmt: skip


def _dated(training: Mapping[str, Any]) -> tuple[str, int]:
    return training["start_date"] or training["certificate_date"] or "", training["lines"][0]["batch"]


def _newest(row: Mapping[str, Any]) -> tuple[int, int]:
    return -row["batch"], row["line"]


def _training(rows: Sequence[Mapping[str, Any]], facts: Facts) -> dict[str, Any]:
    """Return one training with its lines; it holds a place while one of them stands."""
    first = rows[0]
    said = [facts[row["batch"], row["line"]] for row in rows]
    return {
        "start_date": first["start_date"],
        "certificate_date": next((row["certificate_date"] for row in rows if row["certificate_date"]), None),
        "occupation": first["occupation"],
        "level": first["level"],
        "institution": next((name for one in said if (name := one["institution"] or one["employer"])), None),
        "year": first["event_year"],
        "place": first["place"] if any(row["reversed_on"] is None for row in rows) else None,
        "lines": [
            {
                "batch": row["batch"], "line": row["line"], "programme": row["programme"],
                "yuan": yuan_text(row["approved"]), "payee": row["payee"], "posted": row["day"],
                "reversed": row["reversed_on"],
            }
            for row in rows
        ],
    }  # fmt: skip


# ---- the screen


def screen(rows: Sequence[Mapping[str, Any]], policy: Policy, *, unmask: bool) -> Iterator[Block]:
    """Yield what a terminal shows: a person's places, paid lines, and what was not paid with the reasons in words."""
    names = programme_words(policy)
    paid = (
        *(column for column in _TRAININGS if column.key in ("occupation", "level")),
        Column("date", Text("开班(发证)", "Start (cert.)"), "date"),
        *(_worded(column, names) for column in _LINES if column.key not in ("batch", "line", "payee")),
    )
    refused = (*_LINES[:2], _worded(_LINES[2], names), Column("status", Text("状态", "Status"), "code", STATUS_WORDS))
    refused += (Column("codes", Text("原因", "Reasons"), "text", reason_words()),)
    for row in rows if unmask else masked_object(rows):
        yield Prose(f"{row['name'] or tr('（姓名不详）', '(no name)')}  {row['id_number']}", "bold")
        if not row["known"]:
            yield Prose(tr("台账中没有此人。", "The ledger does not know this person."))
            continue
        if row["years"]:
            yield Prose("\n".join(_places(year) for year in row["years"]))
        if row["trainings"]:
            yield Table(paid, [_shown(one, line) for one in row["trainings"] for line in one["lines"]])
        if row["refused"]:
            yield Table(refused, row["refused"], tr("未支付（最近一次结果）", "Not paid (the latest outcome)"))


def _worded(column: Column, words: Mapping[str, Text]) -> Column:
    return Column(column.key, column.heading, column.kind, words)


def _places(year: Mapping[str, Any]) -> str:
    number, used, limit = year["year"], year["used"], year["limit"]
    left = max(limit - used, 0)
    return tr(
        f"{number} 年：补贴性培训已用 {used} 次，上限 {limit} 次，还可 {left} 次",
        f"{number}: {used} of {limit} subsidised trainings used, {left} left",
    )


def _shown(training: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any]:
    return {**training, **line, "date": training["start_date"] or training["certificate_date"]}
