"""The result for programs (json, ndjson, csv): the contract's keys, masked, streamed some thousand lines at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli import language, masking
from trainingcli.compared import UNSEEN
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable
from trainingcli.language import Text
from trainingcli.money import yuan_text
from trainingcli.reports.data.json_text import dump
from trainingcli.reports.data.text_columns import arrow_table, by_value, join, joined, offsets_of, one_chunk, yuan
from trainingcli.reports.data.totals import Total, totals_by
from trainingcli.result import Column, Listing
from trainingcli.settle.assessment import Assessment
from trainingcli.vocabulary import canonical_headings

SCHEMA = "trainingcli.claims/1"
LINE_KEYS = (
    "line", "input", "file", "sheet", "row", "name", "id_number", "programme", "claimed", "entitled", "approved",
    "status", "payee", "fund",
)  # fmt: skip
REASON_KEYS = ("code", "severity", "clause", "cell", "message")
_PIECE = 8192
_MONEY = ("claimed", "entitled", "approved")
_FORMULA = r"^[=+\-@\t\r]"


_HEADINGS = {
    "line": (Text("明细", "Line"), "count"),
    "input": (Text("输入", "Input"), "count"),
    "file": (Text("文件", "File"), "place"),
    "sheet": (Text("工作表", "Sheet"), "place"),
    "row": (Text("行", "Row"), "count"),
    "claimed": (Text("申报金额", "Claimed"), "yuan"),
    "entitled": (Text("应补金额", "Entitled"), "yuan"),
    "approved": (Text("核定金额", "Approved"), "yuan"),
}


def _line_column(key: str) -> Column:
    heading, kind = _HEADINGS.get(key, (Text(key, key), "text"))
    return Column(key, heading, kind)  # type: ignore[arg-type]


LINES = Listing("lines", tuple(_line_column(key) for key in (*LINE_KEYS, "reasons")))


def facts(assessment: Assessment, totals: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return the document of `claims` but for its lines, not masked. `totals`: those of other lines than people's."""
    ledger, batch = assessment.ledger, assessment.batch
    return {
        "policy": {"id": assessment.policy.id, "sha256": assessment.policy.sha256},
        "inputs": [input_object(item) for item in assessment.inputs],
        "checks": [
            {"check": item.check, "performed": item.performed, "why": None if item.why is None else str(item.why)}
            for item in assessment.checks
        ],
        "totals": [_total(total) for total in programme_totals(assessment)] if totals is None else totals,
        "outputs": assessment.outputs,
        "stale": assessment.stale,
        "ledger": None if ledger is None else ledger.shown(),
        "batch": None if batch is None else {"id": batch.id, "already_posted": batch.already_posted},
        "warnings": [str(text) for text in assessment.warnings],
        **{name: _printed(said) for name, said in assessment.evidence.items()},
    }


def _printed(said: Any) -> Any:
    """Return what a piece of evidence says without what it keeps for workbooks, texts in the language in use."""
    if isinstance(said, Text):
        return str(said)
    if isinstance(said, list):
        return [_printed(each) for each in said]
    return {key: _printed(each) for key, each in said.items() if key != "kept"} if isinstance(said, dict) else said


class EncodedLines:
    """The lines of an assessment as JSON objects and as csv, made by Arrow some thousand at a time; masked."""

    def __init__(self, assessment: Assessment, *, unmask: bool) -> None:
        self._assessment, self._unmask = assessment, unmask

    def objects(self, between: str) -> Iterator[str]:
        """Yield the lines as JSON objects with `between` between them."""
        return _line_objects(self._assessment, between, unmask=self._unmask)

    def csv(self) -> Iterator[str]:
        """Yield the lines as csv with a header; no text of it is a formula to a spreadsheet program."""
        lines, offsets = _lines_for_output(self._assessment, unmask=self._unmask), _offsets(self._assessment)
        codes = joined(arrow_table(self._assessment.reasons)["code"], offsets, ";")
        yield ",".join((*LINE_KEYS, "reasons")) + "\n"
        for start in range(0, lines.num_rows, _PIECE):
            piece = lines.slice(start, _PIECE)
            columns: list[Any] = [_csv_column(piece[key], guard=key not in _MONEY) for key in LINE_KEYS]
            rows = pc.binary_join_element_wise(*columns, codes.slice(start, _PIECE), ",")
            yield "\n".join(rows.to_pylist()) + "\n"


def programme_totals(assessment: Assessment) -> list[Total]:
    """Return the totals of every programme in the policy's order, then of lines without one, if there are any."""
    lines = arrow_table(assessment.lines[["programme", "status", "claimed", "approved", "id_number", "name"]])
    return totals_by(lines, "programme", assessment.policy.programmes)


def input_object(item: InputFile) -> dict[str, Any]:
    """Return one input as JSON shows it: hash, sheets with their control totals, what was not read."""
    return {
        "file": item.file,
        "sha256": item.sha256,
        "format": item.format,
        "sheets": [
            {
                "sheet": table.sheet, "header_row": table.header_row, "rows": table.read, "total": table.total,
                "blank": table.blank, "header": table.header, "footer": table.footer, "skipped": table.skipped,
                "hidden_rows": table.hidden_rows, "unread_columns": [_unread(table, *each) for each in table.unused],
            }
            for table in item.sheets
        ],
        "not_read": [{"sheet": sheet, "why": str(why)} for sheet, why in item.not_read],
        "warnings": [str(text) for text in item.warnings],
        "error": None if item.failure is None else str(item.failure),
    }  # fmt: skip


def _unread(table: SheetTable, letter: str, heading: str) -> dict[str, Any]:
    """A column that was not read: where, its heading, and the known heading that it looks like."""
    keys = table.like.get(letter)
    like = canonical_headings()[keys[0]][0] if keys else None
    return {"column": letter, "heading": heading, "like": like}


