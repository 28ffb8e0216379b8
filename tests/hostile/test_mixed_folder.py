"""A folder of 300 mixed files, one in five bad: all good ones are settled to the fen, each bad one is named, exit 3."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.hostile.generate import CASES, ods, ods_row
from tests.hostile.parts import row as part_row
from tests.hostile.parts import sheet as part_sheet
from tests.hostile.parts import xlsx as packed_xlsx
from tests.intake.binary import xls, xlsb
from tests.intake.helpers import VOCABULARY

from support.people import id_number
from trainingcli.intake.tables import reading
from trainingcli.intake.tables.folders import expand
from trainingcli.intake.tables.read_input import read_one
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text
from trainingcli.workers import MIB, WorkerPool

HEADINGS = ("姓名", "身份证号", "人员类别", "工作单位", "培训机构", "培训类型", "工种", "等级", "开班日期", "证书类型",
            "证书编号", "发证日期", "补贴项目", "申报金额")  # fmt: skip
INSTITUTIONS = tuple(f"晋阳第{number}职业培训学校" for number in "一二三四五六七八九十")
EMPLOYER = "太原重型机械厂"

# (category, training type, occupation, level, start, certificate, its date, programme, yuan); the yuan are the plan's
# own figures, 三(三) and 二(二)2.
KINDS: tuple[tuple[Any, ...], ...] = (
    ("退役军人", None, "焊工", "初级工", "2020-07-01", "职业资格证书", "2020-08-01", "取证补贴", 300),
    ("农民工", None, "电工", "高级工", "2020.7.1", "职业技能等级证书", "2020年8月1日", "取证补贴", 600),
    ("残疾人", None, "保育员", None, "2020/7/1", "专项职业能力证书", "20200801", "取证补贴", 150),
    ("企业职工", "岗前培训", "钳工", None, "2020-07-01", None, None, "企业职工培训补贴", 300),
)


@dataclass
class Roster:
    """What one good file holds: its rows as they are written, and what the plan gives for them, in yuan."""

    rows: list[list[Any]]
    people: int
    yuan: int
    institution: str

    @property
    def layout(self) -> list[list[Any]]:
        """The sheet: a title, the header, the people with one blank row among them, a footer."""
        blank: list[Any] = [None] * len(HEADINGS)
        return [
            ["培训补贴花名册", *blank[1:]], list(HEADINGS), *self.rows[:1], blank, *self.rows[1:],
            ["制表人：某某", *blank[1:]],
        ]  # fmt: skip


def roster(number: int) -> Roster:
    """Return the roster of file `number`: one to four people, each of one kind, nobody in two files."""
    institution = INSTITUTIONS[number // 5 % len(INSTITUTIONS)]
    rows, yuan = [], 0
    people = 1 + number % 4
    for place in range(people):
        person = 4 * number + place
        category, training, occupation, level, start, certificate, dated, programme, amount = KINDS[
            (number // 4 + place) % len(KINDS)
        ]
        rows.append(
            [f"王某{person}", id_number(person), category, EMPLOYER, institution, training, occupation, level, start,
             certificate, certificate and f"ZS{person:06d}", dated, programme, float(amount)]
        )  # fmt: skip
        yuan += amount
    return Roster(rows, people, yuan, institution)


# --- a writer for each form that the intake reads --------------------------------------------------------------------


def _openpyxl(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([dt.date.fromisoformat(cell) if _is_iso(cell) else cell for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _is_iso(cell: object) -> bool:
    return isinstance(cell, str) and re.fullmatch(r"2020-[0-9]{2}-[0-9]{2}", cell) is not None


def _parts(rows: Sequence[Sequence[Any]]) -> dict[str, str | bytes | None]:
    body = "".join(part_row(number, row) for number, row in enumerate(rows, 1))
    return {"xl/worksheets/sheet1.xml": part_sheet(body)}


def _xlsm(rows: Sequence[Sequence[Any]]) -> bytes:
    return packed_xlsx({**_parts(rows), "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(100)})


def _ods(rows: Sequence[Sequence[Any]]) -> bytes:
    return ods("".join(ods_row(["" if cell is None else cell for cell in row]) for row in rows))


def _text(separator: str, encoding: str) -> Callable[[Sequence[Sequence[Any]]], bytes]:
    def write(rows: Sequence[Sequence[Any]]) -> bytes:
        lines = (separator.join("" if cell is None else str(cell) for cell in row) for row in rows)
        return "".join(f"{line}\r\n" for line in lines).encode(encoding)

    return write


def _html(rows: Sequence[Sequence[Any]]) -> bytes:
    lines = ("".join(f"<td>{'' if cell is None else cell}</td>" for cell in row) for row in rows)
    return f"<html><body><table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table></body></html>".encode()


# (name's ending, format as the JSON says it, writer); of the last five the name lies.
FORMS: tuple[tuple[str, str, Callable[[Sequence[Sequence[Any]]], bytes]], ...] = (
    (".xlsx", "xlsx", _openpyxl),
    (".xlsx", "xlsx", lambda rows: packed_xlsx(_parts(rows))),
    (".xlsm", "xlsm", _xlsm),
    (".xls", "xls", xls),
    (".xlsb", "xlsb", xlsb),
    (".ods", "ods", _ods),
    (".csv", "csv", _text(",", "utf-8")),
    (".csv", "csv", _text(",", "utf-8-sig")),
    (".tsv", "tsv", _text("\t", "utf-16")),
    (".txt", "tsv", _text("\t", "gb18030")),
    (".csv", "csv", _text(",", "gb18030")),
    (".xls", "html", _html),
    (".xls", "xlsx", _openpyxl),
    (".xlsx", "xls", xls),
    (".ods", "csv", _text(",", "gb18030")),
    (".csv", "ods", _ods),
)
REFUSED = [case for case in CASES.values() if case.decision == "refused"]


def bad_kinds(count: int) -> list[Any]:
    """Return as many refused kinds of the hostile set, spread over the whole of it; the same every time."""
    return [REFUSED[place * len(REFUSED) // count] for place in range(count)]


def make_folder(folder: Path, count: int) -> tuple[dict[str, tuple[str, Roster]], dict[str, Any]]:
    """Write `count` files, every fifth bad, in sub-folders; return path → (format, roster) and path → hostile kind."""
    good: dict[str, tuple[str, Roster]] = {}
    bad: dict[str, Any] = {}
    kinds = iter(bad_kinds(count // 5))
    for number in range(count):
        place = folder / f"县区{number // 50}"
        place.mkdir(parents=True, exist_ok=True)
        ending, form, write = FORMS[len(good) % len(FORMS)]
        path = place / f"名册{number:03d}{ending}"
        if number % 5 == 4:
            bad[str(path)] = case = next(kinds)
            path.write_bytes(case.build())
        else:
            made = roster(number)
            good[str(path)] = form, made
            path.write_bytes(write(made.layout))
    return good, bad


def settle(folder: Path, out: Path, *options: str) -> tuple[subprocess.CompletedProcess[str], Any]:
    """Run the real command on a folder; return the process and its JSON."""
    arguments = ["claims", str(folder), "--format", "json", "--out", str(out / "claims"), "--today", "2021-12-31"]
    done = subprocess.run(
        [sys.executable, "-m", "trainingcli", *arguments, "--ledger", str(out / "ledger.db"), *options],
        capture_output=True, text=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "TRAININGCLI_LANG": "zh"},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done, json.loads(done.stdout)


def fen(text: str) -> int:
    """Return yuan as the JSON writes them in whole fen, without a float."""
    units, cents = text.split(".")
    assert len(cents) == 2
    return int(units) * 100 + int(cents)


@dataclass
class Run:
    """One run of the folder of 300, and what was written into it."""

    good: dict[str, tuple[str, Roster]]
    bad: dict[str, Any]
    done: subprocess.CompletedProcess[str]
    found: Any
    out: Path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("mixed")
    good, bad = make_folder(place / "rosters", 300)
    done, found = settle(place / "rosters", place)
    return Run(good, bad, done, found, place)


def test_the_folder_is_as_mixed_as_it_should_be(run: Run) -> None:
    assert (len(run.good), len(run.bad)) == (240, 60)
    assert len({case.name for case in run.bad.values()}) == 60
    written = Counter(form for form, _ in run.good.values())
    assert set(written) == {"xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv", "html"}
    assert min(written.values()) == 15


def test_it_ends_with_3_and_lists_every_file_in_order(run: Run) -> None:
    assert run.done.returncode == 3, run.done.stderr
    assert [item["file"] for item in run.found["inputs"]] == sorted([*run.good, *run.bad])


def test_every_bad_file_is_named_with_what_is_wrong(run: Run) -> None:
    inputs = {item["file"]: item for item in run.found["inputs"]}
    said = run.done.stderr.splitlines()
    for path, case in run.bad.items():
        error = inputs[path]["error"]
        assert error, case.name
        assert case.word in error
        assert inputs[path]["sheets"] == []
        assert [line for line in said if path in line] == [f"错误：{path}: {error}"], case.name
    assert sum(line.startswith("错误：") for line in said) == len(run.bad)
    assert not run.bad.keys() & {line["file"] for line in run.found["lines"]}


def test_every_good_file_is_read_whole(run: Run) -> None:
    inputs = {item["file"]: item for item in run.found["inputs"]}
    for path, (form, made) in run.good.items():
        item = inputs[path]
        assert item["error"] is None, path
        assert item["format"] == form, path
        (sheet,) = item["sheets"]
        assert sheet["rows"] == made.people, path
        apart = sum(sheet[key] for key in ("blank", "header", "footer", "skipped"))
        assert sheet["total"] == sheet["rows"] + apart, path
        # Title and blank row, header, footer: however a format counts them, they are no people.
        assert (sheet["header"], sheet["footer"]) == (1, 1), path


def test_everybody_is_paid_to_the_fen(run: Run) -> None:
    paid: Counter[str] = Counter()
    people: dict[str, list[str]] = {}
    for line in run.found["lines"]:
        assert line["status"] == "approved", line
        paid[line["file"]] += fen(line["approved"])
        people.setdefault(line["file"], []).append(line["id_number"])
    assert paid == {path: 100 * made.yuan for path, (_, made) in run.good.items()}
    for path, (_, made) in run.good.items():
        assert people[path] == [f"{row[1][:6]}********{row[1][-4:]}" for row in made.rows], path
    whole = sum(fen(total["approved"]) for total in run.found["totals"])
    assert whole == 100 * sum(made.yuan for _, made in run.good.values())
    assert sum(total["approved_lines"] for total in run.found["totals"]) == len(run.found["lines"])


def test_each_institution_has_its_workbook(run: Run) -> None:
    names = {Path(path).stem: Path(path) for path in run.found["outputs"]}
    assert set(names) == {*INSTITUTIONS, "汇总"}
    for path in names.values():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for institution in INSTITUTIONS:
        book = openpyxl.load_workbook(names[institution], read_only=True)
        cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
        theirs = {row[1] for _, made in run.good.values() if made.institution == institution for row in made.rows}
        assert theirs <= cells
    assert [path.name for path in run.out.rglob("*.db")] == []


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    good, bad = make_folder(tmp_path / "rosters", 30)
    alone, together = (settle(tmp_path / "rosters", tmp_path, "--jobs", jobs) for jobs in "12")
    assert alone[0].returncode == together[0].returncode == 3
    assert alone[1] == together[1]
    assert alone[0].stderr == together[0].stderr
    assert [item["file"] for item in alone[1]["inputs"]] == sorted([*good, *bad])


# --- the workers behind it -------------------------------------------------------------------------------------------

DEADLY = ("abort", "memory", "spin", "leave")


def read_or_die(path: str, data: bytes | None, vocabulary: Any, password: str | None) -> InputFile:
    """Run in a worker: read a file as ever and say by which process; at a deadly name, die as a parser might."""
    way = Path(path).stem.partition("-")[2]
    if way == "abort":
        os.kill(os.getpid(), signal.SIGABRT)
    if way == "leave":
        os._exit(0)
    if way == "memory":
        bytearray(1 << 30)
    while way == "spin":
        pass
    found = read_one(path, data, vocabulary, password)
    found.warnings.append(Text(str(os.getpid()), ""))
    return found


def test_a_file_that_kills_its_worker_takes_no_neighbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_TASK", read_or_die)
    names = [f"{number:02d}" for number in range(24)]
    for place, way in enumerate(DEADLY):
        names[5 * place + 2] += f"-{way}"
    made = [roster(number) for number in range(len(names))]
    for name, one in zip(names, made, strict=True):
        (tmp_path / f"{name}.csv").write_bytes(_text(",", "utf-8")(one.layout))
    # An honest file needs far less of either, however busy the machine is.
    with WorkerPool(2, memory=768 * MIB, seconds=2) as pool:
        found = reading.read_rosters(expand([str(tmp_path)]), VOCABULARY, pool)
    assert [Path(item.file).stem for item in found] == names
    for item, one in zip(found, made, strict=True):
        if "-" in Path(item.file).stem:
            assert item.error is not None
            assert ("超时" in item.error.zh) == ("spin" in item.file), item.file
            assert item.sheets == []
        else:
            assert item.error is None
            assert [sheet.read for sheet in item.sheets] == [one.people]
    # Two at work, and one more for each that died: a living worker goes on to the next file.
    assert len(set(_workers(found))) <= 2 + len(DEADLY)
    assert len(_workers(found)) == len(names) - len(DEADLY)


def _workers(found: Iterable[InputFile]) -> list[str]:
    return [item.warnings[-1].zh for item in found if item.error is None]
