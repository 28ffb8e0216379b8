"""A canary ID number, phone and account go through every way out but the workbooks: none of them may be seen there."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import openpyxl
import pytest

from support.warm import warm
from trainingcli.masking import mask_place

ID, PHONE, ACCOUNT = "140105199001010016", "13912345678", "6222021234567890123"
CANARIES = (ID, PHONE, ACCOUNT)
OTHER = "140105199001010024"
HEADINGS = [
    "姓名",
    "身份证号",
    "联系电话",
    "银行账号",
    "人员类别",
    "工种",
    "等级",
    "开班日期",
    "证书类型",
    "证书编号",
    "发证日期",
    "取证补贴",
]


def roster(path: Path) -> Path:
    """Write a roster whose canaries stand in their own columns, in wrong columns, and in faulty cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["填报单位：晋阳职业培训学校"])
    sheet.append(HEADINGS)
    good = [
        "王小明",
        ID,
        PHONE,
        ACCOUNT,
        "退役军人",
        "焊工",
        "初级工",
        "2020-07-01",
        "职业资格证书",
        "A1",
        "2020-08-01",
        300,
    ]
    sheet.append(good)
    for column in range(len(HEADINGS)):
        for canary in CANARIES:
            row = list(good)
            if column == 0:  # ID_TWO_NAMES would hold every line of the number, and nothing of it be posted
                row[1], row[9] = OTHER, "A2"
            row[column] = canary
            sheet.append(row)
    sheet.append(["李小红", ID[:-1] + "5", PHONE, ACCOUNT, *good[4:]])
    book.save(path)
    return path


WAYS = {
    "json": ["claims", "R", "--format", "json"],
    "ndjson in English": ["claims", "R", "--format", "ndjson", "--lang", "en"],
    "csv": ["claims", "R", "--format", "csv"],
    "table": ["claims", "R", "--format", "table"],
    "returns": ["claims", "R", "--returns"],
    "posted": ["claims", "R", "--post"],
    "validate": ["validate", "R"],
    "validate table": ["validate", "R", "--format", "table"],
    "explain a row": ["explain", "R", "--row", "3"],
    "out is no folder": ["claims", "R", "--out", "/dev/null/x"],
    "ledger is no ledger": ["claims", "R", "--post", "--ledger", "R"],
    "unknown programme": ["claims", "R", "--programme", ID],
    "no such file": ["claims", "no-such-file.xlsx"],
    "policy is no policy": ["claims", "R", "--policy", "R"],
}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_given_away(way: str, tmp_path: Path) -> None:
    source = roster(tmp_path / "roster.xlsx")
    done = start(tmp_path, [str(source) if word == "R" else word for word in WAYS[way]])
    check(way, done, tmp_path)
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".xlsx")
    for canary in CANARIES:
        assert canary.encode() not in left, f"{canary} in a file that {way} left"


