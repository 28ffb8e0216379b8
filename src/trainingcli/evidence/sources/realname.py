"""The real-name system (实名制), 三(五): rosters beside its exports (`--realname EXPORT`, several, files or folders).

Each row of a valid person is given a partner among the entries of the same ID number: the same start date, else the
same class or certificate number, else a start a few days apart (Q20), else, where one has no start date, the same
occupation and level.

- no partner → held, `NOT_IN_REALNAME`; the message says what the export has instead.
- a compared field that is filled in on both sides and differs → held, `REALNAME_DIFFERS`, on its cell; for the lines
  whose programme uses the field.
- a partner that did not finish, or whose state cannot be read → held, `NOT_COMPLETED`, for training subsidies and
  allowance (Q14).
- entries of the batch's institutions and days that are no row's partner are listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.evidence.source import Means, Option, Source
from trainingcli.facts import Check
from trainingcli.language import Text

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.gathered import Sources
    from trainingcli.evidence.realname.compared_rows import Compared
    from trainingcli.evidence.realname.export import Export
    from trainingcli.findings import Part

_NOT_GIVEN = Text("未提供实名制系统导出表（--realname）", "no export of the real-name system was supplied (--realname)")


class RealNames(Source):
    """What the real-name system has of a person and training."""

    name = "realname"
    place = 100
    option = Option(
        "--realname",
        "EXPORT",
        Text(
            "实名制系统导出表（文件或文件夹，可多次）。", "Export of the real-name system; may be given several times."
        ),
    )
    reasons = ("NOT_IN_REALNAME", "REALNAME_DIFFERS", "NOT_COMPLETED")

    @property
    def title(self) -> Text:
        """What it is called."""
        return Text("实名制系统", "Real-name system")

    def read(self, paths: Sequence[Path], means: Means | None) -> Export:
        """Read the exports."""
        from trainingcli.evidence.realname.read_export import read_export

        assert means is not None, "an option's files are read by somebody"
        return read_export(paths, means, "--realname")

    def verdicts(self, batch: Batch) -> Iterator[Part]:
        """Hold what the export does not have, or has otherwise."""
        if self.name not in batch.sources.read:
            return
        from trainingcli.evidence.realname.export_fields import EVERY_LINE
        from trainingcli.masking import mask_field

        compared = batch.once(self.name, _compared)
        yield from batch.detailed(compared.why_missing, "NOT_IN_REALNAME", "id_number")
        for field, at in compared.differing.items():
            texts = [mask_field(field, text) for text in compared.entry_texts(field, at)]
            details = {row: Text(text, text) for row, text in zip(at.tolist(), texts, strict=True)}
            asked = batch.any_line() if field in EVERY_LINE else batch.uses(field)
            yield from batch.detailed(details, "REALNAME_DIFFERS", field, asked)
        rows, states = compared.unfinished()
        held = batch.policy.parameter("completion_holds")
        details = {row: Text(state, state) for row, state in zip(rows.tolist(), states, strict=True)}
        asked = batch.of(lambda programme: programme.code in held)
        yield from batch.detailed(details, "NOT_COMPLETED", "id_number", asked)

    def account(self, batch: Batch) -> Any:
        """Return what these rows contribute to the counts and the sheet 比对."""
        return batch.once(self.name, _compared).account() if self.name in batch.sources.read else None

    def document(self, accounts: Sequence[Any], sources: Sources) -> Any:
        """Return the contract's object; None without an export."""
        if self.name not in sources.read:
            return None
        from trainingcli.evidence.realname.said import document

        return document(accounts, sources.read[self.name])

    def said(self, accounts: Sequence[Any], sources: Sources) -> Iterator[Text]:
        """Yield what does not hold in the exports, and those from before a class's end."""
        if self.name in sources.read:
            from trainingcli.evidence.realname.said import warnings

            yield from warnings(accounts, sources.read[self.name])

    def checks(self, sources: Sources) -> Iterator[Check]:
        """Say whether anything was compared."""
        given = self.name in sources.read
        yield Check("realname", given, None if given else _NOT_GIVEN)

    def about(self, batch: Batch, at: int) -> Mapping[str, Any] | None:
        """Return a row's partner and its differences."""
        if self.name not in batch.sources.read:
            return None
        return batch.once(self.name, _compared).about(at)


def _compared(batch: Batch) -> Compared:
    from trainingcli.evidence.realname.compared_rows import Compared

    return Compared(batch)


SOURCE = RealNames()
