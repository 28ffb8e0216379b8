"""`trainingcli awards` as its user meets it: the public figures, claimed again in every way, and through the ledger."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from awards.books import grid
from cli.program import run, write
from registers.builder import write as write_register
from support.declared import workbook

SAMPLES = Path(__file__).parents[2] / "sample_data"
PAID = SAMPLES / "awards" / "1-基地和工作室奖补申领表.xlsx"
LATER = SAMPLES / "awards" / "2-补报.xlsx"
TODAY = "2020-03-31"
STUDIO = {
    "名称": "王建国技能大师工作室", "类型": "技能大师工作室", "级别": "市级", "依托单位": "太原重工",
    "认定日期": "2019-11-05", "认定文号": "并人社发〔2019〕1号", "开户银行": "晋商银行",
    "银行账号": "1401000000000001234",
}  # fmt: skip
A_BASE = STUDIO | {"名称": "重工高技能人才实训基地", "类型": "实训基地"}
EVALUATION = {"评估年度": "2019", "评估结果": "优秀", "评估日期": "2020-01-10"}


def awards(folder: Path, *files: Path, **options: Any) -> Any:
    """Run the command with a ledger and an output folder of the test's own; return the document."""
    done = run(
        "awards", *files, "--ledger", folder / "ledger.db", "--out", folder / "out", "--format", "json", "--today",
        options.pop("today", TODAY), *(part for name, value in options.items() for part in _option(name, value)),
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def _option(name: str, value: Any) -> list[Any]:
    flag = "--" + name.replace("_", "-")
    return [flag] if value is True else [flag, value]


def approved(document: Any) -> str:
    return f"{sum(float(total['approved']) for total in document['totals']):.2f}"


def paid_of(done: Any) -> list[str]:
    return [line["approved"] for line in json.loads(done.stdout)["lines"]]


def codes(document: Any) -> list[list[str]]:
    return [[reason["code"] for reason in line["reasons"]] for line in document["lines"]]


def sheet_of(rows: list[dict[str, Any]], path: Path) -> Path:
    path.write_bytes(workbook({"申领": grid(rows)}))
    return path


def test_the_public_figures(tmp_path: Path) -> None:
    """On 31 March 2020 Taiyuan paid nine bases and twenty studios: 9 × 1,000,000 + 20 × 100,000 = 11,000,000."""
    found = awards(tmp_path, PAID, registers=SAMPLES / "registers", post=True)
    lines = {total["award"]: (total["approved_lines"], total["approved"]) for total in found["totals"]}
    assert lines["base-construction"] == (9, "9000000.00")
    assert lines["studio-grant"] == (20, "2000000.00")
    assert approved(found) == "11000000.00"
    assert [check["check"] for check in found["checks"] if check["performed"]] == ["ledger", "register:units"]


def test_everyone_claimed_again_gets_not_one_fen_more(tmp_path: Path) -> None:
    """Spelled otherwise, in another order, as csv; and what was sent later pays its promotion alone."""
    awards(tmp_path, PAID, post=True)
    source = openpyxl.load_workbook(PAID).active
    rows = [[cell.value for cell in row] for row in source.iter_rows(min_row=3)]
    header, data = rows[0], [row for row in rows[1:] if row[1]]
    for row in data:
        name = row[1].removesuffix("技能大师工作室").removesuffix("高技能人才实训基地").removeprefix("太原市")
        ending = "工作室" if "工作室" in row[1] else "实训基地"
        row[1] = f" 太原市（{name[0]}{name[1:]}）市级 {ending}"
        row[6] = None if row[6] is None else f"并人社发〔2021〕{row[0]}号"
    with (tmp_path / "again.csv").open("w", encoding="gb18030", newline="") as target:
        csv.writer(target).writerows([header, *reversed(data)])
    found = awards(tmp_path, tmp_path / "again.csv")
    assert {line["status"] for line in found["lines"]} == {"posted"}
    assert approved(found) == "0.00"
    more = awards(tmp_path, LATER, today="2021-12-31")
    assert approved(more) == "200000.00"
    assert [line["status"] for line in more["lines"]] == ["posted", "approved", "held", "rejected", "held"]


def test_the_same_bytes_again_are_the_same_batch_and_rebuild_writes_its_workbooks(tmp_path: Path) -> None:
    first = awards(tmp_path, PAID, post=True)
    assert first["batch"] == {"id": 1, "already_posted": False}
    again = awards(tmp_path, PAID, post=True)
    assert again["batch"] == {"id": 1, "already_posted": True}
    assert again["lines"] == first["lines"]
    rebuilt = run("ledger", "rebuild", 1, "--out", tmp_path / "again", "--ledger", tmp_path / "ledger.db")
    assert rebuilt.exit_code == 0, rebuilt.stderr
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == names
    for name in names:
        assert _cells(tmp_path / "out" / name) == _cells(tmp_path / "again" / name)
        assert (tmp_path / "out" / name).stat().st_mode & 0o777 == 0o600


def _cells(path: Path) -> list[Any]:
    book = openpyxl.load_workbook(path)
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets]


