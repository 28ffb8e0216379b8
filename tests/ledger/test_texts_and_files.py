"""What the chain's hashes stand on, written out: the first link, and texts that no UTF-8 can hold."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from trainingcli.ledger import files, open_ledger
from trainingcli.ledger.chain import GENESIS, link, links


def test_the_hash_before_the_first_is_32_zero_bytes(tmp_path):
    with open_ledger(tmp_path / "ledger.db") as ledger:
        assert ledger.head().hash == "0" * 64
    assert bytes(32) == GENESIS


def test_half_a_character_that_a_tamperer_writes_is_hashed_and_not_stumbled_over():
    expected = sha256(bytes(32) + b"\xed\xa0\x80").digest()
    assert link(bytes(32), "\ud800") == expected
    assert list(links(bytes(32), [("\ud800",)], 1)) == [expected]


def test_a_file_is_whole_and_its_owners_alone_before_it_has_its_name(tmp_path, monkeypatch):
    """A key that another process could read half written, or that others could read, would be no key."""
    link_of, seen, synced = os.link, [], []

    def look(draft, path):
        mode, begins = draft.stat().st_mode & 0o777, draft.name.startswith(f".{path.name}.")
        seen.append((path.exists(), draft.read_bytes(), mode, draft.parent == path.parent, begins, list(synced)))
        link_of(draft, path)

    monkeypatch.setattr(os, "link", look)

    def sync(handle):
        synced.append((str(Path(f"/proc/self/fd/{handle}").readlink()), os.fstat(handle).st_size))

    monkeypatch.setattr(os, "fsync", sync)
    open_before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - handles, no files
    before = os.umask(0)
    try:
        assert files.create_private(tmp_path / "key", b"secret") is True
        assert files.create_private(tmp_path / "key", b"secret") is False
        assert files.create_private(tmp_path / "key") is False
    finally:
        os.umask(before)
    (whole,) = {one[:5] for one in seen if not one[0]}
    assert whole == (False, b"secret", 0o600, True, True)
    assert [size for _, size in seen[0][5]] == [6], "what stands in it is on the disk before it has its name"
    assert synced[1][0] == str(tmp_path), "and its name after"
    assert len(os.listdir("/proc/self/fd")) == open_before  # noqa: PTH208
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize("content", [b"", b"secret"])
def test_a_umask_that_takes_everything_leaves_the_owner_the_file(tmp_path, content):
    before = os.umask(0o777)
    try:
        assert files.create_private(tmp_path / "key", content)
    finally:
        os.umask(before)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        (b"server:/ / nfs4 rw 0 0\n", "nfs4"),
        (b"/dev/sda1 / ext4 rw 0 0\n", None),
        (b"/dev/sda1 /srv/a ext4 rw 0 0\nserver:/ /srv nfs rw 0 0\n", None),  # the longest is in force, in any order
        (b"server:/ /srv/a nfs rw 0 0\n/dev/sda1 /srv ext4 rw 0 0\n", "nfs"),
        (b"/dev/sda1 /srv ext4 rw 0 0\nserver:/ /srv nfs rw 0 0\n", "nfs"),  # of two on one point the later
        (b"/dev/sdb1 /mnt/\xff ext4 rw 0 0\nserver:/ /srv nfs rw 0 0\n", "nfs"),  # a name that is no UTF-8
    ],
)
def test_the_mount_in_force_says_whether_a_place_is_shared(tmp_path, monkeypatch, mounts, kind):
    (tmp_path / "mounts").write_bytes(mounts)
    monkeypatch.setattr(files, "MOUNTS", tmp_path / "mounts")
    assert files.network_share(Path("/srv/a/ledger.db")) == kind


def test_whole_numbers_of_a_ledger_stay_whole_where_some_are_empty(tmp_path):
    with open_ledger(tmp_path / "ledger.db") as ledger:
        assert {str(ledger.entries()[name].dtype) for name in ("reverses", "event", "own", "place_no")} == {"Int64"}
        assert {str(ledger.entries()[name].dtype) for name in ("entry", "line", "approved")} == {"int64"}
        assert {str(ledger.entries()[name].dtype) for name in ("fund", "subject", "hash")} == {"str"}
        assert str(ledger.budgets()["budget"].dtype) == "Int64"
