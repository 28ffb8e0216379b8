"""What `ledger` writes down and shows at the command line: who, why, on which day; copies; what was not imported."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from cli.program import imported, run, write
from support.people import id_number

HEADINGS = [
    "姓名",
    "身份证号",
    "人员类别",
    "就业创业证号",
    "培训机构",
    "工种",
    "等级",
    "开班日期",
    "结业日期",
    "补贴项目",
    "申报金额",
]


def row(number: int, occupation: str = "电工", yuan: object = 800, start: str = "2020-07-01") -> list[object]:
    card = f"14010500200{number:05d}"
    return ["王小明", id_number(number), "退役军人", card, "晋阳技工学校", occupation, "初级工", start, "2020-07-15",
            "职业技能培训补贴", yuan]  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A ledger with one batch of two lines, posted for 2021-03-01 by 张会计."""
    source = write(tmp_path / "一班.xlsx", [HEADINGS, row(1), row(2)])
    posted(tmp_path, source, "--operator", "张会计")
    return tmp_path / "ledger.db"


def posted(folder: Path, source: Path, *more: object, today: str = "2021-03-01"):
    where = ["--ledger", folder / "ledger.db", "--out", folder / "out", "--today", today]
    return run("claims", source, "--post", *where, "--format", "json", *more)


def ledger(book: Path, *arguments: object, code: int = 0):
    done = run("ledger", arguments[0], *arguments[1:], "--ledger", book, "--format", "json")
    assert done.exit_code == code, done.stderr
    return json.loads(done.stdout) if done.stdout else done


def test_operator_why_and_day_are_kept_and_shown(book):
    """Contract, 'Ledger': each batch keeps the operator and, of a void, the why; `list`, `show`, `export` show both."""
    ledger(book, "void", 1, "--line", 2, "--why", "退训", "--operator", "李科长", "--today", "2021-05-01")
    listed = ledger(book, "list")["batches"]
    assert [(one["kind"], one["operator"], one["why"], one["day"]) for one in listed] == [
        ("claims", "张会计", None, "2021-03-01"), ("void", "李科长", "退训", "2021-05-01"),
    ]  # fmt: skip
    (shown,) = ledger(book, "show", 2)["lines"]
    assert (shown["operator"], shown["why"], shown["day"]) == ("李科长", "退训", "2021-05-01")


@pytest.mark.parametrize("columns", ["60", "80", "200"])
@pytest.mark.parametrize("kind", ["void", "reopen"])
def test_a_batch_on_the_screen_says_who_why_and_whose(book, columns, kind, monkeypatch):
    """`show` shows operator and why on a screen too, what a batch is, and of whom its entries are."""
    monkeypatch.setenv("COLUMNS", columns)
    ledger(book, "void", 1, "--line", 2, "--why", "退训", "--operator", "李科长")
    ledger(book, "reopen", 1, "--line", 2, "--why", "复学", "--operator", "王科长")
    batch, who, why, what = (2, "李科长", "退训", "reversal") if kind == "void" else (3, "王科长", "复学", "reopened")
    said = run("ledger", "show", batch, "--ledger", book, "--format", "table").stdout
    assert all(text in said for text in (who, why, what, "王*", id_number(2)[:6])), said
    (line,) = ledger(book, "show", batch)["lines"]
    assert (line["name"], line["id_number"][-4:]) == ("王*", id_number(2)[-4:])


def test_a_file_that_is_no_copy_of_a_ledger_is_not_blamed_on_the_ledger(book, tmp_path):
    (tmp_path / "流水.csv").write_text("金额", encoding="utf-8")
    done = run("ledger", "verify", "--ledger", book, "--against", tmp_path / "流水.csv")
    assert done.exit_code == 4
    assert "流水.csv" in done.stderr
    assert "--ledger" not in done.stderr


