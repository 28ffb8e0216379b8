"""`publish`: the lists worked out again from what the test posted; nothing of a person that is nobody's business."""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from cli.program import run, write
from cli.test_validate import HEADER, row
from registers.builder import write as write_register
from support.people import id_number
from trainingcli.facts import STATUS_WORDS
from trainingcli.ledger import Ledger, open_ledger
from trainingcli.policy import load_policy
from trainingcli.published import schemas_folder
from trainingcli.views.period import Period
from trainingcli.views.publish.notice import AskedNotice, notice
from trainingcli.views.publish.objection import standing
from trainingcli.views.publish.progress import hidden

from .books import Books, Line, random_books
from .pages import Page, every_text, sheet_rows

POLICY = load_policy()
WORDS = {code: entry.name.zh for code, entry in (*POLICY.programmes.items(), *POLICY.awards.items())}
STANDS = standing(dt.date(2021, 12, 31), 5, "working")
PERIODS = [(None, None), ("2019-06-01", "2020-06-30"), ("2020-01-01", "2020-12-31"), ("2021-01-01", None)]


def within(day: str | None, since: str | None, until: str | None) -> bool:
    return day is not None and (since or "") <= day <= (until or "~")


def listed(line: Line) -> dict[str, object]:
    """A line as the notice lists it (contract-2, 4, publish notice)."""
    number = line.id_number
    time = f"{line.start} 至 {line.end}" if line.end else line.start or f"{line.certificate_date}（发证）"
    return {
        "name": line.name, "id_number": number and f"{number[:6]}********{number[-4:]}",
        "institution": line.institution or line.employer, "occupation": line.occupation, "level": line.level,
        "time": time, "programme": WORDS[line.programme], "yuan": line.yuan,
    }  # fmt: skip


def expected_people(standing_lines: list[Line]) -> list[dict[str, object]]:
    by_place = sorted(standing_lines, key=lambda line: (str(listed(line)["institution"]), line.entry))
    return [{"number": number, **listed(line)} for number, line in enumerate(by_place, 1)]


def expected_payees(lines: list[Line]) -> dict[str, dict[str, int]]:
    """Counts and fen of each payee by status: what is paid of approved lines, what was asked for of the others."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        mine = found.setdefault(line.paid_to, {})
        assert line.yuan is not None
        for key, more in (
            ("claimed", 1), ("claimed_yuan", line.yuan), (line.status, 1), (f"{line.status}_yuan", line.yuan),
            ("yuan", line.yuan if line.status == "approved" else 0),
        ):  # fmt: skip
            mine[key] = mine.get(key, 0) + more
    return found


def check(ledger: Ledger, books: Books, asked: AskedNotice) -> int:
    """Compare one notice with the list; return how many it lists."""
    first, last = asked.period.since, asked.period.until
    kinds = {batch: kind for batch, (kind, _) in books.batches.items()}
    chosen = [line for line in books.lines if not asked.batches or line.batch in asked.batches]
    if not asked.paid:  # an import was paid elsewhere
        chosen = [line for line in chosen if kinds[line.batch] != "import"]
    stands = [line for line in chosen if line.status == "approved" and line.reversed is None]
    stands = [line for line in stands if within(line.day, first, last)]
    refused = [line for line in chosen if line.status != "approved" and kinds[line.batch] != "import"]
    refused = [line for line in refused if within(books.batches[line.batch][1], first, last)]
    people, payees = notice(ledger, POLICY, asked, STANDS).sections
    assert people.table.to_pylist() == expected_people(stands)
    rows = {each["payee"]: each for each in payees.table.to_pylist()}
    wanted = expected_payees([*stands, *refused])
    blank = dict.fromkeys((column.key for column in payees.columns[1:]), 0)
    assert rows == {payee: {"payee": payee, **blank, **counts} for payee, counts in wanted.items()}
    assert people.total is not None
    assert payees.total is not None
    assert people.total["yuan"] == sum(line.yuan or 0 for line in stands) == payees.total["yuan"]
    for key in blank:
        assert payees.total[key] == sum(counts.get(key, 0) for counts in wanted.values())
    return len(stands)


@pytest.mark.parametrize("seed", range(2))
def test_a_notice_lists_what_stands_and_counts_what_was_decided(address, seed):
    with open_ledger(address) as ledger:
        books = random_books(ledger, seed, steps=14)
        found = [
            check(ledger, books, AskedNotice((), Period(*ends), paid)) for ends in PERIODS for paid in (False, True)
        ]
        found += [check(ledger, books, AskedNotice((batch,), Period(), kind == "import"))
                  for batch, (kind, _) in books.batches.items()]  # fmt: skip
        check(ledger, books, AskedNotice(tuple(books.batches), Period(), paid=True))
    assert max(found) > 5


def publish(ledger: object, out: Path, *arguments: object) -> dict[str, object]:
    """Publish; return the document, which holds to its schema."""
    options = ["--ledger", ledger, "--out", out, "--format", "json"]
    done = run("publish", *arguments, *options)
    assert done.exit_code == 0, done.stderr
    document: dict[str, object] = json.loads(done.stdout)
    schema = json.loads((schemas_folder() / "publication.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(document)
    return document


def files(document: dict[str, object]) -> list[Path]:
    return [Path(one["file"]) for one in document["outputs"]]  # type: ignore[attr-defined]


def as_kept(shown: str, kept: object) -> object:
    """A cell of the page as the workbook keeps it: a figure as a number."""
    return float(Decimal(shown.replace(",", ""))) if isinstance(kept, int | float) else shown or None


def same_tables(document: dict[str, object]) -> dict[str, list[list[str]]]:
    """Every table stands on the page as in the workbook, cell for cell; return the page's."""
    book, page = files(document)
    tables = Page(page).tables
    for name, rows in tables.items():
        kept = sheet_rows(book, name)
        assert [[as_kept(*cells) for cells in zip(*two, strict=True)] for two in zip(rows, kept, strict=True)] == kept
    return tables


