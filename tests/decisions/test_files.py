"""Decisions as files: what is refused with its cell, what is said, the own workbook filled in and read back."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from registers.builder import IDS
from trainingcli.cli import app
from trainingcli.ledger import open_ledger
from trainingcli.policy import load_policy

ROSTER = [
    "姓名", "身份证号", "性别", "补贴项目", "人员类别", "职业(工种)", "等级", "开班日期", "就业创业证号", "培训机构",
    "补贴金额",
]  # fmt: skip
CARD = "1401052020000001"
HEADINGS = ["身份证号", "补贴项目", "开班日期", "职业(工种)", "原因代码", "决定", "依据", "经办人", "核定金额"]
DECISION = {
    "身份证号": IDS[0], "补贴项目": "职业技能培训补贴", "开班日期": "2020-07-01", "原因代码": "EMPLOYMENT_CARD_MISSING",
    "决定": "放行", "依据": "看过证件", "经办人": "王科员",
}  # fmt: skip


def write(path: Path, headings: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, headings)
        writer.writeheader()
        writer.writerows(rows)
    return path


def roster(folder: Path, *people: Mapping[str, str]) -> Path:
    ordinary = {
        "姓名": "王小明", "性别": "男", "补贴项目": "职业技能培训补贴", "人员类别": "退役军人", "职业(工种)": "电工",
        "等级": "初级工", "开班日期": "2020-07-01", "就业创业证号": CARD, "培训机构": "晋阳技工学校", "补贴金额": "500",
    }  # fmt: skip
    rows = [ordinary | {"身份证号": IDS[place]} | dict(person) for place, person in enumerate(people)]
    return write(folder / "花名册.csv", ROSTER, rows)


def decisions(folder: Path, *rows: Mapping[str, str], name: str = "决定.csv") -> Path:
    return write(folder / name, HEADINGS, [DECISION | dict(row) for row in rows])


def claims(folder: Path, *more: object, source: Path | None = None) -> Any:
    arguments = [
        "claims", source or folder / "花名册.csv", "--out", folder / "out", "--ledger", folder / "ledger.db",
        "--today", "2021-12-31", "-f", "json", *(() if "--lang" in more else ("--lang", "zh")), *more,
    ]  # fmt: skip
    return CliRunner().invoke(app, [str(each) for each in arguments])


def outcome(done: Any) -> list[tuple[str, str, list[str]]]:
    assert done.exit_code == 0, done.stderr
    lines = json.loads(done.stdout)["lines"]
    return [(line["status"], line["approved"], [one["code"] for one in line["reasons"]]) for line in lines]


NO_CARD = {"就业创业证号": ""}


@pytest.mark.parametrize(
    ("row", "cell", "what"),
    [
        ({"依据": ""}, "G2", "没有依据"),
        ({"决定": "同意"}, "F2", "只能填放行、不予"),
        ({"原因代码": "NO_STANDARD"}, "E2", "NO_STANDARD 不能由决定处理"),
        ({"原因代码": "NO_STANDARD", "决定": "不予"}, "E2", "NO_STANDARD 不能由决定处理"),
        ({"原因代码": ""}, "E2", "没有写明原因代码"),
        ({"原因代码": "NO_BASIS"}, "I2", "放行须写明核定金额"),
        ({"核定金额": "0"}, "I2", "不是大于0的金额"),
        ({"核定金额": "五百"}, "I2", "不是大于0的金额"),
        ({"核定金额": "500.01"}, "I2", "核定金额 500.01 元高于申报金额 500.00 元"),
        ({"补贴项目": "培训奖"}, "B2", "不是补贴项目的名称"),
        ({"补贴项目": ""}, "B2", "没有补贴项目的明细不能放行"),
        ({"开班日期": "2020.7"}, "C2", "不是完整的日期"),
        ({"身份证号": ""}, "A2", "没有身份证号，也没有名称"),
    ],
)
def test_what_is_no_decision_is_wrong_usage_with_its_cell(
    tmp_path: Path, row: dict[str, str], cell: str, what: str
) -> None:
    roster(tmp_path, NO_CARD)
    done = claims(tmp_path, "--decisions", decisions(tmp_path, row))
    assert (done.exit_code, done.stdout) == (2, "")
    assert f", {cell}：" in done.stderr
    assert what in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["姓名,身份证号,补贴项目\n王,1,取证补贴\n", "", "随便写写\n"])
def test_a_file_without_its_header_is_wrong_usage(tmp_path: Path, text: str) -> None:
    roster(tmp_path, NO_CARD)
    (tmp_path / "决定.csv").write_text(text, "utf-8")
    done = claims(tmp_path, "--decisions", tmp_path / "决定.csv")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "决定.csv" in done.stderr


def test_an_amount_is_at_most_the_entitlement(tmp_path: Path) -> None:
    """1,200 are claimed; 二(三): at most 1,000 a person."""
    roster(tmp_path, {"补贴金额": "1200", **NO_CARD})
    assert (
        "高于应补金额 1000.00 元"
        in claims(tmp_path, "--decisions", decisions(tmp_path, {"核定金额": "1000.01"})).stderr
    )
    done = claims(tmp_path, "--decisions", decisions(tmp_path, {"核定金额": "1000"}))
    codes = ["EMPLOYMENT_CARD_MISSING", "OVER_CLAIMED", "RELEASED"]
    assert outcome(done) == [("reduced", "1000.00", codes)]


@pytest.mark.parametrize(
    ("other", "cells"), [({"决定": "不予"}, ("F2", "F3")), ({"核定金额": "300"}, ("I2", "I3"))], ids=["word", "amount"]
)
def test_two_decisions_that_disagree_are_wrong_usage_with_both_cells(
    tmp_path: Path, other: dict[str, str], cells: tuple[str, str]
) -> None:
    """Even where one says less: the other names the occupation too."""
    roster(tmp_path, NO_CARD)
    done = claims(tmp_path, "--decisions", decisions(tmp_path, {"核定金额": "400"}, {"职业(工种)": "电工", **other}))
    assert (done.exit_code, done.stdout) == (2, "")
    assert all(f"决定.csv, csv, {cell}" in done.stderr for cell in cells)
    assert not (tmp_path / "out").exists()


def test_two_decisions_that_agree_are_one(tmp_path: Path) -> None:
    roster(tmp_path, NO_CARD)
    files = [decisions(tmp_path, {}, name=name) for name in ("一.csv", "二.csv")]
    done = claims(tmp_path, *(part for file in files for part in ("--decisions", file)))
    assert outcome(done) == [("approved", "500.00", ["EMPLOYMENT_CARD_MISSING", "RELEASED"])]
    assert json.loads(done.stdout)["decisions"] == {"entries": 2, "used": 2, "unused": 0}


def test_what_meets_nothing_is_said_with_its_cell(tmp_path: Path) -> None:
    """The second meets no line, the third a line that has not its code, the fourth is open."""
    roster(tmp_path, NO_CARD)
    file = decisions(tmp_path, {}, {"开班日期": "2020-07-02"}, {"原因代码": "SEX_MISMATCH"}, {"决定": "", "依据": ""})
    done = claims(tmp_path, "--decisions", file)
    assert json.loads(done.stdout)["decisions"] == {"entries": 3, "used": 1, "unused": 2}
    assert "F3：决定没有对应的明细" in done.stderr
    assert "F4：这笔明细已没有 SEX_MISMATCH" in done.stderr
    assert "F2" not in done.stderr
    assert "F5" not in done.stderr


def test_a_file_in_which_nothing_is_decided_is_said(tmp_path: Path) -> None:
    path = with_held(tmp_path)
    done = claims(tmp_path, "--decisions", path, "--out", tmp_path / "again")
    assert [line[0] for line in outcome(done)] == ["held"] * 3
    assert "没有填写任何决定" in done.stderr
    assert "没有读取" not in done.stderr, "what this program wrote beside is no column that a clerk added"


def test_a_column_that_is_not_read_is_said(tmp_path: Path) -> None:
    """批准金额 is no heading of this table: 500 yuan are paid where the clerk meant 300."""
    roster(tmp_path, NO_CARD)
    path = write(tmp_path / "决定.csv", [*HEADINGS, "批准金额"], [DECISION | {"批准金额": "300"}])
    assert "决定.csv：没有读取的列：J 批准金额" in claims(tmp_path, "--decisions", path).stderr


def test_without_the_option_the_document_says_null(tmp_path: Path) -> None:
    roster(tmp_path, NO_CARD)
    assert json.loads(claims(tmp_path).stdout)["decisions"] is None


def test_the_message_names_grounds_and_clerk_and_masks_numbers(tmp_path: Path) -> None:
    roster(tmp_path, NO_CARD)
    file = decisions(tmp_path, {"依据": f"看过身份证 {IDS[1]}，电话13912345678"})
    (line,) = json.loads(claims(tmp_path, "--decisions", file).stdout)["lines"]
    (reason,) = (reason for reason in line["reasons"] if reason["code"] == "RELEASED")
    assert reason["cell"] == "I2", "where what was released stands"
    assert "看过身份证" in reason["message"]
    assert "王科员" in reason["message"]
    assert IDS[1] not in reason["message"]
    assert "13912345678" not in reason["message"]


SHARING = [*IDS, "140105199001010075"]


def merged_roster(folder: Path) -> Path:
    """Four people, the first two with one merged amount of 1000, the last two with another."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(ROSTER)
    said = ["男", "职业技能培训补贴", "退役军人", "电工", "初级工", "2020-07-01", CARD, "晋阳技工学校"]
    for number in SHARING:
        sheet.append(["王小明", number, *said])
    for first in (2, 4):
        sheet.cell(first, 11, 1000)
        sheet.merge_cells(start_row=first, end_row=first + 1, start_column=11, end_column=11)
    book.save(folder / "花名册.xlsx")
    return folder / "花名册.xlsx"


