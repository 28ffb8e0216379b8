"""What the program tells its user to type is there: commands and options in its messages, remedies and read-me."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from documents.pages import ROOT
from documents.test_pages import OPTIONS
from documents.usage import fault, known, words
from trainingcli.cli.init import READ_ME

SOURCES = sorted((ROOT / "src").rglob("*.py"))
NAMED = re.compile(r"(?<!install )trainingcli ([a-z]+(?: [a-z]+)?)")
OPTION = re.compile(r"(?<![\w!-])--[a-z][a-z-]*[a-z]")


def texts(path) -> Iterator[tuple[int, str]]:
    """Every text of a module that is no docstring, with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def test_commands_and_options_that_messages_name_are_there():
    groups = {path[0] for path in known() if len(path) > 1}
    for path in SOURCES:
        for number, text in texts(path):
            place = f"{path.relative_to(ROOT)}:{number}: {text[:60]}"
            for name in NAMED.findall(text):
                first, _, second = name.partition(" ")
                assert (first,) in known(), place
                assert not second or first not in groups or (first, second) in known(), place
            for option in OPTION.findall(text):
                assert option in OPTIONS, f"{place}: {option}"


def test_what_schemas_tell_to_type_is_there():
    for path in (ROOT / "schemas").rglob("*.yaml"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            for option in OPTION.findall(line.split(" # ")[0]):
                assert option in OPTIONS, f"{path.name}:{number}: {option}"


@pytest.mark.parametrize("text", [READ_ME.zh, READ_ME.en])
def test_the_read_me_of_a_working_folder_names_lines_that_work(text):
    lines = [re.split(r"\s{2,}", line.strip())[0] for line in text.splitlines() if line.startswith("  trainingcli ")]
    lines += re.findall(r"[：:] ?(trainingcli .+)$", text, re.MULTILINE)
    assert len(lines) >= 8
    for line in lines:
        for each in words(line):
            assert fault(each[1:]) is None, line
