"""
A key that is held, told from one that is pressed twice.

Strategy: a terminal tells no release of a key, but repeats one that is held: first after a
quarter to two thirds of a second, then many times a second. So a key that comes soon after
the last one is in doubt until the next would have come: where that comes, the key is held,
and is let go when no more come; else it was pressed again. Pure: whoever reads the terminal
gives the time.
"""

from __future__ import annotations

from typing import Final, Literal

Move = Literal["tap", "let go"]

FIRST_SECONDS: Final = 0.7
"""The longest from a key to its first repeat: 0.66 s in X, 0.25 to 1 s elsewhere, mostly 0.5."""
NEXT_SECONDS: Final = 0.2
"""The longest from one repeat to the next: 0.09 s on a console, 0.03 to 0.04 s elsewhere;
with room for a network."""


class Repeats:
    """Tells what a key that a terminal sends means. All times are seconds of one clock."""

    def __init__(self) -> None:
        """Have seen no key."""
        self._last = float("-inf")
        self._state: Literal["idle", "doubt", "held"] = "idle"

    def wait(self, at: float) -> float | None:
        """Return how long to wait for a key before `quiet` tells something; None for ever."""
        if self._state == "idle":
            return None
        return max(0.0, self._last + NEXT_SECONDS - at)

    def quiet(self, at: float) -> list[Move]:
        """Take in that no key came until then."""
        if self._state == "idle" or at < self._last + NEXT_SECONDS:
            return []
        move: Move = "tap" if self._state == "doubt" else "let go"
        self._state = "idle"
        return [move]

    def key(self, at: float) -> list[Move]:
        """Take in the key."""
        moves = self.quiet(at)
        since, self._last = at - self._last, at
        if self._state != "idle":
            self._state = "held"
        elif since < FIRST_SECONDS:
            self._state = "doubt"
        else:
            moves.append("tap")
        return moves
