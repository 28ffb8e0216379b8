"""`trainingcli explain`: what a code means, or how one row of a roster came to its amounts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainingcli.cli import options
from trainingcli.cli.failure import told
from trainingcli.errors import InputError, UsageError
from trainingcli.evidence.source import NOTHING, Given
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result

if TYPE_CHECKING:
    from trainingcli.explain.row_explanation import Explanation

HELP = tr(
    "解释原因代码、补贴项目和限制；加 --row 解释花名册中的一行怎样核定。",
    "Explain a reason code, programme or limit; with --row, how one row of a roster came to its amounts.",
)


def _codes(incomplete: str) -> list[str]:
    from trainingcli.explain.entries import codes

    return [code for code in codes() if code.startswith(incomplete)]


@told
def run(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar=tr("代码|前缀|花名册", "CODE|PREFIX|ROSTER"),
            help=tr("代码、代码的开头，或花名册文件。", "A code, the beginning of codes, or a roster file."),
            autocompletion=_codes,
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help=tr("全部代码。", "Every code."))] = False,
    row: Annotated[
        int | None,
        typer.Option(
            "--row",
            min=1,
            help=tr("花名册中的行号（表格软件显示的）。", "Row number, as the spreadsheet program shows it."),
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet", help=tr("工作表名；只有一张表有此行时可省略。", "Sheet; not needed where just one has the row.")
        ),
    ] = None,
    programme: options.ProgrammeName = None,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    evidence: Given = NOTHING,
    words: options.WordsPath = None,
    today: options.Today = None,
    password_file: options.PasswordFile = None,
    unmask: bool = False,
) -> Result:
    """Explain codes, or, with a row number, a row."""
    if row is None:
        if sheet or programme or today:  # others may come from the configuration, which is for every command
            raise UsageError(Text("--sheet 等选项要同 --row 一起用", "--sheet and the like go with --row"))
        return _codes_explained(what, all_)
    if what is None or all_:
        raise UsageError(Text("--row 前要写花名册文件", "--row needs a roster file"))
    from trainingcli.awards import row_explanation as awards
    from trainingcli.claims.request import Request
    from trainingcli.cli import session
    from trainingcli.explain.row_explanation import explain_row
    from trainingcli.explain.row_place import Place

    day = options.day(today)
    law = options.law(policy)
    session.use_words(words, law)
    with session.open_pool(1) as pool, session.open_ledger(ledger, writing=False) as opened:
        request = Request(
            [what],
            day,
            options.programme(programme, law),
            session.password(password_file),
            session.standard_input([what]),
        )
        sources = session.sources(evidence, law, pool, day)
        try:
            found = explain_row(request, Place(row, sheet), law, pool, opened, sources, unmask=unmask)
        except InputError:
            if not awards.is_awards_workbook(request, law, pool):
                raise
            award = awards.explain_row(request, row, sheet, law, pool, opened, sources, unmask=unmask)
            return _award_explained(award, _of_people(evidence, programme))
    return _row_explained(found)


def _codes_explained(what: str | None, all_: bool) -> Result:
    from trainingcli.explain import entries, entry_page

    if what is None and not all_:
        raise UsageError(Text("请写代码，或用 --all 列出全部", "name a code, or list them all with --all"))
    codes = list(entries.codes()) if what is None or all_ else entries.matching(what)
    if not codes:
        raise _unknown(what or "")
    rows = (entry_page.row(entries.topic(code)) for code in codes)
    return Result(entry_page.SCHEMA, entry_page.TOPICS, rows, screen=lambda room: entry_page.screen(codes, room))


def _unknown(what: str) -> UsageError:
    from trainingcli.explain.entries import near

    if Path(what).exists():
        return UsageError(
            Text(
                f"解释花名册要写行号，例如：explain {what} --row 5",
                f"to explain a roster name a row: explain {what} --row 5",
            )
        )
    names = near(what)
    zh = f"；是不是 {'、'.join(names)}？" if names else "；explain --all 列出全部代码"
    en = f"; did you mean {', '.join(names)}?" if names else "; explain --all lists every code"
    return UsageError(Text(f"没有代码 {what}{zh}", f"there is no code {what}{en}"))


def _row_explained(found: Explanation) -> Result:
    from trainingcli.explain import row_page

    facts = {key: value for key, value in found.items() if key not in ("schema", "lines")}
    return Result(
        found["schema"], row_page.LINES, found["lines"], facts, lambda room: row_page.screen(found, room),
    )  # fmt: skip


def _of_people(evidence: Given, programme: str | None) -> list[Message]:
    """Say which options were given that say nothing of bases and studios."""
    from trainingcli.evidence.sources import all_sources

    declared = ((source.name, source.option) for source in all_sources())
    flags = [each.flag for name, each in declared if each and "awards" not in each.commands and evidence.of(name)]
    given = "、".join([*flags, *(["--programme"] if programme else [])])
    return (
        [Message(Text(f"没有用到 {given}：它不涉及基地、工作室", f"{given}: not used, of people alone"))]
        if given
        else []
    )


def _award_explained(found: dict[str, Any], messages: list[Message]) -> Result:
    from trainingcli.awards.document import LINES
    from trainingcli.awards.row_explanation import screen

    facts = {key: value for key, value in found.items() if key not in ("schema", "lines")}
    return Result(found["schema"], LINES, found["lines"], facts, lambda room: screen(found), messages)
