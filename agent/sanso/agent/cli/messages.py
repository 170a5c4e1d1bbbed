"""What an error says of itself, in the language of the person.

Strategy: code raises in English, as any program that uses the package wants it. Here a
message is found again by its pattern, and said in Korean with what was filled in; one
that the table does not know stays as it is, inside a Korean sentence of its class.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from sanso.agent.wording.korean import Word

from .messages_ko import MESSAGES

if TYPE_CHECKING:
    from sanso.agent.wording import Language

_SLOT: Final = re.compile(r"\\\{(\w+)\\\}")
_NARROW: Final = {
    "number": r"\d+",
    "kind": r"\w+",
    "hint": r"did you mean .*?|choose from .*?|there is none",
}
"""Slots that take less than any text."""


def translated(message: str, lang: Language) -> str | None:
    """Return a message of our code in a language; None where only its English is known."""
    if lang == "en":
        return message
    for pattern, korean in _patterns():
        if found := pattern.fullmatch(message):
            slots = {
                name: Word(translated(text, lang) or text)
                for name, text in found.groupdict().items()
            }
            return korean.format_map(slots)
    return None


def in_words(message: str, lang: Language) -> str:
    """Return a message in a language, or as it is."""
    return translated(message, lang) or message


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(english), korean) for english, korean in MESSAGES.items())


def _pattern(english: str) -> re.Pattern[str]:
    def group(slot: re.Match[str]) -> str:
        name = slot.group(1)
        return f"(?P<{name}>{_NARROW.get(name, '.*?')})"

    return re.compile(_SLOT.sub(group, re.escape(english)))
