"""`trainingcli ledger`: what was posted (台账): list, show, import, void, verify, rebuild, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainingcli.cli import options, output, session
from trainingcli.cli.failure import say_error, told
from trainingcli.errors import Exit, LedgerError
from trainingcli.language import Text, tr

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.ledger import Ledger

COMMAND = "ledger"
APP = typer.Typer(
    help=tr(
        "台账：查看、导入、冲销、校验、重建、导出。", "The ledger: list, show, import, void, verify, rebuild, export."
    ),
    no_args_is_help=True,
)
BATCH = Annotated[int, typer.Argument(metavar=tr("批次", "BATCH"), help=tr("批次号。", "The batch's number."))]
HEADINGS = {
    "batch": Text("批次", "Batch"),
    "kind": Text("种类", "Kind"),
    "date": Text("日期", "Date"),
    "inputs": Text("来源", "Inputs"),
    "policy": Text("政策", "Policy"),
    "line": Text("明细", "Line"),
    "name": Text("姓名", "Name"),
    "id_number": Text("身份证号", "ID number"),
    "programme": Text("补贴项目", "Programme"),
    "occupation": Text("职业(工种)", "Occupation"),
    "level": Text("等级", "Level"),
    "start_date": Text("开班日期", "Start"),
    "payee": Text("补贴对象", "Payee"),
    "lines": Text("笔数", "Lines"),
    "yuan": Text("金额(元)", "Yuan"),
    "reversed": Text("已冲销", "Reversed"),
    "reversed_by": Text("冲销分录", "Reversed by"),
    "reversed_yuan": Text("冲销金额", "Reversed yuan"),
    "problem": Text("问题", "Problem"),
    "fund": Text("资金", "Fund"),
    "year": Text("年度", "Year"),
    "opening": Text("期初", "Opening"),
    "posted": Text("入账", "Posted"),
    "closing": Text("期末", "Closing"),
}


def _open(address: str | None, *, writing: bool) -> Any:
    return session.open_ledger(address, writing=writing)


def _there(ledger: Ledger | None) -> Ledger:
    if ledger is None:
        raise LedgerError(
            Text(
                "还没有台账；请用 --ledger 指定，或先用 claims --post 入账",
                "there is no ledger yet; name one with --ledger, or post one with claims --post",
            )
        )
    return ledger


def _say_written(path: str) -> None:
    from trainingcli.masking import mask_place

    typer.echo(mask_place(path))


def _print(frame: pd.DataFrame, key: str, form: options.Format | None, **more: object) -> None:
    from trainingcli.reports.data import frames

    chosen = output.chosen(form)
    if chosen is options.Format.table:
        from rich.console import Console

        Console(highlight=False).print(frames.as_table(frame, HEADINGS))
    elif chosen is options.Format.json:
        sys.stdout.write(frames.as_json(f"trainingcli.ledger.{key}/1", key, frame, **more))
    elif chosen is options.Format.ndjson:
        sys.stdout.writelines(frames.as_ndjson(frame))
    else:
        sys.stdout.write(frames.as_csv(frame))


@APP.command(name="list", help=tr("列出各批次。", "List the batches."))
@told
def list_batches(ledger: options.LedgerPath = None, format_: options.Output = None, lang: options.Lang = None) -> None:
    """Batches with date, inputs, policy, lines, yuan."""
    from trainingcli.views.ledger_views import batches_view

    with _open(ledger, writing=False) as opened:
        view = batches_view(_there(opened))
    _print(view, "batches", format_)


@APP.command(name="show", help=tr("显示一个批次的明细。", "Show one batch's lines."))
@told
def show(
    batch: BATCH,
    ledger: options.LedgerPath = None,
    format_: options.Output = None,
    unmask: options.Unmask = False,
    lang: options.Lang = None,
) -> None:
    """One batch's lines, what was reversed of them marked."""
    from trainingcli.views.ledger_views import entries_view

    with _open(ledger, writing=False) as opened:
        view = entries_view(_there(opened), batch, unmask=unmask)
    if output.chosen(format_) is options.Format.table:
        view = view.drop(columns=["batch", "kind", "fund", "start_date"])
    _print(view, "lines", format_, batch=batch)


@APP.command(
    name="import",
    help=tr(
        "导入以前发放的补贴（有问题的行列出，不导入）。",
        "Import earlier payments; rows with faults are listed, not imported.",
    ),
)
@told
def import_(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar=tr("文件…", "FILE…"), help=tr("以前发放明细的工作簿。", "Workbooks of earlier payments.")
        ),
    ],
    programme: options.ProgrammeName = None,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    today: options.Today = None,
    password_file: options.PasswordFile = None,
    format_: options.Output = None,
    unmask: options.Unmask = False,
    quiet: options.Quiet = False,
    lang: options.Lang = None,
) -> int:
    """Check the rows as a roster's, post the good ones as one batch."""
    from trainingcli.claims.importing import import_payments
    from trainingcli.claims.rosters import read_inputs

    with session.open_pool(1) as pool:
        law = options.law(policy)
        named = session.named(ledger, policy)
        request = session.request(files, today, programme, law, password_file, named=named)
        inputs = read_inputs(request, law, pool)
        with _open(ledger, writing=True) as opened, _there(opened).transaction():
            _there(opened).refuse_unsound()
            result = import_payments(request, law, inputs, _there(opened))
    output.tell(result, quiet)
    output.print_assessment(result, format_, unmask=unmask)
    return Exit.INPUT if any(item.error is not None for item in inputs) else Exit.OK


