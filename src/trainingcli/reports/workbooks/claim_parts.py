"""What a claim workbook is made of: its task, and the columns that several of its sheets have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli import language
from trainingcli.language import Text
from trainingcli.reports.data.text_columns import join
from trainingcli.reports.workbooks.context import Context
from trainingcli.reports.workbooks.style import TableColumn

if TYPE_CHECKING:
    from trainingcli.reports.workbooks.comparison_page import RealnameComparison


@dataclass(frozen=True)
class ClaimTask:
    """One claim workbook to write: the institution's lines and their reasons (`line` counts from 0 within them)."""

    institution: str
    lines: pa.Table
    reasons: pa.Table
    context: Context
    comparison: RealnameComparison | None = None

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process: these lines alone, where a slice would take all along that it was cut from."""
        return self.__dict__ | {"lines": _alone(self.lines), "reasons": _alone(self.reasons)}


def _alone(table: pa.Table) -> pa.Table:
    is_small_slice = table.get_total_buffer_size() > 2 * table.nbytes
    return table.take(pa.array(range(table.num_rows), pa.int64())) if is_small_slice else table


def messages(reasons: pa.Table) -> Any:
    """Return the reasons' messages in the language in use."""
    return reasons["en" if language.current() == "en" else "zh"]


def as_days(moments: Any) -> Any:
    """Return moments as days."""
    return moments.cast(pa.date32())


def empty_as_null(texts: Any) -> Any:
    """Return the texts, those that say nothing as null."""
    return pc.if_else(pc.equal(texts, ""), None, texts)


def source_columns(lines: pa.Table) -> list[TableColumn]:
    """Return where each line stands in its roster."""
    return [
        TableColumn(Text("来源文件", "File"), lines["file"], "wrap", 10, 26),
        TableColumn(Text("工作表", "Sheet"), lines["sheet"], "wrap", 8, 14),
        TableColumn(Text("行号", "Row"), lines["row"], "number", 5),
    ]


def place_of(lines: pa.Table) -> Any:
    """Return the file without its folders, and the sheet: where the cell is to be looked for."""
    return join(names_of_files(lines["file"]), "　", lines["sheet"])


def names_of_files(files: Any) -> Any:
    """Return a column of files without their folders."""
    return pc.replace_substring_regex(files, r"^.*[/\\]", "")
