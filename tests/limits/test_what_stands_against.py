"""A refusal names the trainings that stand against the line: day, payee and batch, or file and row of the batch."""

from __future__ import annotations

import datetime as dt
import json

from support.ordinary import row
from support.people import id_number
from support.posted import Posted, history_frame
from support.rosters import Sheet, input_file
from support.settling import run
from trainingcli.settle.limits.events import Waiver
from trainingcli.settle.settlement import History

POSTED = Posted(
    id_number(1),
    "vocational-training",
    0,
    "焊工",
    "初级工",
    start=dt.date(2020, 3, 1),
    end=dt.date(2020, 3, 15),
    approved=30_000,
)


def messages(*rows, posted=(), waivers=None, code):
    history = History(history_frame(posted)) if posted else None
    found = run([input_file("名册.xlsx", Sheet(rows, name="一班"))], history=history, waivers=waivers)
    return found.reasons[found.reasons["code"] == code][["zh", "en"]].to_numpy().tolist()


def test_a_repeat_names_the_ledgers_payment():
    (zh, en), = messages(row("失业人员"), posted=[POSTED], code="REPEAT_TRAINING")  # fmt: skip
    assert "2020-03-01 晋阳职业培训学校 第1批" in zh
    assert "2020-03-01 晋阳职业培训学校, batch 1" in en


def test_a_repeat_within_the_batch_names_file_and_row():
    later = row("失业人员", 开班日期=dt.date(2020, 9, 1), 结业日期=dt.date(2020, 9, 15))
    (zh, en), = messages(row("失业人员"), later, code="REPEAT_TRAINING")  # fmt: skip
    assert "2020-07-01 本批 名册.xlsx 一班 第2行" in zh
    assert "2020-07-01, this batch, 名册.xlsx 一班, row 2" in en


def four():
    return [
        row("失业人员", 工种=name, 开班日期=dt.date(2020, month, 1), 结业日期=dt.date(2020, month, 15))
        for month, name in enumerate(("焊工", "车工", "钳工", "电工"), 7)
    ]


def test_a_fourth_training_names_the_three():
    (zh, _), = messages(*four(), code="ANNUAL_LIMIT")  # fmt: skip
    assert [day in zh for day in ("2020-07-01", "2020-08-01", "2020-09-01", "2020-10-01")] == [True, True, True, False]
    assert all(f"第{number}行" in zh for number in (2, 3, 4))


def test_what_is_posted_names_its_payment():
    again = row("失业人员", 开班日期=dt.date(2020, 3, 1), 结业日期=dt.date(2020, 3, 15))
    (zh, _), = messages(again, posted=[POSTED], code="ALREADY_POSTED")  # fmt: skip
    assert "2020-03-01 晋阳职业培训学校 第1批" in zh


def test_a_waiver_keeps_approver_and_document():
    record = json.dumps(
        {"approver": "周科长", "document": "特批〔2020〕3号", "reason": "ANNUAL_LIMIT"}, ensure_ascii=False
    )
    waivers = {id_number(1): [Waiver(None, None, None, "ANNUAL_LIMIT", record)]}
    (zh, _), = messages(*four(), waivers=waivers, code="WAIVED")  # fmt: skip
    assert "周科长" in zh
    assert "特批〔2020〕3号" in zh


def test_less_than_todays_figure_says_by_how_much():
    """The ledger paid 300 yuan, and 800 were claimed, at most 1000."""
    again = row("失业人员", 开班日期=dt.date(2020, 3, 1), 结业日期=dt.date(2020, 3, 15))
    (zh, _), = messages(again, posted=[POSTED], code="PAID_LESS")  # fmt: skip
    assert "500.00" in zh
