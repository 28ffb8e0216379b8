"""Rebuild the sample data (样例数据): six fictitious rosters, the occupation register, each row's intended outcome;
a set of course plans, a workbook of training funds, awards of bases and studios with their register.

    python sample_data/make.py [FOLDER]

The stories stand in `stories/`, a module each; each row there carries its intended outcome with the argument, and
`expected.yaml` is those outcomes with the row numbers that the drawing gave. Nothing here imports or runs trainingcli.
Persons, numbers and institutions are fictitious; any likeness in name is chance.
"""

from __future__ import annotations

import sys
from pathlib import Path

import beside_the_system
import yaml
from bases_and_studios import AWARDS_FILE, LATER_FILE, draw_awards, draw_later, draw_units
from look import Column, Drawing, save
from openpyxl import Workbook
from plans_and_funds import FUNDS_FILE, PLANS_FILE, draw_funds, draw_plans
from stories import Outcome, bad_cells, certificates, clean, enterprise, messy, repeats

STORIES = (clean, messy, certificates, repeats, enterprise, bad_cells)

REGISTER = (
    Column("occupation", "职业(工种)", 24),
    Column("level", "等级", 14),
    Column("standard", "补贴标准", 10),
    Column("regulated", "准入类", 8),
    Column("scarce", "紧缺", 8),
    Column("alias", "别名", 20),
    Column("since", "生效日期", 12),
    Column("until", "失效日期", 12),
)
# occupation: levels with the standard in yuan (None: listed without one), then 准入类, 紧缺, 别名, 失效日期
OCCUPATIONS: dict[str, tuple[dict[str, int | None], str, str, str | None, str | None]] = {
    "中式面点师": ({"初级工": 900, "中级工": 1000, "技师": None}, "否", "否", "面点师", None),
    "中式烹调师": ({"初级工": 900, "中级工": 1000}, "否", "否", "厨师", None),
    "养老护理员": ({"初级工": 1000, "中级工": 1000}, "否", "是", "养老护理", None),
    "家政服务员": ({"初级工": 800, "中级工": 900}, "否", "是", "家政服务", None),
    "保育员": ({"初级工": 900, "中级工": 1000, "高级工": 1000}, "否", "是", None, None),
    "育婴员": ({"初级工": 1000}, "否", "是", "育婴师", None),
    "刀削面制作": ({"专项职业能力": 600}, "否", "否", None, None),
    "美容师": ({"初级工": 900, "高级工": 1000}, "否", "否", None, None),
    "电子商务师": ({"初级工": 1000}, "否", "是", "电商", None),
    "茶艺师": ({"初级工": None}, "否", "否", None, None),
    "打字员": ({"初级工": 600}, "否", "否", None, "2019-12-31"),
    "电工": ({"初级工": 1000, "中级工": 1000, "高级工": 1000, "技师": None, "高级技师": None}, "是", "是", None, None),
    "焊工": (
        {"初级工": 1000, "中级工": 1000, "高级工": 1000, "技师": None, "高级技师": None},
        "是",
        "是",
        "电焊工",
        None,
    ),
    "钳工": ({"初级工": 950, "中级工": 1000, "技师": None, "高级技师": None}, "否", "否", None, None),
    "车工": ({"初级工": 950, "中级工": 1000, "技师": None}, "否", "否", None, None),
    "起重装卸机械操作工": ({"初级工": 1000, "高级工": 1000}, "是", "否", "起重工", None),
}


def main(folder: Path) -> None:
    """Write rosters, register and expected outcomes into a folder."""
    outcomes: list[Outcome] = []
    for story in STORIES:
        book = _empty()
        outcomes.extend(story.draw(book))
        save(book, folder / "rosters" / story.FILE)
    save(_occupations(), folder / "registers" / "occupations.xlsx")
    tables = (
        (f"plans/{PLANS_FILE}", draw_plans),
        (f"levy/{FUNDS_FILE}", draw_funds),
        (f"awards/{AWARDS_FILE}", draw_awards),
        (f"awards/{LATER_FILE}", draw_later),
        ("registers/units.xlsx", draw_units),
    )
    beside = (
        (beside_the_system.ROSTER_FILE, beside_the_system.draw_roster),
        (beside_the_system.EXPORT_FILE, beside_the_system.draw_export),
        (beside_the_system.LIST_FILE, beside_the_system.draw_list),
        (beside_the_system.DECISIONS_FILE, beside_the_system.draw_decisions),
    )
    for file, draw in (*tables, *beside):
        book = _empty()
        draw(book)
        save(book, folder / file)
    (folder / "expected.yaml").write_text(_told(outcomes), "utf-8")


def _empty() -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "trainingcli sample data"
    return book


def _occupations() -> Workbook:
    book = _empty()
    drawing = Drawing(book.create_sheet("职业(工种)目录"), REGISTER)
    drawing.title("补贴性培训职业(工种)目录")
    drawing.header()
    for occupation, (levels, regulated, scarce, alias, until) in OCCUPATIONS.items():
        for level, standard in levels.items():
            drawing.record(
                {
                    "occupation": occupation,
                    "level": level,
                    "standard": standard,
                    "regulated": regulated,
                    "scarce": scarce,
                    "alias": alias,
                    "since": "2019-01-01",
                    "until": until,
                }
            )
    drawing.finish()
    return book


HEAD = """\
# What the texts make of every row of the sample rosters: argued, not copied from a run. Written by make.py.
# With --registers sample_data/registers (the occupation register alone), an empty ledger, the shipped policy,
# and --today as below. `reasons` is a set; `approved` is in yuan.
"""


def _told(outcomes: list[Outcome]) -> str:
    lines = [
        {
            "file": outcome.file,
            "sheet": outcome.sheet,
            "row": outcome.row,
            "programme": line.programme,
            "status": line.status,
            "approved": f"{line.yuan}.00",
            "reasons": sorted(line.reasons),
            "why": line.why,
        }
        for outcome in outcomes
        for line in outcome.lines
    ]
    data = {"today": bad_cells.TODAY, "lines": lines}
    return HEAD + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=130)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
