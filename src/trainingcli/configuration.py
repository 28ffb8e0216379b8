"""The configuration: `trainingcli.toml` of the working folder, else the user's; `--config` names another.

An option goes before the environment, the environment before the file. Relative paths are the file's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from trainingcli.bounded_input import SMALL, UnreadableFile, read_file
from trainingcli.errors import ManyUsageError, UsageError
from trainingcli.language import LANGUAGES, Text
from trainingcli.masking import mask_place
from trainingcli.places import configuration_file

FILE = "trainingcli.toml"
VARIABLE = "TRAININGCLI_CONFIG"


class Key(NamedTuple):
    """What the file may set. `example`: as a new file shows it; `in_force`: whether a new file sets it."""

    name: str
    text: Text
    example: Text
    is_path: bool = False
    in_force: bool = False

    @property
    def variable(self) -> str:
        """The environment variable of the same meaning."""
        return f"TRAININGCLI_{self.name.upper()}"


KEYS = {
    key.name: key
    for key in (
        Key(
            "ledger",
            Text(
                "台账：一个文件，或 postgresql:// 地址。不写则用个人数据文件夹里的那一本；两本台账互不知道已付过什么。",
                "The ledger: a file, or a postgresql:// address. Unset: the one in your data folder. "
                "Two ledgers do not know what the other has paid.",
            ),
            Text("台账.db", "ledger.db"),
            is_path=True,
        ),
        Key(
            "registers",
            Text("目录清单所在的文件夹。", "The folder of registers (published lists)."),
            Text("目录清单", "目录清单"),
            is_path=True,
            in_force=True,
        ),
        Key(
            "policy",
            Text("政策文件（不写则用内置的）。", "The policy file (unset: the shipped one)."),
            Text("政策.yaml", "policy.yaml"),
            is_path=True,
        ),
        Key(
            "words",
            Text("本局的表头与用语（YAML）。", "Headings and words of your own (YAML)."),
            Text("用语.yaml", "words.yaml"),
            is_path=True,
        ),
        Key(
            "out",
            Text(
                "所有命令写出的文件夹（不写则各有各的，如 claims-out）。",
                "Folder that every command writes to (unset: each its own, such as claims-out).",
            ),
            Text("结果", "results"),
            is_path=True,
        ),
        Key("lang", Text("提示语言：zh 或 en。", "Language of messages: zh or en."), Text("zh", "en"), in_force=True),
        Key("office", Text("公示写的单位名称。", "The office that notices name."), Text("某某区人社局", "The office")),
        Key("phone", Text("公示写的电话。", "The telephone that notices name."), Text("0351-0000000", "0351-0000000")),
        Key("address", Text("公示写的地址。", "The address that notices name."), Text("某某路1号", "1 Some Road")),
        Key(
            "log",
            Text("运行日志（身份证号等隐去，只有本人能读）。", "Log of the runs (masked, for its owner alone)."),
            Text("运行.log", "runs.log"),
            is_path=True,
        ),
    )
}


class Configuration(NamedTuple):
    """One file's values, paths absolute; `lines`: where each stands. `origin`: who named the file (`option` …)."""

    path: Path | None = None
    origin: str = "none"
    values: Mapping[str, str] = {}
    lines: Mapping[str, int] = {}

    def in_force(self, key: str) -> str | None:
        """Return the value of the environment, else of the file."""
        return os.environ.get(KEYS[key].variable) or self.values.get(key)

    @property
    def paths(self) -> list[str]:
        """Return every file and folder that is named, the configuration itself among them."""
        named = [self.in_force(key.name) for key in KEYS.values() if key.is_path]
        return [str(path) for path in (self.path, *named) if path and "://" not in str(path)]


def setting(found: Configuration, key: Key) -> tuple[str | None, str, str | None]:
    """Return a key's value, its source (`environment`, `file`, `default`) and the place where it stands."""
    if value := os.environ.get(key.variable):
        return value, "environment", key.variable
    if key.name in found.values:
        return found.values[key.name], "file", f"{found.path}:{found.lines[key.name]}"
    return None, "default", None


