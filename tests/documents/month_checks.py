"""What the clerk's manual says has happened, asked after each heading of it. Amounts are in fen."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import openpyxl

from documents import month
from documents.month_hands import FIRST, LEDGER, MONTHLY, RETURNED, REVERSAL, Month, fen
from documents.pages import text_of
from documents.shell import Outcome


def has_folder(m: Month, _: list[Outcome]) -> None:
    there = {path.name for path in m.folder.iterdir()}
    assert there == {"花名册", "目录清单", "trainingcli.toml", "请先读我.txt"}
    assert len(list((m.folder / "目录清单").iterdir())) == 11


def is_in_order(m: Month, done: list[Outcome]) -> None:
    assert "示范市人力资源和社会保障局" in done[0].out
    found = {each["key"]: each["value"] for each in m.asked("config")["settings"]}
    assert found["ledger"] == str(m.folder / "台账.db")
    assert {line.split()[0] for line in done[1].out.splitlines()[2:] if line[:1].strip()} == {"好", "注意"}
    assert [line.split()[1] for line in done[1].out.splitlines() if line.startswith("注意")] == ["目录清单", "台账"]


def has_faults(m: Month, done: list[Outcome]) -> None:
    """Three errors, each with its cell; nothing is written."""
    found = done[0].out
    assert "错误 3 处" in found
    for cell, code in (("B5", "ID_CHECKSUM"), ("F6", "CERTIFICATE_MISSING"), ("F6", "BAD_DATE")):
        assert any(line.split()[:3] == [cell, "错误", code] for line in found.splitlines()), f"{cell} {code}\n{found}"
    assert not (m.folder / "claims-out").exists()


CLAIMS = [
    # name, status, entitled fen: what the policy gives, by hand
    ("赵一", "approved", 800_00), ("钱二", "rejected", 0), ("孙三", "held", 0),
    ("李四", "approved", 300_00), ("周五", "approved", 600_00), ("吴六", "rejected", 0),
    ("郑七", "approved", 300_00), ("王九", "reduced", 300_00), ("冯十", "rejected", 0),
]  # fmt: skip


def settled(m: Month, *arguments: str) -> list[tuple[str, str, int]]:
    """Name, status and fen of every line, in the rosters' order."""
    lines = m.asked("claims", *arguments, "--unmask", "--out", "看看")["lines"]
    shutil.rmtree(m.folder / "看看")
    return [(line["name"], line["status"], fen(line["approved"])) for line in lines]


def is_settled(m: Month, done: list[Outcome]) -> None:
    found = settled(m, "花名册")
    assert found == CLAIMS
    counts = [sum(status == name for _, status, _ in found) for name in ("approved", "reduced", "held", "rejected")]
    assert "核定 {} 笔、核减 {} 笔、待核 {} 笔、不予补贴 {} 笔".format(*counts) in text_of(MONTHLY)
    assert "没有台账" in done[0].out
    written = {path.name for path in (m.folder / "claims-out").iterdir()}
    assert written == {f"{name}.xlsx" for name in (month.SCHOOL, month.CENTRE, month.FACTORY, "汇总")}
    assert not (m.folder / "台账.db").exists()
    assert "就业创业证" in done[1].out
    assert "待核" in done[2].out


def is_released(m: Month, _: list[Outcome]) -> None:
    released = [("孙三", "approved", 800_00) if row[0] == "孙三" else row for row in CLAIMS]
    assert settled(m, "花名册", "--decisions", "决定/晨光-待核.xlsx") == released


def is_returned(m: Month, _: list[Outcome]) -> None:
    assert {path.name for path in (m.folder / "claims-out" / "退回").iterdir()} == set(RETURNED)
    for name, (who, _values) in RETURNED.items():
        assert "退回原因" in m.text(f"claims-out/退回/{name}")
        assert who in m.text(f"claims-out/退回/{name}")


