"""`pay export`: payments worked out again from what was posted and voided; who is not paid; never twice unasked."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from cli.program import TODAY, run
from registers.builder import write as write_register
from reports.builder import reason
from trainingcli.ledger import open_ledger
from trainingcli.published import schemas_folder

from .books import EMPLOYERS, SCHOOLS, Books, Line, account_of, random_books

ACCOUNTS = {name: f"0502{place:014d}" for place, name in enumerate((*SCHOOLS, *EMPLOYERS), 1)}


def registers(folder: Path, *, institutions: Any = (), payees: Any = ()) -> Path:
    write_register(folder, "institutions", *institutions)
    write_register(folder, "payees", *payees)
    return folder


@pytest.fixture
def lists(tmp_path):
    """Every school and every employer with one account."""
    schools = [
        {"institution": name, "bank": "建设银行", "account": ACCOUNTS[name], "account_name": f"{name}基本户"}
        for name in SCHOOLS
    ]
    employers = [{"payee": name, "bank": "工商银行", "account": ACCOUNTS[name]} for name in EMPLOYERS]
    return registers(tmp_path / "lists", institutions=schools, payees=employers)


def export(ledger, out, lists, *options, batches=(1,), code=0) -> dict[str, Any]:
    asked = [part for batch in batches for part in ("--batch", batch)]
    done = run("pay", "export", *asked, "--ledger", ledger, "--out", out, "--registers", lists, "--today", TODAY,
               "-f", "json", "--unmask", *options)  # fmt: skip
    assert done.exit_code == code, done.stderr
    return json.loads(done.stdout)


def yuan(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2).quantize(Decimal("0.01")))


def cells(path) -> list[list[Any]]:
    return [[cell.value for cell in line] for line in openpyxl.load_workbook(path).active.iter_rows()]


@pytest.mark.parametrize("seed", range(4))
def test_payments_are_what_the_list_of_postings_and_voids_says(address, seed, tmp_path, lists):
    with open_ledger(address) as ledger:
        books = random_books(ledger, seed + 40, steps=14)
    batches = [number for number, (kind, _) in books.batches.items() if kind != "import"]
    lines = [line for line in books.standing() if line.batch in batches]
    expected: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        own = line.programme == "living-allowance"
        expected[(line.id_number or "") if own else line.paid_to, line.fund].append(line)
    code = 3 if any(_is_bad(own) for own in expected.values()) else 0
    document = export(address, tmp_path / "out", lists, batches=batches, code=code)
    found = {(row["id_number"] or row["payee"], row["fund"]): row for row in document["payments"]}
    assert found.keys() == expected.keys()
    assert len(document["payments"]) == len(expected)
    for key, own in expected.items():
        assert (found[key]["yuan"], found[key]["lines"]) == (yuan(sum(line.yuan or 0 for line in own)), len(own))
        assert (found[key]["problem"] is not None) == _is_bad(own), key
        assert (found[key]["file"] is None) == _is_bad(own)
    assert document["totals"]["yuan"] == yuan(sum(line.yuan or 0 for line in lines))
    paid = [line for own in expected.values() if not _is_bad(own) for line in own]
    assert document["totals"]["written"]["yuan"] == yuan(sum(line.yuan or 0 for line in paid))
    written: dict[str, Decimal] = defaultdict(Decimal)
    for file in document["files"]:
        path = tmp_path / "out" / file["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
        for row in cells(path)[1:]:
            written[row[2]] += Decimal(str(row[4]))
    by_account: dict[str, int] = defaultdict(int)
    for line in paid:
        digits = (account_of(line.person or 0) or "") if line.programme == "living-allowance" else ""
        by_account[digits.replace(" ", "").replace("-", "") or ACCOUNTS[line.paid_to]] += line.yuan or 0
    assert {account: yuan(int(total * 100)) for account, total in written.items()} == {
        account: yuan(fen) for account, fen in by_account.items()
    }


def _is_bad(own: list[Line]) -> bool:
    return own[0].programme == "living-allowance" and (own[0].person or 0) % 7 in (0, 1)


@pytest.fixture
def book(sqlite_address):
    """A school and a trainee with two subsidies of one fund; an employer; a base and its host; one line reversed."""
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        allowance = {"programme": "living-allowance", "account": "6222021001122334455", "bank": "农业银行"}
        lines = [
            Line(1), Line(2), Line(1, name="王小明", **allowance),
            Line(1, name="王小明", occupation="焊工", start="2020-09-01", **allowance),
            Line(3, "enterprise-training", institution=None, employer="太原某厂"), Line(4, yuan=1),
        ]  # fmt: skip
        books.post("2020-12-01", lines)
        base = Line(None, "base-award", None, None, start="2020-12-01", end=None, category=None, name="第一实训基地",
                    institution=None, payee="依托公司", account="0502 0099 0000 1111", bank="光大银行")  # fmt: skip
        books.post("2021-02-01", [base], "awards", columns={"host": ["依托公司"]})
        books.void([lines[5]], "2021-03-01")
    return sqlite_address


def test_one_payment_a_payee_and_fund_from_the_right_account(book, tmp_path, lists):
    document = export(book, tmp_path / "out", lists, batches=(2, 1, 1))
    assert [
        tuple(row[key] for key in ("payee", "fund", "account", "bank", "yuan", "lines")) for row in document["payments"]
    ] == [
        ("依托公司", "人才经费", "0502009900001111", "光大银行", "200000.00", 1),
        ("晋阳职业培训学校", "就业补助资金", ACCOUNTS["晋阳职业培训学校"], "建设银行", "1600.50", 2),
        ("王小明", "就业补助资金", "6222021001122334455", "农业银行", "300.02", 2),
        ("太原某厂", "市财政", ACCOUNTS["太原某厂"], "工商银行", "300.00", 1),
    ]  # fmt: skip
    assert document["totals"] == {
        "payments": 4, "lines": 6, "yuan": "202200.52",
        "written": {"payments": 4, "lines": 6, "yuan": "202200.52"},
        "problems": {"payments": 0, "lines": 0, "yuan": "0.00"},
    }  # fmt: skip
    path = tmp_path / "out" / "付款1-就业补助资金-1.xlsx"
    assert path.stat().st_mode & 0o777 == 0o600
    assert cells(path) == [
        ["序号", "收款人户名", "收款人账号", "开户银行", "金额(元)", "用途"],
        ["1", "晋阳职业培训学校基本户", ACCOUNTS["晋阳职业培训学校"], "建设银行", 1600.5, "职业技能培训补贴"],
        ["2", "王小明", "6222021001122334455", "农业银行", 300.02, "职业技能培训补贴"],
    ]
    control = cells(tmp_path / "out" / "付款1-控制表.xlsx")
    rows = {row[0]: row for row in control}
    for file in document["files"]:
        assert rows[file["file"]][5] == file["sha256"]
        assert yuan(round(rows[file["file"]][4] * 100)) == file["yuan"]
    assert rows["合计"][2:6] == [4, 6, 202200.52, "贰拾万贰仟贰佰元伍角贰分"]


def test_what_goes_to_a_terminal_or_a_pipe_is_masked(book, tmp_path, lists):
    done = run("pay", "export", "--batch", 1, "--ledger", book, "--out", tmp_path / "out", "--registers", lists,
               "--today", TODAY, "-f", "json")  # fmt: skip
    assert "王小明" not in done.stdout
    assert "6222021001122334455" not in done.stdout
    assert "****4455" in done.stdout
    done = run("pay", "export", "--batch", 1, "--again", "再来", "--ledger", book, "--out", tmp_path / "out",
               "--registers", lists, "--today", TODAY, "-f", "table")  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert "王小明" not in done.stdout
    assert "6222021001122334455" not in done.stdout


def test_a_batch_goes_out_once_unless_it_is_asked_for_with_a_reason(book, tmp_path, lists):
    first = export(book, tmp_path / "out", lists)
    ask = ["pay", "export", "--ledger", book, "--out", tmp_path / "two", "--registers", lists, "--today", "2022-01-05"]
    for batches in (["--batch", 1], ["--batch", 1, "--batch", 2]):
        done = run(*ask, *batches)
        assert (done.exit_code, done.stderr.count("\n")) == (2, 2), done.stderr  # the ledger's name, the refusal
        assert TODAY in done.stderr
        assert "第 1 号" in done.stderr
        assert "--again" in done.stderr
    assert not (tmp_path / "two").exists()
    assert run(*ask, "--batch", 1, "--again", " ").exit_code == 2
    again = export(book, tmp_path / "out", lists, "--again", "银行退回")
    assert (first["number"], again["number"]) == (1, 2)
    assert again["payments"] == [{**row, "file": row["file"].replace("付款1", "付款2")} for row in first["payments"]]
    with open_ledger(book) as ledger:
        records = ledger.records("payments")
        assert ledger.verify().ok
    assert records["why"].tolist()[1] == "银行退回"
    facts = [json.loads(text) for text in records["facts"]]
    assert [(one["number"], one["batches"], one["yuan"], one["left"]) for one in facts] == [
        (1, [1], "2200.52", []), (2, [1], "2200.52", []),
    ]  # fmt: skip
    assert [file["sha256"] for file in facts[0]["files"]] == [file["sha256"] for file in first["files"]]
    assert "6222" not in "".join(records["facts"])
    assert "王" not in "".join(records["facts"])


def test_what_was_left_out_goes_out_alone_once_it_is_mended(book, tmp_path, lists):
    registers(lists, payees=[{"payee": "太原某厂", "account": "6222****1234"}])
    write_register(lists, "institutions", {"institution": "晋阳职业培训学校", "account": ACCOUNTS["晋阳职业培训学校"]})
    first = export(book, tmp_path / "out", lists, code=3)
    assert [row["payee"] for row in first["payments"] if row["problem"]] == ["太原某厂"]
    write_register(lists, "payees", {"payee": "太原某厂", "account": ACCOUNTS["太原某厂"]})
    rest = export(book, tmp_path / "out", lists, "--rest")
    assert [(row["payee"], row["yuan"]) for row in rest["payments"]] == [("太原某厂", "300.00")]
    nothing = export(book, tmp_path / "out", lists, "--rest")
    assert (nothing["payments"], nothing["number"], nothing["outputs"]) == ([], None, [])
    with open_ledger(book) as ledger:
        assert len(ledger.records("payments")) == 2


PROBLEMS = {
    "none": [None], "masked": ["6222****1234"], "words": ["暂缺"], "short": ["1234567"], "phone": ["13800001234"],
    "letters": ["62220210ABCD3344"], "precision": [6222021001122334455], "text of one": ["6.22202E+18"],
    "the same digit": ["0000000000000000"], "two": ["6222021001122334455", "6222021001122334466"],
    "one of two is bad": ["6222021001122334455", "6222****4455"],
}  # fmt: skip


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_school_without_one_sound_account_is_listed_and_the_others_are_paid(book, tmp_path, lists, kind):
    rows = [
        {"institution": "晋阳职业培训学校", "account": account, "occupations": occupation, "bank": "建设银行"}
        for account, occupation in zip(PROBLEMS[kind], ("电工", "焊工"), strict=False)
    ]
    write_register(lists, "institutions", *rows)
    document = export(book, tmp_path / "out", lists, code=3)
    (bad,) = [row for row in document["payments"] if row["problem"]]
    assert (bad["payee"], bad["file"], bad["yuan"]) == ("晋阳职业培训学校", None, "1600.50")
    assert document["totals"]["written"]["payments"] == 2
    texts = [str(cell) for file in document["files"] for row in cells(tmp_path / "out" / file["file"]) for cell in row]
    assert not any("晋阳" in text for text in texts)
    control = [str(cell) for row in cells(tmp_path / "out" / "付款1-控制表.xlsx") for cell in row]
    assert bad["problem"] in control
    assert "6222021001122334455" not in bad["problem"]


def test_one_account_written_in_two_ways_or_with_an_older_row_is_one(book, tmp_path, lists):
    row = {"institution": "晋阳职业培训学校"}
    write_register(
        lists, "institutions",
        {**row, "account": "0502 0000-0000", "occupations": "电工"}, {**row, "account": "050200000000"},
        {**row, "account": "999999990000", "until": "2020-06-30", "occupations": "焊工"},
    )  # fmt: skip
    document = export(book, tmp_path / "out", lists)
    assert document["payments"][0]["account"] == "050200000000"


def test_an_institution_is_not_paid_by_the_list_of_other_payees(book, tmp_path, lists):
    """payees.xlsx makes nobody an institution, and an employer may stand in either."""
    write_register(lists, "institutions", {"institution": "太原某厂", "account": "0502000000009999"})
    write_register(lists, "payees", {"payee": "晋阳职业培训学校", "account": "0502000000008888"})
    document = export(book, tmp_path / "out", lists, code=3)
    found = {row["payee"]: row["account"] for row in document["payments"]}
    assert found["晋阳职业培训学校"] is None
    assert found["太原某厂"] == "0502000000009999"
    write_register(lists, "payees", {"payee": "太原某厂", "account": "0502000000007777"})
    again = export(book, tmp_path / "out", lists, "--again", "试", code=3)
    assert "2 个不同的账号" in {row["payee"]: row["problem"] for row in again["payments"]}["太原某厂"]


def post_trainees(address, *lines: Line, reasons: Any = ()) -> None:
    with open_ledger(address) as ledger:
        Books(ledger).post("2020-12-01", lines, reasons=reasons)


def trainee(number: int, **fields: Any) -> Line:
    return Line(number, "living-allowance", **{"name": f"学员{number}", "account": f"62220210{number:011d}"} | fields)


def test_trainees_with_doubtful_accounts_are_not_paid(sqlite_address, tmp_path, lists):
    """Two accounts in two rows, one's own ID number or phone, one that lost its digits although it was released."""
    own = Line(3).id_number
    lost = reason(4, "SHARED_PHONE", field="account") | {"code": "NUMBER_PRECISION_LOST"}  # released by somebody
    post_trainees(
        sqlite_address,
        trainee(1), trainee(1, occupation="焊工", start="2020-09-01", account="6222021009999999999"),
        trainee(3, account=own), trainee(4, account="13800001234"), trainee(5), trainee(6),
        reasons=[lost],
    )  # fmt: skip
    document = export(sqlite_address, tmp_path / "out", lists, code=3)
    assert {row["payee"]: row["problem"] is None for row in document["payments"]} == {
        "学员1": False, "学员3": False, "学员4": False, "学员5": False, "学员6": True,
    }  # fmt: skip
    assert document["totals"]["written"] == {"payments": 1, "lines": 1, "yuan": "150.01"}