def test_page_and_workbook_say_the_same_and_the_record_names_both(sqlite_address, tmp_path):
    with open_ledger(sqlite_address) as ledger:
        random_books(ledger, 3, steps=14)
        before = ledger.head()
    out = tmp_path / "out"
    documents = [
        publish(sqlite_address, out, kind, *more, "--today", "2021-12-31")
        for kind, more in (("notice", ("--from", "2019-01-01")), ("funds", ()), ("progress", ()))
    ]
    assert [len(same_tables(document)) for document in documents] == [2, 6, 5]
    assert [document["number"] for document in documents] == [1, 2, 3]
    stands = {"from": "2021-12-31", "to": "2022-01-10", "days": 5, "counted": "working"}
    assert documents[0]["standing"] == stands
    assert "2021年12月31日至2022年1月10日" in files(documents[0])[1].read_text("utf-8")
    assert documents[0]["ledger"] == {"head": before.hash, "entries": before.entries}
    with open_ledger(sqlite_address) as ledger:
        records = [json.loads(text) for text in ledger.records("published")["facts"]]
        assert ledger.verify().ok
        assert ledger.last_day() is not None
    for document, kept in zip(documents, records, strict=True):
        book, page = files(document)
        hashes = [one["sha256"] for one in document["outputs"]]  # type: ignore[attr-defined]
        assert [one["sha256"] for one in kept["outputs"]] == hashes
        assert (kept["number"], kept["date"], kept["ledger"]) == (document["number"], "2021-12-31", document["ledger"])
        for text in (page.read_text("utf-8"), every_text(book)):
            assert f"第 {document['number']} 号" in text
            assert document["ledger"]["head"] in text  # type: ignore[index]
            assert "2021年12月31日" in text
        assert hashes[0] in page.read_text("utf-8")
        assert {path.stat().st_mode & 0o777 for path in (book, page)} == {0o600}


