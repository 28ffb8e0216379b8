"""`registers check`: everything that does not hold in a folder of registers, each with its cell.

What reading finds (bad dates, unknown levels, 生效 after 失效 …) stops a run as well. Added here: entries that say the
same thing twice, ID numbers and accounts that do not hold, and what each piece of evidence asks of its own register
(`faults`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from trainingcli.bank_account import account_digits, is_account
from trainingcli.evidence.gathering import read_registers
from trainingcli.evidence.listed import days_of, training
from trainingcli.evidence.register_contents import Contents, Entry, all_registers
from trainingcli.evidence.sources import all_sources
from trainingcli.evidence.sources.institutions import trainings_of
from trainingcli.id_form import has_form
from trainingcli.intake.tables.read_declared import Fault
from trainingcli.language import Text
from trainingcli.validation import identity
from trainingcli.workers import WorkerPool

_FIRST, _LAST = dt.date.min, dt.date.max


def check_folder(folder: Path, today: dt.date, pool: WorkerPool) -> list[Fault]:
    """Return every fault of a folder's registers, errors and warnings, in the order of register, row, column."""
    contents = read_registers(folder, pool)
    faults: list[Fault] = []
    for found in contents.values():
        own = [
            *found.faults,
            *_twice(found),
            *_numbers(found, today),
            *_own_rules(found),
            *_accounts(found),
            *_empty(found),
        ]
        faults += sorted(own, key=_place)
    return [*faults, *_strangers(folder, contents)]


def _place(fault: Fault) -> tuple[int, str]:
    cell = fault.cell or ""
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), letters.rjust(3)


def _strangers(folder: Path, contents: Mapping[str, Contents]) -> Iterator[Fault]:
    """Name workbooks that are no register, and a folder that holds none."""
    known = {register.file for register in all_registers().values()}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".xlsx", ".xls", ".xlsm") and path.name not in known and path.name[:2] != "~$":
            text = Text("文件名不是目录清单的名称，不会读取", "not the name of a register, and not read")
            yield Fault(path.name, None, None, text, is_error=False)
    if not contents:
        text = Text("文件夹里没有任何目录清单", "the folder holds no register")
        yield Fault(str(folder), None, None, text, is_error=False)


def _empty(contents: Contents) -> Iterator[Fault]:
    """Say that a workbook without a data row is no register: a run takes it as not supplied."""
    if not len(contents) and not any(fault.is_error for fault in contents.faults):
        text = Text("没有数据行，视为未提供", "has no data row and counts as not supplied")
        yield Fault(contents.register.file, None, None, text, is_error=False)


def _accounts(contents: Contents) -> Iterator[Fault]:
    """Name accounts that `pay export` pays nothing to."""
    for entry in contents.entries:
        if (account := entry.get("account")) and not is_account(account_digits(account)):
            text = Text("不是完整的银行账号，付款时不会采用", "no whole bank account: nothing is paid to it")
            yield contents.fault(entry, "account", text)


def _twice(contents: Contents) -> Iterator[Fault]:
    """Name entries that repeat an earlier one while that is in force."""
    key = contents.register.key
    seen: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in contents.entries:
        values = [_trainings(entry) if name == "occupations" else entry.get(name) for name in key]
        if values[0] is None:
            continue
        several = [value if isinstance(value, tuple) else (value,) for value in values]
        earlier = [other for one in product(*several) for other in seen.get(one, ()) if _overlap(other, entry)]
        if earlier:
            row = min(other.row for other in earlier)
            yield contents.fault(
                entry, key[0], Text(f"与第{row}行重复，且有效期重叠", f"repeats row {row}, and both are in force")
            )
        for one in product(*several):
            seen.setdefault(one, []).append(entry)


def _trainings(entry: Entry) -> tuple[str, ...] | None:
    """Return the occupations that an institution may train, each with each of its levels."""
    found = trainings_of(entry)
    return tuple(training(name, level) for name, levels in found for level in levels or [None]) or None


def _overlap(one: Entry, other: Entry) -> bool:
    (first, last), (since, until) = days_of(one), days_of(other)
    return (first or _FIRST) <= (until or _LAST) and (since or _FIRST) <= (last or _LAST)


def _numbers(contents: Contents, today: dt.date) -> Iterator[Fault]:
    """Name ID numbers that cannot be anybody's."""
    for key, column in contents.register.columns.items():
        if column.kind not in ("id", "ids"):
            continue
        for entry in contents.entries:
            value = entry.get(key) or ()
            numbers = list(value) if isinstance(value, tuple) else [value]
            if numbers and not _hold(numbers, today):
                text = Text(
                    "身份证号格式、出生日期或校验码不对", "an ID number's form, birth date or check digit is wrong"
                )
                yield contents.fault(entry, key, text)


def _hold(numbers: list[str], today: dt.date) -> bool:
    checks = (has_form(numbers), identity.born_on_a_day(numbers, today), identity.checks_out(numbers))
    return all(bool(check.all()) for check in checks)


def _own_rules(contents: Contents) -> Iterator[Fault]:
    """Ask what only one register has."""
    for source in all_sources():
        if contents.register.name in source.registers:
            yield from source.faults(contents)
    for entry in contents.entries:
        start, end = entry.get("start_date"), entry.get("end_date")
        if start is not None and end is not None and end < start:
            yield contents.fault(entry, "end_date", Text("结业早于开班", "ends before it begins"))