def of_shares(folder: Path, code: str, *rows: tuple[str, str, str]) -> Path:
    """Decisions about shared amounts: ID number, programme, amount."""
    keys = ("身份证号", "补贴项目", "核定金额")
    return decisions(folder, *({"原因代码": code} | dict(zip(keys, row, strict=True)) for row in rows))


def test_lines_that_share_a_merged_amount_get_its_total_at_most(tmp_path: Path) -> None:
    """Two groups with one total each, one below the other: each is compared with its own."""
    source = merged_roster(tmp_path)

    def run(*yuan: str) -> Any:
        rows = [(number, "培训补贴", amount) for number, amount in zip(SHARING, yuan, strict=True)]
        return claims(tmp_path, "--decisions", of_shares(tmp_path, "MERGED_AMOUNT", *rows), source=source)

    assert [line[:2] for line in outcome(run("600", "400", "500", "500"))] == [
        ("approved", "600.00"), ("approved", "400.00"), ("approved", "500.00"), ("approved", "500.00"),
    ]  # fmt: skip
    done = run("600", "400", "500", "500.01")
    assert done.exit_code == 2
    assert "高于共用的申报金额 1000.00 元" in done.stderr


def test_what_was_paid_of_a_merged_amount_is_not_paid_again_to_its_other_lines(tmp_path: Path) -> None:
    """Decided in two runs, a group gets its total all the same; what was reversed is free again."""
    source = merged_roster(tmp_path)

    def post(*rows: tuple[str, str]) -> Any:
        given = of_shares(tmp_path, "MERGED_AMOUNT", *((SHARING[place - 1], "培训补贴", yuan) for place, yuan in rows))
        return claims(tmp_path, "--post", "--decisions", given, source=source)

    def paid(done: Any) -> list[str]:
        return [approved for status, approved, _ in outcome(done) if status == "approved"]

    assert paid(post((1, "600"))) == ["600.00"]
    for rows in ([(2, "400.01")], [(1, "100"), (2, "400.01")], [(1, "600"), (2, "1000")]):
        done = post(*rows)
        assert done.exit_code == 2
        assert "高于共用的申报金额" in done.stderr
    assert paid(post((3, "1000"))) == ["1000.00"]
    void = ["ledger", "void", "1", "--why", "改按实际", "--ledger", str(tmp_path / "ledger.db")]
    assert CliRunner().invoke(app, void).exit_code == 0
    assert paid(post((2, "1000"))) == ["1000.00"]


