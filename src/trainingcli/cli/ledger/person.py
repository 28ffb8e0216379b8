"""`trainingcli ledger person`: what was paid to a person, the places of each year, and what was not paid and why."""

from __future__ import annotations

from typing import Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.errors import UsageError
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result

HELP = tr(
    "查一个人：已付、名额、未付及原因；证件号可从标准输入给（-）。",
    "What was paid to a person and what was not; ID numbers may come from standard input (-).",
)


@told
def run(
    numbers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=tr("证件号…", "ID…"),
            help=tr(
                "身份证号；- 表示从标准输入读，每行一个。", "ID numbers; - reads them from standard input, one a line."
            ),
        ),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help=tr("按姓名查。", "Look a name up."))] = None,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    unmask: bool = False,
) -> Result:
    """Look people up by their numbers or their name."""
    from trainingcli.views import person

    if bool(numbers) == (name is not None):
        raise UsageError(
            Text("请给出身份证号（- 表示标准输入），或用 --name", "give ID numbers (- for standard input) or --name")
        )
    law = options.law(policy)
    wanted = person.as_asked(_asked(numbers or []))
    with session.existing_ledger(ledger) as opened:
        rows, facts = person.document(opened, wanted, name, law)
    return Result(
        person.SCHEMA, person.PEOPLE, rows, facts, lambda room: person.screen(rows, law, unmask=unmask),
        _said(rows, name),
    )  # fmt: skip


def _asked(numbers: list[str]) -> list[str]:
    """Return the arguments, standard input's lines in place of `-`; a byte order mark is none of a number."""
    given = session.standard_input(numbers)
    lines = [] if given is None else given.decode("utf-8-sig", "replace").splitlines()
    return [text for number in numbers for text in (lines if number == "-" else [number])]


def _said(rows: list[dict[str, object]], name: str | None) -> list[Message]:
    if not rows:
        nobody = Text(f"台账中没有人叫“{name}”", f"nobody in the ledger is called '{name}'")
        return [Message(nobody if name is not None else Text("没有给出身份证号", "no ID number was given"))]
    unknown = sum(not row["known"] for row in rows)
    return (
        [Message(Text(f"台账中没有其中 {unknown} 人", f"the ledger does not know {unknown} of them"))]
        if unknown
        else []
    )
