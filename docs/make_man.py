"""Make the man page from the program's own help, in English and in Chinese: `make man`.

Read it with `man -l build/man/man1/trainingcli.1`, or add build/man to MANPATH.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trainingcli import __version__, language
from trainingcli.language import Text, tr

HERE = Path(__file__).parent
PAGES = {
    "en": ("man1/trainingcli.1", HERE / "command-line.md"),
    "zh": ("zh_CN/man1/trainingcli.1", HERE / "clerks" / "常见问题.md"),
}
"""Language → the page below the folder that is given, and the document whose table of exit codes it repeats."""
NAME = Text("职业技能提升培训补贴核定", "subsidy claims for vocational training: rosters in, reconciled workbooks out")
SEE = Text("说明书在源代码的 docs/ 里。", "The documents are in docs/ of the source.")


def main(folder: str, words: str | None = None) -> None:
    """Write the page of one language, or both, each by a process: help is in the language of its import."""
    if words is None:
        for each in PAGES:
            environment = {**os.environ, "COLUMNS": "76"}  # a man page stands in from the edge
            subprocess.run([sys.executable, __file__, folder, each], env=environment, check=True)
        return
    language.use(words)
    name, codes = PAGES[words]
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(codes.read_text("utf-8")), "utf-8")
    print(path)


def page(document: str) -> str:
    """Return the page in the language in use, as roff."""
    import typer.main

    from trainingcli.cli import app
    from trainingcli.cli.wording import help_page

    parts = [
        f'.TH TRAININGCLI 1 "" "trainingcli {__version__}"',
        f".SH {tr('名称', 'NAME')}\ntrainingcli \\- {_roff(str(NAME))}",
        f".SH {tr('命令', 'COMMANDS')}",
    ]
    program = typer.main.get_command(app)
    for command, context in commands(program, program.context_class(program, info_name="trainingcli")):
        parts.append(f".SS {_roff(context.command_path)}\n.nf\n{_roff(help_page(command, context).strip())}\n.fi")
    parts.append(f".SH {tr('退出码', 'EXIT STATUS')}")
    parts += [f".TP\n{code}\n{_roff(meaning)}" for code, meaning in exit_codes(document)]
    parts.append(f".SH {tr('另见', 'SEE ALSO')}\n{_roff(str(SEE))}")
    return "\n".join(parts) + "\n"


def commands(command: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    """Yield a group, then every group and command in it, each with its context."""
    yield command, context
    if hasattr(command, "list_commands"):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            yield from commands(inner, inner.context_class(inner, info_name=name, parent=context))


def exit_codes(document: str) -> list[tuple[str, str]]:
    """Return codes and meanings of the document's table: the rows that begin with a number."""
    return [(code, meaning.replace("`", "")) for code, meaning in re.findall(r"^\| (\d+) \| (.+) \|$", document, re.M)]


def _roff(text: str) -> str:
    """Text as roff takes it: signs of its own are escaped, no line begins as a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped, flags=re.M)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["build/man"]))
