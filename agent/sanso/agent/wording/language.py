"""The language to answer in.

Strategy: count words by script. Hangul wins, because who mixes languages with Korean
verbs and endings speaks Korean; only where English carries the sentence and all that is
Korean in it are names, the answer is English.
"""

from __future__ import annotations

import re
from typing import Final, Literal
from unicodedata import normalize

Language = Literal["ko", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en")

_HANGUL = re.compile(r"[ㄱ-ㆎ가-힣]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z']*")
_HANGUL_WORD = re.compile(r"[ㄱ-ㆎ가-힣]+")

_ENDINGS = re.compile(
    "(요|죠|줘|줄래|다|까|니|나|냐|라|래|자|지|해|야|어|아|여|네|게|고|면|서|데|려|던|든"
    "|봐|돼|될|할|켜|꺼|틀어|둬|대|겨|히|은|는|을|를|에|에서|으로|로|의|도|만|랑|하고"
    "|부터|까지|한테|처럼|보다)$"
)
"""Endings of verbs and particles: a word that has one carries grammar. Some names end
alike; they count as grammar, as Korean is the safer answer where Hangul was written."""

_ADVERBS = re.compile(
    "좀|더|덜|안|못|잘|꼭|막|다시|지금|이제|빨리|제발|그냥|먼저|바로|계속|당장|오늘|내일"
    "|매일|잠깐|조금|많이|살짝|쪼끔|너무|아주|전부|모두|부탁|말고|그만|응|네|예|아니|취소"
    "|뒤|후|동안|또|왜|뭐|얼마|몇|어때|언제"
)
"""Words that are no names although they have no ending."""

_NOUNS = re.compile(
    "수면|습도|온도|속도|강도|농도|먼지|미세먼지|초미세먼지|필터|정지|펫|방|팬"
)
"""Words of purifiers that look as if they had an ending, or have one syllable, and are
names all the same."""


def language_of(text: str, *, otherwise: Language = "ko") -> Language:
    """Return the language in which a sentence is to be answered.

    Jamo alone (ㅇㅇ, ㄴㄴ) are Korean. A text without letters of either script is
    answered in `otherwise`.
    """
    text = normalize("NFC", text)
    if not _HANGUL.search(text):
        return "en" if _LATIN_WORD.search(text) else otherwise
    latin = [word for word in _LATIN_WORD.findall(text) if not _is_short_form(word)]
    hangul = _HANGUL_WORD.findall(text)
    carried = len(latin) > max(len(hangul), 1)
    return "en" if carried and all(map(_is_name, hangul)) else "ko"


def _is_short_form(word: str) -> bool:
    """PM, VOC and the like are no English; the word I is."""
    return word.isupper() and len(word) > 1


def _is_name(word: str) -> bool:
    """Tell a mere name: two syllables or more, no ending, no adverb."""
    if _NOUNS.fullmatch(word):
        return True
    grammar = _ADVERBS.fullmatch(word) or _ENDINGS.search(word)
    return len(word) > 1 and not grammar
