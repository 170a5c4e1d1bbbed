"""Wellness tips: short, sourced, and joined with what the sensors say.

Strategy: the texts are data (`tips.toml`), each with its source and the day on which
that was looked up. They are about air and rooms: no diagnosis, no dose, and where
somebody is unwell, a doctor.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from .queries import reading_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sanso.devices import State

    from .language import Language

JOINED: Final[Mapping[str, tuple[str, ...]]] = {
    "general": ("air",),
    "ventilation": ("co2", "pm25"),
    "fine_dust": ("pm25",),
    "yellow_dust": ("pm10",),
    "pollen": (),
    "humidity": ("humidity",),
    "mold": ("humidity",),
    "cooking": ("pm25",),
    "smoke": ("pm25",),
    "voc": ("tvoc",),
    "sleep": ("co2", "humidity"),
    "pet": ("pm10", "pm25"),
    "baby": ("pm25",),
    "cold": ("humidity",),
    "filter": ("filter",),
    "energy": (),
    "placement": (),
}
"""By topic: what is said before a tip, the first of these that has a value."""


@dataclass(frozen=True)
class Tip:
    """One tip in both languages."""

    topic: str
    ko: str
    en: str
    source: str
    checked_on: date
    """The day on which the source was looked up."""

    def text(self, lang: Language) -> str:
        """Return the tip in one language."""
        return self.ko if lang == "ko" else self.en


@cache
def tips() -> Mapping[str, tuple[Tip, ...]]:
    """Return all tips by topic, in the order of the file."""
    text = files(__package__).joinpath("tips.toml").read_text(encoding="utf-8")
    every = [Tip(**entry) for entry in tomllib.loads(text)["tip"]]
    return {
        topic: tuple(tip for tip in every if tip.topic == topic) for topic in JOINED
    }


def word_tip(topic: str, state: State | None, lang: Language, pick: int = 0) -> str:
    """Return one tip on a topic, after the present reading that it is about.

    `pick` chooses among the topic's tips and may be any whole number: count up to give
    another one each time. Without a state, or without a reading, the tip stands alone.

    Raises:
        KeyError: there is no such topic.

    """
    choices = tips()[topic]
    tip = choices[pick % len(choices)].text(lang)
    if state is None:
        return tip
    said = (reading_sentence(item, state, lang) for item in JOINED[topic])
    reading = next((text for text in said if text), None)
    return f"{reading} {tip}" if reading else tip
