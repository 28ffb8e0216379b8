"""The pandera checks that `schemas/roster.yaml` names; each is named by the reason code of what it finds."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandera import extensions

from trainingcli.id_form import has_form
from trainingcli.reasons import reason
from trainingcli.validation import identity

TODAY: ContextVar[dt.date] = ContextVar("TODAY")
KNOWN: ContextVar[dict[str, frozenset[str]]] = ContextVar("KNOWN")


@contextmanager
def _taken_as_absent(*names: str) -> Iterator[None]:
    """Let these modules count as not installed unless they are imported already.

    Each registration looks for them anew, which costs more than all checks of a small roster.
    """
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _register(kind: type, code: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    def wrap(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def check(data: Any) -> Any:
            return pd.Series(function(data), index=data.index)

        check.__name__ = reason(code).code
        with _taken_as_absent("pyspark", "hypothesis"):
            extensions.register_check_method(check, supported_types=kind)
        return function

    return wrap


@_register(pd.Series, "ID_FORMAT")
def _id_format(ids: Any) -> Any:
    return has_form(ids) | identity.has_15_digits(ids)


@_register(pd.Series, "ID_15_DIGITS")
def _id_15_digits(ids: Any) -> Any:
    return ~identity.has_15_digits(ids)


@_register(pd.Series, "ID_BIRTH_DATE")
def _id_birth_date(ids: Any) -> Any:
    return identity.born_on_a_day(ids, TODAY.get())


@_register(pd.Series, "ID_CHECKSUM")
def _id_checksum(ids: Any) -> Any:
    return identity.checks_out(ids)


@_register(pd.Series, "UNKNOWN_REGION")
def _region(ids: Any) -> Any:
    return identity.known_region(ids)


def _says_known(field: str, *, single: bool = False) -> Callable[[Any], Any]:
    """Return a check that some value of a cell is a known term; each distinct text is looked at once.

    `single`: the cell says one value (two levels are none).
    """

    def check(texts: Any) -> Any:
        known = KNOWN.get()[field]
        coded = pa.array(texts, type=pa.large_string()).dictionary_encode()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        words = coded.dictionary.to_pylist()
        passes = [not known.isdisjoint([word] if single else word.split("、")) for word in words] + [True]
        return np.array(passes)[pc.fill_null(coded.indices, len(passes) - 1).to_numpy()]

    return check


_register(pd.Series, "UNKNOWN_CATEGORY")(_says_known("category"))
_register(pd.Series, "UNKNOWN_LEVEL")(_says_known("level", single=True))
_register(pd.Series, "UNKNOWN_CERTIFICATE_TYPE")(_says_known("certificate_type"))


@_register(pd.Series, "FUTURE_DATE")
def _not_future(dates: Any) -> Any:
    return ~(dates.to_numpy() > np.datetime64(TODAY.get(), "s"))


@_register(pd.DataFrame, "SEX_MISMATCH")
def _sex(rows: Any) -> Any:
    return identity.sex_agrees(rows["id_number"], rows["sex"])


@_register(pd.DataFrame, "DATE_ORDER")
def _order(rows: Any) -> Any:
    return ~(rows["end_date"].to_numpy() < rows["start_date"].to_numpy())


@_register(pd.DataFrame, "CERTIFICATE_BEFORE_TRAINING")
def _certificate_after(rows: Any) -> Any:
    return ~(rows["certificate_date"].to_numpy() < rows["start_date"].to_numpy())
