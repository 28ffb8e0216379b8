"""A number of a person in a cell of the wrong column: it is not kept for good, and the training is not paid twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.program import run, write
from support.people import id_number
from trainingcli.compared import folded_name
from trainingcli.ledger import open_ledger, posting
from trainingcli.ledger.schema import NAMES
from trainingcli.masking import kept, starred, without_numbers
from trainingcli.settle.occupations import _parted

ID, PHONE, ACCOUNT = "140105199001010016", "13912345678", "6222021234567890123"
SPELLINGS = {
    ID: [ID, "140105-19900101-0016", "140105 19900101 0016", "１４０１０５１９９００１０１００１６"],
    PHONE: [PHONE, "139 1234 5678", "139\u200b12345678", "１３９１２３４５６７８"],
    ACCOUNT: [ACCOUNT, "6222 0212 3456 7890 123"],
}
TRAINING = {
    "姓名": "王小明", "身份证号": id_number(1), "人员类别": "退役军人", "就业创业证号": "1401050020000001",
    "培训类型": "提升培训", "培训机构": "晋阳技工学校", "工种": "电工", "等级": None, "开班日期": "2020-07-01",
    "结业日期": "2020-07-15", "补贴项目": "职业技能培训补贴", "申报金额": 800,
}  # fmt: skip
AWARD = {
    "名称": "太原重工实训基地", "类型": "实训基地", "依托单位": "太原重工", "认定文号": "并人社发〔2020〕1号",
    "评估年度": "第二轮", "评估结果": "优秀", "评估日期": "2020-07-01",
}  # fmt: skip
FIELDS = [("claims", field) for field in ("培训类型", "工种", "培训机构")]
FIELDS += [("awards", field) for field in ("名称", "依托单位", "认定文号", "评估年度")]


def posted(folder: Path, address: str, command: str, name: str, *rows: dict[str, Any], more: tuple[str, ...] = ()):
    source = write(folder / f"{name}.xlsx", [list(rows[0]), *(list(row.values()) for row in rows)])
    where = ["--ledger", address, "--out", folder / name, "--today", "2021-12-31"]
    done = run(command, source, "--post", *where, "--format", "json", *more)
    assert done.exit_code == 0, done.stderr
    return [line["status"] for line in json.loads(done.stdout)["lines"]]


def everything(address: str) -> bytes:
    """What the ledger's database holds, byte for byte (SQLite's files) or text for text (PostgreSQL's rows)."""
    if not address.startswith("postgresql:"):
        with open_ledger(address) as ledger:
            ledger._store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return b"".join(path.read_bytes() for path in Path(address).parent.glob("ledger.db*"))
    import psycopg

    with psycopg.connect(address) as connection:
        rows = [connection.execute(f"SELECT t::text FROM {name} t").fetchall() for name in NAMES]
    return "\n".join(row[0] for table in rows for row in table).encode()


def held(address: str, number: str) -> list[str]:
    whole = everything(address)
    return [form for form in (*SPELLINGS[number], *map(folded_name, SPELLINGS[number])) if form.encode() in whole]


def again(usual: dict[str, Any], field: str, number: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The same claim in every spelling of the number, a training of another day as well; and what becomes of each."""
    same = [usual | {field: f"{usual[field]}{spelling}"} for spelling in SPELLINGS[number]]
    if usual is AWARD or field == "培训机构":
        return same, ["posted"] * len(same)
    later = [row | {"开班日期": "2021-03-01", "结业日期": "2021-03-15"} for row in same]
    return [*same, *later], ["posted"] * len(same) + ["rejected"] * len(later)


@pytest.mark.parametrize(("command", "field"), FIELDS)
def test_posted_again_respelled_it_is_paid_once_and_kept_nowhere(address, tmp_path, command, field):
    usual = TRAINING if command == "claims" else AWARD
    one = usual | {field: f"{usual[field]} {PHONE}"}
    assert posted(tmp_path, address, command, "0", one, more=("--operator", PHONE)) == ["approved"]
    rows, expected = again(usual, field, PHONE)
    assert posted(tmp_path, address, command, "1", *rows) == expected
    assert held(address, PHONE) == []
    with open_ledger(address) as ledger:
        assert len(ledger.entries()) == 1
        assert ledger.verify().ok


def test_every_text_at_once_and_every_number(address, tmp_path):
    """What is refused, and what stands beside the chain, is kept without numbers too."""
    rows = []
    for turn, number in enumerate(SPELLINGS):
        for spelling in SPELLINGS[number]:
            row = TRAINING | {"身份证号": id_number(10 + turn)}
            row |= {field: f"{row[field]}{spelling}" for _, field in FIELDS[:3]}
            rows += [row, row | {"补贴项目": "取证补贴"}]
    posted(tmp_path, address, "claims", "全", *rows)
    for number in SPELLINGS:
        assert held(address, number) == []
    with open_ledger(address) as ledger:
        assert ledger.entries()["kind"].tolist() == ["payment"] * len(SPELLINGS), "a training a person"
        assert ledger.refused(), "and refused lines"


@pytest.mark.parametrize("field", ["培训类型", "工种", "评估年度"])
def test_what_an_earlier_program_kept_plain_is_still_recognised(address, tmp_path, monkeypatch, field):
    command, usual = ("awards", AWARD) if field == "评估年度" else ("claims", TRAINING)
    with monkeypatch.context() as earlier:
        earlier.setattr(posting, "_FREE", dict.fromkeys(posting._FREE, str))
        for place in ("settle.occupations", "settle.limits.keys", "settle.limits.columns"):
            earlier.setattr(f"trainingcli.{place}.kept", folded_name)
        earlier.setattr("trainingcli.awards.lines.starred", str)
        _parted.cache_clear()
        one = usual | {field: f"{usual[field]} {PHONE}"}
        assert posted(tmp_path, address, command, "旧", one) == ["approved"]
        _parted.cache_clear()
    assert PHONE.encode() in everything(address), "the test writes as an earlier program did"
    rows, expected = again(usual, field, PHONE)
    assert posted(tmp_path, address, command, "新", *rows) == expected


WORDS = st.text(alphabet="电工班 abＢ（）〔〕-.一2０", max_size=8)


@given(WORDS, st.sampled_from([form for forms in SPELLINGS.values() for form in forms]), WORDS)
def test_whatever_stands_around_it_no_number_is_kept_and_what_is_kept_compares_alike(before, number, after):
    text = f"{before}{number}{after}"
    assert kept(kept(text)) == kept(text)
    assert kept(without_numbers(text)) == kept(text)
    assert kept(text) == kept(text.replace(" ", "")), "blanks are looked through"
    assert starred(kept(text)) == kept(text)
    digits = "".join(sign for sign in folded_name(number) if sign.isdigit())
    assert digits not in without_numbers(text)


@given(st.text(alphabet="电工AＡ ()（）12.年", max_size=12))
def test_a_text_without_a_number_stays_as_it_is(text):
    if folded_name(text) == kept(text):
        assert without_numbers(text) == text
