"""`trainingcli publish lists`: the lists of 三(四) in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options, publish, session, view_options
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr(
    "公开目录清单：此日有效的职业（工种）、机构、鉴定评价机构、专项能力、职业资格；不含账户和个人。",
    "The lists in force: occupations, institutions, assessors, abilities, qualifications; no accounts, no people.",
)


@told
def run(
    registers: Annotated[
        Path, typer.Option("--registers", help=tr("目录清单文件夹。", "Folder of registers (published lists)."))
    ],
    office: publish.OfficeName = None,
    phone: publish.Phone = None,
    address: publish.Address = None,
    out: options.OutFolder = publish.OUT,
    force: options.Force = False,
    ledger: options.LedgerPath = None,
    today: options.Today = None,
    operator: options.Operator = None,
) -> Result:
    """Read the registers, publish what is in force, return the document."""
    from trainingcli.views.publish.lists import lists
    from trainingcli.views.publish.publishing import Order

    day = options.day(today)
    sources, _ = view_options.registers(registers)
    who = publish.office(office, phone, address)
    order = Order(out, day, who, session.operator(operator), session.named(ledger, registers), force)
    return publish.published(ledger, lambda opened: lists(sources, day), order)
