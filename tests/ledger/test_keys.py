"""The ledger alone tells of nobody; with its key, and only with it, it does its work."""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import stat
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from trainingcli.errors import LedgerError
from trainingcli.ledger import files, open_ledger
from trainingcli.ledger.keys import key_path

from .claims import line, lines, person, record

NAME, ACCOUNT, CERTIFICATE = "王小明", "6222020502001234567", "S140105202000123"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def fill(address) -> int:
    with open_ledger(address) as ledger, ledger.transaction():
        posted = lines(
            line(1, certificate_no=CERTIFICATE),
            line(2, programme="living-allowance", payee=NAME, certificate_no=CERTIFICATE),
        )
        return ledger.post(record(), posted, f"{NAME} {person(1)} {ACCOUNT}".encode() * 50)


def refused(address) -> str:
    with pytest.raises(LedgerError) as caught:
        open_ledger(address)
    assert caught.value.exit_code == 4
    assert "\n" not in str(caught.value)
    return caught.value.text.en


SECRETS = [text.encode() for text in (person(1), person(2), NAME, ACCOUNT, CERTIFICATE)]


def test_no_file_of_the_ledger_gives_out_a_person(path):
    with open_ledger(path) as held:  # keeps the write-ahead log in place
        batch = fill(path)
        for one in path.parent.iterdir():
            content = one.read_bytes()
            for secret in SECRETS:
                assert secret not in content
                assert hashlib.sha256(secret).digest()[:16] not in content, "a hash without a key could be looked up"
        assert NAME.encode() in held.archive(batch)


def test_no_table_of_a_shared_ledger_gives_out_a_person(postgres_address):
    import psycopg

    fill(postgres_address)
    with psycopg.connect(postgres_address) as connection:
        for table in ("entries", "batches", "archives", "places", "repeat_keys", "active", "balances"):
            content = str(connection.execute(f"SELECT * FROM {table}").fetchall())
            for secret in SECRETS:
                assert secret.decode() not in content
                assert secret.hex() not in content


def test_a_persons_key_is_an_hmac_under_the_ledgers_key(path):
    fill(path)
    secret = bytes.fromhex(key_path(path).read_text())
    assert stat.S_IMODE(key_path(path).stat().st_mode) == 0o600
    assert len(secret) == 32
    derived = hmac.digest(secret, b"trainingcli ledger person", "sha256")
    expected = [hmac.digest(derived, person(n).encode(), "sha256")[:16].hex() for n in (1, 2)]
    with open_ledger(path) as ledger:
        assert ledger.person_keys([person(1), person(2)]) == expected
        assert ledger.entries()["subject"].tolist() == expected
    other = path.with_name("other.db")
    with open_ledger(other) as ledger:
        assert ledger.person_keys([person(1)]) != expected[:1]


def test_an_archive_is_opened_as_docs_ledger_md_says(path):
    """AES-256-GCM under a key derived from the ledger's, bound to its batch: what exists must stay readable."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    batch = fill(path)
    secret = bytes.fromhex(key_path(path).read_text())
    derived = hmac.digest(secret, b"trainingcli ledger archive", "sha256")
    with open_ledger(path) as ledger:
        ((data,),) = ledger._store.execute("SELECT data FROM archives WHERE batch = ?", (batch,))
        plain = AESGCM(derived).decrypt(data[:12], data[12:], f"trainingcli batch {batch}".encode())
        assert zlib.decompress(plain) == ledger.archive(batch)


def test_a_missing_key_is_told_and_none_is_made_in_its_place(path):
    fill(path)
    key_path(path).unlink()
    assert "put the file back" in refused(path)
    assert not key_path(path).exists()


def test_another_ledgers_key_is_told(path):
    fill(path)
    other = path.with_name("other.db")
    fill(other)
    key_path(path).write_bytes(key_path(other).read_bytes())
    assert "not that of the ledger" in refused(path)


@pytest.mark.parametrize("content", [b"", b"zz", b"ab" * 31, b"\xff\xfe"])
def test_a_key_file_that_holds_no_key_is_told(path, content):
    fill(path)
    key_path(path).write_bytes(content)
    key_path(path).chmod(0o644)
    assert "key" in refused(path)
    assert stat.S_IMODE(key_path(path).stat().st_mode) == 0o644, "a file that is no key is somebody's"


def test_a_key_that_is_there_already_serves_a_new_ledger(path):
    key_path(path).write_text("AB" * 32 + "\n")
    fill(path)
    assert key_path(path).read_text() == "AB" * 32 + "\n"


def test_a_key_that_cannot_be_written_is_told(path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("trainingcli.ledger.keys.create_private", full)
    assert "cannot be written (the disk is full)" in refused(path)


def test_a_changed_archive_is_told(path):
    batch = fill(path)
    with open_ledger(path) as ledger:
        store = ledger._store
        (data,) = store.execute("SELECT data FROM archives")[0]
        for changed in (data[:-1] + bytes([data[-1] ^ 1]), data[:5]):
            with pytest.raises(LedgerError, match="存档"):
                ledger._key.unlock(batch, changed)
        with pytest.raises(LedgerError):
            ledger._key.unlock(batch + 1, data)  # an archive cannot stand in for another batch's


def test_without_hard_links_the_key_is_made_all_the_same(tmp_path, monkeypatch):
    def no_links(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert files.create_private(tmp_path / "a", b"content")
    assert not files.create_private(tmp_path / "a", b"other")
    assert (tmp_path / "a").read_bytes() == b"content"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_of_two_that_make_a_file_the_first_wins(tmp_path):
    assert files.create_private(tmp_path / "a", b"content")
    assert not files.create_private(tmp_path / "a", b"other")
    assert not files.create_private(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"content"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_cannot_be_synced_is_no_failure(tmp_path, monkeypatch):
    def refused_sync(folder, *_):
        raise PermissionError

    monkeypatch.setattr(os, "open", refused_sync)
    files._sync_folder(tmp_path)


def test_importing_the_ledger_loads_no_heavy_library():
    heavy = ("pandas", "pyarrow", "numpy", "cryptography", "psycopg", "sqlite3")
    program = f"import sys, trainingcli.ledger; print([name for name in {heavy} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
