"""
How far a transcript is from what was said: words and letters.

Strategy: both are brought into the form in which they are said (numbers as words, small letters, no signs), so that `3단` and `삼 단` are one;
what cannot be told as words keeps its letters and digits. Errors are insertions, deletions and replacements (Levenshtein 1966), by words and by
letters without spaces, as Korean is spaced in more than one way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sanso.models.recogniser.evaluate import distance
from sanso.models.recogniser.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIGNS: Final = re.compile(r"[^\w ]|_")
_HANGUL: Final = re.compile(r"[가-힣]")


@dataclass(frozen=True)
class TextErrors:
    """What was counted over some sentences."""

    words: int = 0
    wrong_words: int = 0
    letters: int = 0
    wrong_letters: int = 0

    def __add__(self, other: TextErrors) -> TextErrors:
        """Both together."""
        return TextErrors(
            self.words + other.words,
            self.wrong_words + other.wrong_words,
            self.letters + other.letters,
            self.wrong_letters + other.wrong_letters,
        )

    @property
    def by_words(self) -> float:
        """Wrong words for each word said; may be more than 1."""
        return self.wrong_words / self.words if self.words else 0.0

    @property
    def by_letters(self) -> float:
        """Wrong letters for each letter said; may be more than 1."""
        return self.wrong_letters / self.letters if self.letters else 0.0


def said_form(text: str) -> str:
    """A text as it is said, in small letters and single spaces."""
    lang = "ko" if _HANGUL.search(text) else "en"
    told = spoken(text, lang)
    if told is None:
        told = _SIGNS.sub(" ", unicodedata.normalize("NFC", text).lower())
    return " ".join(told.split())


def text_errors(said: str, heard: str) -> TextErrors:
    """The errors of one transcript."""
    there, found = said_form(said), said_form(heard)
    letters = there.replace(" ", "")
    return TextErrors(
        len(there.split()),
        distance(there.split(), found.split()),
        len(letters),
        distance(letters, found.replace(" ", "")),
    )


def all_errors(pairs: Iterable[tuple[str, str]]) -> TextErrors:
    """The errors of many transcripts, each with what was said."""
    return sum((text_errors(*pair) for pair in pairs), TextErrors())