def test_what_was_paid_of_a_rows_amount_is_not_paid_again_for_its_other_programme(tmp_path: Path) -> None:
    ordinary = {"补贴项目": "", "人员类别": "退役军人", "家庭类别": "低保户", "职业(工种)": "电工", "等级": "初级工"}
    ordinary |= {"开班日期": "2020-07-01", "结业日期": "2020-07-20", "就业创业证号": CARD, "培训机构": "晋阳技工学校"}
    row = ordinary | {"姓名": "王小明", "身份证号": IDS[0], "补贴金额": "300"}
    headings = [heading for heading in row if heading != "补贴项目"]
    source = write(tmp_path / "花名册.csv", headings, [{key: row[key] for key in headings}])

    def post(programme: str, yuan: str) -> Any:
        given = of_shares(tmp_path, "AMOUNT_UNASSIGNED", (IDS[0], programme, yuan))
        return claims(tmp_path, "--post", "--decisions", given, source=source)

    assert [line[:2] for line in outcome(post("职业技能培训补贴", "200"))] == [("approved", "200.00"), ("held", "0.00")]
    assert post("生活费补贴", "100.01").exit_code == 2
    assert [line[:2] for line in outcome(post("生活费补贴", "100"))] == [("posted", "0.00"), ("approved", "100.00")]


