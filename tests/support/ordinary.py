"""Ordinary rows (寻常的行), each payable alone: those that cases start from, for tests in Python."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.people import id_number

_FILE = Path(__file__).parents[1] / "cases" / "_ordinary.yaml"


@cache
def ordinary_rows() -> Mapping[str, Mapping[str, Any]]:
    """Name → row (heading: cell), as the file of ordinary rows has them."""
    rows: Mapping[str, Mapping[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return rows


def row(like: str, person: int = 1, **cells: Any) -> dict[str, Any]:
    """One row like an ordinary one, of a numbered person; `cells` replace its cells, None empties one."""
    named = {"姓名": f"学员{'一二三四五六七八九'[person % 9]}"}  # one of a person's, whatever the row is like
    made = {"身份证号": id_number(person), **ordinary_rows()[like], **named, **cells}
    return {heading: f"S{person}" if cell in ("S№", "J№") else cell for heading, cell in made.items()}
