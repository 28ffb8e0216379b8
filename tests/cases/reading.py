"""The case files (案例): YAML in a clerk's words → inputs, history and expected outcomes.

A case is a mapping. `事`: one sentence about a person. `行`: the rows (heading: value; `像`: an ordinary row to start
from; `人`: 甲 unless it says another; `~`: an empty cell); or `表`: several sheets, each with `行` and, like a case of
one sheet, `表名`, `文件`, `上方` (rows of text over the header), `无列` (headings left out), `合并` (vertical merges),
and `日期1904`. `今天`, `政策` (what an overlay changes), `申领` (--programme), `标准` (the occupation register's),
`台账` (lines posted before; with `冲销` taken back that day, before the lines behind it), `特批` (waivers),
`决定` (what was decided), `系统` (rows of the real-name export) and `名单` (rows of another office's list), both
written as `行` is. `结果`: every claim line, in order.

Tags: `!error` an error cell, `!novalue` a formula without a value, `!id` an ID number made to measure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.people import check_digit, id_number, wrong_check_digit
from support.posted import Posted
from support.rosters import Sheet, input_file
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Special
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.policy import load_policy
from trainingcli.settle.limits.events import Waiver
from trainingcli.settle.standards import Standard

FOLDER = Path(__file__).parent
PEOPLE = "甲乙丙丁戊己庚辛"
STATUSES = {"核定": "approved", "核减": "reduced", "待核": "held", "不予补贴": "rejected", "已入账": "posted"}
CASE_KEYS = {"事", "今天", "政策", "申领", "标准", "台账", "特批", "决定", "结果", "表", "系统", "名单"}
DECIDED = {
    "身份证号", "补贴项目", "开班日期", "证书编号", "职业(工种)", "等级",
    "原因代码", "决定", "依据", "经办人", "核定金额",
}  # fmt: skip
SHEET_KEYS = {"行", "表名", "文件", "上方", "无列", "合并", "日期1904"}
RESULT_KEYS = {"行", "项目", "状态", "应补", "核定", "申报", "原因", "格", "收款"}
NOBODY = "无号"  # a row of no person: its ID cell is left empty


@dataclass(frozen=True)
class IdSpec:
    """An ID number to measure: 地区, 生日, 性别, 校验 (错), 末位 (X, x), 位数 (15, 17), 写法."""

    parts: Mapping[str, Any]

    def number(self, person: int) -> str:
        """The number for a person of a case."""
        made = id_number(person, self.parts.get("性别", "男"), self.parts.get("地区", "140105"), self.parts.get("生日"))
        first17 = made[:17]
        if self.parts.get("校验") == "错":
            return first17 + wrong_check_digit(first17)
        if "末位" in self.parts:
            return _ending_in_x(first17) + self.parts["末位"]
        if "写法" in self.parts:
            return _written(made, self.parts["写法"])
        return {15: made[:6] + made[8:17], 17: first17}.get(self.parts.get("位数"), made)


def _written(number: str, form: str) -> str:
    """The number as rosters write it: 全角, 空格, 引号, 字母O (the letter O for a zero)."""
    if form == "全角":
        return "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    if form == "字母O":
        return number.replace("0", "O", 1)
    return {"空格": f" {number[:6]} {number[6:14]} {number[14:]} ", "引号": f"'{number}"}[form]


def _ending_in_x(first17: str) -> str:
    """The first 17 digits of a number of the same day and sex whose check sign is X."""
    for sequence in range(int(first17[14:]) % 2, 1000, 2):
        tried = f"{first17[:14]}{sequence:03d}"
        if check_digit(tried) == "X":
            return tried
    raise AssertionError(first17)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    pass


_Loader.add_constructor("!error", lambda loader, node: Special(Kind.ERROR, loader.construct_scalar(node)))
_Loader.add_constructor("!novalue", lambda loader, node: Special(Kind.NO_VALUE))
_Loader.add_constructor("!id", lambda loader, node: IdSpec(loader.construct_mapping(node)))


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


@dataclass(frozen=True)
class Expected:
    """One claim line as the case expects it; amounts in fen, `entitled` an empty tuple where it says nothing of it."""

    file: str
    sheet: str
    row: int
    programme: str | None
    status: str
    approved: int
    codes: list[str]
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One case: what a run takes, and what must come out. `number` is the case's own, from 1."""

    number: int
    topic: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The sentence."""
        return str(self.data["事"])

    @property
    def today(self) -> dt.date:
        """The day of the run."""
        return self.data.get("今天", dt.date(2021, 12, 31))

    def person(self, label: str) -> int:
        """The number of a person of the case, that no other case has."""
        return self.number * len(PEOPLE) + PEOPLE.index(label)

    def id_number(self, label: str, sex: str = "男") -> str:
        """The ID number of a person of the case."""
        return id_number(self.person(label), sex)

    def sheets(self) -> list[tuple[str, Sheet]]:
        """The sheets with their files' names."""
        listed = self.data.get("表") or [{key: value for key, value in self.data.items() if key in SHEET_KEYS}]
        return [(f"{self.number:04d}/{sheet.get('文件', '花名册.xlsx')}", self._sheet(sheet)) for sheet in listed]

    def _sheet(self, sheet: Mapping[str, Any]) -> Sheet:
        _known(sheet, SHEET_KEYS, self)
        without = sheet.get("无列", ())
        rows = [{key: cell for key, cell in self._row(row).items() if key not in without} for row in sheet["行"]]
        merged = [(heading, *_span(span)) for heading, span in sheet.get("合并", {}).items()]
        return Sheet(rows, sheet.get("表名", "名单"), sheet.get("上方", ()), merged, bool(sheet.get("日期1904")))

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        own = dict(row)
        base = own.pop("像", None)
        label = own.pop("人", "甲")
        cells = {**(_ordinary()[base] if base else {}), **own}
        if base and "姓名" not in own and label != NOBODY:
            cells["姓名"] = self._name(label, base)
        given = any(heading in own for heading in ("身份证号", "公民身份号码", "证件号码"))
        if not given:
            number = None if label == NOBODY else self.id_number(label, cells.get("性别") or "男")
            cells = {"姓名": cells.pop("姓名", None), "身份证号": number, **cells}
        return {heading: self._cell(cell, label) for heading, cell in cells.items()}

    def _name(self, label: str, base: str) -> Any:
        """A person's name: that of the first row of theirs, since two names of one ID number hold them."""
        sheets = self.data.get("表") or [self.data]
        rows = (row for sheet in sheets for row in sheet["行"])
        bases = [row["像"] for row in rows if row.get("人", "甲") == label and "像" in row]
        return _ordinary()[bases[0] if bases else base].get("姓名")  # one who is in the export or a list alone

    def _cell(self, cell: Any, label: str) -> Any:
        if isinstance(cell, IdSpec):
            return cell.number(self.person(label))
        return cell.replace("№", f"{self.number:04d}") if isinstance(cell, str) else cell

    def inputs(self) -> list[InputFile]:
        """What intake would hand on."""
        files: dict[str, list[Sheet]] = {}
        for file, sheet in self.sheets():
            files.setdefault(file, []).append(sheet)
        return [input_file(file, *sheets) for file, sheets in files.items()]

    def posted(self) -> list[Posted]:
        """The lines that stand in the ledger."""
        return [self._posted(number, line) for number, line in enumerate(self.data.get("台账", ()), 1)]

    def _posted(self, number: int, line: Mapping[str, Any]) -> Posted:
        _known(
            line,
            {"人", "项目", "培训", "工种", "等级", "培训类型", "开班", "结业", "发证", "证书编号", "已付", "冲销"},
            self,
        )
        certificate = line.get("证书编号")
        return Posted(
            id_number=self.id_number(line.get("人", "甲")),
            programme=programme_code(line["项目"]) or "",
            event=self.number * 100 + line.get("培训", number),
            occupation=line.get("工种"),
            level=line.get("等级"),
            training_type=line.get("培训类型"),
            start=line.get("开班"),
            end=line.get("结业"),
            certificate_date=line.get("发证"),
            certificate_no=self._cell(certificate, "甲") if certificate else None,
            approved=fen(line.get("已付", 3000)),
            reversed_on=line.get("冲销"),
        )

    def waivers(self) -> dict[str, list[Waiver]]:
        """The approved exceptions, by ID number."""
        found: dict[str, list[Waiver]] = {}
        for line in self.data.get("特批", ()):
            _known(line, {"人", "工种", "等级", "开班"}, self)
            start = line.get("开班")
            day = (start - dt.date(1970, 1, 1)).days if start else None
            waiver = Waiver(line.get("工种"), line.get("等级"), day, "ANNUAL_LIMIT", '{"approver": "周科长"}')
            found.setdefault(self.id_number(line.get("人", "甲")), []).append(waiver)
        return found

    def decided(self) -> list[dict[str, Any]]:
        """The rows of the table of decisions."""
        found = []
        for line in self.data.get("决定", ()):
            _known(line, DECIDED | {"人"}, self)
            cells = {heading: self._cell(cell, "甲") for heading, cell in line.items() if heading != "人"}
            found.append({"身份证号": self.id_number(line.get("人", "甲")), "依据": "看过原件", **cells})
        return found

    def export(self) -> list[dict[str, Any]]:
        """The rows of the real-name system's export: an ordinary row claims nothing there."""
        rows = [self._row(row) for row in self.data.get("系统", ())]
        return [{key: cell for key, cell in row.items() if key not in ("补贴项目", "申报金额")} for row in rows]

    def listed(self) -> list[dict[str, Any]]:
        """The rows of another office's list."""
        return [self._row(row) for row in self.data.get("名单", ())]

    def standards(self) -> list[Standard]:
        """The occupation register's standards; an occupation with № is this case's alone."""
        found = []
        for line in self.data.get("标准", ()):
            _known(line, {"工种", "等级", "标准", "生效", "失效"}, self)
            assert "№" in line["工种"], f"{self.name}：标准的工种须带№，免得别的案例也受影响"
            occupation = self._cell(line["工种"], "甲")
            found.append(Standard(occupation, line.get("等级"), fen(line["标准"]), line.get("生效"), line.get("失效")))
        return found

    def expected(self) -> list[Expected]:
        """Every claim line that must come out, in order."""
        places = [(file, sheet, row) for file, sheet in self.sheets() for row in range(1, len(sheet.rows) + 1)]
        results = self.data["结果"]
        if any("行" not in result for result in results):
            assert len(results) == len(places), f"{self.name}：结果须逐行对应，或写明“行”"
        return [self._expected(result, places[result.get("行", at) - 1]) for at, result in enumerate(results, 1)]

    def _expected(self, result: Mapping[str, Any], place: tuple[str, Sheet, int]) -> Expected:
        _known(result, RESULT_KEYS, self)
        file, sheet, row = place
        status = STATUSES[result["状态"]]
        pays = status in ("approved", "reduced")
        assert pays == ("核定" in result), f"{self.name}：核定、核减须写核定金额，其余为0不写"  # reading 5.3
        more: dict[str, Any] = {}
        for key, name in (("应补", "entitled"), ("申报", "claimed")):
            if key in result:
                more[name] = None if result[key] is None else fen(result[key])
        if "收款" in result:
            more["payee"] = result["收款"]
        if "格" in result:
            more["cells"] = {
                code: sorted(sheet.cell(heading, row) for heading in _several(headings))
                for code, headings in result["格"].items()
            }
        return Expected(
            file, sheet.name, sheet.first_row + row - 1, programme_code(result["项目"]), status,
            fen(result["核定"]) if pays else 0, sorted(set(result.get("原因", ()))), more,
        )  # fmt: skip


