"""Failures that end a run, each with its exit code. A row's fault is never one of these: it is a finding."""

from __future__ import annotations

from enum import IntEnum

from trainingcli.language import Text


class Exit(IntEnum):
    """The exit codes of the contract."""

    OK = 0
    FOUND = 1
    USAGE = 2
    INPUT = 3
    LEDGER = 4
    OUTPUT = 5
    INTERNAL = 70


class TrainingError(Exception):
    """A failure told in one line: what, why, and what to do next."""

    exit_code = Exit.INTERNAL

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text

    def __str__(self) -> str:
        return str(self.text)

    def __reduce__(self) -> tuple[type[TrainingError], tuple[Text]]:
        return type(self), (self.text,)


class UsageError(TrainingError):
    """Wrong usage, or a policy or configuration file that does not hold (exit 2)."""

    exit_code = Exit.USAGE


class InputError(TrainingError):
    """An input that cannot be read (exit 3); every other input is processed."""

    exit_code = Exit.INPUT


class LedgerError(TrainingError):
    """A ledger that cannot be opened, is busy past the time-out, or fails verification (exit 4)."""

    exit_code = Exit.LEDGER


class OutputError(TrainingError):
    """An output that cannot be written; nothing was posted (exit 5)."""

    exit_code = Exit.OUTPUT
