"""What `explain` knows (说明条目): reason codes, programmes, limits; each read from where it is declared.

It answers while a clerk types (completion, too): published files are cut up by their indentation and only the entry
that is asked for is parsed; a programme's or limit's module is read as text and not imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from trainingcli.language import Text
from trainingcli.vocabulary import schemas_folder

_POLICY = Path("policy", "taiyuan-2019.yaml")
_OF_PROGRAMME = "programme"
_USES = {"NEEDED": "needed", "CERTIFICATE": "certificate", "USED": "used"}


class Topic(NamedTuple):
    """One entry. `kind`: reason, programme or limit. `texts`: heading → text, in the order they are read.

    `clauses`: number → what the clause asks; `more`: facts for programs (severity, fields, figures, codes).
    """

    kind: str
    code: str
    title: Text
    severity: str | None
    clauses: Mapping[str, Text]
    texts: Mapping[str, Text]
    more: Mapping[str, Any]


def codes() -> dict[str, str]:
    """Return every code that can be explained → its kind, reasons first, in the order of their declaration."""
    found = dict.fromkeys(entries("reasons.yaml", "reasons"), "reason")
    found |= dict.fromkeys(entries(str(_POLICY), "programmes"), "programme")
    return found | dict.fromkeys(_limits(), "limit")


def topic(code: str) -> Topic:
    """Return an entry by its code; KeyError where there is none."""
    kind = codes()[code]
    return {"reason": _reason, "programme": _programme, "limit": _limit}[kind](code)


def matching(text: str) -> list[str]:
    """Return the codes that a text names: the one it is, else those that begin with it; letter case does not count."""
    wanted = text.strip().casefold().replace("_", "-")
    folded = {code: code.casefold().replace("_", "-") for code in codes()}
    exact = [code for code, plain in folded.items() if plain == wanted]
    return exact or [code for code, plain in folded.items() if wanted and plain.startswith(wanted)]


def near(text: str) -> list[str]:
    """Return codes that look like a text, the nearest first."""
    from difflib import get_close_matches

    by_fold = {code.casefold(): code for code in codes()}
    return [by_fold[name] for name in get_close_matches(text.strip().casefold(), by_fold, n=4, cutoff=0.5)]


@cache
def entries(file: str, section: str) -> dict[str, str]:
    """Return key → text of the entries of one section of a published file, cut by indentation and not parsed."""
    found: dict[str, list[str]] = {}
    inside, key = False, ""
    for line in (schemas_folder() / file).read_text("utf-8").splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        is_said = bool(line.strip()) and not line.lstrip().startswith("#")
        if is_said and indent == 0:
            inside = line.rstrip() == f"{section}:"
        elif inside and is_said and indent == 2:
            key = line.split(":")[0].strip()
            found[key] = [line]
        elif inside and key:
            found[key].append(line)
    return {name: "".join(lines) for name, lines in found.items()}


@cache
def _entry(file: str, section: str, key: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entry: dict[str, Any] = yaml.load(entries(file, section)[key], Loader=loader)[key]  # noqa: S506 - a safe loader
    return entry


def clause_text(number: str) -> Text:
    """Return what a clause of the shipped policy asks; KeyError where there is none."""
    return Text(**_entry(str(_POLICY), "clauses", number)["asks"])


def _reason(code: str) -> Topic:
    entry = _entry("reasons.yaml", "reasons", code)
    number = entry["clause"]
    clauses = {} if number == _OF_PROGRAMME else {number: clause_text(number)}
    texts = {name: Text(**entry[name]) for name in ("message", "explanation", "remedy")}
    return Topic("reason", code, Text(**entry["title"]), entry["severity"], clauses, texts, {})


def _programme(code: str) -> Topic:
    entry = _entry(str(_POLICY), "programmes", code)
    module = ast.parse(_sources("programmes")[code])
    more = {
        "fund": entry["fund"],
        "payee": entry["payee"],
        "unit": Text(**entry["unit"]),
        "dated_by": entry["dated_by"],
        "amounts": entry["amounts"],
        "fields": _uses(module),
        "codes": _codes(module),
    }
    number = entry["clause"]
    texts = {"program": _docstring(module)}
    return Topic("programme", code, Text(**entry["name"]), None, {number: clause_text(number)}, texts, more)


def _limit(code: str) -> Topic:
    module = ast.parse(_limits()[code])
    found = [_reason(each) for each in _codes(module)]
    first = found[0]
    texts = {"explanation": first.texts["explanation"], "program": _docstring(module)}
    return Topic("limit", code, first.title, None, first.clauses, texts, {"codes": [each.code for each in found]})


def _limits() -> dict[str, str]:
    """Return the limits that refuse lines: the files that define `refusal`, as text."""
    return {name: text for name, text in _sources("limits").items() if "\ndef refusal(" in text}


def limit_of(code: str) -> str | None:
    """Return the limit that gives a reason code; None where it is no limit's."""
    return next((name for name, text in _limits().items() if code in _codes(ast.parse(text))), None)


@cache
def _sources(package: str) -> dict[str, str]:
    folder = Path(__file__).parent / package
    return {path.stem.replace("_", "-"): path.read_text("utf-8") for path in sorted(folder.glob("*.py"))}


def _docstring(module: ast.Module) -> Text:
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", ast.get_docstring(module) or "")
    return Text(text, text)


def _codes(module: ast.Module) -> list[str]:
    """Return the reason codes that a module asks for."""
    calls = (node for statement in module.body for node in ast.walk(statement) if isinstance(node, ast.Call))
    named = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "reason"]
    return [str(node.args[0].value) for node in named if isinstance(node.args[0], ast.Constant)]


def _uses(module: ast.Module) -> dict[str, str]:
    """Return field → how a programme uses it, from the declaration `uses` of its class."""
    return dict(pair for node in ast.walk(module) if isinstance(node, ast.Assign) for pair in _use_pairs(node))


def _use_pairs(node: ast.Assign) -> Iterator[tuple[str, str]]:
    target = node.targets[0]
    if isinstance(target, ast.Name) and target.id == "uses" and isinstance(node.value, ast.Dict):
        for key, value in zip(node.value.keys, node.value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(value, ast.Attribute):
                yield str(key.value), _USES[value.attr]
