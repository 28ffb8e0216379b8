"""Awards on both databases: the plain computation's sequences, and the law that the database itself keeps."""

from __future__ import annotations

import pytest

from awards.books import input_file, posted, registers, settled
from awards.test_agreement import sequence
from registers.builder import write as write_register
from trainingcli.claims.post import ReadyBatch, to_post
from trainingcli.errors import LedgerError
from trainingcli.ledger import open_ledger

STUDIO = {
    "名称": "王建国技能大师工作室", "类型": "技能大师工作室", "级别": "市级", "依托单位": "太原重工",
    "认定日期": "2020-03-31", "认定文号": "并人社发〔2020〕1号",
}  # fmt: skip


@pytest.mark.parametrize("seed", [101, 102])
def test_workbooks_posted_in_sequence_agree(address: str, seed: int) -> None:
    sequence(seed, address)


def test_a_studio_that_another_run_paid_meanwhile_is_refused_by_the_database(address: str) -> None:
    """Both settled before either posted: whatever a program believes, one grant a studio under all its spellings."""
    one = input_file([STUDIO], file="a.xlsx")
    other = input_file([STUDIO | {"名称": "太原市王建国工作室（市级）"}], file="b.xlsx")
    with open_ledger(address, create=True) as ledger:
        late = settled([other], ledger=ledger)
        assert len(late.payable()) == 1
        batch = to_post(late, ledger)
        assert isinstance(batch, ReadyBatch)
        posted([one], ledger)
        assert not late.unchanged(ledger), "the main job would settle anew"
        with pytest.raises(LedgerError), ledger.transaction():
            batch.post(ledger)
        assert int(ledger.budgets()["closing"].sum()) == 100_000_00
        assert ledger.verify().ok


def test_a_ledger_with_a_studio_of_two_names_verifies_before_and_after_its_reversal(address: str, tmp_path) -> None:
    """Its former name holds the grant as well; what follows from the entries is compared with all of that at once."""
    unit = {"unit": STUDIO["名称"], "kind": "技能大师工作室", "grade": "市级", "host": "太原重工",
            "recognised": "2020-03-31", "document": STUDIO["认定文号"], "former": "老王技能大师工作室"}  # fmt: skip
    write_register(tmp_path, "units", unit)
    with open_ledger(address, create=True) as ledger:
        posted([input_file([STUDIO])], ledger, sources=registers(tmp_path))
        assert "name" in ledger.entries()["kind"].tolist()
        assert ledger.verify().problem is None
        ledger.void(1, None, "查实", when="2022-01-04T09:00:00+08:00")
        assert ledger.verify().problem is None
