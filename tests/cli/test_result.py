"""One result, one renderer: every format of a small result, commands found by presence, documents by their schemas."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import trainingcli.cli
from cli.program import TODAY, run, write
from cli.test_validate import HEADER, TITLE, row
from registers.builder import write as write_register
from support.inline import read_inline
from trainingcli import language
from trainingcli.cli.options import Format
from trainingcli.cli.render import pieces, render
from trainingcli.errors import Exit
from trainingcli.language import Text
from trainingcli.published import schemas_folder
from trainingcli.result import Listing, Message, Result, columns

LINES = Listing("lines", columns("programme 项目 code Programme\nyuan 金额 yuan Yuan"))
TRAININGS = Listing("trainings", columns("occupation 职业 text Occupation\nyear 年度 count Year"), LINES)
PEOPLE = Listing("people", columns("name 姓名 text Name\nyear 年度 count Year"), TRAININGS)
ROWS = [
    {
        "name": "=王一", "year": 2020, "codes": ["A", "B"],
        "trainings": [
            {"occupation": "焊工", "year": 2019, "lines": [{"programme": "a", "yuan": "1.00"}, {"programme": "b"}]},
            {"occupation": "钳工", "year": 2020, "lines": []},
        ],
    },
    {"name": "李二", "year": 2021, "trainings": []},
]  # fmt: skip
COMMAND = '''
from trainingcli.cli import options
from trainingcli.cli.failure import told
from trainingcli.language import Text
from trainingcli.published import schemas_folder
from trainingcli.result import Listing, Result, columns
HELP = "给来客问好。"
GUESTS = Listing("guests", columns("name 姓名 text Name"))
@told
def run(format_: options.Output = None, lang: options.Lang = None) -> Result:
    """Greet."""
    return Result("outside.guests/1", GUESTS, [{"name": "客"}])
'''


def written(result: Result, form: str, *, unmask: bool = True) -> str:
    return "".join(pieces(result, Format(form), unmask=unmask))


def people(**more: object) -> Result:
    return Result("trainingcli.people/1", PEOPLE, ROWS, {"asked": 2}, **more)  # type: ignore[arg-type]


def test_json_is_the_schema_the_facts_and_the_main_list():
    assert json.loads(written(people(), "json")) == {"schema": "trainingcli.people/1", "asked": 2, "people": ROWS}


def test_ndjson_is_the_main_list_an_object_a_line():
    assert [json.loads(line) for line in written(people(), "ndjson").splitlines()] == ROWS


def test_csv_has_a_row_for_each_innermost_thing_the_parents_repeated():
    """Two lines of one training, a training without lines, a person without trainings: four rows; none is lost."""
    rows = list(csv.reader(io.StringIO(written(people(), "csv"))))
    assert rows[0] == ["name", "year", "occupation", "trainings.year", "programme", "yuan"]
    assert rows[1:] == [
        ["'=王一", "2020", "焊工", "2019", "a", "1.00"],
        ["'=王一", "2020", "焊工", "2019", "b", ""],
        ["'=王一", "2020", "钳工", "2020", "", ""],
        ["李二", "2021", "", "", "", ""],
    ]


def test_an_inner_object_gives_a_row_for_each_of_its_members():
    themes = Listing("themes", columns("how 依据 code How\nhours 课时 count Hours"), keyed_by="theme")
    plans = Listing("plans", columns("plan 计划 text Plan"), themes)
    row = {"plan": "P", "themes": {"消防": {"how": "stated", "hours": 2}, "道路交通": {"how": "missing", "hours": 0}}}
    text = written(Result("trainingcli.plans/1", plans, [row]), "csv")
    assert text == "plan,theme,how,hours\nP,消防,stated,2\nP,道路交通,missing,0\n"


def test_a_column_may_be_the_member_of_an_object_and_is_empty_where_there_is_none():
    listing = Listing("changes", columns("row 行 count Row\nfrom.status 原状态 code From\nto.codes 原因 text Why"))
    rows = [{"row": 1, "from": {"status": "held"}, "to": {"codes": ["A", "B"]}}, {"row": 2, "from": None, "to": None}]
    text = written(Result("trainingcli.comparison/1", listing, rows), "csv")
    assert text == "row,from.status,to.codes\n1,held,A;B\n2,,\n"


def test_ndjson_is_written_as_the_rows_are_made(capsys):
    seen = []

    def rows():
        for name in ("王一", "李二"):
            seen.append(capsys.readouterr().out)
            yield {"name": name}

    assert render(Result("x/1", PEOPLE, rows()), Format.ndjson) is Exit.OK
    assert seen == ["", '{"name": "王一"}\n']


def test_a_failure_while_rows_are_made_leaves_no_half_document(capsys):
    def rows():
        yield {"name": "王一"}
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        render(Result("x/1", PEOPLE, rows()), Format.json)
    assert capsys.readouterr().out == ""


def test_quiet_silences_all_but_errors(capsys):
    said = [Message(Text("留意", "note")), Message(Text("坏了", "broken"), "a.xlsx: ", is_error=True)]
    render(people(messages=said, exit_code=Exit.INPUT), Format.json, quiet=True)
    assert capsys.readouterr().err == "错误：a.xlsx: 坏了\n"


def test_people_are_masked_wherever_their_numbers_stand():
    number = "140105199001010120"
    rows = [{"name": "王小一", "id_number": number, "trainings": [{"occupation": f"焊工 {number}", "lines": []}]}]
    result = Result("x/1", PEOPLE, rows, {"why": f"见 {number}"})
    for form in ("json", "ndjson", "csv", "table"):
        assert number not in written(result, form, unmask=False)
    assert json.loads(written(result, "ndjson", unmask=False))["name"] == "王*"
    assert number in written(result, "json")


def documents(tmp_path):
    """Each command's document, by the name of its schema."""
    ledger = ["--ledger", tmp_path / "ledger.db"]
    good = write(tmp_path / "roster.xlsx", [TITLE, HEADER, row(申报金额=None, 补贴项目="生活费补贴")])
    settled = ["--today", TODAY, *ledger, "--format", "json"]
    yield "claims", run("claims", good, "--out", tmp_path / "out", "--post", *settled)
    yield "claims", run("claims", good, "--out", tmp_path / "out", *settled)
    yield "findings", run("validate", good, "--today", TODAY, "--format", "json")
    yield "explanation", run("explain", good, "--row", 3, *settled)
    yield "explain", run("explain", "--all", "--format", "json")
    yield "policy-view", run("policy", "--format", "json")
    yield "ledger-batches", run("ledger", "list", *ledger, "--format", "json")
    yield "ledger-lines", run("ledger", "show", 1, *ledger, "--format", "json")
    yield "person", run("ledger", "person", "--name", "王一", *ledger, "--format", "json")
    yield "held", run("ledger", "held", *ledger, "--format", "json")
    write_register(tmp_path, "budgets", {"fund": "就业补助资金", "year": 2021, "budget": 100})
    yield "budgets", run("funds", "set", tmp_path / "budgets.xlsx", *ledger, "--format", "json")
    yield "funds", run("funds", "--out", tmp_path / "funds", *ledger, "--format", "json")
    figures = write(tmp_path / "figures.xlsx", [["年度", "就业人员", "技能劳动者"], [2020, 400, 100]])
    yield "progress", run("progress", "--figures", figures, *ledger, "--format", "json")
    framed = run("inspect", "frame", *ledger, "--out", tmp_path / "inspect", "--format", "json")
    yield "inspection", framed
    book = json.loads(framed.stdout)["outputs"][0]
    drawing = ["inspect", "draw", book, "--seed", "1", "--take", 1, "--out", tmp_path / "inspect"]
    yield "inspection", run(*drawing, "--format", "json")
    yield "publication", run("publish", "notice", "--batch", 1, "--out", tmp_path / "publish", *ledger, "-f", "json")
    yield "publication", run("publish", "funds", "--out", tmp_path / "publish", *ledger, "--format", "json")
    yield "payments", run("pay", "export", "--batch", 1, *ledger, "--out", tmp_path / "pay", "--format", "json")
    yield "ledger-balances", run("ledger", "verify", *ledger, "--format", "json")
    yield "outputs", run("ledger", "rebuild", 1, "--out", tmp_path / "again", *ledger, "--format", "json")
    yield "ledger-lines", run("ledger", "void", 1, "--why", "退训", "--dry-run", *ledger, "--format", "json")
    yield "ledger-lines", run("ledger", "void", 1, "--why", "退训", *ledger, "--format", "json")
    yield "outputs", run("registers", "template", tmp_path / "lists", "--format", "json")
    yield "registers", run("registers", "check", tmp_path / "lists", "--format", "json")
    write_register(tmp_path / "filled", "institutions", {"institution": "晋阳技工学校", "since": "2020-01-01"})
    yield "register", run("registers", "show", "institutions", "--registers", tmp_path / "filled", "--format", "json")
    samples = Path(__file__).parents[2] / "sample_data"
    yield "plans", run("plans", samples / "plans", "--out", tmp_path / "plans", "--today", TODAY, "--format", "json")
    award = next((samples / "awards").glob("1-*.xlsx"))
    yield "award-explanation", run("explain", award, "--row", 5, *settled)
    yield "awards", run("awards", samples / "awards", "--out", tmp_path / "awards", *settled)
    yield "levy", run("levy", samples / "levy", "--out", tmp_path / "levy", "--today", TODAY, "--format", "json")
    changed = ["--set", "programmes.living-allowance.amounts.each=18@2020-01-01", "--out", tmp_path / "compare"]
    yield "comparison", run("compare", good, *changed, *settled)
    yield "readings", run("compare", good, "--readings", *settled)
    overlay = tmp_path / "later.yaml"
    yield "outputs", run("policy", "new", overlay, "--set", "parameters.year_of=end", "--source", "通知", "-f", "json")
    yield "policy-diff", run("policy", "diff", "taiyuan-2019", overlay, "--format", "json")
    yield "schemas", run("schema", "--format", "json")
    yield "config", run("config", "--format", "json")
    yield "doctor", run("doctor", *ledger, "--format", "json")
    yield "demo", run("demo", tmp_path / "tour", "--format", "json")
    yield "outputs", run("init", tmp_path / "folder", "--format", "json")


