"""What a run may replace, what it passes over in a folder, what earlier runs left: contract, 'Streams', 'A folder'."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import openpyxl
import pytest

from support.people import id_number

from .program import TODAY, run, write

HEADINGS = ["姓名", "身份证号", "人员类别", "培训机构", "工种", "等级", "证书类型", "证书编号", "发证日期", "补贴项目"]


def roster(path: Path, first: int = 1, count: int = 2, school: str = "甲校") -> Path:
    rows = [
        [
            f"学员{n}",
            id_number(n),
            "退役军人",
            school,
            "焊工",
            "初级工",
            "职业资格证书",
            f"A{n}",
            "2020-08-01",
            "取证补贴",
        ]
        for n in range(first, first + count)
    ]
    return write(path, [HEADINGS, *rows])


def claims(*arguments: object, folder: Path, code: int = 0) -> dict:
    done = run("claims", *arguments, "--ledger", folder / "ledger.db", "--today", TODAY, "--format", "json")
    assert done.exit_code == code, done.stderr
    return json.loads(done.stdout) if done.stdout else {"said": done.stderr}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- what is replaced


def test_a_roster_named_like_its_institution_is_not_overwritten(tmp_path):
    source = roster(tmp_path / "甲校.xlsx")
    before = source.read_bytes()
    for post in ([], ["--post"]):
        found = claims(source, "--out", tmp_path, *post, folder=tmp_path, code=0 if post else 5)
        assert source.read_bytes() == before
        assert bool(post) or "甲校.xlsx" in found["said"]
    assert "甲校-批次1.xlsx" in names(tmp_path)


@pytest.mark.parametrize("foreign", [b"", b"name,amount\n", "workbook", "link"])
def test_what_another_program_wrote_stays_without_force_and_nothing_is_posted(tmp_path, foreign):
    source, out = roster(tmp_path / "r" / "a.xlsx") if (tmp_path / "r").mkdir() is None else None, tmp_path / "out"
    out.mkdir()
    place = out / "甲校-批次1.xlsx"
    if foreign == "workbook":
        write(place, [["总账"]])
    elif foreign == "link":
        place.symlink_to(source)
    else:
        place.write_bytes(foreign)
    before = place.read_bytes()
    said = claims(source, "--out", out, "--post", folder=tmp_path, code=5)["said"]
    assert "甲校-批次1.xlsx" in said
    assert place.read_bytes() == before
    assert names(out) == ["甲校-批次1.xlsx"]
    found = claims(source, "--out", out, "--post", "--force", folder=tmp_path)
    assert found["batch"] == {"id": 1, "already_posted": False}
    assert openpyxl.load_workbook(place).sheetnames[0] == "汇总"


def test_the_programs_own_workbook_is_replaced_but_not_what_somebody_changed_in_it(tmp_path):
    source, out = roster(tmp_path / "a.xlsx"), tmp_path / "out"
    for _ in range(2):
        claims(source, "--out", out, folder=tmp_path)
    book = openpyxl.load_workbook(out / "甲校.xlsx")
    book["汇总"]["A30"] = "决定：放行"
    book.save(out / "甲校.xlsx")
    assert "甲校.xlsx" in claims(source, "--out", out, folder=tmp_path, code=5)["said"]
    assert openpyxl.load_workbook(out / "甲校.xlsx")["汇总"]["A30"].value == "决定：放行"


def test_an_export_does_not_replace_a_roster(tmp_path):
    source = roster(tmp_path / "a.xlsx")
    claims(source, "--out", tmp_path / "out", "--post", folder=tmp_path)
    before = source.read_bytes()
    for name, code in (("a.xlsx", 5), ("b.xlsx", 0), ("b.xlsx", 0), ("ledger.db.xlsx", 0)):
        done = run("ledger", "export", tmp_path / name, "--ledger", tmp_path / "ledger.db")
        assert done.exit_code == code, name
    assert source.read_bytes() == before
    assert run("ledger", "export", source, "--ledger", tmp_path / "ledger.db", "--force").exit_code == 0


def test_with_nothing_read_nothing_is_written(tmp_path):
    out = tmp_path / "out"
    claims(roster(tmp_path / "a.xlsx"), "--out", out, folder=tmp_path)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    found = claims(tmp_path / "typo.xlsx", "--out", out, "--clean", folder=tmp_path, code=3)
    assert found["outputs"] == []
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_second_posting_stands_beside_the_first(tmp_path):
    out = tmp_path / "out"
    for number in (1, 2):
        found = claims(roster(tmp_path / f"{number}.xlsx", 10 * number), "--out", out, "--post", folder=tmp_path)
        assert found["outputs"] == [str(out / f"甲校-批次{number}.xlsx"), str(out / f"汇总-批次{number}.xlsx")]
    assert len(names(out)) == 4


def test_a_folder_of_ours_that_is_a_link_is_not_followed(tmp_path):
    source = roster(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(source)
    book.active["I2"] = "秋天"
    book.save(source)
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "退回").symlink_to(tmp_path / "elsewhere")
    said = claims(source, "--out", tmp_path / "out", "--returns", folder=tmp_path, code=5)["said"]
    assert "退回" in said
    assert names(tmp_path / "elsewhere") == []
    assert names(tmp_path / "out") == ["退回"]


# ---- what earlier runs left


def test_what_earlier_runs_left_is_told_and_cleaned(tmp_path):
    out = tmp_path / "out"
    claims(roster(tmp_path / "a.xlsx"), "--out", out, folder=tmp_path)
    write(out / "领导.xlsx", [["备忘"]])
    done = run("claims", roster(tmp_path / "b.xlsx", 5, school="乙校"), "--out", out, "--ledger", tmp_path / "l.db")
    assert "甲校.xlsx" in done.stderr
    assert "--clean" in done.stderr
    assert names(out) == sorted(["甲校.xlsx", "乙校.xlsx", "汇总.xlsx", "领导.xlsx"])
    claims(tmp_path / "b.xlsx", "--out", out, "--clean", folder=tmp_path)
    assert names(out) == sorted(["乙校.xlsx", "汇总.xlsx", "领导.xlsx"])


# ---- what is passed over in a folder


@pytest.mark.parametrize("place", [".", "out"])
def test_a_folder_is_walked_without_what_is_no_roster(tmp_path, place):
    """The rosters' folder holds everything else as well; `--out` is that folder or one inside it."""
    home = tmp_path / "all"
    home.mkdir()
    source = roster(home / "花名册.xlsx")
    shutil.copytree(Path(__file__).parents[2] / "sample_data" / "registers", home / "清单")
    for name in ("Thumbs.db", "desktop.ini", "._花名册.xlsx", "~$花名册.xlsx", ".hidden"):
        (home / name).write_bytes(b"x")
    arguments = [home, "--registers", home / "清单", "--out", home / place]
    for post in ([], [], ["--post"], ["--post"]):
        done = run("claims", *arguments, *post, "--ledger", home / "台账.db", "--today", TODAY, "--format", "json")
        assert done.exit_code == 0, done.stderr
        assert [item["file"] for item in json.loads(done.stdout)["inputs"]] == [str(source)]
    shutil.copy(home / "台账.db", home / "副本.bin")
    assert run("ledger", "export", home / "流水.xlsx", "--ledger", home / "台账.db").exit_code == 0
    done = run("claims", *arguments, "--ledger", home / "台账.db", "--today", TODAY, "--format", "json")
    assert [item["file"] for item in json.loads(done.stdout)["inputs"]] == [str(source)]


