"""What a person decided about held lines (决定), 三(四): `--decisions FILE`, the sheet 待核 as it was filled in.

A decision is for the line with that ID number and programme, the same start date (without one the certificate number),
no contradiction in occupation and level, and for the reason codes that it names.

- 放行: these reasons become notes, `RELEASED` beside them, before the limits; a line that nothing else holds is paid.
- 不予: the line is rejected, `DECIDED_AGAINST`.
- 核定金额: what is paid, above 0 and at most the entitlement and what was claimed.

The policy's `releasable` lists the codes that can be decided on; the amounts' (`NO_BASIS` …) only with 核定金额.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.evidence.source import Means, Option, Source
from trainingcli.language import Text

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.deciding import Decided
    from trainingcli.evidence.gathered import Sources
    from trainingcli.settle.decided import Ruling
    from trainingcli.settle.settlement import Settlement


class Decisions(Source):
    """What a clerk who looked into a held line wrote beside it."""

    name = "decisions"
    place = 130
    option = Option(
        "--decisions",
        "FILE",
        Text("填好“决定”的待核表；可多次。", "The sheet 待核 with its decisions filled in; may be repeated."),
        frozenset({"claims", "explain", "awards"}),
    )
    reasons = ("RELEASED", "DECIDED_AGAINST")

    @property
    def title(self) -> Text:
        """What it is called."""
        return Text("人工决定", "Decisions")

    def read(self, paths: Sequence[Path], means: Means | None) -> Decided:
        """Read them. UsageError names the cells of what does not hold."""
        from trainingcli.evidence.deciding import read_decisions

        assert means is not None, "files are read behind the fence"
        return read_decisions(paths, means)

    def rulings(self, batch: Batch, settlement: Settlement) -> Sequence[Ruling]:
        """Return what was decided about a batch's lines; asked before the limits."""
        decided = batch.sources.read.get(self.name)
        if decided is None:
            return ()
        from trainingcli.evidence.decided_lines import rulings

        found, outcome = rulings(decided.entries, batch, settlement)
        batch.once(self.name, lambda _: outcome)
        return found

    def account(self, batch: Batch) -> Any:
        """Return which decisions met which reasons, and what does not hold."""
        from trainingcli.evidence.ruling import Outcome

        return batch.once(self.name, lambda _: Outcome()) if self.name in batch.sources.read else None

    def document(self, accounts: Sequence[Any], sources: Sources) -> Any:
        """Return the counts; UsageError where decisions disagree, or allow more than can be paid."""
        if self.name not in sources.read:
            return None
        from trainingcli.evidence.ruling import joined, summary

        entries = sources.read[self.name].entries
        return summary(joined(accounts, entries), entries)

    def said(self, accounts: Sequence[Any], sources: Sources) -> Iterator[Text]:
        """Yield the decisions that meet no line, or no longer the codes that they name; files that decide nothing."""
        if self.name in sources.read:
            from trainingcli.evidence.ruling import joined, unmet

            decided = sources.read[self.name]
            yield from unmet(joined(accounts, decided.entries), decided.entries)
            yield from decided.notes


SOURCE = Decisions()
