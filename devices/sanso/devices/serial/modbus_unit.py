"""What a Modbus unit has reported, and how a number gets into it: written, and read back.

Strategy: the same rules as a session's, in the caller's time. A write is sent, looked at
until it is so, sent again if that can do no harm, and after two seconds says what it knows.
One missed answer proves nothing; three in a row mean that the unit is gone. After an outage
nothing is written that was not asked for anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanso.devices.errors import DeviceError, LinkLost, NoAnswer

from .driver import BACK_OFF_SECONDS
from .mapping import Known, is_done, is_sensible, same
from .modbus_bus import ANSWER_SECONDS, Refused
from .modbus_registers import WRITABLE_TABLES, Span, from_word, spans_of, to_word
from .session import MISSES_TO_OFFLINE, MOST_SENDINGS, MS, WRITE_SECONDS
from .write import End, LinkState, Notes, Write

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sanso.devices.datapoint import Attribute
    from sanso.devices.profile import Profile

    from .modbus_bus import Bus

FRESH_SECONDS: Final = 1.0
"""How long a reading serves before everything is read again."""
LOOK_SECONDS: Final = 0.1
"""Between two looks at a value that was written."""
SILENCES_TO_DROP: Final = 5
"""Rounds in which a span that has never answered is asked for."""
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _ILLEGAL_VALUE, _FAILED = 1, 2, 3, 4
_NOT_THERE: Final = (_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _ILLEGAL_VALUE)
"""Exceptions that say the same each time; others, such as 6 for busy, may pass."""
_ENDS: Final = {
    _ILLEGAL_FUNCTION: End.UNSUPPORTED,
    _ILLEGAL_ADDRESS: End.UNSUPPORTED,
    _ILLEGAL_VALUE: End.OUT_OF_RANGE,
    _FAILED: End.REJECTED,
}
"""What these mean for a write."""


class Unit:
    """One appliance on the bus."""

    def __init__(
        self,
        profile: Profile,
        bus: Bus,
        *,
        monotonic: Callable[[], float],
        sleep: Callable[[float], object],
    ) -> None:
        """Begin without knowing anything."""
        self.profile = profile
        self.bus = bus
        self.known: dict[Attribute, Known] = {}
        self.raw: dict[object, bytes | str] = {}
        """Numbers that the profile does not know, by attribute."""
        self.notes = Notes()
        self.link = LinkState.STARTING
        self.why_lost = ""
        self._now, self._sleep = monotonic, sleep
        self._spans = spans_of(profile.attr)
        self._misses = 0
        self._read_at: float | None = None
        """When everything was asked for the last time, answered or not."""
        self._paces: dict[Attribute, tuple[int, float]] = {}
        self._silences: dict[Span, int] = {}
        self._several = False
        """Whether it takes only the functions that write many."""
        self._pause = BACK_OFF_SECONDS[0]
        self._retry_at = monotonic()
        self._ended = False

    @property
    def online(self) -> bool:
        """Whether the appliance is taken to be there: one missed answer does not change it."""
        heard = self.link in (LinkState.UP, LinkState.DEGRADED)
        return heard and self.bus.is_open

    def refresh(self) -> None:
        """Read everything, unless that was done a moment ago."""
        if self._read_at is None or self._now() - self._read_at >= FRESH_SECONDS:
            self.read_all()

    def read_all(self) -> bool:
        """Read everything; False if something was not answered."""
        if not self._is_open():
            return False
        whole, silent, asked = True, [], tuple(self._spans)
        for span in asked:
            whole = self._read(span, self._tries()) and whole
            silent += [span] * (self._misses > 0)
            gone = self._misses and (self._misses > 1 or self._has_answered(span))
            if gone or not self.bus.is_open:
                break
        if len(silent) < len(asked) and self.bus.is_open:
            self._count_silences(silent)
        self._read_at = self._now()
        return whole

    def read_since(self, attributes: Collection[Attribute], since: float) -> bool:
        """Read those that were not reported since a moment; False if one still was not."""
        for span in tuple(self._spans):
            wanted = [name for name in span.attributes if name in attributes]
            if not self._are_new(wanted, since) and self._is_open():
                self._read(span, self._tries())
        return self._are_new(attributes, since)

    def write(self, attribute: Attribute, number: int) -> End:
        """Set an attribute and wait until it is reported, 2 s at most."""
        point = self.profile.attr[attribute]
        if point.access == "ro" or point.table not in WRITABLE_TABLES:
            return End.UNSUPPORTED
        try:
            word = to_word(point, number)
        except OverflowError:
            return End.OUT_OF_RANGE
        self._keep_pace(attribute, number)
        found, now = self.known.get(attribute), self._now()
        before = found.number if found else None
        write = Write(attribute, number, before, now, attribute != "filter_reset")
        write.first_sent_at = now
        while write.end is None and self._is_open():
            left = write.first_sent_at + WRITE_SECONDS - self._now()
            if left <= 0:
                break
            if self._is_due(write):
                self._send(write, word, min(left, ANSWER_SECONDS))
            else:
                self._look(write, min(left, ANSWER_SECONDS))
        self._read_at = None
        return write.end or self._verdict(write)

    def close(self) -> None:
        """Let go of the line for good."""
        self._ended = True
        self.bus.close()

    def _is_open(self) -> bool:
        """Whether there is a line; one that was lost is opened again when it is time."""
        if self.bus.is_open:
            return True
        if self._ended or self._now() < self._retry_at:
            return False
        try:
            self.bus.open()
        except DeviceError as error:
            self.why_lost = str(error)
            self._pause = min(2 * self._pause, BACK_OFF_SECONDS[1])
            self._retry_at = self._now() + self._pause
            return False
        self.link = LinkState.STARTING
        self._misses = 0
        self._pause = BACK_OFF_SECONDS[0]
        # It may be another appliance, or have got what it lacked.
        self._spans, self._several = spans_of(self.profile.attr), False
        self._silences.clear()
        return True

    def _lose(self, why: str) -> None:
        self.why_lost = why
        self.link = LinkState.OFFLINE
        self._retry_at = self._now() + self._pause

    def _heard(self) -> None:
        self._misses = 0
        self.link = LinkState.UP

    def _missed(self) -> None:
        self.bus.counters.missed += 1
        self._misses += 1
        if self._misses >= MISSES_TO_OFFLINE:
            self.link = LinkState.OFFLINE
        elif self.link is LinkState.UP:
            self.link = LinkState.DEGRADED

    def _read(
        self, span: Span, tries: int = 1, seconds: float = ANSWER_SECONDS
    ) -> bool:
        """Ask for a span; False if it was not answered, or not now."""
        for attempt in range(tries):
            self.bus.counters.resent += attempt
            try:
                words = self.bus.read(
                    span.table, span.first, len(span.attributes), seconds
                )
            except NoAnswer:
                continue
            except Refused as refused:
                self._heard()
                return refused.code in _NOT_THERE and self._do_without(span, refused)
            except LinkLost as error:
                self._lose(str(error))
                return False
            self._heard()
            for name, word in zip(span.attributes, words, strict=True):
                self._report(name, word)
            return True
        self._missed()
        return False

    def _count_silences(self, silent: list[Span]) -> None:
        """Do without a span that never answers while others do: some units refuse by silence."""
        for span in silent:
            count = self._silences[span] = self._silences.get(span, 0) + 1
            if count >= SILENCES_TO_DROP and not self._has_answered(span):
                self._drop(span, "is never answered")

    def _tries(self) -> int:
        """Return how often to ask; who is gone is asked once, and costs 0.4 s."""
        return 1 if self.link is LinkState.OFFLINE else 2

    def _are_new(self, names: Collection[Attribute], since: float) -> bool:
        known = self.known
        return all(name in known and known[name].at >= since for name in names)

    def _has_answered(self, span: Span) -> bool:
        return any(name in self.known for name in span.attributes)

    def _do_without(self, span: Span, refused: Refused) -> bool:
        """Read a refused span one by one, and no more what the appliance does not have."""
        parts = self._drop(span, f"is refused (Modbus exception {refused.code})")
        return min([self._read(part) for part in parts], default=True)

    def _drop(self, span: Span, why: str) -> list[Span]:
        """Put a span's parts in its place; a single register is not asked for any more."""
        self._spans.remove(span)
        if len(span.attributes) > 1:
            parts = span.split()
            self._spans += parts
            return parts
        name = span.attributes[0]
        self.known.pop(name, None)
        self.notes.add(f"{span.table} {span.first} {why}; look at attr.{name}")
        return []

    def _report(self, name: Attribute, word: int) -> None:
        point = self.profile.attr[name]
        number = from_word(point, word)
        if is_sensible(point, number):
            self.known[name] = Known(number, self._now(), "query")
            return
        self.raw[name] = str(number)
        self.notes.add(
            f"{name} reported {number}, which the profile does not know; "
            f"look at attr.{name}"
        )

    def _keep_pace(self, attribute: Attribute, number: int) -> None:
        """Wait until another value of this attribute is not too early: motors and relays wear."""
        last, at = self._paces.get(attribute, (number, 0.0))
        if last == number:
            return
        timing = self.profile.timing
        least = timing.pace_ms.get(attribute, 0)
        if attribute == "power" and number:
            least = max(least, timing.restart_ms)
        self._rest(at + least * MS - self._now())

    def _is_due(self, write: Write) -> bool:
        """Whether to send it, for the first time or again."""
        if not write.sendings:
            return True
        timing = self.profile.timing
        settle = timing.settle_ms.get(write.attribute, 0)
        over = self._now() - write.sent_at >= max(timing.confirm_ms, settle) * MS
        harmless = write.repeatable and write.sendings < MOST_SENDINGS
        return harmless and write.asked and over

    def _send(self, write: Write, word: int, seconds: float) -> None:
        point = self.profile.attr[write.attribute]
        register = point.register_ or 0
        self.bus.counters.resent += write.sendings > 0
        write.sendings += 1
        write.sent_at = self._now()
        write.asked, write.reported = False, None
        self._paces[write.attribute] = (write.number, write.sent_at)
        try:
            self.bus.write(point.table, register, word, seconds, several=self._several)
        except NoAnswer:
            self._missed()
        except LinkLost as error:
            self._lose(str(error))
            write.end = self._verdict(write)
        except Refused as refused:
            self._heard()
            if refused.code == _ILLEGAL_FUNCTION and not self._several:
                self._several, write.sendings = True, 0
                return
            write.end = _ENDS.get(refused.code)
        else:
            self._heard()

    def _look(self, write: Write, seconds: float) -> None:
        """Read back what was written; a filter that was reset is full again."""
        again, write.asked = write.asked, True
        if again:
            self._rest(LOOK_SECONDS)
        reset = write.attribute == "filter_reset"
        shown: Attribute = "filter_percent" if reset else write.attribute
        span = next((s for s in self._spans if shown in s.attributes), None)
        if span is None:
            write.end = End.UNCONFIRMED
            return
        if not self._read(span, seconds=seconds):
            return
        found = self.known.get(shown)
        if found is None or found.at < write.sent_at:
            return
        if is_done(self.profile, write.attribute, write.number, self.known):
            write.end = End.CONFIRMED
            return
        write.reported = found.number
        before = write.before
        if reset or before is None:
            return
        if not same(self.profile, write.attribute, before, found.number):
            # Neither the old value nor the new one; a second look decides.
            if write.doubted == found.number:
                write.end = End.REJECTED
            write.doubted = found.number

    def _verdict(self, write: Write) -> End:
        if not write.sendings:
            return End.OFFLINE
        if write.reported is None or not write.repeatable:
            return End.UNCONFIRMED
        return End.REJECTED

    def _rest(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)
