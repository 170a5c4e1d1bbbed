"""Where a purifier gets its time from: the world, a faster world, or a test.

Strategy: everything in this folder asks a clock and nothing sleeps, so that a day
takes as long as its arithmetic.
"""

from __future__ import annotations

import math
import time
from typing import Protocol, runtime_checkable


@runtime_checkable
class Clock(Protocol):
    """A source of the present time."""

    def now(self) -> float:
        """Return the seconds since the epoch (UTC)."""
        ...


class RealClock:
    """The time of this computer."""

    def now(self) -> float:
        """Return the seconds since the epoch (UTC)."""
        return time.time()


class AcceleratedClock:
    """Another clock's time, running `factor` times as fast from now on."""

    def __init__(self, factor: float, base: Clock | None = None) -> None:
        """Start at the base clock's present time.

        Raises:
            ValueError: the factor is not a positive number.

        """
        if not (factor > 0 and math.isfinite(factor)):
            msg = f"a clock's factor must be above 0, not {factor}"
            raise ValueError(msg)
        self.factor = factor
        self._base = RealClock() if base is None else base
        self._start = self._base.now()

    def now(self) -> float:
        """Return the seconds since the epoch (UTC), sped up."""
        return self._start + (self._base.now() - self._start) * self.factor


class ScriptedClock:
    """A clock that stands still until it is told to advance."""

    def __init__(self, start: float = 1_767_225_600.0) -> None:
        """Stand at `start`, in seconds since the epoch: 2026-01-01 00:00 UTC."""
        self._now = start

    def now(self) -> float:
        """Return the seconds since the epoch (UTC)."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ValueError: the time is negative.

        """
        if not seconds >= 0:
            msg = f"time does not run backwards: {seconds} seconds"
            raise ValueError(msg)
        self._now += seconds


def whole_seconds(since: float, at: float) -> int:
    """Return how many whole seconds passed; a moment made as `since + n` counts n.

    Subtraction alone may give a hair less than n, and a loop over seconds would stall.
    """
    whole = math.floor(at - since)
    return whole + 1 if since + whole + 1 <= at else whole
