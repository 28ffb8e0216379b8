"""Whether a given policy file holds: its form (JSON Schema) and its sense; every fault in it is told."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from trainingcli.language import Text
from trainingcli.lined_yaml import LinedDocument, Path_, faults
from trainingcli.policy.build import as_date, fen_of
from trainingcli.published import schemas_folder
from trainingcli.vocabulary import load_vocabulary

Fault = tuple[Path_, Text]
MISSING = Text("缺少这一项", "this entry is missing")


def check(document: LinedDocument, shipped: Mapping[str, Any], codes: Collection[str]) -> None:
    """Raise the UsageError of every fault in the file, each with its line.

    `shipped` says which entries there are, `codes` which programmes there may be beside its own.
    """
    found = faults_of(document.data, shipped, codes, document.spoiled)
    told = [*document.told, *((document.line(path), why) for path, why in _missing_together(found))]
    if told:
        raise faults(document.file, told)


def _missing_together(found: Iterable[Fault]) -> Iterator[Fault]:
    """Join the entries that one entry lacks into one fault."""
    missing: dict[Path_, list[str]] = {}
    for path, why in found:
        if why is MISSING:
            missing.setdefault(path[:-1], []).append(str(path[-1]))
        else:
            yield path, why
    for path, names in missing.items():
        zh, en = "”“".join(names), "', '".join(names)
        yield path, Text(f"缺少“{zh}”{'这一项' if len(names) == 1 else ''}", f"missing: '{en}'")


def faults_of(
    data: Mapping[str, Any], shipped: Mapping[str, Any], codes: Collection[str], spoiled: Iterable[Path_] = ()
) -> list[Fault]:
    """Return what does not hold, form and sense; `spoiled`: entries that are known already not to hold.

    What does not hold in its form is taken as the shipped policy has it, so that the rest can be asked for its sense.
    """
    sound = deepcopy(dict(data))
    unknown = list(_unknown(sound, shipped))
    left_out = [_restore(sound, shipped, path) for path in (*spoiled, *(path for path, _ in unknown))]
    form = [fault for fault in _form(sound) if fault[0] not in left_out]
    for path, _ in form:
        _restore(sound, shipped, path)
    return [*unknown, *form, *_sense(sound, shipped, codes)]


def _restore(data: dict[str, Any], shipped: Mapping[str, Any], path: Path_) -> Path_:
    """Put the shipped entry in a faulty one's place; one that is not shipped goes, a figure of several becomes None.

    Return the path of what was replaced.
    """
    holder, model = data, shipped
    for depth, each in enumerate(path):
        key, rest = str(each), path[depth + 1 :]
        own, theirs = holder.get(key), model.get(key)
        if rest and isinstance(own, list) and isinstance(theirs, list) and isinstance(theirs[0], Mapping):
            own[int(rest[0])] = None
            return path[: depth + 2]
        if rest and isinstance(theirs, Mapping) and isinstance(own, dict):
            holder, model = own, theirs
            continue
        if theirs is None:
            holder.pop(key, None)
        else:
            holder[key] = deepcopy(theirs)
        return path[: depth + 1]
    return path


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((schemas_folder() / "policy.schema.json").read_text("utf-8")))


def _form(data: Mapping[str, Any]) -> Iterator[Fault]:
    plain = json.loads(json.dumps(data, default=date.isoformat))
    for error in _validator().iter_errors(plain):
        yield from _told(error)


def _told(error: ValidationError) -> Iterator[Fault]:
    """Say a schema fault in a clerk's words, at the entry itself where it is one too many or one that is missing."""
    path, what, rule = tuple(error.absolute_path), error.validator, cast(Any, error.validator_value)
    name = path[-1] if path else ""
    if what == "additionalProperties":
        known = cast(Any, error.schema).get("properties", {})
        for extra in cast(Any, error.instance).keys() - known.keys():
            yield (*path, extra), _unknown_here(extra, known)
    elif what in {"required", "dependentRequired"}:
        missing = error.message.split("'")[1]
        yield (*path, missing), MISSING
    elif what in {"enum", "const"}:
        allowed = "、".join(rule) if what == "enum" else rule
        yield path, Text(f"“{name}”只能是：{allowed}", f"'{name}' can only be: {allowed}")
    else:
        yield path, Text(f"“{name}”的内容不对：{_rule(error).zh}", f"'{name}' does not hold: {_rule(error).en}")


