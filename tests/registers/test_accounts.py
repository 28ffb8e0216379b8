"""The account that page 1 of a claim workbook prints for a payee: the registers', and in doubt none."""

import datetime as dt

import pandas as pd
import pytest

from registers.builder import FACTORY, SCHOOL, TODAY, registers
from trainingcli.compared import folded_name
from trainingcli.evidence.accounts import accounts_of_payees

ONE, OTHER = "0502000000000001", "0502000000000002"
PAID = [
    {"payee": SCHOOL, "institution": SCHOOL, "employer": None},
    {"payee": FACTORY, "institution": SCHOOL, "employer": FACTORY},
    {"payee": None, "institution": SCHOOL, "employer": None},
]


def school(account, **more):
    return {"institution": SCHOOL, "bank": "建设银行", "account": account} | more


def factory(account):
    return {"payee": FACTORY, "bank": "工商银行", "account": account}


CASES = {
    "each has one": ([school(ONE)], [factory(OTHER)], {SCHOOL: ("建设银行", ONE), FACTORY: ("工商银行", OTHER)}),
    "an employer is no institution": ([], [factory(OTHER)], {FACTORY: ("工商银行", OTHER)}),
    "a school's account is not looked for among the payees": ([], [{"payee": SCHOOL, "account": ONE}], {}),
    "two accounts": ([school(ONE), school(OTHER, district="小店区")], [], {}),
    "the same twice, in two spellings": (
        [school(ONE), school("0502 0000-0000 0001", district="小店区")], [], {SCHOOL: ("建设银行", ONE)},
    ),
    "one that ended, one in force": (
        [school(ONE, until=dt.date(2020, 12, 31)), school(OTHER, since=dt.date(2021, 1, 1))], [],
        {SCHOOL: ("建设银行", OTHER)},
    ),
    "a phone": ([school("13800000000")], [], {}),
    "hidden": ([school("0502********0001")], [], {}),
    "none": ([school(None)], [], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_account_that_is_paid_to(tmp_path, case):
    institutions, payees, expected = CASES[case]
    lists = registers(tmp_path / "lists", institutions=institutions, payees=payees)
    found = accounts_of_payees(lists.contents, pd.DataFrame(PAID), TODAY)
    assert found == {folded_name(payee): account for payee, account in expected.items()}
