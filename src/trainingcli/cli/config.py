"""`trainingcli config`: what is set, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainingcli.cli import options, settings
from trainingcli.cli.failure import told
from trainingcli.configuration import KEYS, Configuration, Key, setting
from trainingcli.language import LANGUAGES, Text, tr
from trainingcli.masking import without_password
from trainingcli.places import ledger_file
from trainingcli.result import Block, Column, Listing, Prose, Result, Table

HELP = tr("显示每项设置的值和来处（选项、环境变量、配置文件、默认）。", "Show each setting and where it comes from.")
ORIGINS = {
    "option": Text("选项", "option"),
    "environment": Text("环境变量", "environment"),
    "file": Text("配置文件", "file"),
    "default": Text("默认", "default"),
}
SETTINGS = Listing(
    "settings",
    (
        Column("key", Text("设置", "Setting"), "code"),
        Column("value", Text("值", "Value"), "place"),
        Column("source", Text("来源", "Source"), "code", ORIGINS),
        Column("where", Text("出处", "Where"), "place"),
        Column("variable", Text("环境变量", "Variable"), "code", on_screen=False),
    ),
)


@told
def run(
    ledger: options.LedgerPath = None,
    registers: options.RegistersPath = None,
    policy: options.PolicyPath = None,
    lang: options.Language | None = None,
) -> Result:
    """Every setting with its value; none is read."""
    found = settings.current()
    written = {"ledger": ledger, "registers": registers, "policy": policy, "lang": lang and lang.value}
    rows = [_row(key, found, written.get(key.name)) for key in KEYS.values()]
    facts = {"file": str(found.path.absolute()) if found.path else None, "named_by": found.origin}
    return Result("trainingcli.config/1", SETTINGS, rows, facts, lambda room: _screen(found, rows))


def _row(key: Key, found: Configuration, given: Any) -> dict[str, Any]:
    """One setting; `given`: what the option of that name came to, from whatever place."""
    from trainingcli.policy.build import SHIPPED

    value, source, where = setting(found, key)
    if value is None:
        value = {"ledger": str(ledger_file()), "lang": LANGUAGES[0], "policy": SHIPPED}.get(key.name)
    if given is not None and str(given) != value:
        value, source, where = str(given), "option", f"--{key.name}"
    shown = None if value is None else without_password(value)
    return {"key": key.name, "value": shown, "source": source, "where": where, "variable": key.variable}


def _screen(found: Configuration, rows: list[dict[str, Any]]) -> Iterator[Block]:
    place = found.path.absolute() if found.path else tr("没有", "none")
    yield Prose(tr(f"配置文件：{place}", f"configuration: {place}"))
    yield Table(SETTINGS.columns, rows)
