"""The shipped policy file, held to the plan's own text (`plan.txt` beside this test) and to the words of rosters."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from trainingcli.policy import Clause, ProgrammeEntry, Reading, load_policy
from trainingcli.policy.build import data_of
from trainingcli.published import schemas_folder
from trainingcli.reasons import all_reasons
from trainingcli.vocabulary import load_vocabulary

PLAN = (Path(__file__).parent / "plan.txt").read_text("utf-8")
POLICY = load_policy()
SUBSIDIES = [*POLICY.programmes.values(), *POLICY.awards.values()]


def plan_clauses() -> dict[str, str]:
    """Cut the plan into its clauses: number → text, sections and sub-clauses apart."""
    clauses: dict[str, str] = {}
    section = part = ""
    for line in (line.strip() for line in PLAN.splitlines()):
        if found := re.match(r"([一二三四])、", line):
            section = number = found[1]
        elif found := re.match(r"(\([一二三四五六七八九]\))", line):
            part = number = section + found[1]
        elif found := re.match(r"(\d)\.", line):
            number = part + found[1]
        elif not (section and line):
            continue
        clauses[number] = clauses.get(number, "") + line
    return clauses


PLAN_CLAUSES = plan_clauses()


def test_the_cutting_of_the_plan_finds_what_a_reader_counts() -> None:
    nine = "一二三四五六七八九"
    expected = ["一", "二", *(f"二({n})" for n in nine[:2]), "二(二)1", "二(二)2", *(f"二({n})" for n in nine[2:])]
    expected += ["三", *(f"三({n})" for n in nine), "四", *(f"四({n})" for n in nine[:4])]
    assert list(PLAN_CLAUSES) == expected


def test_every_clause_of_the_plan_stands_in_its_order() -> None:
    assert [clause.number for clause in POLICY.clauses()] == list(PLAN_CLAUSES)


def note_of(text: str) -> str | None:
    """Return the departments of a clause's closing note, as written before 负责."""
    body = text[text.rfind("〔" if text.endswith("〕") else "(") + 1 :]
    return body.split("负责")[0].removesuffix("按职责分工") if text.endswith((")", "〕")) and "负责" in body else None


@pytest.mark.parametrize("clause", POLICY.clauses(), ids=lambda clause: clause.number)
def test_a_clause_has_the_departments_of_its_note_and_no_others(clause: Clause) -> None:
    note = note_of(PLAN_CLAUSES[clause.number])
    if note is None:
        assert (clause.lead, clause.others, clause.open) == (None, (), False)
        return
    assert [clause.lead, *clause.others] == re.split(r"[、,](?!区\))", note.removesuffix("等"))
    assert clause.open == note.endswith("等")


def test_only_sections_and_safeguards_have_no_lead() -> None:
    without = [clause.number for clause in POLICY.clauses() if clause.lead is None]
    assert without == ["一", "二", "二(二)", "三", "四", "四(一)", "四(二)", "四(三)", "四(四)"]


@pytest.mark.parametrize("clause", POLICY.clauses(), ids=lambda clause: clause.number)
def test_a_clause_is_titled_as_the_plan_and_told_in_own_words(clause: Clause) -> None:
    assert clause.title.zh in PLAN_CLAUSES[clause.number]
    assert clause.asks.zh.endswith("。")
    assert clause.asks.en.endswith(".")
    assert clause.asks.zh not in PLAN


@pytest.mark.parametrize("entry", SUBSIDIES, ids=lambda entry: entry.code)
def test_every_figure_quotes_its_clause_of_the_plan(entry: ProgrammeEntry) -> None:
    assert entry.amounts
    for key, figures in entry.amounts.items():
        for figure in figures:
            assert figure.source in PLAN_CLAUSES[figure.clause], (key, figure.source)
            assert figure.since == date(2019, 1, 1)
            if figure.fen is not None:
                yuan = figure.fen // 100
                written = f"{yuan // 10_000}万元" if yuan >= 10_000 else f"{yuan}元"
                assert written in figure.source


@pytest.mark.parametrize("quantity", POLICY.quantities.values(), ids=lambda quantity: quantity.code)
def test_every_quantity_quotes_its_clause_of_the_plan(quantity) -> None:  # type: ignore[no-untyped-def]
    for since, number, source in quantity.values:
        assert source in PLAN_CLAUSES[quantity.clause]
        assert (f"{number // 10_000}万" if number >= 10_000 else str(number)) in source
        assert since == date(2019, 1, 1)


# The table of the policy reading, section 1, by hand: clause, fund, first payee, basis, yuan.
TABLE = {
    "enterprise-training": ("二(二)2", "市财政", "employer", "fixed", {"each": 300}),
    "vocational-training": ("二(三)", "就业补助资金", "institution", "ceiling", {"each": 1000}),
    "living-allowance": ("二(四)", "就业补助资金", "trainee", "per_day", {"each": 15}),
    "certificate": (
        "三(三)",
        "市财政",
        "institution",
        "fixed",
        {"专项职业能力": 150, "初级工": 300, "中级工": None, "高级工": 600},
    ),
    "technician": ("二(七)", "人才经费", "employer", "fixed", {"技师": 2000, "高级技师": 3000}),
}
# Section 2, by hand.
AWARDS = {
    "base-construction": {"each": 1_000_000},
    "studio-grant": {"each": 100_000},
    "studio-promotion": {"省级": 200_000, "国家级": 300_000},
    "base-award": {"each": 200_000},
    "studio-award": {"each": 50_000},
}


