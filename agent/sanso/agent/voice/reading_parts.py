"""
What reading aloud has in common in both languages: the text before its numbers are written out, and after.

Strategy: before, every sign that has several shapes gets one (㎍/㎥ and µg/m³ are μg/m3, ５ is 5). After, only letters, spaces and the
marks at which a voice pauses are left, so that no engine meets a sign that it would skip, spell or take for a command.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from unicodedata import category, combining, decimal, normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Step = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
    """What is looked for, and what is said instead of it."""

NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d|,\d)|\d+)(?:\.\d+)?"
"""With commas between thousands, or without; a point only before digits."""
CLOCK: Final = (
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
    r"(?::(?P<second>[0-5]\d))?(?![\d:])"
)
"""A time of day; what is none, as 25:00, stays two numbers."""
DATE: Final = (
    r"(?<!\d)(?P<year>[1-9]\d{3})-(?P<month>0[1-9]|1[0-2])-"
    r"(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)
"""A day as ISO 8601 writes it."""
DOTTED: Final = re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}(?![\d.])")
"""A version or an address: numbers apart, and no decimal."""
SPAN_OF_CLOCKS: Final = re.compile(r"(?<=:\d\d) ?[-~] ?(?=\d{1,2}:\d\d)")

_HYPHENS: Final = re.compile("[\u2010-\u2015\u2212\ufe58\u301c]")
_QUOTES: Final = re.compile("[\"«»“”„‹›「」『』《》〈〉`]|(?<![A-Za-z])'|'(?![A-Za-z])")
"""All quotes; an apostrophe inside a Latin word is none."""
_NAME_DOT: Final = re.compile(r"(?<=[A-Za-z0-9])\.(?=[a-z]{2})")
"""As in the name of a file: no end of a sentence, and none of `p.m.`"""
_NAME_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])-(?=\d)")
"""No minus, and no part of a word either once the number is one."""
_PAUSES: Final = ",.?!:;"
_ROW_OF_PAUSES: Final = re.compile(rf"[{_PAUSES}](?:\s*[{_PAUSES}])+")
_STRONG: Final = "?!."
"""Of several marks in a row the first of these is kept, else the first mark."""
_JAMO: Final = ("\u3131", "\u318e")
"""Single letters such as ㅋ: made plain, they would become parts of a syllable."""


def cleaned(text: str) -> str:
    """Return the text with one shape for each sign, no quotes, and blanks for what is no sign."""
    plain = normalize("NFC", "".join(map(_plain, text)))
    plain = _QUOTES.sub("", _HYPHENS.sub("-", plain))
    plain = _NAME_HYPHEN.sub(" ", plain)
    return re.sub(r"\s+", " ", plain).strip()


def _plain(char: str) -> str:
    kind = category(char)
    if kind == "Cf":  # soft hyphens, joiners and marks of direction make no sound
        return ""
    if kind[0] == "C":
        return " "
    if _JAMO[0] <= char <= _JAMO[1]:
        return char
    if (digit := decimal(char, None)) is not None:
        return str(digit)
    char = {"‘": "'", "’": "'", "×": "x"}.get(char, char)
    return normalize("NFKC", char).replace("\u2044", "/")


def stepped(text: str, steps: Sequence[Step]) -> str:
    """Return the text with every step taken, in order."""
    for pattern, words in steps:
        text = pattern.sub(words, text)
    return text


def named(text: str, dot: str) -> str:
    """Return the text with the dots of file names in words."""
    return _NAME_DOT.sub(f" {dot} ", text)


def tidied(text: str) -> str:
    """Return the text with nothing left in it but letters, blanks and pauses."""
    text = re.sub(r"\s*[(\[{)\]}]\s*|\s-\s", ", ", text)
    kept = "".join(_kept(text, place) for place in range(len(text)))
    kept = _ROW_OF_PAUSES.sub(_strongest, kept)
    kept = re.sub(rf"\s+(?=[{_PAUSES}])|\s+$", "", re.sub(r"\s+", " ", kept))
    return kept.lstrip(f" -'{_PAUSES}")


def _kept(text: str, place: int) -> str:
    char = text[place]
    if char.isalpha() or char in _PAUSES:
        return char
    around = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
    inside = len(around) == 2 and around.isalpha()  # noqa: PLR2004 - both neighbours
    if char in "-'":
        return char if inside else " "
    if combining(char):  # belongs to the letter before
        return char if text[max(place - 1, 0) : place].isalpha() else ""
    return " "


def _strongest(row: re.Match[str]) -> str:
    marks = [char for char in row.group() if char in _PAUSES]
    before = row.string[max(row.start() - 2, 0) : row.start()]
    kept = ""
    if marks[0] == "." and re.fullmatch(r"\.[A-Za-z]", before):
        # the last dot of `p.m.` belongs to it; a pause behind it stays
        kept, marks = ".", [char for char in marks if char != "."]
    return kept + next((char for char in marks if char in _STRONG), "".join(marks[:1]))
