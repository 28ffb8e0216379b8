"""The man page: made from the help, in both languages; it names every command and option, and roff takes it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from documents.pages import ROOT
from documents.usage import known
from trainingcli.errors import Exit


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("man")
    subprocess.run([sys.executable, ROOT / "docs" / "make_man.py", folder], check=True, capture_output=True)
    return [folder / "man1" / "trainingcli.1", folder / "zh_CN" / "man1" / "trainingcli.1"]


def test_it_names_every_command_every_option_and_every_exit_code(made):
    for path in made:
        text = path.read_text("utf-8").replace("\\-", "-")
        for words, command in known().items():
            assert f".SS trainingcli {' '.join(words)}\n" in text
            for parameter in command.params:
                if parameter.param_type_name == "option":
                    assert parameter.opts[0] in text
        chinese = re.findall("[\u4e00-\u9fff]{4,}", text)
        assert len(chinese) > 500 if "zh_CN" in str(path) else chinese == []
        codes = {int(code) for code in re.findall(r"^\.TP\n(\d+)\n", text, re.MULTILINE)}
        assert codes == {int(code) for code in Exit}


@pytest.mark.skipif(not shutil.which("groff"), reason="no groff")
def test_roff_takes_it_without_a_warning_and_keeps_its_lines(made):
    for path in made:
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-k", "-ww", path], capture_output=True, text=True, encoding="utf-8", check=True
        )
        assert "trainingcli claims" in re.sub("\x1b\\[[0-9;]*m|.\b", "", done.stdout)
        assert done.stderr == ""