def test_a_template_or_return_is_read_once_a_cell_was_changed(tmp_path):
    blank = tmp_path / "空白.xlsx"
    assert run("template", blank, "--programme", "certificate").exit_code == 0
    roster(tmp_path / "a.xlsx")

    def read() -> list[str]:
        found = claims(tmp_path, "--out", tmp_path / "out", folder=tmp_path)
        return [os.path.basename(item["file"]) for item in found["inputs"]]  # noqa: PTH119

    assert read() == ["a.xlsx"], "as it was written"
    book = openpyxl.load_workbook(blank)
    book.save(blank)
    assert read() == ["a.xlsx"], "only opened and saved"
    done = run("claims", blank, "--out", tmp_path / "out", "--ledger", tmp_path / "l.db")
    assert done.exit_code == 3
    assert "空白花名册" in done.stderr
    book = openpyxl.load_workbook(blank)
    book["花名册"]["B5"] = "王小明"
    book.save(blank)
    assert read() == ["a.xlsx", "空白.xlsx"]


def test_a_claim_workbook_given_itself_is_said_to_be_none(tmp_path):
    claims(roster(tmp_path / "a.xlsx"), "--out", tmp_path / "out", folder=tmp_path)
    done = run("claims", tmp_path / "out" / "甲校.xlsx", "--out", tmp_path / "o2", "--ledger", tmp_path / "l.db")
    assert done.exit_code == 3
    assert "申领核定表" in done.stderr
