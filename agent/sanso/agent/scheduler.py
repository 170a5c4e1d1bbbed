"""
What is due later: after a time, at a clock time, for a while, when a reading passes a threshold.

Strategy: a list in memory and a pure question, "what is due now?"; whoever owns the agent asks it, and stores the list where it shall
outlive the process. The clock is the purifier's, so a simulation may run faster than the world. What is taken stays claimed until it is
finished, so that a stored list shows what was being carried out when the power went.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from sanso.grammars import After, At, CancelTimer, Lasting, Statement, When

from .change import Change
from .memory.crossing import Watch, looked
from .memory.wall_time import local_date, next_moment
from .wording import PendingTimer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

    from sanso.devices import State

    from .memory.timekeeper import Look

MOST_PENDING: Final = 32
LATE_SECONDS: Final = 900.0
"""What the clock jumped over by more than this counts as overdue; by less, it is carried out as if on time."""
_MINUTE: Final = 60.0
_DAYS_KEPT: Final = 8
"""So many days are remembered on which a schedule came: no correction of a clock goes back further and means the same days."""


@dataclass(frozen=True)
class Entry:
    """One thing that waits."""

    statement: Statement
    due: float | None
    """Seconds since the epoch; None waits for a reading, or for a clock that can be believed."""
    change: Change | None = None
    """For `lasting`: what to put back."""
    days: tuple[str, ...] = ()
    """For a schedule: the last days, YYYY-MM-DD, on which it came."""
    number: int = field(default=0, compare=False, repr=False)
    """Its place in the memory; never that of another that waits."""
    armed: bool | None = field(default=None, compare=False, repr=False)
    """For a condition: whether a reading on the other side was seen; None before there was any."""
    dated: bool = field(default=True, compare=False, repr=False)
    """Whether it was set by a clock that could be believed."""
    late: Literal["", "stopped", "clock", "begun"] = field(
        default="", compare=False, repr=False
    )
    """Why it could not be carried out in time: the process was stopped, or the clock moved past it, or it was only begun."""
    interrupted: bool = field(default=False, compare=False, repr=False)
    """Whether it was being carried out when the process ended."""

    @property
    def by_clock(self) -> bool:
        """Whether it waits for a time of day."""
        return isinstance(self.statement.trigger, At)

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
        self._claimed: list[Entry] = []
        self._watches: dict[int, Watch] = {}
        self._number = 0
        self.clock_known = True
        """Whether the time of day can be believed; if not, what waits for one waits on."""

    def load(
        self, waiting: Iterable[Entry], claimed: Iterable[Entry], look: Look
    ) -> None:
        """
        Take over what an earlier process left, `waiting` or `claimed`, at a first look at the clocks.

        What came due meanwhile is late; what was claimed is taken before all else, marked as interrupted.
        """
        self._entries = list(waiting)
        numbers = [entry.number for entry in (*self._entries, *claimed)]
        self._number = max(numbers, default=0)
        broken = []
        for entry in claimed:
            self._number += not entry.number
            number = entry.number or self._number
            late = entry.late or "stopped"
            broken.append(replace(entry, number=number, late=late, interrupted=True))
        if look.shift or look.slept:
            self.moved(look)
        self._entries = broken + [
            replace(e, late="stopped")
            if self._is_past(e, look.now)
            else self._again_dated(e, look.now)
            for e in self._entries
        ]

    @property
    def room(self) -> int:
        """How many more may wait."""
        return max(0, MOST_PENDING - len(self._entries))

    def takes(self, *statements: Statement) -> bool:
        """Whether there is room for all of these that wait, carried out in this order; one that waits already needs none."""
        waiting = [entry.statement for entry in self._entries]
        for statement in statements:
            if isinstance(statement.call, CancelTimer) and statement.trigger is None:
                waiting = []
            elif statement.trigger is not None and statement not in waiting:
                waiting.append(statement)
                if len(waiting) > MOST_PENDING:
                    return False
        return True

    def add(
        self, statement: Statement, now: float, change: Change | None = None
    ) -> bool:
        """Let a statement wait; False if too many wait already. The same statement again replaces itself."""
        if not self.takes(statement):
            return False
        due = self._due(statement, now)
        self._append(Entry(statement, due, change, dated=self.clock_known))
        return True

    def look(self, now: float, state: State) -> None:
        """Look at the readings for every condition: those that are met are due."""
        for place, entry in enumerate(self._entries):
            trigger = entry.statement.trigger
            if isinstance(trigger, When):
                watch = self._watches.get(entry.number, Watch(entry.armed))
                watch, met = looked(watch, trigger, state, now)
                self._watches[entry.number] = watch
                due = now if met else None
                self._entries[place] = replace(entry, armed=watch.armed, due=due)

    def take_due(
        self,
        now: float,
        state: State,
        can_now: Callable[[Entry], bool] = lambda _: True,
    ) -> Entry | None:
        """Claim and return the soonest that is due and can be done now; what repeats is set for its next time."""
        self.look(now, state)
        waiting = list(enumerate(self._entries))
        for place, entry in sorted(waiting, key=lambda pair: _order(pair[1])):
            if (entry.interrupted or self._is_past(entry, now)) and can_now(entry):
                taken = self._remove(place)
                if not taken.interrupted:
                    self._again(taken, now)
                self._claimed.append(taken)
                return taken
        return None

    def finish(self, entry: Entry) -> None:
        """What was taken is over, done or not."""
        self._claimed = [e for e in self._claimed if e.number != entry.number]

    def moved(self, look: Look) -> None:
        """Go on after the clock was moved: spans keep what is left of them, clock times are read anew."""
        self._watches = {
            number: replace(watch, beyond_since=None)
            for number, watch in self._watches.items()
        }
        self._entries = [self._after_move(entry, look) for entry in self._entries]

    def cancel(self) -> tuple[Entry, ...]:
        """Drop everything, and say what it was."""
        dropped, self._entries = tuple(self._entries), []
        return dropped

    def snapshot(self) -> tuple[Entry, ...]:
        """What waits now, to go back to."""
        return tuple(self._entries)

    def claimed(self) -> tuple[Entry, ...]:
        """What was taken and is not finished."""
        return tuple(self._claimed)

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
            if entry.statement in known or not self.room:
                continue
            if entry.due is None or entry.due > now:
                self._append(replace(entry, armed=None), replacing=False)
            else:
                self._again(entry, now)
            renewed += [e for e in self._entries if e.statement == entry.statement]
        return gone[::-1], renewed

    def pending(self, now: float) -> tuple[PendingTimer, ...]:
        """What waits, in the shape that wording reads."""
        held = () if self.clock_known else (e for e in self._entries if e.by_clock)
        unknown = {e.number for e in held}
        ordered = sorted(self._entries, key=_order)
        return timers(
            (replace(e, due=None) if e.number in unknown else e for e in ordered), now
        )

    def _append(self, entry: Entry, *, replacing: bool = True) -> None:
        self._number += 1
        entry = replace(entry, number=self._number)
        self._entries = [*self._entries, entry]
        for place in reversed(range(len(self._entries) - 1)):
            if replacing and self._entries[place].gives_way(entry):
                self._remove(place)

    def _remove(self, place: int) -> Entry:
        """
        Take the entry at this place away, and return it with what it has to put back.

        What came over it since goes back to before it, instead of to what it had set.
        """
        earlier, later = self._entries[:place], self._entries[place + 1 :]
        entry = self._entries[place]
        self._watches.pop(entry.number, None)
        change = entry.change
        for n, other in enumerate(later):
            if change is not None and other.change is not None:
                later[n] = replace(other, change=other.change.over(change))
                change = change.under(other.change)
        self._entries = [*earlier, *later]
        return replace(entry, change=change)

    def _again(self, entry: Entry, now: float) -> None:
        """Set what repeats for its next time, on another day than this one."""
        trigger = entry.statement.trigger
        if not isinstance(trigger, At) or trigger.repeat == "once":
            return
        day = local_date(now if entry.due is None else entry.due, self._zone)
        days = (*entry.days, day.isoformat())[-_DAYS_KEPT:]
        due = next_moment(trigger, now, self._zone, days)
        self._append(Entry(entry.statement, due, days=days, dated=self.clock_known))

    def _due(self, statement: Statement, now: float) -> float | None:
        trigger = statement.trigger
        if isinstance(trigger, After | Lasting):
            return now + trigger.total_minutes * _MINUTE
        if isinstance(trigger, At) and self.clock_known:
            return next_moment(trigger, now, self._zone)
        return None

    def _is_past(self, entry: Entry, now: float) -> bool:
        held = entry.by_clock and not self.clock_known
        return entry.due is not None and entry.due <= now and not held

    def _again_dated(self, entry: Entry, now: float) -> Entry:
        """Read a clock time by the present zone: it may be another than that by which it was set."""
        trigger = entry.statement.trigger
        if not isinstance(trigger, At) or not self.clock_known:
            return entry
        return replace(entry, due=next_moment(trigger, now, self._zone, entry.days))

    def _after_move(self, entry: Entry, look: Look) -> Entry:
        if isinstance(entry.statement.trigger, After | Lasting):
            shift = look.shift - (look.slept if entry.dated else 0.0)
            due = None if entry.due is None else entry.due + shift
            past = look.slept > 0 and due is not None and due <= look.now
            late = "stopped" if past else entry.late
            dated = entry.dated or self.clock_known
            return replace(entry, due=due, late=late, dated=dated)
        if not entry.by_clock or not self.clock_known:
            return entry
        if self._is_past(entry, look.now):
            if look.now - (entry.due or 0.0) <= LATE_SECONDS:
                return entry
            return replace(entry, late="stopped" if look.slept else "clock")
        return replace(self._again_dated(entry, look.now), dated=True)


def timers(entries: Iterable[Entry], now: float) -> tuple[PendingTimer, ...]:
    """Entries in the shape that wording reads."""
    return tuple(
        PendingTimer(
            e.statement, e.due, None if e.due is None else max(0.0, e.due - now)
        )
        for e in entries
    )


def _order(entry: Entry) -> float:
    if entry.interrupted:
        return float("-inf")
    return float("inf") if entry.due is None else entry.due
