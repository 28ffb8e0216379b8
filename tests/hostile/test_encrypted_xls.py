"""An .xls with a password (BIFF8, RC4 and RC4 CryptoAPI of MS-OFFCRYPTO) is read with it, and refused without it."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from hashlib import md5, sha1
from pathlib import Path
from struct import pack, unpack_from

import olefile
import pytest
from tests.cli.program import TODAY, run
from tests.hostile.generate import ROWS
from tests.intake.binary import ole, xls
from tests.intake.helpers import read, texts

from support.people import id_number
from trainingcli import language
from trainingcli.intake.gate.refusal import PASSWORD_NEEDED, PASSWORD_WRONG

PASSWORD = "学员名册2020"
SALT, VERIFIER = bytes(range(16)), bytes(range(100, 116))
_BLOCK = 1024
_BOF, _EOF, _FILEPASS, _BOUND = 0x0809, 0x000A, 0x002F, 0x0085
_PLAIN = {_BOF, _FILEPASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138}  # records that are never encrypted, MS-XLS 2.2.10
LIBREOFFICE = Path(__file__).parent / "encrypted.xls"

Key = Callable[[int], bytes]


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def old_key(block: int) -> bytes:
    """MS-OFFCRYPTO 2.3.6.2."""
    start = md5((md5(PASSWORD.encode("utf-16-le")).digest()[:5] + SALT) * 16).digest()[:5]
    return md5(start + pack("<I", block)).digest()


def crypto_api_key(block: int) -> bytes:
    """MS-OFFCRYPTO 2.3.5.2, 128 bits."""
    start = sha1(SALT + PASSWORD.encode("utf-16-le")).digest()
    return sha1(start + pack("<I", block)).digest()[:16]


def old_header() -> bytes:
    return pack("<HHH", 1, 1, 1) + SALT + rc4(old_key(0), VERIFIER + md5(VERIFIER).digest())


def crypto_api_header() -> bytes:
    provider = "Microsoft Enhanced Cryptographic Provider v1.0\0".encode("utf-16-le")
    header = pack("<8I", 4, 0, 0x6801, 0x8004, 128, 1, 0, 0) + provider
    sealed = rc4(crypto_api_key(0), VERIFIER + sha1(VERIFIER).digest())
    verifier = pack("<I", 16) + SALT + sealed[:16] + pack("<I", 20) + sealed[16:]
    return pack("<HHHII", 1, 4, 2, 4, len(header)) + header + verifier


def encrypted(plain: bytes, header: bytes, key: Key, behind: int = 0) -> bytes:
    """The workbook with a FILEPASS record, and with the bodies of its records encrypted in blocks of 1,024 bytes.

    The container pads the stream with zeros; `behind` of them (0 to 3) make no whole record.
    """
    with olefile.OleFileIO(io.BytesIO(plain)) as container:
        stream = container.openstream("Workbook").read()
    records = _records(stream)
    records.insert(1, (_FILEPASS, header))
    moved = 4 + len(header)
    size = sum(4 + len(body) for _, body in records) + 4
    records.append((0, bytes((-behind - size) % 4)))
    size += len(records[-1][1])
    pad = b"".join(rc4(key(block), bytes(_BLOCK)) for block in range(size // _BLOCK + 1))
    out = b""
    for kind, body in records:
        at, kept = len(out) + 4, len(body) if kind in _PLAIN else 0
        if kind == _BOUND:  # where its sheet begins stays plain
            body, kept = pack("<I", unpack_from("<I", body)[0] + moved) + body[4:], 4
        sealed = bytes(byte ^ mask for byte, mask in zip(body[kept:], pad[at + kept :], strict=False))
        out += pack("<HH", kind, len(body)) + body[:kept] + sealed
    return ole("Workbook", out)


def _records(stream: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        if not kind:
            break  # the container's padding
        found.append((kind, stream[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def roster() -> list[list[object]]:
    head = ["姓名", "身份证号", "人员类别", "工作单位", "培训类型", "工种", "开班日期", "补贴项目"]
    rest = ["企业职工", "太原重型机械厂", "岗前培训", "电工", ("date", 44013), "企业职工培训补贴"]
    return [head, *([f"王{number}", id_number(number), *rest] for number in range(1, 31))]


KINDS = {"rc4": (old_header, old_key), "rc4-crypto-api": (crypto_api_header, crypto_api_key)}


@pytest.fixture(params=KINDS)
def kind(request) -> tuple[bytes, Key]:
    header, key = KINDS[request.param]
    return header(), key


@pytest.fixture
def workbook(kind) -> bytes:
    return encrypted(xls(roster()), *kind)


def test_the_password_opens_it(workbook):
    found = read(workbook, PASSWORD)
    assert found.error is None, found.error
    plain = read(xls(roster()))
    for key in ("name", "id_number", "start_date"):
        assert texts(found.sheets[0], key) == texts(plain.sheets[0], key)
    assert b"140105" not in workbook
    assert "140105".encode("utf-16-le") not in workbook


def test_errors_and_hidden_rows_are_seen_through_the_password():
    rows = [*ROWS, ["赵三", "140105199001011234", "#N/A", 300]]
    found = read(encrypted(xls(rows, hidden_rows=[2]), old_header(), old_key), PASSWORD)
    assert found.error is None, found.error
    assert texts(found.sheets[0], "occupation")[-1] == "#N/A"
    assert found.sheets[0].hidden_rows == 1


@pytest.mark.parametrize(("password", "said"), [(None, PASSWORD_NEEDED), ("错", PASSWORD_WRONG), ("", PASSWORD_WRONG)])
def test_no_other_password_opens_it(workbook, password, said):
    found = read(workbook, password)
    assert found.error == said
    assert found.sheets == []


def test_zeros_behind_the_last_record_are_nothing(kind):
    found = read(encrypted(xls(roster()), *kind, behind=2), PASSWORD)
    assert found.error is None, found.error
    assert found.sheets[0].read == 30


def test_what_it_holds_is_in_no_temporary_file(workbook, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert read(workbook, PASSWORD).error is None


def test_a_workbook_that_libreoffice_encrypted():
    """Made once by LibreOffice 7 (filter MS Excel 97, the store's property Password)."""
    data = LIBREOFFICE.read_bytes()
    found = read(data, "roster2020")
    assert found.error is None, found.error
    assert texts(found.sheets[0], "name") == [row[0] for row in ROWS[1:]]
    assert [read(data, password).error for password in (None, "x")] == [PASSWORD_NEEDED, PASSWORD_WRONG]


@pytest.fixture
def english():
    """Messages in English, and as before afterwards: the language is the process's."""
    yield
    language.use("zh")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("password", "code", "word"), [(PASSWORD, 0, ""), ("x", 3, "password"), (None, 3, "password-protected")]
)
def test_the_program_takes_the_password_file(workbook, tmp_path, password, code, word):
    path, secret = tmp_path / "roster.xls", tmp_path / "password"
    path.write_bytes(workbook)
    arguments = ["--out", tmp_path / "out", "--ledger", tmp_path / "l.db", "--today", TODAY, "--format", "json"]
    if password:
        secret.write_text(password + "\n", encoding="utf-8")
        arguments += ["--password-file", secret]
    result = run("--lang", "en", "claims", path, *arguments)
    assert result.exit_code == code, result.stderr
    assert word in result.stderr
    assert PASSWORD not in result.stdout + result.stderr
    assert id_number(1) not in result.stdout + result.stderr
    lines = json.loads(result.stdout)["lines"]
    assert [line["approved"] for line in lines] == (["300.00"] * 30 if code == 0 else [])
