"""`ledger verify` works out again what stands beside the chain: forms, appearances, refused lines, rules."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.compute as pc
import pytest

from cli.program import run, write
from trainingcli.claims.batch_index import EarlierArchives
from trainingcli.ledger import open_ledger, paid_columns
from trainingcli.ledger.records import EarlierBatch

from . import earlier
from .conftest import put_copy
from .test_commands import HEADINGS, row
from .test_numbers_in_texts import AWARD, posted

CLAIM = dict(zip(HEADINGS, row(1), strict=True))


def verified(address: str) -> tuple[int, str, int | None]:
    done = run("ledger", "verify", "--ledger", address, "--format", "json", "--lang", "en")
    found = json.loads(done.stdout)
    assert (done.exit_code == 0) == found["ok"]
    return done.exit_code, found["problem"] or "", found["batch"]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Database → the ledger of `book` on it, once one is made: five runs of the program take a second and more."""
    return {}


@pytest.fixture
def book(address, made, tmp_path_factory):
    """1: paid and held; 2: what was held is refused again; 3: awards, one refused; 4: an import; 5: a reversal."""
    server = address.startswith("postgresql:")
    kind = "postgres" if server else "sqlite"
    if kind in made:
        put_copy(made[kind], address)
        return address
    folder = tmp_path_factory.mktemp("made")
    made_book(folder, address)
    made[kind] = f"{address}_book" if server else str(folder / "ledger.db")
    put_copy(address, made[kind])
    return address


def made_book(tmp_path: Path, address: str) -> None:
    held = [dict(zip(HEADINGS, row(number), strict=True)) | {"补贴项目": "培训津贴"} for number in (2, 3)]
    posted(tmp_path, address, "claims", "一", CLAIM, *held)
    other = dict(zip(HEADINGS, row(4), strict=True))
    posted(tmp_path, address, "claims", "二", other, held[0] | {"补贴项目": "取证补贴"}, held[0] | {"备注": "又一次"})
    posted(tmp_path, address, "awards", "三", AWARD, AWARD | {"评估年度": "2021"})
    source = write(tmp_path / "发放.xlsx", [HEADINGS, row(5), row(6, yuan=None)])
    assert run("ledger", "import", source, "--ledger", address, "--today", "2021-12-31").exit_code == 1
    assert run("ledger", "void", 1, "--why", "退训", "--ledger", address).exit_code == 0


@pytest.fixture
def older(address, monkeypatch):
    """A ledger of the first version, upgraded."""
    monkeypatch.setenv("TRAININGCLI_LEDGER_KEY", "")
    earlier.put(address)
    assert run("ledger", "list", "--ledger", address).exit_code == 0
    return address


def test_what_nobody_touched_holds(book):
    assert verified(book) == (0, "", None)


def test_an_upgraded_ledger_holds(older):
    assert verified(older) == (0, "", None)


TAMPERED = {
    "a refusal gone": ("DELETE FROM refused WHERE batch = 2", "refused lines", 2),
    "an award's refusal gone": ("DELETE FROM refused WHERE batch = 3", "refused lines", 3),
    "an import's refusal gone": ("DELETE FROM refused WHERE batch = 4", "refused lines", 4),
    "another code": ("UPDATE refused SET codes = 'X' WHERE batch = 1", "refused lines", 1),
    "another status": ("UPDATE refused SET status = 'held' WHERE batch = 4", "refused lines", 4),
    "another line": ("UPDATE refused SET line = line + 1 WHERE batch = 1", "refused lines", 1),
    "payments without columns": ("DELETE FROM paid WHERE batch = 1", "columns of batch 1", 1),
    "columns of another batch": (
        "UPDATE paid SET data = (SELECT x.data FROM paid x WHERE x.batch = 2 AND x.name = paid.name) WHERE batch = 1",
        "columns of batch 1", 1),
    "another column": (
        "UPDATE paid SET data = (SELECT x.data FROM paid x WHERE x.batch = 1 AND x.name = 'entry')"
        " WHERE batch = 1 AND name = 'approved'", "columns of batch 1", 1),
    "a column gone": ("DELETE FROM paid WHERE batch = 2 AND name = 'fund'", "columns of batch 2", 2),
    "columns of no payment": (
        "INSERT INTO paid SELECT 5, name, data FROM paid WHERE batch = 1", "columns of batch 5", 5),
    "one too many": (
        "INSERT INTO refused SELECT subject, 'x', programme, batch, line, status, codes FROM refused WHERE batch = 3",
        "refused lines", 3),
    "nobody in a batch": ("DELETE FROM appearances WHERE batch = 3", "index of people lacks", 3),
    "somebody else in a batch": (
        "INSERT INTO appearances SELECT subject, 5 FROM appearances WHERE batch = 3", "no archive says", None),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_changed_is_named(book, raw, how):
    statement, said, batch = TAMPERED[how]
    raw(statement, guards=False)
    code, problem, where = verified(book)
    assert (code, where) == (4, batch)
    assert said in problem


def test_columns_under_a_true_seal_are_worked_out_again_too(book):
    with open_ledger(book) as ledger, ledger.transaction():
        store, key = ledger._store, ledger._key
        kept = paid_columns.kept(store, key, 1)
        store.execute("DELETE FROM paid WHERE batch = 1")
        more = kept.set_column(kept.schema.get_field_index("approved"), "approved", pc.add(kept["approved"], 1))
        paid_columns.keep(store, key, 1, more)
    assert verified(book) == (4, "the columns of batch 1 differ from its entries", 1)


class _Unreadable:
    """A reader that no archive of one batch satisfies, as one of a newer program's form would not."""

    def __init__(self, marked: bytes) -> None:
        self._marked, self._reader = marked, EarlierArchives()

    def read(self, archive: bytes) -> EarlierBatch:
        if archive == self._marked:
            raise KeyError("lines")
        return self._reader.read(archive)

    def occupation(self, text: str) -> tuple[str, str | None]:
        return self._reader.occupation(text)


def test_an_archive_that_cannot_be_read_is_named(book):
    """Nothing can be compared with it, so nothing that stands on it is said to hold."""
    with open_ledger(book) as ledger:
        found = ledger.verify_indexes(_Unreadable(ledger.archive(3)), ledger.verify())
    assert (found.ok, found.batch) == (False, 3)
    assert found.problem.en == "the archive of batch 3 cannot be read (KeyError)"


FORMS = {  # where a look-up by today's form holds something, `verify` misses that first
    "gone": ("DELETE FROM forms WHERE entry = (SELECT min(entry) FROM forms)", "entries say"),
    "another certificate": ("UPDATE forms SET certificate = NULL", "entries say"),
    "another occupation": ("UPDATE forms SET occupation = 'x'", "compared form of entry"),
    "one too many": (
        "INSERT INTO forms (entry, occupation) SELECT entry, occupation FROM entries WHERE kind = 'reversal'",
        "hold what no archive says"),
    "rules": ("UPDATE batches SET rules = '{}' WHERE batch = 2", "rules of batch 2"),
}  # fmt: skip


@pytest.mark.parametrize("how", FORMS)
def test_what_an_upgrade_worked_out_is_worked_out_again(older, raw, how):
    statement, said = FORMS[how]
    raw(statement, guards=False)
    code, problem, _ = verified(older)
    assert code == 4
    assert said in problem
