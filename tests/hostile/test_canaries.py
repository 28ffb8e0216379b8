"""A canary ID number, phone and account go through every way out but the workbooks: none of them may be seen there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

ID, PHONE, ACCOUNT = "140105199001010016", "13912345678", "6222021234567890123"
CANARIES = (ID, PHONE, ACCOUNT)
HEADINGS = [
    "姓名",
    "身份证号",
    "联系电话",
    "银行账号",
    "人员类别",
    "工种",
    "等级",
    "开班日期",
    "证书类型",
    "证书编号",
    "发证日期",
    "取证补贴",
]


def roster(path: Path) -> Path:
    """Write a roster whose canaries stand in their own columns, in wrong columns, and in faulty cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["填报单位：晋阳职业培训学校"])
    sheet.append(HEADINGS)
    good = [
        "王小明",
        ID,
        PHONE,
        ACCOUNT,
        "退役军人",
        "焊工",
        "初级工",
        "2020-07-01",
        "职业资格证书",
        "A1",
        "2020-08-01",
        300,
    ]
    sheet.append(good)
    for column in range(len(HEADINGS)):
        for canary in CANARIES:
            row = list(good)
            row[column] = canary
            sheet.append(row)
    sheet.append(["李小红", ID[:-1] + "5", PHONE, ACCOUNT, *good[4:]])
    book.save(path)
    return path


WAYS = {
    "json": ["claims", "R", "--format", "json"],
    "ndjson in English": ["claims", "R", "--format", "ndjson", "--lang", "en"],
    "csv": ["claims", "R", "--format", "csv"],
    "table": ["claims", "R", "--format", "table"],
    "returns": ["claims", "R", "--returns"],
    "posted": ["claims", "R", "--post"],
    "validate": ["validate", "R"],
    "validate table": ["validate", "R", "--format", "table"],
    "explain a row": ["explain", "R", "--row", "3"],
    "out is no folder": ["claims", "R", "--out", "/dev/null/x"],
    "ledger is no ledger": ["claims", "R", "--post", "--ledger", "R"],
    "unknown programme": ["claims", "R", "--programme", ID],
    "no such file": ["claims", "no-such-file.xlsx"],
    "policy is no policy": ["claims", "R", "--policy", "R"],
}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_given_away(way: str, tmp_path: Path) -> None:
    source = roster(tmp_path / "roster.xlsx")
    arguments = [str(source) if word == "R" else word for word in WAYS[way]]
    has = set(arguments)
    if arguments[0] == "claims":
        arguments += [] if "--out" in has else ["--out", str(tmp_path / "out")]
        arguments += [] if "--ledger" in has else ["--ledger", str(tmp_path / "ledger.db")]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "trainingcli", *arguments, "--today", "2021-12-31"],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary), "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")},
    )  # fmt: skip
    assert done.returncode in (0, 1, 2, 3, 4, 5), done.stderr
    said = done.stdout + done.stderr + "".join(path.read_text(errors="replace") for path in temporary.rglob("*.log"))
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".xlsx")
    for canary in CANARIES:
        assert canary not in said, f"{canary} in what {way} said"
        assert canary.encode() not in left, f"{canary} in a file that {way} left"
