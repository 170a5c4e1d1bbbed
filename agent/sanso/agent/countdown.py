"""
The appliance's own off-timer, beside the promise that is kept here.

Strategy: what waits here is the promise; where the appliance can count exactly the same span, it counts besides, and turns off also when this host has no power
by then. It has one timer: the soonest such promise has it. What is no longer promised is no longer counted, or it is said that it may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanso.devices import CountsDown
from sanso.grammars import After, SetPower

from .wording import word_still_counts

if TYPE_CHECKING:
    from sanso.devices import Purifier, State

    from .scheduler import Entry, Scheduler
    from .wording import Language

_JUST_SET_SECONDS: Final = 5.0
"""A span is exactly the appliance's only as long as nothing of it has passed."""
_EARLY_SECONDS: Final = 120.0
"""An appliance that counts in minutes, by a clock of its own, may be that much ahead."""


class Countdown:
    """Keeps an appliance's own off-timer in step with what waits here."""

    def __init__(self, purifier: Purifier, scheduler: Scheduler) -> None:
        """Begin with what an earlier process may have let the appliance count."""
        self._purifier = purifier if isinstance(purifier, CountsDown) else None
        has = purifier.capabilities
        self._minutes = has.off_timer_minutes if self._purifier is not None else ()
        self._scheduler = scheduler
        self._armed = self._soonest()

    def follow(self, now: float, state: State, lang: Language) -> list[str]:
        """Set or drop the appliance's timer as what waits asks for; what is to be told."""
        if self._purifier is None:
            return []
        wanted, armed = self._soonest(), self._armed
        if wanted == armed:
            return []
        if wanted is not None and self._is_exact(wanted, now):
            # Also where no report confirmed it: it may have arrived, and is to be dropped then.
            self._purifier.count_down(_span(wanted))
            self._armed = wanted
            return []
        self._armed = None
        if armed is None:
            return []
        dropped = self._purifier.count_down(0)
        at_rest = state.online and not state.power
        return [] if dropped or at_rest else [word_still_counts(lang)]

    def has_ended(self, state: State, now: float) -> bool:
        """Whether that the appliance is off may be its own timer's doing."""
        armed = self._armed
        if armed is None or armed.due is None or not state.online:
            return False
        return not state.power and armed.due - now <= _EARLY_SECONDS

    def _soonest(self) -> Entry | None:
        waiting = [e for e in self._scheduler.snapshot() if self._fits(e)]
        return min(waiting, key=lambda entry: entry.due or 0.0, default=None)

    def _fits(self, entry: Entry) -> bool:
        call, trigger = entry.statement.call, entry.statement.trigger
        if not isinstance(trigger, After) or not isinstance(call, SetPower):
            return False
        return call.state == "off" and trigger.total_minutes in self._minutes

    def _is_exact(self, entry: Entry, now: float) -> bool:
        left = (entry.due or now) - now
        return abs(left - 60.0 * _span(entry)) <= _JUST_SET_SECONDS


def _span(entry: Entry) -> int:
    """Minutes of an entry that waits for a time to pass."""
    trigger = entry.statement.trigger
    return trigger.total_minutes if isinstance(trigger, After) else 0
