"""`explain`: codes from their declarations, and a row from its cells to its amounts."""

from __future__ import annotations

import json

import pytest
import yaml

from cli.program import TODAY, run, write
from support.people import id_number
from trainingcli import published
from trainingcli.explain import entries
from trainingcli.intake.tables.declared import declared_tables
from trainingcli.policy import load_policy
from trainingcli.reasons import all_reasons
from trainingcli.register_title import register_names, register_title

HEADER = ["姓名", "身份证号", "人员类别", "困难类型", "职业(工种)", "等级", "开班日期", "结业日期"]
HEADER += ["培训天数", "补贴项目", "补贴金额(万元)", "民族"]
WANG = id_number(7)
POLICY = "policy/taiyuan-2019.yaml"


# ---- codes


def as_text(value):
    """What YAML reads, with numbers and dates as text."""
    if isinstance(value, dict):
        return {key: as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("file", "section"),
    [
        ("reasons.yaml", "reasons"),
        ("vocabulary.yaml", "headings"),
        *[
            ("policy/taiyuan-2019.yaml", name)
            for name in ("programmes", "awards", "quantities", "parameters", "clauses")
        ],
    ],
)
def test_every_published_entry_is_read_as_the_yaml_library_reads_it(file, section):
    whole = yaml.safe_load((published.schemas_folder() / file).read_text("utf-8"))[section]
    assert list(published.entries(file, section)) == list(whole)
    for key, value in whole.items():
        assert published.read(file, section, key) == as_text(value), key


@pytest.mark.parametrize("file", [POLICY, *sorted(path.name for path in published.schemas_folder().glob("*.yaml"))])
def test_every_file_that_runs_read_is_read_as_the_yaml_library_reads_it(file):
    assert published.document(file) == yaml.safe_load((published.schemas_folder() / file).read_text("utf-8"))


def test_registers_are_named_in_the_order_of_their_declarations():
    assert register_names() == list(declared_tables("registers"))
    assert {name: register_title(name) for name in register_names()} == {
        name: table.title for name, table in declared_tables("registers").items()
    }


def test_every_reason_programme_and_refusing_limit_is_a_topic():
    kinds = entries.codes()
    assert [code for code, kind in kinds.items() if kind == "reason"] == list(all_reasons())
    assert [code for code, kind in kinds.items() if kind == "programme"] == list(load_policy().programmes)
    limits = {code for code, kind in kinds.items() if kind == "limit"}
    assert limits == {"repeat", "yearly", "duplicate", "lower-level", "cap", "posted"}


@pytest.mark.parametrize("code", list(entries.codes()))
def test_each_topic_has_a_title_and_a_text(code):
    found = entries.topic(code)
    assert found.title.zh
    assert found.title.en
    assert all(text.zh and text.en for text in found.texts.values())
    assert found.texts
    assert run("explain", code, "--format", "table").stdout.startswith(f"{code}  {found.title.zh}\n")


def test_a_reason_is_explained_with_its_clause_and_what_to_do():
    text = run("explain", "ID_CHECKSUM", "--format", "table").stdout
    entry = all_reasons()["ID_CHECKSUM"]
    flat = "".join(text.split())
    for part in (entry.title.zh, entry.explanation.zh, entry.remedy.zh, load_policy().clause("三(五)").asks.zh):
        assert "".join(part.split()) in flat
    assert "不予补贴 (reject)" in text
    assert "三(五)" in text


def test_a_programme_shows_figures_fund_fields_and_its_module_s_words():
    found = json.loads(run("explain", "certificate", "--format", "json").stdout)["topics"][0]
    assert found["amounts"]["高级工"][0]["yuan"] == "600"
    assert found["fund"] == "市财政"
    assert found["fields"]["certificate_no"] == "certificate"
    assert found["fields"]["start_date"] == "used"
    assert "2019-07-01 or later" in found["program"]
    assert found["codes"] == ["CERTIFICATE_TOO_EARLY"]


def test_a_prefix_lists_whatever_its_case():
    text = run("explain", "id_", "--format", "table").stdout
    assert [line.split()[0] for line in text.splitlines()] == [code for code in all_reasons() if code.startswith("ID_")]


