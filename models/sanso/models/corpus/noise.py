"""
Spoil sentences as fingers, ears and speech recognisers do.

Strategy: small functions that change one thing each; `spoil` draws which and how many. The label never changes, so numbers and
the few letters on which a meaning hangs are left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from . import jamo

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

# Neighbours on the two-set Korean keyboard (KS X 5002), by letter.
_KOREAN_KEYS: Final = ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ")
_ENGLISH_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Vowels that many speakers no longer tell apart, and consonants that fall together at the end of a syllable.
_ALIKE_VOWELS: Final = {
    "ㅐ": "ㅔ",
    "ㅔ": "ㅐ",
    "ㅙ": "ㅚ",
    "ㅚ": "ㅙ",
    "ㅞ": "ㅚ",
    "ㅒ": "ㅖ",
    "ㅖ": "ㅔ",
    "ㅢ": "ㅣ",
    "ㅝ": "ㅓ",
    "ㅟ": "ㅣ",
}
_ALIKE_FINALS: Final = {
    "ㅅ": "ㄷ",
    "ㅆ": "ㅅ",
    "ㅈ": "ㄷ",
    "ㅊ": "ㅅ",
    "ㅌ": "ㄷ",
    "ㅎ": "",
    "ㅄ": "ㅂ",
    "ㄶ": "ㄴ",
    "ㅀ": "ㄹ",
    "ㄺ": "ㄱ",
    "ㅍ": "ㅂ",
    "ㄲ": "ㄱ",
}
_ALIKE_INITIALS: Final = {
    "ㄱ": "ㄲㅋ",
    "ㄲ": "ㄱㅋ",
    "ㄷ": "ㄸㅌ",
    "ㅂ": "ㅃㅍ",
    "ㅅ": "ㅆ",
    "ㅆ": "ㅅ",
    "ㅈ": "ㅉㅊ",
    "ㅌ": "ㄷ",
    "ㅍ": "ㅂ",
    "ㅊ": "ㅈ",
    "ㅎ": "ㅇ",
}
_ENGLISH_ALIKE: Final = {
    "purifier": ("pure fire", "pure if ire", "purify her", "purifyer", "puri fire"),
    "air": ("heir", "err"),
    "fan": ("van", "fun", "pan"),
    "mode": ("mowed", "moat"),
    "light": ("lite", "right"),
    "level": ("lever", "levels"),
    "turbo": ("turbot", "terbo", "turbow"),
    "quiet": ("quite", "quiete"),
    "sleep": ("slip", "sleeps"),
    "filter": ("philter", "filler", "filtre"),
    "auto": ("otto", "otoh"),
    "pm2.5": ("p m 2.5", "pm 2.5", "pm two point five", "p.m. 2.5", "pm25"),
    "pm10": ("p m 10", "pm 10", "pm ten"),
    "co2": ("c o 2", "co 2", "c o two"),
    "voc": ("v o c", "vocs", "voc's"),
    "eco": ("echo", "ecco"),
    "pollen": ("pollin", "pollan"),
    "dim": ("dimm", "deem"),
    "uv": ("u v", "you v"),
    "please": ("pls", "plz", "please please"),
    "you": ("u",),
    "are": ("r",),
    "because": ("cuz", "cause"),
    "want to": ("wanna",),
    "going to": ("gonna",),
    "minutes": ("mins", "minuets"),
    "display": ("dis play",),
    "oscillation": ("osculation", "oscilation"),
    "humidity": ("humility",),
    "humidifier": ("humidifer", "humid fire"),
    "ionizer": ("ioniser", "i own izer"),
}
_SCRIPT: Final = {
    "pm2.5": ("피엠 2.5", "피엠이점오", "피엠 이점오"),
    "co2": ("씨오투", "시오투"),
    "uv": ("유브이", "유비"),
    "led": ("엘이디", "엘리디"),
    "tvoc": ("티브이오씨", "티보씨"),
    "turbo": ("터보", "터버"),
    "eco": ("에코",),
    "mode": ("모드",),
    "auto": ("오토",),
}
_KOREAN_ALIKE: Final = {
    "공기청정기": ("공기 청정기", "공기청정끼", "공기정청기", "공청기", "공기청전기"),
    "풍량": ("풍냥", "풍양", "풍랑"),
    "취침": ("치침", "취짐"),
    "미세먼지": ("미세 먼지", "미새먼지", "미세머지"),
    "초미세먼지": ("초미세 먼지", "초 미세먼지"),
    "음이온": ("으미온", "음 이온"),
    "가습": ("가쓥", "가슴"),
    "습도": ("슥도", "습또"),
    "터보": ("터버", "텃보"),
    "해줘": ("해죠", "해조", "해줭", "해주", "해 줘"),
    "켜줘": ("켜죠", "켜조", "켜 줘", "켜줭"),
    "꺼줘": ("꺼죠", "꺼조", "꺼 줘", "꺼줭"),
    "주세요": ("주세여", "주셔요", "주새요"),
    "알려줘": ("알려죠", "알려 줘", "알려조"),
    "이산화탄소": ("이산화 탄소", "이산와탄소"),
    "회전": ("해전", "회 전"),
    "꽃가루": ("꼳가루", "꽃까루", "꽃 가루"),
    "필터": ("휠터", "필타", "피터"),
}
_WORD = re.compile(r"[a-z]{4,}")


def _neighbours(rows: tuple[str, ...]) -> dict[str, str]:
    near: dict[str, str] = {}
    for row in rows:
        for index, char in enumerate(row):
            near[char] = row[max(0, index - 1) : index] + row[index + 1 : index + 2]
    return near


_NEAR_KOREAN: Final = _neighbours(_KOREAN_KEYS)
_NEAR_ENGLISH: Final = _neighbours(_ENGLISH_KEYS)


def spoil(sentence: str, rng: Random) -> str:
    """A sentence with one slip, sometimes two."""
    times = 1 if rng.random() < 0.75 else 2  # noqa: PLR2004
    for _ in range(times):
        sentence = rng.choice(_SLIPS)(sentence, rng)
    return sentence


def slip_korean_key(sentence: str, rng: Random) -> str:
    """One letter of one syllable from the key beside it."""

    def changed(initial: str, vowel: str, final: str) -> str:
        part = rng.randrange(3)
        if part == 0 and initial in _NEAR_KOREAN:
            near = [c for c in _NEAR_KOREAN[initial] if c in jamo.INITIALS]
            initial = rng.choice(near) if near else initial
        elif part == 1 and vowel in _NEAR_KOREAN:
            near = [c for c in _NEAR_KOREAN[vowel] if c in jamo.VOWELS]
            vowel = rng.choice(near) if near else vowel
        elif final:
            final = ""
        return jamo.join(initial, vowel, final)

    return _change_syllable(sentence, rng, changed)


def slip_korean_sound(sentence: str, rng: Random) -> str:
    """One syllable written by its sound."""

    def changed(initial: str, vowel: str, final: str) -> str:
        part = rng.randrange(3)
        if part == 0 and final in _ALIKE_FINALS:
            final = _ALIKE_FINALS[final]
        elif part == 1 and initial in _ALIKE_INITIALS:
            initial = rng.choice(_ALIKE_INITIALS[initial])
        else:
            vowel = _ALIKE_VOWELS.get(vowel, vowel)
        return jamo.join(initial, vowel, final)

    return _change_syllable(sentence, rng, changed)


def link_sounds(sentence: str, rng: Random) -> str:
    """A final consonant moved to the empty start of the next syllable, as it is heard."""
    spots = [
        i
        for i in range(len(sentence) - 1)
        if jamo.is_syllable(sentence[i])
        and jamo.is_syllable(sentence[i + 1])
        and jamo.split(sentence[i])[2] in (*jamo.INITIALS,)
        and jamo.split(sentence[i])[2] not in ("", "ㅇ", "ㅎ")
        and jamo.split(sentence[i + 1])[0] == "ㅇ"
    ]
    if not spots:
        return sentence
    at = rng.choice(spots)
    initial, vowel, final = jamo.split(sentence[at])
    _, next_vowel, next_final = jamo.split(sentence[at + 1])
    pair = jamo.join(initial, vowel) + jamo.join(final, next_vowel, next_final)
    return sentence[:at] + pair + sentence[at + 2 :]


def slip_english_key(sentence: str, rng: Random) -> str:
    """One letter of a longer English word dropped, doubled, swapped, or from the key beside it."""
    found = list(_WORD.finditer(sentence.lower()))
    if not found:
        return sentence
    match = rng.choice(found)
    at = rng.randrange(match.start() + 1, match.end() - 1)
    char = sentence[at].lower()
    kind = rng.randrange(4)
    if kind == 0:
        return sentence[:at] + sentence[at + 1 :]
    if kind == 1:
        return sentence[:at] + char + sentence[at:]
    if kind == 2:  # noqa: PLR2004
        return sentence[:at] + sentence[at + 1] + sentence[at] + sentence[at + 2 :]
    return sentence[:at] + rng.choice(_NEAR_ENGLISH[char]) + sentence[at + 1 :]


def lose_spaces(sentence: str, rng: Random) -> str:
    """No space at all in a Korean sentence, or one space fewer."""
    spots = [i for i, char in enumerate(sentence) if char == " "]
    if not spots:
        return sentence
    if rng.random() < 0.35 and not _WORD.search(sentence):  # noqa: PLR2004
        return sentence.replace(" ", "")
    spots = [i for i in spots if not sentence[i - 1 : i + 2].isascii()] or spots
    at = rng.choice(spots)
    return sentence[:at] + sentence[at + 1 :]


def gain_space(sentence: str, rng: Random) -> str:
    """One space inside a Korean word, as recognisers set them."""
    spots = [
        i
        for i in range(1, len(sentence))
        if jamo.is_syllable(sentence[i - 1]) and jamo.is_syllable(sentence[i])
    ]
    if not spots:
        return sentence
    at = rng.choice(spots)
    return sentence[:at] + " " + sentence[at:]


def mishear(sentence: str, rng: Random) -> str:
    """A known word as recognisers write it."""
    lowered = sentence.lower()
    tables = (_ENGLISH_ALIKE, _KOREAN_ALIKE, _SCRIPT)
    found = [
        (word, tuple(said))
        for table in tables
        for word, said in table.items()
        if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", lowered)
        and (table is not _SCRIPT or not lowered.isascii())
    ]
    if not found:
        return sentence
    word, said = rng.choice(found)
    return lowered.replace(word, rng.choice(said), 1)


def lose_marks(sentence: str, rng: Random) -> str:
    """Without punctuation and apostrophes, or with a careless one more."""
    if rng.random() < 0.6:  # noqa: PLR2004
        return re.sub(r"(?<!\d)[.,!?~'](?!\d)|(?<=\D)[.](?=\s|$)", "", sentence)
    return sentence.rstrip(".!?~ ") + rng.choice(
        ("!", "?", "~", "..", "!!", "…", ".", " ㅋㅋ", " ㅎㅎ")
    )


def _change_syllable(
    sentence: str, rng: Random, change: Callable[[str, str, str], str]
) -> str:
    spots = [i for i, char in enumerate(sentence) if jamo.is_syllable(char)]
    if len(spots) < 4:  # noqa: PLR2004 - a slip in "꺼" leaves nothing to recognise
        return sentence
    at = rng.choice(spots)
    return sentence[:at] + change(*jamo.split(sentence[at])) + sentence[at + 1 :]


_SLIPS: Final = (
    slip_korean_key,
    slip_korean_sound,
    link_sounds,
    slip_english_key,
    lose_spaces,
    lose_spaces,
    gain_space,
    mishear,
    mishear,
    lose_marks,
    lose_marks,
)
