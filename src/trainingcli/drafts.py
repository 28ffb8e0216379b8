"""Files that the program makes: under a temporary name first, whole, for their owner alone, never through a link.

Drafts lie in a hidden folder beside their place, which the writer keeps locked; the next writer into the same place
removes those whose writer is gone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from trainingcli.errors import OutputError, own_words
from trainingcli.language import Text
from trainingcli.masking import mask_place

_DRAFTS = ".partial"  # ending of a draft folder's name
_locked: dict[Path, int] = {}  # draft folder → the open handle that holds its lock


def private_folder(folder: Path) -> None:
    """Make a folder and those above it, for their owner alone. Raises `OSError`."""
    for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
        with contextlib.suppress(FileExistsError):
            missing.mkdir(mode=0o700)
    if not folder.is_dir():
        raise NotADirectoryError(20, os.strerror(20))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, for their owner alone. `OutputError` where it cannot be."""
    try:
        private_folder(folder)
    except OSError as error:
        raise cannot_write(folder, error) from None


def make_own_folder(folder: Path) -> None:
    """Make a folder whose name is the program's own: a link that lies there under that name is not followed."""
    make_folder(folder.parent)
    if folder.is_symlink():
        raise OutputError(
            Text(
                f"{mask_place(str(folder))} 是链接，没有经它写出；请删除该链接，或用 --out 指定其他文件夹",
                f"{mask_place(str(folder))} is a link and was not written through; remove it, or choose another --out",
            )
        )
    make_folder(folder)


def draft_folder(folder: Path) -> Path:
    """Return this process's locked folder for drafts in `folder`; what dead writers left there is removed first.

    `OutputError` where it cannot be made.
    """
    folder = folder.absolute()
    for held in _locked:
        if held.parent == folder and held.is_dir():
            return held
    _remove_abandoned(folder)
    try:
        while True:
            drafts = folder / f".{os.urandom(8).hex()}{_DRAFTS}"
            drafts.mkdir(mode=0o700)
            handle = _lock(drafts)
            if drafts.is_dir():  # another writer that cleans up may have come between
                break
    except OSError as error:
        raise cannot_write(folder, error) from None
    if handle is not None:
        _locked[drafts] = handle
    return drafts


def drop_drafts(folder: Path) -> None:
    """Give up a draft folder that is empty; one that is not stays, and a folder that is none is left alone."""
    if not folder.name.endswith(_DRAFTS):
        return
    with contextlib.suppress(OSError):
        folder.rmdir()
        handle = _locked.pop(folder, None)
        if handle is not None:
            os.close(handle)


def _lock(folder: Path) -> int | None:
    """Lock a folder and return the handle that holds the lock; None where another holds it, or nothing can."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _remove_abandoned(folder: Path) -> None:
    """Remove the drafts in a folder whose writer is gone: they hold whole ID numbers."""
    for left in folder.glob(f".*{_DRAFTS}"):
        handle = _lock(left)
        if handle is None:
            continue
        with contextlib.suppress(OSError):
            if stat.S_ISDIR(os.fstat(handle).st_mode):
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()
        os.close(handle)


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """Make a new file for its owner alone and see it on the disk; removed again where that fails."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags, 0o600)
    try:
        with os.fdopen(handle, "w+b") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def put_in_place(drafts: Iterable[tuple[Path, Path]]) -> None:
    """Give every draft (first) its name (second). Raises `OSError`; a link there is replaced, not followed."""
    pairs = list(drafts)
    for draft, path in pairs:
        if path.is_dir() and not path.is_symlink():
            raise IsADirectoryError(21, os.strerror(21), str(path))
        draft.stat()
    for draft, path in pairs:
        draft.replace(path)
    for folder in {path.parent for _, path in pairs}:
        sync_folder(folder)
    for folder in {draft.parent for draft, _ in pairs}:
        drop_drafts(folder)


def write_file(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Write one file, at once or not at all. `OutputError` (exit 5) where it cannot be."""
    _write(path, write, lambda draft: put_in_place([(draft, path)]))


def write_new_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file that must not be there, at once or not at all. `FileExistsError`; `OutputError` (exit 5)."""

    def place(draft: Path) -> None:
        os.link(draft, path)  # unlike a new name, it replaces nothing
        sync_folder(path.parent)

    _write(path, write, place)


def _write(path: Path, write: Callable[[IO[bytes]], object], place: Callable[[Path], None]) -> None:
    drafts = draft_folder(path.parent)
    draft = drafts / os.urandom(4).hex()
    try:
        with private_file(draft) as target:
            write(target)
        place(draft)
    except FileExistsError:
        raise
    except OSError as error:
        raise cannot_write(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        drop_drafts(drafts)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder last a power failure. Raises `OSError`."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Return what to raise where a file or folder cannot be written."""
    why, place = own_words(error), mask_place(str(path))
    return OutputError(
        Text(
            f"无法写出 {place}：{why.zh}。请检查磁盘空间与写入权限，或换一个文件夹。",
            f"Cannot write {place}: {why.en}. Check free space and permissions, or choose another folder.",
        )
    )