@pytest.mark.parametrize(("rows", "pages"), [(30, 1), (29, 3), (7, 6)])
def test_a_long_list_is_parted_and_found_by_institution(sqlite_address, tmp_path, monkeypatch, rows, pages):
    """30 lines of three institutions: the pages together say what the workbook says, and every link leads there."""
    monkeypatch.setattr("trainingcli.views.publish.page_parts.ROWS", rows)
    schools = {"甲&校": 8, "乙校": 9, "丙校": 13}
    lines = [
        Line(n, institution=name) for n, name in enumerate(s for s, count in schools.items() for _ in range(count))
    ]
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-02-01", lines)
    book, *written = files(publish(sqlite_address, tmp_path / "out", "notice", "--batch", 1))
    front, *behind = [Page(path) for path in written]
    assert [path.name for path in written] == [
        "补贴公示-1.html",
        *(f"补贴公示-1-{n}.html" for n in range(2, pages + 1)),
    ]
    header, *kept = sheet_rows(book, "补贴名单")
    if not behind:
        assert len(front.tables["补贴名单"]) == len(kept) + 1
        assert front.links == []
        return
    assert "补贴名单" not in front.tables
    parts = [page.tables["补贴名单"] for page in behind]
    assert {tuple(part[0]) for part in parts} == {tuple(header)}
    assert all(0 < len(part) - 1 <= rows + (part is parts[-1]) for part in parts)
    assert [row[1] for part in parts for row in part[1:]] == [row[1] for row in kept]  # the total is on the last alone
    listed_ = [row[3] for part in parts for row in part[1:]]
    for name, count in schools.items():
        address = next(href for href, words in front.links if words == name)
        file, _, anchor = unquote(address).partition("#")
        own = next(page for page, path in zip(behind, written[1:], strict=True) if path.name == file)
        assert [attributes["id"] for tag, attributes in own.tags if tag == "tr" and "id" in attributes].count(
            anchor
        ) == 1
        assert int(anchor.removeprefix("row-")) == listed_.index(name) + 1
        assert f"{count} 笔" in written[0].read_text("utf-8")
    leads = [{words: unquote(href) for href, words in page.links} for page in behind]
    assert [page.get("下一页") for page in leads] == [*(path.name for path in written[2:]), None]
    assert [page.get("上一页") for page in leads] == [None, *(path.name for path in written[1:-1])]
    assert {page["首页"] for page in leads} == {"补贴公示-1.html"}


def test_a_trainee_is_no_payee_by_name_whatever_policy_paid_them(sqlite_address):
    """A programme that the policy in force does not know, or knows with another payee, may have been the trainee's."""
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        books.post("2021-02-01", [Line(1), Line(2, "certificate", payee="学员2", status="held"),
                                  Line(3, "living-allowance", status="rejected")])  # fmt: skip
        payees = notice(ledger, POLICY, AskedNotice((1,), Period()), STANDS).sections[1].table["payee"].to_pylist()
    assert payees == ["晋阳职业培训学校", "本人"]


CANARY = {
    "phone": "13987654321", "account": "6222029988776655443", "hardship": "零就业家庭", "category": "高校毕业生",
    "card": "1401777766665555",
}  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)",
    "王\u202e明\u200b", "{{ 7*7 }}{% raw %}", "李&amp;<b>", "-2+3", "赵\u2066四",
]  # fmt: skip


@pytest.fixture
def canaries(tmp_path) -> tuple[Path, list[str]]:
    """A ledger of people with hostile names and things about them that nobody may read; what these things are."""
    people = [id_number(number) for number in range(40, 40 + len(HOSTILE))]
    header = [*HEADER, "联系电话", "银行账号", "开户银行"]
    rows = [
        [*row(姓名=name, 身份证号=number, 人员类别=CANARY["category"], 困难类型=CANARY["hardship"],
              就业创业证号=CANARY["card"], 补贴项目="职业技能培训补贴、生活费补贴"),
         CANARY["phone"], CANARY["account"], "金丝雀银行"]
        for name, number in zip(HOSTILE, people, strict=True)
    ]  # fmt: skip
    rows[0][HEADER.index("职业(工种)")] = f"焊工{people[0]}"
    rows[1][HEADER.index("职业(工种)")] = f"电工 {CANARY['phone'][:3]} {CANARY['phone'][3:7]} {CANARY['phone'][7:]}"
    rows[2][HEADER.index("补贴项目")], rows[2][HEADER.index("申报金额")] = "生活费补贴", 2000  # reduced to 300
    rows[3][HEADER.index("就业创业证号")] = None  # held, and the allowance paid
    title = ["填报单位：", f"太原市示范学校{CANARY['account']}"]
    roster = tmp_path / "roster.csv"  # where what looks like a formula is a text
    with roster.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([title, header, *rows])
    ledger = tmp_path / "ledger.db"
    posting = ["--post", "--ledger", ledger, "--today", "2021-12-31", "--out", tmp_path / "claims", "--format", "json"]
    done = run("claims", roster, *posting)
    assert json.loads(done.stdout)["batch"] is not None, done.stderr
    return ledger, [*people, *CANARY.values(), "金丝雀银行"]


