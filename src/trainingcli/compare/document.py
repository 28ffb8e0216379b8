"""What `compare` prints: the document `trainingcli.comparison/1`, its columns, its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trainingcli.compare import sums
from trainingcli.compare.comparison import NOWHERE, Comparison, SideOutcome
from trainingcli.compare.sides import Ints, Side
from trainingcli.facts import STATUS_WORDS, STATUSES
from trainingcli.language import Text, tr
from trainingcli.money import yuan_text
from trainingcli.policy.differences import differences
from trainingcli.result import Listing, columns

SCHEMA = "trainingcli.comparison/1"
CHANGES = Listing("changes", columns("""
    file           文件      place  File
    sheet          工作表    place  Sheet
    row            行        count  Row
    programme      补贴项目  code   Programme
    from.status    原状态    code   From
    from.approved  原核定    yuan   Was
    from.codes     原原因    text   Why
    to.status      现状态    code   To
    to.approved    现核定    yuan   Is
    to.codes       现原因    text   Why
    difference     差额      yuan   Difference
    kind           性质      code   Kind
"""))  # fmt: skip
KINDS = {"direct": Text("政策本身", "direct"), "knock-on": Text("连带", "knock-on")}
NO_LINE = Text("无此笔", "No line")
GROUP_WORDS = {
    "programme": Text("补贴项目", "Programme"), "fund": Text("资金", "Fund"),
    "institution": Text("培训机构", "Institution"), "category": Text("人员类别", "Category"),
}  # fmt: skip
GAIN_WORDS = {"gain": Text("增加", "Gain"), "lose": Text("减少", "Lose"), "same": Text("不变", "Same")}
_CHUNK = 10_000


def facts(comparison: Comparison, outputs: list[str]) -> dict[str, Any]:
    """Return the document but for its changes, not masked."""
    from trainingcli.reports.data.claims_json import facts as facts_of_claims

    before, after = comparison.before, comparison.after
    shared = facts_of_claims(after.assessment)
    count, changed = len(comparison.changed), int(comparison.changed.sum())
    direct = int(comparison.direct.sum())
    return {
        "policies": {"from": _policy(before), "to": _policy(after)},
        **{key: shared[key] for key in ("inputs", "checks", "ledger", "warnings")},
        "parameters": [each.row() for each in differences(before.policy, after.policy)],
        "total": _sum(sums.total(comparison)),
        "counts": {"lines": count, "changed": changed, "direct": direct, "knock_on": changed - direct,
                   "unchanged": count - changed},
        "totals": {group: [sum_row(one) for one in sums.totals(comparison, group)] for group in sums.GROUPS},
        "transitions": [
            {"from": one.before, "to": one.after, "lines": one.lines, "difference": yuan_text(one.difference)}
            for one in sums.transitions(comparison)
        ],
        "people": gains_object(sums.people(comparison)),
        "payees": gains_object(sums.payees(comparison)),
        "outputs": outputs,
    }  # fmt: skip


def _policy(side: Side) -> dict[str, str]:
    return {"id": side.policy.id, "sha256": side.policy.sha256}


def _sum(one: sums.Sum) -> dict[str, Any]:
    return {"from": yuan_text(one.before), "to": yuan_text(one.after), "difference": yuan_text(one.difference)}


def sum_row(one: sums.Sum) -> dict[str, Any]:
    """Return a sum with its key as the document has it."""
    return {"key": one.key, **_sum(one)}


def gains_object(found: Mapping[str, sums.Gain]) -> dict[str, Any]:
    """Return who gains and loses as the document has it; what is lost is below zero."""
    return {name: {"count": gain.count, "yuan": yuan_text(gain.difference)} for name, gain in found.items()}


def changes(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Yield the lines that changed, in the order of file, sheet, row, programme."""
    at = comparison.changed.nonzero()[0]
    for start in range(0, len(at), _CHUNK):
        yield from changes_at(comparison, at[start : start + _CHUNK])


def changes_at(comparison: Comparison, at: Ints) -> Iterator[dict[str, Any]]:
    """Yield the changes of some pairs."""
    old, new = comparison.old, comparison.new
    places = [_places(side, half.line[at]) for side, half in ((comparison.before, old), (comparison.after, new))]
    halves = [_halves(comparison, side, half, at) for side, half in ((comparison.before, old), (comparison.after, new))]
    direct, difference = comparison.direct[at].tolist(), comparison.difference[at].tolist()
    for place, (one, other) in enumerate(zip(*halves, strict=True)):
        file, sheet, row, programme = places[1][place] if one is None else places[0][place]
        yield {
            "file": file, "sheet": sheet, "row": row, "programme": programme, "from": one, "to": other,
            "difference": yuan_text(difference[place]), "kind": "direct" if direct[place] else "knock-on",
        }  # fmt: skip


def _places(side: Side, line: Ints) -> list[tuple[Any, ...]]:
    lines = side.assessment.lines[["file", "sheet", "row", "programme"]].take(line)
    texts = lines.astype({"programme": object}).where(lines.notna(), None)
    return list(texts.itertuples(index=False, name=None))


def _halves(comparison: Comparison, side: Side, half: SideOutcome, at: Ints) -> list[dict[str, Any] | None]:
    line, status, approved = (values[at] for values in (half.line, half.status, half.approved))
    codes = comparison.codes(side, line[line != NOWHERE])
    columns_ = zip(line.tolist(), status.tolist(), approved.tolist(), strict=True)
    return [
        None if number == NOWHERE
        else {"status": STATUSES[code], "approved": yuan_text(fen), "codes": codes.get(number, [])}
        for number, code, fen in columns_
    ]  # fmt: skip


def shown_key(comparison: Comparison, group: str, key: str | None) -> str:
    """Return a group's key as people read it."""
    if key is None:
        return tr("（空）", "(none)")
    if group != "programme":
        return key
    known = comparison.after.policy.programmes.get(key) or comparison.before.policy.programmes[key]
    return str(known.name)


def said(half: Mapping[str, Any] | None) -> str:
    """Return one side of a change in words: status, amount where one is paid, reasons."""
    if half is None:
        return str(NO_LINE)
    paid = f" {half['approved']}" if half["approved"] != "0.00" else ""
    return f"{STATUS_WORDS[half['status']]}{paid} {' '.join(half['codes'])}".rstrip()
