"""Random assessments for the tests of reports: made by code, with a seed, never copied from an output."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow as pa

from trainingcli.facts import BatchRef, Check, Head
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable
from trainingcli.language import Text
from trainingcli.policy import FigureRow
from trainingcli.settle.assessment import Assessment

PROGRAMMES = {
    "enterprise-training": (Text("企业职工培训补贴", "Enterprise training"), "二(二)2", "市财政"),
    "vocational-training": (Text("职业技能培训补贴", "Vocational training"), "二(三)", "就业补助资金"),
    "living-allowance": (Text("生活费补贴", "Living allowance"), "二(四)", "就业补助资金"),
    "certificate": (Text("取证补贴", "Certificate"), "三(三)", "市财政"),
    "technician": (Text("技师、高级技师补贴", "Technician"), "二(七)", "人才经费"),
}
COLUMNS = [
    "input", "file", "sheet", "row", "name", "id_number", "programme", "category", "hardship", "training_type",
    "occupation", "level", "institution", "employer", "class_no", "certificate_type", "certificate_no", "phone", "bank",
    "account", "start_date", "end_date", "certificate_date", "days", "claimed", "entitled", "approved", "status",
    "payee", "fund",
]  # fmt: skip
TEXT = pd.ArrowDtype(pa.string())
KINDS = dict.fromkeys(COLUMNS, TEXT) | {
    "input": "int32", "file": "category", "sheet": "category", "row": "int32", "start_date": "datetime64[s]",
    "end_date": "datetime64[s]", "certificate_date": "datetime64[s]", "days": "Int32", "claimed": "Int64",
    "entitled": "Int64", "approved": "int64",
}  # fmt: skip
OF_REASONS = {"line": "int64"} | dict.fromkeys(
    ("code", "severity", "clause", "field", "cell", "value", "zh", "en"), TEXT
)
REASONS = {
    "NO_STANDARD": ("hold", "level", "三(三)"),
    "ID_CHECKSUM": ("reject", "id_number", "三(五)"),
    "MISSING_FIELD": ("reject", "occupation", "三(三)"),
    "OVER_CLAIMED": ("reduce", "claimed", "三(三)"),
    "SHARED_PHONE": ("note", "phone", "三(五)"),
    "ALREADY_POSTED": ("note", None, "三(三)"),
}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
OCCUPATIONS = ["电工", "焊工", "中式烹调师", "育婴员", "养老护理员", "汽车维修工"]


@dataclass
class FakePolicy:
    """As much of the policy as reports use."""

    id: str = "taiyuan-2019"
    sha256: str = "ab" * 32
    title: str = "太原市推进职业技能提升培训实施方案"
    programmes: dict[str, Any] = field(
        default_factory=lambda: {
            code: SimpleNamespace(code=code, name=name, clause=clause, fund=fund)
            for code, (name, clause, fund) in PROGRAMMES.items()
        }
    )

    def figures_in_force(self, day: str) -> list[FigureRow]:
        """Two figures are enough to be seen."""
        own, certificate = PROGRAMMES["enterprise-training"][0], Text("取证补贴 初级工", "Certificate, 初级工")
        return [
            FigureRow(own, "300", "元/人", "二(二)2", "2019-01-01", "enterprise-training"),
            FigureRow(certificate, "300", "元/人", "三(三)", "2019-01-01", "certificate"),
        ]

    def paid_to_trainee(self) -> frozenset[str]:
        return frozenset({"living-allowance"})

    def releasable(self) -> frozenset[str]:
        return frozenset({"NO_BASIS", "SEX_MISMATCH"})

    def readings(self) -> list[Any]:
        """Two readings: one that decides held lines, one that never does here."""
        return [
            SimpleNamespace(
                number="Q6", parameter="amounts", value="(none)", text=Text("中级工无标准，待核", "No figure: held")
            ),
            SimpleNamespace(
                number="Q12",
                parameter="lower_after_higher",
                value="allow",
                text=Text("允许", "A lower level is allowed"),
            ),
        ]


def remedy_of(code: str) -> Any:
    """A reason as `trainingcli.reasons.reason` gives it."""
    return SimpleNamespace(
        code=code,
        severity=REASONS.get(code, ("note", None, ""))[0],
        title=Text(f"{code} 标题", f"{code} title"),
        remedy=Text(f"{code} 怎么办", f"what to do about {code}"),
    )


def line(**values: Any) -> dict[str, Any]:
    """One approved certificate line; give what differs."""
    base: dict[str, Any] = dict.fromkeys(COLUMNS)
    base |= {
        "input": 0, "file": "rosters/a.xlsx", "sheet": "Sheet1", "row": 5, "name": "王小明",
        "id_number": "140105198501011236", "programme": "certificate", "category": "农村转移就业劳动者",
        "occupation": "电工", "level": "初级工", "institution": "太原市第一技工学校",
        "certificate_type": "职业技能等级证书", "certificate_no": "S000014010001", "phone": "13800001234",
        "bank": "工商银行", "account": "6222020502001234567", "start_date": "2020-07-01", "end_date": "2020-07-15",
        "certificate_date": "2020-08-01", "days": 15, "claimed": 30000, "entitled": 30000, "approved": 30000,
        "status": "approved", "payee": "太原市第一技工学校", "fund": "市财政",
    }  # fmt: skip
    return base | values


def reason(position: int, code: str, **values: Any) -> dict[str, Any]:
    """One reason of the line at `position`."""
    severity, key, clause = REASONS[code]
    base = {
        "line": position, "code": code, "severity": severity, "clause": clause, "field": key,
        "cell": "F5" if key else None, "value": "中级工" if key else None,
        "zh": f"{code} 的说明", "en": f"{code} explained",
    }  # fmt: skip
    return base | values


def assessment(lines: list[dict[str, Any]], reasons: list[dict[str, Any]] | None = None, **values: Any) -> Assessment:
    """Return an assessment of these lines, typed as the contract of `Assessment` says."""
    frame, found = typed(lines, KINDS), typed(reasons or [], OF_REASONS)
    files = sorted(set(zip(frame["input"], frame["file"], strict=True)))
    inputs = [input_file(name, frame[frame["input"] == number]) for number, name in files]
    given: dict[str, Any] = {
        "policy": FakePolicy(), "inputs": inputs, "lines": frame, "reasons": found, "today": "2021-12-31",
        "checks": [
            Check("register:institutions", False, Text("未提供 institutions.xlsx", "institutions.xlsx is missing")),
            Check("id", True),
        ],
        "ledger": Head("cd" * 32, 12), "batch": BatchRef(3, False),
    }  # fmt: skip
    return Assessment(**(given | values))


def typed(rows: list[dict[str, Any]], kinds: Mapping[str, Any]) -> pd.DataFrame:
    """Rows as a frame of these columns, each made in its type: to change them one by one takes five times as long."""
    return pd.DataFrame({name: pd.array([row.get(name) for row in rows], dtype=kind) for name, kind in kinds.items()})


def input_file(name: str, lines: pd.DataFrame) -> InputFile:
    """An input whose control totals hold."""
    rows = lines["row"].nunique()
    sheets = [
        SheetTable(
            sheet=str(sheet), header_row=4, columns=[], unused=[("Z", "备注")], titles={}, above="",
            cells=pa.table({"row": pa.array([], pa.int32())}),
            total=rows + 5, read=rows, blank=1, header=3, footer=1,
        )
        for sheet in dict.fromkeys(lines["sheet"])
    ]  # fmt: skip
    return InputFile(name, "ef" * 32, "xlsx", sheets, [("隐藏表", Text("工作表是隐藏的", "the sheet is hidden"))])


def random_assessment(count: int, seed: int = 1, institutions: int = 3) -> Assessment:
    """Return `count` lines of every status, some fields empty, with reasons as their status needs."""
    pick = random.Random(seed)
    lines, reasons = [], []
    for position in range(count):
        programme = pick.choice([*PROGRAMMES, *PROGRAMMES, None])
        status = pick.choice(["approved", "approved", "approved", "reduced", "held", "rejected", "posted"])
        if programme is None:
            status = "rejected"
        entitled = pick.choice([15000, 30000, 60000, 22550, None]) if status in ("held", "rejected") else 30000
        claimed = pick.choice([30000, 40000, None]) if status != "reduced" else 45001
        name = pick.choice(SURNAMES) + pick.choice(["小明", "伟", "<b>丽", "·艾力", "&军"])
        fund = PROGRAMMES[programme][2] if programme else None
        payee = name if programme == "living-allowance" else f"机构{position % institutions}"
        lines.append(
            line(
                row=5 + position, name=pick.choice([name, name, name, None]), programme=programme, status=status,
                id_number=f"{pick.randrange(110000, 659999)}19850101{pick.randrange(9999):04d}",
                claimed=claimed, entitled=entitled, approved=30000 if status in ("approved", "reduced") else 0,
                occupation=pick.choice([*OCCUPATIONS, None]), institution=f"机构{position % institutions}",
                level=pick.choice(["初级工", "中级工", "高级工", None]), payee=payee, fund=fund,
                start_date=pick.choice(["2020-07-01", None]), days=pick.choice([15, None]),
                hardship=pick.choice([None, "城乡低保家庭"]), account=pick.choice([None, "6222020502001234567"]),
            )
        )  # fmt: skip
        codes = {
            "reduced": ["OVER_CLAIMED"], "held": ["NO_STANDARD"], "posted": ["ALREADY_POSTED"],
            "rejected": ["ID_CHECKSUM", "MISSING_FIELD"][: pick.randrange(1, 3)],
        }.get(status, ["SHARED_PHONE"] * pick.randrange(2))  # fmt: skip
        reasons += [reason(position, code) for code in codes]
    return assessment(lines, reasons)