def kinds(tmp_path: Path) -> list[tuple[object, ...]]:
    lists = tmp_path / "lists"
    entry = {
        "institution": "+1+1<b>晋阳</b>",
        "bank": "金丝雀银行",
        "account": CANARY["account"],
        "account_name": "户名",
    }
    write_register(lists, "institutions", entry | {"district": "迎泽区"})
    return [
        ("notice", "--batch", 1), ("notice", "--year", 2021, "--paid", "--lang", "en"), ("funds", "--registers", lists),
        ("progress", "--registers", lists), ("lists", "--registers", lists),
    ]  # fmt: skip


def test_no_canary_stands_in_anything_that_is_published(canaries, tmp_path):
    ledger, secrets = canaries
    seen = []
    for asked in kinds(tmp_path):
        done = run("publish", *asked, "--ledger", ledger, "--out", tmp_path / "out", "--format", "json")
        assert done.exit_code == 0, done.stderr
        seen.append(done.stdout + done.stderr)
    table = run("publish", "notice", "--batch", 1, "--ledger", ledger, "--out", tmp_path / "out", "--format", "table")
    seen += [table.stdout, *(every_text(path) for path in (tmp_path / "out").iterdir())]
    assert len(list((tmp_path / "out").iterdir())) == 12
    allowed = {CANARY["category"]}  # a heading of counts by category, hidden where small; in no list of people
    for text in seen:
        plain = text.translate({0x20: None, 0x2D: None, 0xA0: None})
        assert [secret for secret in secrets if secret in plain and secret not in allowed] == []
    claimed = "".join(every_text(path) for path in (tmp_path / "claims").iterdir())
    assert [secret for secret in secrets if secret not in claimed] == [CANARY["card"]]  # where they may be, they are
    notices = [path for path in (tmp_path / "out").iterdir() if "补贴公示" in path.name]
    assert len(notices) == 6
    assert not any(CANARY["category"] in every_text(path) for path in notices)


def test_a_hostile_name_is_text_on_the_page_and_in_the_workbook(canaries, tmp_path):
    ledger, _ = canaries
    document = publish(ledger, tmp_path / "out", "notice", "--batch", 1)
    names = {line[1] for line in same_tables(document)["补贴名单"][1:-1]}
    assert names == {"".join(sign for sign in name if sign not in "\u202e\u200b\u2066") for name in HOSTILE}
    book, page = files(document)
    assert {tag for tag, _ in Page(page).tags} & {"script", "img", "b", "a", "link", "iframe"} == set()
    assert "<f>" not in every_text(book)


def test_every_status_is_counted_for_its_payee(canaries, tmp_path):
    """Two lines a person but for one, whose line is reduced; of another's two one is held."""
    ledger, _ = canaries
    document = publish(ledger, tmp_path / "out", "notice", "--batch", 1)
    rows = same_tables(document)["补贴对象核定情况"]
    lines = json.loads(run("ledger", "show", 1, "--ledger", ledger, "--format", "json").stdout)["lines"]
    total = dict(zip(rows[0], rows[-1], strict=True))
    assert document["totals"]["lines"] == len(lines) == int(total["核定笔数"]) + int(total["核减笔数"])  # type: ignore[index]
    yuan = f"{Decimal(document['totals']['yuan']):,}"  # type: ignore[index]
    counted = [heading for heading in rows[0] if heading.endswith("笔数") and heading != "申报笔数"]
    assert sum(int(total[heading]) for heading in counted) == int(total["申报笔数"]) == 2 * len(HOSTILE) - 1
    assert (total["核减笔数"], total["核减后金额(元)"], total["补贴金额合计(元)"]) == ("1", "300.00", yuan)
    assert {heading.removesuffix("笔数") for heading in counted} == {str(STATUS_WORDS[name]) for name in
            ("approved", "reduced", "held", "rejected")}  # fmt: skip


def test_an_empty_period_is_an_empty_document_and_said(sqlite_address, tmp_path):
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-02-01", [Line(1)])
    done = run("publish", "notice", "--year", 2030, "--ledger", sqlite_address, "--out", tmp_path, "--format", "json")
    assert done.exit_code == 0
    assert "没有可公示" in done.stderr
    document = json.loads(done.stdout)
    assert document["totals"] == {"lines": 0, "yuan": "0.00"}
    assert "没有内容" in files(document)[1].read_text("utf-8")
    assert sheet_rows(files(document)[0], "补贴名单")[-1][-1] == 0