def _unknown_here(name: str, known: Iterable[str]) -> Text:
    """Say that there is no such entry, and which there are."""
    listed = "、".join(known)
    return Text(f"不认识“{name}”这一项，可写：{listed}", f"there is no entry '{name}' here, only: {listed}")


_TYPES = {
    "string": Text("文字", "text"), "integer": Text("整数", "a whole number"), "array": Text("列表", "a list"),
    "object": Text("“键: 值”的结构", "keys with values"), "boolean": Text("true 或 false", "true or false"),
}  # fmt: skip
_WRITTEN = {
    "from": Text("应为日期，如 2020-07-01", "write a date such as 2020-07-01"),
    "clause": Text("应为条款号，如 三(三)", "write a clause such as 三(三)"),
    "question": Text("应为 Q7 这样的编号", "write a number such as Q7"),
    "yuan": Text(
        "应为大于0的整数元、加引号的小数、null 或 unstated",
        "write whole yuan above zero, a quoted decimal, null, or unstated",
    ),
}


def _rule(error: ValidationError) -> Text:
    """Say what is wanted."""
    name, rule = str(error.absolute_path[-1]) if error.absolute_path else "", cast(Any, error.validator_value)
    if name in _WRITTEN:
        return _WRITTEN[name]
    if error.validator == "type":
        wanted = _TYPES[rule if isinstance(rule, str) else rule[0]]
        return Text(f"类型不对，应为{wanted.zh}", f"it is of the wrong type; write {wanted.en}")
    if error.validator in ("minimum", "maximum"):
        bound = Text("不小于", "not below") if error.validator == "minimum" else Text("不大于", "not above")
        return Text(f"数值应{bound.zh}{rule}", f"the number should be {bound.en} {rule}")
    told = {
        "anyOf": Text(
            "类型不对，应为文字、整数、列表或对照表",
            "it is of the wrong type; write text, a number, a list or a mapping",
        ),
        "uniqueItems": Text("有重复，每项只写一次", "something stands twice; write each once"),
        "maxLength": Text(f"过长，最多{rule}字", f"it is too long; write at most {rule} characters"),
    }
    return told.get(str(error.validator), Text("不能为空", "it is empty"))


def _sense(data: Mapping[str, Any], shipped: Mapping[str, Any], codes: Collection[str]) -> Iterator[Fault]:
    yield from _programmes(data, shipped, "programmes", {*shipped["programmes"], *codes})
    yield from _programmes(data, shipped, "awards", set(shipped["awards"]))
    for code, entry in data["quantities"].items():
        yield from _ascending(("quantities", code, "values"), entry["values"])
    yield from _absent(data, shipped)
    for name, entry in data["parameters"].items():
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


def _ascending(path: Path_, entries: list[Mapping[str, Any] | None]) -> Iterator[Fault]:
    latest = date.min
    for place, entry in enumerate(entries):
        if entry is None:
            continue
        here = (*path, place, "from")
        try:
            since = as_date(entry["from"])
        except ValueError:
            yield here, Text(f"没有“{entry['from']}”这一天", f"there is no day '{entry['from']}'")
            continue
        if since <= latest:
            yield here, Text("起始日期应由早到晚、不重复", "the dates should ascend, none twice")
        latest = since


def _positive(path: Path_, figures: list[Mapping[str, Any] | None]) -> Iterator[Fault]:
    for place, figure in enumerate(figures):
        if figure is not None and fen_of(figure["yuan"]) == 0:
            zh = "金额不能为0；停止补贴请写 null"
            yield (*path, place, "yuan"), Text(zh, "an amount cannot be zero; write null where a subsidy ends")


def _unknown(data: Mapping[str, Any], shipped: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield readings and quantities that there are no rules for."""
    for part in ("quantities", "parameters"):
        own = data.get(part)
        for name in own.keys() - shipped[part].keys() if isinstance(own, dict) else ():
            yield (part, name), _unknown_here(name, shipped[part])


def _absent(data: Mapping[str, Any], shipped: Mapping[str, Any]) -> Iterator[Fault]:
    for part in ("quantities", "parameters"):
        for name in shipped[part].keys() - data[part].keys():
            yield (part, name), MISSING


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
