"""What is said of a batch beside the real-name system's export: the JSON's object, and what the workbooks show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from trainingcli.evidence.realname.export import SHOWN, Export
from trainingcli.evidence.realname.export_fields import NOTHING, day_of
from trainingcli.language import Text
from trainingcli.settle.rows import Mask


def document(accounts: Sequence[Mapping[str, Any]], export: Export) -> dict[str, Any]:
    """Return the contract's `realname`; `kept`: what workbooks show beside it, which is not printed."""
    differing = _in_order(accounts, "differing")
    missing = _in_order(accounts, "missing")
    taken = np.zeros(len(export), dtype=bool)
    for account in accounts:
        taken[account["taken"]] = True
    of_batch = ~taken & _of_the_batch(accounts, export)
    only = np.flatnonzero(of_batch)
    only = only[np.argsort(export.order[only], kind="stable")]
    agreed: dict[str, int] = {}
    for account in accounts:
        for name, count in account["agreed"].items():
            agreed[name] = agreed.get(name, 0) + count
    return {
        "entries": len(export),
        "matched_rows": sum(account["matched"] for account in accounts),
        "missing_rows": len(missing),
        "differing_rows": len(differing),
        "only_in_export": export.shown(only)[[*SHOWN]].to_dict("records") if len(only) else [],
        "elsewhere": int((~taken & ~of_batch).sum()),
        "findings": export.findings,
        "kept": {
            "agreed": agreed,
            "differing": differing,
            "missing": missing,
            "files": [
                {"file": each.file, "sha256": each.sha256, "rows": each.rows, "entries": each.entries,
                 "findings": each.findings, "day": each.day and each.day.isoformat()} for each in export.files
            ],
        },
    }  # fmt: skip


def _in_order(accounts: Sequence[Mapping[str, Any]], key: str) -> list[dict[str, Any]]:
    """Join the parts' rows in the order of the batch's."""
    rows = [row for account in accounts for row in account[key]]
    return sorted(rows, key=lambda row: row["order"])


def _of_the_batch(accounts: Sequence[Mapping[str, Any]], export: Export) -> Mask:
    """Say which entries are of an institution of the batch, and of the days of its rows, a few more on either side."""
    spans: dict[int, tuple[int, int]] = {}
    for account in accounts:
        for number, (first, last) in account["spans"].items():
            least, most = spans.get(number, (first, last))
            spans[number] = min(least, first), max(most, last)
    more = max((account["days"] for account in accounts), default=0)
    institution, start = export.numbers["institution"], export.numbers["start_date"]
    found: Mask = np.zeros(len(export), dtype=bool)
    for number, (first, last) in spans.items():
        found |= (institution == number) & (start != NOTHING) & (first - more <= start) & (start <= last + more)
    return found


def warnings(accounts: Sequence[Mapping[str, Any]], export: Export) -> Iterator[Text]:
    """Yield exports from before a class's end, with both dates; what in them cannot be used; how they were read."""
    for place, file in enumerate(export.files):
        late = [account["ends"][place] for account in accounts]
        rows, last = sum(count for count, _ in late), max((end for _, end in late), default=NOTHING)
        if rows:
            end = day_of(last)
            yield Text(
                f"实名制导出表 {file.file} 的日期是 {file.day}，早于培训结束日期（最晚 {end}，共 {rows} 行）；"
                "请重新导出再比对",
                f"the export {file.file} is of {file.day}, before classes ended (the last on {end}, {rows} rows); "
                "take a newer one",
            )
        if file.findings:
            yield Text(
                f"实名制导出表 {file.file} 有 {file.findings} 处不能用于比对（身份证号无效，或单元格无法读取）",
                f"the export {file.file} has {file.findings} cells that cannot be used (ID numbers, unreadable cells)",
            )
        for note in file.notes:
            yield Text(f"实名制导出表 {file.file}：{note.zh}", f"the export {file.file}: {note.en}")
