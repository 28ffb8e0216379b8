"""`trainingcli doctor`: whether everything that the program works with is in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.cli import options, session, settings
from trainingcli.cli.failure import told
from trainingcli.configuration import KEYS, Configuration
from trainingcli.errors import Exit, ManyUsageError, TrainingError, UsageError
from trainingcli.language import Text, tr
from trainingcli.places import ledger_file, server
from trainingcli.result import Column, Listing, Result

if TYPE_CHECKING:
    import datetime as dt

    from trainingcli.doctor.finding import Finding

HELP = tr(
    "检查环境：版本、配置、路径、政策、目录清单、台账、备份、磁盘；有不行的以 1 退出。",
    "Check versions, configuration, paths, policy, registers, ledger, backup, disk; exit 1 where one fails.",
)
IS_BARE = True
STATUSES = {"ok": Text("好", "ok"), "warn": Text("注意", "warn"), "fail": Text("不行", "fail")}
CHECKS = {
    "versions": Text("版本", "versions"), "protection": Text("保护", "protection"),
    "configuration": Text("配置", "configuration"), "out": Text("输出文件夹", "output folder"),
    "log": Text("日志", "log"), "words": Text("用语", "words"), "policy": Text("政策", "policy"),
    "registers": Text("目录清单", "registers"), "postgresql": Text("PostgreSQL", "PostgreSQL"),
    "ledger": Text("台账", "ledger"), "mode": Text("台账权限", "ledger's mode"), "key": Text("密钥", "key"),
    "backup": Text("备份", "backup"), "disk": Text("磁盘", "disk"),
}  # fmt: skip
LINES = Listing(
    "checks",
    (
        Column("status", Text("结果", "Result"), "code", STATUSES),
        Column("check", Text("检查", "Check"), "code", CHECKS),
        Column("message", Text("情况", "What"), "text"),
    ),
)


@told
def run(
    ledger: options.LedgerPath = None,
    registers: options.RegistersPath = None,
    policy: options.PolicyPath = None,
    today: options.Today = None,
) -> Result:
    """Look at everything, whatever fails."""
    given = {"ledger": ledger, "registers": registers, "policy": policy}
    found = list(_findings(given, options.day(today)))
    bad = sum(finding.status == "fail" for finding in found)
    result = Result("trainingcli.doctor/1", LINES, [finding.row() for finding in found], {"ok": not bad})
    result.exit_code = Exit.FOUND if bad else Exit.OK
    return result


def _findings(given: dict[str, Any], today: dt.date) -> Iterator[Finding]:
    from trainingcli.doctor import books, rules, surroundings
    from trainingcli.settle.programmes import codes

    yield surroundings.versions()
    yield surroundings.protection()
    configuration, findings = _configuration()
    yield from findings

    def path(name: str) -> Path | None:
        value = given.get(name) or configuration.in_force(name)
        return Path(value) if value else None

    yield from surroundings.paths(path("out"), path("log"), path("words"))
    yield rules.policy(path("policy"), codes())
    with session.open_pool(1) as pool:
        yield from rules.registers(path("registers"), today, pool)
    address = str(given["ledger"] or configuration.in_force("ledger") or ledger_file())
    yield books.driver(address)
    yield from _ledger(address, today)
    places = [path("out") or Path(), *([] if server(address) else [Path(address)])]
    yield surroundings.disk(*places)


def _configuration() -> tuple[Configuration, list[Finding]]:
    """Return the configuration, an empty one where it does not hold, and what is to be said of it."""
    from trainingcli.doctor.finding import Finding, ok

    try:
        found = settings.current()
    except UsageError as error:
        texts = error.texts if isinstance(error, ManyUsageError) else [error.text]
        return Configuration(), [Finding("configuration", "fail", text) for text in texts]
    if found.path is None:
        return found, [ok("configuration", "没有配置文件，都用默认", "no file; everything as it is by default")]
    said = f"{found.path.absolute()}: {', '.join(key for key in KEYS if key in found.values)}"
    return found, [ok("configuration", said, said)]


def _ledger(address: str, today: dt.date) -> Iterator[Finding]:
    from trainingcli.doctor import books
    from trainingcli.doctor.finding import failed

    try:
        with session.open_ledger(address, writing=False) as opened:
            yield from [books.nothing_there(address)] if opened is None else list(books.ledger(opened, address, today))
    except TrainingError as error:
        yield failed("ledger", error)
