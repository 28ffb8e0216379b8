"""Two workbooks that are no rosters: a set of course plans, and employers' training funds over three years.

The first plan is in order; of the second, two themes are missing, the hours do not add up and an expert is lacking. The
first employer carries forward and uses it up; the second is the public example; the third left a year out.
"""

from __future__ import annotations

from typing import Any

from look import Column, Drawing
from openpyxl import Workbook

PLANS_FILE, FUNDS_FILE = "教学计划.xlsx", "职工教育经费.xlsx"

PLAN_COLUMNS = (
    Column("plan", "计划编号", 10), Column("institution", "培训机构", 20), Column("occupation", "职业(工种)", 12),
    Column("level", "等级", 8), Column("standard", "执行标准", 26), Column("hours", "总课时", 8),
    Column("theory", "理论课时", 8), Column("practice", "实操课时", 8), Column("days", "培训天数", 8),
    Column("experts", "专家", 22), Column("reviewed", "审核日期", 12), Column("conclusion", "审核结论", 8),
    Column("approval", "批准文号", 22),
)  # fmt: skip
PLANS: tuple[dict[str, Any], ...] = (
    {
        "plan": "P2020-01", "institution": "拾光职业培训学校", "occupation": "养老护理员", "level": "初级工",
        "standard": "养老护理员国家职业技能标准(2019年版)", "hours": 80, "theory": 32, "practice": 48, "days": 10,
        "experts": "温知行、姚春山、黎明远", "reviewed": "2020-03-12", "conclusion": "通过",
        "approval": "并培审〔2020〕1号",
    },
    {
        "plan": "P2020-02", "institution": "砺行技工学校", "occupation": "焊工", "level": "中级工",
        "standard": "焊工国家职业技能标准(2018年版)", "hours": 120, "theory": 40, "practice": 80, "days": 12,
        "experts": "温知行、姚春山", "reviewed": "2020-04-02", "conclusion": "通过", "approval": "并培审〔2020〕2号",
    },
)  # fmt: skip

LESSON_COLUMNS = (
    Column("plan", "计划编号", 10), Column("module", "模块", 18), Column("content", "授课内容", 34),
    Column("hours", "课时", 6), Column("form", "形式", 8), Column("themes", "主题", 24),
    Column("teacher", "授课教师", 10),
)  # fmt: skip
# plan, module, content, hours, form, themes
LESSONS = (
    ("P2020-01", "职业素养", "劳模故事与岗位规范", 4, "理论", "工匠精神、质量意识"),
    ("P2020-01", "安全知识", "安全生产与消防安全", 4, "理论", None),
    ("P2020-01", "安全知识", "突发事件应急处置", 4, "理论", "应急管理"),
    ("P2020-01", "公共知识", "环境保护、道路交通安全", 4, "理论", None),
    ("P2020-01", "公共知识", "社区矫正与未成年人保护常识", 4, "理论", None),
    ("P2020-01", "公共知识", "职业健康", 4, "理论", None),
    ("P2020-01", "生活照料", "清洁、饮食、排泄照料", 40, "实操", None),
    ("P2020-01", "就业指导", "求职登记与面谈", 8, "理论", None),
    ("P2020-01", "基础照护", "体征观测与用药照护", 8, "实操", None),
    ("P2020-02", "职业素养", "工匠精神与质量意识", 8, "理论", None),
    ("P2020-02", "安全知识", "安全用电、消防、应急管理", 12, "理论", None),
    ("P2020-02", "公共知识", "环保、社会矫治、道路交通", 8, "理论", None),
    ("P2020-02", "公共知识", "接待礼仪", 4, "理论", "礼仪"),
    ("P2020-02", "焊接技术", "焊条电弧焊", 48, "实操", None),
    ("P2020-02", "焊接技术", "气体保护焊", 32, "实操", None),
)
TEACHERS = {"P2020-01": "孟秋实", "P2020-02": "石磊磊"}

FUND_COLUMNS = (
    Column("enterprise", "企业名称", 24), Column("code", "统一社会信用代码", 22, format="@"), Column("year", "年度", 8),
    Column("wages", "工资薪金总额(税收金额)", 18, format="#,##0.00"),
    Column("booked", "教育经费账载金额", 16, format="#,##0.00"),
    Column("spent", "教育经费实际发生额", 16, format="#,##0.00"),
    Column("full", "全额扣除的培训费用", 16, format="#,##0.00"),
    Column("frontline", "一线职工培训支出", 16, format="#,##0.00"),
    Column("mentoring", "师带徒津贴", 14, format="#,##0.00"), Column("brought", "以前年度结转", 14, format="#,##0.00"),
)  # fmt: skip
# code, wages, booked, spent, full, frontline, mentoring, brought
FUNDS: dict[str, tuple[str, dict[int, tuple[float | None, ...]]]] = {
    "汾岸重工有限公司": (
        "91140100MA0JCX7K1E",
        {
            2019: (12_500_000, 1_380_000, 1_380_000, 180_000, 760_000, 40_000, 0),
            2020: (13_200_000, 950_000, 950_000, None, 520_000, 60_000, None),
            2021: (13_800_000, 700_000, 700_000, None, 500_000, None, None),
        },
    ),
    "并州联合制造有限公司": ("91140106MA0LHT3P8E", {2020: (42_621_306.67, None, 663_930.34, None, None, None, None)}),
    "晋祠食品有限公司": (
        "91140121MA0PWR5D29",
        {
            2019: (2_400_000, 150_000, 150_000, None, 70_000, None, None),
            2021: (2_600_000, 160_000, 160_000, None, 120_000, None, None),
        },
    ),
}


def draw_plans(book: Workbook) -> None:
    """Draw the plans and, on a sheet of their own, their lessons."""
    drawing = Drawing(book.create_sheet("教学计划"), PLAN_COLUMNS)
    drawing.title("补贴性培训教学计划")
    drawing.header()
    for plan in PLANS:
        drawing.record(plan)
    drawing.finish()
    drawing = Drawing(book.create_sheet("课程安排"), LESSON_COLUMNS)
    drawing.title("课程安排表")
    drawing.header()
    for plan_no, module, content, hours, form, themes in LESSONS:
        drawing.record(
            {
                "plan": plan_no, "module": module, "content": content, "hours": hours, "form": form, "themes": themes,
                "teacher": TEACHERS[plan_no],
            }
        )  # fmt: skip
    drawing.finish()


def draw_funds(book: Workbook) -> None:
    """Draw the employers' years."""
    drawing = Drawing(book.create_sheet("职工教育经费"), FUND_COLUMNS)
    drawing.title("企业职工教育经费情况表")
    drawing.line((1, 10, "单位：元"))
    drawing.header()
    for enterprise, (code, years) in FUNDS.items():
        for year, (wages, booked, spent, full, frontline, mentoring, brought) in years.items():
            drawing.record(
                {
                    "enterprise": enterprise, "code": code, "year": year, "wages": wages, "booked": booked,
                    "spent": spent, "full": full, "frontline": frontline, "mentoring": mentoring, "brought": brought,
                }
            )  # fmt: skip
    drawing.finish()
