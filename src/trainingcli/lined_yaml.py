"""A given YAML file as plain data, with the line of every entry: so that a fault can be told where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

import yaml

from trainingcli.errors import ManyUsageError, UsageError
from trainingcli.language import Text

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_DEEPEST = 40  # entries within entries; the shipped policy has seven
POLICY_FILE = Text("政策文件", "policy file")

Path_ = tuple[str | int, ...]


@dataclass
class LinedDocument:
    """A file's data and, for the path of each entry, its line (1 is the first).

    `told`: line and reason of what could not be read as plain data; `spoiled`: the paths of these entries. `what`: what
    such a file is called.
    """

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path_, int] = field(default_factory=dict)
    told: list[tuple[int, Text]] = field(default_factory=list)
    spoiled: list[Path_] = field(default_factory=list)
    sha256: str = ""
    what: Text = POLICY_FILE

    def line(self, path: Path_) -> int:
        """Return the line of an entry, or of the nearest one around it that the file writes."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def fault(file: str, line: int, why: Text, what: Text = POLICY_FILE) -> UsageError:
    """Return the error of a file that does not hold (exit 2)."""
    return faults(file, [(line, why)], what)


def faults(file: str, told: Iterable[tuple[int, Text]], what: Text = POLICY_FILE) -> UsageError:
    """Return the error that tells everything that does not hold: a line each, in the file's order."""
    ordered = sorted(told, key=lambda entry: entry[0])
    return ManyUsageError(
        [
            Text(f"{what.zh} {file} 第{line}行：{why.zh}", f"{what.en} {file}, line {line}: {why.en}")
            for line, why in ordered
        ]
    )


def read_document(raw: bytes, file: str, what: Text = POLICY_FILE) -> LinedDocument:
    """Read a file's bytes; UsageError for what is no plain mapping.

    Single entries that are no plain data (floats, duplicate keys, aliases …) are told by the document.
    """
    try:
        _check_depth(raw.decode("utf-8-sig"), file, what)
        node = yaml.compose(raw.decode("utf-8-sig"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise fault(file, line, Text("不是UTF-8文本", "this is not UTF-8 text"), what) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = Text(f"不是有效的YAML（{error.problem}）", f"this is not valid YAML ({error.problem})")
        raise fault(file, mark.line + 1 if mark else 1, why, what) from None
    except (yaml.YAMLError, RecursionError):
        raise fault(file, 1, Text("不是有效的YAML", "this is not valid YAML"), what) from None
    if not isinstance(node, yaml.MappingNode):
        why = Text("文件顶层应是“键: 值”的结构", "the file should be a mapping of keys to values")
        raise fault(file, 1, why, what)
    document = LinedDocument(file, sha256=sha256(raw).hexdigest(), what=what)
    document.data = _Reader(document).read(node, ())
    return document


def _check_depth(text: str, file: str, what: Text) -> None:
    """Refuse a file that nests without end, before anything is built of it: the builder recurses in C."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                why = Text(f"层次过深，不是{what.zh}", f"it is nested too deep for a {what.en}")
                raise fault(file, event.start_mark.line + 1 if event.start_mark else 1, why, what)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Reader:
    """Turns nodes into data; a collection that is met twice is an alias, which such a file has no use for."""

    def __init__(self, document: LinedDocument) -> None:
        self._document = document
        self._met: set[int] = set()

    def read(self, node: yaml.Node, path: Path_) -> Any:
        self._document.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if id(node) in self._met:
            return self._tell(node, path, Text("不支持锚点和别名", "anchors and aliases are not used here"))
        self._met.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, place)) for place, item in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: yaml.Node, path: Path_) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._tell(key_node, None, Text("键应是文字", "a key should be text"))
                continue
            key = key_node.value
            if key in entries:
                self._tell(key_node, None, Text(f"“{key}”写了两次", f"'{key}' is written twice"))
                continue
            self._document.lines[(*path, key)] = key_node.start_mark.line + 1
            entries[key] = self.read(value_node, (*path, key))
        return entries

    def _scalar(self, node: yaml.ScalarNode, path: Path_) -> Any:
        kind, text = node.tag.removeprefix(_TAG), node.value
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "int" and re.fullmatch(r"-?(0|[1-9][0-9]{0,14})", text):
            return int(text)
        if kind == "timestamp" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return self._date(node, path)
        if kind == "bool" and text in {"true", "false"}:
            return text == "true"
        if kind == "float":
            zh = f"“{text}”是浮点数，不精确；请写整数元，或加引号写成小数"
            en = f"'{text}' is a float and not exact; write whole yuan or a quoted decimal"
            return self._tell(node, path, Text(zh, en))
        why = Text(f"“{text}”的写法不能采用，如是文字请加引号", f"'{text}' cannot be used; quote it if it is text")
        return self._tell(node, path, why)

    def _date(self, node: yaml.ScalarNode, path: Path_) -> date | None:
        try:
            return date.fromisoformat(node.value)
        except ValueError:
            why = Text(f"没有“{node.value}”这一天", f"there is no day '{node.value}'")
            self._tell(node, path, why)
            return None

    def _tell(self, node: yaml.Node, path: Path_ | None, why: Text) -> None:
        """Tell what does not hold; `path`: of the entry that has no value for it."""
        self._document.told.append((node.start_mark.line + 1, why))
        if path is not None:
            self._document.spoiled.append(path)
