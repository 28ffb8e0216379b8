"""The ledger as `ledger list`, `show` and `verify` show it: whose money it was, masked unless asked."""

from __future__ import annotations

import csv

import pytest

from reports.builder import assessment
from reports.builder import line as settled
from trainingcli.claims.batch_archive import pack
from trainingcli.errors import UsageError
from trainingcli.ledger import BatchRecord, Budget, open_ledger
from trainingcli.policy import load_policy
from trainingcli.reports.data.export import export_frame
from trainingcli.views.batches import _names, batches_view
from trainingcli.views.ledger_views import balances_view, entries_view, export_view
from trainingcli.views.paid_lines import NOWHERE

from .claims import TRAINEES, WHEN, line, lines, person

FIRST = [("赵一鸣", person(1), "太原某培训学校"), ("钱二", person(2), "钱二")]
SECOND = [("孙三", person(3), "太原某厂"), ("赵一鸣", person(1), "太原某厂")]


def archive(people) -> bytes:
    rows = [settled(name=name, id_number=number, payee=payee) for name, number, payee in people]
    return pack(assessment(rows, policy=load_policy()))


def record(*files: str) -> BatchRecord:
    return BatchRecord(
        "claims", WHEN, "2021-03-01", "taiyuan-2019", "ab" * 32, tuple((f, "c" * 64) for f in files), 3, TRAINEES
    )


@pytest.fixture
def ledger(address: str):
    """Two batches, whose entries come in another order than the lines of their archives; one line is reversed."""
    with open_ledger(address) as opened:
        opened.set_budget([Budget("就业补助资金", 2020, 900_000, 1_205)], when=WHEN)
        with opened.transaction():
            second = line(2, line=2, programme="living-allowance", payee="钱二", approved=12_005)
            opened.post(record("/甲/一.xlsx", "/甲/二.xlsx"), lines(second, line(1, line=1)), archive(FIRST))
            opened.post(
                record("/乙/四.xlsx"),
                lines(line(3, line=1), line(1, line=2, key="焊工|", event_year=2021)),
                archive(SECOND),
            )
        opened.void(2, [2], "重复", when=WHEN)
        yield opened


def test_batches_say_what_they_were_posted_from_and_what_is_left_of_them(ledger):
    rows = batches_view(ledger)
    shown = {name: [row[name] for row in rows] for name in rows[0]}
    assert shown["batch"] == [1, 2, 3, 4]
    assert shown["kind"] == ["budget", "claims", "claims", "void"]
    assert shown["date"] == ["2021-03-01"] * 4
    assert shown["inputs"] == ["", "一.xlsx (+1)", "四.xlsx", ""]
    assert shown["policy"] == [None, "taiyuan-2019", "taiyuan-2019", None]
    assert shown["lines"] == [0, 2, 2, 1]
    assert shown["yuan"] == ["0.00", "1120.05", "2000.00", "120.05"]
    assert shown["reversed"] == [0, 1, 0, 0]
    assert shown["reversed_yuan"] == ["0.00", "120.05", "0.00", "0.00"]


def test_entries_have_their_people_and_a_reversal_those_of_what_it_reverses(ledger):
    shown = entries_view(ledger, None, unmask=True)
    assert list(shown.columns[:8]) == ["entry", "batch", "line", "name", "id_number", "payee", "yuan", "kind"]
    assert list(shown.columns[8:]) == [
        "reverses", "programme", "occupation", "level", "training_type", "start_date", "end_date", "certificate_date",
        "event", "event_year", "fund", "reversed_by", "hash", "day", "refers", "waiver", "decision", "facts",
        "unit", "operator", "why", "posted_at",
    ]  # fmt: skip
    assert shown["name"].fillna("").tolist() == ["", "", "钱二", "赵一鸣", "孙三", "赵一鸣", "钱二"]
    assert shown["id_number"].fillna("").tolist() == ["", "", *(person(n) for n in (2, 1, 3, 1, 2))]
    payees = ["", "", "钱二", "太原某培训学校", "太原某厂", "太原某厂", "钱二"]
    assert shown["payee"].fillna("").tolist() == payees
    assert shown["yuan"].tolist() == ["9000.00", "12.05", "120.05", "1000.00", "1000.00", "1000.00", "120.05"]
    assert shown["reversed_by"].fillna(0).tolist() == [0, 0, 7, 0, 0, 0, 0]


