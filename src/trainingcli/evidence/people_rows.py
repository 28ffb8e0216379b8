"""The roster rows whose person stands on a list on the row's date, with the list's entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.compared import folded
from trainingcli.evidence.people_lists import FIRST, LAST
from trainingcli.language import Text
from trainingcli.masking import mask_name

if TYPE_CHECKING:
    from trainingcli.evidence.people_lists import PeopleLists
    from trainingcli.settle.rows import Rows


def on_list(rows: Rows, lists: PeopleLists) -> pd.DataFrame:
    """Return a row for each row (`at`) and entry that holds on its date; `turn`: which of the row's entries it is.

    A row without a date stands on a list where that has no ends at all. Of the entry: category ("": none), list
    (`file`), `sheet`, `row`, `since`, `until`, `other`: the list's name where it is another than the row's.
    """
    start, issued = rows.dates("start_date"), rows.dates("certificate_date")
    valid = np.flatnonzero(rows.persons_are_valid())
    mine = pd.DataFrame({
        "at": valid,
        "id_number": rows.frame["id_number"].to_numpy(dtype=object)[valid],
        "called": rows.frame["name"].to_numpy(dtype=object)[valid],
        "day": np.where(np.isnat(start), issued, start)[valid],
    })  # fmt: skip
    listed, ids = (pa.array(each["id_number"], pa.large_string()) for each in (lists.entries, mine))
    entries = lists.entries[pc.is_in(listed, ids).to_numpy(zero_copy_only=False)].astype({"id_number": object})
    found = mine.merge(entries.assign(order=np.arange(len(entries))), on="id_number", how="inner")
    undated = found["day"].isna()
    holds = (found["since"] <= found["day"]) & (found["day"] <= found["until"])
    always = (found["since"] == FIRST) & (found["until"] == LAST)
    found = found[holds | (undated & always)].sort_values(["at", "order"], kind="stable", ignore_index=True)
    other = [
        name if isinstance(name, str) and isinstance(called, str) and folded(called) != folded(name) else None
        for name, called in zip(found["name"], found["called"], strict=True)
    ]
    sheets = pd.DataFrame(lists.sheets, columns=["file", "sheet"], dtype=object).take(found["place"].to_numpy())
    return found.assign(
        file=sheets["file"].to_numpy(),
        sheet=sheets["sheet"].to_numpy(),
        category=found["category"].astype(object).where(found["category"].notna(), ""),
        other=pd.Series(other, dtype=object, index=found.index),
        turn=found.groupby("at").cumcount(),
    )


def entry_text(entry: Mapping[Any, Any]) -> Text:
    """Return an entry in a few words: category, list, dates, the name where it is another."""
    category = entry["category"] or None
    since, until = (None if end in (FIRST, LAST) else f"{end:%Y-%m-%d}" for end in (entry["since"], entry["until"]))
    zh = [category or "未写类别", f"名单 {entry['file']} {entry['sheet']} 第{entry['row']}行", _span(since, until).zh]
    en = [
        category or "no category",
        f"list {entry['file']} {entry['sheet']} row {entry['row']}",
        _span(since, until).en,
    ]
    if entry["other"] is not None:
        zh.append(f"名单上的姓名是“{mask_name(entry['other'])}”")
        en.append(f"where the name is '{mask_name(entry['other'])}'")
    return Text("，".join(zh), ", ".join(en))


def _span(since: str | None, until: str | None) -> Text:
    if since is None and until is None:
        return Text("没有可用的起止日期", "without usable dates")
    return Text(
        f"{since or ''}起至{until or '今'}" if since else f"至{until}",
        f"from {since} to {until or 'now'}" if since else f"until {until}",
    )


def listed_rows(found: pd.DataFrame) -> list[dict[str, Any]]:
    """Return entries as `explain` shows them."""
    return [
        {
            **{key: entry[key] for key in ("file", "sheet", "row")},
            "name": entry["name"] if isinstance(entry["name"], str) else None,
            "id_number": entry["id_number"],
            "category": entry["category"] or None,
            "since": None if entry["since"] == FIRST else f"{entry['since']:%Y-%m-%d}",
            "until": None if entry["until"] == LAST else f"{entry['until']:%Y-%m-%d}",
            "text": entry_text(entry),
        }
        for entry in found.to_dict("records")
    ]
