"""A file that is refused: one line in both languages, without anything from its cells."""

from __future__ import annotations

from trainingcli.language import Text


class Refused(Exception):  # noqa: N818 - a decision about an input, not a fault of the program
    """Ends the reading of one file; `text` says what is wrong and what to do next."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
