"""
Say numbers as people do: Korean (Sino-Korean, native), English words, digits.

Strategy: pure functions from a number to one canonical spelling each; the slots choose among them.
"""

from __future__ import annotations

import re
from typing import Final

_SINO: Final = ("", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
_NATIVE: Final = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS: Final = ("", "열", "스물", "서른", "마흔", "쉰")
_UNITS: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = [
    "-",
    "-",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
]
_FINAL_SOUNDS: Final = {
    **dict.fromkeys("036mn", "c"),
    **dict.fromkeys("178lr", "l"),
}
# Hangul syllables are coded as (initial * 21 + vowel) * 28 + final from U+AC00 (Unicode, chapter 3.12).
_FIRST_SYLLABLE, _SYLLABLES, _FINALS, _RIEUL = 0xAC00, 11172, 28, 8
_PARTICLES: Final = {
    "(이)": ("이", "가"),
    "(을)": ("을", "를"),
    "(은)": ("은", "는"),
    "(과)": ("과", "와"),
}
_MARK: Final = re.compile(r"\((?:으\)로|[이을은과]\))")
_TEN, _TWENTY, _HUNDRED, _THOUSAND = 10, 20, 100, 1000


def sino(number: int) -> str:
    """A number from -9999 to 9999 in Sino-Korean: 35 is 삼십오."""
    if number < 0:
        return f"영하 {sino(-number)}"
    if number == 0:
        return "영"
    text = ""
    for value, name in ((_THOUSAND, "천"), (_HUNDRED, "백"), (_TEN, "십")):
        digit, number = divmod(number, value)
        if digit:
            text += ("" if digit == 1 else _SINO[digit]) + name
    return text + _SINO[number]


def native(number: int) -> str:
    """A number from 1 to 59 as it stands before a counter: 두, 열한, 스무."""
    if number == _TWENTY:
        return "스무"
    tens, unit = divmod(number, _TEN)
    return _NATIVE_TENS[tens] + _NATIVE[unit]


def english(number: int) -> str:
    """A number from -9999 to 9999 in English words: 135 is one hundred thirty-five."""
    if number < 0:
        return f"minus {english(-number)}"
    if number < _TWENTY:
        return _UNITS[number]
    if number < _HUNDRED:
        tens, unit = divmod(number, _TEN)
        return _TENS[tens] + (f"-{_UNITS[unit]}" if unit else "")
    if number < _THOUSAND:
        hundreds, rest = divmod(number, _HUNDRED)
        return f"{_UNITS[hundreds]} hundred" + (f" {english(rest)}" if rest else "")
    thousands, rest = divmod(number, _THOUSAND)
    return f"{english(thousands)} thousand" + (f" {english(rest)}" if rest else "")


def final_sound(char: str) -> str:
    """The last sound of a character as it is read: "" vowel, "l" ㄹ, "c" another consonant."""
    code = ord(char) - _FIRST_SYLLABLE
    if 0 <= code < _SYLLABLES:
        final = code % _FINALS
        return "" if final == 0 else ("l" if final == _RIEUL else "c")
    return _FINAL_SOUNDS.get(char.lower(), "")


def with_particles(text: str) -> str:
    """Resolve `(으)로`, `(이)`, `(을)`, `(은)`, `(과)` by the sound before them."""

    def chosen(match: re.Match[str]) -> str:
        before = text[: match.start()].rstrip()
        sound = final_sound(before[-1]) if before else ""
        mark = match.group()
        if mark == "(으)로":
            return "으로" if sound == "c" else "로"
        with_final, without = _PARTICLES[mark]
        return with_final if sound else without

    return _MARK.sub(chosen, text)
