"""Rosters and exports for the tests: workbooks made by code from plain rows, tidy or as other systems write them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from registers.builder import TODAY, policy
from support.inline import INLINE
from trainingcli.claims.rosters import read_rows
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.source import Means
from trainingcli.evidence.sources.realname import SOURCE
from trainingcli.intake.tables.folders import expand
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.settle.claim_lines import claim_lines
from trainingcli.vocabulary import load_vocabulary

Row = dict[str, Any]
HEADINGS: Mapping[str, Sequence[str]] = {
    "name": ("姓名", "学员姓名", "人员 姓名"),
    "id_number": ("身份证号", "公民身份号码", "证件号码*"),
    "sex": ("性别",),
    "institution": ("培训机构", "培训机构名称", "学校名称", "机构名称"),
    "employer": ("工作单位", "单位名称"),
    "class_no": ("班级编号", "班期", "开班编号"),
    "occupation": ("职业(工种)", "培训工种", "工种（岗位）"),
    "level": ("等级", "培训等级", "职业技能等级"),
    "start_date": ("开班日期", "培训开始时间"),
    "end_date": ("结业日期", "培训结束时间"),
    "certificate_type": ("证书类型", "证书类别"),
    "certificate_no": ("证书编号", "证书号"),
    "certificate_date": ("发证日期", "取证时间"),
    "completion": ("结业状态", "培训状态", "结业情况", "考核结果"),
    "category": ("人员类别",),
    "programme": ("补贴项目",),
    "training_type": ("培训类型",),
    "claimed": ("补贴金额",),
}
DATES = {"start_date", "end_date", "certificate_date"}


def written(value: Any, dice: random.Random | None = None) -> Any:
    """A cell: a date in one of the forms that systems write."""
    if not isinstance(value, dt.date) or dice is None:
        return value
    forms = ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
    return value if dice.random() < 0.3 else value.strftime(dice.choice(forms))


def workbook(
    path: Path, rows: Sequence[Row], keys: Sequence[str], dice: random.Random | None = None, titles: Sequence[str] = ()
) -> list[int]:
    """Write rows under a header (two rows high where dice say so); return each row's number in the sheet."""
    book = Workbook()
    sheet = book.active
    for title in titles:
        sheet.append([title])
    keys = list(keys)
    if dice is not None:
        dice.shuffle(keys)
    two_rows = dice is not None and {"start_date", "end_date"} <= set(keys) and dice.random() < 0.3
    if two_rows:
        keys = [key for key in keys if key not in ("start_date", "end_date")] + ["start_date", "end_date"]
    names = [HEADINGS[key][0] if dice is None else dice.choice(HEADINGS[key]) for key in keys]
    if two_rows:
        names[-2:] = ["培训时间", None]
    sheet.append(names)
    if two_rows:
        top = sheet.max_row
        sheet.append([*[None] * (len(keys) - 2), "开始", "结束"])
        sheet.merge_cells(start_row=top, end_row=top, start_column=len(keys) - 1, end_column=len(keys))
    numbers = []
    for row in rows:
        sheet.append([written(row.get(key), dice) for key in keys])
        numbers.append(sheet.max_row)
    if dice is not None and dice.random() < 0.5:
        sheet.append([])
        sheet.append([f"合计：{len(rows)}人"])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return numbers


def means(aliases: Mapping[str, str] | None = None, law: Any = None) -> Means:
    return Means(law or policy(), INLINE, TODAY, aliases or {})


def batch_of(
    rosters: Sequence[Path], exports: Sequence[Path], aliases: Mapping[str, str] | None = None, law: Any = None
) -> Batch:
    """Read rosters and exports as a run does; nothing is settled yet."""
    law = law or policy()
    files = expand([str(path) for path in rosters])
    inputs = read_rosters(files, load_vocabulary(law.programme_names()), INLINE)
    rows = read_rows(inputs, law, TODAY, aliases)
    read = {"realname": SOURCE.read(list(exports), means(aliases, law))} if exports else {}
    sources = Sources(read=read, aliases=aliases or {})
    return Batch(rows, claim_lines(rows, law, None), law, sources)