def yuan(entry: ProgrammeEntry) -> dict[str, int | None]:
    return {key: None if figures[0].fen is None else figures[0].fen // 100 for key, figures in entry.amounts.items()}


def test_the_programmes_are_those_of_the_reading_in_its_order() -> None:
    found = {
        code: (entry.clause, entry.fund, entry.payee[0], entry.basis, yuan(entry))
        for code, entry in POLICY.programmes.items()
    }
    assert found == TABLE
    assert list(found) == list(TABLE)


def test_the_awards_are_those_of_the_reading_all_from_the_talent_fund() -> None:
    assert {code: yuan(entry) for code, entry in POLICY.awards.items()} == AWARDS
    assert {(entry.fund, entry.clause) for entry in POLICY.awards.values()} == {("人才经费", "二(七)")}


def test_names_in_rosters_are_those_of_the_contract() -> None:
    assert POLICY.programme_names() == {
        "企业职工培训补贴": "enterprise-training",
        "职业技能培训补贴": "vocational-training",
        "职业培训补贴": "vocational-training",
        "生活费补贴": "living-allowance",
        "取证补贴": "certificate",
        "技师补贴": "technician",
        "技师、高级技师补贴": "technician",
        "培训补贴": "training",
    }


# Section 6, by hand: question, parameter, default.
READINGS = [
    ("Q1", "training_types", ("岗前培训", "安全技能培训", "转岗转业培训")),
    ("Q2", "cap_scope", "training"),
    (
        "Q3",
        "categories",
        (
            "农村转移就业劳动者",
            "新生代农民工",
            "两后生",
            "高校毕业生",
            "下岗失业人员",
            "退役军人",
            "就业困难人员",
            "残疾人",
            "建档立卡贫困劳动力",
        ),
    ),
    ("Q4", "day_basis", "attended"),
    ("Q5", "graduate_only_for", ("零就业家庭",)),
    ("Q6", "amounts", "programmes.certificate.amounts.中级工"),
    ("Q7", "year_of", "start"),
    ("Q8", "repeat_without_level", "type"),
    ("Q9", "over_limit", "reject"),
    ("Q10", "figure_date", "programmes.*.dated_by"),
    ("Q11", "category_implies", {"建档立卡贫困劳动力": "建档立卡贫困家庭"}),
    ("Q12", "lower_after_higher", "allow"),
    ("Q13", "technician_certificates", ("职业资格证书",)),
    # section 7
    ("Q14", "completion_holds", ("enterprise-training", "vocational-training", "living-allowance")),
    ("Q15", "awards_stack", "each"),
    ("Q17", "employment_unknown", "no"),
    ("Q20", "realname_days", 7),
]


def test_every_question_has_its_parameter_with_the_default_reading() -> None:
    assert [(entry.number, entry.parameter, entry.value) for entry in POLICY.readings()] == READINGS


def test_what_is_plain_in_the_plan_is_a_parameter_too() -> None:
    assert POLICY.parameter("certificate_from") == date(2019, 7, 1)
    assert POLICY.parameter("levelless_certificate_days") == 365
    assert POLICY.parameter("high_skill_levels") == ("高级工", "技师", "高级技师")
    assert POLICY.parameter("categories_enterprise") == ("企业职工",)
    assert POLICY.parameter("waivable") == ("ANNUAL_LIMIT",)


def test_the_themes_are_the_plans_eleven() -> None:
    listed = "工匠精神、质量意识及安全、消防、应急管理、环保、社会矫治、道路交通、未成年人保护、健康卫生、就业指导"
    assert listed in PLAN
    assert POLICY.parameter("themes") == tuple(re.split("[、及]", listed))


@pytest.mark.parametrize("entry", POLICY.all_readings, ids=lambda entry: entry.parameter)
def test_a_reading_says_what_is_unclear_and_what_is_done(entry: Reading) -> None:
    assert entry.clause in PLAN_CLAUSES
    for text in (entry.plan, entry.text):
        assert text.zh.endswith("。")
        assert text.en.endswith(".")


def test_values_are_words_that_rosters_are_read_into() -> None:
    values = {field: set(terms.values()) for field, terms in load_vocabulary({}).values.items()}
    entries = data_of(None, ())[0]["parameters"]
    fields = {
        "categories": "category",
        "categories_enterprise": "category",
        "hardships": "hardship",
        "graduate_only_for": "hardship",
        "category_implies": "hardship",
        "technician_certificates": "certificate_type",
        "high_skill_levels": "level",
    }
    for name, field in fields.items():
        assert set(entries[name]["choices"]) <= values[field], name
    assert set(POLICY.parameter("training_types")) == values["training_type"]
    assert set(POLICY.parameter("category_implies")) <= values["category"]
    assert set(entries["waivable"]["choices"]) <= set(all_reasons())
    levels = {key for entry in POLICY.programmes.values() for key in entry.amounts} - {"each"}
    assert levels == values["level"]


def test_defaults_are_among_their_choices() -> None:
    for name, entry in data_of(None, ())[0]["parameters"].items():
        value = entry["value"]
        several = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
        members = [member for each in several for member in (each if isinstance(each, list) else [each])]
        assert "choices" not in entry or set(members) <= set(entry["choices"]), name


def test_every_reason_cites_a_clause_of_the_plan() -> None:
    for entry in all_reasons().values():
        assert entry.clause == "programme" or entry.clause in PLAN_CLAUSES


def test_the_schema_is_a_json_schema_and_the_shipped_file_holds() -> None:
    schema = json.loads((schemas_folder() / "policy.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    path = schemas_folder() / "policy" / "taiyuan-2019.yaml"
    given = load_policy(path)
    assert given == POLICY


def test_a_figure_applies_from_the_training_or_for_certificates_from_their_date() -> None:
    assert {code: entry.dated_by for code, entry in POLICY.programmes.items()} == {
        "enterprise-training": "start_date",
        "vocational-training": "start_date",
        "living-allowance": "start_date",
        "certificate": "certificate_date",
        "technician": "certificate_date",
    }
