"""Korean that agrees with itself: particles after any text.

Strategy: a particle follows from how the text before it is read aloud, so every text is
first brought to the sound that it ends in: a Hangul syllable by arithmetic, a number by
its Sino-Korean reading, a unit by its Korean name, Latin letters by their names or, in
a word, by the usual spelling of loans. Pure functions; nothing knows of purifiers.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, Literal, get_args

from .numerals import READINGS, read_number

Particle = Literal["은/는", "이/가", "을/를", "과/와", "으로/로", "이에요/예요"]
PARTICLES: Final[tuple[Particle, ...]] = get_args(Particle)


class Sound(Enum):
    """What a text ends in when it is read aloud."""

    VOWEL = "vowel"
    RIEUL = "rieul"
    """The consonant ㄹ, after which 으로 loses its 으."""
    CONSONANT = "consonant"


_FIRST_SYLLABLE = 0xAC00
_LAST_SYLLABLE = 0xD7A3
_FINALS = 28
_FINAL_RIEUL = 8

_LETTERS_CLOSED: Final = {
    "l": Sound.RIEUL,
    "r": Sound.RIEUL,
    "m": Sound.CONSONANT,
    "n": Sound.CONSONANT,
}
"""Letters whose Korean names (엘, 알, 엠, 엔) are closed; all others are open."""

_LOANS: Final = (
    (re.compile(r"(l|le)$"), Sound.RIEUL),
    (re.compile(r"(m|n|ng|me|ne)$"), Sound.CONSONANT),
    (re.compile(r"(^|[^aeiou])[aeiou](p|pp|t|k|ck|c|b)$"), Sound.CONSONANT),
    (re.compile(r"(ee|oo)[pk]$"), Sound.CONSONANT),
)
"""Endings of English words that Korean closes (레벨, 타임, 펫); the first wins."""

_UNIT = re.compile(
    r"\d\s?(" + "|".join(re.escape(u) for u in sorted(READINGS, key=len)[::-1]) + r")$"
)
_NUMBER = re.compile(r"(\d+(?:,\d{3})*)(\.\d+)?$")
_LATIN = re.compile(r"[A-Za-z]+$")
_VOWELS = re.compile(r"[aeiouy]", re.IGNORECASE)
_ASIDE = re.compile(r"(?<=\S)\s*\([^()]*\)$")
_SILENT = re.compile(r"[^\w%℃°㎍㎥³ㄱ-ㅣ가-힣]+$")


def ending(text: str) -> Sound:
    """Return the sound that a text ends in.

    Quotes, full stops and a last remark in round brackets are not read. A text without
    anything that can be read ends in a vowel.
    """
    text = _SILENT.sub("", _ASIDE.sub("", text.rstrip()))
    if unit := _UNIT.search(text):
        return _of_hangul(READINGS[unit.group(1)][-1])
    if number := _NUMBER.search(text):
        return _of_hangul(read_number(number.group(1), number.group(2))[-1])
    if latin := _LATIN.search(text):
        return _of_latin(latin.group())
    last = text[-1:]
    return _of_hangul(READINGS.get(last, last)[-1:])


def attach(text: str, particle: Particle) -> str:
    """Return the text with its particle: `attach("3단", "으로/로")` is 3단으로."""
    return text + choose(text, particle)


def choose(text: str, particle: Particle) -> str:
    """Return the form of the particle alone."""
    closed, open_ = particle.split("/")
    sound = ending(text)
    if sound is Sound.RIEUL and particle == "으로/로":
        return open_
    return open_ if sound is Sound.VOWEL else closed


class Word(str):
    """Text that takes its particle in a template: `"{what:을/를} 켰어요."`."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        """Attach the particle that the specification names; else format as `str`."""
        for particle in PARTICLES:
            if spec == particle:
                return attach(str(self), particle)
        return super().__format__(spec)


def _of_hangul(char: str) -> Sound:
    if not char:
        return Sound.VOWEL
    if _FIRST_SYLLABLE <= ord(char) <= _LAST_SYLLABLE:
        final = (ord(char) - _FIRST_SYLLABLE) % _FINALS
        if final == 0:
            return Sound.VOWEL
        return Sound.RIEUL if final == _FINAL_RIEUL else Sound.CONSONANT
    if "ㄱ" <= char <= "ㅎ":  # named 기역, 니은, 리을: all closed
        return Sound.RIEUL if char == "ㄹ" else Sound.CONSONANT
    return Sound.VOWEL


def _of_latin(word: str) -> Sound:
    spelled = len(word) == 1 or word.isupper() or not _VOWELS.search(word)
    if spelled:
        return _LETTERS_CLOSED.get(word[-1].lower(), Sound.VOWEL)
    for pattern, sound in _LOANS:
        if pattern.search(word.lower()):
            return sound
    return Sound.VOWEL