def test_people_are_masked_and_institutions_are_not(ledger):
    shown = entries_view(ledger, None, unmask=False)
    assert shown["name"].fillna("").tolist() == ["", "", "钱*", "赵*", "孙*", "赵*", "钱*"]
    masked = [f"{person(n)[:6]}********{person(n)[-4:]}" for n in (2, 1, 3, 1, 2)]
    assert shown["id_number"].fillna("").tolist() == ["", "", *masked]
    assert shown["payee"].fillna("").tolist() == ["", "", "钱*", "太原某培训学校", "太原某厂", "太原某厂", "钱*"]


def test_numbers_of_people_are_starred_wherever_they_were_written(address):
    """An ID number in the cell of an occupation or a training type, a mobile number in an employer's name."""
    texts = {"occupation": f"电工{person(1)}", "level": f"初级工 {person(1)}", "training_type": person(1)}
    with open_ledger(address) as opened:
        with opened.transaction():
            payee = "某厂13800000001"
            opened.post(
                record("一.xlsx"), lines(line(1, payee=payee, **texts)), archive([("赵一鸣", person(1), payee)])
            )
        masked, plain = (entries_view(opened, None, unmask=unmask).iloc[0] for unmask in (False, True))
    kept = {"occupation": "电工****", "level": "初级工****", "training_type": "****"}
    assert {name: masked[name] for name in texts} == {name: plain[name] for name in texts} == kept
    assert "13800000001" not in masked["payee"]
    assert masked["payee"].startswith("某厂")
    assert plain["payee"] == payee, "as the archive has it"


def test_one_batch_is_shown_alone_and_one_that_is_not_there_is_wrong_usage(ledger):
    assert entries_view(ledger, 3, unmask=True)["name"].tolist() == ["孙三", "赵一鸣"]
    assert entries_view(ledger, 3, unmask=True)["entry"].tolist() == [5, 6]
    assert entries_view(ledger, 1, unmask=True)["yuan"].tolist() == ["9000.00", "12.05"]
    with pytest.raises(UsageError, match="9") as caught:
        entries_view(ledger, 9, unmask=True)
    assert caught.value.exit_code == 2


def test_a_reversal_shown_alone_names_its_person(ledger):
    """Who it is of stands in the archive of the batch that it reverses."""
    shown, whole = entries_view(ledger, 4, unmask=True), entries_view(ledger, None, unmask=True)
    assert shown["name"].tolist() == whole.loc[whole["batch"] == 4, "name"].tolist() != [None]
    assert shown["payee"].tolist() == whole.loc[whole["batch"] == 4, "payee"].tolist() == ["钱二"]


def test_balances_are_shown_in_yuan(ledger):
    shown = balances_view(ledger.verify())
    assert shown.to_dict("list") == {
        "fund": ["就业补助资金", "就业补助资金"],
        "year": [2020, 2021],
        "opening": ["12.05", "0.00"],
        "posted": ["0.00", "3120.05"],  # cash (Q21): the year of the day of posting
        "reversed": ["0.00", "120.05"],
        "closing": ["12.05", "3000.00"],
    }


def test_an_empty_ledger_shows_nothing(address):
    with open_ledger(address) as opened:
        assert len(batches_view(opened)) == len(entries_view(opened, None, unmask=False)) == 0
        assert len(balances_view(opened.verify())) == 0


@pytest.mark.parametrize("damaged", ["", "{", "[1]", "[{}]", "null", "7", '[{"file": null}]'])
def test_damaged_inputs_of_a_batch_are_said_and_stop_no_list(damaged):
    assert "ledger verify" in _names(damaged)


def test_a_batch_without_inputs_has_an_empty_name():
    assert _names("[]") == ""


def test_an_exported_csv_has_amounts_with_two_places_and_whole_numbers_as_they_are(ledger, tmp_path):
    export_frame(export_view(ledger, NOWHERE, unmask=True), tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()))
    assert [row["金额(元)"] for row in rows][-2:] == ["1000.00", "-120.05"]
    assert [row["冲销分录"] for row in rows][-1] == "3"
