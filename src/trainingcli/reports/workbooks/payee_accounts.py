"""Where each line's money goes: the payee's account and bank, beside the line; in doubt none (收款账户)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.coded_columns import distinct_rows
from trainingcli.compared import folded_name
from trainingcli.reports.workbooks.context import Context


def with_payee_accounts(lines: pa.Table, context: Context) -> pa.Table:
    """Return the lines with `pay_bank` and `pay_account`.

    A trainee's own subsidy goes to the account of its row. Any other payee's is the registers'; else the one that all
    its lines of this workbook name, if there are several: a single row may name its trainee's, and nothing is guessed.
    """
    own = to_trainee(lines, context)
    units = _accounts(lines.filter(pc.and_(pc.invert(own), is_paid(lines))), context)
    payees = pa.array(list(units), pa.string())
    at = pc.index_in(lines["payee"].cast(pa.string()), payees)
    for place, (column, name) in enumerate((("bank", "pay_bank"), ("account", "pay_account"))):
        of_unit = pa.array([account[place] for account in units.values()], pa.string()).take(at)
        lines = lines.append_column(name, pc.if_else(own, lines[column].cast(pa.string()), of_unit))
    return lines


def to_trainee(lines: pa.Table, context: Context) -> Any:
    """Say which lines are paid to the trainees themselves."""
    codes = [code for code, item in context.programmes.items() if item.pays_trainee]
    return pc.fill_null(pc.is_in(lines["programme"], pa.array(codes, lines["programme"].type)), False)


def is_paid(lines: pa.Table) -> Any:
    """Say which lines this run pays."""
    return pc.is_in(lines["status"], pa.array(["approved", "reduced"]))


def _accounts(paid: pa.Table, context: Context) -> dict[str, tuple[str | None, str | None]]:
    rows, which = distinct_rows(paid, ["payee", "bank", "account"])
    named: dict[str, list[tuple[str | None, str | None, int]]] = {}
    for row, count in zip(rows.to_pylist(), np.bincount(which, minlength=rows.num_rows).tolist(), strict=True):
        if row["payee"] is not None:
            named.setdefault(row["payee"], []).append((row["bank"], row["account"], count))
    found = {}
    for payee, ((bank, account, count), *others) in named.items():
        written = (bank, account) if count > 1 and not others else (None, None)
        found[payee] = context.accounts.get(folded_name(payee), written)
    return found
