"""What is no ledger, cannot be written, or lies where it must not: exit 4, one line, nothing posted."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from trainingcli.errors import LedgerError, UsageError
from trainingcli.ledger import LedgerMissingError, files, open_ledger, opening, schema, sqlite, sqlite_place
from trainingcli.ledger.keys import key_path
from trainingcli.ledger.opening import usual_timeout
from trainingcli.places import ledger_file

from . import workers
from .claims import line, lines, person, record


def make(path: Path, count: int = 1) -> None:
    with open_ledger(path) as ledger, ledger.transaction():
        ledger.post(record(), lines(*(line(n) for n in range(1, count + 1))), b"x")


def refused(*arguments, **options) -> str:
    with pytest.raises(LedgerError) as caught:
        open_ledger(*arguments, **options)
    assert caught.value.exit_code == 4
    assert "\n" not in caught.value.text.zh + caught.value.text.en
    return caught.value.text.en


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o777])
def test_every_file_is_its_owners_alone(path, umask):
    before = os.umask(umask)
    try:
        with open_ledger(path) as ledger, ledger.transaction():
            ledger.post(record(), lines(line(1)), b"x")
            seen = {one.name: mode(one) for one in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert seen == dict.fromkeys(["ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db.key"], 0o600)


def test_a_file_that_others_could_read_is_closed_to_them(path):
    make(path)
    path.chmod(0o644)
    key_path(path).chmod(0o644)
    make(path.with_name("other.db"))
    with open_ledger(path):
        assert (mode(path), mode(key_path(path))) == (0o600, 0o600)


def test_another_owners_file_is_left_as_it_is(path, monkeypatch):
    path.touch(mode=0o644)
    monkeypatch.setattr(Path, "chmod", lambda *_: (_ for _ in ()).throw(PermissionError()))
    files.make_private(path)


def test_the_settings_are_those_of_the_law(path):
    with open_ledger(path) as ledger:
        values = [
            ledger._store.execute(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert values == ["wal", 2, 1]


def test_another_sqlite_file_is_no_ledger(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE staff (name TEXT)")
    assert "not a trainingcli ledger" in refused(path)
    assert not key_path(path).exists()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE ledger_meta (name TEXT, value TEXT)")
    assert "not a trainingcli ledger" in refused(path)


@pytest.mark.parametrize("content", [b"garbage" * 1000, b"x", b"PK\x03\x04", b"SQLite format 3\0" + b"\xff" * 5000])
def test_garbage_is_no_ledger(path, content):
    path.write_bytes(content)
    assert "not a trainingcli ledger" in refused(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("kind", ["text", "sqlite"])
def test_what_is_no_ledger_keeps_its_mode_and_its_bytes(path, kind):
    """A clerk who names the wrong file (as root, any file of the system) must find it as it was."""
    if kind == "text":
        path.write_text("root:x:0:0:root:/root:/bin/bash\n")
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE staff (name TEXT)")
    path.chmod(0o644)
    content = path.read_bytes()
    for options in ({}, {"create": False}, {"read_only": True}):
        refused(path, **options)
    assert mode(path) == 0o644
    assert path.read_bytes() == content
    assert [one.name for one in path.parent.iterdir()] == ["ledger.db"]


def test_a_folder_is_no_ledger(tmp_path):
    assert "not a trainingcli ledger" in refused(tmp_path)


def test_an_empty_file_becomes_a_ledger(path):
    path.touch()
    make(path)


def test_a_newer_version_is_refused(path):
    make(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE ledger_meta SET value = '99' WHERE name = 'version'")
    assert "newer version" in refused(path)


def test_a_damaged_file_is_refused_or_found_by_verify(path):
    make(path, 300)
    size = path.stat().st_size
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(os.urandom(size - 4096))
    assert "damaged" in refused(path)


def test_damage_that_opening_does_not_meet_is_found_by_verify(path):
    make(path, 300)
    with closing(sqlite3.connect(path)) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'active'")
    with path.open("r+b") as stream:
        stream.seek((page - 1) * 4096)
        stream.write(bytes(4096))
    with open_ledger(path) as ledger:
        assert "damaged" in ledger.verify().problem.en


def test_damage_within_the_columns_of_payments_which_sqlite_cannot_see_is_found_by_verify(path):
    make(path, 300)
    with open_ledger(path) as ledger:
        ((data,),) = ledger._store.execute("SELECT data FROM paid WHERE name = 'subject'")
    whole = path.read_bytes()
    at = whole.index(data[100:200])
    path.write_bytes(whole[:at] + bytes(100) + whole[at + 100 :])
    with open_ledger(path) as ledger:
        assert "columns of batch 1" in ledger.verify().problem.en
        with pytest.raises(LedgerError, match="批次 1 的支付列"):
            list(ledger.payments(["subject"]))


def test_pages_that_do_not_belong_together_are_named_by_verify(path, monkeypatch):
    make(path)
    with open_ledger(path) as ledger:
        monkeypatch.setattr(type(ledger._store), "damage", lambda _: "page 7 is never used")
        assert "page 7" in ledger.verify().problem.en


def test_no_ledger_is_made_unasked(path):
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(LedgerMissingError):
            open_ledger(path, **options)
    assert not path.exists()
    path.touch()
    with pytest.raises(LedgerMissingError):
        open_ledger(path, create=False)
    assert not key_path(path).exists()
    assert path.stat().st_size == 0


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert "there is no folder" in refused(tmp_path / "none" / "ledger.db")


def test_the_default_ledger_lies_in_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert ledger_file() == tmp_path / "data" / "trainingcli" / "ledger.db"
    for options in ({"read_only": True}, {"create": False}):
        with pytest.raises(LedgerMissingError):
            open_ledger(**options)
    open_ledger(tmp_path / "elsewhere.db").close()
    assert not (tmp_path / "data").exists(), "its folder is made with it, and not before"
    with open_ledger():
        assert ledger_file().exists()
        assert mode(ledger_file().parent) == 0o700
    with open_ledger(ledger_file()):
        pass
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert "name another place with --ledger" in refused()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 30),
        ("0", 0),
        ("2.5", 2.5),
        ("86400", 86400),
        ("86400.5", None),
        ("-1", None),
        ("soon", None),
        ("nan", None),
    ],
)
def test_the_time_out_is_what_the_environment_says(monkeypatch, text, seconds):
    monkeypatch.setenv("TRAININGCLI_LEDGER_TIMEOUT", text)
    if seconds is None:
        with pytest.raises(UsageError, match="86400"):
            usual_timeout()
    else:
        assert usual_timeout() == seconds


MARKS = ["UPDATE ledger_meta SET value = 'x' WHERE name = 'mark'", "DELETE FROM ledger_meta WHERE name = 'mark'",
         "UPDATE ledger_meta SET value = 'x' WHERE name = 'version'", "DELETE FROM ledger_meta WHERE name = 'version'",
         "UPDATE ledger_meta SET value = '0' WHERE name = 'version'",
         "DELETE FROM ledger_meta WHERE name = 'key'"]  # fmt: skip


@pytest.mark.parametrize("statement", MARKS)
def test_what_does_not_say_that_it_is_a_ledger_is_none(address, raw, statement):
    open_ledger(address).close()
    raw(statement)
    assert "not a trainingcli ledger" in refused(address)


def test_where_nothing_is_there_nothing_is_said(address):
    """A database without tables, or an empty file."""
    if not address.startswith("postgresql:"):
        Path(address).touch()
    assert opening._store(address, timeout=1, create=True, read_only=False).meta() == {}


def test_one_state_is_seen_throughout_while_others_post(address):
    """Whoever lists or verifies sees the ledger of one moment."""
    count = "SELECT count(*) FROM entries"
    with open_ledger(address) as ledger, open_ledger(address) as other:
        with ledger._reading() as store:
            before = store.execute(count)
            with other.transaction():
                other.post(record(), lines(line(1)), b"")
            assert store.execute(count) == before == [(0,)]
        assert ledger._store.execute(count) == [(1,)]


def test_an_address_of_another_kind_is_wrong_usage():
    for address in ("mysql://host/db", "sqlite:///x.db"):
        with pytest.raises(UsageError):
            open_ledger(address)


def test_reading_writes_nothing(path):
    make(path)
    before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.history([person(1)], [])["entry"].tolist() == [1]
        assert ledger.verify().ok
        with pytest.raises(LedgerError, match="只读"), ledger.transaction():
            ledger.post(record("b"), lines(line(2)), b"")
    assert {name: path.with_name(name).read_bytes() for name in before} == before


@pytest.fixture
def as_nobody(tmp_path_factory):
    """Run an action of `workers.as_nobody` on a ledger in a folder with a given mode."""
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody else")
    folder = Path(os.path.realpath(tmp_path_factory.mktemp("shared")))
    opened = []
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            opened.append((parent, stat.S_IMODE(parent.stat().st_mode)))
            parent.chmod(opened[-1][1] | 0o011)

    def run(action: str, folder_mode: int, file_mode: int) -> str:
        if not (folder / "ledger.db").exists():
            make(folder / "ledger.db")
        for one in folder.iterdir():
            os.chown(one, 65534, 65534)
            one.chmod(file_mode)
        os.chown(folder, 65534, 65534)
        folder.chmod(folder_mode)
        outcomes = workers.FORKS.Queue()
        workers.run(workers.as_nobody, str(folder / "ledger.db"), action, outcomes)
        return outcomes.get(timeout=30)

    yield run
    for parent, before in opened:
        parent.chmod(before)


def test_a_read_only_folder_is_read_but_not_written(as_nobody):
    assert as_nobody("read", 0o500, 0o600) == "1"
    told = as_nobody("post", 0o500, 0o600)
    assert told.startswith("exit 4")


def test_a_new_ledger_in_a_read_only_folder_is_told(as_nobody, tmp_path_factory):
    assert as_nobody("read", 0o500, 0o600) == "1"
    folder = max(tmp_path_factory.getbasetemp().glob("shared*"), key=lambda one: one.stat().st_mtime)
    outcomes = workers.FORKS.Queue()
    workers.run(workers.as_nobody, str(folder / "new.db"), "post", outcomes)
    assert outcomes.get(timeout=30).startswith("exit 4")
    assert not (folder / "new.db").exists()


def test_what_a_crash_left_over_is_not_passed_over_in_a_read_only_folder(path, monkeypatch):
    make(path)
    connect = sqlite3.connect

    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN

    class Unopened:
        def execute(self, *_):
            raise error

        def close(self):
            pass

    monkeypatch.setattr(
        sqlite.sqlite3,
        "connect",
        lambda address, **options: connect(address, **options) if "immutable" in address else Unopened(),
    )
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.head().entries == 1
    path.with_name("ledger.db-wal").write_bytes(b"left over")
    assert "cannot be opened" in refused(path, read_only=True)


def test_a_full_disk_posts_nothing_and_the_next_run_goes_on(path):
    with open_ledger(path) as ledger:
        (pages,) = ledger._store.execute("PRAGMA page_count")[0]
        ledger._store.execute(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(LedgerError, match="磁盘已满"), ledger.transaction():
            ledger.post(record(), lines(*(line(n) for n in range(1, 500))), b"")
        assert ledger.head().entries == 0
        ledger._store.execute("PRAGMA max_page_count = 1000000")
        with ledger.transaction():
            ledger.post(record(), lines(line(1)), b"")
        assert ledger.verify().ok


def test_a_disk_that_refuses_to_write_posts_nothing(path):
    make(path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_ledger(path) as ledger:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
        try:
            with pytest.raises(LedgerError) as caught, ledger.transaction():
                ledger.post(record("b"), lines(*(line(n) for n in range(10, 4000))), b"")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert caught.value.exit_code == 4
    with open_ledger(path) as ledger:
        assert ledger.head().entries == 1
        assert ledger.verify().ok
    make_more = record("b")
    with open_ledger(path) as ledger, ledger.transaction():
        ledger.post(make_more, lines(line(10)), b"")


MOUNTS = """/dev/sda1 / ext4 rw 0 0
server:/share /mnt/nfs nfs4 rw 0 0
//server/share /mnt/win\\040share cifs rw 0 0
/dev/sdb1 /mnt/nfs/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/mnt/nfs/ledger.db", "nfs4"),
        ("/mnt/win share/a/ledger.db", "cifs"),
        ("/mnt/nfs/local/ledger.db", None),
        ("/mnt/nfs2/ledger.db", None),
        ("/home/ledger.db", None),
    ],
)
def test_network_shares_are_known_by_their_mounts(tmp_path, monkeypatch, place, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    monkeypatch.setattr(files, "MOUNTS", mounts)
    assert files.network_share(Path(place)) == kind


def test_a_ledger_on_a_network_share_is_refused(path, tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {os.path.realpath(tmp_path)} nfs rw 0 0\n")
    monkeypatch.setattr(files, "MOUNTS", mounts)
    assert "network share (nfs)" in refused(path)
    assert not path.exists()


def test_where_mounts_are_not_told_a_windows_share_is_still_known(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOUNTS", tmp_path / "none")
    assert files.network_share(tmp_path) is None
    monkeypatch.setattr(os.path, "realpath", lambda _: r"\\server\share\ledger.db")
    assert files.network_share(tmp_path) == "smb"


def test_an_old_sqlite_is_told(path, monkeypatch):
    monkeypatch.setattr(sqlite_place, "_OLDEST", (99, 0, 0))
    assert "too old" in refused(path)


def test_changing_to_wal_waits_for_another_that_does_the_same(path):
    make(path)
    with open_ledger(path) as ledger:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        tries = []

        def action():
            tries.append(1)
            if len(tries) < 3:
                raise error

        ledger._store._patiently(action)
        assert len(tries) == 3
        ledger._store._timeout = -1
        tries.clear()
        with pytest.raises(sqlite3.OperationalError):
            ledger._store._patiently(action)


def test_an_unknown_error_of_the_database_is_one_line(path):
    make(path)
    with open_ledger(path) as ledger:
        with pytest.raises(LedgerError) as caught, ledger._reading() as store:
            store.execute("SELECT * FROM nowhere")
        assert "no such table" in caught.value.text.en


def test_a_tail_that_was_cut_is_not_built_upon(path):
    make(path, 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'entries_no_delete'").fetchone()
        connection.execute("DROP TRIGGER entries_no_delete")
        connection.execute("DELETE FROM entries WHERE entry = 3")
        connection.execute(sql)
    with open_ledger(path) as ledger, pytest.raises(LedgerError, match="verify"), ledger.transaction():
        ledger.post(record("b"), lines(line(9)), b"")


def test_a_connection_that_cannot_be_set_up_is_closed(path, monkeypatch):
    def no_wal(*_):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(sqlite.SqliteStore, "_patiently", no_wal)
    assert "disk I/O error" in refused(path)


@pytest.mark.parametrize(("seen", "then"), [({}, "1"), ({"version": "1"}, "2")])
def test_the_one_that_finds_the_ledger_made_or_upgraded_meanwhile_takes_it_as_it_is(path, monkeypatch, seen, then):
    make(path)
    with open_ledger(path) as ledger:
        there = ledger._store.meta()
    before = there | seen if seen else {}
    looks = iter([before, before, there | {"version": then}, there | {"version": then}])
    monkeypatch.setattr(sqlite.SqliteStore, "meta", lambda _: next(looks))
    monkeypatch.setattr(schema, "VERSION", int(then))
    with open_ledger(path) as ledger:
        assert ledger.head().entries == 1
    assert not list(path.parent.glob("*backup*"))
