"""What a run on training funds prints: the document `trainingcli.levy/1`, its columns, and what the screen shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainingcli.language import tr
from trainingcli.levy.enterprises import Enterprise, Levy
from trainingcli.levy.year_chain import Figures, FundYear
from trainingcli.money import percent_text, yuan_text
from trainingcli.result import Block, Listing, Prose, Table, columns

SCHEMA = "trainingcli.levy/1"
CHAIN = ("carried", "limit", "deductible", "carry_forward", "adjustment", "unused")

ENTERPRISES = Listing(
    "enterprises",
    columns("""
        enterprise     企业名称          text     Enterprise
        credit_code    统一社会信用代码  code     Credit code
    """),
    Listing("years", columns("""
        year               年度          code     Year
        wages              工资薪金总额  yuan     Wages
        booked             账载金额      yuan     Booked
        spent              实际发生额    yuan     Spent
        full               全额扣除      yuan     In full
        carried            以前年度结转  yuan     Carried in
        limit              限额          yuan     Limit
        deductible         可扣除额      yuan     Deductible
        carry_forward      结转以后年度  yuan     Carried on
        adjustment         纳税调整      yuan     Adjustment
        unused             未用限额      yuan     Unused
        frontline_percent  一线占比      percent  Front-line
        findings           问题          text     Findings
    """)),
)  # fmt: skip
_ON_SCREEN = columns("""
    year               年度          code     Year
    limit              限额          yuan     Limit
    spent              实际发生额    yuan     Spent
    deductible         可扣除额      yuan     Deductible
    carry_forward      结转以后年度  yuan     Carried on
    frontline_percent  一线占比      percent  Front-line
""")


def screen(levy: Levy) -> Iterator[Block]:
    """Yield what a terminal shows: a table an enterprise, a row a year; what could not be worked out is a dash."""
    yield Prose(tr("职工教育经费税前扣除（元，占比为%）", "Deductible training funds (yuan; shares in %)"), "bold")
    for each in levy.enterprises:
        rows = [{key: "—" if value is None else value for key, value in year_row(year).items()} for year in each.years]
        yield Table(_ON_SCREEN, rows, f"{each.name}  {each.credit_code or ''}".rstrip())


def enterprise_row(each: Enterprise) -> dict[str, Any]:
    """Return an enterprise as the document has it."""
    return {"enterprise": each.name, "credit_code": each.credit_code, "years": [year_row(year) for year in each.years]}


def year_row(year: FundYear) -> dict[str, Any]:
    """Return one year as the document has it: sums in yuan, null where they are unknown."""
    row, share = year.row, year.row.share()
    return {
        "year": year.year,
        "wages": _yuan(row.get("wages")),
        "booked": _yuan(row.get("booked")),
        "spent": _yuan(row.get("spent")),
        "full": _yuan(row.sum_or_zero("full")),
        **{key: _yuan(figure(year.figures, key)) for key in CHAIN},
        "frontline_percent": None if share is None else percent_text(*share),
        "findings": [found.shown() for found in year.findings],
    }


def figure(figures: Figures | None, key: str) -> int | None:
    """Return one of a year's figures in fen, by its key in the document."""
    found: int | None = None if figures is None else getattr(figures, key)
    return found


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan_text(fen)
