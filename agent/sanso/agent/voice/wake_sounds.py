"""
What a word sounds like, as symbols, and which symbols recognisers take for each other.

Strategy: a table of groups of sounds that are alike. Hangul syllables fall apart by the
arithmetic of Unicode (chapter 3.12): initial, vowel, final; finals are kept apart from
initials. An initial ㅇ is silent and gives no symbol. Of Latin letters the vowels are spelt in
many ways, and the consonants make the word: pacifier and verifier are no purifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
_VOWELS: Final = 21
_FINALS: Final = 28
_INITIAL_BASE: Final = 0x1100
_VOWEL_BASE: Final = 0x1161
_FINAL_BASE: Final = 0x11A7
_SILENT: Final = "\u110b"
_HALF: Final = 0.5
_LATIN_VOWELS: Final = "aeiouy"

_INITIALS_ALIKE: Final = ("가까카", "다따타", "바빠파", "자짜차", "사싸", "나라")
_VOWELS_ALIKE: Final = (
    *("아야", "어여", "오요", "우유", "야여", "어오", "오우", "어으", "우으"),
    *("애에얘예", "외왜웨", "이위의", "이으"),
)
_FINALS_ALIKE: Final = ("안암앙", "악앆앜앋앝앗았앚앛앞압")
_NEVER: Final = 9.0
"""More than any slip may cost."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A symbol and the character of the text that it comes from."""

    symbol: str
    index: int
    is_mute: bool = False
    """Whether it is written and not said: the e of pure and fire."""

    @property
    def is_final(self) -> bool:
        """Whether it closes a Hangul syllable."""
        return self.symbol > chr(_FINAL_BASE)

    @property
    def is_hangul(self) -> bool:
        """Whether it belongs to a Hangul syllable."""
        return self.symbol >= chr(_INITIAL_BASE)


def sounds_of(text: str) -> list[Sound]:
    """Return the sounds of a text in NFC; spaces and signs have none."""
    return [
        Sound(symbol, index, _is_mute(text, index))
        for index, char in enumerate(text)
        for symbol in _symbols(char)
    ]


def price(one: str, other: str) -> float:
    """Return what taking one symbol for another costs: 0, 0.5 for alike ones, or 1."""
    if one == other:
        return 0.0
    if _is_consonant(one) or _is_consonant(other):
        return _NEVER
    return _HALF if (one, other) in _ALIKE else 1.0


def leaves(symbol: str, *, added: bool = False) -> float:
    """Return what losing a symbol costs, or adding one: final consonants get lost easily."""
    if symbol in _LATIN_VOWELS:
        return _HALF
    if _is_consonant(symbol):
        return _NEVER
    return _HALF if symbol > chr(_FINAL_BASE) and not added else 1.0


def _is_consonant(symbol: str) -> bool:
    """Whether it is a Latin letter or a digit, and no vowel."""
    return symbol.isascii() and symbol not in _LATIN_VOWELS


def _is_mute(text: str, index: int) -> bool:
    """Whether a letter is an e that ends a word of several behind a consonant."""
    around = text[max(0, index - 2) : index + 2].lower()
    before, rest = around[: min(2, index)], around[min(2, index) :]
    ends = rest[:1] == "e" and not rest[1:].isalnum()
    return ends and len(before) > 1 and before.isalpha() and _is_consonant(before[1])


def _symbols(char: str) -> tuple[str, ...]:
    place = ord(char) - _FIRST
    if not 0 <= place <= _LAST - _FIRST:
        return (char.lower()[0],) if char.isalnum() else ()
    rest, final = divmod(place, _FINALS)
    initial, vowel = divmod(rest, _VOWELS)
    parts = [chr(_INITIAL_BASE + initial), chr(_VOWEL_BASE + vowel)]
    parts += [chr(_FINAL_BASE + final)] if final else []
    return tuple(part for part in parts if part != _SILENT)


def _pairs() -> frozenset[tuple[str, str]]:
    """Return all pairs of symbols that are alike; a syllable stands for one of its sounds."""
    groups = [[_symbols(char)[0] for char in group] for group in _INITIALS_ALIKE]
    groups += [[_symbols(char)[0] for char in group] for group in _VOWELS_ALIKE]
    groups += [[_symbols(char)[1] for char in group] for group in _FINALS_ALIKE]
    groups.append(list(_LATIN_VOWELS))
    pairs = [pair for group in groups for pair in combinations(group, 2)]
    return frozenset(pairs + [(other, one) for one, other in pairs])


_ALIKE: Final = _pairs()
