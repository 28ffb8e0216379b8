"""The engine `dask`: a run's work on a Dask cluster, with the results of one machine to the cent and in its order.

Workbooks are read where the workers are, rows go to the share of their person, each share is settled by the function
that settles a whole batch, and the workers write the workbooks. What people of different shares have in common
(certificate numbers, phones, accounts, a class's size) is found first and told to each. The ledger is asked and posted
to by the main program alone. Workers see inputs and the output folder under the same paths as the main program.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from distributed import Client, Future, as_completed
from distributed.scheduler import KilledWorker

from trainingcli.bureau_words import OWN_WORDS
from trainingcli.claims.assess import Settled, assessed, within_budgets
from trainingcli.claims.history import history_of_people, unchanged
from trainingcli.claims.request import Request
from trainingcli.engines import tasks
from trainingcli.engines.cluster import OWN_PATIENCE, check_workers, open_client, wait_for_workers
from trainingcli.engines.parcels import opened, sealed
from trainingcli.engines.parted_rosters import Ints, PieceStart, all_shared, goes_to, of_several, who_moves
from trainingcli.errors import TrainingError, UsageError
from trainingcli.evidence.gathering import joined
from trainingcli.intake.tables.folders import expand
from trainingcli.language import Text
from trainingcli.reports.workbooks.outputs import write_output
from trainingcli.reports.workbooks.summary_workbook import SummaryTask
from trainingcli.settle.settlement import History
from trainingcli.workers import WorkerPool

if TYPE_CHECKING:
    from trainingcli.evidence.gathered import Sources
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy
    from trainingcli.reports.workbooks.outputs import Output

_GROUPS = 2  # groups of inputs for each thread of the cluster: small enough to even out, few enough to join cheaply


@contextlib.contextmanager
def open_cluster(scheduler: str | None, jobs: int) -> Iterator[DaskEngine]:
    """Open the engine on a scheduler's cluster, or on one of `jobs` processes here.

    UsageError where it does not answer, or is not fit for a run.
    """
    with open_client(scheduler, jobs) as client:
        if scheduler is None:
            yield DaskEngine(client, starting=jobs)
            return
        check_workers(client)
        yield DaskEngine(client)


_Shares = tuple[Future, list[Future], Future, Future]
"""The rules, the shares, what people of several shares have, what the evidence must know of the whole."""


@dataclass
class DaskEngine:
    """A cluster for one run. Between the steps the rows stay on the workers.

    `starting`: how many workers may be still starting.
    """

    client: Client
    starting: int = 0
    _readings: list[Future] = field(default_factory=list)
    _facts: list[tasks.GroupFacts] = field(default_factory=list)
    _shared: Future | None = None
    _shared_out: _Shares | None = None

    def read(self, request: Request, policy: Policy) -> list[InputFile]:
        """Read, convert and validate on the workers; return the inputs without their cells."""
        self._shared_out = None
        if self.starting:
            wait_for_workers(self.client, self.starting, OWN_PATIENCE)
        threads = self._threads()
        groups = _groups(request, _GROUPS * threads)
        self._readings = [self._submit(tasks.read_group, group, policy, request.today) for group in groups]
        facts = [self._submit(tasks.facts, reading) for reading in self._readings]
        self._shared = self._find_shared(threads)
        self._facts = self._gather(facts, lambda done: _tell(request.progress, done, len(groups)))
        return [item for each in self._facts for item in each.inputs]

    def assess(
        self,
        request: Request,
        policy: Policy,
        inputs: list[InputFile],
        ledger: Ledger | None,
        sources: Sources,
    ) -> Settled:
        """Settle on the workers, a share of the people each; gather lines and reasons in the batch's order."""
        if self._shared_out is None:
            self._shared_out = self._share_out(tasks.Law(policy, sources, request.programme))
        law, shares, shared, whole = self._shared_out
        people, history, earlier = self._histories(shares, ledger)
        settled = [
            self._submit(tasks.settle_share, share, law, part, shared, whole)
            for share, part in zip(shares, earlier, strict=True)
        ]
        told = [self._submit(tasks.frames, each, law) for each in settled]
        results: list[tasks.Frames] = self._gather(told, then=opened)
        position = _positions(results)
        lines = _merged([each.lines for each in results], np.concatenate(position))
        reasons = _in_order([each.reasons for each in results], position, "line", 0)
        accounts = [each.accounts for each in results]
        assessment = assessed(request, policy, inputs, ledger, sources, lines, reasons, accounts)
        payable = partial(self._payable, settled, law, position)
        return within_budgets(Settled(assessment, payable, partial(unchanged, people, history)), sources, ledger)

    def _share_out(self, rules: tasks.Law) -> _Shares:
        """Give the rows to the shares of their people; find what people of different shares have in common."""
        every_origin = [origin for each in self._facts for origin in each.origins]
        law, origins = _alive(lambda: self.client.scatter([rules, every_origin], hash=False, broadcast=True))
        shares = [self._submit(tasks.make_share, *pieces, origins, law) for pieces in self._pieces(self._threads())]
        self._readings.clear()  # the workers keep what is still needed of them
        return law, shares, self._shared, self._whole(shares, law)

    def _pieces(self, threads: int) -> list[tuple[list[Future], list[PieceStart]]]:
        """Return each share's pieces, and where in the batch each is from."""
        count = max(threads, len(self._readings))
        moving = who_moves([each.people for each in self._facts], [each.rows for each in self._facts], threads)
        pieces: list[tuple[list[Future], list[PieceStart]]] = [([], []) for _ in range(count)]
        row = table = 0
        for own, (reading, facts) in enumerate(zip(self._readings, self._facts, strict=True)):
            parts = goes_to(facts.people, moving, own, count)
            mine = np.intersect1d(facts.people, moving, assume_unique=True)
            split = self._submit(tasks.split_reading, reading, own, parts, mine, count)
            for at, number in enumerate(parts):
                pieces[number][0].append(self._submit(tasks.pick, split, at))
                pieces[number][1].append(PieceStart(row, table))
            row, table = row + facts.rows, table + len(facts.origins)
        return [each for each in pieces if each[0]]

    def write(self, outputs: Sequence[Output], progress: Callable[[int, int], None] | None = None) -> None:
        """Write the workbooks on the workers, and here what holds every line. Raises the first failure."""
        there = [output for output in outputs if not isinstance(output.task, SummaryTask)]
        futures = [self._submit(tasks.write, self._send(sealed(_anywhere(output)))) for output in there]
        for output in outputs:
            if isinstance(output.task, SummaryTask):
                write_output(output)
        for error in self._gather(futures, lambda done: _tell(progress, done, len(outputs))):
            if isinstance(error, TrainingError):
                raise error

    def write_returns(self, outputs: Sequence[Output]) -> list[tuple[Output, Text]]:
        """Write them here: the files are marked where they were given."""
        from trainingcli.reports.workbooks.writing import write_returns

        with WorkerPool(os.cpu_count() or 1) as pool:
            return write_returns(outputs, pool)

    def _find_shared(self, count: int) -> Future:
        """Find what several people have; each value is looked at in one place, and only the finds travel on."""
        parted = [self._submit(tasks.who_holds, each, count) for each in self._readings]
        looked_at = [[self._submit(tasks.pick, each, number) for each in parted] for number in range(count)]
        return self._submit(all_shared, [self._submit(of_several, parts) for parts in looked_at])

    def _whole(self, shares: Sequence[Future], law: Future) -> Future:
        """Join what each piece of evidence must know of the whole batch."""
        return self._submit(joined, [self._submit(tasks.wholes, share, law) for share in shares])

    def _histories(
        self, shares: Sequence[Future], ledger: Ledger | None
    ) -> tuple[pd.DataFrame, History | None, list[Any]]:
        """Look everybody up in one go: the people, what the ledger says, and what of it is each share's people's."""
        if ledger is None:
            return pd.DataFrame(), None, [None] * len(shares)
        people = self._gather([self._submit(tasks.people, share) for share in shares])
        everybody = pd.concat(people, ignore_index=True)
        found = history_of_people(everybody, ledger)
        return everybody, found, [self._send(each) for each in _histories(found, people)]

    def _payable(self, settled: Sequence[Future], law: Future, position: Sequence[Ints]) -> pd.DataFrame:
        found = self._gather([self._submit(tasks.payable, each, law) for each in settled])
        return _in_order(found, position, "line", 1)

    def _threads(self) -> int:
        threads: dict[str, int] = self.client.nthreads()
        return max(1, sum(threads.values()))

    def _send(self, value: Any) -> Future:
        return _alive(lambda: self.client.scatter([value], hash=False))[0]

    def _submit(self, function: Callable[..., Any], *arguments: Any) -> Future:
        return self.client.submit(tasks.guarded, OWN_WORDS.get(), function, *arguments, pure=False)

    def _gather(
        self,
        futures: Sequence[Future],
        tell: Callable[[int], None] | None = None,
        then: Callable[[Any], Any] = lambda result: result,
    ) -> list[Any]:
        """Return the results in order, each fetched, and `then` made of it, while others are on their way.

        A failed task is an internal error; a lost cluster is told as such.
        """

        def waited() -> dict[str, Any]:
            found = {}
            for future, result in as_completed(futures, loop=self.client.loop, with_results=True):
                if isinstance(result, CancelledError):  # is given, not raised
                    raise result
                found[future.key] = result if isinstance(result, tasks.Failure) else then(result)
                if tell:
                    tell(len(found))
            return found

        found = _alive(waited)
        results = [found[future.key] for future in futures]
        for result in results:
            if isinstance(result, tasks.Failure):
                raise RuntimeError(result.detail)
        return results


