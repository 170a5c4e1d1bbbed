"""What every serial protocol has in common: one write in flight, confirmed by a report or honestly not.

Strategy: no I/O and no clock of its own. Bytes come in by `feed`, bytes to send come out of
`poll`, and each takes the moment (seconds, monotonic). A write waits its turn, is sent, and
is done when the appliance reports the value; else it asks, sends again if that can do no
harm, and after two seconds says what it knows. Nothing survives a lost link.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from .counters import Counters
from .mapping import (
    Known,
    Source,
    blocks_power,
    faults_of,
    is_done,
    is_sensible,
    same,
)
from .pacing import Pacer
from .write import MOST_NOTES, End, LinkState, Notes, Write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sanso.devices.datapoint import Attribute
    from sanso.devices.profile import Profile

MS: Final = 0.001
WRITE_SECONDS: Final = 2.0
"""From the first sending to the last word about it."""
MOST_SENDINGS: Final = 3
QUEUE_SECONDS: Final = 5.0
"""A write that could not be sent so long is dropped: a late "turn on" is worse than none."""
RECONCILE_SECONDS, MISSES_TO_OFFLINE = 60.0, 3
_LONGEST_FRAME_SECONDS: Final = 1.5
"""The longest frame takes 1.1 s at 9600 baud: a length that wants more is wrong."""
_LAST_CHANCE_SECONDS: Final = 0.4
"""Before the end of a write the value is asked for once more, whatever was waited for."""
_PATIENCE: Final = 1.5
"""Of a window: so long an answer is waited for after the value was asked for."""


class Session(ABC):
    """One appliance at the other end of a line."""

    def __init__(self, profile: Profile, now: float) -> None:
        """Begin without knowing anything."""
        self.profile = profile
        self.counters = Counters()
        self.known: dict[Attribute, Known] = {}
        self.raw: dict[object, bytes | str] = {}
        """Reports that the profile does not cover, by address, as they came."""
        self.notes = Notes()
        self.link = LinkState.STARTING
        self.heard_at: float | None = None
        self._queue: list[Write] = []
        self._flight: Write | None = None
        self._pacer = Pacer(profile.timing)
        self._misses = 0
        self._sent_at = now - 1.0
        self._fed_at = self._incomplete_since = self.doubted_at = now
        """When something last went wrong on the line."""
        self._troubles: tuple[int, ...] = ()

    def write(self, attribute: Attribute, number: int, now: float) -> Write:
        """Queue a number for an attribute; `Write.end` tells when it is over.

        Raises:
            KeyError: the profile has no such attribute.

        """
        found = self.known.get(attribute)
        repeatable = attribute != "filter_reset"
        write = Write(
            attribute, number, found.number if found else None, now, repeatable
        )
        if self.profile.attr[attribute].access == "ro":
            write.end = End.UNSUPPORTED
            return write
        for older in [w for w in self._queue if w.attribute == attribute]:
            older.end = End.SUPERSEDED
            self._queue.remove(older)
        self._queue.append(write)
        return write

    def feed(self, data: bytes, now: float) -> None:
        """Take in what came over the line."""
        if data:
            self._fed_at = now
        waiting, good = self._waiting(), self.counters.good
        self._take(data, now)
        if not waiting or good != self.counters.good:
            self._incomplete_since = now

    def poll(self, now: float) -> bytes:
        """Return what is to be sent now, which may be nothing."""
        silent = now - self._fed_at >= self.silence_seconds
        endless = now - self._incomplete_since >= _LONGEST_FRAME_SECONDS
        if self._waiting() and (silent or endless):
            self._expire(now)
        self._watch(now)
        self._judge(now)
        self._doubt(now)
        if now - self._sent_at < self.profile.timing.gap_ms * MS:
            return b""
        data = self._next(now)
        if data:
            self._sent_at = now
            self.counters.bytes_out += len(data)
        return data

    def lost(self, now: float) -> None:
        """Forget what was under way: the line is gone. Nothing of it is sent when it is back."""
        del now
        self._drop()
        self.link = LinkState.OFFLINE

    def back(self, now: float) -> None:
        """Begin again on a new line."""
        self.lost(now)
        self.counters.reconnects += 1
        self._misses = 0
        self.link = LinkState.STARTING
        self._fed_at = now
        self._restart(now)

    def ask(self, now: float) -> None:
        """Have all values asked for."""
        self._ask(now)

    def is_reported(self, attributes: Iterable[Attribute], since: float) -> bool:
        """Whether all of these were reported at this moment or later."""
        found = (self.known.get(name) for name in attributes)
        return all(known is not None and known.at >= since for known in found)

    @property
    def online(self) -> bool:
        """Whether the appliance is taken to be there: one missed answer does not change it."""
        return self.link in (LinkState.UP, LinkState.DEGRADED)

    silence_seconds: float = 0.3

    @abstractmethod
    def _take(self, data: bytes, now: float) -> None:
        """Decode bytes and act on them."""

    @abstractmethod
    def _waiting(self) -> bool:
        """Whether something incomplete is in the buffer."""

    @abstractmethod
    def _expire(self, now: float) -> None:
        """Give up what is incomplete."""

    @abstractmethod
    def _watch(self, now: float) -> None:
        """Notice missing answers, and queue what is due by time."""

    @abstractmethod
    def _next(self, now: float) -> bytes:
        """Return the next thing to send: `_next_write` where nothing is more urgent."""

    @abstractmethod
    def _encode_write(self, write: Write) -> bytes:
        """Return the bytes that set an attribute."""

    @abstractmethod
    def _ask(self, now: float) -> None:
        """Have the values asked for soon."""

    @abstractmethod
    def _restart(self, now: float) -> None:
        """Begin the start order."""

    def _restarted(self) -> None:
        """Note that the controller has begun anew: what was under way is over."""
        self.counters.restarts += 1
        self.notes.add("the appliance's controller has restarted")
        self._drop()

    def _drop(self) -> None:
        for write in self._queue:
            write.end = self._verdict(write)
        self._queue.clear()
        if self._flight is not None:
            self._flight.end = self._verdict(self._flight)
            self._flight = None

    def _heard(self, now: float) -> None:
        """Note that something whole came: the appliance lives."""
        self.heard_at = now
        self._misses = 0
        self.link = LinkState.UP

    def _missed(self) -> None:
        """Note that an answer is overdue."""
        self.counters.missed += 1
        self._misses += 1
        if self._misses >= MISSES_TO_OFFLINE:
            self.link = LinkState.OFFLINE
        elif self.link is LinkState.UP:
            self.link = LinkState.DEGRADED

    def _report(
        self, attribute: Attribute, number: int, now: float, source: Source
    ) -> None:
        """Note a value, if it makes sense, and judge the write that waits for it."""
        if not is_sensible(self.profile.attr[attribute], number):
            self.raw[attribute] = str(number)
            self.notes.add(
                f"{attribute} reported a number that the profile does not know; "
                f"look at attr.{attribute}"
            )
            if self.profile.attr[attribute].access != "ro":
                self.known.pop(attribute, None)  # it is no longer what it was
            return
        self.known[attribute] = Known(number, now, source)
        write = self._flight
        if write is None:
            return
        if attribute == write.attribute:
            write.reported = number
        shown = attribute == write.attribute or (
            write.attribute == "filter_reset" and attribute == "filter_percent"
        )
        if shown and is_done(self.profile, write.attribute, write.number, self.known):
            self._finish(write, End.CONFIRMED)
        elif (
            attribute == write.attribute
            and write.repeatable
            and write.before is not None
            and not same(self.profile, attribute, write.before, number)
        ):
            # Neither the old value nor the new one: the appliance has decided otherwise, or
            # this report was on its way before the write arrived. A second one decides.
            if write.doubted == number:
                self._finish(write, End.REJECTED)
            else:
                write.doubted = number
                self._ask(now)

    def _doubt(self, now: float) -> None:
        """Note that something went wrong: what was reported before may have changed unheard."""
        count = self.counters
        troubles = (
            *(count.junk, count.bad_sum, count.timeouts, count.malformed),
            *(count.missed, count.resent, count.restarts, count.reconnects),
        )
        if troubles != self._troubles:
            self._troubles = troubles
            self.doubted_at = now

    def _finish(self, write: Write, end: End) -> None:
        write.end = end
        if self._flight is write:
            self._flight = None

    def _judge(self, now: float) -> None:
        """Drop what waited too long, and let the write in flight ask, repeat or end."""
        for write in [w for w in self._queue if now - w.queued_at > QUEUE_SECONDS]:
            write.end = self._verdict(write)
            self._queue.remove(write)
        write_ = self._flight
        if write_ is None:
            return
        window = self._window(write_.attribute)
        if now - write_.first_sent_at >= self.longest_write_seconds(write_.attribute):
            self._finish(write_, self._verdict(write_))
            self.doubted_at = now
            self._ask(now)
            return
        waited = now - write_.sent_at
        spent = now - write_.first_sent_at
        last_chance = spent >= WRITE_SECONDS - _LAST_CHANCE_SECONDS
        if not write_.asked and (waited >= window or last_chance):
            write_.asked = True
            write_.reported = None
            self._ask(now)
        elif (
            write_.asked
            and waited >= window
            and (write_.reported is not None or waited >= window * _PATIENCE)
            and self._may_repeat(write_)
        ):
            write_.due = True

    def _may_repeat(self, write: Write) -> bool:
        starting = write.attribute == "power" and write.number
        if (
            starting
            and blocks_power(self.profile)
            and faults_of(self.profile, self.known)
        ):
            return False
        return write.repeatable and write.sendings < MOST_SENDINGS

    def _verdict(self, write: Write) -> End:
        if not write.sendings:
            return End.OFFLINE
        if write.reported is None or not write.repeatable:
            return End.UNCONFIRMED
        return End.REJECTED

    def longest_write_seconds(self, attribute: Attribute) -> float:
        """Return how long after its first sending a write has its end."""
        return max(WRITE_SECONDS, self._window(attribute) * _PATIENCE)

    def _window(self, attribute: Attribute) -> float:
        timing = self.profile.timing
        return max(timing.confirm_ms, timing.settle_ms.get(attribute, 0)) * MS

    def _next_write(self, now: float) -> bytes:
        """Return the bytes of the write whose turn it is; nothing while one is in flight."""
        if not self.online:
            return b""
        if self._flight is not None:
            if not self._flight.due:
                return b""
            self.counters.resent += 1
            return self._sent(self._flight, now)
        for write in self._queue:
            if self._pacer.is_early(write.attribute, write.number, now):
                continue
            self._queue.remove(write)
            found = self.known.get(write.attribute)
            write.before = found.number if found else None
            write.first_sent_at = now
            self._flight = write
            return self._sent(write, now)
        return b""

    def _sent(self, write: Write, now: float) -> bytes:
        write.sendings += 1
        write.sent_at = now
        write.asked = write.due = False
        write.reported = write.doubted = None
        self._pacer.sent(write.attribute, write.number, now)
        return self._encode_write(write)

    def _unknown(self, address: object, value: bytes | str, words: str) -> None:
        """Keep a report that the profile does not cover."""
        if len(self.raw) < MOST_NOTES or address in self.raw:
            self.raw[address] = value
        self.notes.add(f"{words} is not in the profile {self.profile.id}")
