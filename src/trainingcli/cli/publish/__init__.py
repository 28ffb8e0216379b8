"""`trainingcli publish …`: what the public is told (公示公开), each a workbook and a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import session
from trainingcli.language import Text, tr
from trainingcli.result import Block, Items, Listing, Message, Prose, Result, columns

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger
    from trainingcli.views.publish.document import Document, Office
    from trainingcli.views.publish.publishing import Order, Publication

HELP = tr(
    "公示公开：补贴公示、目录清单、资金使用、目标完成，各写出一份工作簿和一个网页，并记入台账。",
    "Publish: a notice, the lists, the use of funds, progress; each a workbook and a page, kept in the ledger.",
)
IS_PUBLIC = True
OUT = Path("publish-out")
OUTPUTS = Listing("outputs", columns("file 文件 place File\nsha256 SHA-256 code SHA-256"))

OfficeName = Annotated[
    str | None,
    typer.Option("--office", help=tr("发布单位。", "The office that publishes.")),
]
Phone = Annotated[
    str | None,
    typer.Option("--phone", help=tr("发布单位的联系电话。", "The office's phone.")),
]
Address = Annotated[
    str | None,
    typer.Option("--address", help=tr("发布单位的地址。", "The office's address.")),
]


def office(name: str | None, phone: str | None, address: str | None) -> Office:
    """Return who publishes, as the options say."""
    from trainingcli.views.publish.document import Office

    return Office(*(None if text is None or not text.strip() else text.strip() for text in (name, phone, address)))


def published(ledger: str | None, make: Callable[[Ledger], Document], order: Order) -> Result:
    """Publish into the ledger that is there; return the command's document."""
    from trainingcli.views.publish.publishing import publish

    with session.existing_ledger(ledger, writing=True) as opened:
        done = publish(opened, make, order)
    return Result(
        "trainingcli.publication/1", OUTPUTS, done.outputs(), {**done.facts(), "batch": done.batch},
        lambda room: _screen(done), [Message(text) for text in (*_silent(order.office), *done.document.said)],
        posted=done.batch,
    )  # fmt: skip


def _silent(office: Office) -> list[Text]:
    """Say what of the office nobody gave: citizens look for it on every page."""
    given = {"--office": office.name, "--phone": office.phone, "--address": office.address}
    missing = [option for option, text in given.items() if text is None]
    zh, en = "、".join(missing), ", ".join(missing)
    return [Text(f"没有给出 {zh}，页面上没有这几项", f"{en}: not given, so the page has none")] if missing else []


def _screen(done: Publication) -> list[Block]:
    issue, title = done.issue, done.document.title
    said = [tr(f"{title} 第 {issue.number} 号（{issue.day}）", f"{title}, No. {issue.number} ({issue.day})")]
    said += [
        f"{label}：{value}" if tr("zh", "en") == "zh" else f"{label}: {value}" for label, value in done.document.facts
    ]
    hashes = [f"{one.path.suffix[1:]} {one.sha256}" for one in done.files]
    written = Items(tr("写出", "Written"), [str(one.path) for one in done.files], "place")
    return [Prose(said[0], "bold"), Prose("\n".join(said[1:])), written, Items("SHA-256", hashes, "code")]
