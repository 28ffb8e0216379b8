"""Run every mutant of the ledger and money modules against the tests that meet its lines; name those that survive.

`make mutation`, or `python tests/mutation/run.py [GROUP [part of a name …]]`. One process collects the tests, and runs
each once (noting which lines of the modules it meets, and how long it takes). Then it forks for each mutant: the child
puts the mutant's code into the functions and constants that are loaded, runs the tests that met the changed statement,
the fastest first, and ends at the first that fails. No file is changed. A survivor that docs/mutation.md does not name
makes the exit code 1.
"""

from __future__ import annotations

import functools
import gc
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from multiprocessing.pool import ThreadPool
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import coverage
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parents[1]
EXPLAINED = TESTS.parent / "docs" / "mutation.md"
sys.path.insert(0, str(TESTS))

from mutation.mutants import Mutant, mutants, without_a_statement  # noqa: E402
from mutation.scope import ALSO_LEFT_OUT, ASKED_TOGETHER, FIRST, FUNCTIONS, GROUPS, LEFT_OUT, ROOT, SOURCE, modules  # noqa: E402

SECONDS = float(os.environ.get("TRAININGCLI_MUTATION_SECONDS", "12"))  # of tests, as measured, for one mutant
PATIENCE = 20.0
BROKEN = 70  # the exit code of a child that did not come so far as to ask
MEMORY = Path("/dev/shm")