def found(given: str | None) -> tuple[Path | None, str]:
    """Return the file that is to be read and who names it; `given`: `--config`. `UsageError` for an empty name."""
    variable = os.environ.get(VARIABLE)
    for text, origin in ((given, "option"), (variable, "environment")):
        if text is not None:
            if not text.strip():
                said = "配置文件的名称是空的（--config 或 TRAININGCLI_CONFIG）；请写明，或去掉"
                raise UsageError(Text(said, f"the configuration's name is empty (--config or {VARIABLE}); drop it"))
            return Path(text), origin
    if Path(FILE).is_file():
        return Path(FILE), "folder"
    own = configuration_file()
    return (own, "user") if own.is_file() else (None, "none")


def load(given: str | None) -> Configuration:
    """Read the configuration; `given`: `--config`. `UsageError` (exit 2) with file and line where it does not hold."""
    path, origin = found(given)
    if path is None:
        return Configuration()
    text = _text(path)
    data = _parsed(path, text)
    lines = {key: _line(text, key) for key in data}
    faults = [fault for key, value in data.items() if (fault := _fault(key, value)) is not None]
    if faults:
        places = [lines[key] for key, value in data.items() if _fault(key, value) is not None]
        raise ManyUsageError([_at(path, line, fault) for line, fault in zip(places, faults, strict=True)])
    folder = path.absolute().parent
    return Configuration(path, origin, {key: _value(folder, KEYS[key], text) for key, text in data.items()}, lines)


def language(given: str | None) -> str | None:
    """Return the file's language, before anything else of it is asked for; None where it says none that is known."""
    try:
        return load(given).values.get("lang")
    except UsageError:
        return None


def _text(path: Path) -> str:
    try:
        return read_file(path, SMALL).decode("utf-8-sig")
    except UnreadableFile as error:
        why = error.text
    except UnicodeDecodeError:
        why = Text("不是 UTF-8 编码，请另存为 UTF-8", "it is not UTF-8; save it as UTF-8")
    raise UsageError(
        Text("配置文件 {path}：{why}", "the configuration {path}: {why}").format(path=mask_place(str(path)), why=why)
    )


def _parsed(path: Path, text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets in brackets
        place, written = re.search(r"line (\d+)", str(error)), text.split("\n")
        line = min(int(place[1]), len(written)) if place else len(written)
        hint = Text("", "")
        if "\\" in written[line - 1]:
            hint = Text("；路径里的 \\ 请写成 /", "; write / for \\ in paths")
        fault = Text(f'不是 TOML：应写成 名称 = "值"{hint.zh}', f'is no TOML: write name = "value"{hint.en}')
        raise UsageError(_at(path, line, fault)) from None


def _line(text: str, key: str) -> int:
    """Return the line where a key or a table of that name begins; the first where it is written in another way."""
    written = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    places = (number for number, line in enumerate(text.splitlines(), 1) if written.match(line))
    return next(places, 1)


def _fault(key: str, value: Any) -> Text | None:
    """Return what is wrong with one entry."""
    if key not in KEYS:
        from difflib import get_close_matches

        names, near = ", ".join(KEYS), get_close_matches(key, KEYS, 1)
        zh, en = (f"；是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else ("", "")
        return Text(f"没有设置项 {key}{zh}（可用：{names}）", f"there is no key {key}{en} (known: {names})")
    if not isinstance(value, str) or not value.strip():
        return Text(f'{key} 应是引号里的文字，如 {key} = "…"', f'{key} must be text, such as {key} = "…"')
    if not value.isprintable():
        return Text(
            f"{key} 里有看不见的字符，如换行", f"{key} has characters that cannot be seen, such as a line break"
        )
    if key == "lang" and value not in LANGUAGES:
        return Text(f"lang 只能是 zh 或 en，不是 {value}", f"lang is zh or en, not {value}")
    return None


def _at(path: Path, line: int, fault: Text) -> Text:
    place = mask_place(str(path))
    return Text(f"配置文件 {place} 第 {line} 行：{fault.zh}", f"{place}, line {line}: {fault.en}")


def _value(folder: Path, key: Key, text: str) -> str:
    if not key.is_path or "://" in text:
        return text
    return str(folder / os.path.expanduser(text))  # noqa: PTH111 - a home that is not known stays as it is written


def given_in(arguments: Sequence[str]) -> str | None:
    """Return what `--config` names on a command line that is not parsed yet."""
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith("--config="):
            return argument.split("=", 1)[1]
        if argument == "--config" and position + 1 < len(arguments):
            return arguments[position + 1]
    return None
