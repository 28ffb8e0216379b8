"""The result for programs holds the contract: keys, masks, money, order, safety."""

import csv as csv_module
import io
import json

import jsonschema
import pytest

from reports.builder import PROGRAMMES, assessment, line, random_assessment, reason
from support.printing import printed
from trainingcli import language
from trainingcli.facts import BatchRef
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text
from trainingcli.published import schemas_folder
from trainingcli.reports.data import claims_json as json_lines

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((schemas_folder() / "claims.schema.json").read_text(encoding="utf-8"))
)


def document(found, *, unmask=False):
    text = printed(found, "json", unmask=unmask)
    return json.loads(text)


def test_the_schema_itself_is_valid():
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize("seed", range(5))
def test_random_results_hold_the_schema(seed):
    found = random_assessment(150, seed)
    for unmask in (False, True):
        VALIDATOR.validate(document(found, unmask=unmask))


def test_an_empty_run_holds_the_schema_and_lists_every_programme():
    found = document(assessment([], ledger=None, batch=None))
    VALIDATOR.validate(found)
    assert found["lines"] == []
    assert [total["programme"] for total in found["totals"]] == list(PROGRAMMES)
    assert found["ledger"] is None
    assert found["batch"] is None


def test_the_schema_refuses_what_the_contract_forbids():
    found = document(assessment([line(status="held", approved=0)], [reason(0, "NO_STANDARD")]))
    VALIDATOR.validate(found)
    for key, value in (("approved", "300.00"), ("claimed", 300), ("reasons", []), ("row", "5"), ("status", "paid")):
        wrong = json.loads(json.dumps(found))
        wrong["lines"][0][key] = value
        with pytest.raises(jsonschema.ValidationError):
            VALIDATOR.validate(wrong)


def test_a_line_is_written_as_the_contract_says():
    values = {"claimed": 45001, "entitled": 30000, "approved": 30000, "status": "reduced"}
    found = document(assessment([line(**values)], [reason(0, "OVER_CLAIMED", zh="多报", en="too much")]))
    assert found["lines"] == [
        {
            "line": 1, "input": 0, "file": "rosters/a.xlsx", "sheet": "Sheet1", "row": 5, "name": "王*",
            "id_number": "140105********1236",
            "programme": "certificate", "claimed": "450.01", "entitled": "300.00", "approved": "300.00",
            "status": "reduced", "payee": "太原市第一技工学校", "fund": "市财政",
            "reasons": [
                {"code": "OVER_CLAIMED", "severity": "reduce", "clause": "三(三)", "cell": "F5", "message": "多报"}
            ],
        }
    ]  # fmt: skip
    assert found["policy"] == {"id": "taiyuan-2019", "sha256": "ab" * 32}
    assert found["ledger"] == {"head": "cd" * 32, "entries": 12}
    assert found["checks"][0] == {
        "check": "register:institutions",
        "performed": False,
        "why": "未提供 institutions.xlsx",
    }
    assert found["checks"][1] == {"check": "id", "performed": True, "why": None}


def test_nothing_is_null_where_nothing_is_given():
    empty = {"name": None, "claimed": None, "entitled": None, "payee": None, "fund": None, "programme": None}
    found = document(
        assessment([line(**empty, status="rejected", approved=0)], [reason(0, "MISSING_FIELD", cell=None)])
    )
    (only,) = found["lines"]
    assert {key: only[key] for key in empty} == empty
    assert only["reasons"][0]["cell"] is None
    assert found["totals"][-1]["programme"] is None
    assert found["totals"][-1]["rejected_lines"] == 1


def test_small_and_negative_sums_are_exact():
    lines = [line(claimed=fen, row=5 + place) for place, fen in enumerate((0, 1, 10, 99, 100, 12345678901, -1, -250))]
    claimed = [item["claimed"] for item in document(assessment(lines))["lines"]]
    assert claimed == ["0.00", "0.01", "0.10", "0.99", "1.00", "123456789.01", "-0.01", "-2.50"]


def test_totals_are_the_sums_of_the_lines():
    found = document(random_assessment(400, seed=9))
    for total in found["totals"]:
        mine = [item for item in found["lines"] if item["programme"] == total["programme"]]
        assert total["lines"] == len(mine)
        for key in ("claimed", "approved"):
            cents = sum(int((item[key] or "0.00").replace(".", "")) for item in mine)
            assert int(total[key].replace(".", "")) == cents
        for status in ("approved", "reduced", "held", "rejected", "posted"):
            assert total[f"{status}_lines"] == sum(item["status"] == status for item in mine)


