"""What a person does between the steps of the clerk's manual: puts files, fills in cells; by page and heading."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from documents import month
from documents.pages import blocks
from documents.shell import Shell

FIRST, MONTHLY, REVERSAL, LEDGER = (
    f"docs/clerks/{name}.md" for name in ("第一次使用", "每月的工作", "冲销与恢复", "台账与备份")
)
PAGES = (FIRST, MONTHLY, REVERSAL, LEDGER)
RETURNED = {
    "晨光-培训补贴-退回.xlsx": ("钱二", {"身份证号": month.id_number(2)}),
    "汾秀-取证补贴-退回.xlsx": ("吴六", {"证书编号": "晋2021000006"}),
    "龙河-职工培训-退回.xlsx": ("冯十", {"开班日期": "2021-03-02"}),
}


class Month:
    """The working folder between the steps, and what the books in it say."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    @property
    def folder(self) -> Path:
        return self.shell.folder

    def asked(self, *arguments: str) -> Any:
        """A command's document, beside the manual: how the test looks at the books."""
        done = self.shell._program([*arguments, "--format", "json"], None)
        assert done.code == 0, done.err
        return json.loads(done.out)

    def used(self, ledger: str = "台账.db") -> dict[str, int]:
        """What stands for each fund, of all years, in fen."""
        found: dict[str, int] = {}
        for each in self.asked("ledger", "verify", "--ledger", ledger)["balances"]:
            found[each["fund"]] = found.get(each["fund"], 0) + fen(each["closing"])
        return found

    def sheet(self, path: str, name: str) -> list[list[Any]]:
        """The rows of a sheet of a workbook."""
        return [list(row) for row in openpyxl.load_workbook(self.folder / path)[name].iter_rows(values_only=True)]

    def text(self, path: str) -> str:
        """All cells of a workbook as one text."""
        book = openpyxl.load_workbook(self.folder / path)
        cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        return "\n".join(str(cell) for cell in cells if cell is not None)


def fen(yuan: str) -> int:
    return int(Decimal(yuan.replace(",", "")) * 100)


def put(m: Month) -> None:
    month.lay_out_rosters(m.folder / "花名册")


def settings(m: Month) -> None:
    """Take the `#` off the lines that the page names, and write the page's own values there."""
    [wanted] = [block for block in blocks(FIRST) if block.language == "toml"]
    path = m.folder / "trainingcli.toml"
    lines = path.read_text("utf-8").splitlines()
    for line in wanted.lines:
        key = line.split(" = ")[0]
        [place] = [number for number, each in enumerate(lines) if each.startswith(f"# {key} = ")]
        lines[place] = line
    path.write_text("\n".join(lines) + "\n", "utf-8")


def accounts(m: Month) -> None:
    settings(m)
    month.fill_in_registers(m.folder / "目录清单")


def decide(m: Month) -> None:
    (m.folder / "决定").mkdir()
    path = m.folder / "决定" / "晨光-待核.xlsx"
    shutil.copy(m.folder / "claims-out" / "晨光职业培训学校.xlsx", path)
    month.fill_in(path, "EMPLOYMENT_CARD_MISSING", {"决定": "放行", "依据": "看过证件原件", "经办人": "王经办"})


def mend(m: Month) -> None:
    (m.folder / "补报").mkdir()
    for name, (who, values) in RETURNED.items():
        path = m.folder / "补报" / name
        shutil.copy(m.folder / "claims-out" / "退回" / name, path)
        month.fill_in(path, who, values)


def write_down_numbers(m: Month) -> None:
    (m.folder / "身份证号.txt").write_text(f"{month.id_number(1)}\n{month.id_number(9)}\n", "utf-8")


def paid_before(m: Month) -> None:
    """Somebody's training of the year before, paid before this program; and a line whose number is wrong."""
    row = ["魏十一", month.id_number(11), "下岗失业人员", "1401000011", "焊工", "初级工", "2020-05-06", "2020-05-20"]
    wrong = ["韩十二", month.WRONG, *row[2:]]
    paid = ["2020-06-30", 700, month.SCHOOL, "职业技能培训补贴"]
    header = [*month.TRAINEES[:-1], "发放日期", "发放金额", "培训机构", "补贴项目"]
    month.write(m.folder / "旧发放表.xlsx", [header, [*row, *paid], [*wrong, *paid]])


def elsewhere(m: Month) -> None:
    (m.folder / "另一处").mkdir()


HANDS: dict[tuple[str, str], Callable[[Month], None]] = {
    (FIRST, "四、填收款账户"): accounts,
    (MONTHLY, "一、收表"): put,
    (MONTHLY, "三、处理待核"): decide,
    (MONTHLY, "六、补报"): mend,
    (LEDGER, "一、查看"): write_down_numbers,
    (LEDGER, "二、以前发放的记进来"): paid_before,
    (LEDGER, "三、备份"): elsewhere,
}
