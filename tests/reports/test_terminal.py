"""The summary on a terminal: everything of the contract, nothing that the terminal would obey."""

import pytest

from reports.builder import assessment, line, random_assessment, reason
from trainingcli import language
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text
from trainingcli.reports.screen.blocks import drawn
from trainingcli.reports.screen.claims_screen import screen


def printed(found, width=160):
    return "".join(drawn(block, width) for block in screen(found))


def test_it_names_inputs_totals_reasons_checks_and_outputs():
    found = assessment(
        [line(), line(row=6, claimed=45001, status="reduced"), line(row=7, status="held", approved=0, claimed=None)],
        [reason(1, "OVER_CLAIMED"), reason(2, "NO_STANDARD")],
        outputs=["claims-out/太原市第一技工学校.xlsx"],
    )
    text = printed(found)
    for part in (
        "rosters/a.xlsx", "Sheet1", "工作表是隐藏的", "取证补贴", "750.01", "600.00", "OVER_CLAIMED", "NO_STANDARD",
        "register:institutions", "未提供 institutions.xlsx", "claims-out/太原市第一技工学校.xlsx",
        "第 3 批", "cdcdcdcd",
    ):  # fmt: skip
        assert part in text
    assert "企业职工培训补贴" not in text, "a programme without lines is not listed"


def test_a_file_that_could_not_be_read_is_named_with_its_reason():
    found = assessment([line()])
    found.inputs.append(InputFile("坏.xls", error=Text("有密码", "password-protected")))
    assert "未能读取：有密码" in printed(found)


def test_markup_and_control_characters_are_printed_as_text_or_taken_off():
    found = assessment([line()])
    found.inputs.append(InputFile("[red]x[/red]\x1b[31m\u202e.xlsx", error=Text("[bold]", "[bold]")))
    text = printed(found)
    assert "[red]x[/red][31m.xlsx" in text
    assert "[bold]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_no_whole_number_of_a_person_is_printed():
    found = assessment([line()], outputs=["claims-out/140105198501011236.xlsx"])
    found.inputs.append(InputFile("13800001234.xlsx", warnings=[Text("账号 6222020502001234567", "")]))
    text = printed(found)
    for number in ("140105198501011236", "13800001234", "6222020502001234567"):
        assert number not in text


def test_many_inputs_and_outputs_are_counted_not_listed():
    found = assessment([line()], outputs=[f"claims-out/{n}.xlsx" for n in range(300)])
    found.inputs = [InputFile(f"{n}.xlsx", sheets=found.inputs[0].sheets) for n in range(299)] + [
        InputFile("坏.xls", error=Text("坏", "bad"))
    ]
    text = printed(found)
    assert len(text.splitlines()) < 100
    assert "坏.xls" in text
    assert "另有 280 项" in text


@pytest.mark.parametrize("seed", [1, 2])
def test_random_results_in_both_languages(seed):
    found = random_assessment(80, seed)
    assert "待核" in printed(found)
    language.use("en")
    try:
        assert "Refused" in printed(found)
    finally:
        language.use("zh")


def test_an_empty_run_is_printed():
    assert "合计" in printed(assessment([]))


def test_the_last_line_says_where_held_lines_wait_what_goes_back_and_how_it_is_posted(tmp_path):
    from cli.program import TODAY, run, write
    from cli.test_validate import HEADER, TITLE, row

    roster = write(tmp_path / "名册.xlsx", [TITLE, HEADER, row(申报金额="很多"), row(身份证号="1")])
    common = ["claims", roster, "--today", TODAY, "--ledger", tmp_path / "none", "--format", "table"]
    last = run(*common, "--out", tmp_path / "a").stdout.replace("\n", "").rpartition("下一步：")[2]
    assert "--decisions" in last
    assert "“待核”" in last
    assert "--returns" in last
    last = run(*common, "--out", tmp_path / "b", "--returns").stdout.replace("\n", "").rpartition("下一步：")[2]
    assert "退回件发给机构" in last
    assert "--returns" not in last