def test_the_claim_workbook_has_what_is_signed(tmp_path: Path) -> None:
    """The unit, document, day and account on the page; the sum in words; what the unit was paid since the start."""
    rows = [STUDIO]
    awards(tmp_path, sheet_of(rows, tmp_path / "a.xlsx"), post=True)
    later = [STUDIO | {"级别": "省级", "认定日期": "2020-02-01", "认定文号": "晋人社函〔2020〕7号"}]
    awards(tmp_path, sheet_of(later, tmp_path / "b.xlsx"), post=True)
    page = openpyxl.load_workbook(tmp_path / "out" / "太原重工-批次2.xlsx").worksheets[0]
    said = [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]
    for part in (
        "王建国技能大师工作室",
        "晋人社函〔2020〕7号",
        "2020-02-01",
        "晋商银行",
        "1401000000000001234",
        200000,
        300000,
    ):
        assert part in said, part
    assert any("贰拾万元整" in str(part) for part in said)


def test_page_1_has_the_hosts_account_of_row_or_register_and_neither_where_they_differ(tmp_path: Path) -> None:
    row, account = STUDIO["银行账号"], "6222000000000009999"
    said = {
        "row alone": (row, None, [row]), "register alone": (None, account, [account]), "both": (row, row, [row]),
        "they differ": (row, account, []),
    }  # fmt: skip
    for name, (written, registered, expected) in said.items():
        folder = tmp_path / name
        folder.mkdir()
        write_register(folder / "lists", "payees", {"payee": STUDIO["依托单位"], "account": registered})
        file = sheet_of([STUDIO | {"银行账号": written}], folder / "申领.xlsx")
        document = awards(folder, file, registers=folder / "lists")
        page = openpyxl.load_workbook(document["outputs"][0]).worksheets[0]
        cells = {str(cell.value) for line in page.iter_rows() for cell in line}
        assert [one for one in (row, account) if one in cells] == expected, name


def test_void_and_reopen(tmp_path: Path) -> None:
    file, ledger = sheet_of([STUDIO], tmp_path / "a.xlsx"), tmp_path / "ledger.db"
    awards(tmp_path, file, post=True)
    done = run("ledger", "void", 1, "--why", "撤销认定", "--ledger", ledger, "--today", TODAY)
    assert done.exit_code == 0, done.stderr
    held = awards(tmp_path, file)
    assert [(line["status"], line["approved"]) for line in held["lines"]] == [("held", "0.00")]
    assert "REVERSED_BEFORE" in codes(held)[0]
    assert "撤销认定" in held["lines"][0]["reasons"][0]["message"]
    reopened = run("ledger", "reopen", 1, "--line", 1, "--why", "复核", "--ledger", ledger)
    assert reopened.exit_code == 0, reopened.stderr
    assert approved(awards(tmp_path, file, post=True)) == "100000.00"
    for command in (("verify",), ("list",), ("show", 1), ("export", tmp_path / "all.xlsx")):
        done = run("ledger", *command, "--ledger", ledger)
        assert done.exit_code == 0, (command, done.stderr)
    shown = json.loads(run("ledger", "show", 1, "--ledger", ledger, "--format", "json").stdout)
    assert shown["lines"][0]["programme"] == "studio-grant"
    assert (shown["lines"][0]["payee"], shown["lines"][0]["unit"]) == ("太原重工", "王建国技能大师工作室")
    used = json.loads(
        run("funds", "--out", tmp_path, "--ledger", ledger, "--year", 2020, "--format", "json", "--today", TODAY).stdout
    )
    assert used["totals"]["net"] == "100000.00"


