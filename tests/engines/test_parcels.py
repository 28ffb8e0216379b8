"""Frames come out of a parcel as they went in, whatever repeats."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from trainingcli.engines.parcels import WordColumn, opened, packed, sealed, unpacked


def texts(*values: str | None) -> pd.arrays.ArrowStringArray:
    return pd.array(list(values), dtype="str")


@pytest.mark.parametrize("count", [0, 1, 3, 5000])
def test_a_frame_comes_out_as_it_went_in(count: int) -> None:
    frame = pd.DataFrame(
        {
            "payee": texts(*["甲校", None, "乙校"] * count),
            "id_number": texts(*(f"{number:018d}" for number in range(3 * count))),
            "nobody": texts(*[None] * 3 * count),
            "days": pd.array([1, None, 3] * count, dtype="Int64"),
            "fen": pd.array([2**60 + 1, None, 80_000] * count, dtype="Int64"),
            "line": np.arange(3 * count),
            "share": np.tile([0.5, np.nan, 1.0], count),
            "is_own": np.tile([True, False, True], count),
            "kind": pd.Categorical(["班", None, "人"] * count),
            "start": pd.array(["2021-03-01", None, "2021-04-01"] * count, dtype="datetime64[s]"),
        }
    )
    parcel = pickle.loads(pickle.dumps(packed(frame)))
    found = unpacked(parcel)
    assert_frame_equal(found, frame)
    if count == 5000:
        assert [name for name, column in parcel.items() if isinstance(column, WordColumn)] == [
            "payee", "nobody", "days", "fen", "share", "is_own", "start",
        ]  # fmt: skip


def test_the_rows_of_a_part_are_counted_anew() -> None:
    frame = pd.DataFrame({"payee": texts("甲校", "乙校", "甲校")})
    assert_frame_equal(
        unpacked(packed(frame[frame["payee"] == "甲校"])), pd.DataFrame({"payee": texts("甲校", "甲校")})
    )


def test_many_words_have_places_of_their_own() -> None:
    words = [f"{number:05d}" for number in range(40_000)]
    frame = pd.DataFrame({"class_no": texts(*["1班"] * 2000, *words)})
    assert_frame_equal(unpacked(packed(frame)), frame)


def test_what_is_sealed_comes_out_whole_and_its_frames_packed() -> None:
    frame = pd.DataFrame({"payee": texts(*["太原市某某职业培训学校"] * 5000), "line": np.arange(5000) % 3})
    picked = frame.iloc[[7, 3]]  # rows that have numbers of their own keep them
    found = opened(sealed({"all": [frame], "some": picked, "said": ("一", None)}))
    assert_frame_equal(found["all"][0], frame)
    assert_frame_equal(found["some"], picked)
    assert found["said"] == ("一", None)
    assert len(sealed(frame)) * 5 < len(pickle.dumps(frame, protocol=5))
