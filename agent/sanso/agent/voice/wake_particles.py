"""
Whether a Korean name is what a sentence talks about, by what follows it.

Strategy: particles are matched as wholes. What stands alone behind the name, attached or behind
a space as recognisers put it, is one where it is nothing but particles; what goes on without a
space begins with one, unless it is a word that commands begin with: 공기청정기가시끄러워 has the
particle 가, 공기청정기가동해 the word 가동. Which particles fit depends on the end of the name:
이, 은, 을, 과 behind a consonant, 가, 는, 를, 와 behind a vowel.
"""

from __future__ import annotations

import re
from typing import Final

_OPEN: Final = ("가", "는", "를", "와")
_CLOSED: Final = ("이", "은", "을", "과", "으로")
_ANY: Final = (
    *("의", "에", "도", "로", "만", "랑", "들", "든", "까지", "부터", "처럼", "보다"),
    *("조차", "마다", "밖에", "한테", "니까", "하고", "말고", "예요", "이에요", "이라"),
    *("이랑", "인데", "인지", "인가", "입니", "라고", "라는", "라도", "라면", "라서"),
    *("였", "능", "계"),
)
"""Behind any name; the last two make 기능 and 기계 of 공기청정기."""
_ENDING: Final = ("나", "지", "죠", "네", "용", "구나", "군", "서", "다", "이")
"""What is one only where the word ends with it."""
_APART: Final = (
    *(*_OPEN, "은", "을", "과", "으로", "의", "에", "도", "로", "만", "랑", "들", "든"),
    *("까지", "부터", "처럼", "보다", "조차", "마다", "한테", "니까", "하고", "말고"),
    *("빼고", "대신", "없이", "에서"),
)
"""What is one also behind a space: 이, 네 and 밖에 would be this, four and outside there."""
_WORDS: Final = (
    *("가동", "가습", "가장", "가볍", "가운데", "도움", "도와", "도로", "들어", "로우"),
    *("만약", "만일", "에코", "에너지", "에어", "에이", "와이", "은은", "이제"),
    *("이따", "이온", "이산화", "이단", "이번", "이십", "이중", "이걸", "이거", "이틀"),
)
"""What a command may begin with, though it begins like a particle ..."""
_REPEATED: Final = ("도로", "은은")
"""... and what is a word though it is nothing but particles."""

_WORD: Final = re.compile(r"\w+")
_HONORED: Final = re.compile(r"님(?=[이은을과])")


_ATTACHED: Final = re.compile(f"(?:{'|'.join((*_OPEN, *_CLOSED, *_ANY, *_ENDING))})+")
_SPACED: Final = re.compile(f"(?:{'|'.join(_APART)})+이?")


def is_topic(rest: str, *, closed: bool) -> bool:
    """Tell whether what follows a name makes it the topic; `closed` where a consonant ends the name."""
    attached = rest[:1].isalnum()
    if attached and (honored := _HONORED.match(rest)):
        rest, closed = rest[honored.end() :], True
    found = _WORD.match(rest.lstrip(" "))
    word = found.group() if found is not None else ""
    if not attached:
        return bool(_SPACED.fullmatch(word)) and not word.startswith(_REPEATED)
    if _ATTACHED.fullmatch(word):
        return True
    fitting = _CLOSED if closed else _OPEN
    return word.startswith((*fitting, *_ANY)) and not word.startswith(_WORDS)
