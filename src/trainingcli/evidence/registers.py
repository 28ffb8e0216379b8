"""The registers' folder (`--registers`): nine workbooks, any may be missing, and each that is missing is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trainingcli.errors import UsageError
from trainingcli.evidence.aliases import aliases_of
from trainingcli.evidence.register_tables import all_registers
from trainingcli.evidence.register_workbook import Contents, Entry, read
from trainingcli.facts import Check
from trainingcli.language import Text
from trainingcli.settle.dated import day_number
from trainingcli.settle.limits.events import Waiver
from trainingcli.settle.standards import Standard, Standards

if TYPE_CHECKING:
    from trainingcli.findings import Findings
    from trainingcli.policy import Policy
    from trainingcli.settle.claim_lines import Lines
    from trainingcli.settle.dated import Ints
    from trainingcli.settle.rows import Rows

_NO_CLASSES = Text(
    "未提供开班备案（classes.xlsx），无从得知各班教师", "classes.xlsx was not supplied, which names the instructors"
)


@dataclass(frozen=True)
class Registers:
    """What the bureau's registers say; empty where none was supplied.

    `standards`: 补贴标准 in fen by occupation and level. `aliases`: squeezed alias (别名) → squeezed occupation.
    `waivers`: ID number → approved exceptions (特批). `checks`: one a register, in the contract's order.
    `budgets`: fund and year → fen (资金预算). `contents`: register name → what was read, for those that were supplied.
    """

    standards: Standards
    aliases: Mapping[str, str]
    waivers: Mapping[str, tuple[Waiver, ...]]
    checks: tuple[Check, ...]
    budgets: Mapping[tuple[str, int], int] = field(default_factory=dict)
    contents: Mapping[str, Contents] = field(default_factory=dict)

    def verdicts(self, rows: Rows, lines: Lines, policy: Policy, class_sizes: Ints | None = None) -> Findings:
        """Return the reasons that the registers give, as findings of line positions; to be known before the limits.

        `class_sizes`: the sizes in the whole batch, where rows and lines are only a part of it.
        """
        from trainingcli.evidence.batch import Batch
        from trainingcli.evidence.classes import check_classes
        from trainingcli.evidence.lists import check_lists

        batch = Batch(rows, lines, policy)
        check_lists(batch, self.contents, self.aliases)
        if "classes" in self.contents:
            check_classes(batch, self.contents["classes"], self.contents.get("instructors"), self.aliases, class_sizes)
        return batch.findings

    def class_sizes(self, rows: Rows, lines: Lines, policy: Policy) -> Ints | None:
        """Return how many distinct people each filed class has among these lines; None without that register."""
        from trainingcli.evidence.batch import Batch
        from trainingcli.evidence.classes import class_sizes

        return class_sizes(Batch(rows, lines, policy), self.contents["classes"]) if "classes" in self.contents else None


def load_registers(folder: Path | None) -> Registers:
    """Read every register of a folder; None: none is supplied.

    UsageError (exit 2) names the first cell that does not hold: a claim is never settled on half a register.
    """
    contents = read_all(folder) if folder is not None else {}
    for found in contents.values():
        for fault in found.faults:
            if fault.is_error:
                raise _refused(fault.line(), folder)
    aliases = aliases_of(contents.get("occupations"))
    return Registers(
        standards=_standards(contents.get("occupations")),
        aliases=aliases,
        waivers=_waivers(contents.get("waivers"), aliases),
        checks=_checks(contents),
        budgets=_budgets(contents.get("budgets")),
        contents=contents,
    )


def read_all(folder: Path) -> dict[str, Contents]:
    """Read the registers that are there, in the contract's order."""
    if not folder.is_dir():
        text = Text(f"目录清单文件夹不存在：{folder}（--registers）", f"there is no folder {folder} (--registers)")
        raise UsageError(text)
    there = {name: folder / register.file for name, register in all_registers().items()}
    return {name: read(all_registers()[name], path) for name, path in there.items() if path.exists()}


def _refused(line: Text, folder: Path | None) -> UsageError:
    hint = f"trainingcli registers check {folder}"
    zh = f"目录清单有误：{line.zh}。用 {hint} 可列出全部问题"
    return UsageError(Text(zh, f"a register does not hold: {line.en}. `{hint}` lists everything"))


def _checks(contents: Mapping[str, Contents]) -> tuple[Check, ...]:
    return tuple(_check(name, contents) for name in all_registers())


def _check(name: str, contents: Mapping[str, Contents]) -> Check:
    title = all_registers()[name].title
    if name not in contents:
        why = Text(f"未提供{title.zh}（{name}.xlsx）", f"the register {name}.xlsx was not supplied")
        return Check(f"register:{name}", False, why)
    if name == "instructors" and "classes" not in contents:
        return Check(f"register:{name}", False, _NO_CLASSES)
    return Check(f"register:{name}", True)


def _standards(occupations: Contents | None) -> Standards:
    entries = occupations.entries if occupations else ()
    return Standards.from_entries(
        Standard(entry.values["occupation"], level, entry.values["standard"], entry.get("since"), entry.get("until"))
        for entry in entries
        if "standard" in entry.values
        for level in entry.several("level") or (None,)
    )


def _budgets(budgets: Contents | None) -> dict[tuple[str, int], int]:
    """Return fund and year → fen; of two rows for one the last counts (`registers check` reports them)."""
    entries = budgets.entries if budgets else ()
    return {(entry.values["fund"], entry.values["year"]): entry.values["budget"] for entry in entries}


def _waivers(waivers: Contents | None, aliases: Mapping[str, str]) -> dict[str, tuple[Waiver, ...]]:
    found: dict[str, list[Waiver]] = {}
    for entry in waivers.entries if waivers else ():
        found.setdefault(entry.values["id_number"], []).append(_waiver(entry, aliases))
    return {number: tuple(entries) for number, entries in found.items()}


def _waiver(entry: Entry, aliases: Mapping[str, str]) -> Waiver:
    occupation, start, code = entry.get("occupation"), entry.get("start_date"), entry.values["code"]
    record = {"approver": entry.values["approver"], "document": entry.values["document"], "reason": code}
    return Waiver(
        occupation and aliases.get(occupation, occupation),
        entry.get("level"),
        None if start is None else day_number(start),
        code,
        json.dumps(record, ensure_ascii=False, sort_keys=True),
    )
