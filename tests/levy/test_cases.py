"""The cases of training funds: each file argues one finding, or one rule, from the contract's section 6."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from support.declared import read_rows
from trainingcli.levy.document import enterprise_row
from trainingcli.levy.enterprises import work_out
from trainingcli.levy.fund_row import FundRow
from trainingcli.policy import load_policy

FOLDER = Path(__file__).parents[1] / "cases" / "levy"
RULES = {"chain", "enterprise"}
SHOWN = {
    "年度": "year", "限额": "limit", "结转来": "carried", "扣除": "deductible", "结转": "carry_forward",
    "调整": "adjustment", "未用": "unused", "占比": "frontline_percent",
}  # fmt: skip
ORDINARY = {"企业名称": "晋阳机械有限公司"}


def cases() -> list[tuple[str, dict[str, Any]]]:
    return [
        (path.stem, case)
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    ]


def worked_out(case: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """A case's years with their enterprises, the codes beside them, and its headings."""
    written = [ORDINARY | row for row in case["行"]]
    headings = list(dict.fromkeys(heading for row in written for heading in row))
    grid = [headings, *([nothing_or(row.get(heading)) for heading in headings] for row in written)]
    levy = work_out(read_rows("levy", "levy", FundRow, {"经费": grid}), load_policy())
    years = []
    for each in map(enterprise_row, levy.enterprises):
        years += [
            {"enterprise": each["enterprise"], "credit_code": each["credit_code"], **year} for year in each["years"]
        ]
    return years, sorted(found.code for found in levy.findings), headings


def nothing_or(text: str | None) -> str | None:
    return None if text in ("~", None) else text


@pytest.mark.parametrize(
    ("topic", "case"), cases(), ids=lambda value: value["事"] if isinstance(value, dict) else value
)
def test_a_case(topic: str, case: dict[str, Any]) -> None:
    years, beside, headings = worked_out(case)
    assert len(years) == len(case["结果"])
    for year, expected in zip(years, case["结果"], strict=True):
        for name, value in expected.items():
            if name in SHOWN:
                assert str(year[SHOWN[name]]) == (value if value != "~" else "None"), name
        assert year["enterprise"] == expected.get("企业", year["enterprise"])
        assert str(year["credit_code"]) == expected.get("代码", str(year["credit_code"])).replace("~", "None")
        if "原因" in expected:
            assert sorted(found["code"] for found in year["findings"]) == sorted(expected["原因"])
        for code, heading in expected.get("格", {}).items():
            cells = [found["cell"][0] for found in year["findings"] if found["code"] == code]
            assert [headings["ABCDEFGHIJK".index(letter)] for letter in cells] == [heading]
    assert beside == sorted(case.get("另列", []))


def test_every_file_shows_its_finding_and_a_case_without_it() -> None:
    for path in FOLDER.glob("*.yaml"):
        if path.stem in RULES:
            continue
        code = path.stem.upper()
        given = []
        for topic, case in cases():
            if topic == path.stem:
                years, beside, _ = worked_out(case)
                given.append(
                    code in beside or any(code == found["code"] for year in years for found in year["findings"])
                )
        assert any(given), path.name
        assert code == "ERROR_CELL" or not all(given), path.name
