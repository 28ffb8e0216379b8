"""The policy and the registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from pathlib import Path

from trainingcli.doctor.finding import Finding, fail, failed, ok, warn
from trainingcli.errors import TrainingError
from trainingcli.masking import mask_place
from trainingcli.workers import WorkerPool


def policy(path: Path | None, codes: Collection[str]) -> Finding:
    """Whether the policy holds; `codes`: the programmes that there are rules for."""
    from trainingcli.policy import load_policy

    try:
        found = load_policy(path, codes)
    except TrainingError as error:
        return failed("policy", error)
    place = mask_place(str(path)) if path else ""
    return ok("policy", f"{found.id} {place or '（内置）'}", f"{found.id} {place or '(shipped)'}")


def registers(folder: Path | None, today: dt.date, pool: WorkerPool) -> Iterator[Finding]:
    """Whether the registers can be used."""
    from trainingcli.evidence.register_faults import check_folder

    if folder is None:
        yield warn(
            "registers",
            "没有指定目录清单：职业、机构、开班备案等不核查；请写 --registers 或在配置文件里设置",
            "none named: occupations, institutions, classes are not checked; set registers",
        )
        return
    shown = mask_place(str(folder))
    try:
        faults = check_folder(folder, today, pool) if folder.is_dir() else None
    except TrainingError as error:
        yield failed("registers", error)
        return
    if faults is None:
        yield fail("registers", f"没有文件夹 {shown}", f"there is no folder {shown}")
        return
    errors = sum(fault.is_error for fault in faults)
    rest = len(faults) - errors
    zh = f"{shown}：错误 {errors} 处，提示 {rest} 处；用 registers check 逐个查看"
    en = f"{shown}: {errors} errors, {rest} warnings; registers check lists them"
    if errors or rest:
        yield fail("registers", zh, en) if errors else warn("registers", zh, en)
    else:
        yield ok("registers", shown, shown)
