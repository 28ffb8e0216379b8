"""Make the README's pictures from a run over the sample data: `make pictures` (LibreOffice, poppler, Chromium).

A picture more is a line of `PICTURES`, and of `RUNS` where no run writes its file yet.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from typer.testing import CliRunner

from trainingcli import language
from trainingcli.claims.main_job import claims
from trainingcli.claims.request import Request
from trainingcli.cli import app
from trainingcli.engines.local import LocalEngine
from trainingcli.evidence.gathering import gather
from trainingcli.evidence.source import Given
from trainingcli.policy import load_policy
from trainingcli.reports.screen.blocks import drawn
from trainingcli.reports.screen.claims_screen import screen
from trainingcli.workers import WorkerPool

HERE = Path(__file__).parent
PICTURES_FOLDER = HERE / "pictures"
SAMPLES = HERE.parent / "sample_data"
TODAY = "2021-12-31"
OFFICE = ["--office", "示范市人力资源和社会保障局", "--phone", "0000-0000000", "--address", "示范市示范路 1 号"]

RUNS = (
    ("compare", SAMPLES / "rosters", "--set", "programmes.certificate.amounts.中级工=450@2019-01-01", "--today", TODAY),
    ("claims", SAMPLES / "rosters", "--registers", "目录清单", "--post", "--returns", "--today", TODAY),
    ("template", "空白花名册.xlsx", "--programme", "certificate"),
    ("inspect", "frame", "--year", "2021", "--today", TODAY),
    ("inspect", "draw", "inspect-out/抽查底册.xlsx", "--seed", "2021365 03 11 17", "--take", "3", "--today", TODAY),
    ("awards", SAMPLES / "awards", "--registers", "目录清单", "--today", TODAY),
    ("plans", SAMPLES / "plans", "--today", TODAY),
    ("levy", SAMPLES / "levy", "--today", TODAY),
    ("funds", "set", "budgets.xlsx"),
    ("funds", "--year", "2021", "--today", TODAY),
    ("publish", "notice", "--batch", "1", "--today", TODAY, *OFFICE),
)
"""What is run in an empty folder, with a ledger in it: its workbooks and pages go into each command's own folder."""

PICTURES: dict[str, str | tuple[str, int]] = {
    "template": "空白花名册.xlsx",
    "details": ("claims-out/太原市榆禾职业技能培训中心-批次1.xlsx", 2),
    "about": ("claims-out/太原市榆禾职业技能培训中心-批次1.xlsx", -1),
    "award": "awards-out/汾岸重工有限公司.xlsx",
    "plans": "plans-out/教学计划审核表.xlsx",
    "levy": "levy-out/职工教育经费测算.xlsx",
    "charts": ("claims-out/汇总-批次1.xlsx", 2),
    "return": "claims-out/退回/6-榆禾中心-补报名单-退回.xlsx",
    "return-reasons": ("claims-out/退回/6-榆禾中心-补报名单-退回.xlsx", 4),
    "comparison": "compare-out/政策对比.xlsx",
    "check-form": ("inspect-out/抽查名单.xlsx", 4),
    "claim": "claims-out/太原市榆禾职业技能培训中心-批次1.xlsx",
    "summary": "claims-out/汇总-批次1.xlsx",
    "funds": "funds-out/资金使用情况.xlsx",
    "notice": "publish-out/补贴公示-1.html",
}
"""Picture → the file that it shows: a workbook's first page, or the one that is named (-1: the last); a page as a
browser shows it."""

INSTITUTIONS = (
    "太原市拾光职业培训学校", "太原市榆禾职业技能培训中心", "太原市砺行高级技工学校", "太原市汾岸重工有限公司",
)  # fmt: skip
BUDGETS = (("市财政", 2021, 30_000), ("就业补助资金", 2021, 100_000), ("人才经费", 2021, 20_000))


def main() -> None:
    """Run everything, picture the terminal's table and what `PICTURES` names."""
    PICTURES_FOLDER.mkdir(exist_ok=True)
    os.environ |= {"TRAININGCLI_OPERATOR": "示范", "TRAININGCLI_LEDGER": "ledger.db"}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        _tables()
        for arguments in RUNS:
            done = CliRunner().invoke(app, [*map(str, arguments)])
            if done.exit_code > 1:  # 1: a check that found something
                sys.exit(f"{arguments}: {done.stderr}")
        for name, shown in PICTURES.items():
            file, page = shown if isinstance(shown, tuple) else (shown, 1)
            if file.endswith(".html"):
                _page(Path(file).resolve(), name)
            else:
                _workbook(Path(file).resolve(), name, page)
    _terminal()


def _tables() -> None:
    """Write what the sample data have not: the year's budgets, the institutions' accounts."""
    _table(Path("budgets.xlsx"), ("资金来源", "年度", "预算金额"), *BUDGETS)
    shutil.copytree(SAMPLES / "registers", "目录清单")
    headings = ("机构名称", "区县", "资格方式", "户名", "开户银行", "账号")
    rows = [
        (name, "示范区", "审核备案", None, f"示范银行示范支行第{number}营业部", f"620000000000000900{number}")
        for number, name in enumerate(INSTITUTIONS, 1)
    ]
    _table(Path("目录清单/institutions.xlsx"), headings, *rows)


def _table(path: Path, *rows: tuple[object, ...]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def _workbook(path: Path, name: str, page: int) -> None:
    """Turn a page of a workbook into a PNG."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"  # another office that runs is not asked
        office = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(path)]
        subprocess.run(office, check=True, capture_output=True)
        pdf = f"{folder}/{path.stem}.pdf"
        said = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
        number = str(page if page > 0 else int(said.partition("Pages:")[2].split()[0]) + 1 + page)
        pages = ["pdftoppm", "-r", "80", "-png", "-f", number, "-l", number, "-singlefile"]
        subprocess.run([*pages, pdf, str(PICTURES_FOLDER / name)], check=True)


def _page(path: Path, name: str) -> None:
    """Turn the beginning of a page into a PNG."""
    with tempfile.TemporaryDirectory() as profile:
        quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
        shown = ["--window-size=1000,900", "--hide-scrollbars", f"--screenshot={PICTURES_FOLDER / name}.png"]
        started = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-sync", *quiet]
        subprocess.run([*started, f"--user-data-dir={profile}", *shown, path.as_uri()], check=True, capture_output=True)


def _terminal() -> None:
    """Settle the samples and draw the table that a terminal shows."""
    language.use("zh")
    with tempfile.TemporaryDirectory() as folder, WorkerPool(1) as pool:
        rosters = [str(path.relative_to(HERE.parent)) for path in sorted((SAMPLES / "rosters").iterdir())]
        request = Request(rosters, dt.date.fromisoformat(TODAY))
        lists = gather(Given(SAMPLES / "registers"))
        engine = LocalEngine(pool)
        result = claims(request, load_policy(), engine, Path(folder), ledger=None, posting=False, sources=lists)
        result.outputs = [f"claims-out/{Path(path).name}" for path in result.outputs]
        console = Console(record=True, width=96, file=sys.stderr)
        console.print("".join(drawn(block, console.width) for block in screen(result)))
        svg = PICTURES_FOLDER / "terminal.svg"
        console.save_svg(str(svg), title="trainingcli claims sample_data/rosters", theme=DEFAULT_TERMINAL_THEME)


if __name__ == "__main__":
    main()
