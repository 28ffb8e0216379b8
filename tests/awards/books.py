"""Awards for tests: readable rows read by the real reader, settled and posted by the real engine, in this process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from support.declared import workbook
from support.inline import INLINE
from trainingcli.awards.asked import vocabulary
from trainingcli.awards.engine import AwardsEngine
from trainingcli.claims.assess import Settled
from trainingcli.claims.post import ReadyBatch, to_post
from trainingcli.claims.request import Request
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.gathering import gather
from trainingcli.evidence.source import Given, Means
from trainingcli.intake.tables.raw_columns import RawCells
from trainingcli.intake.tables.read_input import read_one
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.ledger import Ledger
from trainingcli.policy import Policy, load_policy
from trainingcli.settle.assessment import Assessment

TODAY = dt.date(2021, 12, 31)
HEADINGS = {
    "unit": "名称", "kind": "类型", "grade": "级别", "award": "补贴项目", "host": "依托单位", "recognised": "认定日期",
    "document": "认定文号", "round": "评估年度", "result": "评估结果", "evaluated": "评估日期", "claimed": "申报金额",
    "bank": "开户银行", "account": "银行账号",
}  # fmt: skip
Row = Mapping[str, Any]


def grid(rows: Sequence[Row], above: Sequence[str] = ()) -> list[list[Any]]:
    """Lines above, a header of every heading that a row has, and the rows."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [*([text] for text in above), headings, *([row.get(heading) for heading in headings] for row in rows)]


def input_file(
    rows: Sequence[Row], *, above: Sequence[str] = (), sheet: str = "Sheet1", file: str = "a.xlsx"
) -> InputFile:
    """Return one workbook as a worker hands it back."""
    return input_of(grid(rows, above), sheet=sheet, file=file)


def input_of(cells: list[list[Any]], *, sheet: str = "Sheet1", file: str = "a.xlsx") -> InputFile:
    """Return a workbook of one sheet as a worker hands it back."""
    data = workbook({sheet: cells})
    found = read_one("-", data, vocabulary(load_policy()), None)
    assert found.error is None, found.error
    assert found.sheets, found.not_read
    found.file, found.sha256 = file, sha256(data).hexdigest()
    for each in found.sheets:
        if isinstance(each.cells, RawCells):
            each.cells = each.cells.table()
    return found


def registers(folder: Path, policy: Policy | None = None) -> Sources:
    """Read a folder of registers."""
    return gather(Given(folder), Means(policy or load_policy(), INLINE, TODAY))


def settled(
    inputs: Sequence[InputFile],
    *,
    policy: Policy | None = None,
    ledger: Ledger | None = None,
    sources: Sources | None = None,
    today: dt.date = TODAY,
) -> Settled:
    """Settle workbooks as `trainingcli awards` does."""
    request = Request([], today)
    law = policy or load_policy()
    return AwardsEngine(INLINE).assess(request, law, list(inputs), ledger, sources or Sources())


def posted(inputs: Sequence[InputFile], ledger: Ledger, **given: Any) -> Assessment:
    """Settle and post in one transaction."""
    with ledger.transaction():
        found = to_post(settled(inputs, ledger=ledger, **given), ledger)
        return found.post(ledger) if isinstance(found, ReadyBatch) else found


def outcomes(assessment: Assessment) -> list[tuple[str | None, str, int, list[str]]]:
    """Award, status, approved yuan and codes of each line."""
    lines = assessment.lines
    found: list[list[str]] = [[] for _ in range(len(lines))]
    for line, code in zip(assessment.reasons["line"], assessment.reasons["code"], strict=True):
        if code not in found[line]:
            found[line].append(code)
    return [
        (None if award != award or award is None else str(award), str(status), int(approved) // 100, codes)
        for award, status, approved, codes in zip(
            lines["programme"], lines["status"], lines["approved"], found, strict=True
        )
    ]
