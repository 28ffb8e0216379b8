"""The lists of 三(四) in force on a day (目录清单): what the bureau's registers say that is the public's to know.

Published are the columns named here and no others: accounts and people stand in some registers, and a column that a
register gets later is nobody's to see until it is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from trainingcli.evidence.register_contents import all_registers
from trainingcli.evidence.register_rows import register_rows
from trainingcli.language import Text
from trainingcli.masking import clean_terminal, mask_credit_code
from trainingcli.result import Column, columns
from trainingcli.views.publish.document import Document, Section, day_text, table_of

if TYPE_CHECKING:
    from trainingcli.evidence.gathered import Sources

KIND, NAME = "lists", "目录清单"
_DAYS = "\nsince 生效日期 date Since\nuntil 失效日期 date Until"
PUBLIC: Mapping[str, tuple[Column, ...]] = {
    "occupations": columns("""
        occupation  职业(工种)    text  Occupation
        level       等级          text  Level
        standard    补贴标准(元)  yuan  Standard (yuan)
        entry       准入类        code  Qualification needed
        scarce      紧缺          code  Scarce
        aliases     别名          text  Aliases""" + _DAYS),
    "institutions": columns("""
        institution   机构名称          text  Institution
        credit_code   统一社会信用代码  code  Credit code
        type          机构类型          text  Type
        district      区县              text  District
        qualified_by  资格方式          text  Qualified by
        occupations   培训职业          text  Occupations""" + _DAYS),
    "assessors": columns("assessor 机构名称 text Assessor\noccupations 评价职业 text Occupations" + _DAYS),
    "abilities": columns("ability 专项能力 text Ability" + _DAYS),
    "qualifications": columns("qualification 职业资格 text Qualification\nentry 准入类 code Needed to work" + _DAYS),
}  # fmt: skip


def lists(sources: Sources, today: dt.date) -> Document:
    """Make the document of the registers that were supplied, each with its rows in force on the day."""
    sections = [_section(name, shown, sources, today) for name, shown in PUBLIC.items() if name in sources.contents]
    missing = [all_registers()[name].title for name in PUBLIC if name not in sources.contents]
    zh, en = "、".join(title.zh for title in missing), ", ".join(title.en for title in missing)
    notes = [Text(f"本次未发布：{zh}。", f"Not published this time: {en}.")] if missing else []
    day = day_text(today)
    return Document(
        KIND,
        NAME,
        Text("政府补贴职业技能培训目录清单", "Lists for subsidised vocational training"),
        Text(
            f"依据《太原市推进职业技能提升培训实施方案》三(四)，现发布 {day.zh}有效的目录清单。"
            "等级留空的，各等级都在目录内。",
            f"The lists of the plan's clause 三(四) in force on {day.en}. "
            "An entry without a level is listed at every one.",
        ),
        [(Text("有效日", "In force on"), day), *((section.heading, _rows(section)) for section in sections)],
        sections,
        notes,
        [text for name in PUBLIC if (text := sources.check_of(f"{name}").why) is not None],
        {"lists": {name: section.table.num_rows for name, section in zip(_there(sources), sections, strict=True)}},
    )


def _there(sources: Sources) -> list[str]:
    return [name for name in PUBLIC if name in sources.contents]


def _rows(section: Section) -> Text:
    rows = section.table.num_rows
    return Text(f"{rows} 项", f"{rows} entries")


def _section(name: str, shown: tuple[Column, ...], sources: Sources, today: dt.date) -> Section:
    contents = sources.contents[name]
    rows = list(register_rows(contents, today, None))
    table = table_of(shown, rows)
    if any(column.key == "credit_code" for column in shown):
        codes = [row["credit_code"] and mask_credit_code(clean_terminal(row["credit_code"])) for row in rows]
        at = table.column_names.index("credit_code")
        table = table.set_column(at, "credit_code", pa.array(codes, pa.string()))
    filled = tuple(column for column in shown if table[column.key].null_count < max(table.num_rows, 1))
    return Section(contents.register.title, filled or shown[:1], table)
