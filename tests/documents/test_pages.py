"""The documents hold together: links lead somewhere, every command is documented, what they name is there.

How a command line of a document is tested: lines of `sh` and `console` blocks are run (test_examples.py, test_month.py)
but for installers, addresses that no test has and `demo`, which has a test of its own; `powershell` and `cron` lines,
and command lines in running text, are parsed by the program's own parser here.
"""

from __future__ import annotations

import re

import pytest

from documents.pages import ROOT, blocks, commands, links, pages, prose, spans, text_of
from documents.shell import INSTALLERS
from documents.usage import fault, known, words

COMMANDS = sorted(" ".join(path) for path, command in known().items() if not hasattr(command, "list_commands"))
OPTIONS = {option for command in known().values() for parameter in command.params for option in parameter.opts}
OPTIONS |= {"--version", "--help", "--show-completion", "--install-completion"}
CRON = re.compile(r"(?:[\d*/,-]+ +){5}(?=\S)")
SHELLS = {"sh", "console"}
CLERKS = [page for page in pages() if page.startswith("docs/clerks/")]
ENGINEERS = [page for page in pages() if page not in CLERKS and page != "README.zh-CN.md"]


@pytest.mark.parametrize("page", pages())
def test_every_relative_link_and_picture_is_there(page):
    for number, target in links(page):
        path, _, anchor = target.partition("#")
        found = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert found.exists(), f"{page}:{number}: {target}"
        assert found.is_relative_to(ROOT), f"{page}:{number}: {target} leads out of the checkout"
        if anchor:
            headings = {line.lstrip("# ") for _, line in prose(str(found.relative_to(ROOT))) if line.startswith("#")}
            assert anchor in {_anchor(heading) for heading in headings}, f"{page}:{number}: no heading {anchor}"


def _anchor(heading: str) -> str:
    """A heading's anchor as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_the_index_leads_to_every_page_and_every_picture_is_shown():
    reached = {"README.md", "README.zh-CN.md"}
    new = set(reached)
    while new:
        targets = {
            ((ROOT / page).parent / target.partition("#")[0]).resolve() for page in new for _, target in links(page)
        }
        found = {str(path.relative_to(ROOT)) for path in targets if path.is_relative_to(ROOT)}
        new = {page for page in found if page.endswith(".md")} - reached
        reached |= found
    assert set(pages()) - reached == set()
    assert {str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "pictures").iterdir()} - reached == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme_and_in_both_halves_of_the_documents(command):
    """The README's row may name a command of a group as the table does: `list`, `show` beside the group."""
    group, _, name = command.rpartition(" ")
    rows = [line for line in text_of("README.md").splitlines() if line.startswith(f"| `trainingcli {group or command}")]
    assert any(f"trainingcli {command}" in row or f"`{name}`" in row or f"`{command}" in row for row in rows), command
    shown = re.compile(rf"trainingcli {command}(?![\w-])")
    for half in (CLERKS, ENGINEERS):
        assert any(shown.search(text_of(page)) for page in half), f"{command} stands in none of {half}"


@pytest.mark.parametrize("page", pages())
def test_every_command_line_that_is_not_run_is_one_that_the_program_knows(page):
    for block in blocks(page):
        if block.language == "cron":
            lines = [line for line in block.lines if line and not line.startswith("#")]
            for line in lines:
                assert CRON.match(line) or re.match(r"\w+=", line), f"{page}: {line}"
                _is_known(CRON.sub("", line), f"{page}:{block.line}")
        elif block.language == "powershell":
            for command in commands(block):
                first = words(command.text)[0][0]
                assert first in INSTALLERS | {"cd", "trainingcli", "Get-Content"}, f"{command.place}: {command.text}"
                _is_known(command.text, command.place)
        elif block.language not in SHELLS:
            assert not any(re.match(r"(\$ )?trainingcli ", line.strip()) for line in block.lines), (
                f"{page}:{block.line}: command lines in a block that is not tested; begin it with ```sh"
            )


def _is_known(text: str, place: str) -> None:
    for each in words(text):
        if each[0].rpartition("/")[2] == "trainingcli":
            found = fault(each[1:])
            assert found is None, f"{place}: {found}"


@pytest.mark.parametrize("page", pages())
def test_commands_and_options_named_in_running_text_are_there(page):
    for number, code in spans(page):
        if code.startswith("trainingcli ") and page != "docs/architecture.md":
            listed, group = code.removeprefix("trainingcli ").split(" …")[0], code.split()[1]
            found = fault(re.sub(r"([|/]\w+)+", "", listed).split("<")[0].split())
            assert found is None, f"{page}:{number}: {code}: {found} ({group})"
        if page.startswith(("docs/clerks/", "README")):
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", code):
                if not code.startswith(tuple(INSTALLERS)):
                    assert option in OPTIONS, f"{page}:{number}: no command has {option}"


@pytest.mark.parametrize("page", pages())
def test_no_command_line_hides_in_an_indented_block(page):
    """Markdown makes a block of four blanks, too; those are not read by the tests, so commands stand in fences."""
    for number, line in prose(page):
        assert not re.match(r" {4,}(\$ )?trainingcli ", line), f"{page}:{number}: {line}"


@pytest.mark.parametrize("page", pages())
def test_what_make_is_asked_for_is_a_target(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for target in re.findall(r"(?:`|^|\s)make ([a-z-]+)(?=`)", text_of(page)):
        assert target in targets, f"{page}: make {target}"


PATH = re.compile(r"(?:src|tests|docs|schemas|sample_data)/[^\s`…，。；：、（）]*|[a-z_]+/[a-z_/]+\.py")
CODE = re.compile(r"[A-Z]{2,}(?:_[A-Z0-9]+)+")
VARIABLE = re.compile(r"_?TRAININGCLI_[A-Z_]+[A-Z]")


@pytest.mark.parametrize("page", pages())
def test_files_that_the_text_names_are_there(page):
    for number, code in spans(page):
        if PATH.fullmatch(code) and "*" not in code and "/name." not in code:  # a name to be chosen
            places = [folder / code for folder in (ROOT, ROOT / "src", ROOT / "src" / "trainingcli")]
            assert any(place.exists() for place in places), f"{page}:{number}: {code}"


@pytest.fixture(scope="module")
def sources():
    """Everything that the program and its data say, as one text."""
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "schemas").rglob("*.yaml"), *(ROOT / "tests").rglob("*.py")]
    return "\n".join(file.read_text("utf-8") for file in files)


@pytest.mark.parametrize("page", pages())
def test_reason_codes_and_variables_that_the_text_names_are_there(page, sources):
    known_variables = {parameter.envvar for command in known().values() for parameter in command.params}
    for number, line in enumerate(text_of(page).splitlines(), 1):
        for name in VARIABLE.findall(line):
            assert name in known_variables or f'"{name}"' in sources or name in _make(), f"{page}:{number}: {name}"
        for code in CODE.findall("" if page == "docs/mutation.md" else VARIABLE.sub("", line)):
            assert code in sources, f"{page}:{number}: {code}"


def _make() -> str:
    return (ROOT / "Makefile").read_text("utf-8")