def _several(value: str | Sequence[str] | None) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or ()


def _known(mapping: Mapping[str, Any], keys: set[str], case: Case) -> None:
    unknown = set(mapping) - keys
    assert not unknown, f"{case.name}：不认识的项 {unknown}"


def _span(text: str) -> tuple[int, int]:
    first, last = text.split("-")
    return int(first), int(last)


def fen(yuan: int | str) -> int:
    """Yuan as fen: a whole number, or decimal text."""
    if isinstance(yuan, int):
        return yuan * 100
    whole, _, rest = yuan.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


@cache
def _ordinary() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = _load(FOLDER / "_ordinary.yaml")
    return rows


@cache
def _codes() -> dict[str, str]:
    return {name: code for name, code in load_policy().programme_names().items() if code != "training"}


def programme_code(name: str | None) -> str | None:
    """A programme's code from its name; None for a line without one."""
    return None if name is None else _codes()[name]


def files() -> list[Path]:
    """The case files, in order."""
    return sorted(path for path in FOLDER.glob("*.yaml") if not path.name.startswith("_"))


def _numbered() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in files():
        for data in _load(path):
            yield path.stem, data


@cache
def cases() -> Sequence[Case]:
    """All cases of all files, numbered from 1."""
    found = [Case(number, topic, data) for number, (topic, data) in enumerate(_numbered(), 1)]
    for case in found:
        _known(case.data, CASE_KEYS | SHEET_KEYS, case)
    return found
