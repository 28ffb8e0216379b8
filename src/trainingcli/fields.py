"""The roster's fields (花名册字段): the keys of the contract, and how a message names them."""

from __future__ import annotations

from trainingcli.language import Text
from trainingcli.vocabulary import canonical_headings

TEXT_FIELDS = (
    "name", "id_number", "sex", "phone", "category", "hardship", "employment_card", "employer", "institution",
    "class_no", "training_type", "occupation", "level", "certificate_type", "certificate_no", "assessor", "bank",
    "account", "employed", "programme", "remark", "organiser",
)  # fmt: skip
DATE_FIELDS = ("start_date", "end_date", "certificate_date", "paid_on")  # the last in `ledger import` alone
_UNLISTED = {"paid_on": "发放日期"}


def label(field: str) -> Text:
    """Return a field's name for people."""
    words = canonical_headings().get(field)
    return Text(
        words[0].split("(")[0] if words else _UNLISTED.get(field, "金额"),
        field.replace("_", " ").replace("id number", "ID number"),
    )
