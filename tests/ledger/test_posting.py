"""What is posted comes back as it was, and the limits hold whatever the program believes."""

from __future__ import annotations

import pandas as pd
import pytest

from trainingcli.errors import LedgerError, UsageError
from trainingcli.ledger import BatchRecord, Ledger, open_ledger
from trainingcli.ledger.chain import GENESIS

from .claims import COLUMNS, TRAINEES, WHEN, line, lines, person, record


@pytest.fixture
def ledger(address: str):
    with open_ledger(address) as opened:
        yield opened


def post(ledger: Ledger, *rows: dict[str, object], **options: object) -> int:
    with ledger.transaction():
        return ledger.post(record(**options), lines(*rows), b"archive")  # type: ignore[arg-type]


def events(ledger: Ledger, number: int) -> list[int]:
    return ledger.history([person(number)], [])["event"].tolist()


def test_a_new_ledger_is_empty_and_its_head_is_nought(ledger):
    assert ledger.head().hash == GENESIS.hex()
    assert ledger.head().entries == 0
    history = ledger.history([person(1)], ["S1"])
    assert len(history) == 0
    assert history["own"].dtype == bool
    assert history["approved"].dtype == "int64"
    assert isinstance(history["level"].dtype, pd.StringDtype)
    assert len(ledger.history([], [])) == 0
    assert len(ledger.batches()) == len(ledger.entries()) == len(ledger.budgets()) == 0
    assert len(ledger.certificate_holders(["S1"])) == 0
    assert ledger.find_batch(["a" * 64]) is None
    assert ledger.verify().ok


def test_history_gives_back_what_was_posted(ledger):
    posted = lines(
        line(1, certificate_no="S1", certificate_date="2020-08-01", training_type="岗前培训", own=True),
        line(2, occupation="焊工", level=None, key=None, start_date=None, end_date=None),
        line(3, place="waiver", waiver='{"approver":"张主任"}'),
    )
    with ledger.transaction():
        batch = ledger.post(record(), posted.assign(event=[-7, -2, -5]), b"x")
    history = ledger.history([person(3), person(1), person(2), person(9), person(1)], ["S1", "S2"])
    expected = posted.assign(event=[1, 2, 3])[list(COLUMNS)]
    pd.testing.assert_frame_equal(history[list(COLUMNS)], expected, check_column_type=False)
    assert history["entry"].tolist() == [1, 2, 3]
    assert history["batch"].tolist() == [batch] * 3
    assert ledger.history([person(2)], [])["entry"].tolist() == [2]


def test_a_certificate_number_of_no_one_asked_for_stays_a_key(ledger):
    post(ledger, line(1, certificate_no="S1"))
    (shown,) = ledger.history([person(1)], ["S2"])["certificate_no"]
    assert shown.startswith("#")
    assert "S1" not in shown


def test_lines_of_one_event_share_its_place_and_a_new_event_takes_the_next(ledger):
    post(ledger, line(1), line(1, programme="certificate"), line(1, event=-2, occupation="焊工"))
    assert events(ledger, 1) == [1, 1, 3]
    assert ledger.entries()["place_no"].tolist() == [1, 1, 2]


def test_a_later_line_joins_an_event_of_the_ledger(ledger):
    post(ledger, line(1))
    post(ledger, line(1, event=1, programme="living-allowance"), line(1, occupation="焊工"))
    assert events(ledger, 1) == [1, 1, 3]
    assert ledger.entries()["place_no"].tolist() == [1, 1, 2]


def test_a_fourth_training_of_a_year_is_refused_and_nothing_is_posted(ledger):
    post(ledger, *(line(1, event=-n, occupation=f"工种{n}") for n in (1, 2, 3)))
    with pytest.raises(LedgerError, match="3 次"):
        post(ledger, line(2), line(1, event=-9, occupation="工种4"))
    assert ledger.head().entries == 3
    post(ledger, line(1, event_year=2021, occupation="工种4"))
    post(ledger, line(1, place="waiver", waiver="{}", occupation="工种5"))
    post(ledger, line(1, place="waiver", waiver="{}", occupation="工种6"))
    entries = ledger.entries()
    assert entries["place_no"].tolist() == [1, 2, 3, 1, 1, 2]
    assert ledger.verify().ok


def test_the_bound_is_the_policys(ledger):
    post(ledger, line(1), bound=1)
    with pytest.raises(LedgerError):
        post(ledger, line(1, occupation="焊工"), bound=1)
    post(ledger, line(1, occupation="焊工"), bound=2)


@pytest.mark.parametrize(
    "again",
    [
        line(1, event_year=2021),  # the repeat key is held by another event
        line(1, event=1),  # the event and programme are paid
        line(1, event=1, event_year=2021, programme="certificate"),  # the event is of another year
        line(2, event=1, programme="certificate"),  # the event is another person's
        line(1, event=99, programme="certificate"),  # no such event
        line(1, occupation="焊工", event_year=2021, certificate_no="S1"),  # the certificate paid the programme
        line(2, place="waiver"),  # a waiver without approver and reason
        line(2, approved=-1),
        line(2, place="grace"),
    ],
)
def test_whatever_the_program_believes_the_database_refuses(ledger, again):
    post(ledger, line(1, certificate_no="S1"))
    before = ledger.head()
    with pytest.raises(LedgerError) as caught:
        post(ledger, again)
    assert caught.value.exit_code == 4
    assert person(1) not in str(caught.value)
    assert ledger.head() == before
    assert ledger.verify().ok


