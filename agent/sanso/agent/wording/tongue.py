"""One language as the rest of the wording sees it: its tables, and its ways to join.

Strategy: a template is filled by its slots' names; every slot gets a `Word`, so that a
Korean template can ask for a particle (`{mode:으로/로}`) and an English one for none.
What the languages do differently beyond their tables (joining results, questions,
capitals) is one method each, so that no other module asks which language it speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from . import english, names_en, names_ko, numerals, replies_en, replies_ko
from .korean import Word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .language import Language

_SECONDS_PER_MINUTE: Final = 60


@dataclass(frozen=True)
class Tongue:
    """The tables and the grammar of one language."""

    names: Mapping[str, str]
    phrases: Mapping[str, str]
    sentences: Mapping[str, str]
    duration: Callable[[int], str]
    """Minutes in words."""
    clock_time: Callable[[int, int], str]
    """Hour and minute of a day in words."""
    small_number: Callable[[int], str]
    """One to nine as it is said before what is counted."""
    capital: Callable[[str], str]
    """How a sentence begins."""
    amid: Callable[[str], str]
    """A sentence as it goes on after other words."""
    listed: Callable[[Sequence[str]], str]
    """Several nouns as one."""
    chained: Callable[[Sequence[str]], str]
    """Several confirmed results as one sentence."""
    shall: Callable[[str], str]
    """The phrase of an act as it stands in a question."""

    def say(self, key: str, /, **slots: object) -> str:
        """Return a whole sentence with its slots filled."""
        return self.capital(_filled(self.sentences[key], slots))

    def phrase(self, key: str, /, **slots: object) -> str:
        """Return a part of a sentence with its slots filled."""
        return _filled(self.phrases[key], slots)

    def name(self, kind: str, word: object) -> str:
        """Return the name of a word of the call language, also of an unknown one."""
        pattern = self.names.get(f"{kind}.{word}") or self.names[f"{kind}.other"]
        return _filled(pattern, {"word": str(word).replace("_", " ")})

    def label(self, kind: str, word: object) -> str:
        """Return a name as it heads a row: without the article, or the 기능, of a sentence."""
        return self.name(kind, word).removeprefix("the ").removesuffix(" 기능")

    def level(self, level: int | str) -> str:
        """Return the name of a fan level: a number or a word such as `low`."""
        key = "level.number" if isinstance(level, int) else f"level.{level}"
        return _filled(self.names[key], {"word": level})

    def value(self, metric: str, shown: str) -> str:
        """Return a number in the unit of its metric."""
        kind = "below_zero" if shown.startswith("-") else metric
        return _filled(self.names[f"value.{kind}"], {"word": shown.removeprefix("-")})

    def clock(self, time: str) -> str:
        """Return a time of day given as HH:MM."""
        hour, minute = time.split(":")
        return self.clock_time(int(hour), int(minute))

    def span(self, seconds: float) -> str:
        """Return a time that passes in whole minutes, rounded up, at least one."""
        return self.duration(max(1, -int(-seconds // _SECONDS_PER_MINUTE)))


def _filled(template: str, slots: Mapping[str, object]) -> str:
    return template.format_map({name: Word(value) for name, value in slots.items()})


def _korean_chained(sentences: Sequence[str]) -> str:
    """껐어요. and 켰어요. are joined as 껐고, 켰어요."""
    heads = [text.removesuffix("어요.") + "고" for text in sentences[:-1]]
    return ", ".join([*heads, *sentences[-1:]])


def _english_chained(sentences: Sequence[str]) -> str:
    # one that was turned on for it says two things itself: "turned on and fan set to 3"
    parts = [part for text in sentences for part in text[:-1].split(" and ")]
    return english.listed([*parts[:1], *map(english.small, parts[1:])]) + "."


TONGUES: Final[Mapping[Language, Tongue]] = {
    "ko": Tongue(
        names=names_ko.NAMES,
        phrases=replies_ko.PHRASES,
        sentences=replies_ko.SENTENCES,
        duration=numerals.duration,
        clock_time=numerals.clock_time,
        small_number=lambda number: numerals.native(number, counted=True),
        capital=str,
        amid=str,
        listed=", ".join,
        chained=_korean_chained,
        shall=lambda do: do.removesuffix("게요") + "까요",
    ),
    "en": Tongue(
        names=names_en.NAMES,
        phrases=replies_en.PHRASES,
        sentences=replies_en.SENTENCES,
        duration=english.duration,
        clock_time=english.clock_time,
        small_number=english.small_number,
        capital=english.capital,
        amid=english.small,
        listed=english.listed,
        chained=_english_chained,
        shall=str,
    ),
}
