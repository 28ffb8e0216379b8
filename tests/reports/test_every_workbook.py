"""Every kind of workbook that the program writes: a sound package, and pages that print on A4 at 8 points or more.

The commands run over the sample data. `openxml-audit` holds the packages against the rules of Microsoft's own SDK. Of
returned files it finds the order in which openpyxl writes what a font says (spreadsheet programs take any), and that
their texts stand in their cells, which is a warning; anything else is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator, ValidationSeverity
from typer.testing import CliRunner

from trainingcli.cli import app

SAMPLES = Path(__file__).parents[2] / "sample_data"
TODAY, LEDGER = ["--today", "2021-12-31"], ["--ledger", "books.db"]
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
}  # fmt: skip
TEMPLATES = {
    "roster.xlsx": ["template"],
    "awards.xlsx": ["template", "--awards"],
    "plans.xlsx": ["template", "--plans"],
    "levy.xlsx": ["template", "--levy"],
}  # fmt: skip
POINTS_ACROSS = 784  # A4 landscape, less the margins


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
        run(["registers", "template", "registers"])
    return found


def run(words: list[str], *also: int) -> None:
    done = CliRunner().invoke(app, words)
    assert done.exit_code in (0, 1, *also), (words, done.output)


def workbooks(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.xlsx"))


def test_each_command_wrote_workbooks(folder: Path) -> None:
    there = {path.relative_to(folder).parts[0] for path in workbooks(folder)}
    assert there == {*COMMANDS, "templates", "registers"}
    assert any("退回" in path.name for path in workbooks(folder))


def test_every_package_is_sound(folder: Path) -> None:
    validator = OpenXmlValidator(strict=False)
    faults = {
        f"{path.relative_to(folder)} {error.part_uri} {error.path}: {error.description}"
        for path in workbooks(folder)
        for error in validator.validate(path).errors
        if error.severity == ValidationSeverity.ERROR and not _order_within_a_font(path, error.path)
    }
    assert not faults


def _order_within_a_font(path: Path, place: str) -> bool:
    return "退回" in path.name and place.startswith("/styleSheet[1]/fonts[1]/font[")


def printed(path: Path) -> Iterator[Worksheet]:
    for sheet in openpyxl.load_workbook(path):
        if isinstance(sheet, Worksheet) and sheet.sheet_state == "visible":
            yield sheet


def test_every_page_is_a4_and_as_wide_as_the_paper(folder: Path) -> None:
    wrong = [
        (str(path.relative_to(folder)), sheet.title)
        for path in workbooks(folder)
        for sheet in printed(path)
        if str(sheet.page_setup.paperSize) != "9"
        or not (sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage)
    ]
    assert not wrong


def test_nothing_is_printed_smaller_than_8_points(folder: Path) -> None:
    small = [
        (str(path.relative_to(folder)), sheet.title, size)
        for path in workbooks(folder)
        for sheet in printed(path)
        if (size := round(_printed_points(sheet), 1)) < 8 and path.name != "roster.xlsx"  # filled in on the screen
    ]
    assert not small


def _printed_points(sheet: Worksheet) -> float:
    """The points that the smallest text has on paper: all columns that are printed, on the pages side by side."""
    area = str(sheet.print_area or sheet.dimensions).split("!")[-1].replace("$", "")
    first, _, last, bottom = range_boundaries(area.split(",")[0])
    across = sum(_width(sheet, at) * 5.25 for at in range(first or 1, (last or 1) + 1))
    room = POINTS_ACROSS if sheet.page_setup.orientation == "landscape" else POINTS_ACROSS * 210 / 297
    cells = [cell for row in sheet[area.split(",")[0]] for cell in row if cell.value is not None]
    smallest = min((cell.font.sz or 10 for cell in cells), default=10)
    scale = min(1, room * int(sheet.page_setup.fitToWidth or 1) / across)
    if sheet.page_setup.fitToHeight == 1:  # one page: its rows have to go into it, too
        height = POINTS_ACROSS if sheet.page_setup.orientation == "portrait" else POINTS_ACROSS * 210 / 297
        scale = min(scale, height / sum(sheet.row_dimensions[at].height or 15 for at in range(1, (bottom or 1) + 1)))
    return smallest * scale


def _width(sheet: Worksheet, column: int) -> float:
    """A column's width in digits, its edges in it; 0 where it is hidden. One entry may stand for several columns."""
    for each in sheet.column_dimensions.values():
        if (each.min or 0) <= column <= (each.max or 0):
            return 0 if each.hidden else each.width
    return 9.14
