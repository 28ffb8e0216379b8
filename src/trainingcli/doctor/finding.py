"""What one look found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trainingcli.errors import TrainingError
from trainingcli.language import Text

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, and in words why and what to do."""

    check: str
    status: Status
    text: Text

    def row(self) -> dict[str, str]:
        """Return it as the document has it."""
        return {"check": self.check, "status": self.status, "message": str(self.text)}


def ok(check: str, zh: str, en: str) -> Finding:
    """Say that something is in order."""
    return Finding(check, "ok", Text(zh, en))


def warn(check: str, zh: str, en: str) -> Finding:
    """Say that something works, and should be looked at."""
    return Finding(check, "warn", Text(zh, en))


def fail(check: str, zh: str, en: str) -> Finding:
    """Say that something will not work, or is not safe."""
    return Finding(check, "fail", Text(zh, en))


def failed(check: str, error: TrainingError) -> Finding:
    """Say what a command would have said."""
    return Finding(check, "fail", error.text)