def gbk_rows(document, out, encoding="gbk") -> list[list[str]]:
    (file,) = document["files"]
    raw = (out / file["file"]).read_bytes()
    assert b"\r\n" in raw
    return list(csv.reader(io.StringIO(raw.decode(encoding), newline="")))


def test_a_name_that_gbk_lacks_is_a_problem_and_never_a_question_mark(sqlite_address, tmp_path, lists):
    post_trainees(sqlite_address, trainee(1, name="王𠮷"), trainee(2, name="李㐂"), trainee(3, name="买买提·艾力, 小"))
    document = export(sqlite_address, tmp_path / "out", lists, "--bank", "gbk-csv", code=3)
    assert [row["problem"] is None for row in document["payments"]] == [False, False, True]
    assert "gbk" in document["payments"][0]["problem"]
    rows = gbk_rows(document, tmp_path / "out")
    assert rows == [
        ["序号", "收款人账号", "收款人户名", "开户银行", "金额", "用途"],
        ["1", "6222021000000000003", "买买提·艾力, 小", "工商银行", "150.01", "职业技能培训补贴"],
    ]
    wider = export(sqlite_address, tmp_path / "out", lists, "--rest")
    assert {row["payee"] for row in wider["payments"]} == {"王𠮷", "李㐂"}


