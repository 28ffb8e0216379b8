"""How reasons are worded for a base or a studio, where the catalogue speaks of people; labels of the columns."""

from __future__ import annotations

from trainingcli.awards.lines import AwardLine, Found
from trainingcli.language import Text
from trainingcli.masking import mask_field
from trainingcli.money import yuan_text
from trainingcli.reasons import reason

LABELS = {
    "unit": Text("名称", "name"),
    "kind": Text("类型", "kind"),
    "grade": Text("级别", "grade"),
    "award": Text("补贴项目", "award"),
    "host": Text("依托单位", "host"),
    "recognised": Text("认定日期", "day of recognition"),
    "document": Text("认定文号", "document"),
    "round": Text("评估年度", "evaluation round"),
    "result": Text("评估结果", "evaluation result"),
    "evaluated": Text("评估日期", "day of evaluation"),
    "claimed": Text("申报金额", "amount claimed"),
    "account": Text("银行账号", "account"),
}

_MESSAGES = {
    "NOT_ELIGIBLE": Text(
        "{field}“{value}”不符合该项补助的条件{detail}。",
        "{field} '{value}' is not what the award is for{detail}.",
    ),
    "DUPLICATE_CLAIM": Text(
        "同一单位的同一补助在本批中已经申报（{detail}）。",
        "This award of the unit stands in this batch already ({detail}).",
    ),
    "ALREADY_POSTED": Text(
        "该单位的这项补助已入账（{detail}），不再支付。",
        "This award of the unit is in the ledger ({detail}); nothing is paid again.",
    ),
    "NOT_IN_REGISTER": Text(
        "“{value}”不在基地和工作室目录内：{detail}。",
        "'{value}' is not in the register of bases and studios: {detail}.",
    ),
    "PAYEE_MISSING": Text(
        "没有写明依托单位，不知补助拨付给谁。",
        "No host is given, so there is nobody to pay.",
    ),
    "UNKNOWN_LEVEL": Text(
        "级别“{value}”不是市级、省级或国家级。",
        "The grade '{value}' is not 市级, 省级 or 国家级.",
    ),
    "NO_STANDARD": Text(
        "方案在{detail}没有该项补助的标准。",
        "The plan has no figure for the award on {detail}.",
    ),
    "UNKNOWN_PROGRAMME": Text(
        "“{value}”不是基地或工作室的补助项目。",
        "'{value}' is no award of bases and studios.",
    ),
    "OVER_CLAIMED": Text(
        "申报{claimed}元，标准为{entitled}元，按标准核定。",
        "{claimed} yuan claimed, the plan gives {entitled}.",
    ),
    "AMOUNT_BELOW": Text(
        "申报{claimed}元，少于标准{entitled}元。",
        "{claimed} yuan claimed, below the plan's {entitled}.",
    ),
}
_ASIDE = {"NOT_ELIGIBLE"}
_BLANK = Text("空白", "blank")


def message(line: AwardLine, found: Found) -> Text:
    """Return a reason's message with everything filled in; numbers of accounts are masked."""
    written = line.row.shown(found.field) if found.field else None
    detail = found.detail
    if detail.zh and found.code in _ASIDE:
        detail = Text(f"：{detail.zh}", f": {detail.en}")
    template = _MESSAGES.get(found.code) or reason(found.code).message
    return template.format(
        field=LABELS.get(found.field or "claimed", Text("", "")),
        value=mask_field(found.field, written) if written else _BLANK,
        detail=detail,
        claimed=yuan_text(line.claimed or 0),
        entitled=yuan_text(line.entitled or 0),
        limit="", year="",
    )  # fmt: skip