class Mutation:
    """The pytest plugin that runs the tests of each mutant."""

    def __init__(self, group: str, wanted: list[str]) -> None:
        self.group, self.wanted = group, wanted
        self.sources = {name: (SOURCE / name).read_text(encoding="utf-8") for name in modules(group)}
        self.met: dict[str, dict[int, list[pytest.Item]]] = {}
        self.seconds: dict[pytest.Item, float] = {}
        self.measure = coverage.Coverage(data_file=None, config_file=False, include=[f"{SOURCE}/*"])
        self.measure.start()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        left_out = "|".join([*LEFT_OUT, ALSO_LEFT_OUT.get(self.group, "^$")])
        items[:] = [item for item in items if not re.search(left_out, item.nodeid)]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.unfreeze()  # what tests/conftest.py has put aside: functions and caches are looked for in it
        self._baseline(session.items)
        self.live = _functions()
        counts, survivors = Counter[str](), []
        for name, source in self.sources.items():
            plain = dict(_codes(compile(source, str(SOURCE / name), "exec")))
            every = [*mutants(source, name, str(SOURCE / name)), *without_a_statement(name)]
            found = [one for one in every if _is_wanted(one, self.wanted)]
            for number, mutant in enumerate(found):
                tests = self._tests(mutant)
                outcome = self._fork(number + 1, mutant, plain, tests) if tests else "no test"
                counts[outcome] += 1
                if outcome in ("survived", "no test"):
                    survivors.append(mutant)
                    print(f"{outcome} ({len(tests)} tests): {mutant.lines[0]} {mutant}", flush=True)
            print(f"{time.strftime('%H:%M:%S')} {name}: {len(found)} mutants so far {dict(counts)}", flush=True)
        self._report(counts, survivors)
        return True

    def _baseline(self, items: list[pytest.Item]) -> None:
        """Run each test once: it must pass; what is set up for the whole session stays up for the children."""
        for item, following in zip(items, [*items[1:], items[0]], strict=True):
            self.measure.switch_context(item.nodeid)
            begun = time.monotonic()
            for report in runtestprotocol(item, log=False, nextitem=following):
                if report.failed:
                    pytest.exit(f"without any mutant {item.nodeid} fails: {report.longrepr}", returncode=2)
            self.seconds[item] = time.monotonic() - begun
        self.measure.stop()
        by_name = {item.nodeid: item for item in items}
        data = self.measure.get_data()
        for file in data.measured_files():
            lines = {
                line: [by_name[context] for context in contexts if context in by_name]
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            self.met[str(Path(file).relative_to(SOURCE))] = lines

    def _tests(self, mutant: Mutant) -> list[pytest.Item]:
        """Return the tests that met the statement: those about its module, then the fastest."""
        lines = self.met.get(mutant.path, {})
        found = {item for line in range(mutant.lines[0], mutant.lines[1] + 1) for item in lines.get(line, ())}
        about = next((tests for module, tests in FIRST.items() if re.match(module, mutant.path)), "^$")
        first = re.compile(about)
        if not mutant.where:
            found = self._of_constant(mutant) | {item for item in self.seconds if first.search(item.nodeid)}
        if any(ASKED_TOGETHER in item.nodeid for item in found):
            found |= {item for item in self.seconds if ASKED_TOGETHER in item.nodeid}
        ordered = sorted(
            found, key=lambda item: (not first.search(item.nodeid), ASKED_TOGETHER in item.nodeid, self.seconds[item])
        )
        until = itertools.accumulate(0 if first.search(item.nodeid) else self.seconds[item] for item in ordered)
        return [item for item, seconds in zip(ordered, until, strict=True) if seconds <= SECONDS] or ordered[:1]

    def _of_constant(self, mutant: Mutant) -> set[pytest.Item]:
        """Return the tests that met a line that names the constant; all of them where none does."""
        rows = self.sources[mutant.path].splitlines()
        name = re.match(r"\w+", rows[mutant.lines[0] - 1] if mutant.lines[0] else "")
        found = set()
        for path, source in self.sources.items() if name else ():
            uses = [at for at, row in enumerate(source.splitlines(), 1) if re.search(rf"\b{name[0]}\b", row)]
            found |= {item for line in uses for item in self.met.get(path, {}).get(line, ())}
        return found or set(self.seconds)

    def _fork(self, number: int, mutant: Mutant, plain: dict[Any, CodeType], tests: list[pytest.Item]) -> str:
        folder = tempfile.mkdtemp(prefix="mutant-")
        child = os.fork()
        if not child:
            os.setpgid(0, 0)
            self._child(number, mutant, plain, tests, Path(folder))
        until = time.monotonic() + PATIENCE + 3 * sum(self.seconds[item] for item in tests)
        while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() > until:
                os.killpg(child, signal.SIGKILL)
            time.sleep(0.003)
        _, status = os.waitpid(child, 0)
        shutil.rmtree(folder, ignore_errors=True)
        if os.WIFSIGNALED(status):
            return "timed out" if time.monotonic() > until else "killed"
        if os.WEXITSTATUS(status) == BROKEN:
            pytest.exit(f"could not ask about {mutant}", returncode=2)
        return "killed" if os.WEXITSTATUS(status) else "survived"

    def _child(
        self, number: int, mutant: Mutant, plain: dict[Any, CodeType], tests: list[pytest.Item], folder: Path
    ) -> None:
        code = BROKEN
        try:
            quiet = os.open(os.devnull, os.O_RDWR)
            for handle in (0, 1, 2):
                os.dup2(quiet, handle)
            tests[0].config._tmp_path_factory._basetemp = folder
            if databases := sys.modules.get("ledger.conftest"):
                databases._numbers = itertools.count(100_000 + os.getpid() * 100)
            _forget_what_modules_share(tests)
            code = 1
            _put_in(mutant, plain, self.live)
            code = int(_fails(tests))
        finally:
            os._exit(code)

    def _report(self, counts: Counter[str], survivors: list[Mutant]) -> None:
        rows = re.findall(r"^\| `(.*?)` \|", EXPLAINED.read_text(encoding="utf-8"), re.MULTILINE)
        explained = {row.replace("\\|", "|") for row in rows}
        open_ = [name for name in map(str, survivors) if name not in explained]
        here = {row for row in explained if row.split(" ")[0] in self.sources}
        stale = [] if self.wanted else sorted(here - set(map(str, survivors)))
        print(f"{sum(counts.values())} mutants: {dict(counts)}; {len(survivors) - len(open_)} survivors explained")
        print("\n".join(["", "not explained:", *open_] if open_ else []))
        print("\n".join(["", "explained, but no survivor:", *stale] if stale else []))
        self.exit_code = 1 if open_ or stale else 0


def _forget_what_modules_share(tests: list[pytest.Item]) -> None:
    """Have made anew what was made without the mutant; what is made for the whole session knows none."""
    for definitions in itertools.chain(*(item._fixtureinfo.name2fixturedefs.values() for item in tests)):
        for one in definitions:
            if one.scope == "module":
                one.cached_result = None


def _fails(tests: list[pytest.Item]) -> bool:
    for item, following in zip(tests, [*tests[1:], tests[0]], strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return True
    return False


def _is_wanted(mutant: Mutant, wanted: list[str]) -> bool:
    only = FUNCTIONS.get(mutant.path)
    return (only is None or mutant.where in only) and (not wanted or any(part in str(mutant) for part in wanted))


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, str, int], CodeType]]:
    """Yield every function's code in a module's, with what tells it from others."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield (one.co_filename, one.co_qualname, one.co_firstlineno), one
            yield from _codes(one)


def _functions() -> dict[Any, list[FunctionType]]:
    found: dict[Any, list[FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__module__ and one.__module__.startswith("trainingcli"):
            code = one.__code__
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(one)
    return found


def _put_in(mutant: Mutant, plain: dict[Any, CodeType], live: dict[Any, list[FunctionType]]) -> None:
    """Give the loaded functions, and every name that a changed constant has, the mutant's."""
    name = "trainingcli." + mutant.path.removesuffix(".py").replace("/", ".")
    module = sys.modules[name]
    if mutant.drop is not None:
        kept = [one for at, one in enumerate(module.statements()) if at != mutant.drop]
        module.statements = lambda: kept
        return
    for key, code in _codes(mutant.code):
        if key in plain and plain[key] != code:
            for function in live.get(key, ()):
                function.__code__ = code
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and getattr(one, "__module__", "") == name:
            one.cache_clear()
    if mutant.where:
        return
    fresh = ModuleType(name)
    exec(mutant.code, fresh.__dict__)
    for constant, value in vars(fresh).items():
        old = vars(module).get(constant)
        if not callable(value) and not isinstance(value, ModuleType) and repr(old) != repr(value):
            for other in [one for key, one in sys.modules.items() if key.startswith("trainingcli.")]:
                if vars(other).get(constant) is old:
                    setattr(other, constant, value)


def main(group: str, *wanted: str) -> int:
    """Run a group's mutants whose description has one of the words in it; all of them without any."""
    settings.register_profile("mutation", derandomize=True, deadline=None, database=None, max_examples=25,
                              suppress_health_check=list(HealthCheck))  # fmt: skip
    plugin = Mutation(group, list(wanted))
    if MEMORY.is_dir():  # no mutant is about what a disk does, and waiting for it is most of the time
        os.environ.setdefault("TMPDIR", str(MEMORY))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that PostgreSQL is stopped
    os.chdir(ROOT)
    options = ["-s", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--hypothesis-profile=mutation"]
    code = pytest.main([*options, *GROUPS[group][1]], plugins=[plugin])
    return getattr(plugin, "exit_code", int(code) or 2)


def every_group() -> int:
    """Run each group in a process of its own, with its tests alone; as many at once as there are cores."""
    program = [sys.executable, __file__]
    with ThreadPool(os.cpu_count()) as pool:
        return max(pool.map(lambda group: subprocess.run([*program, group], cwd=ROOT).returncode, GROUPS, 1))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if sys.argv[1:] else every_group())
