"""A small shell for the documents' command lines: the program runs within the test's process, some others beside it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from documents.pages import Command
from documents.usage import fault, words
from trainingcli import language
from trainingcli.cli import app

PATTERN = re.compile(r"[*?\[]")
BESIDE = {"jq", "sha256sum", "printf", "sort", "head", "wc"}
"""Programs that run as they are, where the machine has them."""
INSTALLERS = {"pipx", "uv", "pip", "winget", "py", "git", "make", "source"}
"""Programs of which a line is read and not run: they install, or are this checkout's own targets."""
TRIED_ELSEWHERE = [["trainingcli", "demo"]]
"""What starts processes of its own, and is run by its own test (tests/cli/test_result.py)."""
FAR = ("postgresql://", "tcp://", "--engine dask")
"""Databases and clusters that have tests of their own: a line with one is parsed alone."""


@dataclass(frozen=True)
class Outcome:
    """What a line came to; `how`: run, parsed (the program was asked whether it knows the line), read."""

    how: str
    code: int = 0
    out: str = ""
    err: str = ""


class Shell:
    """A folder to work in, and what a clerk's or an operator's terminal does there."""

    def __init__(self, folder: Path) -> None:
        """Begin in a folder."""
        self.folder = folder

    def __call__(self, command: Command) -> Outcome:
        """Run a line of a page, or parse it where it cannot run here. A line that nobody knows fails the test."""
        simple = words(command.text)
        if any(each[0] in INSTALLERS for each in simple):
            return Outcome("read")
        for each in simple:
            if "trainingcli" in each[0]:
                found = fault(each[1:])
                assert found is None, f"{command.place}: {found}"
            if each[:2] in TRIED_ELSEWHERE:
                return Outcome("parsed")
        if any(far in command.text for far in FAR):
            return Outcome("parsed")
        return self._line(command)

    def _line(self, command: Command) -> Outcome:
        outcome, piped, linked = Outcome("run"), False, ""
        for part in _parts(command.text):
            if part in {"|", "&&", "||"}:
                piped, linked = part == "|", part
                continue
            if (linked == "&&" and outcome.code) or (linked == "||" and not outcome.code):
                continue
            outcome = self._simple(part, outcome.out if piped else None, command.place)
        return outcome

    def _simple(self, text: str, given: str | None, place: str) -> Outcome:
        text, reads = _taken(text, "<")
        text, writes = _taken(re.sub(r"2>/dev/null", "", text), ">")
        arguments = [each for word in _split(text) for each in self._expanded(*word)]
        given = (self.folder / reads).read_text("utf-8") if reads else given
        name, *rest = arguments
        outcome = self._known(name, rest, given, place)
        if writes and writes != "/dev/null":
            (self.folder / writes).write_text(outcome.out, "utf-8")
        return Outcome(outcome.how, outcome.code, "" if writes else outcome.out, outcome.err)

    def _known(self, name: str, rest: list[str], given: str | None, place: str) -> Outcome:
        paths = [self.folder / word for word in rest if not word.startswith("-")]
        if name == "trainingcli":
            return self._program(rest, given)
        if name == "cd":
            self.folder = paths[0].resolve(strict=True)
        elif name == "mkdir":
            for path in paths:
                path.mkdir(parents=True, exist_ok=True)
        elif name == "cp":
            *sources, target = paths
            for source in sources:
                shutil.copy(source, target)
        elif name == "echo":
            return Outcome("run", 0, " ".join(rest) + "\n")
        elif name in BESIDE:
            return self._beside(name, rest, given)
        else:
            raise AssertionError(f"{place}: nobody knows {name}")
        return Outcome("run")

    def _program(self, arguments: list[str], given: str | None) -> Outcome:
        before, words_before = Path.cwd(), language.current()
        os.chdir(self.folder)
        try:
            done = CliRunner().invoke(app, arguments, input=given, terminal_width=80)
        finally:
            os.chdir(before)
            language.use(words_before)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Outcome("run", done.exit_code, done.stdout, done.stderr)

    def _beside(self, name: str, rest: list[str], given: str | None) -> Outcome:
        if not shutil.which(name):
            return Outcome("read")
        done = subprocess.run([name, *rest], input=given, cwd=self.folder, capture_output=True, text=True, check=False)
        return Outcome("run", done.returncode, done.stdout, done.stderr)

    def _expanded(self, word: str, quoted: bool) -> list[str]:
        if quoted or not PATTERN.search(word):
            return [word]
        found = sorted(str(path.relative_to(self.folder)) for path in self.folder.glob(word))
        return found or [word]


def _parts(text: str) -> list[str]:
    """The simple commands of a line as text, and what joins them; the comment off."""
    return [part.strip() for part in re.findall(r"\|\||&&|\||(?:'[^']*'|\"[^\"]*\"|[^|&'\"])+", _bare(text))]


def _bare(text: str) -> str:
    """The line without its comment: from a blank and # that stand in no quotes."""
    quote = ""
    for place, sign in enumerate(text):
        if sign == "#" and not quote and text[place - 1 : place].isspace():
            return text[:place]
        if sign in "'\"":
            quote = "" if sign == quote else quote or sign
    return text


def _taken(text: str, sign: str) -> tuple[str, str | None]:
    """The text without its redirection, and where that leads."""
    found = re.search(rf"\s{sign}\s*(\S+)\s*$", text)
    return (text[: found.start()], found[1]) if found else (text, None)


def _split(text: str) -> list[tuple[str, bool]]:
    """Words, and whether each was quoted."""
    raw = shlex.split(text, posix=False)
    return [(shlex.split(word)[0] if shlex.split(word) else "", word[:1] in "'\"") for word in raw]
