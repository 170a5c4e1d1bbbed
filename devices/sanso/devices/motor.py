"""The fan: how fast it turns, how loud it is and what it draws.

Strategy: speed is a share of full speed that moves towards its target at a fixed rate.
For the airflow the speed is held at its mean over each second of a change, counted from
the start of the change: so the room sees pieces of constant inputs that nobody's
polling can shift.
"""

from __future__ import annotations

import math
from typing import Final

from .clock import whole_seconds

# Motor shares for sleep, low, mid and high of a public demo of the `kj` category.
LEVEL_SHARES: Final = (0.2, 0.4, 0.7, 1.0)
NOISE_FLOOR_DB: Final = 22.0


def share_of(level: int, levels: int) -> float:
    """Return a level's share of full speed: `LEVEL_SHARES` stretched to `levels`."""
    if level <= 0:
        return 0.0
    if level >= levels:
        return 1.0
    place = (level - 1) / (levels - 1) * (len(LEVEL_SHARES) - 1)
    below = int(place)
    low, high = LEVEL_SHARES[below], LEVEL_SHARES[below + 1]
    return low + (place - below) * (high - low)


def level_at(share: float, levels: int) -> int:
    """Return the level nearest to a speed; 0 only at standstill."""
    if share <= 0:
        return 0
    return min(range(1, levels + 1), key=lambda n: abs(share_of(n, levels) - share))


def noise_db(share: float) -> float:
    """Return the sound pressure in dB(A): 54 + 50*log10(n), and a floor of 22."""
    if share <= 0:
        return 0.0
    return max(NOISE_FLOOR_DB, 54 + 50 * math.log10(share))


def power_watts(share: float) -> float:
    """Return the electric power while switched on: 2 + 45*n^3 (fan law)."""
    return 2 + 45 * share**3


class Motor:
    """A speed on its way to a target, both shares of full speed."""

    def __init__(self, slew_per_second: float = 0.10) -> None:
        """Stand still; change by `slew_per_second` when driven."""
        self._slew = slew_per_second
        self._since = 0.0
        self._from = 0.0
        self._target = 0.0

    @property
    def target(self) -> float:
        """Where the speed is heading."""
        return self._target

    def drive(self, target: float, at: float) -> None:
        """Head for another speed from the moment `at` on."""
        if target != self._target:
            self._from = self.speed(at)
            self._since = at
            self._target = target

    def settle(self, target: float, at: float) -> None:
        """Turn at this speed at once, as if for a long time."""
        self._from = self._target = target
        self._since = at

    def speed(self, at: float) -> float:
        """Return the true speed at a moment."""
        gap = self._target - self._from
        change = self._slew * max(0.0, at - self._since)
        if change >= abs(gap):
            return self._target
        return self._from + math.copysign(change, gap)

    def held_speed(self, at: float) -> float:
        """Return the mean speed over the second of the change in which `at` lies."""
        if at >= self._arrival:
            return self._target
        begin = self._since + whole_seconds(self._since, at)
        return (self.speed(begin) + self.speed(begin + 1)) / 2

    def next_edge(self, after: float) -> float:
        """Return when `held_speed` changes next; infinity once the target is met."""
        if after >= self._arrival:
            return math.inf
        return min(self._arrival, self._since + whole_seconds(self._since, after) + 1)

    @property
    def _arrival(self) -> float:
        return self._since + abs(self._target - self._from) / self._slew
