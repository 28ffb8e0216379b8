"""What `warm.Warm` starts: one process that has the program's libraries loaded, and forks for every command.

Each line of standard input is a command as JSON: `arguments`, `folder` for its `stdout` and `stderr`, and what to `set`
in its environment. The answer is its exit code (below zero: the signal that killed it). A command is the program as a
user starts it, from its entry on. What the first command imports is loaded before the next.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from importlib import import_module
from typing import Any


def become(command: dict[str, Any], modules: str | None = None) -> None:
    """Be the program, in the forked process; `modules`: a file for the names of all that it imported."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(f"{command['folder']}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(command["set"])
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].tempdir = None  # asked for again, in this command's environment
    sys.argv = ["trainingcli", *command["arguments"]]
    program = import_module("trainingcli.__main__")
    if modules is None:
        program.entry()
    code: object = 99
    try:
        program.main()
    except SystemExit as done:
        code = done.code
    with open(str(modules), "w", encoding="utf-8") as stream:  # noqa: PTH123
        stream.write("\n".join(sys.modules))
    os._exit(int(str(code)))


def load(modules: str) -> None:
    """Import what the first command imported."""
    with open(modules, encoding="utf-8") as stream:  # noqa: PTH123
        for name in stream.read().split("\n"):
            with contextlib.suppress(Exception):
                import_module(name)


def serve() -> None:
    """Fork for every command."""
    for number, line in enumerate(sys.stdin):
        command = json.loads(line)
        modules = None if number else f"{command['folder']}/modules"
        child = os.fork()
        if not child:
            try:
                become(command, modules)
            finally:
                os._exit(99)
        _, status = os.waitpid(child, 0)
        if modules:
            load(modules)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
