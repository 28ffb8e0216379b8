"""The stamp in a workbook: kept by other programs, and it tells whether they saved the workbook again."""

from __future__ import annotations

import io
from zipfile import ZipFile

import openpyxl
import xlsxwriter

from trainingcli.intake.formats.fingerprint import fingerprint
from trainingcli.reports.workbooks.style import Book
from trainingcli.stamp import read_stamp, refill, stamped


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


def test_what_was_not_known_is_put_in_again(tmp_path):
    """`refill`: the same bytes as if it had been known, as written; other cells, stamp and package stay whole."""

    def made(text: str) -> bytes:
        book, target = Book("标题", "2021-12-31"), io.BytesIO()
        first = book.page("汇总")
        first.late_line("posting", text, 3)
        first.text(first.row, 0, text)
        book.page("明细").text(0, 0, "王小明")
        book.save(target, "claim")
        return target.getvalue()

    texts = ["批次 1", "入账批次：第 12 批，<&>" * 20]
    for before, after in (texts, texts[::-1]):
        path = tmp_path / "a.xlsx"
        path.write_bytes(made(before))
        refill(path, {"posting": after, "head": "没有这一行"})
        book = openpyxl.load_workbook(path)
        assert [book["汇总"][place].value for place in ("A1", "A2")] == [after, before]
        assert book["明细"]["A1"].value == "王小明"
        assert read_stamp(path).as_written
        with ZipFile(path) as package:
            assert package.namelist() == ZipFile(io.BytesIO(made(after))).namelist()
            assert package.testzip() is None
        refill(path, {"posting": before})
        assert path.read_bytes() == made(before), "nothing is left of it"
