"""
A reply as a voice can say it: every number, unit and sign in words of its language.

Strategy: engines read digits as they like ("PM2.5" as 피엠 이 오, "3시" as 삼 시, "a m" as "uh m"), so they get none. What is written stays as
it is for the eye; this is only what goes to a voice. Total: any text comes out readable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .reading_en import read_english
from .reading_ko import read_korean
from .reading_parts import cleaned, tidied

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sanso.agent.wording.language import Language

_READERS: Final[Mapping[Language, Callable[[str], str]]] = {
    "ko": read_korean,
    "en": read_english,
}


def read_out(text: str, language: Language) -> str:
    """
    Return the text in words: letters, blanks and pauses, nothing else.

    풍량 3단 is 풍량 삼 단; 3:30 PM is three thirty p.m.; a text without anything to read is empty.
    """
    return tidied(_READERS[language](cleaned(text)))
