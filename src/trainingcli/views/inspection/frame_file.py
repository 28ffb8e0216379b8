"""A frame that comes back (抽查底册): read behind gate and fence, held against its hash, else refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trainingcli.compared import squeeze
from trainingcli.errors import InputError, UsageError
from trainingcli.intake.tables.declared import declared_tables
from trainingcli.intake.tables.read_declared import TableRead, read_declared
from trainingcli.language import Text
from trainingcli.views.inspection.classes import PARTS, InspectedClass, Trainee, content_hash
from trainingcli.views.inspection.risks import risks_in
from trainingcli.workers import WorkerPool

_HASH = re.compile("(?:内容哈希|Contenthash):([0-9a-f]{64})")
_HEX = re.compile("[0-9a-f]{64}")
_HEAVIEST = 1 + 1_000_000  # as many points as a policy file may give


@dataclass(frozen=True)
class Frame:
    """A frame as it was read: classes by label, each one's people, the hash of the classes."""

    classes: tuple[InspectedClass, ...]
    people: Mapping[str, tuple[Trainee, ...]]
    hash: str


def read_frame(file: str, pool: WorkerPool, expected: str | None) -> Frame:
    """Read a frame. `expected`: the hash that somebody else published.

    `InputError` (exit 3) for a file that cannot be read or has no header; `UsageError` (exit 2), with the cell where
    there is one, for a frame that is not as it was written: a cell, the hash, a label of two classes.
    """
    if expected is not None and not _HEX.fullmatch(expected := expected.strip().lower()):
        raise UsageError(Text("--hash 不是 64 位十六进制的哈希", "--hash is no hash of 64 hex digits"))
    read = read_declared([file], declared_tables("inspection")["classes"], pool, walk=False)
    for fault in read.unreadable:
        raise InputError(fault.line())
    for fault in read.faults:
        raise UsageError(fault.line())
    classes = list(_classes(read))
    found = content_hash(classes)
    _refuse_other(read, found, expected)
    return Frame(tuple(classes), _people(file, pool), found)


def _refuse_other(read: TableRead, found: str, expected: str | None) -> None:
    """Refuse a frame whose rows are not those of the hash that it, or somebody else, states."""
    said = {match for sheet in read.sheets for match in _HASH.findall(squeeze(sheet.above))}
    sheet = read.sheets[0]
    place = f"{sheet.file}, {sheet.sheet}"
    if said != {found}:
        zh = f"{place}：各班的内容与表头的内容哈希不符（算得 {found}）；底册被改动过，请用原件"
        en = (
            f"{place}: the rows are not those of its content hash (they give {found}); take the frame as it was written"
        )
        raise UsageError(Text(zh, en))
    if expected is not None and found != expected:
        zh = f"{place}：内容哈希 {found} 与 --hash 不符；请核对公布的底册"
        raise UsageError(Text(zh, f"{place}: its content hash {found} is not --hash; check which frame was published"))


def _classes(read: TableRead) -> Iterator[InspectedClass]:
    seen: set[str] = set()
    for position, values in read.entries():
        one = _class(read, position, values)
        if one.label in seen:
            raise UsageError(read.fault(position, "label", Text("这个班有两行", "this class has two rows")).line())
        if "'" in one.label:
            quote = Text("班级标识含有单引号，无法写成验算命令", "a label with a single quote fits no command")
            raise UsageError(read.fault(position, "label", quote).line())
        seen.add(one.label)
        yield one


def _class(read: TableRead, position: int, values: Mapping[str, Any]) -> InspectedClass:
    risks = risks_in(values.get("risks", ""))
    if risks is None:
        bad = Text("不是风险代码", "no risk codes")
        raise UsageError(read.fault(position, "risks", bad).line())
    days = {key: day.isoformat() if (day := values.get(key)) else None for key in ("start_date", "end_date")}
    shown = {part: values.get(part) for part in PARTS} | days
    one = InspectedClass(**shown, people=values["people"], yuan=values["yuan"], risks=risks, weight=values["weight"])
    if one.label != squeeze(values["label"]):
        differs = Text("班级标识与本行各列不符", "the label is not what the row's columns make")
        raise UsageError(read.fault(position, "label", differs).line())
    if not 1 <= one.weight <= _HEAVIEST:
        raise UsageError(read.fault(position, "weight", Text("权重过大", "the weight is too large")).line())
    return one


def _people(file: str, pool: WorkerPool) -> dict[str, tuple[Trainee, ...]]:
    """Return each class's people; a frame without that sheet has none."""
    read = read_declared([file], declared_tables("inspection")["people"], pool, walk=False)
    found: dict[str, list[Trainee]] = {}
    for _, values in read.entries():
        label = squeeze(values.get("label", ""))
        found.setdefault(label, []).append(Trainee(label, values.get("person", ""), values.get("masked_number", "")))
    return {label: tuple(people) for label, people in found.items()}
