"""Two rows that differ never give one text, and a row's text is what the docs say."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from trainingcli.ledger.chain import GENESIS, link, links, row_text, texts

# What a posted entry can hold: its texts are never empty and have neither of the two characters that the chain uses.
posted = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_characters="\x00\x1f", codec="utf-8"), min_size=1),
)
# What a tamperer can put in its place: a column keeps its kind, anything else goes.
anything = {
    int: st.none() | st.integers(-(2**63), 2**63 - 1),
    str: st.none() | st.text(),
    type(None): st.none() | st.text(),
}


@given(
    st.lists(posted, min_size=1, max_size=6).flatmap(
        lambda row: st.tuples(st.just(row), st.tuples(*(anything[type(value)] for value in row)))
    )
)
def test_another_row_has_another_text(rows):
    row, other = rows
    assert (row_text(row, 1) == row_text(other, 1)) == (tuple(row) == other)


def test_the_text_of_a_row_is_its_fields_joined():
    assert row_text([1, None, "电工", b"\xab", 0], 1) == "1\x1f\x1f电工\x1fab\x1f0"
    assert row_text([1, None, "电工", b"\xab", ""]) == "v2\x1f1\x1f\x1f电工\x1fab\x1f\\e"
    assert link(GENESIS, "x") == sha256(bytes(32) + b"x").digest()


def test_columns_give_the_same_texts_as_rows():
    rows = [(1, None, "a", b"\x01", None, True), (None, None, "", b"", 3, 2), (-5, None, None, None, "x", 0)]
    for form in (1, 2):
        assert list(texts(rows, form)) == [row_text(row, form) for row in rows]
    first, second, third = links(GENESIS, rows)
    assert first == link(GENESIS, row_text(rows[0]))
    assert third == link(link(first, row_text(rows[1])), row_text(rows[2]))
    assert second != third


@given(
    st.lists(st.tuples(*[st.none() | st.text("a\\se\x1f\x00", max_size=4)] * 3), min_size=2, max_size=2, unique=True)
)
def test_no_text_of_the_second_form_can_be_cut_again(rows):
    """Issue 12, C7: whatever separators and signs of escape the fields hold."""
    one, other = rows
    assert row_text(one) != row_text(other)