def _total(total: Total) -> dict[str, Any]:
    counts = {f"{status}_lines": count for status, count in total.statuses.items()}
    money = {"claimed": yuan_text(total.claimed), "approved": yuan_text(total.approved)}
    return {"programme": total.key, "lines": total.lines, **money, **counts}


def _offsets(assessment: Assessment) -> Any:
    return offsets_of(assessment.reasons["line"].to_numpy(), len(assessment.lines))


def _lines_for_output(assessment: Assessment, *, unmask: bool) -> pa.Table:
    """The columns of `LINE_KEYS`, masked, money as text."""
    lines = arrow_table(assessment.lines[list(LINE_KEYS[1:])])
    columns: dict[str, Any] = {"line": pa.array(range(1, lines.num_rows + 1), pa.int64())}
    columns |= {key: lines[key] for key in LINE_KEYS[1:]}
    if not unmask:
        to_trainees = pa.array(sorted(assessment.policy.paid_to_trainee()), columns["programme"].type)
        own = pc.or_kleene(
            pc.is_in(columns["programme"], to_trainees),
            pc.fill_null(pc.equal(columns["payee"], columns["name"]), False),
        )
        payee = pc.if_else(own, masking.mask_name(columns["payee"]), columns["payee"])
        columns["payee"] = _by_word(payee, masking.mask_numbers)
        columns["file"] = _by_word(columns["file"], masking.mask_path)
        columns["sheet"] = _by_word(columns["sheet"], masking.mask_place)
        columns["name"] = masking.mask_name(columns["name"])
        columns["id_number"] = masking.mask_id(columns["id_number"])
    for key in _MONEY:
        columns[key] = yuan(columns[key])
    return pa.table(columns)


def _line_objects(assessment: Assessment, between: str, *, unmask: bool) -> Iterator[str]:
    """Yield JSON texts, one a line, some thousand put together."""
    lines, offsets = _lines_for_output(assessment, unmask=unmask), _offsets(assessment)
    reasons = _reason_objects(assessment, unmask=unmask)
    for start in range(0, lines.num_rows, _PIECE):
        piece = lines.slice(start, _PIECE)
        bounds = offsets[start : start + piece.num_rows + 1]
        mine = joined(reasons.slice(bounds[0], bounds[-1] - bounds[0]), bounds - bounds[0], ", ")
        made = _objects({key: piece[key] for key in LINE_KEYS}, join(', "reasons": [', mine, "]"))
        if assessment.reversed.keys() & set(range(start, start + piece.num_rows)):
            objects = made.to_pylist()
            for at, said in assessment.reversed.items():
                if start <= at < start + len(objects):
                    shown = said if unmask else said | {"why": said["why"] and masking.mask_numbers(said["why"])}
                    objects[at - start] = f'{objects[at - start][:-1]}, "reversed": {dump(shown)}}}'
            yield between.join(objects)
        else:
            yield joined(made, np.array([0, piece.num_rows]), between)[0].as_py()


def _reason_objects(assessment: Assessment, *, unmask: bool) -> Any:
    frame = arrow_table(assessment.reasons)
    message = frame["en" if language.current() == "en" else "zh"]
    columns = {key: frame[key] for key in REASON_KEYS[:-1]}
    columns["message"] = message if unmask else masking.mask_numbers(message)
    objects = _objects(columns)
    return objects.combine_chunks() if isinstance(objects, pa.ChunkedArray) else objects


def _objects(columns: Mapping[str, Any], last: Any = "") -> Any:
    """Each row of the columns as the text of a JSON object; `last` is put before its end."""
    parts: list[Any] = []
    for number, (key, column) in enumerate(columns.items()):
        parts += [f'{", " if number else "{"}"{key}": ', _json_column(column)]
    return join(*parts, last, "}")


def _json_column(column: Any) -> Any:
    """Each value as JSON writes it; whatever a terminal would obey is written as an escape."""
    if not pa.types.is_string(column.type):
        return pc.fill_null(column.cast(pa.string()), "null")
    return pc.fill_null(by_value(_quoted, column), "null")


def _quoted(texts: Any) -> Any:
    if pc.any(pc.match_substring_regex(texts, f'["\\\\{_re2_unsafe()}]')).as_py():
        texts = _by_word(texts, _escape)
    return join('"', texts, '"')


def _by_word(column: Any, change: Callable[[str], str]) -> Any:
    """Change each distinct text of a column once."""
    encoded = pc.dictionary_encode(one_chunk(column))
    words = pa.array([change(word) for word in encoded.dictionary.to_pylist()], pa.string())
    return pc.take(words, encoded.indices)


def _re2_unsafe() -> str:
    return "".join(c if c == "-" else f"\\x{{{ord(c):X}}}" for c in UNSEEN)


def _escape(word: str) -> str:
    return dump(word)[1:-1]


def _csv_column(column: Any, *, guard: bool) -> Any:
    if not pa.types.is_string(column.type):
        return pc.fill_null(column.cast(pa.string()), "")
    if not guard:
        return pc.fill_null(column, "")
    text = pc.fill_null(column, "")
    text = pc.if_else(pc.match_substring_regex(text, _FORMULA), join("'", text), text)
    text = pc.replace_substring_regex(text, "[\t\n\v\f\r]+", " ")
    text = pc.replace_substring_regex(text, f"[{_re2_unsafe()}]", "")
    quoted = join('"', pc.replace_substring(text, '"', '""'), '"')
    return pc.if_else(pc.match_substring_regex(text, r'[",\n\r ]'), quoted, text)