def test_no_name_is_a_formula(sqlite_address, tmp_path, lists):
    names = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)"]
    post_trainees(sqlite_address, *(trainee(number, name=name) for number, name in enumerate(names, 1)), trainee(9))
    plain = export(sqlite_address, tmp_path / "out", lists)
    book = openpyxl.load_workbook(tmp_path / "out" / plain["files"][0]["file"])
    found = [cell for line in book.active.iter_rows() for cell in line]
    assert not any(cell.data_type == "f" for cell in found)
    assert set(names) <= {cell.value for cell in found}
    document = export(sqlite_address, tmp_path / "out", lists, "--bank", "gbk-csv", "--again", "试", code=3)
    assert [row["payee"] for row in document["payments"] if row["problem"] is None] == ["学员9"]
    assert not any(cell[:1] in "=+-@" for row in gbk_rows(document, tmp_path / "out") for cell in row if cell)


OWN: dict[str, Any] = {
    "schema": "trainingcli.bank/1", "form": "csv", "encoding": "utf-8", "separator": "|", "header": 3, "rows": 2,
    "number": "0", "file": "P{number}_{fund}_{part}",
    "columns": [
        {"heading": "ACC", "value": "account"}, {"heading": "NAME", "value": "account_name"},
        {"heading": "FEN", "value": "yuan"}, {"heading": "CUR", "text": "CNY"}, {"heading": "N", "value": "lines"},
    ],
}  # fmt: skip


