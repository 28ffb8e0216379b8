"""How a bank wants its payment file (付款文件格式): data in `schemas/banks/`, or a bureau's own file of that form."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trainingcli.bounded_input import SMALL, UnreadableFile, read_file
from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.masking import mask_place
from trainingcli.money import grouped_yuan, yuan_text
from trainingcli.published import schemas_folder

_FOLDER = "banks"
_NAME = re.compile("[a-z0-9-]{1,40}")


@dataclass(frozen=True)
class BankColumn:
    """One column: its heading, and what stands in it: a `value` of a payment, or a fixed `text`."""

    heading: str
    value: str | None
    text: str


@dataclass(frozen=True)
class Profile:
    """A payment file's form. `header`: the row of the headings, 0: none; `rows`: the most payments of a file."""

    name: str
    form: str
    encoding: str
    separator: str
    header: int
    rows: int
    number: str
    file: str
    columns: tuple[BankColumn, ...]

    def amount(self, fen: int) -> str:
        """Return an amount as the bank writes it, exact to the fen."""
        if self.number == "0":
            return str(fen)
        return grouped_yuan(fen) if "," in self.number else yuan_text(fen)

    def file_name(self, number: int, fund: str, part: int) -> str:
        """Return a file's name; of a fund's name only what every system takes."""
        safe = re.sub(r'[\x00-\x1f/\\:*?"<>|{}]+', "_", fund).strip(" .") or "_"
        return f"{self.file.format(number=number, fund=safe, part=part)}.{self.form}"


def shipped() -> list[str]:
    """Return the names of the shipped profiles."""
    return sorted(path.stem for path in (schemas_folder() / _FOLDER).glob("*.yaml"))


def load_profile(named: str) -> Profile:
    """Return a shipped profile by its name, or one of a file; UsageError (exit 2) for what is neither."""
    if _NAME.fullmatch(named) and named in shipped():
        return _profile((schemas_folder() / _FOLDER / f"{named}.yaml").read_bytes(), named)
    if not Path(named).exists():
        choices = ", ".join(shipped())
        zh = f"--bank {mask_place(named)} 既不是内置格式（{choices}），也没有这个文件"
        raise UsageError(Text(zh, f"--bank {mask_place(named)} is no shipped profile ({choices}) and no file"))
    try:
        raw = read_file(Path(named), SMALL, pipes=True)
    except UnreadableFile as error:
        raise _refused(named, error.text) from None
    return _profile(raw, named)


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((schemas_folder() / _FOLDER / "profile.schema.json").read_text("utf-8")))


def _profile(raw: bytes, name: str) -> Profile:
    try:
        data = yaml.safe_load(raw.decode("utf-8-sig"))
        json.dumps(data)  # dates and the like have no place in it; an alias that holds itself neither
    except yaml.MarkedYAMLError as error:
        line = 1 if error.problem_mark is None else error.problem_mark.line + 1
        raise _refused(name, Text(f"第{line}行不是有效的 YAML", f"line {line} is no valid YAML")) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, TypeError, RecursionError):
        raise _refused(name, Text("不是有效的 UTF-8 YAML", "no valid YAML in UTF-8")) from None
    for wrong in sorted(_validator().iter_errors(data), key=lambda wrong: list(map(str, wrong.absolute_path))):
        where = ".".join(map(str, wrong.absolute_path)) or "schema"
        zh = f"“{where}”不对，请对照 schemas/banks/generic.yaml"
        raise _refused(name, Text(zh, f"'{where}' does not hold; compare schemas/banks/generic.yaml"))
    columns = tuple(BankColumn(one["heading"], one.get("value"), one.get("text", "")) for one in data["columns"])
    return Profile(
        name, data["form"], data.get("encoding", "utf-8-sig"), data.get("separator", ","), data["header"], data["rows"],
        data["number"], data["file"], columns,
    )  # fmt: skip


def _refused(name: str, why: Text) -> UsageError:
    place = mask_place(name)
    return UsageError(Text(f"付款文件格式 {place}：{why.zh}（--bank）", f"bank profile {place}: {why.en} (--bank)"))
