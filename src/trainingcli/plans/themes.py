"""Which of the themes (主题) a lesson carries, 二(五): those that it names, else those of which a word stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trainingcli.cell_findings import TableRow
from trainingcli.compared import squeeze
from trainingcli.policy import Policy

STATED, WORDS = "stated", "words"

_PARTED = "\n"  # what a found word leaves behind, so that its neighbours make no new one


@dataclass(frozen=True)
class Themes:
    """The themes of a policy, in its order. `words`: word → theme, the longest first, each theme a word of its own."""

    names: tuple[str, ...]
    words: Mapping[str, str]

    @classmethod
    def of(cls, policy: Policy) -> Themes:
        """Take the themes and their words from the policy; of words alike long the policy's order counts."""
        names: tuple[str, ...] = policy.parameter("themes")
        listed = {squeeze(word): theme for word, theme in policy.parameter("theme_words").items()}
        own = {squeeze(name): name for name in names}
        words = {word: theme for word, theme in (own | listed).items() if theme in names}
        return cls(names, {word: words[word] for word in sorted(words, key=len, reverse=True)})

    def named(self, text: str) -> str | None:
        """Return the theme that a text of the column 主题 names; None where it is none's name or word."""
        return self.words.get(squeeze(text))

    def in_texts(self, texts: Iterable[str]) -> list[str]:
        """Return the themes of which a word stands in the texts: the longest first, what matched is taken out."""
        rest = _PARTED.join(squeeze(text) for text in texts)
        found: list[str] = []
        for word, theme in self.words.items():
            if word in rest:
                rest = rest.replace(word, _PARTED)
                found.append(theme)
        return list(dict.fromkeys(found))

    def of_lesson(self, lesson: TableRow) -> tuple[str, list[str]]:
        """Return how a lesson carries themes (`stated` where its 主题 is filled in, else `words`), and which."""
        said = lesson.get("themes")
        if not said:
            return WORDS, self.in_texts([lesson.get("module") or "", lesson.get("content") or ""])
        named = (self.named(text) for text in said)
        return STATED, list(dict.fromkeys(theme for theme in named if theme is not None))