def test_the_export_has_signed_numbers_under_chinese_headings(book, tmp_path):
    ledger(book, "void", 1, "--line", 2, "--why", "退训", "--today", "2021-05-01")
    assert run("ledger", "export", tmp_path / "流水.xlsx", "--ledger", book).exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "流水.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    at = {name: place for place, name in enumerate(rows[0])}
    assert {"入账日", "操作人", "原因", "补贴对象", "区县", "资金来源"} <= set(at)
    assert [line[at["金额(元)"]] for line in rows[1:]] == [800, 800, -800]
    assert [line[at["入账日"]] for line in rows[1:]] == ["2021-03-01", "2021-03-01", "2021-05-01"]
    assert rows[3][at["原因"]] == "退训"


def test_the_export_has_the_district_of_whoever_trained_or_was_paid(book, tmp_path):
    """Contract, 'Ledger', and contract-2, 4: by the institutions' register, a reversal's too; else empty."""
    registers = tmp_path / "目录"
    registers.mkdir()
    listed = [["机构名称", "区县", "资格方式"], ["晋阳技工学校", "小店区", "审核备案"]]
    write(registers / "institutions.xlsx", listed)
    ledger(book, "void", 1, "--line", 2, "--why", "退训", "--today", "2021-05-01")
    for more, district in ((["--registers", registers], "小店区"), ([], None)):
        assert run("ledger", "export", tmp_path / "流水.xlsx", "--ledger", book, "--force", *more).exit_code == 0
        rows = list(openpyxl.load_workbook(tmp_path / "流水.xlsx").worksheets[0].iter_rows(values_only=True))
        assert [line[rows[0].index("区县")] for line in rows[1:]] == [district] * 3


def test_a_dry_run_writes_nothing(book):
    before = ledger(book, "verify")["head"]
    found = ledger(book, "void", 1, "--why", "试", "--dry-run")
    assert [line["line"] for line in found["lines"]] == [1, 2]
    assert ledger(book, "verify")["head"] == before


def test_a_reversed_line_is_reopened_once(book):
    ledger(book, "reopen", 1, "--line", 1, "--why", "更正", code=2)
    ledger(book, "void", 1, "--line", 1, "--why", "退训")
    ledger(book, "reopen", 1, "--line", 1, "--why", "更正", "--operator", "张")
    ledger(book, "reopen", 1, "--line", 1, "--why", "更正", code=2)
    ledger(book, "void", 1, "--line", 2, "--why", "退训", "--reopen")
    ledger(book, "reopen", 1, "--line", 2, "--why", "更正", code=2)
    assert ledger(book, "verify")["ok"]
    assert [one["kind"] for one in ledger(book, "list")["batches"]] == ["claims", "void", "reopened", "void"]


@pytest.mark.parametrize("command", [("void", 1), ("reopen", 1, "--line", 1)])
def test_a_reason_that_says_nothing_is_wrong_usage(book, command):
    ledger(book, *command, "--why", " ", code=2)


def test_a_reversal_is_never_before_its_payment(book):
    ledger(book, "void", 1, "--why", "退训", "--today", "2021-02-28", code=2)


