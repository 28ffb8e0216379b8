"""Files that the program makes: whole or not at all, their owner's, never through a link; none left by the dead."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from trainingcli import drafts
from trainingcli.errors import OutputError

WRITER = """
import os, sys
from pathlib import Path
from trainingcli.drafts import draft_folder, private_file
folder = draft_folder(Path(sys.argv[1]))
with private_file(folder / "half") as target:
    target.write(b"140105198501011236")
print(flush=True)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0, 0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_folders_and_files_are_their_owners_alone(tmp_path):
    drafts.make_folder(tmp_path / "a" / "b" / "c")
    drafts.write_file(tmp_path / "a" / "b" / "c" / "file", lambda target: target.write(b"x"))
    assert {mode(place) for place in (tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "c")} == {0o700}
    assert mode(tmp_path / "a" / "b" / "c" / "file") == 0o600
    assert [path.name for path in (tmp_path / "a" / "b" / "c").iterdir()] == ["file"]


def test_a_writer_that_fails_leaves_nothing_and_the_old_file(tmp_path):
    (tmp_path / "file").write_bytes(b"old")

    def full(target):
        target.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="磁盘已满"):
        drafts.write_file(tmp_path / "file", full)
    assert (tmp_path / "file").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_link_under_the_name_is_replaced_and_a_folder_of_ours_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "victim").write_bytes(b"keep")
    (tmp_path / "file").symlink_to(tmp_path / "victim")
    drafts.write_file(tmp_path / "file", lambda target: target.write(b"x"))
    assert (tmp_path / "victim").read_bytes() == b"keep"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "ours").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError) as caught:
        drafts.make_own_folder(tmp_path / "ours")
    assert "ours" in caught.value.text.zh
    assert caught.value.exit_code == 5


def test_what_a_killed_writer_left_goes_with_the_next_and_what_a_living_one_writes_stays(tmp_path):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    writer.stdout.readline()
    left = [path.parent.name for path in tmp_path.rglob("half")]
    assert len(left) == 1
    drafts.write_file(tmp_path / "file", lambda target: target.write(b"x"))
    assert [path.name for path in tmp_path.iterdir() if path.name != "file"] == left, "its writer lives"
    writer.communicate()
    drafts.write_file(tmp_path / "file", lambda target: target.write(b"x"))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