def test_people_are_masked_unless_asked_for():
    lines = [
        line(name="王小明", payee="王小明", programme="living-allowance"),
        line(name="李四", payee="李四", programme="certificate", row=6),
        line(name="张三", payee="太原市第一技工学校", row=7),
        line(name="赵六", payee="别人", programme="living-allowance", row=8),
    ]
    message = "身份证号 140105198501011236 与电话 13800001234 不符"
    found = assessment(lines, [reason(0, "ID_CHECKSUM", zh=message)])
    text = printed(found, "json", unmask=False)
    for whole in ("王小明", "李四", "张三", "赵六", "别人", "140105198501011236", "13800001234"):
        assert whole not in text
    assert [item["payee"] for item in json.loads(text)["lines"]] == ["王*", "李*", "太原市第一技工学校", "别*"]
    shown = document(found, unmask=True)["lines"][0]
    assert (shown["name"], shown["id_number"]) == ("王小明", "140105198501011236")
    assert shown["reasons"][0]["message"] == message


def test_awkward_texts_survive_and_nothing_reaches_a_terminal_raw():
    texts = ['a"b\\c', "x\ny\tz", "\x1b[31m", "\u202eabc\u2069", "𠮷\x7f\x9b", "艾力·麦麦提", "</script>", "\u2028"]
    lines = [line(payee=text, row=5 + place) for place, text in enumerate(texts)]
    pieces = printed(assessment(lines), "json", unmask=False)
    assert [item["payee"] for item in json.loads(pieces)["lines"]] == texts
    for raw in "\x1b\x7f\x9b\u202e\u2069\u2028\t":
        assert raw not in pieces


def test_a_file_name_that_is_no_unicode_can_be_printed():
    found = assessment([line()], inputs=[InputFile("b\udcffd.xls", error=Text("读不了\x1b", "unreadable"))])
    printed(found, "json", unmask=False).encode("utf-8")
    assert document(found)["inputs"][0]["error"] == "读不了\x1b"


def test_ndjson_is_the_lines_one_by_one():
    found = random_assessment(30)
    rows = printed(found, "ndjson", unmask=False).splitlines()
    assert [json.loads(row) for row in rows] == document(found)["lines"]


def test_parted_rosters_join_without_a_seam(monkeypatch):
    found = random_assessment(50)
    whole = document(found)
    rows = printed(found, "csv", unmask=False)
    monkeypatch.setattr(json_lines, "_PIECE", 7)
    assert document(found) == whole
    assert printed(found, "csv", unmask=False) == rows


def test_csv_has_the_keys_and_the_codes_and_no_formula():
    payees = ["=1+1", "+1", "-1", "@x", "\tx", "\r=x", 'a"b,c', "two\nlines", "\u202eevil", "学校"]
    lines = [line(payee=text, row=5 + place) for place, text in enumerate(payees)]
    reasons = [reason(0, "OVER_CLAIMED"), reason(0, "SHARED_PHONE")]
    text = printed(assessment(lines, reasons), "csv", unmask=False)
    rows = list(csv_module.DictReader(io.StringIO(text)))
    assert list(rows[0]) == [*json_lines.LINE_KEYS, "reasons"]
    assert rows[0]["reasons"] == "OVER_CLAIMED;SHARED_PHONE"
    assert rows[1]["reasons"] == ""
    assert [row["payee"] for row in rows] == [
        "'=1+1", "'+1", "'-1", "'@x", "' x", "' =x", 'a"b,c', "two lines", "evil", "学校",
    ]  # fmt: skip
    assert rows[0]["claimed"] == "300.00"
    assert "140105198501011236" not in text
    assert len(text.splitlines()) == len(lines) + 1


def test_csv_leaves_empty_what_is_not_given():
    (row,) = csv_module.DictReader(io.StringIO(printed(assessment([line(claimed=None)]), "csv", unmask=True)))
    assert row["claimed"] == ""
    assert row["id_number"] == "140105198501011236"


def test_english_turns_messages_and_no_code():
    found = assessment([line()], [reason(0, "SHARED_PHONE", zh="电话", en="phone")], batch=BatchRef(7, True))
    zh = document(found)
    language.use("en")
    try:
        en = document(found)
    finally:
        language.use("zh")
    assert zh["lines"][0]["reasons"][0].pop("message") == "电话"
    assert en["lines"][0]["reasons"][0].pop("message") == "phone"
    assert zh["lines"] == en["lines"]
    assert en["batch"] == {"id": 7, "already_posted": True}
