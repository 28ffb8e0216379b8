"""What a batch keeps of its assessment comes back as it was: a policy that answers, accounts, texts."""

import dataclasses
import datetime as dt
import io
import json
import re
import zipfile

from reports.builder import assessment, line
from trainingcli.claims import batch_archive
from trainingcli.claims.batch_archive import pack, unpack
from trainingcli.language import Text
from trainingcli.policy import load_policy

DAYS = [dt.date(2018, 12, 31), dt.date(2019, 1, 1), dt.date(2020, 6, 1), dt.date(2021, 12, 31)]


def test_a_kept_policy_answers_as_the_one_that_was_packed():
    policy = load_policy()
    kept = unpack(pack(assessment([line()], policy=policy))).policy
    assert kept == policy
    for day in DAYS:
        assert kept.figures_in_force(day) == policy.figures_in_force(day)
        assert kept.trainings_a_year(day) == policy.trainings_a_year(day)
        for code in policy.quantities:
            assert kept.number(code, day) == policy.number(code, day)
            assert kept.quantity(code, day) == policy.quantity(code, day)


def test_accounts_and_texts_come_back():
    accounts = {"甲校": ("建设银行", "0502000000000001"), "乙厂": (None, "0502000000000002")}
    found = unpack(pack(assessment([line()], policy=load_policy(), accounts=accounts, warnings=[Text("甲", "a")])))
    assert (found.accounts, found.warnings) == (accounts, [Text("甲", "a")])


NAMES = ["Policy", "Programme", "Figure", "Quantity", "Reading", "Clause", "Check", "InputFile", "SheetTable", "Column"]
"""Of ledgers that were posted long ago."""


def test_the_names_of_classes_in_an_archive_are_those_of_every_ledger_before():
    assert list(batch_archive._CLASSES) == NAMES
    data = pack(assessment([line()], policy=load_policy()))
    facts = zipfile.ZipFile(io.BytesIO(data)).read("facts.json").decode()
    kept = {name for name in re.findall(r'"\$": "(\w+)"', facts) if name[0].isupper()} - {"Text"}
    assert {"Policy", "Programme", "Figure", "Quantity", "Reading", "Clause"} <= kept <= set(NAMES)
    assert json.loads(facts)["policy"]["$"] == "Policy"
    assert all(map(dataclasses.is_dataclass, batch_archive._CLASSES.values()))
