"""Every written form is read, and decided, as its table says; the docs hold the same tables."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from tests.cli.program import TODAY, run
from tests.hostile.forms.tables import DOCS, OWN_HEADINGS, Form, forms, page
from tests.hostile.forms.workbooks import Placed, workbooks

from support import settling
from support.rosters import read_bytes
from trainingcli.reasons import SEVERITIES, all_reasons

KINDS = tuple(OWN_HEADINGS)
COLUMNS = {
    "身份证号": "id_number", "姓名": "name", "等级": "level", "人员类别": "category", "困难类型": "hardship",
    "证书类型": "certificate_type", "培训类型": "training_type", "开班日期": "start_date", "结业日期": "end_date",
    "发证日期": "certificate_date", "培训天数": "attended_days",
}  # fmt: skip
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
STATUS = {"note": "approved", "reduce": "reduced", "hold": "held", "reject": "rejected"}


@cache
def found(kind: str) -> Mapping[Placed, tuple[Mapping[str, Any], pd.DataFrame]]:
    """Each placed line of one run over a kind's workbooks, with its reasons."""
    books, _ = workbooks(forms(kind))
    inputs = [read_bytes(book) for book in books]
    for number, item in enumerate(inputs):
        item.file = str(number)
    settled = settling.run(inputs, today=dt.date.fromisoformat(TODAY))
    rows, made, _ = settled.parts
    days = rows.frame["attended_days"].take(made.row).to_numpy()  # as read; the line has those that are paid
    lines = settled.lines.astype({"file": str, "sheet": str}).assign(attended_days=days).to_dict("records")
    reasons = dict(iter(settled.reasons.groupby("line")))
    return {
        Placed(int(line["file"]), line["sheet"], line["row"]): (line, reasons.get(number, settled.reasons.iloc[:0]))
        for number, line in enumerate(lines)
    }


def read_as(form: Form, line: Mapping[str, Any]) -> Any:
    """The value that the line holds of the form, as the tables write it."""
    if form.heading == "培训时间":
        ends = [_plain(line[name]) for name in ("start_date", "end_date")]
        return ends if any(ends) else None
    if form.heading in COLUMNS:
        return _plain(line[COLUMNS[form.heading]])
    fen = _plain(line["claimed"])
    return None if fen is None else f"{fen // 100}.{fen % 100:02d}"


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_yields_its_line(kind):
    assert set(found(kind)) == set(placed(kind))


@pytest.mark.parametrize(
    ("kind", "number"), [(kind, number) for kind in KINDS for number in range(len(forms(kind)))], ids=str
)
def test_a_form_is_decided_as_the_table_says(kind, number):
    place, form = list(placed(kind).items())[number]
    line, reasons = found(kind)[place]
    assert sorted(set(reasons["code"])) == list(form.codes), form.name  # a range is one cell, and two dates
    worst = max((SEVERITIES.index(all_reasons()[code].severity) for code in form.codes), default=0)
    assert line["status"] == STATUS[SEVERITIES[worst]], form.name
    if form.reads is not None or kind != "ids":  # a number that is not taken stays on its line, to be mended
        assert read_as(form, line) == form.reads, form.name


@cache
def placed(kind: str) -> Mapping[Placed, Form]:
    return workbooks(forms(kind))[1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_look_alike_is_pointed_at_and_no_other_number(language):
    for place, form in placed("ids").items():
        _, reasons = found("ids")[place]
        for message in reasons.loc[reasons["code"] == "ID_FORMAT", language]:
            said = [part for part in message.split({"zh": "；", "en": ";"}[language])[1:] if part]
            assert bool(said) == bool(form.suggests), form.name
            assert not any(number in message for number in _runs(str(form.written))), form.name
            for wanted in form.suggests:
                assert any(wanted in part for part in said), form.name


def _runs(text: str) -> list[str]:
    """The stretches of seven digits in a number: more than a mask shows of it."""
    return [text[at : at + 7] for at in range(len(text) - 6) if text[at : at + 7].isdigit()]


def test_300_forms_or_more_and_none_twice():
    every = [
        (form.kind, form.heading, repr(form.written), repr(form.beside), form.date1904)
        for kind in KINDS
        for form in forms(kind)
    ]
    assert len(every) >= 300
    assert not [form for form, count in Counter(every).items() if count > 1]


def test_every_decision_is_argued_and_every_code_is_declared():
    for kind in KINDS:
        for form in forms(kind):
            assert len(form.why) > 8, form.name
            assert set(form.codes) <= set(all_reasons()), form.name


def test_the_docs_hold_the_same_tables():
    assert DOCS.read_text(encoding="utf-8") == page()


@pytest.fixture(scope="module")
def claim_cells(tmp_path_factory) -> list[tuple[int, str, openpyxl.cell.Cell]]:
    """Row in the roster, name, and its cell of every line of the claim workbook, written by the program itself."""
    folder = tmp_path_factory.mktemp("names")
    (folder / "roster.xlsx").write_bytes(workbooks(forms("names"))[0][0])
    out = folder / "out"
    result = run("claims", folder / "roster.xlsx", "--out", out, "--ledger", folder / "l.db", "--today", TODAY)
    assert result.exit_code == 0, result.stderr
    assert not UNSAFE.search(result.stdout + result.stderr)
    (path,) = [path for path in out.glob("*.xlsx") if "晋阳" in path.name]
    return list(_names(path))


def _names(path: Path) -> Iterator[tuple[int, str, openpyxl.cell.Cell]]:
    """Texts by calamine, which knows every escape of the format; cells by openpyxl, which knows their types."""
    texts = CalamineWorkbook.from_path(path)
    for sheet in openpyxl.load_workbook(path).worksheets:
        seen = texts.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        head: list[Any] = []
        for row, values in zip(sheet.iter_rows(), seen, strict=True):
            if "姓名" in values and "行号" in values:
                head = values
            elif head and isinstance(values[head.index("行号")], float):
                name = head.index("姓名")
                yield int(values[head.index("行号")]), values[name], row[name]


def test_the_claim_workbook_carries_every_name_as_a_text(claim_cells):
    names = {place.row: form for place, form in placed("names").items()}
    assert {row for row, _, _ in claim_cells} == set(names)
    for row, text, cell in claim_cells:
        given = names[row].reads
        assert (text or None) == given, names[row].name
        if given:
            assert cell.data_type == "s"
            assert cell.quotePrefix or not given.startswith(("=", "+", "-", "@")), names[row].name
