"""Random rosters in which rows meet: people with several trainings, shared certificates, two names, wide amounts."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from support.ordinary import ordinary_rows
from support.people import id_number
from support.rosters import Sheet, input_file
from trainingcli.intake.tables.sheet_tables import InputFile

LIKE = ("企业职工", "失业人员", "低保学员", "取证人员", "技师")
LEVELS = ("初级工", "中级工", "高级工", "专项职业能力", None)
CATEGORIES = ("下岗失业人员", "企业职工", "残疾人", "建档立卡贫困劳动力", "高校毕业生", None)
HARDSHIPS = ("低保户", "零就业家庭", "建档立卡贫困户", None)
SCHOOLS = ("晋阳职业培训学校", "并州技校（南校区）", "并州技校(南校区)", None)
NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八")


def day(dice: random.Random) -> dt.date:
    return dt.date(2019, 6, 1) + dt.timedelta(days=dice.choice([0, 30, 200, 210, 400, 420, 560, 580, 700, 720]))


def row(dice: random.Random, person: int) -> dict[str, Any]:
    """A row of a person, like an ordinary one, a few of its cells drawn anew."""
    cells: dict[str, Any] = {"姓名": NAMES[person % len(NAMES)], "身份证号": id_number(person)}
    cells |= {key: value for key, value in ordinary_rows()[dice.choice(LIKE)].items() if key != "姓名"}
    start = day(dice)
    if "开班日期" in cells:
        cells["开班日期"] = start
    if "结业日期" in cells:
        cells["结业日期"] = start + dt.timedelta(days=dice.choice([3, 9, 20, 200]))
    if "证书编号" in cells:
        cells["证书编号"] = f"S{dice.choice([person, person, dice.randrange(12)])}"
        cells["发证日期"] = start + dt.timedelta(days=dice.choice([1, 40, 300]))
        cells["证书类型"] = dice.choice(["职业技能等级证书", "职业资格证书", "专项职业能力证书"])
    drawn = {
        "等级": LEVELS, "人员类别": CATEGORIES, "困难类型": HARDSHIPS, "培训机构": SCHOOLS, "工种": ("电工", "焊工"),
        "申报金额": (300, 600, 1200, 450.5, None), "培训类型": ("岗前培训", "安全技能培训", "师带徒"),
        "培训天数": (4, 8, 30, None),
    }  # fmt: skip
    for heading, values in drawn.items():
        if dice.random() < 0.3:
            cells[heading] = dice.choice(values)
    if dice.random() < 0.3:
        cells["补贴项目"] = dice.choice([None, "取证补贴、职业技能培训补贴", "职业技能培训补贴", "取证补贴"])
    if dice.random() < 0.05:
        cells["姓名"] = dice.choice(NAMES)
    if dice.random() < 0.05:
        cells["身份证号"] = "140105199001010017"
    return cells


def wide(dice: random.Random, person: int) -> dict[str, Any]:
    """A row with amount columns."""
    cells = row(dice, person)
    cells.pop("补贴项目")
    cells.pop("申报金额", None)
    amounts = (None, 300, 800, 1500)
    return cells | {name: dice.choice(amounts) for name in ("取证补贴", "职业技能培训补贴", "生活费补贴", "培训补贴")}


def rosters(seed: int, rows: int = 14) -> list[InputFile]:
    """Two files of one and two sheets; a title names the programme of one, another has amount columns."""
    dice = random.Random(seed)
    people = max(2, rows // 3)
    sheets = [
        Sheet([row(dice, dice.randrange(people)) for _ in range(rows)], "名单"),
        Sheet([wide(dice, dice.randrange(people)) for _ in range(rows // 3)], "宽表"),
        Sheet(
            [{key: cell for key, cell in row(dice, dice.randrange(people)).items() if key != "补贴项目"}
             for _ in range(rows // 3)],
            "其他", dice.choice([(), ("取证补贴花名册",), ("职业培训补贴花名册",)]),
        ),
    ]  # fmt: skip
    return [input_file("甲.xlsx", sheets[0], sheets[1]), input_file("乙.xlsx", sheets[2])]
