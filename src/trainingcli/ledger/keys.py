"""The ledger's key (台账密钥): who is who only together with it; the archive opens only with it.

One secret of 32 bytes; every use has a key of its own, derived from it. A person, a body (a base, a studio) and a
certificate number are in the ledger as the first 16 bytes of HMAC-SHA256: long enough that no two meet, and no
dictionary of ID numbers helps without the key.
"""

from __future__ import annotations

import hmac
import os
import secrets
import zlib
from collections.abc import Iterable
from pathlib import Path

from trainingcli.errors import LedgerError, own_words
from trainingcli.language import Text
from trainingcli.ledger.failpoints import failpoint
from trainingcli.ledger.files import create_private, make_private
from trainingcli.places import LEDGER_KEY_FILE

KEY_VARIABLE = "TRAININGCLI_LEDGER_KEY"
_LENGTH = 16


class LedgerKey:
    """Everything that is done with the secret; it never shows itself."""

    def __init__(self, secret: bytes) -> None:
        self._person, self._body, self._certificate, self._seal, self._archive, self._check = (
            hmac.digest(secret, b"trainingcli ledger " + use, "sha256")
            for use in (b"person", b"body", b"certificate", b"seal", b"archive", b"check")
        )

    @property
    def check(self) -> str:
        """The check value that the ledger keeps, to tell a wrong key (hex); it gives nothing away."""
        return self._check[:_LENGTH].hex()

    def people(self, id_numbers: Iterable[str]) -> list[bytes]:
        """Return the key of each person, in order."""
        return _short(self._person, id_numbers)

    def bodies(self, kind: str, names: Iterable[str]) -> list[bytes]:
        """Return the key of each base or studio of a kind by its name as compared, in order."""
        return _short(self._body, (f"{kind}\0{name}" for name in names))

    def certificates(self, numbers: Iterable[str]) -> list[bytes]:
        """Return the key of each certificate number, in order."""
        return _short(self._certificate, numbers)

    def seal(self, last: bytes) -> bytes:
        """Return a batch's seal over the hash of its last entry: the chain cannot be forged without the key."""
        return hmac.digest(self._seal, last, "sha256")

    def lock(self, batch: int, data: bytes) -> bytes:
        """Compress and encrypt an archive (AES-256-GCM, bound to its batch)."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(12)
        return nonce + AESGCM(self._archive).encrypt(nonce, zlib.compress(data, 1), _bound(batch))

    def unlock(self, batch: int, data: bytes) -> bytes:
        """Return an archive as it was given to `lock`; a `LedgerError` where it was changed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return zlib.decompress(AESGCM(self._archive).decrypt(data[:12], data[12:], _bound(batch)))
        except (InvalidTag, ValueError) as error:
            raise LedgerError(
                Text(
                    f"台账批次 {batch} 的存档已被改动，无法还原；请运行 trainingcli ledger verify，并从备份恢复",
                    f"the archive of batch {batch} was changed and cannot be read; "
                    "run trainingcli ledger verify and restore a backup",
                )
            ) from error


def _short(key: bytes, texts: Iterable[str]) -> list[bytes]:
    """Return HMAC-SHA256 of each text, its first 16 bytes; the key is prepared once for all of them."""
    prepared = hmac.new(key, digestmod="sha256")
    found = []
    for text in texts:
        one = prepared.copy()
        one.update(text.encode())
        found.append(one.digest()[:_LENGTH])
    return found


def _bound(batch: int) -> bytes:
    return b"trainingcli batch %d" % batch


def key_path(ledger: Path) -> Path:
    """Return where the key of a SQLite ledger lies: beside it."""
    return ledger.with_name(ledger.name + ".key")


def read_key_file(path: Path) -> LedgerKey:
    """Read a key file; a `LedgerError` with the next step where it is missing or no key."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerError(
            Text(
                f"读不到台账密钥 {path}；没有它台账打不开，请从备份放回该文件",
                f"the ledger's key {path} cannot be read; the ledger does not open without it: "
                "put the file back from a backup",
            )
        ) from error
    key = LedgerKey(_parse(text, str(path)))
    make_private(path)  # now that it is known to be a key
    return key


def make_key_file(path: Path) -> LedgerKey:
    """Return the key in the file, making a new one (0600, whole at once) where there is none."""
    try:
        create_private(path, secrets.token_hex(32).encode() + b"\n")
    except OSError as error:
        raise LedgerError(
            Text(
                f"无法写入台账密钥 {path}（{own_words(error).zh}）；请换一个可写的文件夹",
                f"the ledger's key {path} cannot be written ({own_words(error).en}); choose another folder",
            )
        ) from error
    failpoint("create.key")
    return read_key_file(path)


def environment_key(*, new: bool) -> LedgerKey:
    """Return the key that the environment gives (PostgreSQL); for a new ledger a named file is made where missing."""
    if text := os.environ.get(KEY_VARIABLE):
        return LedgerKey(_parse(text, KEY_VARIABLE))
    if name := os.environ.get(LEDGER_KEY_FILE):
        return make_key_file(Path(name)) if new else read_key_file(Path(name))
    raise LedgerError(
        Text(
            f"PostgreSQL 台账的密钥须由环境变量给出：{LEDGER_KEY_FILE}=密钥文件，或 {KEY_VARIABLE}=64 位十六进制数",
            f"the key of a PostgreSQL ledger comes from the environment: set {LEDGER_KEY_FILE} to a key file, "
            f"or {KEY_VARIABLE} to 64 hex digits",
        )
    )


def _parse(text: str, where: str) -> bytes:
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise LedgerError(
            Text(
                f"{where} 不是台账密钥（应为 64 位十六进制数）；请从备份放回原来的密钥",
                f"{where} is no ledger key (64 hex digits); put the original key back from a backup",
            )
        )
    return secret
