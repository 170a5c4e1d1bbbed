"""
What is due later: after a time, at a clock time, for a while, when a reading passes a threshold.

Strategy: a list in memory and a pure question, "what is due now?"; whoever owns the agent asks it. The clock is the
purifier's, so a simulation may run faster than the world. Nothing outlives the process, and the command line says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sanso.grammars import After, At, Lasting, Statement, When

from .change import Change
from .wording import PendingTimer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from sanso.devices import State

MOST_PENDING: Final = 32
_MINUTE: Final = 60.0
_SATURDAY: Final = 5
_WEEK: Final = 7


@dataclass(frozen=True)
class Entry:
    """One thing that waits."""

    statement: Statement
    due: float | None
    """Seconds since the epoch; None waits for a reading."""
    change: Change | None = None
    """For `lasting`: what to put back."""

    def gives_way(self, new: Entry) -> bool:
        """Whether a new entry replaces this one: the same statement, or what is so for a while for another while."""
        if self.statement == new.statement:
            return True
        if self.change is None or new.change is None:
            return False
        return self.change.after == new.change.after == new.change.before


class Scheduler:
    """Everything that waits, in the order in which it was said."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        """Clock times are read in this time zone; without one in the machine's own."""
        self._zone = zone
        self._entries: list[Entry] = []

    def takes(self, statement: Statement) -> bool:
        """Whether there is room for a statement; the same one again needs none."""
        others = [e for e in self._entries if e.statement != statement]
        return len(others) < MOST_PENDING

    def add(
        self, statement: Statement, now: float, change: Change | None = None
    ) -> bool:
        """Let a statement wait; False if too many wait already. The same statement again replaces itself."""
        if not self.takes(statement):
            return False
        entry = Entry(statement, self._due(statement, now), change)
        self._entries = [*self._entries, entry]
        for place in reversed(range(len(self._entries) - 1)):
            if self._entries[place].gives_way(entry):
                self._remove(place)
        return True

    def take_due(self, now: float, state: State) -> Entry | None:
        """Remove and return the soonest that is due; what repeats is set for its next time."""
        waiting = list(enumerate(self._entries))
        for place, entry in sorted(waiting, key=lambda pair: _order(pair[1])):
            if self._is_due(entry, now, state):
                taken = self._remove(place)
                self._again(entry, now)
                return taken
        return None

    def cancel(self) -> tuple[Entry, ...]:
        """Drop everything, and say what it was."""
        dropped, self._entries = tuple(self._entries), []
        return dropped

    def snapshot(self) -> tuple[Entry, ...]:
        """What waits now, to go back to."""
        return tuple(self._entries)

    def take_back(
        self, added: Iterable[Entry], dropped: Iterable[Entry], now: float
    ) -> tuple[list[Entry], list[Entry]]:
        """Drop what was added, and set again what was dropped unless it is past; returns both."""
        unwanted = [e.statement for e in added]
        gone = [
            self._remove(place)
            for place in reversed(range(len(self._entries)))
            if self._entries[place].statement in unwanted
        ]
        known = [e.statement for e in self._entries]
        renewed = []
        for entry in dropped:
            if entry.statement in known:
                continue
            if entry.due is None or entry.due > now:
                self._entries = [*self._entries, entry]
            else:
                self._again(entry, now)
            renewed += [e for e in self._entries if e.statement == entry.statement]
        return gone[::-1], renewed

    def pending(self, now: float) -> tuple[PendingTimer, ...]:
        """What waits, in the shape that wording reads."""
        return timers(sorted(self._entries, key=_order), now)

    def _remove(self, place: int) -> Entry:
        """
        Take the entry at this place away, and return it with what it has to put back.

        What came over it since goes back to before it, instead of to what it had set.
        """
        earlier, later = self._entries[:place], self._entries[place + 1 :]
        entry = self._entries[place]
        change = entry.change
        for n, other in enumerate(later):
            if change is not None and other.change is not None:
                later[n] = replace(other, change=other.change.over(change))
                change = change.under(other.change)
        self._entries = [*earlier, *later]
        return replace(entry, change=change)

    def _again(self, entry: Entry, now: float) -> None:
        trigger = entry.statement.trigger
        if isinstance(trigger, At) and trigger.repeat != "once":
            self.add(entry.statement, now)

    def _due(self, statement: Statement, now: float) -> float | None:
        trigger = statement.trigger
        if isinstance(trigger, After | Lasting):
            return now + trigger.total_minutes * _MINUTE
        if isinstance(trigger, At):
            return self._next(trigger, now)
        return None

    def _next(self, trigger: At, now: float) -> float:
        """The next moment after `now` at which the clock shows the time on a fitting day."""
        hour, minute = map(int, trigger.time.split(":"))
        start = datetime.fromtimestamp(now, UTC).astimezone(self._zone)
        for days in range(_WEEK + 1):
            day = (start + timedelta(days=days)).date()
            weekend = day.weekday() >= _SATURDAY
            if trigger.repeat in ("weekdays", "weekends") and weekend != (
                trigger.repeat == "weekends"
            ):
                continue
            moment = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - the zone follows
            if self._zone is not None:
                moment = moment.replace(tzinfo=self._zone)
            if moment.timestamp() > now:
                return moment.timestamp()
        return now + _WEEK * 24 * 60 * _MINUTE

    def _is_due(self, entry: Entry, now: float, state: State) -> bool:
        if entry.due is not None:
            return entry.due <= now
        trigger = entry.statement.trigger
        if not isinstance(trigger, When) or not state.online:
            return False
        reading = state.readings.get(trigger.metric)
        if reading is None or reading.value is None:
            return False
        if trigger.above is not None:
            return reading.value > trigger.above
        return trigger.below is not None and reading.value < trigger.below


def timers(entries: Iterable[Entry], now: float) -> tuple[PendingTimer, ...]:
    """Entries in the shape that wording reads."""
    return tuple(
        PendingTimer(
            e.statement, e.due, None if e.due is None else max(0.0, e.due - now)
        )
        for e in entries
    )


def _order(entry: Entry) -> float:
    return float("inf") if entry.due is None else entry.due
