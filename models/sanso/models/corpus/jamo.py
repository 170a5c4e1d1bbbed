"""
Take Hangul syllables apart and put them together (Unicode, chapter 3.12).

Strategy: a syllable is a triple of indices; slips of fingers and ears change one of the three.
"""

from __future__ import annotations

from typing import Final

INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS: Final = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST, _LAST = 0xAC00, 0xD7A3


def is_syllable(char: str) -> bool:
    """Whether the character is a whole Hangul syllable."""
    return _FIRST <= ord(char) <= _LAST


def split(syllable: str) -> tuple[str, str, str]:
    """Initial, vowel and final ("" for none) of a syllable."""
    code = ord(syllable) - _FIRST
    rest, final = divmod(code, len(FINALS))
    initial, vowel = divmod(rest, len(VOWELS))
    return INITIALS[initial], VOWELS[vowel], FINALS[final]


def join(initial: str, vowel: str, final: str = "") -> str:
    """
    The syllable of these letters.

    Raises:
        ValueError: the letters make no syllable.
    """
    code = INITIALS.index(initial) * len(VOWELS) + VOWELS.index(vowel)
    return chr(_FIRST + code * len(FINALS) + FINALS.index(final))
