"""What clerks wrote about held lines (决定) → decisions: the rows of `--decisions`, each with its cells.

A row without 决定 is still open and says nothing. A decision that cannot be one is wrong usage, with its cell: without
依据, with another word, for a reason that nobody may set aside, 核定金额 that is no amount.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trainingcli.compared import folded_name, squeeze
from trainingcli.errors import UsageError
from trainingcli.evidence.bad_rows import notes_of
from trainingcli.facts import GENERAL_AWARDS
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.stamp import read_stamp
from trainingcli.vocabulary import TRAINING

if TYPE_CHECKING:
    from trainingcli.evidence.source import Means
    from trainingcli.intake.tables.read_declared import Fault, TableRead

OPTION = "--decisions"
RELEASE = "放行"
AMOUNT_NEEDED = frozenset({"NO_BASIS", "BAD_AMOUNT", "AMOUNT_UNASSIGNED", "MERGED_AMOUNT", "AMOUNTS_DIFFER"})
"""Reasons that 放行 alone cannot set aside: 核定金额 has to say how much."""
SHARED = ("MERGED_AMOUNT", "AMOUNT_UNASSIGNED")
"""Reasons of lines that share one amount claimed."""
_MOST_TOLD = 10


class Decision(NamedTuple):
    """One row. `number`: its place among all; `programmes`: codes that its 补贴项目 may mean, None: a line without one.

    `said`: the row's values by key (dates as days). `amount`: fen. `cells`: key → cell, where there is one.
    """

    number: int
    subject: str
    programmes: frozenset[str | None]
    said: Mapping[str, Any]
    codes: tuple[str, ...]
    releases: bool
    amount: int | None
    file: str
    sheet: str
    cells: Mapping[str, str | None]

    def place(self, key: str) -> str:
        """Name the cell of a key; where the table lacks its column, the decision's own."""
        return f"{self.file}, {self.sheet}, {self.cells.get(key) or self.cells['decision']}"

    @property
    def detail(self) -> Text:
        """Say 依据 and 经办人."""
        by = self.said.get("decided_by")
        grounds = self.said["grounds"]
        return Text(f"{grounds}（经办人：{by}）", f"{grounds} ({by})") if by else Text(grounds, grounds)


class Decided(NamedTuple):
    """What files of decisions say. `notes`: what a clerk should know of the files, beside that."""

    entries: tuple[Decision, ...]
    notes: tuple[Text, ...] = ()


def read_decisions(paths: Sequence[Path], means: Means) -> Decided:
    """Read files of decisions. UsageError names the cells of what does not hold, and a file without a header."""
    from trainingcli.intake.tables.declared import declared_tables
    from trainingcli.intake.tables.read_declared import read_declared

    table = declared_tables("decisions")["decisions"]
    read = read_declared([str(path) for path in paths], table, means.pool, walk=False)
    read.refuse(OPTION)
    entries = decisions_of(read, means.policy)
    return Decided(entries, tuple(_notes(read, {each.file for each in entries})))


def _notes(read: TableRead, deciding: Collection[str]) -> Iterator[Text]:
    """Name files in which nothing is decided; what was not read of those that this program did not write itself."""
    for item in read.inputs:
        if item.file not in deciding:
            yield Text(f"{item.file}：没有填写任何决定", f"{item.file}: nothing is decided in it")
        for note in notes_of(item) if read_stamp(Path(item.path)) is None else ():
            yield Text(f"{item.file}：{note.zh}", f"{item.file}: {note.en}")


def decisions_of(read: TableRead, policy: Policy) -> tuple[Decision, ...]:
    """Return the decisions of a table that was read. UsageError names the cells of what does not hold."""
    decided = {at for at, value in enumerate(read.columns["decision"]) if value is not None}
    faults = [each for each in read.faults if each.position in decided or each.key == "decision"]
    rows = [(at, row) for at, row in read.entries() if at in decided]
    bad = {(each.position, each.key) for each in faults}
    for at, row in rows:
        faults += [each for each in _faults(read, at, row, policy) if (at, each.key) not in bad]
    refuse(fault.line() for fault in sorted(faults, key=lambda each: each.position or 0))
    return tuple(_decision(number, read, at, row, policy) for number, (at, row) in enumerate(rows))


