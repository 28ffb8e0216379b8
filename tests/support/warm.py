"""The program with its libraries loaded: a process that forks for every command, in a fifth of a start's time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
