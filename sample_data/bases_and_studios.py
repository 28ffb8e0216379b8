"""Awards of bases and studios: nine bases and twenty studios come to 11,000,000 yuan, as Taiyuan paid in March 2020.

A second workbook, sent later: a studio once more under another spelling, its promotion to 省级 (paid), a name that is
nearly another's, an evaluation that was not 优秀, and a month alone as the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from look import Column, Drawing
from openpyxl import Workbook

AWARDS_FILE, LATER_FILE = "1-基地和工作室奖补申领表.xlsx", "2-补报.xlsx"
DOCUMENT = "并人社发〔2019〕112号"
RECOGNISED = "2019-12-20"

COLUMNS = (
    Column("number", "序号", 6), Column("unit", "名称", 34), Column("kind", "类型", 14), Column("grade", "级别", 8),
    Column("award", "补贴项目", 26), Column("host", "依托单位", 26), Column("recognised", "认定日期", 12),
    Column("document", "认定文号", 24), Column("round", "评估年度", 10), Column("result", "评估结果", 10),
    Column("evaluated", "评估日期", 12), Column("claimed", "申报金额(万元)", 12), Column("bank", "开户银行", 16),
    Column("account", "银行账号", 22, format="@"),
)  # fmt: skip
BASES = (
    "汾岸重工",
    "并州铁路",
    "晋阳技师学院",
    "迎泽电力",
    "龙城轨道",
    "尖草坪冶金",
    "杏花食品",
    "清徐煤化",
    "阳曲建筑",
)
MASTERS = (
    "赵铁柱", "钱玉坤", "孙桂芳", "李向阳", "周立新", "吴春生", "郑海涛", "王金锤", "冯德全", "陈光耀",
    "褚秀英", "卫东升", "蒋文斌", "沈福来", "韩志强", "杨月娥", "朱有财", "秦红梅", "尤金山", "许国栋",
)  # fmt: skip
UNITS = (
    Column("unit", "名称", 34), Column("kind", "类型", 20), Column("grade", "级别", 8), Column("host", "依托单位", 26),
    Column("recognised", "认定日期", 12), Column("document", "认定文号", 24), Column("former", "原名称", 26),
    Column("withdrawn", "撤销日期", 12),
)  # fmt: skip


def _base(name: str) -> dict[str, Any]:
    return {
        "unit": f"太原市{name}高技能人才实训基地", "kind": "高技能人才实训基地", "grade": "市级",
        "award": "实训基地建设补贴",
        "host": f"{name}有限公司", "recognised": RECOGNISED, "document": DOCUMENT, "claimed": 100,
    }  # fmt: skip


def _studio(place: int, name: str) -> dict[str, Any]:
    return {
        "unit": f"{name}技能大师工作室", "kind": "技能大师工作室", "grade": "市级", "award": "技能大师工作室补助",
        "host": f"{BASES[place % len(BASES)]}有限公司", "recognised": RECOGNISED, "document": DOCUMENT, "claimed": 10,
    }  # fmt: skip


def _paid() -> list[dict[str, Any]]:
    return [*map(_base, BASES), *(_studio(place, name) for place, name in enumerate(MASTERS))]


_MORE: tuple[dict[str, Any], ...] = (
    _studio(0, "赵铁柱") | {"unit": "太原市 赵铁柱 大师工作室（市级）"},
    _studio(0, "赵铁柱") | {"grade": "省级", "award": "技能大师工作室晋级补助", "recognised": "2020-11-18",
                           "document": "晋人社函〔2020〕77号", "claimed": 20},
    _studio(3, "李向阳") | {"unit": "李向明技能大师工作室", "document": "并人社发〔2020〕41号"},
    {"unit": "太原市汾岸重工高技能人才实训基地", "kind": "高技能人才实训基地", "award": "评估奖励",
     "host": "汾岸重工有限公司", "round": "2020年度", "result": "良好", "evaluated": "2021-03-10", "claimed": 20},
    {"unit": "钱玉坤技能大师工作室", "kind": "技能大师工作室", "award": "评估奖励", "host": "并州铁路有限公司",
     "round": "2020年度", "result": "优秀", "evaluated": "2021年3月", "claimed": 5},
)  # fmt: skip


def draw_awards(book: Workbook) -> None:
    """Draw the claims that come to 11,000,000 yuan."""
    _draw(book, _paid())


def draw_later(book: Workbook) -> None:
    """Draw what was sent later."""
    _draw(book, _MORE)


def _draw(book: Workbook, rows: Sequence[dict[str, Any]]) -> None:
    drawing = Drawing(book.create_sheet("申领表"), COLUMNS)
    drawing.title("太原市高技能人才实训基地、技能大师工作室奖补申领表")
    drawing.line((1, 6, "单位：万元"))
    drawing.header()
    for number, row in enumerate(rows, 1):
        account = {"bank": "晋商银行", "account": f"14010000000000{BASES.index(row['host'][:-4]) + 1:05}"}
        drawing.record({"number": number, **account, **row})
    drawing.finish()


def draw_units(book: Workbook) -> None:
    """Draw the register: every unit that was recognised; one under a new name, one withdrawn."""
    drawing = Drawing(book.create_sheet("基地和工作室目录"), UNITS)
    drawing.title("市级高技能人才实训基地和技能大师工作室目录")
    drawing.header()
    keys = [column.key for column in UNITS]
    rows = [*_paid(), _MORE[1]]
    for row in rows:
        more = {"former": "许国梁技能大师工作室"} if row["unit"].startswith("许国栋") else {}
        drawing.record({key: value for key, value in (row | more).items() if key in keys})
    gone = _studio(1, "郭守信") | {"withdrawn": "2020-01-15"}
    drawing.record({key: value for key, value in gone.items() if key in keys})
    drawing.finish()