def test_all_lists_every_code():
    lines = run("explain", "--all", "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line)["code"] for line in lines] == list(entries.codes())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ID_CHEKSUM"], "是不是 ID_CHECKSUM"),
        (["certificat-e"], "certificate"),
        (["没有"], "explain --all"),
        ([], "--all"),
        (["ID_CHECKSUM", "--sheet", "x"], "--row 一起用"),
        (["--row", "3"], "--row 前要写花名册文件"),
    ],
)
def test_an_unknown_code_is_wrong_usage_that_names_the_near_ones(arguments, said):
    done = run("explain", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


# ---- rows


def cells(**changed):
    row = dict.fromkeys(HEADER) | {"姓名": "王一", "身份证号": WANG, "人员类别": "高校毕业生", "困难类型": "零就业家庭"}
    row |= {
        "职业(工种)": "焊工",
        "开班日期": "2020.3.1",
        "结业日期": "2020-03-10",
        "培训天数": "8天",
        "补贴项目": "生活费补贴",
    }
    return [(row | changed)[heading] for heading in HEADER]


@pytest.fixture
def roster(tmp_path):
    rows = [
        ["填报单位：太原市示范学校"],
        HEADER,
        cells(),
        cells(
            **{
                "职业(工种)": "电工",
                "开班日期": "2020-05-01",
                "结业日期": "2020-05-02",
                "培训天数": None,
                "补贴金额(万元)": 0.1,
            }
        ),
        cells(**{"职业(工种)": "钳工", "开班日期": "2020-07-01", "结业日期": "2020-07-02", "培训天数": None}),
        cells(**{"职业(工种)": "车工", "开班日期": "2020-09-01", "结业日期": "2020-09-02", "培训天数": None}),
        cells(困难类型="富裕"),
    ]
    return write(tmp_path / "roster.xlsx", rows)


def explained(roster, row, *more):
    done = run(
        "explain", roster, "--row", row, "--today", TODAY, "--ledger", roster.parent / "none", "--format", "json", *more
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_cells_stand_with_what_is_written_and_what_it_was_read_as(roster):
    found = {cell["heading"]: cell for cell in explained(roster, 4)["cells"]}
    assert found["开班日期"]["cell"] == "G4"
    assert found["补贴金额(万元)"]["read_as"] == "1000.00"
    assert found["身份证号"]["written"] == f"{WANG[:6]}********{WANG[-4:]}"
    assert found["培训机构（表上方）"]["read_as"] == "太原市示范学校"
    assert [item["heading"] for item in explained(roster, 4)["unused"]] == ["民族"]
    days = next(cell for cell in explained(roster, 3)["cells"] if cell["heading"] == "培训天数")
    assert (days["written"], days["read_as"]) == ("8天", "8")


def test_the_figure_in_force_the_days_and_the_sum_lead_to_the_amount(roster):
    found = explained(roster, 3)
    living = next(entry for entry in found["programmes"] if entry["programme"] == "living-allowance")
    assert living["fits"]
    assert living["claimed_here"]
    assert (living["figure"]["yuan"], living["figure"]["date"]) == ("15.00", "2020-03-01")
    assert living["figure"]["since"] == "2019-01-01"
    assert "15元" in living["figure"]["source"]
    assert (living["days"], living["entitled"]) == (8, "120.00")  # 8 attended days of 10, times 15
    assert found["lines"][0]["approved"] == "120.00"
    assert found["lines"][0]["status"] == "approved"


def test_a_programme_that_does_not_fit_says_why(roster):
    enterprise = explained(roster, 3)["programmes"][0]
    assert not enterprise["fits"]
    assert enterprise["why_not"][0] == {"field": "category", "why": "人员类别“高校毕业生”不在该补贴项目的对象范围内。"}
    assert {item["field"] for item in enterprise["why_not"]} == {"category", "training_type"}


def test_the_limit_and_the_readings_that_decided_are_named_with_the_person_s_other_lines(roster):
    found = explained(roster, 6)  # the fourth training of 2020
    line = found["lines"][0]
    assert (line["status"], line["approved"]) == ("rejected", "0.00")
    assert [(entry["code"], entry["limit"]) for entry in line["reasons"]] == [("ANNUAL_LIMIT", "yearly")]
    assert {"Q7", "Q9"} <= {item["question"] for item in line["readings"]}
    taken = [item["row"] for item in found["others"] if item["status"] in ("approved", "reduced")]
    assert taken == [3, 4, 5]


def test_a_fault_stands_on_its_cell_and_its_line(roster):
    found = explained(roster, 7)
    assert found["lines"][0]["reasons"][0]["code"] == "UNKNOWN_HARDSHIP"
    assert found["lines"][0]["reasons"][0]["cell"] == "D7"


def test_it_says_what_decided_the_programmes(roster, tmp_path):
    assert explained(roster, 3)["asked_by"]["how"] == "column"
    plain = write(tmp_path / "plain.xlsx", [["姓名", "身份证号", "人员类别"], ["王一", WANG, "残疾人"]])
    assert explained(plain, 2)["asked_by"]["how"] == "fits"
    assert explained(plain, 2, "--programme", "certificate")["asked_by"]["how"] == "named"


def test_the_terminal_shows_it_top_down_and_masked(roster):
    done = run("explain", roster, "--row", 6, "--today", TODAY, "--ledger", roster.parent / "none", "--format", "table")
    text = "".join(done.stdout.split())  # a long path may fold the lines
    order = ["第6行", "单元格", "企业职工培训补贴", "明细：生活费补贴", "ANNUAL_LIMIT", "同一人的其他明细"]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert WANG not in text


def test_whole_numbers_only_when_they_are_asked_for(roster):
    assert WANG not in json.dumps(explained(roster, 3))
    assert WANG in json.dumps(explained(roster, 3, "--unmask"))


@pytest.mark.parametrize("row", [1, 2, 99])
def test_a_row_of_no_person_is_wrong_usage_that_names_the_rows(roster, row):
    done = run("explain", roster, "--row", row, "--today", TODAY)
    assert done.exit_code == 2
    assert "花名册 3–7" in done.stderr


def test_two_sheets_with_the_row_need_the_sheet(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    for name in ("甲", "乙"):
        sheet = book.create_sheet(name)
        for row in (["姓名", "身份证号", "人员类别"], [f"王{name}", WANG, "残疾人"]):
            sheet.append(row)
    book.save(tmp_path / "two.xlsx")
    done = run("explain", tmp_path / "two.xlsx", "--row", 2)
    assert done.exit_code == 2
    assert "--sheet：甲、乙" in done.stderr
    assert explained(tmp_path / "two.xlsx", 2, "--sheet", "乙")["sheet"] == "乙"


@pytest.mark.parametrize(("row", "letter", "heading"), [(2, "C", "人员类别"), (6, "B", "姓名")])
def test_a_sheet_with_two_tables_is_explained_by_the_one_that_has_the_row(tmp_path, row, letter, heading):
    import openpyxl

    book = openpyxl.Workbook()
    for cells in (
        ["姓名", "身份证号", "人员类别"], ["王甲", WANG, "残疾人"], [], ["第二部分"],
        ["身份证号", "姓名", "职业(工种)", "等级"], [WANG, "王甲", "电工", "初级工"],
    ):  # fmt: skip
        book.active.append(cells)
    book.save(tmp_path / "two.xlsx")
    found = explained(tmp_path / "two.xlsx", row)
    cell = next(cell for cell in found["cells"] if cell["cell"] == f"{letter}{row}")
    assert cell["heading"] == heading
    assert found["header_row"] == row - 1
    assert found["lines"]


@pytest.mark.parametrize(
    ("certificate", "level", "key", "figure"),
    [
        ("专项职业能力证书", "高级工", "专项职业能力", "150.00"),  # 三(三): 150 whatever the level
        ("专项职业能力证书", "", "专项职业能力", "150.00"),
        ("职业技能等级证书", "高级工", "高级工", "600.00"),
        ("职业技能等级证书", "中级工", "中级工", None),  # Q6: not stated
    ],
)
def test_the_figure_shown_is_the_one_that_was_chosen(tmp_path, certificate, level, key, figure):
    path = tmp_path / "one.csv"
    path.write_text(
        "姓名,身份证号,补贴项目,职业(工种),等级,证书类型,证书编号,发证日期,培训机构\n"
        f"王甲,{WANG},取证补贴,电工,{level},{certificate},Z1,2020-08-01,晋阳技工学校\n", "utf-8",
    )  # fmt: skip
    (entry,) = (each for each in explained(path, 2)["programmes"] if each["programme"] == "certificate")
    assert (entry["figure"]["key"], entry["figure"]["yuan"], entry["entitled"]) == (key, figure, figure)


def test_an_unreadable_roster_is_exit_3(tmp_path):
    done = run("explain", tmp_path / "none.xlsx", "--row", 2)
    assert done.exit_code == 3
    assert "none.xlsx" in done.stderr


def test_a_roster_without_a_row_number_is_told_what_to_add(roster):
    done = run("explain", roster)
    assert done.exit_code == 2
    assert "--row" in done.stderr