def start(place: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the program, with all that it writes inside `place`."""
    if arguments[0] == "claims" and "--out" not in arguments:
        arguments = [*arguments, "--out", str(place / "out")]
    if arguments[0] in ("claims", "ledger") and "--ledger" not in arguments:
        arguments = [*arguments, "--ledger", str(place / "ledger.db")]
    if arguments[0] in ("claims", "validate", "explain"):
        arguments = [*arguments, "--today", "2021-12-31"]
    (place / "temporary").mkdir(exist_ok=True)
    return warm().run(arguments, TMPDIR=str(place / "temporary"), HOME=str(place), XDG_DATA_HOME=str(place / "data"))


def check(way: str, done: subprocess.CompletedProcess[str], place: Path) -> None:
    """No canary is in what a run printed, or in a log that it left."""
    assert done.returncode in (0, 1, 2, 3, 4, 5), done.stderr
    logs = "".join(path.read_text(errors="replace") for path in (place / "temporary").rglob("*.log"))
    for canary in CANARIES:
        assert canary not in done.stdout + done.stderr + logs, f"{canary} in what {way} said"


# --- names of files, folders and sheets, and the lines above a table -------------------------------------------------

SHEET = f"王小明{ID}"
IN_NAMES = {
    **{way: WAYS[way] for way in ("csv", "table", "returns", "validate", "validate table", "out is no folder")},
    "ndjson": ["claims", "R", "--format", "ndjson"],
    "unreadable": ["claims", "BAD", "R", "--format", "table"],
    "unreadable in English": ["validate", "BAD", "R", "--format", "csv", "--lang", "en"],
    "ledger is no ledger": ["claims", "R", "--post", "--ledger", "R"],
    "explain": ["explain", "R", "--row", "5", "--sheet", SHEET, "--format", "table"],
    "explain as json": ["explain", "R", "--row", "4", "--sheet", SHEET, "--format", "json"],
    "explain no row": ["explain", "R", "--row", "50"],
    "template": ["template", "NEW"],
}
# The last changes the ledger.
OF_A_LEDGER = {
    "list": ["list"],
    "list as a table": ["list", "--format", "table"],
    "show": ["show", "1"],
    "rebuild": ["rebuild", "1", "--out", "OUT"],
    "export": ["export", "EXPORT"],
    "void": ["void", "1", "--why", "录错"],
}


def named_roster(folder: Path) -> Path:
    """Write a roster with canaries in its own name, its folder's, its sheets', and the lines above its tables."""
    place = folder / f"王小明{ID}"
    place.mkdir()
    book = openpyxl.Workbook()
    book.active.title = SHEET
    other = book.create_sheet(f"李小红{ACCOUNT}")
    hidden = book.create_sheet(f"旧{PHONE}")
    hidden.sheet_state = "hidden"
    for number, sheet in enumerate((book.active, other, hidden)):
        sheet.append([f"{ID} 培训花名册 {PHONE}"])
        sheet.append([f"填报单位：晋阳职业培训学校{ID}", None, f"联系电话：{PHONE}", None, f"账号：{ACCOUNT}"])
        sheet.append([*HEADINGS, f"备注{PHONE}"])
        person = "14010519900101" + ("0016", "0024", "0032")[number]
        sheet.append(["王小明", person, None, None, "退役军人", f"焊工{ACCOUNT}", "初级工", "2020-07-01",
                      "职业资格证书", f"A{number}", "2020-08-01", 300])  # fmt: skip
        sheet.append(["李小红", "14010519900101004X", None, None, "退役军人", "焊工", "初级工", "2020-07-01",
                      "职业资格证书", f"B{number}", "2020-13-01", 300])  # fmt: skip
    path = place / f"王小明{ID}.xlsx"
    book.save(path)
    return path


def words(source: Path) -> dict[str, Path]:
    """Return the names that stand for a path in the ways, each path with a canary in it."""
    named = {"BAD": f"王小明{ID}.xls", "NEW": f"{ID}-新.xlsx", "OUT": "out", "EXPORT": "all.csv"}
    return {"R": source} | {word: source.with_name(name) for word, name in named.items()}


@pytest.mark.parametrize("way", IN_NAMES)
def test_nobody_is_given_away_by_a_name(way: str, tmp_path: Path) -> None:
    places = words(named_roster(tmp_path))
    places["BAD"].write_bytes(b"%PDF-1.7")
    check(way, start(tmp_path, [str(places.get(word, word)) for word in IN_NAMES[way]]), tmp_path)


def test_nobody_is_given_away_by_a_ledger(tmp_path: Path) -> None:
    places = words(named_roster(tmp_path))
    posted = start(tmp_path, ["claims", str(places["R"]), "--post"])
    check("posted", posted, tmp_path)
    assert json.loads(posted.stdout)["batch"] == {"id": 1, "already_posted": False}
    for way, arguments in OF_A_LEDGER.items():
        done = start(tmp_path, ["ledger", *(str(places.get(word, word)) for word in arguments)])
        check(f"ledger {way}", done, tmp_path)
        assert done.returncode == 0, done.stderr
    assert not any(canary in places["EXPORT"].read_text(encoding="utf-8") for canary in CANARIES)


def test_names_are_masked_but_told_apart(tmp_path: Path) -> None:
    source = named_roster(tmp_path)
    done = start(tmp_path, ["claims", str(source), "--format", "json"])
    found = json.loads(done.stdout)
    file = str(tmp_path / "王小明140105********0016" / "王小明140105********0016.xlsx")
    sheets = ["王小明140105********0016", "李小红6222********0123"]
    assert [item["file"] for item in found["inputs"]] == [file]
    assert [sheet["sheet"] for sheet in found["inputs"][0]["sheets"]] == sheets
    assert [sheet["sheet"] for sheet in found["inputs"][0]["not_read"]] == ["旧139****5678"]
    assert {line["file"] for line in found["lines"]} == {file}
    assert list(dict.fromkeys(line["sheet"] for line in found["lines"])) == sheets
    assert {line["payee"] for line in found["lines"]} == {"晋阳职业培训学校140105********0016"}
    assert str(tmp_path / "out" / "晋阳职业培训学校140105********0016.xlsx") in found["outputs"]
    assert f"{file}：" in done.stderr


def test_whoever_asks_for_it_sees_names_as_they_are(tmp_path: Path) -> None:
    source = named_roster(tmp_path)
    found = json.loads(start(tmp_path, ["claims", str(source), "--format", "json", "--unmask"]).stdout)
    assert {line["file"] for line in found["lines"]} == {found["inputs"][0]["file"]} == {str(source)}
    assert [sheet["sheet"] for sheet in found["inputs"][0]["sheets"]] == [f"王小明{ID}", f"李小红{ACCOUNT}"]
    assert all(Path(path).is_file() for path in found["outputs"])
    table = start(tmp_path, ["claims", str(source), "--format", "table", "--unmask"]).stdout
    files = "".join(line.split("  ")[0] for line in table.splitlines())  # the first column, folded over lines
    assert f"王小明{ID}.xlsx" in files
    checked = json.loads(start(tmp_path, ["validate", str(source), "--format", "json", "--unmask"]).stdout)
    assert {entry["file"] for entry in checked["findings"]} == {checked["inputs"][0]["file"]} == {str(source)}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"a/王{ID}.xlsx", "a/王140105********0016.xlsx"),
        ("14010519900101001x.xls", "140105********001x.xls"),
        (f"{ID}_{PHONE}.csv", "140105********0016_139****5678.csv"),
        (f"2020{PHONE}", None),  # fifteen digits that begin with no date
        (f"20200701{ID}.csv", "2020********0016.csv"),
        (ACCOUNT, "6222********0123"),
        ("140105900101001.xls", "14********01.xls"),
        (f"{ID[:6]}\u200b{ID[6:]}.xls", "140105********0016.xls"),  # a terminal shows nothing between the digits
    ],
)
def test_a_number_of_a_person_in_a_name_is_masked(name: str, shown: str | None) -> None:
    masked = mask_place(name)
    assert masked == shown if shown else masked != name
    assert not any(canary in masked for canary in CANARIES)


@pytest.mark.parametrize(
    "name",
    ["花名册20200701.xlsx", "20200701-20200715.xls", "20200701123045.csv", "20200701123045678.csv",
     "第1期14010520200701", "202007010000001.xlsx",
     "12345678901", "139123456789", "ab\x1b王.xls", "b\udcffd.xls", "", "-"],
)  # fmt: skip
def test_a_name_without_one_stays_as_it_is(name: str) -> None:
    assert mask_place(name) == name


def test_a_character_that_is_not_shown_hides_no_number(tmp_path: Path) -> None:
    split = f"{ID[:6]}\u200b{ID[6:]}"
    book = openpyxl.Workbook()
    book.active.append([f"填报单位：晋阳职业培训学校{split}"])
    book.active.append(HEADINGS)
    book.active.append(["王小明", ID, PHONE, ACCOUNT, "退役军人", "焊工", "初级工", "2020-07-01", "职业资格证书", "A1",
                        "2020-08-01", 300])  # fmt: skip
    source = tmp_path / f"王小明{split}.xlsx"
    book.save(source)
    for form in ("json", "csv", "table"):
        done = start(tmp_path, ["claims", str(source), "--format", form])
        assert done.returncode == 0, done.stderr
        check(form, done, tmp_path)
