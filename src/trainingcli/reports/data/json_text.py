"""JSON as every command prints it: Chinese as it is, and whatever a terminal would obey as an escape."""

from __future__ import annotations

import json
import re
from typing import Any

from trainingcli.compared import UNSEEN

_ESCAPED = re.compile(f"[{UNSEEN}\ud800-\udfff]")


def dump(value: Any) -> str:
    """Return the value on one line; dates and the like as their text."""
    return _ESCAPED.sub(_as_escape, json.dumps(value, ensure_ascii=False, default=str))


def _as_escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]