def refuse(lines: Iterator[Text] | Sequence[Text]) -> None:
    """Raise UsageError (exit 2) for what does not hold in decisions, where there is anything."""
    found = list(dict.fromkeys(lines))
    if found:
        more = len(found) - _MOST_TOLD
        zh, en = ("；".join(each.zh for each in found[:_MOST_TOLD]), "; ".join(each.en for each in found[:_MOST_TOLD]))
        rest = (f"；还有 {more} 处", f"; and {more} more") if more > 0 else ("", "")
        raise UsageError(Text(f"{zh}{rest[0]}（{OPTION}）", f"{en}{rest[1]} ({OPTION})"))


def _faults(read: TableRead, at: int, row: Mapping[str, Any], policy: Policy) -> Iterator[Fault]:
    """Yield what keeps a row from being a decision."""

    def fault(key: str, zh: str, en: str) -> Fault:
        there = key if key in read.sheets[read.places[at]].letters else "decision"
        return read.fault(at, there, Text(zh, en))

    if "grounds" not in row:
        yield fault("grounds", "有决定而没有依据", "a decision without grounds (依据)")
    if "id_number" not in row and "unit" not in row:
        yield fault("id_number", "没有身份证号，也没有名称", "neither an ID number nor a name of a unit")
    if row.get("programme") and not _programmes(row["programme"], policy):
        yield fault("programme", "不是补贴项目的名称", "not the name of a programme")
    if not row.get("code"):
        yield fault("code", "没有写明原因代码", "no reason code is named")
    releasable = policy.releasable()
    for code in row.get("code", ()):
        if code.upper() not in releasable:
            yield fault("code", f"{code} 不能由决定处理，须改正材料或待政策明确", f"{code} cannot be decided on")
        elif row["decision"] == RELEASE and code.upper() in AMOUNT_NEEDED and "amount" not in row:
            yield fault("amount", f"{code} 放行须写明核定金额", f"{code} is released only with an amount (核定金额)")
    if row["decision"] == RELEASE and "programme" not in row:
        yield fault("programme", "没有补贴项目的明细不能放行", "a line without a programme cannot be released")


def _programmes(text: str, policy: Policy) -> frozenset[str]:
    """Return the codes of the programmes or awards that a cell names.

    培训补贴 alone is whichever pays a training; 评估奖励, 建设补贴 alone are those of each kind of unit.
    """
    from trainingcli.settle.claim_lines import trainings

    entries = {**policy.programmes, **policy.awards}
    plain = squeeze(text)
    found = {code for code, entry in entries.items() if plain in _words(code, entry.name, entry.headings)}
    if plain in GENERAL_AWARDS:
        found |= {code for code, entry in policy.awards.items() if any(name.endswith(plain) for name in entry.headings)}
    if policy.programme_names().get(plain) == TRAINING:
        found |= set(trainings(policy).values())
    return frozenset(found)


def _words(code: str, name: Text, headings: Sequence[str]) -> set[str]:
    return {squeeze(word) for word in (code, name.zh, name.en, *headings)}


def _decision(number: int, read: TableRead, at: int, row: Mapping[str, Any], policy: Policy) -> Decision:
    sheet = read.sheets[read.places[at]]
    programme = row.get("programme")
    return Decision(
        number,
        row.get("id_number") or folded_name(row["unit"]),
        _programmes(programme, policy) if programme else frozenset({None}),
        row,
        tuple(dict.fromkeys(code.upper() for code in row["code"])),
        row["decision"] == RELEASE,
        row.get("amount"),
        sheet.file,
        sheet.sheet,
        {key: sheet.cell(key, read.rows[at]) for key in sheet.letters},
    )
