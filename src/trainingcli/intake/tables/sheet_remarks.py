"""What a clerk should know of a sheet that was read: what was passed over, and what was read though it is not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from trainingcli.intake.tables.headings import Headings
from trainingcli.intake.tables.row_kinds import RowKind
from trainingcli.intake.tables.sheet_blocks import Remark
from trainingcli.intake.tables.sheet_tables import SheetTable
from trainingcli.language import Text

_QUOTED = 20  # rows that are quoted, each in a line of its own
_LONGEST = 40  # characters of a quotation
_ROWS = {
    RowKind.TEXT: Text(
        "第 {row} 行只有一段文字“{text}”，没有读取；它说的若是下面各人，请写成“班级：…”这样的标题，或写进各行",
        "row {row} is nothing but the text '{text}', which was not read; if it speaks of the people below, write it as "
        "班级：… or into their rows",
    ),
    RowKind.TITLE: Text(
        "第 {row} 行“{text}”写在人员中间，下面各行按它所说的补贴项目读取",
        "row {row}, '{text}', stands among the people: the rows below it are read as claiming that programme",
    ),
    RowKind.SAMPLE: Text(
        "第 {row} 行是填表示例，没有读取", "row {row} is a sample of how to fill in the form, not read"
    ),
}
_REST = Text("还有 {count} 行也是这样：第 {rows} 行", "{count} more rows likewise: {rows}")


def sheet_remarks(table: SheetTable, headings: Headings) -> list[Text]:
    """Return the warnings of one sheet, each with the sheet's name."""
    said = [*_hidden(table), *_doubled(table), *_of_one_key(table, headings), *_rows(table.remarks)]
    return [Text(f"工作表“{table.sheet}”{text.zh}", f"sheet “{table.sheet}”: {text.en}") for text in said]


def _hidden(table: SheetTable) -> Iterator[Text]:
    if table.hidden_rows:
        yield Text(
            f"有 {table.hidden_rows} 行被隐藏或筛选掉，已照常读取",
            f"{table.hidden_rows} hidden or filtered rows were read like any others",
        )
    for column in table.hidden_columns:
        yield Text(
            f"{column.letter} 列“{column.heading}”被隐藏，已照常读取",
            f"column {column.letter}, '{column.heading}', is hidden and was read like any other",
        )


def _doubled(table: SheetTable) -> Iterator[Text]:
    names = {column.heading for column in table.columns if column.key in ("name", "id_number")}
    doubled = [letter for letter, heading in table.unused if heading in names]
    if doubled:
        letters = "、".join(doubled)
        yield Text(
            f"的 {letters} 列又出现姓名或身份证号，只读取了第一处；并排的第二组人员请移到下方",
            f"column {letters} holds names or ID numbers a second time; only the first was read, "
            "so move people listed side by side below the others",
        )


def _of_one_key(table: SheetTable, headings: Headings) -> Iterator[Text]:
    """Of two columns of one key the first counts (contract, 'Roster headings')."""
    people = {column.heading for column in table.columns if column.key in ("name", "id_number")}
    keys = {column.key: column for column in table.columns}
    for letter, heading in table.unused:
        match = headings.match(heading)
        if match is not None and match.key in keys and heading not in people:
            read = keys[match.key]
            yield Text(
                f"{letter} 列“{heading}”与 {read.letter} 列“{read.heading}”是同一项，只读取了 {read.letter} 列",
                f"column {letter}, '{heading}', is the same as column {read.letter}, '{read.heading}', which counts",
            )


def _rows(remarks: Sequence[Remark]) -> Iterator[Text]:
    """Say each row that was passed over; of very many alike the later ones by their numbers alone."""
    for kind, found in groupby(sorted(remarks, key=lambda remark: remark.kind.value), lambda remark: remark.kind):
        alike = list(found)
        for remark in alike[:_QUOTED]:
            text = remark.text if len(remark.text) <= _LONGEST else remark.text[:_LONGEST] + "…"
            yield _ROWS[kind].format(row=remark.row, text=text)
        if rest := alike[_QUOTED:]:
            rows = "、".join(str(remark.row) for remark in rest)
            yield _REST.format(count=len(rest), rows=rows)
