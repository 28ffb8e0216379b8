"""The columns of a blank roster: which a programme needs, which only help, what may be chosen in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trainingcli.language import Text
from trainingcli.vocabulary import canonical_headings, load_vocabulary

if TYPE_CHECKING:
    from trainingcli.policy import Policy

_FOR_ALL = ("name", "id_number")
_FOR_EVENTS = ("occupation", "level")  # what a training is told by, whichever programme it is
_ABOVE = ("institution",)  # stands in the line 填报单位
# Columns of every roster, beside what the programme uses. A range of dates is two columns here.
_COMMON = ("sex", "phone", "employer", "class_no")
_LAST = ("assessor", "bank", "account", "employed", "remark")
TEXTS = ("id_number", "phone", "account", "certificate_no", "employment_card", "class_no")
DATES = ("start_date", "end_date", "certificate_date")
NOTES = {
    "name": Text("与身份证一致。", "As on the identity card."),
    "id_number": Text(
        "18位，末位可为X。本列已设为文本，不要改成数字。", "18 digits or X at the end. The column is text: keep it so."
    ),
    "sex": Text(
        "与身份证号第17位一致：单数为男，双数为女。", "男 where digit 17 of the ID number is odd, 女 where it is even."
    ),
    "phone": Text("本人手机号码。", "The trainee's own mobile number."),
    "employer": Text("企业职工填写工作单位全称；没有的留空。", "The employer's full name; blank where there is none."),
    "class_no": Text("开班备案的班级编号。", "The class's number as filed."),
    "category": Text("从下拉框选择；属于几类的用、隔开。", "Choose from the list; put 、 between several."),
    "hardship": Text("申领生活费补贴的必须填写，从下拉框选择。", "For the living allowance; choose from the list."),
    "training_type": Text(
        "企业职工培训补贴从下拉框选择。", "For the enterprise training subsidy; choose from the list."
    ),
    "occupation": Text("与职业(工种)目录中的名称一致。", "As the occupation register names it."),
    "level": Text("从下拉框选择；没有等级的留空。", "Choose from the list; blank where there is no level."),
    "start_date": Text("写作 2020-07-01。", "Write 2020-07-01."),
    "end_date": Text("写作 2020-07-15，不早于开班日期。", "Write 2020-07-15; not before the start."),
    "attended_days": Text("实际出勤天数，整数；没有的留空。", "Days attended, a whole number; blank where not known."),
    "employment_card": Text("《就业创业证》号；高技能等级不用填。", "Of the 就业创业证; not for high-skill levels."),
    "certificate_type": Text(
        "从下拉框选择；还没有取证的留空。", "Choose from the list; blank where there is no certificate yet."
    ),
    "certificate_no": Text(
        "证书编号；还没有取证的留空，不要写“办理中”。", "The certificate's number; blank where there is none yet."
    ),
    "certificate_date": Text("证书上的日期，写作 2020-08-01。", "The date on the certificate: 2020-08-01."),
    "assessor": Text("鉴定、评价机构全称。", "The assessing body's full name."),
    "programme": Text("从下拉框选择；同时申领几项的用、隔开。", "Choose from the list; put 、 between several."),
    "claimed": Text("元，最多两位小数；空白的按标准核定。", "Yuan, at most two decimals; blank: as the plan gives."),
    "bank": Text("开户银行及网点。", "Bank and branch."),
    "account": Text(
        "本人银行账号。本列已设为文本，不要改成数字。", "The trainee's account. The column is text: keep it so."
    ),
    "employed": Text("是或否。", "是 (yes) or 否 (no)."),
    "remark": Text(
        "退学、作废、不申领等写在这里，该行即列待核。", "Say here who withdrew (退学, 作废, 不申领 …): the row is held."
    ),
}


@dataclass(frozen=True)
class TemplateColumn:
    """One column: roster key, whether it must be filled (`sometimes`: in some rows), what may be chosen.

    `is_folded`: it only helps, and is folded away until somebody opens it.
    """

    key: str
    needed: bool
    choices: tuple[str, ...]
    sometimes: bool = False
    is_folded: bool = False

    @property
    def heading(self) -> str:
        """The contract's first heading for the key, marked where it must be filled."""
        return canonical_headings()[self.key][0] + ("*" if self.needed else "")


def columns_of(policy: Policy, code: str | None) -> list[TemplateColumn]:
    """Return the columns for one programme, or for any where none is named: those that it needs first."""
    uses, needed, sure = _uses(policy, code)
    own = () if code else ("programme",)
    order = [*_FOR_ALL, *own, *(key for key in canonical_headings() if key not in (*_FOR_ALL, *own, *_LAST)), *_LAST]
    first = [key for key in order if key in {*_FOR_ALL, *own, *needed, *_payee(policy, code), "claimed"}]
    rest = [key for key in order if key in {*uses, *_FOR_EVENTS, *_COMMON, *_LAST} and key not in first]
    choices = _choices(policy)
    always = {*_FOR_ALL, *own, *sure}
    return [
        TemplateColumn(key, key in needed | always, choices.get(key, ()), key not in always, is_folded=key in rest)
        for key in (*first, *rest)
    ]


def _payee(policy: Policy, code: str | None) -> set[str]:
    """Return the column that says who is paid, if there is one; the institution stands above the table."""
    return set() if code is None else {policy.programmes[code].payee[0]} & set(canonical_headings()) - set(_ABOVE)


def _uses(policy: Policy, code: str | None) -> tuple[set[str], set[str], set[str]]:
    """Return the fields that a programme (any, where none is named) uses, needs, and needs in every row.

    What is paid to the trainee needs the trainee's account.
    """
    from trainingcli.settle.programmes import programmes
    from trainingcli.settle.programmes.base import Use

    blank = _blank_row()
    asked = [programme for programme in programmes(policy.programmes) if code in (None, programme.code)]
    used = {field for programme in asked for field in programme.uses}
    needed = {field for each in asked for field, use in each.uses.items() if use is not Use.USED} | {
        field for each in asked for field in each.asks_also
    }
    to_trainees = {each.code for each in asked} & policy.paid_to_trainee()
    sure = {
        field
        for field in needed
        if all(each.uses.get(field, Use.USED) is not Use.USED and each.used(field, blank, policy)[0] for each in asked)
    }
    if to_trainees:
        needed.add("account")
        sure |= {"account"} if len(to_trainees) == len(asked) else set()
    return used, needed, sure


def _blank_row() -> Any:
    """Return a roster of one row in which nothing is filled."""
    import pandas as pd

    from trainingcli.fields import TEXT_FIELDS
    from trainingcli.findings import Findings
    from trainingcli.intake.tables.roster import Roster
    from trainingcli.settle.rows import Rows

    frame = pd.DataFrame({field: pd.array([None], dtype="str") for field in TEXT_FIELDS} | {"sheet": [0]})
    return Rows(Roster(frame, [], [], Findings()), Findings())


def _choices(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return the drop-downs: the vocabulary's terms, and what the policy lists."""
    values = load_vocabulary({}).values
    terms = {field: tuple(dict.fromkeys(words.values())) for field, words in values.items()}
    return {
        "category": terms["category"],
        "level": terms["level"],
        "certificate_type": terms["certificate_type"],
        "sex": terms["sex"],
        "training_type": tuple(policy.parameter("training_types")),
        "hardship": tuple(policy.parameter("hardships")),
        "programme": tuple(entry.name.zh for entry in policy.programmes.values()),
        "employed": ("是", "否"),
    }
