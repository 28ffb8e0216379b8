"""Whatever a sheet holds beside its rows, it is posted, and its batch's workbooks are written again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cli.program import TODAY, run, write
from support.people import id_number

HEADER = [
    "姓名",
    "身份证号",
    "人员类别",
    "就业创业证号",
    "工种",
    "等级",
    "开班日期",
    "结业日期",
    "补贴项目",
    "申报金额",
]
TITLE = ["培训机构：甲校"]


def row(number: int, name: str) -> list[Any]:
    start = [name, id_number(number), "下岗失业人员", "1401", "焊工", "初级工"]
    return [*start, "2020-03-01", "2020-03-20", "职业培训补贴", 800]


WANG, LI = row(1, "王一"), row(2, "李二")
SHEETS: dict[str, list[list[Any]]] = {
    "two blocks": [TITLE, HEADER, WANG, ["培训机构：乙校"], HEADER, LI],
    "a title among the rows": [TITLE, HEADER, WANG, ["班级：二班"], LI],
    "another table below": [TITLE, HEADER, WANG, ["培训机构：乙校"], HEADER[::-1], LI[::-1]],
    "a sample": [TITLE, HEADER, ["示例：张三", *row(3, "")[1:]], WANG, LI],
    "a text alone": [TITLE, HEADER, WANG, ["以上人员均已培训完毕并考核合格"], LI],
    "a programme among the rows": [TITLE, HEADER, WANG, ["取证补贴申领名单"], LI],
    "ditto marks": [TITLE, HEADER, WANG, [*LI[:4], "同上", "〃", *LI[6:]]],
    "a column not read": [TITLE, [*HEADER, "培训费用金额"], [*WANG, 900], [*LI, 900]],
    "footers": [TITLE, HEADER, WANG, LI, ["合计", None, 1600], ["填报人：张三"]],
}


def _hidden(path: Path) -> None:
    book = load_workbook(path)
    book.active.column_dimensions["B"].hidden = True
    book.active.row_dimensions[4].hidden = True
    book.active.merge_cells("E3:E4")
    book.save(path)


@pytest.mark.parametrize("change", [None, _hidden], ids=["plain", "hidden and merged"])
@pytest.mark.parametrize("kind", SHEETS)
def test_it_is_posted_and_rebuilt(tmp_path: Path, kind: str, change: Callable[[Path], None] | None) -> None:
    roster, ledger = write(tmp_path / "花名册.xlsx", SHEETS[kind]), tmp_path / "台账.db"
    if change is not None:
        change(roster)
    posted = run(
        "claims", roster, "--post", "--ledger", ledger, "--out", tmp_path / "out", "--today", TODAY, "--format", "json"
    )
    assert posted.exit_code == 0, posted.stderr
    assert len({line["row"] for line in json.loads(posted.stdout)["lines"]}) == 2
    again = run("ledger", "rebuild", 1, "--ledger", ledger, "--out", tmp_path / "again", "--format", "json")
    assert again.exit_code == 0, again.stderr
    assert {path.name for path in (tmp_path / "again").iterdir()} == {
        path.name for path in (tmp_path / "out").iterdir()
    }
