"""A piece of evidence from outside the package tree: one file, and no existing file changes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from registers import builder
from registers.builder import IDS, VOCATIONAL, policy, rows_of
from trainingcli.claims.assess import assess_rows
from trainingcli.claims.request import Request
from trainingcli.cli import app
from trainingcli.engines import tasks
from trainingcli.engines.parcels import opened
from trainingcli.engines.parted_rosters import PieceStart, goes_to, of_several, people_in
from trainingcli.evidence import sources
from trainingcli.evidence.accounts import PAYEES
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.gathering import documents_of, joined
from trainingcli.evidence.register_contents import all_registers
from trainingcli.explain import entries
from trainingcli.findings import Findings
from trainingcli.settle.rows import Rows

ALMANAC = '''"""The almanac (老黄历): days on which no class may begin."""

from trainingcli.errors import UsageError
from trainingcli.evidence.source import Option, Source
from trainingcli.facts import Check
from trainingcli.language import Text


class Almanac(Source):
    name = "almanac"
    place = 200
    option = Option("--almanac", "FILE", Text("老黄历。", "An almanac."))
    reasons = ("NOT_IN_REGISTER",)

    @property
    def title(self):
        return Text("老黄历", "Almanac")

    def read(self, paths, means):
        days = set()
        for path in paths:
            try:
                heading, *lines = path.read_text("utf-8").splitlines()
            except (OSError, ValueError):
                raise UsageError(Text(f"{path} 无法读取", f"{path} cannot be read")) from None
            if heading != "忌日":
                raise UsageError(Text(f"{path} 没有表头", f"{path} has no header"))
            days.update(lines)
        return days

    def whole(self, batch):
        return int(batch.people().max(initial=-1)) + 1

    def joined(self, parts):
        return sum(parts)

    def verdicts(self, batch):
        days = batch.sources.read.get(self.name)
        if days is not None:
            people = batch.whole(self.name, self.whole)
            bad = batch.on_lines(batch.rows.frame["start_date"].astype(str).isin(days).to_numpy())
            detail = Text(f"忌；共{people}人", f"{people} people")
            yield from batch.reasons(bad, "NOT_IN_REGISTER", "start_date", detail)

    def account(self, batch):
        return int(batch.size)

    def document(self, accounts, sources):
        return {"lines": sum(accounts)} if self.name in sources.read else None

    def checks(self, sources):
        given = self.name in sources.read
        yield Check(self.name, given, None if given else Text("未提供老黄历", "no almanac was supplied"))


SOURCE = Almanac()
'''


@pytest.fixture(autouse=True)
def almanac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the file into a folder outside the package, and that folder among those of the evidence."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "almanac.py").write_text(ALMANAC, "utf-8")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(folder)])
    entries.codes.cache_clear()
    yield
    entries.codes.cache_clear()
    sys.modules.pop("trainingcli.evidence.sources.almanac", None)


def roster(folder: Path) -> Path:
    path = folder / "花名册.csv"
    rows = ["姓名,身份证号,补贴项目,人员类别,职业(工种),等级,开班日期,就业创业证号,培训机构,补贴金额"]
    for number, day in zip(IDS, ("2020-07-01", "2020-07-02", "2020-07-02"), strict=True):
        rows.append(f"王小明,{number},职业技能培训补贴,退役军人,电工,初级工,{day},1401052020000001,晋阳技工学校,500")
    path.write_text("\n".join(rows), "utf-8")
    return path


def bad_days(folder: Path, *days: str, heading: str = "忌日") -> Path:
    path = folder / "almanac.txt"
    path.write_text("\n".join([heading, *days]), "utf-8")
    return path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [*map(str, arguments), "--today", "2021-12-31"])


def claims(folder: Path, *more: object) -> Any:
    return run("claims", roster(folder), "--out", folder / "out", "--ledger", folder / "none.db", "-f", "json", *more)


def test_it_gives_its_reason_and_its_check_and_its_part_of_the_document(tmp_path: Path) -> None:
    done = claims(tmp_path, "--almanac", bad_days(tmp_path, "2020-07-02"))
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert [line["status"] for line in found["lines"]] == ["approved", "rejected", "rejected"]
    assert "共3人" in found["lines"][1]["reasons"][0]["message"]
    assert {check["check"]: check["performed"] for check in found["checks"]}["almanac"]
    assert found["almanac"] == {"lines": 3}


def test_without_its_option_its_check_says_so(tmp_path: Path) -> None:
    found = json.loads(claims(tmp_path).stdout)
    (check,) = (check for check in found["checks"] if check["check"] == "almanac")
    assert (check["performed"], check["why"]) == (False, "未提供老黄历")
    assert {line["status"] for line in found["lines"]} == {"approved"}
    assert found["almanac"] is None


@pytest.mark.parametrize("command", ["claims", "explain"])
def test_its_option_is_offered(command: str) -> None:
    assert "--almanac" in CliRunner().invoke(app, [command, "--help"]).stdout


def test_validate_takes_registers_alone() -> None:
    page = CliRunner().invoke(app, ["validate", "--help"]).stdout
    assert "--registers" in page
    assert "--almanac" not in page


def test_explain_takes_the_same_sources_as_claims(tmp_path: Path) -> None:
    days = bad_days(tmp_path, "2020-07-02")
    done = run("explain", roster(tmp_path), "--row", 3, "--almanac", days, "-f", "json", "--ledger", tmp_path / "no.db")
    (line,) = json.loads(done.stdout)["lines"]
    assert [reason["code"] for reason in line["reasons"]] == ["NOT_IN_REGISTER"]


def test_explain_knows_it() -> None:
    page = CliRunner().invoke(app, ["explain", "almanac", "-f", "table"]).stdout
    assert "老黄历" in page
    assert "NOT_IN_REGISTER" in page


@pytest.mark.parametrize("bad", ["missing", "no header", "folder"])
def test_a_file_that_is_not_what_it_should_be_is_wrong_usage_before_anything_is_settled(
    tmp_path: Path, bad: str
) -> None:
    file = {"missing": tmp_path / "nowhere", "folder": tmp_path}.get(bad) or bad_days(tmp_path, heading="吉日")
    done = claims(tmp_path, "--almanac", file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert not (tmp_path / "out").exists()


def test_a_batch_in_parts_says_what_the_whole_says(tmp_path: Path) -> None:
    """What each part must know of the whole goes through `whole` and `joined`, what is said of it through accounts."""
    given = Sources(read={"almanac": {"2020-07-02"}})
    people = [
        VOCATIONAL | {"id_number": number, "start_date": f"2020-07-0{place}"} for place, number in enumerate(IDS, 1)
    ]
    rows = rows_of(*people, lists=given)
    request = Request(["roster.xlsx"], builder.TODAY)
    whole = assess_rows(rows, request, policy(), [], None, given).assessment
    parts, documents = in_parts(rows, given)
    assert parts == {row: list(codes) for row, codes in reasons_by_row(whole.lines, whole.reasons).items()}
    assert documents == whole.evidence
    assert documents["almanac"] == {"lines": 3}


def reasons_by_row(lines: Any, reasons: Any) -> dict[int, list[str]]:
    rows = lines["row"].tolist()
    found: dict[int, list[str]] = {row: [] for row in rows}
    for line, message in zip(reasons["line"], reasons["zh"], strict=True):
        found[rows[line]].append(message)
    return found


def in_parts(rows: Rows, given: Sources) -> tuple[dict[int, list[str]], dict[str, Any]]:
    law = tasks.Law(policy(), given, None)
    reading = tasks.GroupReading([], rows.roster, Findings())
    everybody, start = people_in(rows.roster, Findings()), PieceStart(0, 0)
    pieces = tasks.split_reading(reading, 0, goes_to(everybody, everybody, 0, 2), everybody, 2)
    shares = [tasks.make_share([piece], [start], rows.roster.origins, law) for piece in pieces]
    assert len(shares) == 2
    assert all(len(share.rows) for share in shares), "the people are in two parts"
    told = joined([tasks.wholes(share, law) for share in shares])
    shared = of_several(tasks.who_holds(reading, 2))
    settled = [tasks.settle_share(share, law, None, shared, told) for share in shares]
    results = [opened(tasks.frames(each, law)) for each in settled]
    said = [reasons_by_row(each.lines, each.reasons) for each in results]
    found = {row: texts for each in said for row, texts in each.items()}
    return dict(sorted(found.items())), documents_of([each.accounts for each in results], given)


def test_declarations_are_read_without_anything_heavy() -> None:
    """Completion and `--help` read them."""
    code = (
        "import sys; from trainingcli.evidence.sources import all_sources; assert [x.title for x in all_sources()];"
        "print(sorted({'pandas', 'numpy', 'pyarrow', 'yaml', 'rapidfuzz'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_register_belongs_to_one_piece_of_evidence() -> None:
    """But payees.xlsx: accounts speak neither for nor against a line (`evidence.accounts` reads them)."""
    owned = [register for source in sources.all_sources() for register in source.registers]
    assert sorted([*owned, PAYEES]) == sorted(all_registers())