def test_every_document_holds_to_its_schema_and_every_schema_has_a_document(tmp_path, monkeypatch):
    read_inline(monkeypatch)
    seen = set()
    for name, done in documents(tmp_path):
        schema = json.loads((schemas_folder() / f"{name}.schema.json").read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        found = json.loads(done.stdout)
        Draft202012Validator(schema).validate(found)
        assert found["schema"] == schema["properties"]["schema"]["const"]
        seen.add(name)
    files = {file.name.split(".")[0] for file in schemas_folder().glob("*.schema.json")}
    assert files - seen == {"policy"}  # of the policy's file


def referred_to(found):
    """Every `$ref` within a schema."""
    if isinstance(found, dict):
        yield from [found["$ref"]] if "$ref" in found else []
    for one in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from referred_to(one)


@pytest.mark.parametrize("file", sorted(schemas_folder().glob("*.schema.json")), ids=lambda file: file.name)
def test_whatever_a_schema_refers_to_is_there(file):
    """A document without the thing would hold to it all the same: only one with an unread column asks for its form."""
    schema = json.loads(file.read_text("utf-8"))
    for reference in set(referred_to(schema)):
        here = schema
        for name in reference.removeprefix("#/").split("/"):
            here = here[name]


def test_a_schema_is_printed_by_its_name_and_by_what_the_document_says(tmp_path):
    whole = json.loads((schemas_folder() / "claims.schema.json").read_text("utf-8"))
    assert json.loads(run("schema", "claims").stdout) == whole
    assert json.loads(run("schema", "trainingcli.claims/1", "--format", "table").stdout) == whole
    assert run("schema", "no-such").exit_code == 2


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """A command in a folder outside the package."""
    (tmp_path / "greet.py").write_text(COMMAND, encoding="utf-8")
    monkeypatch.setattr(trainingcli.cli, "__path__", [*trainingcli.cli.__path__, str(tmp_path)])
    yield
    sys.modules.pop("trainingcli.cli.greet", None)


@pytest.mark.usefixtures("outside")
def test_a_command_from_outside_the_package_is_listed_and_run():
    assert "greet  " in run("--help").stdout
    assert "给来客问好" in run("--help").stdout
    done = run("greet", "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"schema": "outside.guests/1", "guests": [{"name": "客"}]}
    assert "客" in run("greet", "--format", "table").stdout


def test_messages_are_in_the_language_in_use(capsys):
    language.use("en")
    try:
        render(people(messages=[Message(Text("留意", "mind"))]), Format.json)
    finally:
        language.use("zh")
    assert capsys.readouterr().err == "mind\n"