def is_posted(m: Month, done: list[Outcome]) -> None:
    """800 + 800 for the school, 300 + 600 for the centre, 300 + 300 for the works: 3,100 yuan."""
    lines = len(m.asked("ledger", "show", "1")["lines"])
    assert f"入账 {lines} 笔 {sum(m.used().values()) // 100:,} 元" in text_of(MONTHLY)
    assert "已入账：第 1 批" in done[0].out
    assert m.used() == {"就业补助资金": 1600_00, "市财政": 1500_00}
    assert (m.folder / "claims-out" / f"{month.SCHOOL}-批次1.xlsx").exists()
    assert len(m.asked("ledger", "show", "1")["lines"]) == 6
    again = m.asked("claims", "花名册", "--decisions", "决定/晨光-待核.xlsx", "--post")
    assert again["batch"] == {"id": 1, "already_posted": True}
    assert m.used() == {"就业补助资金": 1600_00, "市财政": 1500_00}


def is_mended(m: Month, done: list[Outcome]) -> None:
    """800 for 钱二, 300 each for 吴六 and 冯十: 1,400 yuan; the others were paid."""
    yuan = sum(fen(line["yuan"]) for line in m.asked("ledger", "show", "2")["lines"]) // 100
    assert f"只付改好的三笔，{yuan:,} 元，是第 2 批" in text_of(MONTHLY)
    assert "已入账：第 2 批" in done[1].out
    paid = {line["payee"]: fen(line["yuan"]) for line in m.asked("ledger", "show", "2")["lines"]}
    assert paid == {month.SCHOOL: 800_00, month.CENTRE: 300_00, month.FACTORY: 300_00}
    assert m.used() == {"就业补助资金": 2400_00, "市财政": 2100_00}


def is_published(m: Month, done: list[Outcome]) -> None:
    [page] = (m.folder / "publish-out").glob("*.html")
    [book] = (m.folder / "publish-out").glob("*.xlsx")
    for text in (page.read_text("utf-8"), m.text(f"publish-out/{book.name}")):
        assert "示范市人力资源和社会保障局" in text
        assert "赵一" in text
        assert month.id_number(1) not in text
        assert month.id_number(1)[:6] + "*" * 8 + month.id_number(1)[-4:] in text
        assert "6222" not in text
    assert "（5 个工作日，自次日起算）" in done[0].out


def is_paid_out(m: Month, done: list[Outcome]) -> None:
    """One payment a payee and fund; what is in the files is what stands in the ledger."""
    assert "4,500.00" in done[0].out
    files = sorted(path.name for path in (m.folder / "pay-out").iterdir())
    assert files == ["付款1-就业补助资金-1.xlsx", "付款1-市财政-1.xlsx", "付款1-控制表.xlsx"]
    assert "6222020000000000015" in m.text("pay-out/付款1-就业补助资金-1.xlsx")
    assert sum_of(m, "付款1-就业补助资金-1.xlsx") == 2400_00
    assert sum_of(m, "付款1-市财政-1.xlsx") == 1200_00 + 900_00
    assert m.shell._program(["pay", "export", "--batch", "1"], None).code == 2  # never twice


def sum_of(m: Month, name: str) -> int:
    """The fen of a payment file's column of amounts."""
    book = openpyxl.load_workbook(m.folder / "pay-out" / name)
    header, *rows = book.worksheets[0].iter_rows(values_only=True)
    place = next(number for number, heading in enumerate(header) if heading and "金额" in heading)
    return sum(fen(str(row[place])) for row in rows if row[place] is not None)


def is_month_end(m: Month, done: list[Outcome]) -> None:
    assert "4,500.00" in done[0].out
    assert (m.folder / "funds-out" / "资金使用情况.xlsx").exists()
    assert "没有待核的明细" in done[1].err
    assert (m.folder / "备份" / "2021-04.db").stat().st_mode & 0o777 == 0o600


def is_found(_: Month, done: list[Outcome]) -> None:
    assert "明细 8\n  姓名 王*" in done[0].out


def is_reversed(m: Month, done: list[Outcome]) -> None:
    assert "试运行：没有记账" in done[0].err
    assert m.used() == {"就业补助资金": 2400_00, "市财政": 1800_00}
    assert m.shell._program(["ledger", "void", "1", "--line", "8", "--why", "再来"], None).code == 2  # not twice


