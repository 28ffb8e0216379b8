"""What LibreOffice writes of a sheet: formats of several parts, far columns, empty results, days counted from 1904."""

from __future__ import annotations

import io
import zipfile

import pytest

from trainingcli.intake.formats.cell_kinds import Kind, Mark

from .helpers import kinds, only, texts

_SPACES = ("office", "table", "text", "style", "number:datastyle")
_HEADER = ("姓名", "身份证号", "开班日期", "补贴金额")


def _style(name: str, kind: str, inner: str = "") -> str:
    return f'<number:{kind}-style style:name="{name}">{inner}</number:{kind}-style>'


def _map(condition: str, name: str) -> str:
    return f'<style:map style:condition="value(){condition}" style:apply-style-name="{name}"/>'


def _unit(text: str, number: str = "<number:number/>") -> str:
    return f"{number}<number:text>{text}</number:text>"


def _cell(value: object, kind: str = "string", extra: str = "") -> str:
    key = {"date": "date-value", "string": "string-value"}.get(kind, "value")
    shown = f"<text:p>{value}</text:p>"
    return f'<table:table-cell office:value-type="{kind}" office:{key}="{value}" {extra}>{shown}</table:table-cell>'


def _book(*rows: str, styles: str = "", settings: str = "") -> bytes:
    names = [space.partition(":") for space in _SPACES]
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{of or name}:1.0"' for name, _, of in names)
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f'<office:spreadsheet>{settings}<table:table table:name="表1">{body}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return target.getvalue()


def _looked_at(styles: str, field: str, cell: str) -> list[int]:
    """Return the kinds of a field's cells in a roster of one person, whose cells of style `c` have the format `N1`."""
    own = '<style:style style:name="c" style:family="table-cell" style:data-style-name="N1"/>'
    other = _cell("2020-07-01", "date") if field == "claimed" else _cell(300, "float")
    cells = (other, cell) if field == "claimed" else (cell, other)
    header, person = "".join(map(_cell, _HEADER)), "".join((_cell("王一"), _cell("1"), *cells))
    found = (
        only(_book(header, person, styles=styles + own)).cells.column("k3" if field == "claimed" else "k2").to_pylist()
    )
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("styles", "mark"),
    [
        (_style("P", "number", _unit("元")) + _style("N1", "number", _unit("元")) , Mark.UNIT_YUAN),
        # 0"元";-0"元";"-" and the accounting form
        (
            _style("P", "number", _unit("元")) + _style("Q", "number", _unit("元"))
            + _style("N1", "number", "<number:text>-</number:text>" + _map("&gt;0", "P") + _map("&lt;0", "Q")),
            Mark.UNIT_YUAN,
        ),
        (_style("P", "number", _unit("万元")) + _style("N1", "text", _map("&gt;=0", "P")), Mark.UNIT_WAN),
        (
            _style("P", "number", _unit("万元")) + _style("N1", "number", _unit("元") + _map("&lt;1", "P")),
            Mark.UNIT_OTHER,
        ),
        (_style("P", "number", _unit("美元")) + _style("N1", "number", _map("&gt;0", "P")), Mark.UNIT_OTHER),
        (_style("P", "number", _unit("元")) + _style("N1", "number", _map("=0", "P")), 0),
        (_style("N1", "percentage", _unit("%")), Mark.UNIT_OTHER),
        (_style("N1", "boolean", "<number:boolean/>"), Mark.UNIT_OTHER),
        (_style("N1", "number", _unit("万元", '<number:number number:display-factor="10000"/>')), 0),
    ],
)  # fmt: skip
def test_the_unit_is_that_of_the_part_that_shows_an_amount(styles: str, mark: int) -> None:
    cell = _cell(0.05, "float", 'table:style-name="c"')
    assert _looked_at(styles, "claimed", cell) == [Kind.NUMBER | mark]


@pytest.mark.parametrize(
    ("inner", "mark"), [("<number:year/><number:month/>", Mark.NO_DAY), ("<number:month/><number:day/>", 0)]
)
def test_a_date_without_its_day_is_seen_behind_a_format_for_texts(inner: str, mark: int) -> None:
    styles = _style("P", "date", inner) + _style("N1", "text", _map("&gt;=0", "P"))
    cell = _cell("2020-07-01", "date", 'table:style-name="c"')
    assert _looked_at(styles, "start_date", cell) == [Kind.DATE | mark]


@pytest.mark.parametrize("gap", [1, 64, 65, 300, 1000])
def test_cells_behind_empty_ones_stay_in_their_columns(gap: int) -> None:
    empty = f'<table:table-cell table:number-columns-repeated="{gap}"/>'
    header = "".join(map(_cell, _HEADER[:3])) + empty + _cell(_HEADER[3])
    person = _cell("王一") + _cell("1") + _cell("2020-07-01", "date") + empty + _cell(300, "float")
    other = (
        _cell("李二")
        + _cell("2")
        + f'<table:table-cell table:number-columns-repeated="{gap + 1}"/>'
        + _cell(5, "float")
    )
    found = only(_book(header, person, other))
    assert texts(found, "claimed") == ["300", "5"]
    assert texts(found, "start_date") == ["2020-07-01", None]


def test_a_formula_whose_result_is_empty_has_a_value() -> None:
    header = "".join(map(_cell, _HEADER))
    formula = '<table:table-cell table:formula="of:=IF(1;&quot;&quot;)"'
    rows = [
        _cell("王一") + _cell("1") + _cell("2020-07-01", "date") + formula + end
        for end in ("><text:p/></table:table-cell>", "/>")
    ]
    assert [kind & 15 for kind in kinds(only(_book(header, *rows)), "claimed")] == [Kind.EMPTY, Kind.NO_VALUE]


def test_days_counted_from_1904() -> None:
    settings = '<table:calculation-settings><table:null-date table:date-value="{}"/></table:calculation-settings>'
    person = _cell("王一") + _cell("1") + _cell(42433, "float") + _cell(300, "float")
    for first, is_later in (("1904-01-01", True), ("1899-12-30", False)):
        assert only(_book("".join(map(_cell, _HEADER)), person, settings=settings.format(first))).date1904 is is_later