def test_a_profile_of_ones_own_with_a_bound_of_rows(sqlite_address, tmp_path, lists):
    post_trainees(sqlite_address, *(trainee(number, yuan=12_345_678_901 + number) for number in range(1, 6)))
    (tmp_path / "bank.yaml").write_text(yaml.safe_dump(OWN, allow_unicode=True), encoding="utf-8")
    document = export(sqlite_address, tmp_path / "out", lists, "--bank", tmp_path / "bank.yaml")
    names = [f"P1_就业补助资金_{part}.csv" for part in (1, 2, 3)]
    assert [(file["file"], file["payments"]) for file in document["files"]] == list(zip(names, (2, 2, 1), strict=True))
    text = (tmp_path / "out" / names[2]).read_bytes().decode("utf-8")
    assert text == "\r\n\r\nACC|NAME|FEN|CUR|N\r\n6222021000000000005|学员5|12345678906|CNY|1\r\n"
    assert document["payments"][0]["yuan"] == "123456789.02"


def test_every_shipped_profile_writes(sqlite_address, tmp_path, lists):
    post_trainees(sqlite_address, trainee(1))
    shipped = sorted(path.stem for path in (schemas_folder() / "banks").glob("*.yaml"))
    assert shipped == ["gbk-csv", "generic", "three-column"]
    for place, name in enumerate(shipped):
        again = ["--again", "试"] if place else []
        document = export(sqlite_address, tmp_path / "out", lists, "--bank", name, *again)
        assert document["totals"]["written"]["yuan"] == "150.01"
    assert cells(tmp_path / "out" / "代发3-就业补助资金-1.xlsx") == [
        ["账号", "户名", "金额"], ["6222021000000000001", "学员1", 150.01],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"columns": OWN["columns"][1:]}, {"file": "P{number}{fund}"}, {"file": "../{number}{fund}{part}"},
        {"rows": 0}, {"encoding": "ascii"}, {"more": 1}, {"number": "0.0"},
    ],
)  # fmt: skip
def test_a_profile_that_does_not_hold_is_wrong_usage(book, tmp_path, lists, change):
    (tmp_path / "bank.yaml").write_text(yaml.safe_dump(OWN | change, allow_unicode=True), encoding="utf-8")
    for name in (tmp_path / "bank.yaml", tmp_path / "none.yaml", "no-such"):
        done = run("pay", "export", "--batch", 1, "--bank", name, "--ledger", book, "--registers", lists,
                   "--out", tmp_path / "out")  # fmt: skip
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.stderr
        assert "--bank" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["a: [", "- 1\n- 2", "\udcff", "&a [*a]", "a: 2020-01-01"])
