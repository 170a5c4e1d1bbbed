"""
Bring a written sentence into the form in which it is said: numbers as words, no signs.

Strategy: the recogniser writes what it hears, so its texts hold words only: lower case, single spaces, the apostrophe
in English alone. Numbers become words by the rules that the reader of replies follows as well: native Korean before
시, 시간, 칸, 번, 개, else Sino-Korean; counters of Hangul stand right behind their number, borrowed ones apart.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from sanso.models.corpus.numerals import english as english_number
from sanso.models.corpus.numerals import native, sino

LETTERS: Final = {"ko": re.compile(r"[가-힣 ]+"), "en": re.compile(r"[a-z' ]+")}
"""What a spoken text may consist of."""

_TEN_THOUSAND: Final = 10_000
_TEN: Final = 10
_NOON: Final = 12
"""Hours beyond it are Sino-Korean: 십삼시."""
_LAST_NATIVE: Final = 59
_NUMBER = re.compile(r"(\d{1,5})(?:\.(\d+))?")
_CLOCK_EN = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_AM = re.compile(r"\b(\d{1,2}|[a-z]+) ?([ap])\.?m\b\.?", re.IGNORECASE)
_UNITS_KO: Final = {
    "%": " 퍼센트",
    "㎍/㎥": " 마이크로그램",
    "µg/m³": " 마이크로그램",
    "℃": "도",
    "°C": "도",
    "ppm": " 피피엠",
    "ppb": " 피피비",
    "PM2.5": "피엠 이점오",
    "PM10": "피엠 십",
    "CO2": "씨오투",
    "UV": "유브이",
    "LED": "엘이디",
}
_UNITS_EN: Final = {
    "%": " percent",
    "µg/m³": " micrograms",
    "°C": " degrees",
    "PM2.5": "pm two point five",
    "PM10": "pm ten",
    "CO2": "co two",
}
# The counters that follow a native Korean number.
_NATIVE_AHEAD = re.compile(r" ?(?:시간|시(?!속)|칸|개(?!월)|번|가지|마리)")
_WORDS_KO: Final = "영일이삼사오육칠팔구십백천만"
# A counter of one syllable (시간 of two) moves up to the number before it.
_APART_SINO = re.compile(
    rf"(?<![가-힣])([{_WORDS_KO}]+) (단계|단|분|초|도|일|시)(?=[ 가-힣]|$)"
)
_HOURS_KO: Final = "한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|열한|열두|스무|스물네|몇|반"
_APART_NATIVE = re.compile(
    rf"(?<![가-힣])({_HOURS_KO}) (시간|시|단계|단|칸|번|개)(?=[ 가-힣]|$)"
)
_AUXILIARY = re.compile(
    r"(?<=[아어여해워려춰꿔켜꺼줄봐둬놔돼내러와려라터켜파쳐져])"
    r" (줘|주세요|줄래|주라|주십시오|줄래요|줘요|주실래요)(?![가-힣])"
)
_SIGNS = re.compile(r"[^\w' ]|_")
_SPACES = re.compile(r"\s+")


def korean_number(number: int) -> str:
    """A number from -9999 to 10,000 in Sino-Korean words. Ten thousand is 만."""
    return "만" if number == _TEN_THOUSAND else sino(number)


def english_words(number: int, *, british: bool = False) -> str:
    """A number from -9999 to 10,000 in English words without hyphens; British ones say `and`."""
    words = english_number(number) if number < _TEN_THOUSAND else "ten thousand"
    words = words.replace("-", " ")
    if british:
        words = re.sub(r"hundred (?=\w)", "hundred and ", words)
        words = re.sub(r"thousand (?!.*hundred)(?=\w)", "thousand and ", words)
    return words


def decimal(whole: int, digits: str, lang: str) -> str:
    """A number with digits behind its point, said digit by digit."""
    if lang == "ko":
        return f"{korean_number(whole)}점{''.join(sino(int(d)) for d in digits)}"
    return f"{english_words(whole)} point {' '.join(english_words(int(d)) for d in digits)}"


def spoken(text: str, lang: str) -> str | None:
    """
    The words of a sentence as they are said; None where it holds what cannot be told.

    None is the answer for sentences of both scripts, for numbers above 10,000 and for signs with a meaning.
    """
    text = unicodedata.normalize("NFC", text).strip()
    korean = lang == "ko"
    for sign, words in (_UNITS_KO if korean else _UNITS_EN).items():
        text = re.sub(re.escape(sign), words, text, flags=re.IGNORECASE)
    if not korean:
        text = _AM.sub(r"\1 \2m", text)
        text = _CLOCK_EN.sub(_english_clock, text)
    if re.search(r"\d:\d|\d,\d{3}|\d/|[=<>+~]|-\d", text):
        return None
    text = _NUMBER.sub(lambda m: _number(m, text, lang), text)
    text = _SIGNS.sub(" ", text.replace("’", "'").lower())
    text = _SPACES.sub(" ", text).strip()
    text = re.sub(r"(?<![a-z])'|'(?![a-z])", "", text)
    if korean:
        text = attached(text)
    return text if LETTERS[lang].fullmatch(text) and text.strip() else None


def attached(text: str) -> str:
    """Korean with counters and the auxiliary 주다 written right behind what they belong to."""
    text = _APART_SINO.sub(r"\1\2", text)
    text = _APART_NATIVE.sub(r"\1\2", text)
    return _AUXILIARY.sub(r"\1", text)


def _number(match: re.Match[str], text: str, lang: str) -> str:
    number, digits = int(match.group(1)), match.group(2)
    if number > _TEN_THOUSAND:
        return "9:9"  # refused by the letters that a text may hold
    if digits:
        return decimal(number, digits, lang)
    if lang == "en":
        return f" {english_words(number)} "
    after = text[match.end() :]
    counter = _NATIVE_AHEAD.match(after)
    if counter and 0 < number <= (
        _NOON if counter.group().strip() == "시" else _LAST_NATIVE
    ):
        return native(number)
    return korean_number(number)


def _english_clock(match: re.Match[str]) -> str:
    hour, minute = int(match.group(1)), int(match.group(2))
    if minute == 0:
        return f"{english_words(hour)} o'clock"
    oh = "oh " if minute < _TEN else ""
    return f"{english_words(hour)} {oh}{english_words(minute)}"
