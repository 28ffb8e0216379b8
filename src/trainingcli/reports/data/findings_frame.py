"""What is wrong with which cell (校验结果): every finding of every row once, for a terminal and for programs.

A finding stands on each claim line that it speaks for; here it stands once a row, with the programmes concerned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trainingcli import language
from trainingcli import terminal_text as plain
from trainingcli.fields import label
from trainingcli.language import Text, tr
from trainingcli.masking import mask_path, mask_place
from trainingcli.reasons import SEVERITIES, all_reasons, reason
from trainingcli.reports.data.shown_values import shown
from trainingcli.result import Block, Column, Listing, Prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from trainingcli.policy import Policy
    from trainingcli.settle.assessment import Assessment
    from trainingcli.settle.rows import Rows

SCHEMA = "trainingcli.findings/1"
COLUMNS = (
    "file", "sheet", "row", "cell", "field", "value", "code", "severity", "clause", "message", "remedy", "programmes",
)  # fmt: skip
FINDINGS = Listing("findings", tuple(Column(key, Text(key, key)) for key in COLUMNS))
SEVERITY_OF = {"reject": "error", "hold": "warning", "reduce": "warning", "note": "note"}
SEVERITY_WORDS = {
    "error": Text("错误", "error"),
    "warning": Text("待核实", "warning"),
    "note": Text("提示", "note"),
}
_ORIGIN = ["input", "sheet", "row"]
_SAME = [*_ORIGIN, "code", "field", "cell"]


def findings_frame(assessment: Assessment, rows: Rows, *, unmask: bool) -> pd.DataFrame:
    """Return one row a finding, in the order of input, row and severity (worst first); columns as `COLUMNS`.

    Of a field that no claimed programme uses, a finding is a note: it changes nothing.
    """
    spoken = _of_lines(assessment)
    silent = _of_no_line(rows, spoken)
    frame = pd.concat([spoken, silent], ignore_index=True) if len(silent) else spoken
    named = [item.file if unmask else mask_path(item.file) for item in assessment.inputs]
    files = dict(enumerate(named))
    frame["file"] = frame["input"].map(files)
    frame["rank"] = -frame["severity"].map(SEVERITIES.index).astype(int)
    frame["order"] = _sheet_order(frame, rows)
    frame = frame.sort_values(["input", "order", "row", "rank"], kind="stable", ignore_index=True)
    frame["severity"] = [
        (severity != "note" and reason(code).in_validate) or SEVERITY_OF[severity]
        for code, severity in zip(frame["code"], frame["severity"], strict=True)
    ]
    frame["remedy"] = frame["code"].map({code: str(entry.remedy) for code, entry in all_reasons().items()})
    if not unmask:
        frame["sheet"] = frame["sheet"].map(mask_place)
        frame["message"] = [shown(None, text) for text in frame["message"]]
    pairs = zip(frame["field"], frame["value"], strict=True)
    frame["value"] = [None if pd.isna(value) else shown(field, value, unmask=unmask) for field, value in pairs]
    return frame[list(COLUMNS)]


def _of_lines(assessment: Assessment) -> pd.DataFrame:
    """Return the reasons of all lines, each once a row, with clauses and programmes joined."""
    reasons, lines = assessment.reasons, assessment.lines
    message = "en" if language.current() == "en" else "zh"
    chosen = reasons[["code", "severity", "clause", "field", "cell", "value"]].assign(message=reasons[message])
    origin = lines[[*_ORIGIN, "programme"]].iloc[reasons["line"]].reset_index(drop=True)
    frame = pd.concat([origin, chosen.reset_index(drop=True)], axis=1)
    frame["sheet"] = frame["sheet"].astype(object)
    group = frame.groupby(_SAME, dropna=False, sort=False).ngroup()
    first = frame.loc[~group.duplicated()].reset_index(drop=True)
    several = group.duplicated(keep=False)
    if several.any():
        joined = frame[several].groupby(group[several])["clause"].agg(lambda texts: "、".join(dict.fromkeys(texts)))
        first.loc[joined.index, "clause"] = joined
    by_group = frame["programme"].groupby(group)
    first["programmes"] = [list(dict.fromkeys(codes.dropna())) for _, codes in by_group]
    return first.drop(columns="programme").astype({"field": object, "value": object, "cell": object, "message": object})


def _of_no_line(rows: Rows, spoken: pd.DataFrame) -> pd.DataFrame:
    """Return what was found in cells that no line of their row uses, as notes."""
    known = set(zip(*(spoken[name] for name in (*_ORIGIN, "code", "field")), strict=True))
    origins = rows.roster.origins
    sheets, numbers = rows.frame["sheet"].to_numpy(), rows.frame["row"].to_numpy()
    found = []
    for field in {*rows.frame.columns} - {"sheet", "row"}:
        for part in rows.parts(field):
            for at, value in zip(part.rows.tolist(), part.values, strict=True):
                origin = origins[sheets[at]]
                place = {"input": origin.input, "sheet": origin.sheet, "row": int(numbers[at])}
                if (*place.values(), part.code, field) not in known:
                    letter = origin.letters.get(field)
                    cell = f"{letter}{numbers[at]}" if letter else None
                    found.append(place | {"code": part.code, "field": field, "cell": cell, "value": value})
    return pd.DataFrame([entry | _note(entry) for entry in found])


def _note(entry: Mapping[str, Any]) -> dict[str, Any]:
    said = reason(entry["code"])
    blank = dict.fromkeys(("detail", "entitled", "claimed", "limit", "year"), "")
    value = shown(entry["field"], entry["value"]) or ""
    message = said.message.format(**blank, field=label(entry["field"]), value=value)
    return {"severity": "note", "clause": said.cited(None), "message": str(message), "programmes": []}


def _sheet_order(frame: pd.DataFrame, rows: Rows) -> Any:
    """Return each finding's sheet as its place in the input, so that sheets come as the workbook has them."""
    places = {(origin.input, origin.sheet): place for place, origin in enumerate(rows.roster.origins)}
    return np.array([places[key] for key in zip(frame["input"], frame["sheet"], strict=True)], dtype=np.int64)


