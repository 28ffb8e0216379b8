"""抽查底册.xlsx: every class with its risks and weight under the hash of them all, and the people, masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

import pyarrow as pa

from trainingcli.language import Text, tr
from trainingcli.reports.workbooks.style import Book, TableColumn, sheets_needed
from trainingcli.views.inspection.classes import InspectedClass, Trainee

NAME = "抽查底册"
HASH_LINE = Text("内容哈希", "Content hash")
_WIDTH = 11  # printed columns
_HEADINGS = {
    "institution": Text("培训机构", "Institution"), "class_no": Text("班级编号", "Class no."),
    "occupation": Text("职业(工种)", "Occupation"), "level": Text("等级", "Level"),
    "start_date": Text("开班日期", "Start"), "end_date": Text("结业日期", "End"),
}  # fmt: skip


@dataclass(frozen=True)
class FrameTask:
    """The workbook to write. `source`: where the classes come from; `today`: the day it was made on (ISO)."""

    classes: Sequence[InspectedClass]
    people: Sequence[Trainee]
    hash: str
    source: Text
    today: str


def write_frame(task: FrameTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file, stamped as this program's."""
    book = Book(tr(NAME, "Frame of on-site checks"), task.today)
    page = book.page(tr(NAME, "Frame"))
    page.title(tr("培训班实地抽查底册", "Frame of on-site checks"), _WIDTH)
    page.line(f"{HASH_LINE}：{task.hash}", _WIDTH)
    page.line(tr(f"{task.source.zh}　　制表日期：{task.today}", f"{task.source.en}; made on {task.today}"), _WIDTH)
    for text in _ABOUT:
        page.line(str(text), _WIDTH)
    page.long_table(_class_columns(task.classes), frozen=2, printed=_WIDTH)
    for place, rows in enumerate(sheets_needed(len(task.people)), 1):
        people = task.people[rows.start : rows.stop]
        page = book.page(tr("学员名单", "People") + (str(place) if place > 1 else ""))
        page.title(tr("各班学员（已脱敏）", "People of the classes (masked)"), 4)
        page.long_table(_people_columns(people), frozen=2)
    book.save(target, "frame")


_ABOUT = (
    Text(
        "权重＝1＋风险分（最多计 20 分，各项分值及理由见政策文件 risk_ 各项）；一个权重一张签。",
        "Weight = 1 + risk points (20 at most; points and reasons: risk_ in the policy file); a ticket for each.",
    ),
    Text(
        "哈希：每班一行“标识、结业日期、人数、金额、风险代码、权重”，以制表符相连，逐行排序后取 SHA-256（UTF-8）。",
        "Hash: SHA-256 (UTF-8) of the sorted lines label, end, people, yuan, risk codes, weight, joined by tabs.",
    ),
)


def _texts(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def _class_columns(classes: Sequence[InspectedClass]) -> list[TableColumn]:
    numbers = _texts([f"K{place}" for place in range(1, len(classes) + 1)])
    why = _texts(["；".join(f"{risk.points} {risk.why}" for risk in one.risks) or None for one in classes])
    shown = [
        TableColumn(_HEADINGS[key], _texts([getattr(one, key) for one in classes]), style, most=most)
        for key, style, most in (
            ("institution", "wrap", 24), ("class_no", "wrap", 14), ("occupation", "wrap", 14), ("level", "wrap", 10),
            ("start_date", "middle", 10), ("end_date", "middle", 10),
        )
    ]  # fmt: skip
    return [
        TableColumn(Text("编号", "No."), numbers, "middle", least=4),
        *shown,
        TableColumn(Text("人数", "People"), pa.array([one.people for one in classes], pa.int64()), "count"),
        TableColumn(Text("金额", "Yuan"), pa.array([one.yuan for one in classes], pa.int64()), "money"),
        TableColumn(Text("权重", "Weight"), pa.array([one.weight for one in classes], pa.int64()), "count"),
        TableColumn(Text("风险分及理由", "Points and why"), why, "wrap", least=20, most=40),
        TableColumn(Text("风险代码", "Risk codes"), _texts([_codes(one) or None for one in classes]), most=60),
        TableColumn(Text("班级标识", "Label"), _texts([one.label for one in classes]), most=60),
    ]


def _codes(one: InspectedClass) -> str:
    return " ".join(risk.code_text for risk in one.risks)


def _people_columns(people: Sequence[Trainee]) -> list[TableColumn]:
    return [
        TableColumn(Text("编号", "No."), _texts([f"P{place}" for place in range(1, len(people) + 1)]), "middle"),
        TableColumn(Text("班级标识", "Label"), _texts([one.label for one in people]), "wrap", most=60),
        TableColumn(Text("姓名", "Name"), _texts([one.name for one in people])),
        TableColumn(Text("身份证号", "ID number"), _texts([one.id_number for one in people]), least=20),
    ]
