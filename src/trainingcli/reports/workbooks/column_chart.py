"""A chart of money in a short table's columns, side by side for each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainingcli.reports.workbooks.style import Page


def column_chart(
    page: Page, rows: range, colours: Mapping[int, str], title: str, size: tuple[int, int], below: str | None = None
) -> Any:
    """Make a chart of columns (number → colour) of a table on `page`, whose rows are named in the first column.

    `size`: width and height in pixels. `below`: the colour of what is below zero, where it has one of its own.
    """
    chart = page.book.workbook.add_chart({"type": "column"})
    name, first, last = page.sheet.get_name(), rows.start, rows.stop - 1
    own = {"invert_if_negative": True, "invert_if_negative_color": below} if below else {}
    for column, colour in colours.items():
        series = {
            "name": [name, first - 1, column],
            "categories": [name, first, 0, last, 0],
            "values": [name, first, column, last, column],
            "fill": {"color": colour},
            "gap": 80,
        }
        chart.add_series(series | own)
    chart.set_title({"name": title, "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"} if len(colours) > 1 else {"none": True})
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    chart.set_y_axis({"num_format": "#,##0", "num_font": {"size": 9}, "major_gridlines": grid})
    chart.set_size({"width": size[0], "height": size[1]})
    return chart