def test_a_profile_that_is_no_profile_is_wrong_usage(book, tmp_path, lists, text):
    (tmp_path / "bank.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    done = run("pay", "export", "--batch", 1, "--bank", tmp_path / "bank.yaml", "--ledger", book, "--registers", lists)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.stderr


def test_batches_that_are_none_or_were_imported_and_a_ledger_that_is_not_there(sqlite_address, tmp_path, lists):
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        books.post("2020-12-01", [Line(1)], "import")
        books.post("2020-12-02", [Line(2)])
        books.void([books.lines[1]], "2020-12-03")
    ask = ["pay", "export", "--registers", lists, "--out", tmp_path / "no"]
    cases = [(["--batch", 1], 2, "导入"), (["--batch", 9], 2, "没有批次 9"), (["--batch", 2], 0, "没有要付的"),
             (["--batch", 3], 0, "没有要付的"), ([], 2, "--batch"),
             (["--batch", 2, "--again", "a", "--rest"], 2, "--rest")]  # fmt: skip
    for options, code, said in cases:
        done = run(*ask, *options, "--ledger", sqlite_address)
        assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
    done = run(*ask, "--batch", 1, "--ledger", tmp_path / "none.db")
    assert (done.exit_code, done.stderr.count("\n")) == (4, 1)
    assert str(tmp_path / "none.db") in done.stderr
    assert not (tmp_path / "no").exists()
    with open_ledger(sqlite_address) as ledger:
        assert len(ledger.records("payments")) == 0


def test_where_nothing_can_be_paid_nothing_is_written_or_kept(sqlite_address, tmp_path, lists):
    post_trainees(sqlite_address, trainee(1, account=None))
    document = export(sqlite_address, tmp_path / "no", lists, code=3)
    assert (document["number"], document["batch"], document["outputs"]) == (None, None, [])
    assert not (tmp_path / "no").exists()
    with open_ledger(sqlite_address) as ledger:
        assert len(ledger.records("payments")) == 0


def test_a_folder_that_cannot_be_written_leaves_no_record_and_no_draft(book, tmp_path, lists):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "付款1-市财政-1.xlsx").write_bytes(b"mine")
    export_ = ["pay", "export", "--batch", 1, "--ledger", book, "--registers", lists, "--today", TODAY]
    assert run(*export_, "--out", tmp_path / "out").exit_code == 5
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["付款1-市财政-1.xlsx"]
    (tmp_path / "file").write_bytes(b"")
    assert run(*export_, "--out", tmp_path / "file").exit_code == 5
    with open_ledger(book) as ledger:
        assert len(ledger.records("payments")) == 0
