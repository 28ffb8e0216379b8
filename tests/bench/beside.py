"""What the evidence costs a run: an export of 50,000 people, registers of 10,000 entries, a list of 100,000 people.

`make` writes the workbooks beside a roster of 5,000 rows; `read` prints the CPU seconds that one gated reading of those
workbooks takes, the workers' included: gate, fence, header and the columns on their way here; no start, no import. It
has as many workers as the run that it is compared with, which takes the files one after another, as it does.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import xlsxwriter
from rosters import HEADINGS, id_number, rows, write_xlsx

from trainingcli.evidence.register_contents import all_registers
from trainingcli.intake.tables.declared import declared_tables
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.workers import WorkerPool

ROSTER, EXPORT, LIST, REGISTERS = "r5000.xlsx", "export.xlsx", "list.xlsx", "registers"
ENTRIES = 10_000
JOBS = 2
_EXPORTED = (
    "姓名",
    "身份证号",
    "性别",
    "培训机构",
    "班级编号",
    "职业(工种)",
    "等级",
    "开班日期",
    "结业日期",
    "证书类型",
    "证书编号",
    "发证日期",
)


def make(folder: Path) -> None:
    """Write the roster and what speaks of its people, and of many others."""
    write_xlsx(folder / ROSTER, 5000)
    places = [HEADINGS.index(heading) for heading in _EXPORTED]
    _write(
        folder / EXPORT,
        [*_EXPORTED, "结业状态"],
        (
            [*(row[place] for place in places), "合格"]
            for row in chain(rows(5000), rows(45_000, first=5000, school=20, institutions=180))
        ),
    )
    people = (
        [f"某人{number % 97}", id_number(6_000_000 + number, 0), "养老金", "2015-01-01"] for number in range(100_000)
    )
    _write(folder / LIST, ["姓名", "身份证号", "类别", "起始日期"], people)
    (folder / REGISTERS).mkdir()
    schools = ([f"虚构培训学校{number:04d}", "公开招标", ""] for number in range(ENTRIES))
    _write(folder / REGISTERS / all_registers()["institutions"].file, ["机构名称", "资格方式", "培训职业"], schools)
    # One in a hundred is 准入类: with more, each row of the roster would be a flag, and their sheet the most of the run.
    trades = ([f"虚构工种{number:02d}", "", "否" if number % 100 else "是"] for number in range(ENTRIES))
    _write(folder / REGISTERS / all_registers()["occupations"].file, ["职业(工种)", "等级", "准入类"], trades)


def _write(path: Path, headings: list[str], lines: Iterable[list[object]]) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, headings)
    for number, line in enumerate(lines, start=1):
        sheet.write_row(number, 0, line)
    book.close()


def read(folder: Path) -> float:
    """Return the CPU seconds of this process and its worker that reading the workbooks takes."""
    tables = {"realname": [EXPORT], "people": [LIST]}
    registers = all_registers()
    with WorkerPool(JOBS) as pool:
        started = _of_workers(pool)
        began = time.process_time()
        for name, files in tables.items():
            vocabulary = declared_tables(name)[name].vocabulary()
            for item in read_rosters([str(folder / file) for file in files], vocabulary, pool):
                assert item.error is None, item.error
        for name in ("institutions", "occupations"):
            vocabulary = registers[name].vocabulary()
            for item in read_rosters([str(folder / REGISTERS / registers[name].file)], vocabulary, pool):
                assert item.error is None, item.error
        return time.process_time() - began + _of_workers(pool) - started


def _of_workers(pool: WorkerPool) -> float:
    """Return the CPU seconds of the workers so far; each is asked once, since none is given two tasks at a time."""
    pool.start(JOBS)
    return sum(float(used) for _, used in pool.map("time:process_time", [()] * JOBS))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        print(read(Path(sys.argv[2])))
