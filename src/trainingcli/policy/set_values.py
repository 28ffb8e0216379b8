"""Settings (`--set KEY=VALUE@DATE`): what a bureau would change of a policy, as the entries of an overlay."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from trainingcli.errors import ManyUsageError, UsageError
from trainingcli.language import Text
from trainingcli.lined_yaml import Path_
from trainingcli.policy import Policy
from trainingcli.policy.build import as_date, build, merged
from trainingcli.vocabulary import load_vocabulary

ALL_DAYS = date(1900, 1, 1)
"""The day from which a figure without one holds: before anybody was trained."""

_SETTING = re.compile(r"(?P<key>[^=]+)=(?P<value>.*?)(?:@(?P<day>\d{4}-\d{2}-\d{2}))?", re.DOTALL)
_LIST = re.compile(r"[,，、;；]")
_WHOLE = re.compile(r"-?\d{1,15}")
_PLAIN = ("fund", "payee", "headings", "basis", "dated_by")


@dataclass(frozen=True)
class Setting:
    """One `KEY=VALUE@DATE`. `since`: None for all days; `source`: the words that set it."""

    key: str
    value: str
    since: date | None
    source: str

    @property
    def text(self) -> str:
        """The setting as it is written."""
        return f"{self.key}={self.value}" + (f"@{self.since}" if self.since else "")


def parse(text: str, source: str | None = None) -> Setting:
    """Read `KEY=VALUE` or `KEY=VALUE@DATE`; UsageError where it is neither. `source`: else the setting itself."""
    found = _SETTING.fullmatch(text)
    if found is None or not found["key"].strip():
        raise _refused(text, Text("应写作 键=值 或 键=值@日期", "write KEY=VALUE or KEY=VALUE@DATE"))
    try:
        since = date.fromisoformat(found["day"]) if found["day"] else None
    except ValueError:
        raise _refused(text, Text(f"没有“{found['day']}”这一天", f"there is no day '{found['day']}'")) from None
    return Setting(found["key"].strip(), found["value"].strip(), since, source or f"--set {text.strip()}")


def with_settings(
    base: Mapping[str, Any], settings: Sequence[Setting], shipped: Mapping[str, Any], codes: Collection[str]
) -> Policy:
    """Return the policy that settings make of a policy's data; UsageError tells everything that does not hold."""
    from trainingcli.policy.file_checks import faults_of
    from trainingcli.policy.overlay_file import overlay_text

    over = overlay(base, settings)
    data = merged(base, {"id": f"{base['id']}+set"} | over)
    faults = faults_of(data, shipped, codes)
    if faults:
        raise ManyUsageError([_refused(_setting_at(path, settings), why).text for path, why in faults])
    return build(data, sha256(overlay_text(over, base).encode()).hexdigest())


def overlay(base: Mapping[str, Any], settings: Sequence[Setting]) -> dict[str, Any]:
    """Return what settings change of a policy's data, as an overlay has it. UsageError for an unknown key.

    Those of one key are applied by date. A figure holds from its day on, and what was to hold later goes; without a
    day it holds on all days.
    """
    keys = known_keys(base)
    over: dict[str, Any] = {}
    _refuse_twice(settings)
    for each in sorted(settings, key=lambda setting: setting.since or date.min):
        if each.key not in keys:
            raise _refused(each.text, _nearest(each.key, keys))
        path = keys[each.key]
        now = _at(merged(base, over), path)
        for part, value in _changes(path, now, each):
            _put(over, part, value)
    return over


def known_keys(data: Mapping[str, Any]) -> dict[str, Path_]:
    """Return every key that can be set → the path of what it replaces."""
    levels = set(load_vocabulary({}).values["level"].values())
    found: dict[str, Path_] = {}
    for part in ("programmes", "awards"):
        for code, entry in data[part].items():
            found |= {f"{part}.{code}.{name}": (part, code, name) for name in _PLAIN}
            amounts = list(entry["amounts"])
            more = sorted(levels.difference(amounts)) if part == "programmes" and amounts != ["each"] else []
            found |= {f"{part}.{code}.amounts.{key}": (part, code, "amounts", key) for key in (*amounts, *more)}
    found |= {f"quantities.{code}": ("quantities", code, "values") for code in data["quantities"]}
    return found | {f"parameters.{name}": ("parameters", name, "value") for name in data["parameters"]}


def _refuse_twice(settings: Sequence[Setting]) -> None:
    places = [(each.key, each.since) for each in settings]
    for each, place in zip(settings, places, strict=True):
        if places.count(place) > 1:
            raise _refused(each.text, Text("同一项同一日期设了两次", "the same entry is set twice for the same day"))


def _nearest(key: str, keys: Collection[str]) -> Text:
    from rapidfuzz import fuzz, process

    near = [str(found[0]) for found in process.extract(key, list(keys), scorer=fuzz.WRatio, limit=3)]
    return Text(
        f"政策里没有“{key}”这一项；相近的有：{'、'.join(near)}",
        f"the policy has no '{key}'; nearest: {', '.join(near)}",
    )


def _changes(path: Path_, now: Any, setting: Setting) -> Iterator[tuple[Path_, Any]]:
    if path[2] in ("amounts", "values"):
        name, value = ("yuan", _yuan(setting.value)) if path[2] == "amounts" else ("number", _number(setting.value))
        entry = {"from": setting.since or ALL_DAYS, name: value, "source": setting.source}
        earlier = [each for each in now or () if setting.since and as_date(each["from"]) < setting.since]
        yield path, [*deepcopy(earlier), entry]
        return
    if setting.since is not None:
        raise _refused(setting.text, Text("只有标准和数量可以写起始日期", "only figures and quantities have a day"))
    yield path, _like(now, setting.value)
    if path[0] == "parameters":  # what is shown as the reading must not be the one that was left
        said = Text(f"{setting.value}（{setting.source}）", f"{setting.value} ({setting.source})")
        yield (*path[:2], "reading"), {"zh": said.zh, "en": said.en}


def _yuan(text: str) -> int | str | None:
    """Return yuan as a policy file writes them; what is none is told by the file's checks."""
    if text in ("", "null"):
        return None
    return _number(text)


def _number(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


def _like(now: Any, text: str) -> Any:
    """Read a value as one of the kind that stands there."""
    if isinstance(now, list):
        return [part.strip() for part in _LIST.split(text) if part.strip()]
    if isinstance(now, dict):
        pairs = (re.split("[:：]", part, maxsplit=1) for part in _LIST.split(text) if part.strip())
        return {pair[0].strip(): pair[-1].strip() for pair in pairs}
    if isinstance(now, int):
        return _number(text)
    try:
        return date.fromisoformat(text) if isinstance(now, date) else text
    except ValueError:
        return text


def _at(data: Any, path: Path_) -> Any:
    for key in path:
        data = data.get(key) if data is not None else None
    return data


def _put(data: dict[str, Any], path: Path_, value: Any) -> None:
    for key in path[:-1]:
        data = data.setdefault(str(key), {})
    data[str(path[-1])] = value


def _setting_at(path: Path_, settings: Sequence[Setting]) -> str:
    """Return the settings that speak of an entry, as they are written."""
    own = [each.text for each in settings if set(each.key.split(".")) <= set(map(str, path))]
    return "、".join(own or [each.text for each in settings])


def _refused(setting: str, why: Text) -> UsageError:
    return UsageError(Text(f"--set {setting}：{why.zh}", f"--set {setting}: {why.en}"))