def test_a_backup_is_a_beginning_of_the_ledger_and_another_ledger_is_not(book, tmp_path):
    copy = tmp_path / "备份" / "ledger.db"
    copy.parent.mkdir()
    ledger(book, "backup", copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    ledger(book, "backup", copy, code=2)  # never written over
    ledger(book, "void", 1, "--line", 1, "--why", "退训")
    assert ledger(book, "verify", "--against", copy)["ok"]
    copy.with_name("ledger.db.key").write_bytes(book.with_name("ledger.db.key").read_bytes())
    ledger(copy, "void", 1, "--line", 2, "--why", "另一处")
    assert not ledger(book, "verify", "--against", copy, code=4)["ok"]
    said = run("ledger", "verify", "--against", copy, "--ledger", book, "--lang", "zh").stderr
    assert "本台账通过校验" in said  # nobody is told to restore a ledger that holds
    assert "ledger.db" in said
    assert "从备份恢复" not in said
    ledger(book, "verify", "--against", tmp_path / "没有.db", code=2)


def test_the_day_of_posting_goes_back_only_with_a_reason(book, tmp_path):
    """Contract-2, 4: before the last payment's day, or after the clock's, is exit 2, unless `--backdate WHY`."""
    source = write(tmp_path / "二班.xlsx", [HEADINGS, row(3)])
    assert posted(tmp_path, source, today="2021-02-01").exit_code == 2
    assert posted(tmp_path, source, today="2099-01-01").exit_code == 2
    done = posted(tmp_path, source, "--backdate", "补记二月", today="2021-02-01")
    assert done.exit_code == 0, done.stderr
    listed = ledger(book, "list")["batches"]
    assert (listed[1]["day"], listed[1]["why"]) == ("2021-02-01", "补记二月")


@pytest.mark.parametrize("how", ["option", "environment"])
def test_an_empty_address_is_wrong_usage(tmp_path, monkeypatch, how):
    """Issue 12, A11: an unset variable under cron is not the user's own ledger."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    source = write(tmp_path / "一班.xlsx", [HEADINGS, row(1)])
    options = ["--ledger", ""] if how == "option" else []
    if how == "environment":
        monkeypatch.setenv("TRAININGCLI_LEDGER", "")
    done = run("claims", source, "--post", "--out", tmp_path / "out", *options)
    assert done.exit_code == 2, done.stderr
    assert not (tmp_path / "data").exists()


def test_a_link_to_nothing_and_a_missing_folder_say_so(tmp_path):
    (tmp_path / "link.db").symlink_to(tmp_path / "gone" / "ledger.db")
    source = write(tmp_path / "一班.xlsx", [HEADINGS, row(1)])
    for place, said in (("link.db", "失效的链接"), ("none/ledger.db", "没有文件夹")):
        done = run("claims", source, "--post", "--ledger", tmp_path / place, "--out", tmp_path / "out")
        assert done.exit_code == 4
        assert said in done.stderr


def test_the_ledgers_path_is_shown_unless_quiet(book, tmp_path):
    assert str(book) in run("ledger", "list", "--ledger", book).stderr
    source = write(tmp_path / "三班.xlsx", [HEADINGS, row(4)])
    done = run("claims", source, "--ledger", book, "--out", tmp_path / "o", "--quiet")
    assert done.stderr == ""


def test_what_was_not_imported_is_said_row_by_row(tmp_path):
    source = write(tmp_path / "发放.xlsx", [HEADINGS, row(1), row(2, yuan=None), row(3)])
    done = run("ledger", "import", source, "--ledger", tmp_path / "ledger.db", "--today", "2021-03-01")
    assert done.exit_code == 1
    assert "导入 2 笔，共 3 笔" in done.stderr
    assert "第 3 行" in done.stderr
    assert "MISSING_FIELD" in done.stderr
    days = {line["day"] for line in ledger(tmp_path / "ledger.db", "show", 1)["lines"]}
    assert days == {"2020-07-01"}, "without a day of payment the event's date counts"


def test_held_lines_alone_are_a_batch_without_payments(tmp_path):
    """Contract-2, 4: a posting with held lines and nothing payable is a batch; the same bytes again are none."""
    source = write(tmp_path / "待核.xlsx", [HEADINGS, [*row(1)[:-2], "培训津贴", 800]])
    first = json.loads(posted(tmp_path, source).stdout)
    assert first["batch"] == {"id": 1, "already_posted": False}
    assert json.loads(posted(tmp_path, source).stdout)["batch"] == {"id": 1, "already_posted": True}
    assert ledger(tmp_path / "ledger.db", "verify")["ok"]


@pytest.mark.parametrize("heading", ["实发金额", "发放金额", "核定金额", "拨付金额(元)"])
def test_an_import_reads_what_was_paid(tmp_path, heading):
    """Issue 12, C2: a table with 实发金额 was refused row by row."""
    source = write(tmp_path / "发放.xlsx", [[*HEADINGS[:-1], heading], row(1)])
    done = run("ledger", "import", source, "--ledger", tmp_path / "ledger.db", "--today", "2021-03-01")
    assert done.exit_code == 0, done.stderr
    assert "导入 1 笔，共 1 笔" in done.stderr


@pytest.mark.parametrize("heading", ["发放日期", "拨付日期"])
def test_an_import_reads_the_day_of_payment(tmp_path, heading):
    """Contract, 'Ledger' and contract-2, 4: the column, else the event's date; the budget's year is that day's."""
    paid = ["2021-01-15", None, "2021-13-01", "2021-03-02"]
    rows = [[*row(number), day] for number, day in enumerate(paid, 1)]
    source = write(tmp_path / "发放.xlsx", [[*HEADINGS, heading], *rows])
    done = run("ledger", "import", source, "--ledger", tmp_path / "ledger.db", "--today", "2021-03-01")
    assert done.exit_code == 1
    assert "导入 2 笔，共 4 笔" in done.stderr
    said = [one for one in done.stderr.splitlines() if "未导入" in one]
    assert ["BAD_DATE" in said[0], "FUTURE_DATE" in said[1], len(said)] == [True, True, 2]
    shown = ledger(tmp_path / "ledger.db", "show", 1)["lines"]
    assert [(line["line"], line["day"]) for line in shown] == [(1, "2021-01-15"), (2, "2020-07-01")]
    balances = ledger(tmp_path / "ledger.db", "verify")["balances"]
    assert [(one["year"], one["posted"]) for one in balances] == [(2020, "800.00"), (2021, "800.00")]


def test_an_import_keeps_who_was_paid(tmp_path):
    """Contract-2, 4, 'Paid lines': the payee is that of a roster; a row that names none was paid all the same."""
    who = ["补贴项目", "培训机构", "工作单位", "培训类型"]
    rows = [
        ("职业技能培训补贴", "晋阳技工学校", "太原某厂", None),
        ("取证补贴", None, "太原某厂", None),
        ("企业职工培训补贴", "晋阳技工学校", "太原某厂", "岗前培训"),
        ("技师补贴", "晋阳技工学校", None, None),
        ("生活费补贴", "晋阳技工学校", "太原某厂", None),
        ("职业技能培训补贴", None, None, None),
    ]
    plain = [(name, place) for place, name in enumerate(HEADINGS) if name not in who]
    cells = [[*(row(number)[place] for _, place in plain), *named] for number, named in enumerate(rows, 1)]
    source = write(tmp_path / "发放.xlsx", [[*(name for name, _ in plain), *who], *cells])
    done = run("ledger", "import", source, "--ledger", tmp_path / "ledger.db", "--today", "2021-03-01")
    assert "导入 6 笔，共 6 笔" in done.stderr
    shown = ledger(tmp_path / "ledger.db", "show", 1, "--unmask")["lines"]
    assert [line["payee"] for line in shown] == ["晋阳技工学校", "太原某厂", "太原某厂", "晋阳技工学校", "王小明", None]
    asked = ["--ledger", tmp_path / "ledger.db", "--out", tmp_path / "out", "--format", "json"]
    by_payee = json.loads(run("funds", *asked).stdout)["by_payee"]
    assert [(one["key"], one["lines"]) for one in by_payee] == [
        ("太原某厂", 2), ("晋阳技工学校", 2), ("本人", 1), (None, 1),
    ]  # fmt: skip


def test_the_day_of_payment_means_nothing_in_a_roster(tmp_path):
    source = write(tmp_path / "花名册.xlsx", [[*HEADINGS, "发放日期"], [*row(1), "2021-13-01"]])
    assert json.loads(posted(tmp_path, source).stdout)["lines"][0]["status"] == "approved"


def test_list_and_person_need_no_pandas(book):
    """Issue 18: a small ledger is looked into faster than pandas is imported."""
    for command in (["list"], ["person", id_number(1)], ["person", "--name", "王小明"]):
        found = imported("ledger", *command, "--ledger", str(book), "--format", "json")
        assert "sqlite3" in found
        assert [name for name in found if name.startswith("pandas")] == [], command
