"""Whether a given policy file holds: first its form (JSON Schema), then its sense; the first fault in it is told."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from trainingcli.language import Text
from trainingcli.policy.build import as_date, fen_of
from trainingcli.policy.document import Document, Path_
from trainingcli.published import schemas_folder
from trainingcli.vocabulary import load_vocabulary

Fault = tuple[Path_, Text]


def check(document: Document, shipped: Mapping[str, Any], codes: Collection[str]) -> None:
    """Raise the UsageError of the fault that stands first in the file.

    `shipped` says which entries there are, `codes` which programmes there may be beside its own.
    """
    for faults in (_form(document.data), _sense(document.data, shipped, codes)):
        found = sorted(faults, key=lambda entry: document.line(entry[0]))
        if found:
            raise document.fault(*found[0])


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((schemas_folder() / "policy.schema.json").read_text("utf-8")))


def _form(data: Mapping[str, Any]) -> list[Fault]:
    plain = json.loads(json.dumps(data, default=date.isoformat))
    return [_told(error) for error in _validator().iter_errors(plain)]


def _told(error: ValidationError) -> Fault:
    """Say a schema fault in a clerk's words, at the entry itself where it is one too many."""
    path, what, rule = tuple(error.absolute_path), error.validator, cast(Any, error.validator_value)
    name = path[-1] if path else ""
    if what == "additionalProperties":
        extra = next(
            key for key in cast(Any, error.instance) if key not in cast(Any, error.schema).get("properties", {})
        )
        return (*path, extra), Text(f"不认识“{extra}”这一项", f"there is no entry '{extra}' here")
    if what in {"required", "dependentRequired"}:
        missing = error.message.split("'")[1]
        return path, Text(f"缺少“{missing}”这一项", f"the entry '{missing}' is missing")
    if what in {"enum", "const"}:
        allowed = "、".join(rule) if what == "enum" else rule
        return path, Text(f"“{name}”只能是：{allowed}", f"'{name}' can only be: {allowed}")
    return path, Text(f"“{name}”的内容不对：{_rule(error).zh}", f"'{name}' does not hold: {_rule(error).en}")


def _rule(error: ValidationError) -> Text:
    if error.absolute_path and error.absolute_path[-1] == "yuan":
        return Text(
            "应为大于0的整数元、加引号的小数、null 或 unstated",
            "write whole yuan above zero, a quoted decimal, null, or unstated",
        )
    told = {
        "type": Text("类型不对", "it is of the wrong type"),
        "anyOf": Text("类型不对", "it is of the wrong type"),
        "pattern": Text("写法不对", "it is not written as it should be"),
        "minimum": Text("数值太小", "the number is too small"),
        "maximum": Text("数值太大", "the number is too large"),
        "uniqueItems": Text("有重复", "something stands twice"),
    }
    return told.get(str(error.validator), Text("不能为空或过长", "it is empty or too long"))


def _sense(data: Mapping[str, Any], shipped: Mapping[str, Any], codes: Collection[str]) -> Iterator[Fault]:
    yield from _programmes(data, shipped, "programmes", {*shipped["programmes"], *codes})
    yield from _programmes(data, shipped, "awards", set(shipped["awards"]))
    for code, entry in data["quantities"].items():
        yield from _ascending(("quantities", code, "values"), entry["values"])
    yield from _same_names(data, shipped, "quantities")
    yield from _same_names(data, shipped, "parameters")
    for name, entry in data["parameters"].items():
        if name in shipped["parameters"]:
            yield from _parameter(name, entry["value"], shipped["parameters"][name])
    yield from _clauses_cited(data)


def _programmes(
    data: Mapping[str, Any], shipped: Mapping[str, Any], part: str, codes: Collection[str]
) -> Iterator[Fault]:
    levels = set(load_vocabulary({}).values["level"].values())
    named: set[str] = set()
    for code, entry in data[part].items():
        path = (part, code)
        if code not in codes:
            known = "、".join(sorted(codes))
            yield path, Text(f"没有补贴项目“{code}”，只有：{known}", f"there is no programme '{code}', only: {known}")
            continue
        keys = set(shipped[part].get(code, entry)["amounts"])
        allowed = keys if keys == {"each"} or part == "awards" else keys | levels
        for key, figures in entry["amounts"].items():
            here = (*path, "amounts", key)
            if key not in allowed:
                yield here, Text(f"“{key}”不是等级名称", f"'{key}' is not a level")
            yield from _ascending(here, figures)
            yield from _positive(here, figures)
        for heading in named.intersection(entry["headings"]):
            yield (
                (*path, "headings"),
                Text(f"名称“{heading}”已属于另一项目", f"the name '{heading}' is another's already"),
            )
        named.update(entry["headings"])


def _ascending(path: Path_, entries: list[Mapping[str, Any]]) -> Iterator[Fault]:
    latest = date.min
    for place, entry in enumerate(entries):
        here = (*path, place, "from")
        try:
            since = as_date(entry["from"])
        except ValueError:
            yield here, Text(f"没有“{entry['from']}”这一天", f"there is no day '{entry['from']}'")
            continue
        if since <= latest:
            yield here, Text("起始日期应由早到晚、不重复", "the dates should ascend, none twice")
        latest = since


def _positive(path: Path_, figures: list[Mapping[str, Any]]) -> Iterator[Fault]:
    for place, figure in enumerate(figures):
        if fen_of(figure["yuan"]) == 0:
            zh = "金额不能为0；停止补贴请写 null"
            yield (*path, place, "yuan"), Text(zh, "an amount cannot be zero; write null where a subsidy ends")


def _same_names(data: Mapping[str, Any], shipped: Mapping[str, Any], part: str) -> Iterator[Fault]:
    for name in data[part].keys() - shipped[part].keys():
        yield (part, name), Text(f"不认识“{name}”这一项", f"there is no entry '{name}' here")
    for name in shipped[part].keys() - data[part].keys():
        yield (part,), Text(f"缺少“{name}”这一项", f"the entry '{name}' is missing")


def _parameter(name: str, value: Any, shipped: Mapping[str, Any]) -> Iterator[Fault]:
    path = ("parameters", name, "value")
    if type(value) is not type(shipped["value"]):
        kinds = {
            str: "文字 text",
            int: "整数 a whole number",
            date: "日期 a date",
            list: "列表 a list",
            dict: "对照表 a mapping",
        }
        zh, en = kinds[type(shipped["value"])].split(" ", 1)
        yield path, Text(f"“{name}”的值应是{zh}", f"the value of '{name}' should be {en}")
        return
    several = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
    members = [member for each in several for member in (each if isinstance(each, list) else [each])]
    choices = shipped.get("choices")
    for member in members:
        if choices is not None and member not in choices:
            listed = "、".join(choices)
            yield path, Text(f"“{member}”不可用，只能是：{listed}", f"'{member}' has no meaning here, only: {listed}")


def _clauses_cited(data: Mapping[str, Any]) -> Iterator[Fault]:
    for part in ("programmes", "awards", "quantities", "parameters"):
        for code, entry in data[part].items():
            if entry["clause"] not in data["clauses"]:
                number = entry["clause"]
                yield (part, code, "clause"), Text(f"没有条款“{number}”", f"there is no clause '{number}'")