def waits(m: Month, done: list[Outcome]) -> None:
    assert ("王九", "held", 0) in settled(m, "花名册")
    assert "REVERSED_BEFORE" in done[0].out
    assert "查实中途退训" in m.text(f"claims-out/{month.FACTORY}.xlsx")


def is_paid_again(m: Month, done: list[Outcome]) -> None:
    assert "已入账：第 7 批" in done[1].out
    [line] = m.asked("ledger", "show", "7")["lines"]
    assert (line["payee"], fen(line["yuan"])) == (month.FACTORY, 300_00)
    assert m.used() == {"就业补助资金": 2400_00, "市财政": 2100_00}


def goes_out_alone(m: Month, _: list[Outcome]) -> None:
    [file] = (m.folder / "pay-out").glob("付款2-市财政-*.xlsx")
    assert sum_of(m, file.name) == 300_00


def is_shown(_: Month, done: list[Outcome]) -> None:
    assert "批次 7" in done[0].out
    assert done[4].out.count("800.00") == 1  # 赵一's, of the two whose numbers are in the file
    assert "300.00" in done[4].out


def is_imported(m: Month, done: list[Outcome]) -> None:
    assert "导入 1 笔，共 2 笔" in done[0].err
    assert "没有导入的行改好" in done[0].out
    assert m.used()["就业补助资金"] == 2400_00 + 700_00


def is_kept(m: Month, done: list[Outcome]) -> None:
    assert str(m.folder / "台账.db.key") in done[0].err
    for path in (m.folder / "备份" / "月末.db", m.folder / "另一处" / "台账.db.key"):
        assert path.stat().st_mode & 0o777 == 0o600


def holds(m: Month, done: list[Outcome]) -> None:
    head = m.asked("ledger", "verify")["head"]
    assert head in done[0].out
    assert m.asked("ledger", "verify", "--head", head)["head"] == head


def is_restored(m: Month, done: list[Outcome]) -> None:
    """The same books on another path: the same head, sums, and nothing is paid twice there."""
    assert m.used("新电脑/台账.db") == m.used()
    assert m.asked("ledger", "verify", "--ledger", "新电脑/台账.db")["head"] in done[-2].out
    assert "不行" not in done[-1].out
    found = m.asked("claims", "花名册", "--ledger", "新电脑/台账.db", "--out", "再看看")["totals"]
    assert sum(fen(each["approved"]) for each in found) == 0


def is_written_again(m: Month, _: list[Outcome]) -> None:
    assert len(list((m.folder / "重写").glob("*-批次1.xlsx"))) == 4
    assert "已冲销" in m.text(f"重写/{month.FACTORY}-批次1.xlsx")
    assert month.id_number(1) not in m.text("台账全部.xlsx")


CHECKS: dict[tuple[str, str], Callable[[Month, list[Outcome]], None]] = {
    (FIRST, "二、建工作文件夹"): has_folder,
    (FIRST, "五、看看齐不齐"): is_in_order,
    (MONTHLY, "一、收表"): has_faults,
    (MONTHLY, "二、核定"): is_settled,
    (MONTHLY, "三、处理待核"): is_released,
    (MONTHLY, "四、退回"): is_returned,
    (MONTHLY, "五、入账"): is_posted,
    (MONTHLY, "六、补报"): is_mended,
    (MONTHLY, "七、公示"): is_published,
    (MONTHLY, "八、拨付"): is_paid_out,
    (MONTHLY, "九、月末"): is_month_end,
    (REVERSAL, "一、找到那一笔"): is_found,
    (REVERSAL, "二、冲销"): is_reversed,
    (REVERSAL, "三、冲销以后"): waits,
    (REVERSAL, "四、恢复"): is_paid_again,
    (REVERSAL, "五、再公示、再拨付"): goes_out_alone,
    (LEDGER, "一、查看"): is_shown,
    (LEDGER, "二、以前发放的记进来"): is_imported,
    (LEDGER, "三、备份"): is_kept,
    (LEDGER, "四、核对"): holds,
    (LEDGER, "五、换电脑、恢复"): is_restored,
    (LEDGER, "六、重新写出工作簿、导出"): is_written_again,
}
