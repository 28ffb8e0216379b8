"""The charts of the summary workbook (图表): columns of its short tables as bars, native, all on one printed page."""

from __future__ import annotations

from typing import Any, NamedTuple

from trainingcli.language import Text, tr
from trainingcli.reports.data.totals import Total
from trainingcli.reports.workbooks.style import Book, Page

BLUE, RED, GREY = "#4472A8", "#B85C4A", "#8C8C8C"


class Charted(NamedTuple):
    """Columns of a short table that are shown as bars, each in a colour; their names stand in the first column."""

    page: Page
    title: str
    rows: range
    values: tuple[int, ...]
    colours: tuple[str, ...]


def draw_charts(book: Book, page: Page, charts: list[Charted], whole: Total) -> None:
    """Native charts on a sheet of their own, two beside each other, all on one printed page."""
    page.title(tr("图表", "Charts"), 16)
    claimed, approved, held = (f"{fen // 100:,}" for fen in (whole.claimed, whole.approved, whole.parts["held"]))
    said = Text(
        f"申报 {claimed} 元，核定 {approved} 元，待核 {held} 元（元以下不计）",
        f"claimed {claimed} yuan, approved {approved}, held {held} (whole yuan)",
    )
    page.line(str(said), 16)
    page.sheet.fit_to_pages(1, 1)
    drawn = [chart for chart in charts if chart.rows]
    for number, chart in enumerate(drawn):
        row, column = page.row + number // 2 * 20, number % 2 * 8
        page.sheet.insert_chart(row, column, _bar_chart(book, chart), {"x_offset": 4, "y_offset": 6})
    page.sheet.print_area(0, 0, page.row + (len(drawn) + 1) // 2 * 20, 15)


def _bar_chart(book: Book, charted: Charted) -> Any:
    chart = book.workbook.add_chart({"type": "bar"})
    name, first, last = charted.page.sheet.get_name(), charted.rows.start, charted.rows.stop - 1
    for values, colour in zip(charted.values, charted.colours, strict=True):
        chart.add_series(
            {
                "name": [name, first - 1, values],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, values, last, values],
                "fill": {"color": colour},
                "gap": 50,
                "data_labels": {"value": True, "num_format": "#,##0", "font": {"size": 10}},
            }
        )
    chart.set_title({"name": charted.title, "name_font": {"size": 13}, "overlay": False})
    several = len(charted.values) > 1
    chart.set_legend({"position": "bottom", "font": {"size": 10}} if several else {"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 10}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})  # each bar has its figure
    height = 0.7 if several else 0.8
    room = {"x": 0.37, "y": 0.15, "width": 0.48, "height": height}  # names at the left, figures at the right
    chart.set_plotarea({"layout": room})
    chart.set_size({"width": 500, "height": 340})
    return chart
