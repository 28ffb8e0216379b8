"""What a user names never hangs the program and never fills its memory."""

from __future__ import annotations

import io
import os
import threading

import pytest
from tests.intake.helpers import VOCABULARY

from trainingcli.bounded_input import LARGEST_STREAM, TOO_LARGE, UnreadableFile, read_file, readable_name, up_to
from trainingcli.cli import session
from trainingcli.errors import UsageError
from trainingcli.intake.formats.open_book import read_bytes
from trainingcli.intake.gate.bounds import DEFAULT
from trainingcli.intake.gate.refusal import Refused
from trainingcli.intake.tables.read_input import read_one
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.policy.build import given_policy


@pytest.fixture
def pipe(tmp_path):
    path = tmp_path / "管道"
    os.mkfifo(path)
    return path


def test_a_file_is_read_up_to_its_bound(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    assert read_file(path, 100) == b"x" * 100
    with pytest.raises(UnreadableFile) as caught:
        read_file(path, 99)
    assert caught.value.text == TOO_LARGE


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty", "/dev/null", "/dev", "/proc/self/mem", "/nowhere"])
def test_devices_folders_and_nothing_are_refused_at_once(device):
    for read in (lambda: read_file(device, 10), lambda: read_bytes(device, DEFAULT), lambda: session.password(device)):
        with pytest.raises((UnreadableFile, Refused, UsageError)):
            read()


def test_a_pipe_that_nobody_writes_to_hangs_nothing(pipe):
    with pytest.raises(Refused):
        read_bytes(str(pipe), DEFAULT)
    with pytest.raises(UsageError):
        session.password(pipe)
    with pytest.raises(UsageError):
        given_policy(pipe, ())


def test_a_password_may_come_through_a_pipe(pipe):
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"secret\n"))
    end = os.open(pipe, os.O_RDWR)  # both ends are there before either is used
    writer.start()
    writer.join()
    copy = os.dup(end)
    os.close(end)
    reading = threading.Timer(0.2, lambda: os.close(copy))
    reading.start()
    assert session.password(pipe) == "secret"


@pytest.mark.parametrize(
    "text", ["{a: " * 5000, "[" * 5000, "- " * 5000 + "x", "a:\n" + "".join(f"{' ' * n}b:\n" for n in range(1, 900))]
)
def test_a_policy_that_nests_without_end(tmp_path, text):
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        given_policy(path, ())


def test_a_policy_of_zeros(tmp_path):
    path = tmp_path / "p.yaml"
    with path.open("wb") as stream:
        stream.truncate(3 << 30)
    with pytest.raises(UsageError) as caught:
        given_policy(path, ())
    assert "过大" in str(caught.value.text.zh)


class Zeros(io.RawIOBase):
    """A gigabyte and more of one byte; counts what was taken of it."""

    def __init__(self, byte: bytes) -> None:
        self.byte, self.taken = byte, 0

    def read(self, size: int = -1) -> bytes:
        self.taken += size
        assert self.taken <= LARGEST_STREAM + 1
        return self.byte * size


def test_standard_input_of_zeros_is_refused_early_and_any_other_at_its_bound():
    zeros = Zeros(b"\0")
    head = up_to(zeros, LARGEST_STREAM + 1)
    assert zeros.taken <= 1 << 20
    assert read_one("-", head, VOCABULARY, None).error is not None
    assert len(up_to(Zeros(b"x"), LARGEST_STREAM + 1)) == LARGEST_STREAM + 1


def test_standard_input_beyond_its_bound_is_said_to_be_too_large(monkeypatch):
    monkeypatch.setattr("trainingcli.intake.tables.read_input.LARGEST_STREAM", 10)
    assert read_one("-", b"x" * 11, VOCABULARY, None).error == TOO_LARGE


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"a/b.xlsx", "a/b.xlsx"),
        ("县区/名册.xlsx".encode(), "县区/名册.xlsx"),
        ("县区/".encode() + "企业花名册.xlsx".encode("gbk"), "县区/企业花名册.xlsx"),
        (b"a/\xff.xlsx", "a/?.xlsx"),
    ],
)
def test_a_name_in_bytes_that_are_no_utf8_can_be_shown_and_stored(raw, shown):
    found = InputFile(os.fsdecode(raw))
    assert os.fsencode(found.path) == raw
    assert found.file == shown
    assert readable_name("\ud800x") == "?x"  # no bytes at all


def test_such_a_file_is_read(tmp_path):
    path = os.fsencode(tmp_path) + b"/" + "名册.csv".encode("gbk")
    with open(path, "wb") as stream:  # noqa: PTH123
        stream.write("姓名,身份证号,工种\n王一,140105199001011234,焊工\n".encode())
    found = read_one(os.fsdecode(path), None, VOCABULARY, None)
    assert found.error is None
    assert found.file.endswith("/名册.csv")
    assert [sheet.read for sheet in found.sheets] == [1]
