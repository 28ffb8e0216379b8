"""How rosters write their headings: the contract's synonyms, decorated; title lines; footers."""

from __future__ import annotations

import random

HEADINGS = {
    "name": "姓名 学员姓名 参训人员姓名 人员姓名 劳动力姓名 员工姓名",
    "id_number": "身份证号 身份证号码 公民身份号码 居民身份证号码 证件号 证件号码 社会保障号",
    "sex": "性别",
    "phone": "联系电话 手机 手机号 手机号码 联系方式 电话 本人电话",
    "category": "人员类别 人员类型 学员类别 培训对象类别 身份类别 就业前所属群体 失业人员类型 人员类型描述 类别",
    "hardship": "困难类型 困难类别 家庭类别",
    "employment_card": "就业创业证号 就业创业证号码 就业创业证编号 就业失业登记证号 就业创业证",
    "employer": "工作单位 用人单位 企业名称 单位名称 所在单位 就业单位名称",
    "institution": "培训机构 培训机构名称 培训单位 培训单位名称 学校名称 填报单位 申报单位 机构名称",
    "class_no": "班级编号 班期 班级 班级名称 开班编号 期次 培训班次",
    "training_type": "培训类型 培训类别",
    "occupation": "职业(工种) 培训工种 培训职业 职业工种 工种 工种(岗位) 鉴定工种 培训专业 培训项目 职业名称 "
    "培训工种名称",
    "level": "等级 技能等级 培训等级 职业等级 级别 证书等级 鉴定等级 鉴定级别 工种等级 职业技能等级 培训层次 "
    "培训等级描述",
    "start_date": "开班日期 开班时间 培训开始时间 培训开始日期 培训起始日期 培训起始时间 开始日期 开始时间",
    "end_date": "结业日期 结业时间 培训结束时间 培训结束日期 培训终止日期 结束日期 结束时间",
    "span": "培训起止时间 培训起止日期 起止时间 起止日期 培训时间 培训日期",
    "attended_days": "培训天数 实际培训天数 出勤天数 培训时间(天)",
    "certificate_type": "证书类型 证书类别 证书名称",
    "certificate_no": "证书编号 证书号码 证书号 职业资格证书号 职业技能等级证书编号",
    "certificate_date": "发证日期 取证日期 取证时间 发证时间 获证时间 证书获取时间",
    "programme": "补贴项目 补贴类型 补贴类别 申领项目 申请补贴项目 申报项目",
    "claimed": "申报金额 申请金额 补贴金额 申领金额 申请培训补贴金额",
    "account": "银行账号 银行帐号 银行卡号 账号 帐号",
    "remark": "备注 说明",
}
UNUSED = ("民族", "文化程度")


def heading(rng: random.Random, key: str, *, breaks: bool) -> str:
    """Choose one of the contract's headings of a key and decorate it."""
    return decorated(rng, rng.choice(HEADINGS[key].split()), breaks=breaks)


def decorated(rng: random.Random, text: str, *, breaks: bool) -> str:
    """Put blanks, line breaks, stars or a bracket about a heading."""
    forms = [text] * 5 + [f"*{text}", f"{text}*", " ".join(text), f"{text}（必填）", f"{text}(如实填写)", f" {text} "]
    if breaks:
        forms.append(f"{text[:2]}\n{text[2:]}")
    return rng.choice(forms)


def amount_heading(rng: random.Random, name: str, *, is_wide: bool) -> tuple[str, int]:
    """Give an amount column's heading and how many yuan its 1 is."""
    behind = rng.choice(["", "金额"]) if is_wide else ""
    unit = rng.choice(["", "", "(元)", "（元）", "（万元）"])
    return f"{name}{behind}{unit}", 10_000 if "万" in unit else 1


def titles(rng: random.Random, named: list[str]) -> str:
    """Make the big title above the header; `named`: the programmes it names (none, one, or two)."""
    year = rng.choice(["2020年", "2019-2021年", "太原市"])
    if not named:
        return year + rng.choice(["学员花名册", "职业技能提升行动人员名单", "参训人员信息汇总表"])
    return year + rng.choice(["{}申领花名册", "申请{}人员名单", "《{}》申报表"]).format("及".join(named))


def title_lines(rng: random.Random, filled: dict[str, str], *, in_blocks: bool = False) -> list[list[str]]:
    """Make the lines that fill columns: a row each, cells side by side, or all in one cell.

    `in_blocks`: another block's lines name the institution too; 填报单位 need not be who trained.
    """
    names = {"institution": ["培训机构", "培训单位"], "class_no": ["班级", "班级名称"]}
    names["institution"] += [] if in_blocks else ["填报单位"]
    parts = [f"{rng.choice(names[key])}{rng.choice(['：', ':', '： '])}{value}" for key, value in filled.items()]
    if rng.random() < 0.5:
        parts.append("填报日期：2021年12月30日")
    shape = rng.random()
    if shape < 0.4:
        return [[part] for part in parts]
    if shape < 0.8:
        return [parts] if parts else []
    return [["      ".join(parts)]] if parts else []


def footers(rng: random.Random) -> list[list[object]]:
    """Make the rows below the data."""
    sums: list[object] = [rng.choice(["合计", "合  计", "合计："]), None, 12, "3600"]
    signed: list[object] = ["制表人：王敏", None, "审核人：李强", None, "负责人："]
    choices: list[list[list[object]]] = [[], [sums], [sums, signed], [signed], [[], signed, ["单位（盖章）"]]]
    return rng.choice(choices)
