"""Every piece of evidence, gathered before anything is settled, and asked about a batch or a part of one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.errors import UsageError
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.source import Given, Means
from trainingcli.evidence.sources import all_sources, budgets, occupations, waivers
from trainingcli.facts import Check
from trainingcli.language import Text
from trainingcli.register_title import register_names
from trainingcli.workers import WorkerPool

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.register_contents import Contents
    from trainingcli.findings import Findings


def gather(given: Given, means: Means | None = None) -> Sources:
    """Read what the command line names. `means` may be left out where only registers are named: a worker is started.

    UsageError (exit 2) names the first cell that does not hold: a claim is never settled on half a register.
    """
    pool = None if means is None else means.pool
    there = read_registers(given.registers, pool) if given.registers is not None else {}
    for found in there.values():
        for fault in found.faults:
            if fault.is_error:
                raise _refused(fault.line(), given.registers)
    contents = {name: found for name, found in there.items() if len(found)}
    aliases = occupations.aliases_of(contents.get("occupations"))
    asked = means and means._replace(aliases=aliases, named=[*means.named, *given.paths])
    return Sources(
        contents=contents,
        blank=frozenset(there.keys() - contents.keys()),
        read={source.name: source.read(paths, asked) for source in all_sources() if (paths := given.of(source.name))},
        aliases=aliases,
        standards=occupations.standards_of(contents.get("occupations")),
        waivers=waivers.waivers_of(contents.get("waivers"), aliases),
        budgets=budgets.budgets_of(contents.get("budgets")),
    )


def read_registers(folder: Path, pool: WorkerPool | None = None) -> dict[str, Contents]:
    """Read the registers that are there, in the contract's order."""
    from trainingcli.evidence.register_contents import all_registers, read_contents

    if not folder.is_dir():
        text = Text(f"目录清单文件夹不存在：{folder}（--registers）", f"there is no folder {folder} (--registers)")
        raise UsageError(text)
    there = [name for name, register in all_registers().items() if os.path.lexists(folder / register.file)]
    if pool is not None or not there:
        return {name: read_contents(all_registers()[name], folder, pool) for name in there if pool is not None}
    with WorkerPool(1) as own:
        return read_registers(folder, own)


def _refused(line: Text, folder: Path | None) -> UsageError:
    hint = f"trainingcli registers check {folder}"
    zh = f"目录清单有误：{line.zh}。用 {hint} 可列出全部问题"
    return UsageError(Text(zh, f"a register does not hold: {line.en}. `{hint}` lists everything"))


def checks_of(sources: Sources) -> list[Check]:
    """Say of every piece of evidence whether it was asked: the registers in the contract's order, then the others."""
    found = [check for source in all_sources() for check in source.checks(sources)]
    order = {f"register:{name}": place for place, name in enumerate(register_names())}
    return sorted(found, key=lambda check: order.get(check.check, len(order)))


def wholes_of(batch: Batch) -> dict[str, Any]:
    """Return what each piece of evidence must know of all rows, as far as this part tells it."""
    return {source.name: source.whole(batch) for source in all_sources()}


def joined(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Join what the parts of a batch told."""
    return {source.name: source.joined([part[source.name] for part in parts]) for source in all_sources()}


def verdicts_of(batch: Batch) -> Findings:
    """Return the reasons that the evidence gives, in the order in which the pieces speak."""
    from trainingcli.findings import Findings

    return Findings([part for source in all_sources() for part in source.verdicts(batch)])


def accounts_of(batch: Batch) -> dict[str, Any]:
    """Return what this part contributes to what is said of the whole batch."""
    return {source.name: source.account(batch) for source in all_sources()}


def said_of(parts: Sequence[Mapping[str, Any]], sources: Sources) -> list[Text]:
    """Return what people should know of the evidence beside the result."""
    pieces = all_sources()
    return [text for source in pieces for text in source.said([part[source.name] for part in parts], sources)]


def documents_of(parts: Sequence[Mapping[str, Any]], sources: Sources) -> dict[str, Any]:
    """Return what is kept with the assessment: piece of evidence → plain values, null where it says nothing.

    Those that have neither an option nor anything to say are left out.
    """
    pieces = all_sources()
    found = {source.name: source.document([part[source.name] for part in parts], sources) for source in pieces}
    with_option = {source.name for source in pieces if source.option is not None}
    return {name: said for name, said in found.items() if said is not None or name in with_option}


def about_row(batch: Batch, at: int) -> dict[str, Mapping[str, Any]]:
    """Return what the pieces of evidence say of one row, by its position, for `explain`."""
    found = {source.name: source.about(batch, at) for source in all_sources()}
    return {name: said for name, said in found.items() if said is not None}
