"""What the evidence says of one row: a registered partner and its differences, a list's row; for screen and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trainingcli.evidence.batch import Batch
from trainingcli.evidence.gathering import about_row
from trainingcli.evidence.sources import all_sources
from trainingcli.language import Text
from trainingcli.masking import mask_field


def evidence_of(batch: Batch, at: int, *, unmask: bool) -> dict[str, Any]:
    """Return piece of evidence → what it says of a row, texts in the language in use; what a field holds is masked."""
    return {name: _shown(said, unmask) for name, said in about_row(batch, at).items()}


def _shown(said: Any, unmask: bool) -> Any:
    if isinstance(said, Text):
        return str(said)
    if isinstance(said, list):
        return [_shown(each, unmask) for each in said]
    if not isinstance(said, Mapping):
        return said
    field = said.get("field")
    hidden = ("roster", "export") if field and not unmask else ()
    return {key: mask_field(field, each) if key in hidden else _shown(each, unmask) for key, each in said.items()}


def paragraphs(found: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield, for the screen, each piece's title and the sentences that it says (`says`)."""
    titles = {source.name: source.title for source in all_sources() if source.name in found}
    for name, title in titles.items():
        yield str(title), found[name].get("says", [])
