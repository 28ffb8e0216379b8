"""An entry of `explain` (说明条目) as text for a terminal and as JSON; no table, so that nothing heavy is imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from trainingcli import published
from trainingcli import terminal_text as plain
from trainingcli.explain.entries import Topic, heading
from trainingcli.explain.entries import topic as topic_of
from trainingcli.language import Text, tr
from trainingcli.result import Block, Column, Listing, Prose

SCHEMA = "trainingcli.explain/1"
TOPICS = Listing(
    "topics",
    tuple(
        Column(key, Text(key, key))
        for key in ("code", "kind", "severity", "title", "clause", "message", "explanation", "remedy")
    ),
)
_PLACES = {
    "field": Text("〔栏目〕", "[field]"),
    "value": Text("〔所填内容〕", "[value]"),
    "detail": Text("〔详情〕", "[detail]"),
    "entitled": Text("〔应补金额〕", "[entitled]"),
    "claimed": Text("〔申报金额〕", "[claimed]"),
    "limit": Text("〔次数〕", "[limit]"),
    "year": Text("〔年度〕", "[year]"),
}
_KINDS = {
    "reason": Text("原因代码", "reason"),
    "programme": Text("补贴项目", "programme"),
    "limit": Text("限制", "limit"),
    "flag": Text("疑点", "flag"),
    "evidence": Text("佐证", "evidence"),
}
_EFFECTS = {
    "reject": Text("不予补贴", "not paid"),
    "hold": Text("待核", "held until a person decides"),
    "reduce": Text("核减", "paid in part"),
    "note": Text("提示，不影响金额", "a note, which changes nothing"),
}
_HEADINGS = {
    "message": Text("提示语", "Message"),
    "explanation": Text("说明", "Explanation"),
    "remedy": Text("怎样处理", "What to do"),
    "program": Text("程序中的说明（英文）", "In the program"),
}
_PAYEES = {
    "institution": Text("培训机构", "the institution"),
    "employer": Text("用人单位", "the employer"),
    "trainee": Text("本人", "the trainee"),
}
_USES = {
    "needed": Text("必填", "needed"),
    "certificate": Text("以证书申领时必填", "needed where a certificate is the basis"),
    "used": Text("填了就采用", "used when there"),
}


def screen(codes: Sequence[str], room: int) -> Iterable[Block]:
    """Return one entry in full, several as a list."""
    room = min(room, plain.WIDEST)
    return [Prose((_index(codes, room) if len(codes) > 1 else _page(topic_of(codes[0]), room)).rstrip("\n"))]


def _page(topic: Topic, room: int) -> str:
    """Return an entry as a page of text."""
    kind = str(_EFFECTS[topic.severity]) if topic.severity else str(_KINDS[topic.kind])
    parts = [f"{topic.code}  {topic.title}", f"{kind}{f' ({topic.severity})' if topic.severity else ''}"]
    sections = list(_clauses(topic))
    sections += [(str(_HEADINGS[name]), str(text.format(**_PLACES))) for name, text in topic.texts.items()]
    sections += list(_facts(topic))
    return "\n".join(parts) + "\n" + "".join(f"\n{title}\n{_indented(text, room)}\n" for title, text in sections)


def _indented(text: str, room: int) -> str:
    return "\n".join(plain.paragraph(line, room, 2) if line else "" for line in text.split("\n"))


def _clauses(topic: Topic) -> Iterable[tuple[str, str]]:
    for number, text in topic.clauses.items():
        yield tr(f"依据 {number}", f"Clause {number}"), str(text)
    if not topic.clauses:
        yield tr("依据", "Clause"), tr("该笔明细的补贴项目所依据的条款。", "That of the line's programme.")


def _facts(topic: Topic) -> Iterable[tuple[str, str]]:
    more = topic.more
    if "amounts" in more:
        yield tr(f"标准（{more['unit']}）", f"Figures ({more['unit']})"), "\n".join(_figures(more["amounts"]))
        first = tr("，没有的给", ", else ").join(str(_PAYEES[payee]) for payee in more["payee"])
        yield (
            tr("补贴给谁、从哪里列支", "Who is paid, and from which fund"),
            tr(f"{first}；{more['fund']}", f"{first}; {more['fund']}"),
        )
    if "fields" in more:
        yield tr("用到的栏目", "Fields"), "\n".join(_fields(more["fields"]))
    if more.get("codes"):
        yield tr("给出的原因代码", "Reason codes"), tr("、", ", ").join(more["codes"])


def _figures(amounts: dict[str, list[dict[str, Any]]]) -> Iterable[str]:
    for level, dated in amounts.items():
        for figure in dated:
            yuan = {None: tr("已停止", "ended"), "unstated": tr("方案未列", "not stated")}.get(
                figure["yuan"], str(figure["yuan"])
            )
            name = "" if level == "each" else f"{level} "
            yield tr(
                f"{name}{yuan}（{figure['from']} 起；“{figure['source']}”）",
                f"{name}{yuan} (from {figure['from']}: “{figure['source']}”)",
            )


def _fields(fields: dict[str, str]) -> Iterable[str]:
    for field, use in fields.items():
        name = published.read("vocabulary.yaml", "headings", field)[0] if tr("zh", "en") == "zh" else field
        yield tr(f"{name}：{_USES[use]}", f"{name}: {_USES[use]}")


def _index(codes: Iterable[str], room: int) -> str:
    """Return a list of entries: code, title, what it does."""
    pairs = []
    for code in codes:
        kind, severity, title = heading(code)
        effect = _EFFECTS[severity] if severity else _KINDS[kind]
        pairs.append((code, tr(f"{title}（{effect}）", f"{title} ({effect})")))
    return plain.listing(pairs, room, 30) + "\n"


def row(topic: Topic) -> dict[str, Any]:
    """Return an entry as a row of the document, texts in the language in use."""
    found: dict[str, Any] = {
        "kind": topic.kind,
        "code": topic.code,
        "severity": topic.severity,
        "title": str(topic.title),
    }
    found["clause"] = "、".join(topic.clauses)
    found["clauses"] = [{"clause": number, "asks": str(text)} for number, text in topic.clauses.items()]
    found |= {name: str(text) for name, text in topic.texts.items()}
    return found | {name: str(value) if isinstance(value, Text) else value for name, value in topic.more.items()}
