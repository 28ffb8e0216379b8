"""The text of an overlay (政策调整文件): what it changes, each with its clause and what stood there before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from trainingcli.language import tr

_HEAD = "schema: trainingcli.policy/1\nextends: {}\n"


def overlay_text(over: Mapping[str, Any], base: Mapping[str, Any], source: str = "") -> str:
    """Return the file of an overlay over a policy's data (as `set_values.overlay` gives it), with comments."""
    extends = base["id"].partition("+")[0]
    title = tr("政策调整", "A change of policy") + (tr("，依据：", ", by: ") + _one_line(source) if source else "")
    use = tr(
        "没有写出的各项与内置政策相同；用 trainingcli policy --policy 本文件 查看，用 compare 试算影响。",
        "What is not written here is as shipped; see it with trainingcli policy --policy FILE, try it with compare.",
    )
    return f"# {title}\n# {use}\n" + _HEAD.format(extends) + "".join(_lines(over, base, 0, ""))


def _lines(over: Mapping[str, Any], base: Mapping[str, Any], depth: int, clause: str) -> Iterator[str]:
    margin = "  " * depth
    for key, value in over.items():
        before = base.get(key)
        own = before.get("clause", clause) if isinstance(before, Mapping) else clause
        if isinstance(value, dict) and key not in ("value", "reading"):
            yield f"{margin}{_plain(key)}:\n"
            yield from _lines(value, before or {}, depth + 1, own)
            continue
        if key != "reading":
            yield f"{margin}# {clause} {tr('原为：', 'was: ')}{_one_line(before)}\n"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{margin}{_plain(key)}:\n"
            yield from (f"{margin}  - {_plain(entry)}\n" for entry in value)
        else:
            yield f"{margin}{_plain(key)}: {_plain(value)}\n"


def _plain(value: Any) -> str:
    """Return a value as YAML writes it on one line."""
    text = yaml.safe_dump(
        value, allow_unicode=True, default_flow_style=True, width=float("inf"), sort_keys=False
    )  # fmt: skip
    return str(text).removesuffix("...\n").strip()


def _one_line(value: Any) -> str:
    """Return what stood there as a comment says it."""
    if value is None:
        return tr("没有", "nothing")
    if isinstance(value, list) and value and isinstance(value[0], dict):
        figures = ((each["from"], each.get("yuan", each.get("number"))) for each in value)
        return "；".join(f"{since} {'null' if figure is None else figure}" for since, figure in figures)
    if isinstance(value, (str, int, date)):
        return " ".join(str(value).split())
    return _plain(value)
