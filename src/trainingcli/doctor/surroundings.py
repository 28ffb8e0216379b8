"""The program and the machine: versions, folders, free space."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from trainingcli import __version__
from trainingcli.doctor.finding import Finding, fail, ok, warn
from trainingcli.masking import mask_place

_LITTLE, _TOO_LITTLE = 1 << 30, 200 << 20  # bytes free


def versions() -> Finding:
    """The program, Python, and every library that the program asks for."""
    asked = [line for line in metadata.requires("trainingcli") or [] if "extra ==" not in line]
    names = [found[0] for line in asked if (found := re.match(r"[\w.-]+", line))]
    have, missing = [], []
    for name in names:
        try:
            have.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        lost = ", ".join(missing)
        return fail(
            "versions", f"缺少程序库 {lost}；请重新安装 trainingcli", f"{lost} missing; install trainingcli again"
        )
    said = f"trainingcli {__version__}, Python {platform.python_version()}, {platform.system()}; {', '.join(have)}"
    return ok("versions", said, said)


def protection() -> Finding:
    """Whether files can be kept for their owner alone, and workers be held within bounds."""
    if os.name == "nt":
        return warn(
            "protection",
            "Windows 上文件没有 0600 权限，读表进程也没有内存上限：请放在只有本人能进的文件夹，只打开可信的表",
            "on Windows files have no mode 0600 and workers no bound of memory: keep to a folder of your own",
        )
    return ok("protection", "写出的文件只有本人能读（0600）", "what is written is for its owner alone (0600)")


def paths(out: Path | None, log: Path | None, words: Path | None) -> Iterator[Finding]:
    """Whether what is written can be, and what is read is there."""
    for name, path in (("out", out), ("log", log and log.parent)):
        if path is not None:
            yield _writable(name, path)
    if words is not None:
        shown = mask_place(str(words))
        if os.access(words, os.R_OK) and words.is_file():
            yield ok("words", shown, shown)
        else:
            yield fail("words", f"{shown} 没有，或不能读", f"{shown} is not there, or cannot be read")


def _writable(name: str, path: Path) -> Finding:
    shown = mask_place(str(path))
    there = next(place for place in (path.absolute(), *path.absolute().parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return fail(name, f"不能写到 {shown}；请换一个文件夹", f"{shown} cannot be written to; name another folder")
    return ok(
        name,
        shown if path.exists() else f"{shown}（用时建立）",
        shown if path.exists() else f"{shown} (made when needed)",
    )


def disk(*places: Path) -> Finding:
    """Free space where files are written: the least of all the places."""
    free = {}
    for place in places:
        there = next(folder for folder in (place.absolute(), *place.absolute().parents) if folder.exists())
        free[there] = shutil.disk_usage(there).free
    tightest = min(free, key=lambda folder: free[folder])
    left, shown = f"{free[tightest] / (1 << 30):.1f} GB", mask_place(str(tightest))
    if free[tightest] < _TOO_LITTLE:
        return fail("disk", f"{shown} 只剩 {left}", f"{shown} has {left} left")
    tell = warn if free[tightest] < _LITTLE else ok
    return tell("disk", f"{shown} 还有 {left}", f"{shown} has {left} left")
