"""
What is due later: after a time, at a clock time, for a while, when a reading passes a threshold.

Strategy: a sorted list in memory and a pure question, "what is due now?"; whoever owns the agent asks it. The clock is the
purifier's, so a simulation may run faster than the world. Nothing outlives the process, and the command line says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sanso.grammars import After, At, Lasting, Statement, When

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
    restore: State | None = None
    """For `lasting`: what to put back."""


class Scheduler:
    """Everything that waits, soonest first."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        """Clock times are read in this time zone; without one in the machine's own."""
        self._zone = zone
        self._entries: list[Entry] = []

    @property
    def is_full(self) -> bool:
        """Whether no further statement can wait."""
        return len(self._entries) >= MOST_PENDING

    def add(
        self, statement: Statement, now: float, restore: State | None = None
    ) -> bool:
        """Let a statement wait; False if too many wait already. The same statement again replaces itself."""
        entry = Entry(statement, self._due(statement, now), restore)
        rest = [e for e in self._entries if e.statement != statement]
        if len(rest) >= MOST_PENDING:
            return False
        self._entries = sorted([*rest, entry], key=_order)
        return True

    def take_due(self, now: float, state: State) -> list[Entry]:
        """Remove and return what is due; what repeats is set for its next time."""
        due = [e for e in self._entries if self._is_due(e, now, state)]
        self._entries = [e for e in self._entries if e not in due]
        for entry in due:
            trigger = entry.statement.trigger
            if isinstance(trigger, At) and trigger.repeat != "once":
                self.add(entry.statement, now)
        return due

    def cancel(self) -> tuple[Entry, ...]:
        """Drop everything, and say what it was."""
        dropped, self._entries = tuple(self._entries), []
        return dropped

    def snapshot(self) -> tuple[Entry, ...]:
        """What waits now, to go back to."""
        return tuple(self._entries)

    def go_back(self, entries: tuple[Entry, ...]) -> tuple[list[Entry], list[Entry]]:
        """Make these the ones that wait; returns those dropped and those set again."""
        dropped = [e for e in self._entries if e not in entries]
        renewed = [e for e in entries if e not in self._entries]
        self._entries = sorted(entries, key=_order)
        return dropped, renewed

    def pending(self, now: float) -> tuple[PendingTimer, ...]:
        """What waits, in the shape that wording reads."""
        return timers(self._entries, now)

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
        if not isinstance(trigger, When):
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