def counts(frame: pd.DataFrame) -> dict[str, int]:
    """Return how many findings there are of each severity."""
    return {name: int((frame["severity"] == name).sum()) for name in ("error", "warning", "note")}


def facts(frame: pd.DataFrame, assessment: Assessment) -> dict[str, Any]:
    """Return the document of `validate` but for its findings, not masked."""
    from trainingcli.reports.data.claims_json import input_object

    policy: Policy = assessment.policy
    return {
        "policy": {"id": policy.id, "sha256": policy.sha256},
        "inputs": [input_object(item) for item in assessment.inputs],
        "counts": counts(frame),
    }


def screen(frame: pd.DataFrame) -> Callable[[int], Iterator[Block]]:
    """Return what a terminal shows: the findings by sheet, what is wrong and what to do; then how many there are."""
    return lambda room: _blocks(frame, min(room, plain.WIDEST))


def _blocks(frame: pd.DataFrame, room: int) -> Iterator[Block]:
    for (file, sheet), found in frame.groupby(["file", "sheet"], sort=False):
        yield Prose(f"{mask_place(str(file))}  {mask_place(str(sheet))}", "bold")
        for entry in found.to_dict("records"):
            cell = entry["cell"] if isinstance(entry["cell"], str) else tr(f"第{entry['row']}行", f"row {entry['row']}")
            head = f"{cell}  {SEVERITY_WORDS[entry['severity']]}  {entry['code']}  {entry['clause']}"
            yield Prose(plain.paragraph(head, room, 2))
            yield Prose(plain.paragraph(entry["message"] + tr("", " ") + entry["remedy"], room, 4), "dim")
    number = counts(frame)
    total = tr(
        f"错误 {number['error']} 处，待核实 {number['warning']} 处，提示 {number['note']} 处",
        f"{number['error']} errors, {number['warning']} warnings, {number['note']} notes",
    )
    yield Prose(total, "bold")
