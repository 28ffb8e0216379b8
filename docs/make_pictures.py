"""Make the README's pictures from a run over the sample rosters: `make pictures` (needs LibreOffice and poppler)."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from trainingcli import language
from trainingcli.claims.main_job import claims
from trainingcli.claims.request import Request
from trainingcli.engines.local import LocalEngine
from trainingcli.evidence.gathering import gather
from trainingcli.evidence.source import Given
from trainingcli.policy import load_policy
from trainingcli.reports.screen.blocks import drawn
from trainingcli.reports.screen.claims_screen import screen
from trainingcli.workers import WorkerPool

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
SAMPLES = HERE.parent / "sample_data"
SHOWN = "太原市榆禾职业技能培训中心"


def main() -> None:
    """Settle the samples; picture the terminal's table, and pages of one claim workbook and of the summary."""
    language.use("zh")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, WorkerPool(1) as pool:
        rosters = [str(path.relative_to(HERE.parent)) for path in sorted((SAMPLES / "rosters").iterdir())]
        request = Request(rosters, dt.date(2021, 12, 31))
        lists = gather(Given(SAMPLES / "registers"))
        out = Path(folder)
        result = claims(request, load_policy(), LocalEngine(pool), out, ledger=None, posting=False, sources=lists)
        result.outputs = [f"claims-out/{Path(path).name}" for path in result.outputs]
        console = Console(record=True, width=96, file=sys.stderr)
        console.print("".join(drawn(block, console.width) for block in screen(result)))
        svg = PICTURES / "terminal.svg"
        console.save_svg(str(svg), title="trainingcli claims sample_data/rosters", theme=DEFAULT_TERMINAL_THEME)
        picture(out / f"{SHOWN}.xlsx", "claim")
        picture(out / "汇总.xlsx", "summary")


def picture(workbook: Path, name: str) -> None:
    """Turn a workbook's first page into a PNG."""
    with tempfile.TemporaryDirectory() as folder:
        office = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(workbook)]
        subprocess.run(office, check=True, capture_output=True)
        pages = ["pdftoppm", "-r", "80", "-png", "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run([*pages, f"{folder}/{workbook.stem}.pdf", str(PICTURES / name)], check=True)


if __name__ == "__main__":
    main()