def _alive(action: Callable[[], Any]) -> Any:
    """Do something on the cluster. UsageError where it is lost meanwhile: workers killed, connections closed."""
    try:
        return action()
    except (OSError, CancelledError, KilledWorker) as error:
        name = type(error).__name__
        raise UsageError(
            Text(
                f"集群中断（{name}），没有入账；请检查工作进程的内存与网络后重新运行",
                f"the cluster was lost ({name}), nothing was posted; check the workers' memory and network, run again",
            )
        ) from None


def _tell(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def _groups(request: Request, most: int) -> list[tasks.InputGroup]:
    """Put neighbouring inputs together, as evenly as their number allows."""
    files = expand(request.files, request.named)
    found = []
    for places in np.array_split(np.arange(len(files)), max(1, min(len(files), most))):
        mine = [files[place] for place in places]
        paths = [file if file == "-" else str(Path(file).absolute()) for file in mine]
        stdin = request.stdin if "-" in mine else None
        found.append(tasks.InputGroup(int(places[0]) if len(places) else 0, mine, paths, stdin, request.password))
    return found


def _histories(found: History, people: Sequence[pd.DataFrame]) -> list[History]:
    """Give each share what the ledger said of its people."""
    shares = []
    for mine in (frozenset(each["id_number"]) for each in people):
        entries = found.entries
        if entries is not None:
            entries = entries[entries["id_number"].isin(mine)].reset_index(drop=True)
        others = frozenset(other for other in found.others if other[0] in mine)
        shares.append(History(entries, others, found.reversed))
    return shares


def _positions(results: Sequence[tasks.Frames]) -> list[Ints]:
    """Return, for each share's lines, their positions in the batch: by row; a row's lines stand in one share."""
    rows = np.concatenate([each.rows for each in results])
    position = np.empty(len(rows), dtype=np.int64)
    position[np.argsort(rows, kind="stable")] = np.arange(len(rows))
    return np.split(position, np.cumsum([len(each.rows) for each in results])[:-1])


def _merged(several: Sequence[pd.DataFrame], position: Ints) -> pd.DataFrame:
    """Join frames whose rows have these positions in the batch; where nobody moved they are in its order."""
    joint = pd.concat(several, ignore_index=True)
    if (np.diff(position) > 0).all():
        return joint
    return joint.take(np.argsort(position)).reset_index(drop=True)


def _in_order(several: Sequence[pd.DataFrame], position: Sequence[Ints], column: str, base: int) -> pd.DataFrame:
    """Join frames whose `column` counts the share's lines from `base`, in the order of the batch's lines."""
    moved = [
        frame.assign(**{column: where[frame[column].to_numpy(dtype=np.int64) - base] + base})
        for frame, where in zip(several, position, strict=True)
    ]
    return pd.concat(moved, ignore_index=True).sort_values(column, kind="stable", ignore_index=True)


def _anywhere(output: Output) -> Output:
    """Name an output's files as they are found from any working directory."""
    return replace(output, path=output.path.absolute(), temporary=output.temporary.absolute())