def test_one_batch_cannot_break_the_limits_within_itself(ledger):
    for pair in (
        (line(1), line(1, event=-2)),
        (line(1), line(1)),
        (line(1), line(1, programme="certificate", event_year=2021)),
        (line(1), line(2, event=-1, programme="certificate")),
    ):
        with pytest.raises(LedgerError):
            post(ledger, *pair)
    assert ledger.head().entries == 0


def test_one_certificate_pays_two_programmes_and_two_people(ledger):
    post(
        ledger,
        line(1, certificate_no="S1"),
        line(1, certificate_no="S1", programme="certificate"),
        line(2, certificate_no="S1"),
        line(3, certificate_no="S3"),
    )
    holders = ledger.certificate_holders(["S1", "S2", "S1"])
    assert holders["certificate_no"].tolist() == ["S1", "S1"]
    assert set(holders["person"]) == set(ledger.person_keys([person(1), person(2)]))


def test_empty_texts_are_no_value_and_hold_no_key(ledger):
    post(ledger, line(1, key="", certificate_no="", occupation=""), line(1, event=-2, key="", certificate_no=""))
    history = ledger.history([person(1)], [])
    assert history[["key", "certificate_no"]].isna().all().all()
    assert history["occupation"].isna().tolist() == [True, False]


def test_control_characters_cannot_confuse_the_chain(ledger):
    post(ledger, line(1, occupation="电\x1f工\x00", key="k"))
    assert ledger.history([person(1)], [])["occupation"].tolist() == ["电\x1f工\ufffd"]
    assert ledger.verify().ok


def test_a_trainees_name_is_not_kept(ledger):
    post(ledger, line(1, programme="living-allowance", payee="王小明"), line(2, payee="太原某厂"))
    assert ledger.entries()["payee"].tolist() == ["本人", "太原某厂"]


def test_posting_nothing_is_wrong_usage(ledger):
    with pytest.raises(UsageError):
        post(ledger)


def test_posting_outside_a_transaction_is_a_fault_of_the_program(ledger):
    with pytest.raises(RuntimeError):
        ledger.post(record(), lines(line(1)), b"")
    with pytest.raises(RuntimeError), ledger.transaction(), ledger.transaction():
        pass


def test_an_error_inside_the_transaction_undoes_everything(ledger):
    with pytest.raises(ValueError, match="stop"), ledger.transaction():  # noqa: PT012 - what fails is in it
        ledger.post(record(), lines(line(1)), b"")
        assert ledger.head().entries == 1
        raise ValueError("stop")
    assert ledger.head().entries == 0
    post(ledger, line(1))


def test_inputs_find_their_latest_batch_in_any_order(ledger):
    with ledger.transaction():
        ledger.post(record("a", "b"), lines(line(1)), b"")
        second = ledger.post(record("b", "a", "a"), lines(line(2)), b"")
        ledger.post(record("a", "b", kind="import"), lines(line(3)), b"")
        ledger.post(record("a"), lines(line(4)), b"")
    assert ledger.find_batch(["B" * 64, "a" * 64]) == second
    assert ledger.find_batch(["b" * 64]) is None


def test_the_archive_comes_back_and_an_unknown_batch_has_none(ledger):
    with ledger.transaction():
        batch = ledger.post(record(), lines(line(1)), b"\x00names" * 1000)
        empty = ledger.post(record("b"), lines(line(2)), b"")
    assert ledger.archive(batch) == b"\x00names" * 1000
    assert ledger.archive(empty) == b""
    with pytest.raises(UsageError):
        ledger.archive(99)


def test_batches_show_what_was_posted_and_reversed(ledger):
    first = post(ledger, line(1, approved=100), line(2, approved=50))
    void = first + 1
    ledger.void(first, [1], f"重复 {person(1)}", when=WHEN)
    shown = ledger.batches().set_index("batch")
    assert shown["kind"].tolist() == ["claims", "void"]
    assert shown.loc[first, ["lines", "approved", "reversed_lines", "reversed"]].tolist() == [2, 150, 1, 50]
    assert shown.loc[void, ["lines", "approved"]].tolist() == [1, 50]
    assert shown.loc[void, "why"] == "重复 ****"
    assert shown.loc[first, "policy"] == "taiyuan-2019"
    entries = ledger.entries()
    assert entries["reversed_by"].fillna(0).tolist() == [0, 3, 0]
    assert entries["reverses"].fillna(0).tolist() == [0, 0, 2]
    assert ledger.entries(void)["entry"].tolist() == [3]


def test_an_id_number_in_a_files_name_is_starred(ledger):
    inputs = ((f"/花名册/{person(1)}.xlsx", "a" * 64),)
    with ledger.transaction():
        ledger.post(BatchRecord("claims", WHEN, "2021-03-01", "p", "", inputs, 3, TRAINEES), lines(line(1)), b"")
    assert "/花名册/****.xlsx" in ledger.batches()["inputs"][0]


def test_lines_put_together_from_several_frames_are_posted_alike(ledger):
    parts = pd.concat([lines(line(1)), lines(line(2)).assign(line=1)])
    with ledger.transaction():
        ledger.post(record(), parts, b"")
    assert ledger.history([person(1), person(2)], [])["occupation"].tolist() == ["电工", "电工"]
