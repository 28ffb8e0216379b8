"""What `explain` knows (说明条目): reasons, programmes, limits, flags, evidence; each read from where it is declared.

It answers while a clerk types (completion, too): only the entry that is asked for is parsed, and a programme's or
limit's module is read as text and not imported.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from trainingcli import published
from trainingcli.evidence.sources import all_sources
from trainingcli.language import Text
from trainingcli.settle import programmes

_REASONS, _FLAGS, _POLICY = "reasons.yaml", "flags.yaml", "policy/taiyuan-2019.yaml"
_OF_PROGRAMME = "programme"
_LIMITS = str(Path(__file__).parents[1] / "settle" / "limits")
_USES = {"NEEDED": "needed", "CERTIFICATE": "certificate", "USED": "used"}


class Topic(NamedTuple):
    """One entry. `kind`: reason, programme, limit, flag, evidence. `texts`: heading → text, in the order they are read.

    `clauses`: number → what the clause asks; `more`: facts for programs (severity, fields, figures, codes).
    """

    kind: str
    code: str
    title: Text
    severity: str | None
    clauses: Mapping[str, Text]
    texts: Mapping[str, Text]
    more: Mapping[str, Any]


@cache
def codes() -> Mapping[str, str]:
    """Return every code that can be explained → its kind, reasons first, in the order of their declaration."""
    found = dict.fromkeys(published.entries(_REASONS, "reasons"), "reason")
    found |= dict.fromkeys([*published.entries(_POLICY, "programmes"), *programmes.codes()], "programme")
    found |= dict.fromkeys(_limits(), "limit")
    found |= dict.fromkeys(published.entries(_FLAGS, "flags"), "flag")
    return found | dict.fromkeys([source.name for source in all_sources() if source.name not in found], "evidence")


def topic(code: str) -> Topic:
    """Return an entry by its code; KeyError where there is none."""
    if code in published.entries(_REASONS, "reasons"):
        return _reason(code)
    return {"programme": _programme, "limit": _limit, "flag": _flag, "evidence": _evidence}[codes()[code]](code)


def heading(code: str) -> tuple[str, str | None, Text]:
    """Return an entry's kind, severity and title, without reading the rest."""
    kind = codes()[code]
    if kind in ("programme", "flag", "evidence"):
        return kind, None, topic(code).title
    entry = published.read(_REASONS, "reasons", code if kind == "reason" else _codes(_limits()[code])[0])
    return kind, entry["severity"] if kind == "reason" else None, Text(**entry["title"])


def matching(text: str) -> list[str]:
    """Return the codes that a text names: the one it is, else those that begin with it; letter case does not count."""
    if text in published.entries(_REASONS, "reasons"):
        return [text]
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
def clause_text(number: str) -> Text:
    """Return what a clause of the shipped policy asks; KeyError where there is none."""
    return Text(**published.read(_POLICY, "clauses", number)["asks"])


def _reason(code: str) -> Topic:
    entry = published.read(_REASONS, "reasons", code)
    number = entry["clause"]
    clauses = {} if number == _OF_PROGRAMME else {number: clause_text(number)}
    texts = {name: Text(**entry[name]) for name in ("message", "explanation", "remedy")}
    return Topic("reason", code, Text(**entry["title"]), entry["severity"], clauses, texts, {})


def _programme(code: str) -> Topic:
    text = _sources(programmes.__path__)[code]
    module = ast.parse(text)
    texts = {"program": _docstring(module)}
    rules = {"fields": _uses(module), "codes": _codes(text)}
    if code not in published.entries(_POLICY, "programmes"):  # one that only a policy of the user's own pays
        title = str(texts["program"]).partition("\n")[0]
        return Topic("programme", code, Text(title, title), None, {}, texts, rules)
    entry = published.read(_POLICY, "programmes", code)
    more = {
        "fund": entry["fund"],
        "payee": entry["payee"],
        "unit": Text(**entry["unit"]),
        "dated_by": entry["dated_by"],
        "amounts": entry["amounts"],
    }
    number = entry["clause"]
    return Topic("programme", code, Text(**entry["name"]), None, {number: clause_text(number)}, texts, more | rules)


def _limit(code: str) -> Topic:
    text = _limits()[code]
    codes = _codes(text)
    first = _reason(codes[0])
    texts = {"explanation": first.texts["explanation"], "program": _docstring(ast.parse(text))}
    return Topic("limit", code, first.title, None, first.clauses, texts, {"codes": codes})


def _flag(code: str) -> Topic:
    entry = published.read(_FLAGS, "flags", code)
    texts = {name: Text(**entry[name]) for name in ("message", "explanation", "remedy")}
    return Topic("flag", code, Text(**entry["title"]), None, {entry["clause"]: clause_text(entry["clause"])}, texts, {})


def _evidence(code: str) -> Topic:
    source = next(source for source in all_sources() if source.name == code)
    doc = sys.modules[type(source).__module__].__doc__ or ""
    more = {"option": source.option and source.option.flag, "registers": list(source.registers)}
    codes = {"codes": list(source.reasons)} if source.reasons else {}
    clauses = dict.fromkeys(entry["clause"] for entry in map(_entry, source.reasons))
    asked = {number: clause_text(number) for number in clauses if number != _OF_PROGRAMME}
    return Topic("evidence", code, source.title, None, asked, {"program": _paragraphs(doc)}, more | codes)


def _entry(code: str) -> Any:
    return published.read(_REASONS, "reasons", code)


@cache
def _limits() -> dict[str, str]:
    """Return the limits that refuse lines: the files that define `refusal`, as text."""
    return {name: text for name, text in _sources([_LIMITS]).items() if "\ndef refusal(" in text}


def limit_of(code: str) -> str | None:
    """Return the limit that gives a reason code; None where it is no limit's."""
    return next((name for name, text in _limits().items() if code in _codes(text)), None)


def _sources(folders: Iterable[str]) -> dict[str, str]:
    files = sorted(path for folder in folders for path in Path(folder).glob("*.py"))
    return {path.stem.replace("_", "-"): path.read_text("utf-8") for path in files}


def _docstring(module: ast.Module) -> Text:
    return _paragraphs(ast.get_docstring(module) or "")


def _paragraphs(doc: str) -> Text:
    text = re.sub(r"(?<!\n)\n(?!\n|- )", " ", doc.strip())
    return Text(text, text)


def _codes(text: str) -> list[str]:
    """Return the reason codes that a module asks for."""
    return re.findall(r"\breason\(\"([A-Z0-9_]+)\"\)", text)


def _uses(module: ast.Module) -> dict[str, str]:
    """Return field → how a programme uses it, from the declaration `uses` of its class."""
    return dict(pair for node in ast.walk(module) if isinstance(node, ast.Assign) for pair in _use_pairs(node))


def _use_pairs(node: ast.Assign) -> Iterator[tuple[str, str]]:
    target = node.targets[0]
    if isinstance(target, ast.Name) and target.id == "uses" and isinstance(node.value, ast.Dict):
        for key, value in zip(node.value.keys, node.value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(value, ast.Attribute):
                yield str(key.value), _USES[value.attr]