def test_a_budget_that_would_be_overdrawn_holds_what_does_not_fit(tmp_path: Path) -> None:
    """10,100,000 of 人才经费: nine bases and eleven studios fit, in the order of lines; nine studios wait."""
    lists = tmp_path / "lists"
    write_register(lists, "budgets", {"fund": "人才经费", "year": 2020, "budget": 10_100_000})
    found = awards(tmp_path, PAID, registers=lists)
    assert approved(found) == "10100000.00"
    assert [status for line in found["lines"] if (status := line["status"]) != "approved"] == ["held"] * 9
    assert sum("OVER_BUDGET" in each for each in codes(found)) == 9


def test_a_decision_on_the_sheet_of_held_lines_releases_it(tmp_path: Path) -> None:
    """Two names that differ in one character wait; the clerk says that they are two, and both are paid."""
    rows = [STUDIO, STUDIO | {"名称": "王建园技能大师工作室", "认定文号": "并人社发〔2019〕2号"}]
    file = sheet_of(rows, tmp_path / "a.xlsx")
    assert approved(awards(tmp_path, file)) == "0.00"
    book = openpyxl.load_workbook(tmp_path / "out" / "太原重工.xlsx")
    sheet = book["待核"]
    head = next(row for row in sheet.iter_rows() if "决定" in [cell.value for cell in row])
    column = {cell.value: cell.column for cell in head if cell.value}
    for number in range(head[0].row + 1, sheet.max_row + 1):
        if sheet.cell(number, column["原因代码"]).value == "SIMILAR_UNIT":
            sheet.cell(number, column["决定"]).value = "放行"
            sheet.cell(number, column["依据"]).value = "两个工作室，已查认定文件"
    book.save(tmp_path / "decided.xlsx")
    found = awards(tmp_path, file, decisions=tmp_path / "decided.xlsx", post=True)
    assert approved(found) == "200000.00"
    assert all("RELEASED" in each for each in codes(found))
    assert found["decisions"] == {"entries": 2, "used": 2, "unused": 0}