# ---- posted, explained


def test_the_ledgers_entry_keeps_it_and_the_workbooks_are_rebuilt_with_it(tmp_path: Path) -> None:
    source = roster(tmp_path, NO_CARD, {})
    held = claims(tmp_path, "--post")
    assert [line[0] for line in outcome(held)] == ["held", "approved"]
    done = claims(tmp_path, "--post", "--decisions", decisions(tmp_path, {"核定金额": "400"}))
    assert [line[:2] for line in outcome(done)] == [("approved", "400.00"), ("posted", "0.00")]
    batch = json.loads(done.stdout)["batch"]["id"]
    with open_ledger(tmp_path / "ledger.db", create=False, read_only=True) as ledger:
        entry = ledger.entries(batch).iloc[-1]
    record = json.loads(entry["decision"])
    assert record["codes"] == ["EMPLOYMENT_CARD_MISSING"]
    assert (record["grounds"], record["decided_by"], record["amount"]) == ("看过证件", "王科员", "400.00")
    assert int(entry["approved"]) == 40_000
    again = CliRunner().invoke(
        app,
        ["ledger", "rebuild", str(batch), "--out", str(tmp_path / "again"), "--ledger", str(tmp_path / "ledger.db")],
    )
    assert again.exit_code == 0, again.stderr
    assert "看过证件" in texts(next((tmp_path / "again").glob("晋阳*.xlsx")), "核定明细")
    later = claims(tmp_path, "--post", "--decisions", tmp_path / "决定.csv", source=source)
    assert json.loads(later.stdout)["batch"]["already_posted"] is True


def open_lines(folder: Path) -> list[str]:
    """The ID numbers, masked, of what `ledger held` shows."""
    done = CliRunner().invoke(app, ["ledger", "held", "-f", "json", "--ledger", str(folder / "ledger.db")])
    assert done.exit_code == 0, done.stderr
    return [line["id_number"][-4:] for line in json.loads(done.stdout)["lines"]]


