"""
Draw sentences from the patterns of `grammar/ko.toml` and `grammar/en.toml`.

Strategy: a pattern is text with choices `(a|b|)`, rules `<name>` and slots; a draw walks it once from left to right.
Rules are patterns themselves; slots are numbers, times and units, said as words by the functions below.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sanso.models.corpus.numerals import native, with_particles
from sanso.models.corpus.spans import (
    english_clock,
    english_duration,
    korean_clock,
    korean_duration,
)

from .spoken import decimal, english_words, korean_number, spoken

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from sanso.models.corpus.spans import Leaning

FOLDER: Final = Path(__file__).parent / "grammar"
"""The patterns, one file a language."""

_OPEN: Final = re.compile(r"[(|)]|<(\w+)>")
_PARTICLE: Final = re.compile(r"\{(.+?)\}")
_OFTEN, _EVEN, _SOMETIMES = 0.6, 0.5, 0.4
_MINUTES, _HOURS = 0.5, 0.8
"""Of the durations: minutes alone up to the first share, hours alone up to the second, then both."""
_TEN: Final = 10
_USUAL_PERCENT: Final = (10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100)
_UNITS: Final = {
    "ko": ("마이크로그램", "피피엠", "피피비", "퍼센트", "도", "점"),
    "en": (
        "micrograms",
        "micrograms per cubic metre",
        "ppm",
        "parts per million",
        "parts per billion",
        "percent",
        "degrees",
        "hours",
        "minutes",
    ),
}


@dataclass(frozen=True)
class Drawn:
    """A sentence with the family of patterns it came from."""

    text: str
    family: str


class Grammar:
    """The patterns of one language."""

    def __init__(self, lang: str, folder: Path = FOLDER) -> None:
        """Read them. Raises OSError and tomllib.TOMLDecodeError."""
        text = (folder / f"{lang}.toml").read_text(encoding="utf-8")
        content = tomllib.loads(text)
        self.lang = lang
        self.rules: dict[str, str] = content["rules"]
        self.families: dict[str, list[str]] = content["families"]

    def draw(self, rng: Random, family: str) -> Drawn:
        """One sentence of a family, in spoken form."""
        pattern = rng.choice(self.families[family])
        text = _PARTICLE.sub(_marked, _joined(self._walk(pattern, rng)))
        text = with_particles(text)
        return Drawn(spoken(text, self.lang) or "", family)

    def _walk(self, pattern: str, rng: Random) -> str:
        text, at = self._alternatives(pattern, 0, rng)
        if at != len(pattern):
            msg = f"a bracket too many at {at} of {pattern!r}"
            raise ValueError(msg)
        return text

    def _alternatives(self, pattern: str, at: int, rng: Random) -> tuple[str, int]:
        """Read choices up to the closing bracket or the end; return one of them."""
        choices = [""]
        while at < len(pattern):
            match = _OPEN.search(pattern, at)
            if match is None:
                choices[-1] += pattern[at:]
                at = len(pattern)
                break
            choices[-1] += pattern[at : match.start()]
            at = match.end()
            sign = match.group()
            if sign == "(":
                inner, at = self._alternatives(pattern, at, rng)
                choices[-1] += inner
                at += 1
            elif sign == "|":
                choices.append("")
            elif sign == ")":
                at = match.start()
                break
            else:
                choices[-1] += sign
        chosen = rng.choice(choices)
        return re.sub(r"<(\w+)>", lambda m: self._named(m.group(1), rng), chosen), at

    def _named(self, name: str, rng: Random) -> str:
        if name in self.rules:
            return self._walk(self.rules[name], rng)
        return SLOTS[name](self.lang, rng)


def _marked(match: re.Match[str]) -> str:
    """`{이}` of a pattern as the mark that `with_particles` resolves."""
    particle = match.group(1)
    return "(으)로" if particle == "으로" else f"({particle})"


def _joined(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _plain(number: int, lang: str, rng: Random) -> str:
    if lang == "ko":
        return korean_number(number)
    return english_words(number, british=rng.random() < _SOMETIMES)


def _number(lang: str, rng: Random) -> str:
    """Any number from 0 to 10,000, the short ones as often as the long ones."""
    size = rng.choice((10, 100, 100, 1000, 1000, 10_000))
    return _plain(rng.randint(0, size), lang, rng)


def _decimal(lang: str, rng: Random) -> str:
    return decimal(
        rng.randint(0, rng.choice((9, 99, 300))), str(rng.randint(0, 9)), lang
    )


def _percent(lang: str, rng: Random) -> str:
    usual = rng.random() < _OFTEN
    return _plain(
        rng.choice(_USUAL_PERCENT) if usual else rng.randint(0, 100), lang, rng
    )


def _reading(lang: str, rng: Random) -> str:
    if rng.random() < _OFTEN:
        return _plain(rng.randint(1, 40) * 5, lang, rng)
    return _plain(rng.choice((rng.randint(1, 200), rng.randint(4, 40) * 50)), lang, rng)


def _degrees(lang: str, rng: Random) -> str:
    return _plain(rng.randint(0, 40), lang, rng)


def _few(lang: str, rng: Random) -> str:
    number = rng.randint(2, 6)
    return native(number) if lang == "ko" else english_words(number)


def _dur(lang: str, rng: Random) -> str:
    shape = rng.random()
    hours = 0 if shape < _MINUTES else rng.randint(1, 12)
    minutes = (
        0
        if _MINUTES <= shape < _HOURS
        else rng.choice((30, rng.randint(1, 59), rng.randint(1, 11) * 5))
    )
    spellings = korean_duration if lang == "ko" else english_duration
    return rng.choice([s for s in spellings(hours, minutes) if _full(s)])


def _clock(lang: str, rng: Random) -> str:
    hour, minute = (
        rng.randrange(24),
        rng.choice((0, 0, 30, rng.randrange(60), rng.randrange(12) * 5)),
    )
    leaning: Leaning = "up" if rng.random() < _EVEN else "down"
    spellings = korean_clock if lang == "ko" else english_clock
    return rng.choice([s for s in spellings(hour, minute, leaning) if _full(s)])


def _full(text: str) -> bool:
    """Whether a time is written out enough to be read aloud in one way."""
    return not re.search(r"\d[hm]\b|\bmins?\b|\bhrs?\b|\d:\d|[.]|[AP]M|\d[ap]m", text)


def _pair(lang: str, rng: Random) -> str:
    """A clock time as two numbers: seven forty two."""
    if lang == "ko":
        return _clock(lang, rng)
    minute = rng.randint(1, 59)
    oh = "oh " if minute < _TEN else ""
    half = rng.choice((" am", " pm", ""))
    return f"{english_words(rng.randint(1, 12))} {oh}{english_words(minute)}{half}"


def _unit(lang: str, rng: Random) -> str:
    return rng.choice(_UNITS[lang])


SLOTS: Final[dict[str, Callable[[str, Random], str]]] = {
    "number": _number,
    "decimal": _decimal,
    "percent": _percent,
    "reading": _reading,
    "degrees": _degrees,
    "few": _few,
    "dur": _dur,
    "clock": _clock,
    "pair": _pair,
    "unit": _unit,
}
"""What a pattern may name besides the rules of its file."""
