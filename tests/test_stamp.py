"""The stamp in a workbook: kept by other programs, and it tells whether they saved the workbook again."""

from __future__ import annotations

import io
from zipfile import ZipFile

import openpyxl
import xlsxwriter

from trainingcli.intake.formats.fingerprint import fingerprint
from trainingcli.stamp import read_stamp, stamped


def plain(value: object = "王小明") -> io.BytesIO:
    package = io.BytesIO()
    book = xlsxwriter.Workbook(package, {"in_memory": True})
    book.add_worksheet("表").write_row(0, 0, ["姓名", value, 1.5])
    book.close()
    return package


def written(kind: str = "return") -> io.BytesIO:
    package, target = plain(), io.BytesIO()
    stamped(package, target, kind, cells=fingerprint(package.getvalue()))
    return target


def saved_again(package: io.BytesIO, value: object | None = None) -> io.BytesIO:
    book, target = openpyxl.load_workbook(package), io.BytesIO()
    if value is not None:
        book["表"]["B1"] = value
    book.save(target)
    return target


def test_a_workbook_says_what_it_is_and_that_it_is_as_written():
    found = read_stamp(written("claim"))
    assert (found.kind, found.as_written) == ("claim", True)
    with ZipFile(written()) as package:
        assert package.namelist()[-1] == "docProps/custom.xml"
        assert package.testzip() is None
    assert openpyxl.load_workbook(written())["表"]["B1"].value == "王小明"


def test_another_program_keeps_the_stamp_and_is_noticed():
    found = read_stamp(saved_again(written()))
    assert (found.kind, found.as_written) == ("return", False)


def test_the_fingerprint_tells_a_changed_cell_from_a_saved_file():
    first = written()
    cells = read_stamp(first).cells
    assert cells
    assert fingerprint(saved_again(first).getvalue()) == cells
    assert fingerprint(saved_again(first, "李小红").getvalue()) != cells


def test_what_is_no_stamped_workbook_has_none(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 nothing")
    assert read_stamp(tmp_path / "a.xlsx") is None
    assert read_stamp(tmp_path / "none.xlsx") is None
    assert read_stamp(plain()) is None
