"""
How loud an answer may be: softer in the quiet hours of the house.

Strategy: where the rules are known it is asked of them for every sentence. A service tells those
who speak for it how the next day will be as well, as only it knows its rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sanso.agent.policy_moments import wall
from sanso.agent.policy_rules import Quiet

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from sanso.agent.policy_rules import Rules

QUIET: Final = 0.3
"""About 10 dB below 1: half as loud to the ear."""
DAY_SECONDS: Final = 86_400.0
_MINUTE: Final = 60

Ahead = list[tuple[float, float]]
"""Seconds from now, rising from 0, and how loud to speak from then on."""


@dataclass(frozen=True)
class HouseVolume:
    """How loud to speak by the rules of a house, asked anew for every sentence."""

    rules: Rules
    now: Callable[[], float]
    """The purifier's clock, in seconds since the epoch."""
    zone: tzinfo | None
    full: float
    quiet: float

    def __call__(self) -> float:
        """Return how loud to speak now, 0 to 1."""
        return self._at(wall(self.now(), self.zone))

    def ahead(self) -> Ahead:
        """Return how loud to speak in the next 24 hours."""
        start = self.now()
        today = wall(start, self.zone)
        told = [(0.0, self._at(today))]
        if today is None:
            return told
        for seconds in sorted(self._changes(today)):
            volume = self._at(wall(start + seconds, self.zone))
            if volume != told[-1][1]:
                told.append((seconds, volume))
        return told

    def _changes(self, today: datetime) -> set[float]:
        """Return in how many seconds quiet hours may begin or end; days differ from midnight on."""
        hours = [rule.hours for rule in self.rules.quiet]
        edges = {0, *(minute for one in hours for minute in (one.start, one.end))}
        since = (today.hour * 60 + today.minute) * _MINUTE + today.second
        return {(edge * _MINUTE - since) % DAY_SECONDS for edge in edges}

    def _at(self, moment: datetime | None) -> float:
        hushed = any(isinstance(rule, Quiet) for rule in self.rules.holding(moment))
        return min(self.quiet, self.full) if hushed else self.full


def house_volume(
    rules: Rules,
    now: Callable[[], float],
    zone: tzinfo | None = None,
    *,
    full: float = 1.0,
    quiet: float = QUIET,
) -> HouseVolume:
    """
    Return how loud to speak by the rules of a house.

    `now` is the purifier's clock, in seconds since the epoch; without a zone the machine's own counts. In any quiet hours it is `quiet`, else `full`; also
    where nobody knows the time, as then every rule holds.
    """
    return HouseVolume(rules, now, zone, full, quiet)
