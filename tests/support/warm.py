"""The program with its libraries loaded: a process that forks for every command, in a fifth of a start's time."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path


class Warm:
    """The program as a user starts it, with streams and an environment of its own for each command."""

    def __init__(self, streams: Path, environment: Mapping[str, str]) -> None:
        self._streams = streams
        streams.mkdir()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.warm_server"],
            env={**os.environ, **environment, "PYTHONPATH": str(Path(__file__).parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command and wait for its end; an exit code below zero is the signal that killed it."""
        command = {"arguments": list(arguments), "folder": str(self._streams), "set": environment}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        out, err = ((self._streams / name).read_text("utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(list(arguments), code, out, err)

    def close(self) -> None:
        """End the process, which ends with its input."""
        self._process.communicate()


@cache
def warm() -> Warm:
    """The one of this process of tests, which ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="trainingcli-warm-"))
    started = Warm(folder / "streams", {})
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(started.close)
    return started
