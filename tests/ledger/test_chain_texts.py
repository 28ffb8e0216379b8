"""What the chain's hashes stand on, written out: the first link, and texts that no UTF-8 can hold."""

from __future__ import annotations

from hashlib import sha256

from trainingcli.ledger import open_ledger
from trainingcli.ledger.chain import GENESIS, link, links


def test_the_hash_before_the_first_is_32_zero_bytes(tmp_path):
    with open_ledger(tmp_path / "ledger.db") as ledger:
        assert ledger.head().hash == "0" * 64
    assert bytes(32) == GENESIS


def test_half_a_character_that_a_tamperer_writes_is_hashed_and_not_stumbled_over():
    expected = sha256(bytes(32) + b"\xed\xa0\x80").digest()
    assert link(bytes(32), "\ud800") == expected
    assert list(links(bytes(32), [("\ud800",)])) == [expected]
