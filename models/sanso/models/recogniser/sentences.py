"""
Choose the sentences that the recogniser learns, and those that it never hears before it is judged.

Strategy: three sources, drawn by share: the command grammar, its numbers, units and replies, and the hand-written
sentences that are short enough. What is held out follows from the text alone: a digest of the sentence (of the line,
where its slots may be filled in several ways) decides, so that no seed and no share can move a sentence across.
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sanso.models.corpus.lines import key, read_all
from sanso.models.corpus.slots import fill

from .grammar import Grammar
from .spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sanso.models.corpus.lines import Line, Turn

SOURCES: Final = ("commands", "numbers", "written")
"""Where sentences come from."""

NUMBER_FAMILIES: Final = ("number", "time", "unit", "reply")
"""Families of the grammar that read values aloud; all others are commands."""
HELD_OF: Final = 12
"""Every twelfth sentence is held out."""

_LONGEST: Final = {"ko": 32, "en": 56}
"""Characters of a sentence at most: about five seconds of speech."""
_OFTEN, _TOO_OFTEN = 3, 0.95
"""Times that a text may come; share of those beyond that are left out."""
_WORDS_WRITTEN: Final = 9
_SMALL_FAMILIES: Final = (
    "answer",
    "chat",
    "others",
    "needs",
    "tips",
    "negation",
    "filter",
    "undo",
)
"""Families of few sentences; they come half as often."""


@dataclass(frozen=True)
class Sentence:
    """A text to be spoken, in spoken form."""

    text: str
    lang: str
    """`ko` or `en`."""
    source: str
    """One of `SOURCES`."""
    held: bool
    """Whether it is for judging only."""


def is_held(text: str) -> bool:
    """Whether a sentence (or the pattern of a line) is kept for judging; decided by its letters alone."""
    digest = hashlib.sha256(plain(text).encode()).digest()
    return digest[0] * 256 + digest[1] < 65536 // HELD_OF


def plain(text: str) -> str:
    """What is left of a text without its spaces: two texts that sound the same have one."""
    return re.sub(r"\s+", "", text)


class Sentences:
    """Draws sentences of one or both languages."""

    def __init__(
        self, avoid: Iterable[str] = (), lines: list[Line] | None = None
    ) -> None:
        """
        Read grammar and hand-written sentences.

        `avoid` are written sentences that must not be drawn, such as the cases of an evaluation.

        Raises:
            LineError: a hand-written line cannot be used.
        """
        self._avoid = {key(text) for text in avoid}
        for text in list(avoid):
            self._avoid |= {
                key(s) for lang in ("ko", "en") if (s := spoken(text, lang))
            }
        self._grammars = {lang: Grammar(lang) for lang in ("ko", "en")}
        self._turns: dict[str, list[Turn]] = {"ko": [], "en": []}
        for line in read_all() if lines is None else lines:
            if line.lang in self._turns:
                self._turns[line.lang] += list(line.turns)

    def draw(
        self, rng: random.Random, source: str, lang: str, *, held: bool
    ) -> Sentence:
        """One sentence; of the held-out ones or of the others."""
        while True:
            made = (
                self._written(rng, lang, held=held)
                if source == "written"
                else self._spoken(rng, lang, source)
            )
            if made and made.held == held and key(made.text) not in self._avoid:
                return made

    def stream(
        self, seed: str, shares: Mapping[str, float], count: int, *, held: bool
    ) -> Iterator[Sentence]:
        """`count` sentences, both languages in turn, no text more than three times."""
        rng = random.Random(seed)
        seen: dict[str, int] = {}
        names = list(shares)
        weights = [shares[name] for name in names]
        made = 0
        while made < count:
            lang = "ko" if made % 2 else "en"
            source = rng.choices(names, weights)[0]
            sentence = self.draw(rng, source, lang, held=held)
            times = seen.get(sentence.text, 0)
            if times >= _OFTEN and rng.random() < _TOO_OFTEN:
                continue
            seen[sentence.text] = times + 1
            made += 1
            yield sentence

    def _spoken(self, rng: random.Random, lang: str, source: str) -> Sentence | None:
        grammar = self._grammars[lang]
        numbers = source == "numbers"
        families = [f for f in grammar.families if (f in NUMBER_FAMILIES) == numbers]
        weights = [1 if f in _SMALL_FAMILIES else 2 for f in families]
        family = rng.choices(families, weights)[0]
        text = grammar.draw(rng, family).text
        if not text or len(text) > _LONGEST[lang]:
            return None
        return Sentence(text, lang, source, is_held(text))

    def _written(self, rng: random.Random, lang: str, *, held: bool) -> Sentence | None:
        turn = rng.choice(self._turns[lang])
        kept = is_held(key(turn.sentence))
        if kept != held:
            return None
        try:
            said, _ = fill(turn.sentence, turn.program, lang, rng)
        except KeyError:  # a later turn names a value that an earlier one said
            return None
        text = spoken(said, lang)
        if not text or len(text) > _LONGEST[lang] or len(text.split()) > _WORDS_WRITTEN:
            return None
        return Sentence(text, lang, "written", kept)
