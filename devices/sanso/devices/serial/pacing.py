"""How fast one attribute may be changed: motors and relays wear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sanso.devices.datapoint import Attribute, Timing

_MS: Final = 0.001


@dataclass
class _Sent:
    number: int
    at: float


class Pacer:
    """Knows what was sent last, and when."""

    def __init__(self, timing: Timing) -> None:
        """Begin with nothing sent."""
        self._timing = timing
        self._last: dict[Attribute, _Sent] = {}

    def is_early(self, attribute: Attribute, number: int, now: float) -> bool:
        """Whether it is too early for another value of this attribute."""
        last = self._last.get(attribute)
        if last is None or last.number == number:
            return False
        least = self._timing.pace_ms.get(attribute, 0)
        if attribute == "power" and number:
            least = max(least, self._timing.restart_ms)
        return now - last.at < least * _MS

    def sent(self, attribute: Attribute, number: int, now: float) -> None:
        """Note that a number was sent."""
        self._last[attribute] = _Sent(number, now)