@pytest.mark.parametrize(
    "asked",
    [
        ("notice",), ("notice", "--batch", 1, "--year", 2021), ("notice", "--batch", 99), ("notice", "--batch", 2),
        ("notice", "--batch", 3), ("notice", "--batch", 1, "--days", 0), ("notice", "--batch", 1, "--start", "明天"),
        ("lists",), ("lists", "--registers", "nowhere"),
    ],
)  # fmt: skip
def test_wrong_usage_publishes_nothing(sqlite_address, tmp_path, asked):
    """Batch 2 is a reversal: it posted nothing that could be published. Batch 3 is an import: nobody is to be paid."""
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        books.post("2021-02-01", [Line(1)])
        books.void(books.lines, "2021-03-01")
        books.post("2021-03-01", [Line(2)], "import")
        before = ledger.head()
    done = run("publish", *asked, "--ledger", sqlite_address, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()
    with open_ledger(sqlite_address) as ledger:
        assert ledger.head() == before


@pytest.mark.parametrize("kind", [("notice", "--batch", 1), ("funds",), ("progress",), ("lists", "--registers", ".")])
def test_without_a_ledger_the_path_is_named_and_nothing_is_written(tmp_path, kind):
    done = run("publish", *kind, "--ledger", tmp_path / "none.db", "--out", tmp_path / "out")
    assert (done.exit_code, done.stderr.count("\n")) == (4, 1)
    assert str(tmp_path / "none.db") in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_written_is_not_recorded(sqlite_address, tmp_path):
    """Somebody's file of the same name stays; its own page of another ledger gives way, a changed one does not."""
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-02-01", [Line(1)])
        before = ledger.head()
    asked = ["publish", "notice", "--batch", 1, "--ledger", sqlite_address, "--out", tmp_path, "--format", "json"]
    mine = tmp_path / "补贴公示-1.html"
    mine.write_text("<!DOCTYPE html><p>mine", encoding="utf-8")
    assert run(*asked).exit_code == 5
    with open_ledger(sqlite_address) as ledger:
        assert ledger.head() == before
    assert [path.name for path in tmp_path.glob("补贴公示*")] == [mine.name]
    assert run(*asked, "--force").exit_code == 0
    other = tmp_path / "补贴公示-2.html"
    other.write_bytes(mine.read_bytes())
    assert run(*asked).exit_code == 0
    (tmp_path / "补贴公示-3.html").write_bytes(mine.read_bytes().replace(b"<h1>", b"<h1>!"))
    assert run(*asked).exit_code == 5


def test_a_number_that_somebody_else_took_meanwhile_is_not_given_twice(sqlite_address, tmp_path, monkeypatch):
    from trainingcli.ledger.records import Writing
    from trainingcli.views.publish import publishing

    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-02-01", [Line(1)])
    written, turns = publishing._written, []

    def overtaken(*given: object) -> object:
        found = written(*given)
        if not turns:
            with open_ledger(sqlite_address) as other:
                other.record("published", ["{}"], Writing("2021-03-01T09:00:00+08:00"))
        turns.append(given)
        return found

    monkeypatch.setattr(publishing, "_written", overtaken)
    document = publish(sqlite_address, tmp_path, "notice", "--batch", 1)
    assert (document["number"], len(turns)) == (2, 2)
    assert sorted(path.name for path in tmp_path.glob("*公示*")) == ["补贴公示-2.html", "补贴公示-2.xlsx"]


def test_the_lists_are_those_in_force_without_accounts(sqlite_address, tmp_path):
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-02-01", [Line(1)])
    lists = tmp_path / "lists"
    days = {"since": "2020-01-01", "until": "2020-12-31"}
    write_register(lists, "occupations", {"occupation": "焊工", "level": "初级工、中级工", "standard": 800},
                   {"occupation": "电工", **days})  # fmt: skip
    write_register(lists, "institutions", {"institution": "晋阳技工学校", "credit_code": "911401007460036541",
                   "bank": "银行", "account": "6222029988776655443", "account_name": "户名某"})  # fmt: skip
    write_register(lists, "instructors", {"name": "师资某", "id_number": id_number(9), "occupation": "焊工"})
    document = publish(sqlite_address, tmp_path / "out", "lists", "--registers", lists, "--today", "2021-01-01")
    assert document["lists"] == {"occupations": 1, "institutions": 1}
    tables = same_tables(document)
    assert tables["职业(工种)目录"] == [["职业(工种)", "等级", "补贴标准(元)"], ["焊工", "初级工、中级工", "800.00"]]
    assert tables["培训机构目录"][1] == ["晋阳技工学校", "911401007460036541"]
    text = "".join(every_text(path) for path in files(document))
    assert not [word for word in ("6222029988776655443", "户名", "师资某") if word in text]
    earlier = publish(sqlite_address, tmp_path / "out", "lists", "--registers", lists, "--today", "2020-12-31")
    assert earlier["lists"] == {"occupations": 2, "institutions": 1}


def test_counts_below_five_are_hidden_and_so_is_the_next_smallest():
    rows = [{"key": key, "events": events, "people": people} for key, events, people in
            (("a", 90, 80), ("b", 7, 4), ("c", 12, 6), ("d", 9, 9), ("e", 4, 3))]  # fmt: skip
    shown = {each["key"]: (each["events"], each["people"]) for each in hidden(rows)}
    assert shown == {"a": (90, 80), "b": ("<5", "<5"), "c": ("<5", "<5"), "d": (9, 9), "e": ("<5", "<5")}
    assert hidden(rows[:1]) == rows[:1]


def test_small_counts_by_category_stand_on_neither_page_nor_sheet(sqlite_address, tmp_path):
    """Twelve, six and three people: the three are hidden, and the six, or the three were counted out of the 21."""
    people = {"退役军人": 12, "高校毕业生": 6, "残疾人": 3}
    lines = [Line(number, category=category, start="2021-03-01") for number, category in
             enumerate(name for name, count in people.items() for _ in range(count))]  # fmt: skip
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-04-01", lines)
    document = publish(sqlite_address, tmp_path, "progress", "--today", "2021-12-31")
    tables = same_tables(document)
    rows = {name: counts for name, *counts in tables["按人员类别"][1:]}
    assert rows == {"退役军人": ["12", "12"], "高校毕业生": ["<5", "<5"], "残疾人": ["<5", "<5"]}
    assert ["2021", "21", "21"] in tables["按年度"]


@pytest.mark.parametrize(
    ("start", "days", "kind", "end", "unknown"),
    [
        ("2021-12-31", 5, "calendar", "2022-01-05", ()),
        ("2021-12-31", 5, "working", "2022-01-10", ()),  # New Year's holiday to 3 January, then Tuesday to Monday
        ("2021-09-24", 5, "working", "2021-09-30", ()),  # Sunday 26 September is worked, for the National Day
        ("2021-09-30", 1, "working", "2021-10-08", ()),
        ("2021-04-02", 1, "working", "2021-04-06", ()),  # Qingming, Monday 5 April
        ("2090-01-05", 5, "working", "2090-01-12", (2090,)),  # no holidays known: weekends alone
    ],
)
def test_a_notice_stands_so_many_days_from_the_day_after(start, days, kind, end, unknown):
    found = standing(dt.date.fromisoformat(start), days, kind)
    assert (found.end.isoformat(), found.by_weekends) == (end, unknown)
    assert bool(found.said()) == bool(unknown)


def test_pages_in_a_folder_of_rosters_are_passed_over(canaries, tmp_path):
    ledger, _ = canaries
    publish(ledger, tmp_path / "rosters", "notice", "--batch", 1)
    write(tmp_path / "rosters" / "roster.xlsx", [HEADER, row()])
    done = run("validate", tmp_path / "rosters", "--format", "json")
    assert [Path(one["file"]).name for one in json.loads(done.stdout)["inputs"]] == ["roster.xlsx"]


def test_the_office_is_the_configurations_unless_an_option_names_another(address, tmp_path):
    with open_ledger(address) as ledger:
        Books(ledger).post("2021-02-01", [Line(1)])
    settings = tmp_path / "trainingcli.toml"
    settings.write_text('office = "示范区人社局"\nphone = "13900000000"\n', encoding="utf-8")
    document = publish(
        address, tmp_path / "out", "notice", "--batch", 1, "--config", settings, "--address", "示范路<1>号"
    )  # fmt: skip
    text = files(document)[1].read_text("utf-8")
    assert [word in text for word in ("示范区人社局", "13900000000", "示范路&lt;1&gt;号")] == [True] * 3
