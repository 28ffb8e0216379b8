"""Paths, order, standard input and failures: what the rest of the program sees of intake."""

from __future__ import annotations

import os

import pytest
from tests.intake.helpers import HEADER, LI, VOCABULARY, WANG, texts, workbook

from trainingcli.intake.tables.folders import expand
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.workers import MIB, WorkerPool


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(2, memory=512 * MIB, seconds=30) as pool:
        yield pool


@pytest.fixture
def folder(tmp_path):
    for number in range(6):
        (tmp_path / f"{number}.xlsx").write_bytes(workbook([HEADER, [1, f"王{number}", "1", "焊工", "x"], LI]))
    (tmp_path / "3.xlsx").write_bytes(b"%PDF-1.7")
    (tmp_path / "~$0.xlsx").write_bytes(b"lock")
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "a.csv").write_text("姓名,身份证号,工种\n王一,1,焊工\n", encoding="utf-8")
    return tmp_path


def test_folders_are_walked_in_order_without_lock_files(folder):
    missing = str(folder / "none.xlsx")
    names = [os.path.relpath(path, folder) for path in expand([str(folder), missing])]
    assert names == ["0.xlsx", "1.xlsx", "2.xlsx", "3.xlsx", "4.xlsx", "5.xlsx", "deeper/a.csv", "none.xlsx"]
    assert expand(["-"]) == ["-"]


def test_a_folder_that_is_linked_in_is_walked_and_none_twice(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "b.csv").write_text("姓名,身份证号,工种\n王一,1,焊工\n", encoding="utf-8")
    (folder / "linked").symlink_to(elsewhere, target_is_directory=True)
    (folder / "deeper" / "loop").symlink_to(folder, target_is_directory=True)
    (elsewhere / "loop").symlink_to(elsewhere, target_is_directory=True)
    names = [os.path.relpath(path, folder) for path in expand([str(folder)])]
    assert names == [*(f"{number}.xlsx" for number in range(6)), "deeper/a.csv", "linked/b.csv"]
    names = [os.path.relpath(path, folder) for path in expand([str(folder)], [elsewhere])]
    assert "linked/b.csv" not in names


def test_results_come_in_the_order_given_for_any_number_of_workers(folder, pool):
    files = expand([str(folder), str(folder / "none.xlsx")])
    seen: list[tuple[int, int]] = []
    many = read_rosters(files, VOCABULARY, pool, progress=lambda done, total: seen.append((done, total)))
    with WorkerPool(1) as single:
        one = read_rosters(files, VOCABULARY, single)
    assert [found.file for found in many] == files
    assert [(f.file, f.sha256, f.error, f.not_read) for f in many] == [
        (f.file, f.sha256, f.error, f.not_read) for f in one
    ]
    assert [[s.cells.to_pydict() for s in f.sheets] for f in many] == [
        [s.cells.to_pydict() for s in f.sheets] for f in one
    ]
    assert [found.error is None for found in many] == [True, True, True, False, True, True, True, False]
    assert seen == [(n, 8) for n in range(1, 9)]
    assert texts(many[5].sheets[0], "name") == ["王5", "李二"]


def test_standard_input_is_one_file(pool):
    found = read_rosters(["-"], VOCABULARY, pool, stdin=workbook([HEADER, WANG]))[0]
    assert found.file == "-"
    assert texts(found.sheets[0], "name") == ["王一"]


def test_a_large_sheet_comes_through_arrow_like_a_small_one(pool):
    people = [[n, f"王{n}", f"{n:018}", "焊工", n] for n in range(1, 10_001)]
    found = read_rosters(["-"], VOCABULARY, pool, stdin=workbook([HEADER, *people]))[0]
    cells = found.sheets[0].cells
    assert cells.num_rows == 10_000
    assert cells.column("row").to_pylist() == list(range(2, 10_002))
    assert cells.column("t1").to_pylist() == [f"{n:018}" for n in range(1, 10_001)]
    assert [str(field.type) for field in cells.schema][:3] == ["int32", "string", "uint8"]


def test_a_folder_and_a_pipe_given_as_files_are_refused(tmp_path, pool):
    os.mkfifo(tmp_path / "pipe")
    found = read_rosters([str(tmp_path), str(tmp_path / "pipe"), "a\0b"], VOCABULARY, pool)
    assert all(file.error for file in found)
