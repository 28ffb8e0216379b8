"""The table of written forms: YAML files beside this one → roster workbooks, and the table of docs/written-forms.md.

`python -m tests.hostile.forms.tables` writes the docs anew. An entry of a file:
`form`: a text, `~` for an empty cell, or a typed cell (`number`, `date`, `serial` with a date format, `time`,
`boolean`, `error`, `formula` without a value) · `in`: the heading, where it is not the file's own · `beside`: other
cells of the row · `1904`: in a workbook that counts days from 1904 · `reads`: the value, left out where none is taken
· `codes`: all reasons of the row's line · `suggests`: what the message points at · `why`: the sentence that decides.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
DOCS = Path(__file__).parents[3] / "docs" / "written-forms.md"
OWN_HEADINGS = {"ids": "身份证号", "dates": "开班日期", "names": "姓名", "levels": "等级", "amounts": "申报金额"}
TITLES = {
    "ids": "ID numbers",
    "dates": "Dates",
    "names": "Names",
    "levels": "Levels, and other words",
    "amounts": "Amounts, and attended days",
}
_KEYS = {"form", "in", "beside", "1904", "reads", "codes", "suggests", "why"}
CELLS = {"number", "date", "serial", "time", "boolean", "error", "formula"}


@dataclass(frozen=True)
class Form:
    """One written form and its decision; `reads` None: no value is taken."""

    kind: str
    written: Any
    heading: str
    beside: Mapping[str, Any]
    date1904: bool
    reads: Any
    codes: Sequence[str]
    suggests: Sequence[str]
    why: str
    cells: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", {**self.beside, self.heading: self.written})

    @property
    def name(self) -> str:
        """How a failing test names the form."""
        return f"{self.heading}: {shown_cell(self.written)}" + "".join(
            f", {heading} {shown_cell(cell)}" for heading, cell in self.beside.items()
        )


@cache
def forms(kind: str) -> Sequence[Form]:
    """Every entry of one file, in its order."""
    data = yaml.safe_load((FOLDER / f"{kind}.yaml").read_text(encoding="utf-8"))
    return [_form(kind, {str(key): value for key, value in entry.items()}) for entry in data["forms"]]


def _form(kind: str, entry: Mapping[str, Any]) -> Form:
    assert not set(entry) - _KEYS, f"{kind}: unknown keys {set(entry) - _KEYS}"
    beside = entry.get("beside", {})
    for cell in (entry["form"], *beside.values()):
        assert cell is None or isinstance(cell, str) or (len(cell) == 1 and set(cell) <= CELLS), f"{kind}: {cell}"
    return Form(
        kind,
        entry["form"],
        entry.get("in", OWN_HEADINGS[kind]),
        beside,
        entry.get("1904", False),
        entry.get("reads"),
        sorted(entry.get("codes", ())),
        entry.get("suggests", ()),
        entry["why"],
    )


# --- the docs --------------------------------------------------------------------------------------------------------

INTRODUCTION = """# Written forms, and what is decided of each

How rosters write ID numbers, dates, names, levels and amounts, and what the program makes of each form. The tables are
the YAML files of `tests/hostile/forms/`, each entry argued from the contract, the policy reading or the issue that asks
for it; `tests/hostile/test_forms.py` puts every form into a workbook, settles it, and holds value and reasons to this
table. `python -m tests.hostile.forms.tables` writes this page anew. The people are made up.

Signs that are not seen are named: `␣` is a blank, `⟨U+200B⟩` the character of that number. *number*, *date* and the
like are cells of that type. *Read as* `—`: no value is taken. Reasons: *accepted* where there is none; each code is
explained by `trainingcli explain CODE`.
"""


def page() -> str:
    """The whole of docs/written-forms.md."""
    parts = [INTRODUCTION]
    for kind, title in TITLES.items():
        parts.append(f"\n## {title}\n\nIn a column {OWN_HEADINGS[kind]}, unless a heading is named.\n\n{table(kind)}\n")
    return "".join(parts)


def table(kind: str) -> str:
    """One kind's table."""
    lines = ["| written | read as | reasons | why |", "|---|---|---|---|"]
    for form in forms(kind):
        said = ", ".join(f"`{code}`" for code in form.codes) or "accepted"
        if form.suggests:
            said += ", pointing at " + ", ".join(form.suggests)
        lines.append(f"| {_written(form)} | {_reads(form.reads)} | {said} | {_escaped(form.why)} |")
    return "\n".join(lines)


def _written(form: Form) -> str:
    parts = [] if form.heading == OWN_HEADINGS[form.kind] else [f"{_escaped(visible(form.heading))}:"]
    parts.append(shown_cell(form.written))
    parts += [f"beside {heading}: {shown_cell(cell)}" for heading, cell in form.beside.items()]
    parts += ["(1904)"] if form.date1904 else []
    return " ".join(parts)


def _reads(value: Any) -> str:
    if isinstance(value, list):
        return " – ".join(_reads(part) for part in value)
    return "—" if value is None else _code(str(value))


def shown_cell(cell: Any) -> str:
    """A cell as the docs show it."""
    if cell is None:
        return "*empty*"
    if isinstance(cell, str):
        return _code(cell)
    kind, value = next(iter(cell.items()))
    return f"*{kind}* {_code(str(value))}"


def _code(text: str) -> str:
    seen = visible(text)
    fence = "``" if "`" in seen else "`"
    inner = f" {seen} " if "`" in seen else seen
    return f"{fence}{inner}{fence}".replace("|", "\\|")


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def visible(text: str) -> str:
    """The text with every sign named that a page does not show, or shows as another."""
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if sign == " ":
        return "␣"
    hidden = unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp", "Mn"}
    if hidden or sign in "\u2800\u3164" or unicodedata.normalize("NFC", sign) != sign:
        return f"⟨U+{ord(sign):04X}⟩"
    return sign


def as_date(value: Any) -> dt.datetime:
    """A date cell's value: a day, or ISO text with an hour."""
    return dt.datetime.fromisoformat(str(value))


if __name__ == "__main__":
    DOCS.write_text(page(), encoding="utf-8")
