"""What was reversed is not paid again by accident (contract, 'What was reversed'; reading 8.3)."""

from __future__ import annotations

import json

import pytest

from cli.program import run, write

from .test_commands import HEADINGS, row

CERTIFICATES = [*HEADINGS[:7], "证书类型", "证书编号", "发证日期", "补贴项目", "申报金额"]


def certificate(number: int, no: str, day: str = "2020-08-01") -> list[object]:
    return [*row(number)[:7], "职业资格证书", no, day, "取证补贴", 200]


@pytest.fixture
def book(address, tmp_path):
    """Two lines of 2020-07-01, posted; the second is reversed."""
    one(address, tmp_path, "一班", [row(1), row(2)], "--post", today="2021-03-01")
    assert (
        run("ledger", "void", 1, "--line", 2, "--why", "退训", "--today", "2021-03-02", "--ledger", address).exit_code
        == 0
    )
    return address


def one(address, folder, name, rows, *more, headings=HEADINGS, today="2021-03-03"):
    source = folder / f"{name}.xlsx"
    if not source.exists():  # the same bytes again
        write(source, [headings, *rows])
    done = run(
        "claims", source, "--ledger", address, "--out", folder / name, "--today", today, "--format", "json", *more
    )
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def outcome(found):
    return [
        (line["status"], line["approved"], [reason["code"] for reason in line["reasons"]]) for line in found["lines"]
    ]


def test_the_mended_roster_holds_what_was_reversed_and_pays_the_rest(book, tmp_path):
    """Issue 12, A3: the reversal's day, batch and why are said; what the ledger has as paid stays posted."""
    found = one(book, tmp_path, "更正", [row(1), row(2), row(3)], "--post")
    assert outcome(found) == [
        ("posted", "0.00", ["ALREADY_POSTED"]), ("held", "0.00", ["REVERSED_BEFORE"]), ("approved", "800.00", []),
    ]  # fmt: skip
    message = found["lines"][1]["reasons"][0]["message"]
    assert all(part in message for part in ("2021-03-02", "批次 2", "退训"))


def test_what_is_reopened_is_paid_once_and_only_once(book, tmp_path):
    assert run("ledger", "reopen", 1, "--line", 2, "--why", "误报", "--ledger", book).exit_code == 0
    assert outcome(one(book, tmp_path, "再报", [row(2)], "--post")) == [("approved", "800.00", [])]
    assert outcome(one(book, tmp_path, "三报", [row(2), row(5)], "--post"))[0][0] == "posted"
    # reversed again it must be reopened again
    assert run("ledger", "void", 4, "--why", "又退", "--ledger", book).exit_code == 0
    assert outcome(one(book, tmp_path, "四报", [row(2), row(6)], "--post"))[0] == ("held", "0.00", ["REVERSED_BEFORE"])


def test_void_with_reopen_does_both_at_once(address, tmp_path):
    one(address, tmp_path, "一班", [row(1)], "--post")
    assert run("ledger", "void", 1, "--why", "误报", "--reopen", "--ledger", address).exit_code == 0
    assert outcome(one(address, tmp_path, "再报", [row(1)], "--post")) == [("approved", "800.00", [])]


@pytest.mark.parametrize(
    ("again", "codes"),
    [
        (row(2, start="2020-07-01"), ["REVERSED_BEFORE"]),  # the same start
        (row(2, start="2020-07-31"), ["REVERSED_BEFORE"]),  # 30 days on, the same key
        (row(2, start="2020-08-01"), []),  # 31 days
        (row(2, "焊工", start="2020-07-01"), []),  # another occupation on the same day
        (row(2, "焊工", start="2020-07-10"), []),
        (row(3), []),  # another person
    ],
    ids=str,
)
def test_which_lines_are_the_reversed_one(book, tmp_path, again, codes):
    """Reading 8.3: the same start without contradiction, or the same key at most `reversed_days` 30 apart."""
    again[8] = again[7].replace("-07-01", "-07-15") if again[7] == "2020-07-01" else again[7]
    (found,) = outcome(one(book, tmp_path, "再报", [again]))
    assert found[2] == codes


def test_the_same_certificate_number_is_the_reversed_one(address, tmp_path):
    one(address, tmp_path, "一班", [certificate(1, "S001")], "--post", headings=CERTIFICATES)
    assert run("ledger", "void", 1, "--why", "退证", "--ledger", address).exit_code == 0
    again = [certificate(1, "S001", "2020-12-01"), certificate(2, "S001")]
    found = outcome(one(address, tmp_path, "再报", again, headings=CERTIFICATES))
    assert "REVERSED_BEFORE" in found[0][2]
    assert "REVERSED_BEFORE" not in found[1][2], "another person's"


def test_the_same_bytes_and_rebuild_show_what_was_reversed_since(book, tmp_path):
    """Contract: 已冲销, approved 0.00, in no total; JSON: status `posted`, `"reversed": {"day", "batch", "why"}`."""
    found = one(book, tmp_path, "一班", [row(1), row(2)], "--post")
    assert found["batch"] == {"id": 1, "already_posted": True}
    first, second = found["lines"]
    assert (first["status"], first["approved"]) == ("approved", "800.00")
    assert (second["status"], second["approved"]) == ("posted", "0.00")
    assert second["reversed"] == {"day": "2021-03-02", "batch": 2, "why": "退训"}
    (total,) = [one for one in found["totals"] if one["lines"]]
    assert (total["approved"], total["approved_lines"]) == ("800.00", 1)
    out = tmp_path / "重建"
    assert run("ledger", "rebuild", 1, "--out", out, "--ledger", book).exit_code == 0
    import openpyxl

    texts = [
        str(cell) for path in sorted(out.glob("晋阳*.xlsx")) for sheet in openpyxl.load_workbook(path)
        for line in sheet.iter_rows(values_only=True) for cell in line if cell is not None
    ]  # fmt: skip
    assert any("已冲销" in text for text in texts)


def test_another_training_of_the_same_day_is_not_the_reversed_one_paid_again(book, tmp_path):
    """Reading 8.3: paid again is what meets the reversed payment; found by the random sequences."""
    assert outcome(one(book, tmp_path, "另一", [row(2, "焊工")], "--post")) == [("approved", "800.00", [])]
    assert outcome(one(book, tmp_path, "更正", [row(2)], "--post"))[0] == ("held", "0.00", ["REVERSED_BEFORE"])


def test_an_import_does_not_put_back_what_was_reversed(book, tmp_path):
    """Contract: it is not paid again by accident, until `ledger reopen`; an import is checked as a roster is."""
    paid = write(tmp_path / "发放.xlsx", [HEADINGS, row(2)])
    done = run("ledger", "import", paid, "--ledger", book, "--today", "2021-03-03")
    assert done.exit_code == 1
    assert "REVERSED_BEFORE" in done.stderr
    assert outcome(one(book, tmp_path, "再报", [row(2)])) == [("held", "0.00", ["REVERSED_BEFORE"])]
    assert run("ledger", "reopen", 1, "--line", 2, "--why", "已另行发放", "--ledger", book).exit_code == 0
    assert run("ledger", "import", paid, "--ledger", book, "--today", "2021-03-03").exit_code == 0
    assert outcome(one(book, tmp_path, "更正", [row(2), row(3)], "--post"))[0] == ("posted", "0.00", ["ALREADY_POSTED"])
