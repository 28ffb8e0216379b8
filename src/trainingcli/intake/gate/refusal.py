"""A file that is refused: one line in both languages, without anything from its cells."""

from __future__ import annotations

from trainingcli.language import Text

PASSWORD_NEEDED = Text(
    "文件有密码保护；请用 --password-file 指定密码文件，或去掉密码后再试",
    "the file is password-protected; name a password file with --password-file, or remove the password",
)
PASSWORD_WRONG = Text(
    "文件有密码保护，且 --password-file 中的密码不对",
    "the file is password-protected, and the password of --password-file does not open it",
)


class Refused(Exception):  # noqa: N818 - a decision about an input, not a fault of the program
    """Ends the reading of one file; `text` says what is wrong and what to do next."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
