"""`trainingcli ledger verify`: every entry and balance read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.errors import Exit
from trainingcli.language import Text, tr
from trainingcli.masking import mask_place
from trainingcli.result import Block, Message, Prose, Result, Table

if TYPE_CHECKING:
    from trainingcli.ledger import Verification

HELP = tr("重读全部分录与余额，校验台账。", "Re-read every entry and balance.")


@told
def run(
    head: Annotated[
        str | None,
        typer.Option("--head", help=tr("旧申领工作簿上的台账摘要。", "The head printed on an old claim workbook.")),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against", help=tr("此备份应是本台账的前段。", "A backup that must be a beginning of this ledger.")
        ),
    ] = None,
    ledger: options.LedgerPath = None,
) -> Result:
    """Verify chain, holdings, balances and what stands beside the chain; exit 4 at the first that does not hold."""
    from trainingcli.awards.archive_index import AllArchives
    from trainingcli.views.ledger_views import BALANCES, balances_view, rows_of

    with session.existing_ledger(ledger) as opened:
        found = opened.verify(head)
        if found.ok:
            found = opened.verify_indexes(AllArchives(), found)
        is_sound = found.ok
        if against is not None and is_sound:
            found = opened.verify_against(against, found)
    rows = rows_of(balances_view(found))
    facts = {
        "ok": found.ok, "head": found.head.hash, "entries": found.head.entries,
        "problem": None if found.problem is None else str(found.problem), "entry": found.entry, "batch": found.batch,
    }  # fmt: skip

    def screen(room: int) -> Iterator[Block]:
        yield Table(BALANCES.columns, rows)
        said = Text(
            f"台账摘要 {found.head.hash}，共 {found.head.entries} 条",
            f"head {found.head.hash}, {found.head.entries} entries",
        )
        yield Prose(str(said))

    code = Exit.OK if found.problem is None else Exit.LEDGER
    return Result(
        "trainingcli.ledger.balances/1",
        BALANCES,
        rows,
        facts,
        screen,
        _problem(found, against if is_sound else None),
        exit_code=code,
    )


def _problem(found: Verification, against: Path | None) -> list[Message]:
    """Say what does not hold; `against`: the file that does not, where the ledger itself does."""
    if found.problem is None:
        return []
    if against is not None:
        name = mask_place(str(against))
        held = Text(
            f"本台账通过校验；{name}：{found.problem.zh}，请检查 --against",
            f"this ledger holds; {name}: {found.problem.en}, check --against",
        )
        return [Message(held, is_error=True)]
    zh, en = "", ""
    if found.entry or found.batch:
        zh, en = (f"，第 {found.entry} 条", f" at entry {found.entry}") if found.entry else (
            f"，批次 {found.batch}", f" at batch {found.batch}",
        )  # fmt: skip
    said = Text(
        f"台账未通过校验{zh}：{found.problem.zh}；请勿再入账，并从备份恢复",
        f"the ledger fails verification{en}: {found.problem.en}; post nothing more, restore a backup",
    )
    return [Message(said, is_error=True)]