@pytest.mark.parametrize("same_bytes", [True, False])
@pytest.mark.parametrize("others", [(), ({},)], ids=["alone", "beside a paid one"])
def test_a_refusal_of_what_a_batch_held_is_kept_though_nothing_is_payable(
    tmp_path: Path, others: tuple[Mapping[str, str], ...], same_bytes: bool
) -> None:
    """Contract-2, 4: held is what nothing has paid or refused since. The same again posts nothing."""
    claims(tmp_path, "--post", source=roster(tmp_path, NO_CARD, *others))
    assert open_lines(tmp_path) == [IDS[0][-4:]]
    if not same_bytes:
        roster(tmp_path, NO_CARD | {"培训机构": "晋阳 技工学校"}, *others)
    refusal = decisions(tmp_path, {"决定": "不予"})
    for already in (False, True):
        done = claims(tmp_path, "--post", "--decisions", refusal)
        assert outcome(done)[0] == ("rejected", "0.00", ["EMPLOYMENT_CARD_MISSING", "DECIDED_AGAINST"])
        assert json.loads(done.stdout)["batch"] == {"id": 2, "already_posted": already}
        assert open_lines(tmp_path) == []


def test_a_decision_that_meets_nothing_is_said_though_the_roster_was_posted_before(tmp_path: Path) -> None:
    roster(tmp_path, NO_CARD, {})
    claims(tmp_path, "--post")
    done = claims(tmp_path, "--post", "--decisions", decisions(tmp_path, {"开班日期": "2020-07-02"}))
    assert json.loads(done.stdout)["batch"] == {"id": 1, "already_posted": True}
    assert "F2：决定没有对应的明细" in done.stderr


