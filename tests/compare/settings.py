"""Settings to compare under: one of each kind of entry, and random choices of several."""

from __future__ import annotations

import random

from trainingcli.policy import Policy
from trainingcli.policy.build import data_of
from trainingcli.policy.set_values import parse, with_settings

SETTINGS = (
    "programmes.certificate.amounts.中级工=450@2021-01-01", "programmes.certificate.amounts.高级工=500",
    "programmes.certificate.amounts.初级工=null@2021-01-01", "programmes.vocational-training.amounts.each=700",
    "programmes.living-allowance.amounts.each=18.50@2020-01-01", "programmes.certificate.fund=就业补助资金",
    "programmes.certificate.payee=employer,institution", "programmes.certificate.headings=取证补贴,证书补贴",
    "parameters.year_of=end", "parameters.cap_scope=year", "parameters.cap_scope=life",
    "parameters.day_basis=calendar", "parameters.repeat_without_level=ignore",
    "parameters.repeat_without_level=type_and_year", "parameters.over_limit=hold",
    "parameters.lower_after_higher=reject", "parameters.lower_after_higher=hold",
    "parameters.categories=残疾人,高校毕业生", "parameters.training_types=岗前培训、师带徒",
    "parameters.category_implies=", "parameters.technician_certificates=职业资格证书,职业技能等级证书",
    "parameters.certificate_from=2020-06-01", "parameters.graduate_only_for=城乡低保家庭,零就业家庭",
    "quantities.trainings_a_year=1", "quantities.trainings_a_year=2@2020-01-01",
)  # fmt: skip


def policy_with(*settings: str) -> Policy:
    """The shipped policy with settings."""
    shipped, _ = data_of(None, ())
    return with_settings(shipped, [parse(text) for text in settings], shipped, ())


def some(seed: int) -> list[str]:
    """One to three random settings, of different keys."""
    dice = random.Random(seed)
    chosen = dice.sample(SETTINGS, dice.choice([1, 1, 2, 3]))
    return list({text.partition("=")[0]: text for text in chosen}.values())
