"""抽查名单.xlsx: the order with tickets and how to compute them again, and a check form for each class drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

import pyarrow as pa

from trainingcli.language import Text, tr
from trainingcli.reports.workbooks.style import Book, TableColumn
from trainingcli.views.inspection.check_form import add_form
from trainingcli.views.inspection.classes import Trainee
from trainingcli.views.inspection.draw import Drawn, check_line

NAME = "抽查名单"
_WIDTH = 10
_ABOUT = Text(
    "签号＝SHA-256（种子|班级标识|第几签），每班取最小的一张，按签号从小到大；在任何电脑上用右侧的命令都能验算。",
    "Ticket = SHA-256 of seed|label|k; a class has its smallest; anyone computes it by the command at the right.",
)


@dataclass(frozen=True)
class DrawTask:
    """The workbook to write. `frame`: the content hash of the frame; `today`: the day it was made on (ISO)."""

    classes: Sequence[Drawn]
    people: Mapping[str, Sequence[Trainee]]
    frame: str
    seed: str
    take: int
    today: str


def write_draw(task: DrawTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file, stamped as this program's."""
    book = Book(tr(NAME, "Classes drawn"), task.today)
    page = book.page(tr(NAME, "Drawn"))
    page.title(tr("培训班实地抽查名单", "Classes drawn for on-site checks"), _WIDTH)
    page.line(tr(f"种子：{task.seed}　　抽取：{task.take} 个　　制表日期：{task.today}",
                 f"Seed: {task.seed}; drawn: {task.take}; made on {task.today}"), _WIDTH)  # fmt: skip
    page.line(tr(f"底册内容哈希：{task.frame}", f"Content hash of the frame: {task.frame}"), _WIDTH)
    page.line(str(_ABOUT), _WIDTH)
    page.long_table(_columns(task), frozen=2, printed=_WIDTH)
    for one in task.classes:
        if one.drawn:
            add_form(book, one, task.people.get(one.one.label, ()), task.seed)
    book.save(target, "draw")


def _columns(task: DrawTask) -> list[TableColumn]:
    rows = task.classes

    def texts(values: Sequence[str | None]) -> pa.Array:
        return pa.array(values, pa.string())

    def numbers(values: Sequence[int]) -> pa.Array:
        return pa.array(values, pa.int64())

    drawn, substitute = tr("抽中", "drawn"), tr("替补", "substitute")
    why = ["；".join(f"{risk.points} {risk.why}" for risk in row.one.risks) or None for row in rows]
    return [
        TableColumn(Text("顺序", "Order"), numbers([row.order for row in rows]), "number", least=5),
        TableColumn(Text("结果", "Result"), texts([drawn if row.drawn else substitute for row in rows]), "middle"),
        TableColumn(Text("培训机构", "Institution"), texts([row.one.institution for row in rows]), "wrap", most=20),
        TableColumn(Text("班级编号", "Class no."), texts([row.one.class_no for row in rows]), "wrap", most=12),
        TableColumn(Text("职业(工种)", "Occupation"), texts([row.one.occupation for row in rows]), "wrap", most=12),
        TableColumn(Text("等级", "Level"), texts([row.one.level for row in rows]), "wrap", most=8),
        TableColumn(Text("开班日期", "Start"), texts([row.one.start_date for row in rows]), "middle", most=10),
        TableColumn(Text("人数", "People"), numbers([row.one.people for row in rows]), "count", least=5),
        TableColumn(Text("权重", "Weight"), numbers([row.one.weight for row in rows]), "count", least=5),
        TableColumn(Text("权重的理由", "Why this weight"), texts(why), "wrap", least=16, most=36),
        TableColumn(Text("签号", "Ticket"), texts([row.ticket for row in rows]), most=66),
        TableColumn(Text("第几签", "k"), numbers([row.k for row in rows]), "number"),
        TableColumn(Text("验算命令", "Check"), texts([check_line(task.seed, row) for row in rows]), most=90),
    ]
