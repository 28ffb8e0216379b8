# ruff: noqa: E501 - the contract's words, a key a line
"""The contract's table of headings, and which of two columns of one key counts."""

from __future__ import annotations

import random

import pytest
from tests.intake.helpers import VOCABULARY, keys, only, workbook

from trainingcli.intake.tables.headings import Headings

# The contract's words, key by key (contract, 'Roster headings').
TABLE = {
    "name": "姓名, 学员姓名, 参训人员姓名, 人员姓名, 劳动力姓名, 员工姓名",
    "id_number": "身份证号, 身份证号码, 公民身份号码, 居民身份证号码, 证件号, 证件号码, 社会保障号",
    "sex": "性别",
    "phone": "联系电话, 手机, 手机号, 手机号码, 联系方式, 电话, 本人电话",
    "category": "人员类别, 人员类型, 学员类别, 培训对象类别, 身份类别, 就业前所属群体, 失业人员类型, 人员类型描述, 类别",
    "hardship": "困难类型, 困难类别, 家庭类别",
    "employment_card": "就业创业证号, 就业创业证号码, 就业创业证编号, 就业失业登记证号, 就业创业证",
    "employer": "工作单位, 用人单位, 企业名称, 单位名称, 所在单位, 就业单位名称",
    "institution": "培训机构, 培训机构名称, 培训单位, 培训单位名称, 学校名称, 填报单位, 申报单位, 机构名称, 考证组织单位, 组织单位",
    "class_no": "班级编号, 班期, 班级, 班级名称, 开班编号, 期次, 培训班次",
    "training_type": "培训类型, 培训类别",
    "occupation": "职业(工种), 培训工种, 培训职业, 职业工种, 工种, 工种(岗位), 鉴定工种, 培训专业, 培训项目, 职业名称, 培训工种名称",
    "level": "等级, 技能等级, 培训等级, 职业等级, 级别, 证书等级, 鉴定等级, 鉴定级别, 工种等级, 职业技能等级, 培训层次, 培训等级描述",
    "start_date": "开班日期, 开班时间, 培训开始时间, 培训开始日期, 培训起始日期, 培训起始时间, 开始日期, 开始时间",
    "end_date": "结业日期, 结业时间, 培训结束时间, 培训结束日期, 培训终止日期, 结束日期, 结束时间",
    "date_range": "培训起止时间, 培训起止日期, 起止时间, 起止日期, 培训时间, 培训日期",
    "attended_days": "培训天数, 实际培训天数, 出勤天数, 培训时间(天)",
    "certificate_type": "证书类型, 证书类别, 证书名称",
    "certificate_no": "证书编号, 证书号码, 证书号, 职业资格证书号, 职业技能等级证书编号",
    "certificate_date": "发证日期, 取证日期, 取证时间, 发证时间, 获证时间, 证书获取时间",
    "assessor": "评价机构, 鉴定机构, 发证机构, 考核机构",
    "programme": "补贴项目, 补贴类型, 补贴类别, 申领项目, 申请补贴项目, 申报项目",
    "claimed": "申报金额, 申请金额, 补贴金额, 申领金额, 申请培训补贴金额",
    "bank": "开户银行, 开户行",
    "account": "银行账号, 银行帐号, 银行卡号, 账号, 帐号",
    "employed": "是否就业, 就业状态, 就业情况",
    "remark": "备注, 说明",
}
PAIRS = [(key, heading) for key, words in TABLE.items() for heading in words.split(", ")]
PERSON = {"name": "姓名", "id_number": "身份证号"}


def sheet_of(*headings: str) -> list[str]:
    return keys(only(workbook([["序号", *headings], [1, *(["x"] * len(headings))]])))


@pytest.mark.parametrize(("key", "heading"), PAIRS)
def test_a_heading_of_the_contract_means_its_key(key: str, heading: str) -> None:
    others = [word for other, word in PERSON.items() if other != key]
    third = "性别" if key != "sex" else "电话"
    assert key in sheet_of(*others, third, heading), heading


@pytest.mark.parametrize("behind", ["（必填）", "(如实填写)*", "【必填】（文本）", " (1) "])
def test_brackets_behind_a_heading_do_not_hide_those_that_belong_to_it(behind: str) -> None:
    found = Headings.of(VOCABULARY).match
    for heading, key in (("培训时间(天)", "attended_days"), ("培训时间", "date_range"), ("职业(工种)", "occupation")):
        match = found(heading + behind)
        assert match is not None
        assert match.key == key


def test_spelled_otherwise_a_heading_means_the_same() -> None:
    """Full-width, blanks, line breaks, a star, a bracket behind it: other instances, by a fixed seed."""
    chance = random.Random(11)
    dressings = (
        lambda word: f"*{word}",
        lambda word: f"{word}（必填）",
        lambda word: f"{word[:1]} {word[1:]}",
        lambda word: f"{word[:2]}\n{word[2:]}",
        lambda word: f"{word}：",
        lambda word: f"\u2060{word}",
    )
    for key, heading in chance.sample([pair for pair in PAIRS if "天" not in pair[1] or "(" not in pair[1]], 60):
        spelled = chance.choice(dressings)(heading)
        others = [word for other, word in PERSON.items() if other != key]
        assert key in sheet_of(*others, "性别" if key != "sex" else "电话", spelled), repr(spelled)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["类别", "人员类别"], [None, "category"]),
        (["人员类别", "类别"], ["category", None]),
        (["机构名称", "培训机构"], [None, "institution"]),
        (["单位名称", "工作单位"], [None, "employer"]),
        (["培训项目", "工种"], [None, "occupation"]),
        (["证书名称", "证书类型"], [None, "certificate_type"]),
        (["机构名称"], ["institution"]),
        (["组织单位"], ["institution"]),
        (["组织单位", "培训机构"], ["organiser", "institution"]),
        (["机构名称", "考证组织单位"], ["institution", "organiser"]),
        (["工种", "培训工种"], ["occupation", None]),
        (["备注", "说明"], ["remark", "remark"]),
        (["培训时间（课时）"], [None]),
        (["培训时间（学时）", "培训日期"], [None, "date_range"]),
        (["培训时间（天）", "培训时间"], ["attended_days", "date_range"]),
    ],
)
def test_which_of_two_columns_counts(headings: list[str], expected: list[str | None]) -> None:
    sheet = only(workbook([["姓名", "身份证号", "性别", *headings], ["王", "1", "男", *(["x"] * len(headings))]]))
    found = {column.letter: column.key for column in sheet.columns}
    assert [found.get(letter) for letter in "DEFG"[: len(headings)]] == expected
