"""Files that only their owner may read, whatever the umask; and folders where SQLite's locks cannot be trusted."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

MOUNTS = Path("/proc/mounts")
_NETWORK = frozenset(
    """nfs nfs4 cifs smb3 smbfs smb2 afs afpfs ncpfs ceph lustre beegfs gfs2 ocfs2 davfs fuse.sshfs fuse.smbnetfs
    fuse.glusterfs fuse.davfs fuse.davfs2 fuse.rclone fuse.s3fs fuse.cephfs""".split()  # noqa: SIM905 - shorter
)
_OCTAL = re.compile(r"\\([0-7]{3})")


def create_private(path: Path, content: bytes = b"") -> bool:
    """Create a file with mode 0600 that is whole from the moment it is seen; False where there is one already."""
    if not content:
        return _create(path, content)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    _create(draft, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links (a memory stick)
        return _create(path, content)
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return True


def _create(path: Path, content: bytes) -> bool:
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as stream:
        make_private(path)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return True


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder last a power failure (where the system lets a folder be opened)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_private(path: Path) -> None:
    """Take the file from everyone but its owner; a file of another owner is left as it is."""
    with suppress(OSError):
        path.chmod(0o600)


def network_share(path: Path) -> str | None:
    """Return the kind of network file system that the path lies on, or None (also where that cannot be told)."""
    whole = os.path.realpath(path)
    if whole.startswith("\\\\"):
        return "smb"
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    best, kind = "", None
    for line in mounts.splitlines():
        _, point, file_system, *_ = line.split(" ")
        point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), point).rstrip("/")
        if (whole == point or whole.startswith(point + "/")) and len(point) >= len(best):
            best, kind = point, file_system
    return kind if kind in _NETWORK else None
