"""Every reason that holds a line of the case files: released, refused, or not to be decided on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from cases.reading import DECIDED, Case, cases
from cases.test_cases import _policy, _setting, _sources
from support.declared import read_table
from support.posted import history_frame
from support.settling import Run, run
from trainingcli.errors import UsageError
from trainingcli.evidence.deciding import AMOUNT_NEEDED, decisions_of
from trainingcli.money import yuan_text
from trainingcli.policy import load_policy
from trainingcli.reasons import all_reasons
from trainingcli.settle.settlement import History

# Contract, second part, 2: these are never released; what is left of the held reasons `releasable` lists.
NEVER = [
    "NO_STANDARD",
    "PAYEE_MISSING",
    "UNKNOWN_PROGRAMME",
    "UNKNOWN_LEVEL",
    "UNKNOWN_KIND",
    "UNKNOWN_RESULT",
    "BAD_DATE",
    "COLUMN_NOT_READ",
    "FORMULA_WITHOUT_VALUE",
    "OVER_BUDGET",
    "REVERSED_BEFORE",
]
WITH_AMOUNT = {"NO_BASIS", "BAD_AMOUNT", "AMOUNT_UNASSIGNED", "MERGED_AMOUNT", "AMOUNTS_DIFFER"}
RELEASABLE = load_policy().parameter("releasable")


def settle(together: Sequence[Case], rows: Sequence[dict[str, Any]] = ()) -> Run:
    """Settle cases of one setting in one run, with these rows of a table of decisions."""
    changes, today, programme, *_ = _setting(together[0])
    decided = (
        decisions_of(read_table("decisions", "decisions", {"待核": table(rows)}), _policy(changes)) if rows else ()
    )
    posted = [line for case in together for line in case.posted()]
    return run(
        [item for case in together for item in case.inputs()], today=today, policy=_policy(changes),
        programme=programme, standards=[entry for case in together for entry in case.standards()],
        history=History(history_frame(posted)) if posted else None,
        waivers={number: found for case in together for number, found in case.waivers().items()}, decided=decided,
        sources=_sources(together, _policy(changes)),
    )  # fmt: skip


def table(rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
    headings = sorted(DECIDED)
    return [headings, *([row.get(heading) for heading in headings] for row in rows)]


@dataclass(frozen=True)
class Held:
    """A held line of a case: its place, the codes that hold it, and the row of a table of decisions about it."""

    case: Case
    line: int
    codes: tuple[str, ...]
    row: dict[str, Any]
    most: int | None  # fen that may be allowed


def held() -> Iterator[Held]:
    """Yield what is held, from one run for each setting (policy, day …): a run for each case takes ten seconds."""
    groups: dict[object, list[Case]] = {}
    for case in cases():
        if any(line.status == "held" for line in case.expected()) and "决定" not in case.data:
            groups.setdefault(_setting(case), []).append(case)
    for together in groups.values():
        found = settle(together)
        for case in together:
            places = found.lines.index[found.lines["file"].str.startswith(f"{case.number:04d}/")]
            yield from held_of(case, found, list(places))


def held_of(case: Case, found: Run, places: Sequence[int]) -> Iterator[Held]:
    """Yield the held lines of a case, whose lines stand at these places of the run."""
    for number, place in enumerate(places):
        line = found.lines.loc[place]
        reasons = found.reasons[found.reasons["line"] == place]
        codes = tuple(dict.fromkeys(reasons.loc[reasons["severity"] == "hold", "code"]))
        if line["status"] != "held" or not all(isinstance(line[key], str) for key in ("programme", "id_number")):
            continue
        day = None if line["start_date"] is None else str(line["start_date"])[:10]
        row = {
            "身份证号": line["id_number"], "补贴项目": line["programme"], "依据": "看过原件", "经办人": "王科员",
            "开班日期": None if day == "NaT" else day,
            "证书编号": line["certificate_no"] if isinstance(line["certificate_no"], str) else None,
        }  # fmt: skip
        if row["开班日期"] is None and row["证书编号"] is None:
            continue  # nothing says which training it was
        figures = (found.parts[1].most[place], found.parts[2].entitled[place])  # 0: there is none
        bounds = [int(each) for each in figures if each]
        yield Held(case, number, codes, row, min(bounds, default=None))


HELD = sorted(held(), key=lambda one: (one.case.number, one.line))
each_held = pytest.mark.parametrize("one", HELD, ids=[f"{one.case.topic}-{one.case.number}-{one.line}" for one in HELD])


def test_the_cases_hold_lines_for_every_code_that_a_roster_alone_can_have() -> None:
    others = {"NOT_IN_REALNAME", "REALNAME_DIFFERS", "NOT_COMPLETED", "ON_LIST", "AMOUNTS_DIFFER", "NOT_QUALIFIED",
              "CLASS_NOT_FILED", "PLAN_NOT_APPROVED", "INSTRUCTOR_NOT_ASSESSED"}  # fmt: skip
    of_awards = {
        "DOCUMENT_MISSING",
        "SIMILAR_UNIT",
        "REGISTER_DIFFERS",
        "AMOUNT_BELOW",
        "ROUND_UNCLEAR",
        "PAID_AS_LOWER",
    }
    assert {code for one in HELD for code in one.codes} >= set(RELEASABLE) - others - of_awards


def test_the_policy_lists_every_held_reason_but_those_that_nobody_may_set_aside() -> None:
    own_way = {"LOWER_AFTER_HIGHER"}  # the policy's parameter, as `over_limit`
    every = {code for code, entry in all_reasons().items() if entry.severity == "hold"}
    assert every - set(NEVER) - own_way <= set(RELEASABLE)
    assert set(RELEASABLE).isdisjoint(NEVER)
    assert AMOUNT_NEEDED == WITH_AMOUNT


@each_held
def test_released(one: Held) -> None:
    if not set(one.codes) <= set(RELEASABLE):
        with pytest.raises(UsageError, match="不能由决定处理"):
            settle([one.case], [one.row | {"原因代码": "、".join(one.codes), "决定": "放行", "核定金额": "1"}])
        return
    amount = one.most if WITH_AMOUNT & set(one.codes) else None
    row = one.row | {"原因代码": "、".join(one.codes), "决定": "放行"}
    if amount is not None:
        row["核定金额"] = yuan_text(amount)
    found = settle([one.case], [row])
    line = found.outcomes[one.line]
    severities = found.reasons[found.reasons["line"] == one.line].set_index("code")["severity"].to_dict()
    assert {severities[code] for code in one.codes} == {"note"}
    assert severities["RELEASED"] == "note"
    assert line.status != "held"
    if line.status in ("approved", "reduced"):
        assert line.approved > 0, "nothing is payable without an amount"
        asked = amount if amount is not None else line.claimed if line.claimed is not None else line.entitled
        assert line.approved == min(asked, line.entitled)
    else:
        worst = {code for code, severity in severities.items() if severity == "reject"}
        assert line.status == "posted" or worst, "refused by a limit, or the ledger has it"


@each_held
def test_refused(one: Held) -> None:
    row = one.row | {"原因代码": one.codes[0], "决定": "不予"}
    if one.codes[0] not in RELEASABLE:
        with pytest.raises(UsageError, match="不能由决定处理"):
            settle([one.case], [row])
        return
    line = settle([one.case], [row]).outcomes[one.line]
    assert (line.status, line.approved) == ("rejected", 0)
    assert {*one.codes, "DECIDED_AGAINST"} <= set(line.codes)


@pytest.mark.parametrize("code", [*sorted(set(all_reasons()) - set(RELEASABLE)), "SO_SO"])
def test_no_decision_speaks_for_another_code(code: str) -> None:
    row = {"身份证号": "140105199001010016", "补贴项目": "取证补贴", "原因代码": code, "依据": "看过"}
    for decision in ("放行", "不予"):
        with pytest.raises(UsageError, match=f"{code} 不能由决定处理"):
            decide(row | {"决定": decision, "核定金额": "1"})


@pytest.mark.parametrize("code", sorted(WITH_AMOUNT))
def test_an_amounts_reason_is_released_with_an_amount_alone(code: str) -> None:
    row = {"身份证号": "140105199001010016", "补贴项目": "取证补贴", "原因代码": code, "依据": "看过", "决定": "放行"}
    with pytest.raises(UsageError, match=f"{code} 放行须写明核定金额"):
        decide(row)
    assert decide(row | {"核定金额": "0.01"})[0].amount == 1


def decide(row: dict[str, Any]) -> Any:
    return decisions_of(read_table("decisions", "decisions", {"待核": table([row])}), load_policy())
