"""The cases of awards: each file argues one reason, or one rule, from the contract's second part, section 3.

行: rows as a sheet has them, over an ordinary one (样: 基地, 工作室, 省级, 国家级, 基地评估, 工作室评估); ~ empties
a cell. 上 / 表 / 文件: the text above, the sheet's and the file's name. 目录: rows of units.xlsx. 先入账: rows that
were posted before, 冲销: which of them were then reversed (重新申领: and reopened).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from awards.books import HEADINGS, input_file, outcomes, posted, registers, settled
from registers.builder import write
from trainingcli.ledger import open_ledger
from trainingcli.reasons import all_reasons

FOLDER = Path(__file__).parents[1] / "cases" / "awards"
RULES = {"asked", "kind", "once", "order", "promotion", "units", "amounts", "register"}
RECOGNITION = {"依托单位": "太原重工", "认定日期": "2020-03-31", "认定文号": "并人社发〔2020〕1号"}
EVALUATION = {"依托单位": "太原重工", "评估年度": "2020", "评估结果": "优秀", "评估日期": "2021-03-01"}
BASE = {"名称": "重工高技能人才实训基地", "类型": "实训基地"}
STUDIO = {"名称": "王建国技能大师工作室", "类型": "技能大师工作室"}
ORDINARY: dict[str, dict[str, Any]] = {
    "基地": BASE | RECOGNITION | {"级别": "市级"},
    "工作室": STUDIO | RECOGNITION | {"级别": "市级"},
    "省级": STUDIO | RECOGNITION | {"级别": "省级", "认定文号": "晋人社〔2020〕2号"},
    "国家级": STUDIO | RECOGNITION | {"级别": "国家级", "认定文号": "人社部〔2020〕3号"},
    "基地评估": BASE | EVALUATION,
    "工作室评估": STUDIO | EVALUATION,
}
REGISTER = {
    "名称": "unit", "类型": "kind", "级别": "grade", "依托单位": "host", "认定日期": "recognised",
    "认定文号": "document",     "原名称": "former", "撤销日期": "withdrawn",
}  # fmt: skip
SHOWN = ("项目", "结果", "核定", "原因", "格")


def cases() -> list[tuple[str, dict[str, Any]]]:
    return [
        (path.stem, case)
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def rows_of(written: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, each laid over its ordinary one; dates as YAML reads them become text again."""
    rows = []
    for row in written:
        laid = ORDINARY[row.get("样", "基地")] | {key: value for key, value in row.items() if key != "样"}
        rows.append({key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in laid.items()})
    return rows


@pytest.mark.parametrize(("name", "case"), cases(), ids=[f"{name}: {case['事']}" for name, case in cases()])
def test_case(name: str, case: dict[str, Any], tmp_path: Path) -> None:
    sources = None
    if "目录" in case:
        entries = [
            {REGISTER[key]: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
            for row in case["目录"]
        ]
        write(tmp_path / "lists", "units", *entries)
        sources = registers(tmp_path / "lists")
    with open_ledger(tmp_path / "ledger.db", create=True) as ledger:
        if "先入账" in case:
            _before(case, ledger, None if case.get("目录后") else sources)
        given = input_file(
            rows_of(case["行"]),
            above=case.get("上", ()), sheet=case.get("表", "Sheet1"), file=case.get("文件", "a.xlsx"),
        )  # fmt: skip
        found = settled([given], ledger=ledger, sources=sources).assessment
    came = outcomes(found)
    assert len(came) == len(case["结果"]), came
    for number, (line, expected) in enumerate(zip(came, case["结果"], strict=True)):
        assert set(expected) <= set(SHOWN)
        shown = dict(zip(SHOWN, line, strict=False)) | {"格": cells_of(found, number)}
        shown["原因"] = [code for code in shown["原因"] if code != "SAME_DOCUMENT" or name == "same_document"]
        assert {key: shown[key] for key in expected} == expected, (number, shown)


def cells_of(found: Any, line: int) -> dict[str, str]:
    """Code → the heading of the cell that it stands on."""
    headings = {column.letter: column.heading for column in found.inputs[0].sheets[0].columns}
    mine = found.reasons[found.reasons["line"] == line]
    return {
        code: headings[cell.rstrip("0123456789")]
        for code, cell in zip(mine["code"], mine["cell"], strict=True)
        if isinstance(cell, str)
    }


def _before(case: dict[str, Any], ledger: Any, sources: Any) -> None:
    done = posted([input_file(rows_of(case["先入账"]), file="before.xlsx")], ledger, sources=sources)
    assert done.batch is not None
    for line in case.get("冲销", ()):
        ledger.void(done.batch.id, [line], "试", when="2021-12-31T12:00:00+08:00", day="2021-12-31")
    for line in case.get("重新申领", ()):
        ledger.reopen(done.batch.id, [line], "再", when="2021-12-31T12:00:00+08:00", day="2021-12-31")


def test_each_file_is_a_reason_or_a_rule_and_says_it() -> None:
    for path in FOLDER.glob("*.yaml"):
        if path.stem in RULES:
            continue
        code = path.stem.upper()
        assert code in all_reasons(), path.name
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert any(code in line.get("原因", ()) for case in found for line in case["结果"]), path.name


def test_the_headings_are_the_programs() -> None:
    assert {key for row in ORDINARY.values() for key in row} <= set(HEADINGS.values())
