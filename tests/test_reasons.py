"""The reason catalogue is data that clerks read: held to the contract as strictly as code."""

import re
import string

import pytest

from trainingcli.language import Text
from trainingcli.reasons import SEVERITIES, Reason, all_reasons, reason

# Copied by hand from the contract, "Reason codes" and "Registers".
CONTRACT = {
    "reject": """MISSING_FIELD ID_FORMAT ID_15_DIGITS ID_PRECISION_LOST ID_BIRTH_DATE ID_CHECKSUM BAD_DATE DATE_ORDER
        FUTURE_DATE NOT_ELIGIBLE CERTIFICATE_MISSING CERTIFICATE_TOO_EARLY DUPLICATE_CLAIM REPEAT_TRAINING ANNUAL_LIMIT
        NOTHING_CLAIMED DECIDED_AGAINST NOT_IN_REGISTER ERROR_CELL ACCEPTANCE_FAILED""",
    "hold": """SEX_MISMATCH UNKNOWN_LEVEL UNKNOWN_CATEGORY BAD_AMOUNT NO_STANDARD NO_BASIS EMPLOYMENT_CARD_MISSING
        CERTIFICATE_BEFORE_TRAINING DUPLICATE_CERTIFICATE UNKNOWN_CERTIFICATE_TYPE CERTIFICATE_KIND UNKNOWN_HARDSHIP
        PAYEE_MISSING UNKNOWN_PROGRAMME MERGED_AMOUNT AMOUNT_UNASSIGNED BAD_NUMBER NOT_IN_REALNAME REALNAME_DIFFERS
        OVER_BUDGET FORMULA_WITHOUT_VALUE NOT_QUALIFIED CLASS_NOT_FILED PLAN_NOT_APPROVED INSTRUCTOR_NOT_ASSESSED
        LEVEL_DIFFERS ID_TWO_NAMES AMOUNTS_DIFFER PROGRAMME_CONTRADICTED WITHDRAWN NUMBER_PRECISION_LOST
        COLUMN_NOT_READ REVERSED_BEFORE NOT_COMPLETED ON_LIST""",
    "reduce": "OVER_CLAIMED",
    "note": """UNDER_CLAIMED UNKNOWN_REGION OVERLAPPING_TRAINING SHARED_PHONE SHARED_ACCOUNT WAIVED DAYS_OVER_CALENDAR
        DATED_BY_CERTIFICATE RELEASED OVER_CLASS_SIZE ACCEPTANCE_PENDING ALREADY_POSTED PAID_LESS""",
}
FIXED = {code: severity for severity, codes in CONTRACT.items() for code in codes.split()}
OWN = {"LOWER_AFTER_HIGHER": "hold", "CAP_REACHED": "reject", "REVERSED": "note"}
# Contract, second part, 5 and 6: errors and warnings of course plans and training funds, on no claim line.
ERRORS = """THEMES_MISSING HOURS_DIFFER REVIEW_MISSING REVIEW_FAILED NO_TRAINING_STANDARD PLAN_TWICE YEAR_TWICE
    YEAR_MISSING"""
WARNINGS = "UNKNOWN_THEME HOURS_PER_DAY PLAN_UNKNOWN CARRY_FORWARD_DIFFERS FRONTLINE_LOW CREDIT_CODE"
# Contract, second part, 3: awards of bases and studios.
AWARDS_HELD = """UNKNOWN_KIND UNKNOWN_RESULT DOCUMENT_MISSING AMOUNT_BELOW SIMILAR_UNIT PAID_AS_LOWER ROUND_UNCLEAR
    REGISTER_DIFFERS"""
OF_AWARDS = dict.fromkeys(AWARDS_HELD.split(), "hold") | {"SAME_DOCUMENT": "note"}
OF_OTHER_TABLES = dict.fromkeys(ERRORS.split(), "reject") | dict.fromkeys(WARNINGS.split(), "note")
MORE_PLACEHOLDERS = {
    "OVER_CLAIMED": {"entitled", "claimed"},
    "UNDER_CLAIMED": {"entitled", "claimed"},
    "ANNUAL_LIMIT": {"limit", "year"},
    "AMOUNT_BELOW": {"entitled", "claimed"},
}

each_reason = pytest.mark.parametrize("entry", all_reasons().values(), ids=lambda entry: entry.code)


def test_every_code_of_the_contract_stands_with_its_severity() -> None:
    assert {code: entry.severity for code, entry in all_reasons().items()} == FIXED | OWN | OF_OTHER_TABLES | OF_AWARDS


@each_reason
def test_a_clause_is_the_plans_or_the_programmes(entry: Reason) -> None:
    assert entry.severity in SEVERITIES
    assert re.fullmatch(r"programme|[二三四]\([一二三四五六七八九]\)\d?", entry.clause)


@each_reason
def test_a_message_uses_only_the_placeholders_that_are_filled(entry: Reason) -> None:
    allowed = {"field", "value", "detail"} | MORE_PLACEHOLDERS.get(entry.code, set())
    used = [{name for _, name, _, _ in string.Formatter().parse(text) if name is not None} for text in entry.message]
    assert used[0] == used[1], "both languages say the same"
    assert used[0] <= allowed
    assert MORE_PLACEHOLDERS.get(entry.code, set()) <= used[0]
    filled = entry.message.format(**dict.fromkeys(allowed, Text("甲", "A")))
    assert "{" not in filled.zh + filled.en


@each_reason
def test_texts_are_sentences_a_clerk_can_read(entry: Reason) -> None:
    for text in (entry.message, entry.remedy, entry.explanation):
        assert text.zh.endswith("。")
        assert text.en.endswith(".")
    for text in (entry.title, entry.remedy, entry.explanation):
        assert "{" not in text.zh + text.en
    assert len(entry.title.zh) <= 16
    assert not re.search(r"[A-Za-z]{4,}", entry.title.zh), "no code or English word in a Chinese title"
    assert 1 <= entry.message.zh.count("。") <= 2
    assert 2 <= len(re.findall(r"[。；]", entry.explanation.zh)) <= 6
    assert "例如" in entry.explanation.zh or "却申领" in entry.explanation.zh


def test_an_undeclared_code_is_a_key_error_that_names_the_file() -> None:
    with pytest.raises(KeyError, match=r"NO_SUCH_CODE is not declared in schemas/reasons\.yaml"):
        reason("NO_SUCH_CODE")


def test_a_line_cites_its_programmes_clause_or_the_reasons_own() -> None:
    assert reason("NOT_ELIGIBLE").cited("二(四)") == "二(四)"
    assert reason("NOT_ELIGIBLE").cited(None) == "三(九)"
    assert reason("ID_CHECKSUM").cited("二(四)") == "三(五)"


def test_a_message_fills_each_language_with_its_own_words() -> None:
    filled = reason("BAD_DATE").message.format(field=Text("开班日期", "start date"), value="20.7", detail="")
    assert filled == Text("开班日期“20.7”不是完整、有效的日期。", "start date '20.7' is not a full and valid date.")


def test_the_catalogue_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(TypeError):
        all_reasons()["X"] = reason("BAD_DATE")  # type: ignore[index]
