"""Every kind of workbook that the program writes: a sound package, pages that print on A4 at 8 points or more, words.

The commands run over the sample data, once for all tests. `openxml-audit` holds the packages against the rules of
Microsoft's own SDK. Of returned files it finds that their texts stand in their cells, which is a warning.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator, ValidationSeverity
from typer.testing import CliRunner

from support.paper import printed_points
from trainingcli.cli import app
from trainingcli.policy import load_policy

SAMPLES = Path(__file__).parents[2] / "sample_data"
TODAY, LEDGER = ["--today", "2021-12-31"], ["--ledger", "books.db"]
OFFICE = ["--office", "示范市人力资源和社会保障局", "--phone", "0000-0000000", "--address", "示范市示范路 1 号"]
COMMANDS = {
    "claims": [
        "claims", f"{SAMPLES}/rosters", "--registers", f"{SAMPLES}/registers", *TODAY, *LEDGER, "--post", "--returns",
    ],
    "realname": [
        "claims", f"{SAMPLES}/realname/花名册.xlsx", "--realname", f"{SAMPLES}/realname/实名制导出.xlsx", "--people",
        f"{SAMPLES}/realname/退休人员名单.xlsx", "--programme", "vocational-training", *TODAY, "--ledger", "none.db",
    ],
    "awards": ["awards", f"{SAMPLES}/awards", "--registers", f"{SAMPLES}/registers", *TODAY, *LEDGER, "--post"],
    "plans": ["plans", f"{SAMPLES}/plans"],
    "levy": ["levy", f"{SAMPLES}/levy"],
    "compare": [
        "compare", f"{SAMPLES}/rosters", "--set", "programmes.certificate.amounts.中级工=450", *TODAY,
        "--ledger", "none.db",
    ],
    "funds": ["funds", *LEDGER],
    "frame": ["inspect", "frame", *LEDGER],
    "draw": ["inspect", "draw", "frame/抽查底册.xlsx", "--seed", "2022 彩票 07", "--take", "3"],
    "pay": ["pay", "export", "--batch", "1", *LEDGER],  # the sample has no register of institutions: trainees alone
    "notice": ["publish", "notice", "--batch", "1", *TODAY, *LEDGER, *OFFICE],
    "lists": ["publish", "lists", "--registers", f"{SAMPLES}/registers", *TODAY, *LEDGER, *OFFICE],
    "published-funds": ["publish", "funds", "--year", "2021", *TODAY, *LEDGER, *OFFICE],
    "published-progress": ["publish", "progress", *TODAY, *LEDGER, *OFFICE],
}  # fmt: skip
TEMPLATES = {
    "roster.xlsx": ["template"],
    "certificate.xlsx": ["template", "--programme", "certificate"],
    "awards.xlsx": ["template", "--awards"],
    "plans.xlsx": ["template", "--plans"],
    "levy.xlsx": ["template", "--levy"],
}  # fmt: skip
EXPORT = "台账.xlsx"  # every entry as data, codes and all: not made to be printed
NAMES = "|".join([*load_policy().programmes, *load_policy().awards])
CODE = re.compile(rf"(?<![\w-])([A-Z]{{3,}}_[A-Z_]+|{NAMES})(?![\w-])", re.A)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbooks of every command, in a folder of each."""
    found = tmp_path_factory.mktemp("workbooks")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(found)
        for name, words in COMMANDS.items():
            run([*words, "--out", name, "--format", "json"], *([3] if name == "pay" else []))
        (found / "templates").mkdir()
        for name, words in TEMPLATES.items():
            run([*words, f"templates/{name}"])
        run(["init", "init"])  # with blank registers
        run(["ledger", "export", EXPORT, *LEDGER])
    return found


def run(words: list[str], *also: int) -> None:
    done = CliRunner().invoke(app, words)
    assert done.exit_code in (0, 1, *also), (words, done.output)


def workbooks(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.xlsx"))


@pytest.fixture(scope="module")
def pages(folder: Path) -> list[tuple[str, Worksheet]]:
    """Every sheet that is printed, with its workbook's path; each workbook is read once."""
    return [
        (str(path.relative_to(folder)), sheet)
        for path in workbooks(folder)
        if path.name != EXPORT
        for sheet in openpyxl.load_workbook(path)
        if isinstance(sheet, Worksheet) and sheet.sheet_state == "visible"
    ]


def test_each_command_wrote_workbooks(folder: Path) -> None:
    there = {path.relative_to(folder).parts[0] for path in workbooks(folder)}
    assert there == {*COMMANDS, "templates", "init", EXPORT}
    assert any("退回" in path.name for path in workbooks(folder))


def test_every_package_is_sound(folder: Path) -> None:
    validator = OpenXmlValidator(strict=False)
    faults = {
        f"{path.relative_to(folder)} {error.part_uri} {error.path}: {error.description}"
        for path in workbooks(folder)
        for error in validator.validate(path).errors
        if error.severity == ValidationSeverity.ERROR
    }
    assert not faults


def test_every_page_is_a4_and_as_wide_as_the_paper(pages: list[tuple[str, Worksheet]]) -> None:
    wrong = [
        (name, sheet.title)
        for name, sheet in pages
        if str(sheet.page_setup.paperSize) != "9"
        or not (sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage)
    ]
    assert not wrong


def test_nothing_is_printed_smaller_than_8_points(pages: list[tuple[str, Worksheet]]) -> None:
    sizes = {(name, sheet.title): round(printed_points(sheet), 1) for name, sheet in pages}
    assert not {page: size for page, size in sizes.items() if size < 8}


def test_chinese_pages_speak_in_words(pages: list[tuple[str, Worksheet]]) -> None:
    """No code of the program stands in a cell, but in columns whose heading says that codes are there."""
    found = []
    for name, sheet in pages:
        if "退回" in name:
            continue  # an institution's own cells
        declared = set()
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    declared |= {cell.column} if cell.value.endswith("代码") else set()
                    if CODE.search(cell.value) and cell.column not in declared:
                        found.append((name, sheet.title, cell.coordinate, cell.value))
    assert not found


def test_charts_speak_in_words(folder: Path) -> None:
    """Titles, series and categories of charts, as far as they stand in the charts themselves."""
    for path in workbooks(folder):
        with zipfile.ZipFile(path) as package:
            for part in package.namelist():
                if part.startswith("xl/charts/") and "退回" not in path.name:
                    assert not CODE.search(re.sub(r"<[^>]*>", " ", package.read(part).decode())), (path.name, part)
