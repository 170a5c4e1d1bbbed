"""
The words that a recogniser is told to expect.

Strategy: nouns of the call language that general speech rarely holds. None of them is a
command, so that a recogniser that only repeats its prompt never says one; and few, as a
long prompt over a short clip comes back as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanso.agent.wording.tongue import TONGUES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sanso.agent.wording.language import Language

MOST_TERMS: Final = 20
"""More were seen to be echoed over short clips (faster-whisper, discussion 731)."""

_OWN: Final[Mapping[Language, tuple[str, ...]]] = {
    "ko": ("공기청정기", "풍량", "미풍", "강풍", "예약", "황사", "송풍", "필터"),
    "en": ("air purifier", "fan speed", "timer", "yellow dust", "filter", "turbo"),
}
_NAMED: Final = (
    *(("metric", word) for word in ("pm25", "pm10", "co2", "humidity", "air")),
    *(("option", word) for word in ("child_lock", "ionizer", "uv", "oscillation")),
)
"""Of the tables that answers are made of: what is heard and what is said agree."""


def call_terms(language: Language) -> tuple[str, ...]:
    """Return at most `MOST_TERMS` terms of the call language in one language."""
    tongue = TONGUES[language]
    named = (tongue.label(kind, word) for kind, word in _NAMED)
    return (*_OWN[language], *named)[:MOST_TERMS]