def test_a_unit_that_is_struck_through_is_not_paid(tmp_path: Path) -> None:
    """As in rosters; that of a neighbour stands."""
    file = sheet_of([STUDIO, STUDIO | {"名称": "李爱民技能大师工作室", "认定文号": "二号"}], tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(file)
    column = next(cell.column for cell in book.active[1] if cell.value == "名称")
    book.active.cell(2, column).font = openpyxl.styles.Font(strike=True)
    book.save(file)
    found = awards(tmp_path, file)
    assert [line["approved"] for line in found["lines"]] == ["0.00", "100000.00"]
    assert codes(found) == [["WITHDRAWN"], []]


def test_what_a_merged_amount_pays_is_its_total_at_most_in_one_run_or_two(tmp_path: Path) -> None:
    """100 万元 in one cell for two bases: the plan's figure is a base's, and the claim is for both."""
    bases = [
        STUDIO | {"名称": name, "类型": "实训基地", "补贴项目": "建设补贴", "认定文号": number, "申报金额": ""}
        for name, number in (("甲乙丙实训基地", "一号"), ("丁戊己实训基地", "二号"))
    ]
    file = sheet_of(bases, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(file)
    sheet = book.active
    column = next(cell.column for cell in sheet[1] if cell.value == "申报金额")
    sheet.cell(2, column, "100万元")
    sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
    book.save(file)

    def post(*decided: tuple[int, str]) -> Any:
        said = {
            "补贴项目": "实训基地建设补贴",
            "级别": "市级",
            "原因代码": "MERGED_AMOUNT",
            "决定": "放行",
            "依据": "会议纪要",
        }
        rows = [
            {key: bases[place][key] for key in ("名称", "认定日期")} | said | {"核定金额": yuan}
            for place, yuan in decided
        ]
        path = sheet_of(rows, tmp_path / "decided.xlsx")
        ledger = ["--ledger", tmp_path / "ledger.db", "--today", TODAY]
        return run("awards", file, "--decisions", path, "--post", "--out", tmp_path / "out", "-f", "json", *ledger)

    for both in ([(0, "1000000"), (1, "1000000")], [(0, "600000"), (1, "400000.01")]):
        done = post(*both)
        assert done.exit_code == 2
        assert "高于共用的申报金额 1000000.00 元" in done.stderr
    assert paid_of(post((0, "600000"))) == ["600000.00", "0.00"]
    assert post((1, "400000.01")).exit_code == 2
    assert paid_of(post((1, "400000"))) == ["0.00", "400000.00"]


def of_two_awards(folder: Path, yuan: str) -> Path:
    """A row that asks for a grant and an evaluation award, with one amount."""
    asked = {"补贴项目": "工作室补助、工作室评估奖励", "申报金额": yuan}
    return sheet_of([STUDIO | EVALUATION | asked], folder / "两项.xlsx")


def decided_on(folder: Path, award: str, day: str, yuan: str) -> list[object]:
    said = {
        "补贴项目": award,
        "日期": day,
        "原因代码": "AMOUNT_UNASSIGNED",
        "决定": "放行",
        "依据": "纪要",
        "核定金额": yuan,
    }
    said |= {"名称": STUDIO["名称"], "级别": "市级", "评估年度": EVALUATION["评估年度"]}
    return ["--decisions", sheet_of([said], folder / "decided.xlsx")]


def posting(folder: Path, file: Path, *more: object) -> Any:
    ledger = ["--ledger", folder / "ledger.db", "--today", TODAY, "--lang", "zh"]
    return run("awards", file, "--post", "--out", folder / "out", "-f", "json", *ledger, *more)


def test_an_amount_of_a_row_that_asks_for_two_awards_is_paid_once_in_one_run_or_two(tmp_path: Path) -> None:
    file = of_two_awards(tmp_path, "100000")
    grant = posting(tmp_path, file, *decided_on(tmp_path, "工作室补助", STUDIO["认定日期"], "60000"))
    assert paid_of(grant) == ["60000.00", "0.00"]
    for yuan, paid in (("40000.01", None), ("40000", ["0.00", "40000.00"])):
        done = posting(tmp_path, file, *decided_on(tmp_path, "工作室评估奖励", EVALUATION["评估日期"], yuan))
        if paid is None:
            assert done.exit_code == 2
            assert "高于共用的申报金额（连同已付的 60000.00 元）100000.00 元" in done.stderr
        else:
            assert paid_of(done) == paid


def test_what_another_claim_paid_is_no_part_of_a_rows_amount(tmp_path: Path) -> None:
    assert paid_of(posting(tmp_path, sheet_of([STUDIO], tmp_path / "a.xlsx"))) == ["100000.00"]
    decided = decided_on(tmp_path, "工作室评估奖励", EVALUATION["评估日期"], "50000")
    assert paid_of(posting(tmp_path, of_two_awards(tmp_path, "50000"), *decided)) == ["0.00", "50000.00"]


@pytest.mark.parametrize(
    ("row", "general", "day"), [(STUDIO | EVALUATION, "评估奖励", "评估日期"), (A_BASE, "建设补贴", "认定日期")]
)
def test_a_decision_may_name_an_award_as_its_row_does(tmp_path: Path, row: Any, general: str, day: str) -> None:
    """评估奖励 and 建设补贴 alone are awards in rows (contract-2, 3): a decision brought back says the same words."""
    file = sheet_of([row | {"补贴项目": general, "依托单位": "", "申报金额": "一百"}], tmp_path / "一项.xlsx")
    said = {"补贴项目": general, "日期": row[day], "原因代码": "BAD_AMOUNT", "决定": "不予", "依据": "纪要"}
    said |= {key: row[key] for key in ("名称", "级别", "评估年度") if key in row}
    done = posting(tmp_path, file, "--decisions", sheet_of([said], tmp_path / "decided.xlsx"))
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["decisions"] == {"entries": 1, "used": 1, "unused": 0}


@pytest.mark.parametrize("word", ["放行", "不予"])
def test_a_decision_stands_on_the_cell_of_what_it_is_about(tmp_path: Path, word: str) -> None:
    """As in rosters."""
    file = sheet_of([STUDIO | {"申报金额": "80000"}], tmp_path / "a.xlsx")
    said = {"补贴项目": "工作室补助", "原因代码": "AMOUNT_BELOW", "决定": word, "依据": "纪要"}
    said |= {key: STUDIO[key] for key in ("名称", "级别", "认定日期")}
    decided = sheet_of([said], tmp_path / "decided.xlsx")
    (line,) = awards(tmp_path, file, decisions=decided)["lines"]
    cells = {reason["code"]: reason["cell"] for reason in line["reasons"]}
    assert cells["RELEASED" if word == "放行" else "DECIDED_AGAINST"] == cells["AMOUNT_BELOW"] == "I2"
    assert (line["status"], line["approved"]) == (("approved", "80000.00") if word == "放行" else ("rejected", "0.00"))


@pytest.mark.parametrize("grade", ["级别", "等级"])
@pytest.mark.parametrize("date", ["认定日期", "日期", "开班日期"])
def test_a_table_of_decisions_has_the_contracts_headings_for_a_unit_too(tmp_path: Path, grade: str, date: str) -> None:
    """Of 名称, 补贴项目, 开班日期, …, 等级, 原因代码 the last but one is the grade, the third the award's date."""
    file = sheet_of([STUDIO | {"申报金额": "80000"}], tmp_path / "a.xlsx")
    said = {"名称": STUDIO["名称"], "补贴项目": "工作室补助", grade: STUDIO["级别"], date: STUDIO["认定日期"]}
    said |= {"原因代码": "AMOUNT_BELOW", "决定": "放行", "依据": "纪要"}
    (line,) = awards(tmp_path, file, decisions=sheet_of([said], tmp_path / "decided.xlsx"))["lines"]
    assert (line["status"], line["approved"]) == ("approved", "80000.00")


def test_each_command_says_what_the_other_ones_file_is(tmp_path: Path) -> None:
    roster = write(
        tmp_path / "roster.xlsx",
        [["姓名", "身份证号", "工种", "等级"], ["王一", "140105199001010120", "焊工", "初级工"]],
    )
    common = ["--ledger", tmp_path / "l.db", "--out", tmp_path / "o", "--today", TODAY]
    wrong = run("awards", roster, *common)
    assert (wrong.exit_code, "trainingcli claims" in wrong.stderr) == (3, True), wrong.stderr
    wrong = run("claims", PAID, *common)
    assert (wrong.exit_code, "trainingcli awards" in wrong.stderr) == (3, True), wrong.stderr


def test_accounts_are_masked_outside_the_workbooks(tmp_path: Path) -> None:
    file = sheet_of([STUDIO], tmp_path / "a.xlsx")
    done = run(
        "awards", file, "--out", tmp_path / "out", "--ledger", tmp_path / "l.db", "--today", TODAY, "--format", "json"
    )
    assert "1401000000000001234" not in done.stdout + done.stderr


def test_a_returned_workbook_marks_what_waits(tmp_path: Path) -> None:
    file = sheet_of([STUDIO | {"认定日期": "2019年11月"}], tmp_path / "a.xlsx")
    awards(tmp_path, file, returns=True)
    assert (tmp_path / "out" / "退回" / "a-退回.xlsx").exists()


@pytest.mark.parametrize("form", ["csv", "ndjson", "table"])
def test_the_other_formats(tmp_path: Path, form: str) -> None:
    done = run(
        "awards", PAID, "--ledger", tmp_path / "l.db", "--out", tmp_path / "o", "--today", TODAY, "--format", form
    )
    assert done.exit_code == 0, done.stderr
    if form == "csv":
        read = list(csv.DictReader(done.stdout.splitlines()))
        assert len(read) == 29
        assert read[0]["award"] == "base-construction"
    elif form == "ndjson":
        assert [json.loads(text)["approved"] for text in done.stdout.splitlines()].count("1000000.00") == 9
    else:
        assert "11,000,000.00" in done.stdout


def test_one_row_is_explained(tmp_path: Path) -> None:
    """Contract-2, 3: `explain FILE --row N`; what the ledger has as paid to the unit stands beside it."""
    where = ["--registers", SAMPLES / "registers", "--ledger", tmp_path / "ledger.db", "--today", TODAY]
    awards(tmp_path, PAID, registers=SAMPLES / "registers", post=True)
    asked = ["explain", PAID, "--row", 5, *where, "--format", "json"]
    found = json.loads(run(*asked).stdout)
    other = sheet_of([STUDIO], tmp_path / "other.xlsx")  # the same bytes again would show the batch as it was posted
    settled = awards(tmp_path, PAID, other, registers=SAMPLES / "registers")
    (line,) = [one for one in settled["lines"] if (one["input"], one["row"]) == (0, 5)]
    assert {key: found["lines"][0][key] for key in ("award", "status", "approved", "payee")} == {
        key: line[key] for key in ("award", "status", "approved", "payee")
    }
    assert (line["status"], found["lines"][0]["clause"]) == ("posted", "二(七)")
    assert [(one["award"], one["yuan"], one["batch"]) for one in found["earlier"]] == [
        ("base-construction", "1000000.00", 1)
    ]
    read = {cell["field"]: (cell["cell"], cell["read_as"]) for cell in found["cells"]}
    assert read["recognised"] == ("G5", "2019-12-20")
    assert read["claimed"] == ("L5", "1000000.00")
    assert read["account"][1] == "****0002", "masked unless asked"
    shown = run("explain", PAID, "--row", 5, *where, "--format", "table", "--unmask").stdout
    assert "市级高技能人才实训基地建设补贴 · 二(七)" in shown
    people = write(tmp_path / "名单.xlsx", [["身份证号", "类别"], ["140105199001010120", "退休"]])
    said = run("explain", PAID, "--row", 5, "--people", people, "--programme", "certificate", *where, "--lang", "zh")
    assert "没有用到 --people、--programme" in said.stderr
    assert run("explain", PAID, "--row", 1, *where).exit_code == 2
    (tmp_path / "no.csv").write_text("名字,证件\n1,2\n", encoding="utf-8")
    assert run("explain", tmp_path / "no.csv", "--row", 2, *where).exit_code == 3


def test_held_awards_of_no_known_unit_are_a_batch_without_payments(tmp_path: Path) -> None:
    """Contract-2, 4 (`ledger held`): found by the agreement over 30,000 lines, where `--post` ended with exit 2."""
    unknown = sheet_of([STUDIO | {"类型": "实验室"}], tmp_path / "a.xlsx")
    for already in (False, True):
        found = awards(tmp_path, unknown, post=True)
        assert [line["status"] for line in found["lines"]] == ["held"]
        assert found["batch"] == {"id": 1, "already_posted": already}
    assert run("ledger", "verify", "--ledger", tmp_path / "ledger.db").exit_code == 0
