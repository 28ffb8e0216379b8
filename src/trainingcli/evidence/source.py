"""What a piece of evidence declares (佐证): its name, what it reads, what it says of a batch, whether it was asked.

Completion and `--help` read the declarations, so a file of evidence imports nothing heavy at its head.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trainingcli.facts import Check
from trainingcli.language import Text
from trainingcli.register_title import register_title

if TYPE_CHECKING:
    import datetime as dt

    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.gathered import Sources
    from trainingcli.evidence.register_contents import Contents
    from trainingcli.findings import Part
    from trainingcli.intake.tables.read_declared import Fault
    from trainingcli.policy import Policy
    from trainingcli.workers import WorkerPool


class Option(NamedTuple):
    """An option of its own, which may be given several times: `--people LIST`; on these commands."""

    flag: str
    metavar: str
    help: Text
    commands: frozenset[str] = frozenset({"claims", "explain", "compare"})


class Given(NamedTuple):
    """What the command line names: the registers' folder, and for each piece of evidence the files of its option."""

    registers: Path | None = None
    files: Mapping[str, Sequence[Path]] | None = None

    @property
    def paths(self) -> list[Path]:
        """Return everything that is named."""
        named = [path for paths in (self.files or {}).values() for path in paths]
        return [self.registers, *named] if self.registers is not None else named

    def of(self, name: str) -> Sequence[Path]:
        """Return the files that were named for a piece of evidence."""
        return (self.files or {}).get(name, ())


class Means(NamedTuple):
    """What files of evidence are read with: the policy, the fenced workers, today; the register's aliases.

    `named`: what options and the configuration name; it is passed over in a folder that is walked.
    """

    policy: Policy
    pool: WorkerPool
    today: dt.date
    aliases: Mapping[str, str] = {}
    named: Sequence[str | Path] = ()


NOTHING = Given()


class Source:
    """A piece of evidence: one file of the folder `sources`, with an instance of its class as `SOURCE`.

    `place`: reasons come in this order, checks too. `registers`: the registers that are its own (each is a check);
    `option`: an option whose files it reads. `reasons`: the codes that it may give. All but `name` may be left out.

    A batch may be settled in parts, each with all rows of its people. What a part must know of the whole goes
    through `whole` and `joined` before the verdicts; what is said of the whole, through `account` and then `document`
    and `said`.
    """

    name: str
    place: int
    registers: tuple[str, ...] = ()
    option: Option | None = None
    reasons: tuple[str, ...] = ()

    @property
    def title(self) -> Text:
        """What it is called; that of its first register where it has one."""
        return register_title(self.registers[0])

    def read(self, paths: Sequence[Path], means: Means | None) -> Any:
        """Read the option's files. UsageError where one cannot be read, has no header, or is not what it should be."""
        raise NotImplementedError

    def whole(self, batch: Batch) -> Any:
        """Return what the verdicts need to know of all rows, as far as these rows tell it."""
        return None

    def joined(self, parts: Sequence[Any]) -> Any:
        """Join what the parts' `whole` said into what the batch's would say."""
        return parts[0]

    def verdicts(self, batch: Batch) -> Iterator[Part]:
        """Yield the reasons that it gives, as parts of line positions; they are known before the limits."""
        yield from ()

    def account(self, batch: Batch) -> Any:
        """Return what these rows contribute to what it says of the whole batch; asked after the verdicts."""
        return None

    def document(self, accounts: Sequence[Any], sources: Sources) -> Any:
        """Return, of the parts' accounts in order, what is kept with the assessment: plain values alone.

        A mapping is the JSON's object of its name, but for `kept`: what workbooks need beside it.
        """
        return None

    def about(self, batch: Batch, at: int) -> Mapping[str, Any] | None:
        """Return what it says of one row, by its position, for `explain`: plain values and texts; None: nothing.

        `says`: the sentences that a reader is shown.
        """
        return None

    def said(self, accounts: Sequence[Any], sources: Sources) -> Iterator[Text]:
        """Yield what people should know of it beside the result, from the parts' accounts in order."""
        yield from ()

    def faults(self, contents: Contents) -> Iterator[Fault]:
        """Yield what does not hold in a register of its own, beyond its single cells: `registers check` asks."""
        yield from ()

    def checks(self, sources: Sources) -> Iterator[Check]:
        """Yield what was checked, and what was not and why: one check a register of its own."""
        for register in self.registers:
            yield sources.check_of(register)
