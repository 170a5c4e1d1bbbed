"""The program's own words in the language of the person before it.

Strategy: two tables with equal keys side by side, and one place that chooses. The
answers of the agent follow the language of the sentence; this follows the terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sanso.agent.wording.korean import Word

from . import (
    help_en,
    help_ko,
    help_recogniser_en,
    help_recogniser_ko,
    texts_en,
    texts_ko,
    texts_listen_en,
    texts_listen_ko,
    texts_voice_en,
    texts_voice_ko,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sanso.agent.wording import Language

OPTION: Final = "--lang"


@dataclass(frozen=True)
class Texts:
    """All words of one language."""

    lang: Language
    table: Mapping[str, str]

    def say(self, key: str, /, **slots: object) -> str:
        """Return a text with its slots filled, and Korean particles as they follow. Raises KeyError for an unknown key."""
        return self.table[key].format_map(
            {n: Word(v) if isinstance(v, str) else v for n, v in slots.items()}
        )

    def find(self, *keys: str) -> str:
        """Return the text of the first key that there is, or nothing."""
        return next((self.table[key] for key in keys if key in self.table), "")


TEXTS: Final[Mapping[str, Texts]] = {
    "ko": Texts(
        "ko",
        {
            **help_ko.HELP,
            **help_recogniser_ko.HELP,
            **texts_ko.TEXTS,
            **texts_voice_ko.TEXTS,
            **texts_listen_ko.TEXTS,
        },
    ),
    "en": Texts(
        "en",
        {
            **help_en.HELP,
            **help_recogniser_en.HELP,
            **texts_en.TEXTS,
            **texts_voice_en.TEXTS,
            **texts_listen_en.TEXTS,
        },
    ),
}


def choose_texts(words: Sequence[str], environment: Mapping[str, str]) -> Texts:
    """Choose by `--lang`, wherever it stands, else by the locale; English otherwise.

    A language that does not exist is left for the command line to refuse.
    """
    asked = asked_language(words)
    if asked in TEXTS:
        return TEXTS[asked]
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := environment.get(name):
            return TEXTS["ko" if locale.startswith("ko") else "en"]
    return TEXTS["en"]


def asked_language(words: Sequence[str]) -> str:
    """Return the last value of `--lang` before a bare `--`, or nothing."""
    asked = ""
    for index, word in enumerate(words):
        if word == "--":
            break
        if word == OPTION:
            asked = next(iter(words[index + 1 : index + 2]), "")
        elif word.startswith(f"{OPTION}="):
            asked = word.removeprefix(f"{OPTION}=")
    return asked