@APP.command(
    name="void",
    help=tr("冲销：记入相反的分录，不删除；不能冲销两次。", "Reverse: new entries, never a deletion; only once."),
)
@told
def void(
    batch: BATCH,
    why: Annotated[str, typer.Option("--why", help=tr("冲销原因。", "Why it is reversed."))],
    line: Annotated[
        list[int] | None, typer.Option("--line", help=tr("只冲销这些明细号。", "Reverse these lines only."))
    ] = None,
    ledger: options.LedgerPath = None,
    format_: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """Reverse a batch, or some of its lines."""
    from trainingcli.claims.post import now
    from trainingcli.views.ledger_views import entries_view

    with session.open_ledger(ledger, writing=True, create=False) as opened:
        book = _there(opened)
        with book.transaction():
            book.refuse_unsound()
            entries = book.void(batch, line or None, why, when=now())
        after = entries_view(book, batch, unmask=False)
        _print(after[after["reversed_by"].notna()], "lines", format_, batch=batch, entries=entries)


@APP.command(name="verify", help=tr("重读全部分录与余额，校验台账。", "Re-read every entry and balance."))
@told
def verify(
    head: Annotated[
        str | None,
        typer.Option("--head", help=tr("旧申领工作簿上的台账摘要。", "The head printed on an old claim workbook.")),
    ] = None,
    ledger: options.LedgerPath = None,
    format_: options.Output = None,
    lang: options.Lang = None,
) -> int:
    """Verify the chain, the holdings, the balances; exit 4 at the first entry that does not hold."""
    from trainingcli.views.ledger_views import balances_view

    with _open(ledger, writing=False) as opened:
        found = _there(opened).verify(head)
    facts = {
        "ok": found.ok, "head": found.head.hash, "entries": found.head.entries,
        "problem": None if found.problem is None else str(found.problem), "entry": found.entry, "batch": found.batch,
    }  # fmt: skip
    _print(balances_view(found), "balances", format_, **facts)
    if output.chosen(format_) is options.Format.table:
        typer.echo(
            tr(
                f"台账摘要 {found.head.hash}，共 {found.head.entries} 条",
                f"head {found.head.hash}, {found.head.entries} entries",
            )
        )
    if found.problem is not None:
        where = (
            tr(f"第 {found.entry} 条", f"entry {found.entry}")
            if found.entry
            else tr(f"批次 {found.batch}", f"batch {found.batch}")
        )
        say_error(
            tr(
                f"台账未通过校验，{where}：{found.problem}；请勿再入账，并从备份恢复",
                f"the ledger fails verification at {where}: {found.problem}; post nothing more, restore a backup",
            )
        )
        return Exit.LEDGER
    return Exit.OK


@APP.command(name="rebuild", help=tr("重新写出一个批次的工作簿。", "Write a batch's workbooks again."))
@told
def rebuild(
    batch: BATCH,
    out: options.OutFolder = Path("claims-out"),
    force: options.Force = False,
    ledger: options.LedgerPath = None,
    lang: options.Lang = None,
) -> None:
    """Write the batch's workbooks, cell for cell as they were."""
    from trainingcli.claims.batch_workbooks import write_workbooks
    from trainingcli.claims.post import posted_batch
    from trainingcli.engines.local import LocalEngine

    with session.open_pool(None) as pool, _open(ledger, writing=False) as opened:
        books = write_workbooks(posted_batch(_there(opened), batch), out, LocalEngine(pool), force=force)
        books.commit()
    for path in books.paths:
        _say_written(path)


@APP.command(name="export", help=tr("导出全部分录（xlsx 或 csv）。", "Export every entry (xlsx or csv)."))
@told
def export(
    file: Annotated[
        Path, typer.Argument(metavar=tr("文件", "FILE"), help=tr("以 .xlsx 或 .csv 结尾。", "Ends in .xlsx or .csv."))
    ],
    force: options.Force = False,
    ledger: options.LedgerPath = None,
    unmask: options.Unmask = False,
    lang: options.Lang = None,
) -> None:
    """Write every entry, masked unless asked otherwise."""
    from trainingcli.replacing import refuse_replacing
    from trainingcli.reports.data.export import export_frame
    from trainingcli.views.ledger_views import entries_view

    refuse_replacing([file], session.named(ledger), force=force)
    with _open(ledger, writing=False) as opened:
        export_frame(entries_view(_there(opened), None, unmask=unmask), file)
    _say_written(str(file))
