"""`trainingcli publish progress`: how far the plan's targets are reached, for the public."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options, publish, session, view_options
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr(
    "公开工作任务完成情况：培训人次、就业率、技能人才占比；少于 5 人的分类人数不公布。",
    "The plan's targets for the public; counts by category below 5 are hidden.",
)


@told
def run(
    figures: Annotated[
        Path | None,
        typer.Option(
            "--figures",
            metavar="FILE",
            help=tr("统计表：年度、就业人员、技能劳动者、高技能人才。", "Population figures by year."),
        ),
    ] = None,
    employment: Annotated[
        list[Path] | None,
        typer.Option(
            "--employment",
            metavar="FILE",
            help=tr("就业信息：身份证号、是否就业（可多次给出）。", "Who found work; may be given several times."),
        ),
    ] = None,
    registers: options.RegistersPath = None,
    office: publish.OfficeName = None,
    phone: publish.Phone = None,
    address: publish.Address = None,
    out: options.OutFolder = publish.OUT,
    force: options.Force = False,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    today: options.Today = None,
    operator: options.Operator = None,
) -> Result:
    """Read everything that is named, measure, publish, return the document."""
    from trainingcli.views.progress import progress
    from trainingcli.views.progress_files import read_employment, read_figures
    from trainingcli.views.publish.progress import reached
    from trainingcli.views.publish.publishing import Order

    law, day = options.law(policy), options.day(today)
    with session.open_pool(1) as pool:
        population = {} if figures is None else read_figures(str(figures), pool)
        works, unusable = read_employment([str(path) for path in employment or ()], pool)
    _, districts = view_options.registers(registers)
    who, reads = publish.office(office, phone, address), session.named(ledger, registers, policy, figures)
    order = Order(out, day, who, session.operator(operator), [*reads, *map(str, employment or ())], force)
    return publish.published(
        ledger,
        lambda opened: reached(progress(opened, law, population, works, districts=districts), law, unusable),
        order,
    )
