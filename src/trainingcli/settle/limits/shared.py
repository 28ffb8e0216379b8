"""What two people should not share in one batch: a certificate number (hold), a phone, an account (notes)."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.reasons import reason
from trainingcli.settle.rows import Mask, Rows

DUPLICATE_CERTIFICATE = reason("DUPLICATE_CERTIFICATE")
NOTES = {"phone": reason("SHARED_PHONE").code, "account": reason("SHARED_ACCOUNT").code}


def shared(rows: Rows, field: str, persons: npt.NDArray[np.int64], values: Collection[str] | None = None) -> Mask:
    """Say which rows of valid people (`persons` >= 0) have a value that another valid person has as well.

    `values`: the values that several people share, where these rows are only a part of the batch.
    """
    column = rows.numbers(field)
    valid = pc.and_(pa.array(persons >= 0), pc.is_valid(column))
    if values is not None:
        known = pc.is_in(column, pa.array(sorted(values), pa.large_string()))
        found: Mask = pc.and_(valid, known).to_numpy(zero_copy_only=False)
        return found
    coded = column.filter(valid).dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    mask = np.zeros(len(rows), dtype=bool)
    if not len(coded):
        return mask
    value = coded.indices.to_numpy()
    person = persons[valid.to_numpy(zero_copy_only=False)]
    lowest, highest = np.full(len(coded.dictionary), np.iinfo(np.int64).max), np.full(len(coded.dictionary), -1)
    np.minimum.at(lowest, value, person)
    np.maximum.at(highest, value, person)
    mask[valid.to_numpy(zero_copy_only=False)] = (lowest != highest)[value]
    return mask
