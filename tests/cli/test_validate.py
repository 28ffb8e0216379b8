"""`validate`: every finding of every row once, with its cell, masked; nothing written; exit codes."""

from __future__ import annotations

import csv
import io
import json

import pytest
from jsonschema import Draft202012Validator

from cli.program import TODAY, run, write
from support.people import id_number, wrong_check_digit
from trainingcli.policy import load_policy
from trainingcli.published import schemas_folder

HEADER = ["姓名", "身份证号", "性别", "人员类别", "困难类型", "就业创业证号", "职业(工种)", "等级"]
HEADER += ["开班日期", "结业日期", "发证日期", "补贴项目", "申报金额"]
TITLE = ["填报单位：", "太原市示范学校"]
WANG, LI, ZHAO = id_number(1), id_number(2), id_number(3)
GOOD = ["王一", WANG, "男", "下岗失业人员", "低保户", "1401000001", "焊工", "初级工", "2020-03-01", "2020-03-20"]
GOOD += [None, "职业技能培训补贴、生活费补贴", None]


def row(**cells):
    found = dict(zip(HEADER, GOOD, strict=True)) | cells
    return [found[heading] for heading in HEADER]


@pytest.fixture
def roster(tmp_path):
    wrong = LI[:17] + wrong_check_digit(LI[:17])
    rows = [
        TITLE,
        HEADER,
        row(补贴项目="生活费补贴"),
        row(姓名="李二", 身份证号=wrong),
        row(姓名="赵三", 身份证号=ZHAO, 开班日期="去年", 发证日期="某日", 补贴项目="职业技能培训补贴", 申报金额=500),
    ]
    return write(tmp_path / "roster.xlsx", rows)


def validated(*arguments):
    done = run("validate", *arguments, "--today", TODAY, "--format", "json")
    return done, json.loads(done.stdout)


def test_each_finding_stands_once_a_row_with_the_programmes_that_it_touches(roster):
    _, found = validated(roster)
    by_code = {(item["row"], item["code"], item["field"]): item for item in found["findings"]}
    assert len(by_code) == len(found["findings"])
    checksum = by_code[4, "ID_CHECKSUM", "id_number"]
    assert checksum["programmes"] == ["vocational-training", "living-allowance"]
    assert checksum["cell"] == "B4"
    assert checksum["severity"] == "error"
    assert checksum["clause"] == "三(五)"
    assert checksum["remedy"]
    assert by_code[5, "BAD_DATE", "start_date"]["cell"] == "I5"


def test_a_fault_in_a_cell_that_no_claimed_programme_uses_is_a_note(roster):
    _, found = validated(roster)
    fault = next(item for item in found["findings"] if item["field"] == "certificate_date")
    assert (fault["row"], fault["code"], fault["severity"], fault["programmes"]) == (5, "BAD_DATE", "note", [])
    assert fault["cell"] == "K5"
    assert "某日" in fault["message"]


def test_findings_come_by_row_the_worst_first(roster):
    _, found = validated(roster)
    rank = ["error", "warning", "note"]
    places = [(item["row"], rank.index(item["severity"])) for item in found["findings"]]
    assert places == sorted(places)
    assert sum(found["counts"].values()) == len(found["findings"])


def test_the_document_holds_to_its_schema(roster, tmp_path):
    schema = json.loads((schemas_folder() / "findings.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    for inputs in ([roster], [roster, tmp_path / "none.xlsx"]):
        _, found = validated(*inputs)
        Draft202012Validator(schema).validate(found)
    assert found["policy"]["sha256"] == load_policy().sha256


def test_numbers_of_people_are_masked_unless_they_are_asked_for(roster):
    for form in ("json", "ndjson", "csv", "table"):
        assert LI[:17] not in run("validate", roster, "--today", TODAY, "--format", form).output
    assert LI[:17] in run("validate", roster, "--today", TODAY, "--format", "json", "--unmask").stdout


def test_errors_give_1_and_a_clean_roster_0(roster, tmp_path):
    assert validated(roster)[0].exit_code == 1
    clean = write(tmp_path / "clean.xlsx", [TITLE, HEADER, row(申报金额=None, 补贴项目="生活费补贴")])
    done, found = validated(clean)
    assert done.exit_code == 0
    assert found["findings"] == []
    assert found["counts"] == {"error": 0, "warning": 0, "note": 0}


def test_warnings_and_notes_alone_give_0(tmp_path):
    held = write(tmp_path / "held.xlsx", [TITLE, HEADER, row(性别="女", 补贴项目="生活费补贴")])
    done, found = validated(held)
    assert [item["code"] for item in found["findings"]] == ["SEX_MISMATCH"]
    assert found["findings"][0]["severity"] == "warning"
    assert done.exit_code == 0


def test_an_input_that_cannot_be_read_gives_3_and_the_others_are_checked(roster, tmp_path):
    done, found = validated(tmp_path / "none.xlsx", roster)
    assert done.exit_code == 3
    assert "none.xlsx" in done.stderr
    assert [item["error"] is None for item in found["inputs"]] == [False, True]
    assert found["findings"]


def test_nothing_is_written_and_no_ledger_is_made(roster, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAININGCLI_LEDGER", str(tmp_path / "ledger.db"))
    run("validate", "roster.xlsx", "--today", TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["roster.xlsx"]


def test_csv_and_ndjson_give_the_same_findings(roster):
    _, found = validated(roster)
    lines = run("validate", roster, "--today", TODAY, "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line) for line in lines] == found["findings"]
    table = list(csv.DictReader(io.StringIO(run("validate", roster, "--today", TODAY, "--format", "csv").stdout)))
    assert [(entry["row"], entry["code"]) for entry in table] == [
        (str(item["row"]), item["code"]) for item in found["findings"]
    ]
    assert table[0]["programmes"] == ";".join(found["findings"][0]["programmes"])


def test_the_table_names_cells_and_counts(roster):
    text = run("validate", roster, "--today", TODAY, "--format", "table").stdout
    assert "B4  错误  ID_CHECKSUM  三(五)" in text
    assert "K5  提示  BAD_DATE" in text
    assert "M4  待核实  NO_BASIS" in text  # nothing claimed, no register: 5.6
    assert "错误 2 处，待核实 1 处，提示 1 处" in text


@pytest.mark.parametrize("format_", ["json", "ndjson", "csv", "table"])
def test_what_a_terminal_would_obey_is_never_written(tmp_path, format_):
    file = write(tmp_path / "花名册.xlsx", [TITLE, HEADER, row(等级="高\u202e工\u009b2J", 补贴项目="职业技能培训补贴")])
    for command in (["validate", file], ["explain", file, "--row", 3]):
        if command[0] == "explain" and format_ in ("ndjson", "csv"):
            continue  # a row's explanation is one document
        said = run(*command, "--today", TODAY, "--format", format_).stdout
        assert "高" in said
        assert not {"\u202e", "\u009b"} & set(said)
