"""The main job's work for awards: the same transaction, workbooks and exit codes as `claims`, other rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from trainingcli.awards.kinds import table
from trainingcli.language import Text

if TYPE_CHECKING:
    from trainingcli.claims.assess import Settled
    from trainingcli.claims.request import Request
    from trainingcli.evidence.gathered import Sources
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy
    from trainingcli.reports.workbooks.outputs import Output
    from trainingcli.workers import WorkerPool


@dataclass(frozen=True)
class AwardsEngine:
    """This program and its worker processes, reading awards workbooks; see `claims.engine.Engine`."""

    pool: WorkerPool

    def read(self, request: Request, policy: Policy) -> list[InputFile]:
        """Read every input; a file of another kind says what it is."""
        from trainingcli.awards.asked import vocabulary
        from trainingcli.intake.tables.folders import expand
        from trainingcli.intake.tables.reading import read_rosters

        files = expand(request.files, request.named)
        inputs = read_rosters(
            files, vocabulary(policy), self.pool,
            stdin=request.stdin, password=request.password, progress=request.progress,
        )  # fmt: skip
        for item in inputs:
            if item.error is None and not item.sheets:
                item.error = self._unlike(item, request, policy)
        return inputs

    def _unlike(self, item: InputFile, request: Request, policy: Policy) -> Text:
        """Say what a file without the header is, and what reads it."""
        from trainingcli.intake.tables.recognised import what_it_is

        kind = what_it_is(
            item.path, self.pool, policy.programme_names(), stdin=request.stdin, password=request.password
        )
        none = Text("没有一张工作表有基地、工作室的表头", "no sheet has the header of bases and studios")
        blank = "trainingcli template --awards FILE.xlsx"
        hint = kind or Text(f"可用 {blank} 写出空白表", f"`{blank}` writes a blank one")
        return Text(f"{none.zh}；{hint.zh}", f"{none.en}; {hint.en}")

    def assess(
        self,
        request: Request,
        policy: Policy,
        inputs: list[InputFile],
        ledger: Ledger | None,
        sources: Sources,
    ) -> Settled:
        """Settle what was read; the ledger is only read."""
        from trainingcli.awards import assess as awards
        from trainingcli.awards.archives import BATCH_KIND
        from trainingcli.claims.assess import Settled, ledger_check, within_budgets
        from trainingcli.evidence.accounts import accounts_of_payees
        from trainingcli.intake.tables.read_declared import to_table
        from trainingcli.settle.assessment import Assessment

        rows = awards.award_rows(to_table(inputs, table()))
        found = awards.settled_lines(rows, policy, request.today, sources, ledger)
        lines = awards.lines_frame(found.lines, policy)
        hosts = lines.assign(institution=None, employer=lines["payee"])
        assessment = Assessment(
            policy=policy,
            inputs=inputs,
            checks=[ledger_check(ledger), *awards.checks(sources)],
            lines=lines,
            reasons=awards.reasons_frame(found.lines),
            today=request.today.isoformat(),
            ledger=None if ledger is None else ledger.head(),
            warnings=list(found.warnings),
            evidence={"decisions": found.decisions},
            accounts=accounts_of_payees(sources.contents, hosts, request.today),
        )
        payable = partial(awards.payable_frame, found.lines, found.register, policy)
        settled = Settled(assessment, payable, found.unchanged, BATCH_KIND, awards.index_frame)
        return within_budgets(settled, sources, ledger)

    def write(self, outputs: Sequence[Output], progress: Callable[[int, int], None] | None = None) -> None:
        """Write in the workers, where that pays."""
        from trainingcli.reports.workbooks.writing import write_all

        write_all(outputs, self.pool, progress)

    def write_returns(self, outputs: Sequence[Output]) -> list[tuple[Output, Text]]:
        """Write in the workers that read the files."""
        from trainingcli.reports.workbooks.writing import write_returns

        return write_returns(outputs, self.pool)