def test_explain_shows_what_was_decided(tmp_path: Path) -> None:
    source = roster(tmp_path, NO_CARD)
    done = CliRunner().invoke(
        app,
        ["explain", str(source), "--row", "2", "--decisions", str(decisions(tmp_path, {})), "--ledger",
         str(tmp_path / "none.db"), "--today", "2021-12-31", "-f", "json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    (line,) = json.loads(done.stdout)["lines"]
    assert line["status"] == "approved"
    assert any("看过证件（经办人：王科员）" in reason["message"] for reason in line["reasons"])


# ---- the program's own workbook


def texts(path: Path, sheet: str) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(str(cell) for row in book[sheet].iter_rows(values_only=True) for cell in row if cell is not None)


def with_held(folder: Path, *more: object) -> Path:
    """Write the claim workbook of three held lines: two reasons on the first, 培训补贴 of a sum to say on the last."""
    roster(folder, {"性别": "女", **NO_CARD}, NO_CARD, {"补贴金额": ""})
    done = claims(folder, *more)
    assert [line[0] for line in outcome(done)] == ["held"] * 3
    return next((folder / "out").glob("晋阳*.xlsx"))


def fill(path: Path, release: str, refuse: str, sheet: str, by_code: Mapping[str, str]) -> None:
    """Fill the decisions in as a clerk does: by the headings that stand there."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    (head,) = (row[0].row for row in page.iter_rows() if any(cell.value in ("决定", "Decision") for cell in row))
    columns = {cell.value: cell.column for cell in page[head]}
    for row in range(head + 1, page.max_row + 1):
        who = page.cell(row, columns.get("身份证号") or columns["ID number"]).value
        refused = who == IDS[1]
        page.cell(row, columns.get("决定") or columns["Decision"]).value = refuse if refused else release
        page.cell(row, columns.get("依据") or columns["Grounds"]).value = "看过原件"
        code = page.cell(row, columns.get("原因代码") or columns["Code"]).value
        if code in by_code:
            page.cell(row, columns.get("核定金额") or columns["Amount decided"]).value = float(by_code[code])
    book.save(path)


DECIDED = [
    ("approved", "500.00", ["EMPLOYMENT_CARD_MISSING", "RELEASED", "SEX_MISMATCH"]),
    ("rejected", "0.00", ["DECIDED_AGAINST", "EMPLOYMENT_CARD_MISSING"]),
    ("approved", "600.00", ["NO_BASIS", "RELEASED"]),
]


def decided(folder: Path, path: Path) -> list[tuple[str, str, list[str]]]:
    found = outcome(claims(folder, "--decisions", path, "--out", folder / "again"))
    return [(status, approved, sorted(codes)) for status, approved, codes in found]


@pytest.mark.parametrize(
    ("lang", "release", "refuse", "sheet"), [("zh", "放行", "不予", "待核"), ("en", "Release", "Refuse", "Held")]
)
def test_the_own_workbook_is_filled_in_and_read_back(
    tmp_path: Path, lang: str, release: str, refuse: str, sheet: str
) -> None:
    path = with_held(tmp_path, "--lang", lang)
    fill(path, release, refuse, sheet, {"NO_BASIS": "600"})
    assert decided(tmp_path, path) == DECIDED


def test_the_sheet_offers_the_words_to_choose_from(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(with_held(tmp_path))["待核"]
    (head,) = (row[0].row for row in page.iter_rows() if any(cell.value == "决定" for cell in row))
    letters = {cell.value: cell.column_letter for cell in page[head]}
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    rows = f"{head + 1}:{{0}}{page.max_row}"
    assert rules[f"{letters['决定']}{rows.format(letters['决定'])}"].formula1 == '"放行,不予"'
    assert f"{letters['核定金额']}{rows.format(letters['核定金额'])}" in rules


def test_a_decision_is_offered_only_for_what_is_decided_on(tmp_path: Path) -> None:
    """Every row that offers 放行 is taken back without a word, whatever else the line has."""
    roster(tmp_path, NO_CARD, {**NO_CARD, "等级": "外星级", "补贴金额": "9000000"}, {"性别": "女", "等级": "外星级"})
    claims(tmp_path)
    path = next((tmp_path / "out").glob("晋阳*.xlsx"))
    book = openpyxl.load_workbook(path)
    page = book["待核"]
    (head,) = (row[0].row for row in page.iter_rows() if any(cell.value == "决定" for cell in row))
    columns = {cell.value: cell.column for cell in page[head]}
    letter = page.cell(head, columns["决定"]).column_letter
    (rule,) = (one for one in page.data_validations.dataValidation if one.formula1 == '"放行,不予"')
    rows = {row: page.cell(row, columns["原因代码"]).value for row in range(head + 1, page.max_row + 1)}
    offered = {row for row in rows if f"{letter}{row}" in rule.sqref}
    releasable = set(load_policy().parameter("releasable"))
    assert {code for row, code in rows.items() if row in offered} == set(rows.values()) & releasable
    assert not {code for row, code in rows.items() if row not in offered} & releasable
    assert {"UNKNOWN_LEVEL"} <= set(rows.values()) - releasable
    for row in rows:
        cells = [page.cell(row, columns[name]) for name in ("决定", "依据", "经办人", "核定金额")]
        assert [cell.value for cell in cells] == [None if row in offered else "—"] * 4
        if row in offered:
            cells[0].value, cells[1].value = "放行", "看过原件"
    book.save(path)
    done = claims(tmp_path, "--decisions", path, "--out", tmp_path / "again")
    assert done.exit_code == 0, done.stderr


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_saved_again_by_libreoffice_it_is_read_back(tmp_path: Path) -> None:
    path = with_held(tmp_path)
    fill(path, "放行", "不予", "待核", {"NO_BASIS": "600"})
    saved = tmp_path / "saved"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx",
         "--outdir", str(saved), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert decided(tmp_path, saved / path.name) == DECIDED
