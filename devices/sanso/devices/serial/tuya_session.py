"""A Tuya controller (MCU) at the other end: the host stands in for the Wi-Fi module.

Strategy: the start order is a list of questions that is worked off beside everything else;
a report is taken at any time and a write does not wait for the end of the start. Any whole
frame is a sign of life.

Timing: "one heartbeat per second until the first answer, then one every 15 s; no answer
within 3 s means that the MCU is offline"; "an answer 00 is the first since its start" (Tuya
MCU serial protocol). Two further misses are waited for here before it is called offline.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from .session import RECONCILE_SECONDS, Session
from .tuya_frames import (
    MODULE_VERSION,
    SILENCE_SECONDS,
    Command,
    Frame,
    FrameDecoder,
)
from .tuya_units import TYPES, Unit, UnitType, join_units, read_units
from .write import LinkState

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanso.devices.datapoint import Attribute
    from sanso.devices.profile import Profile

    from .mapping import Source
    from .write import Write

HEARTBEAT_FIRST_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 15.0
ANSWER_SECONDS: Final = 3.0
_QUESTION_SECONDS: Final = 0.5
"""For the answers of the start order, which not every controller gives."""
_QUESTION_TRIES: Final = 3
_CLOUD: Final = b"\x04"
"""Network status "connected to the cloud": its Wi-Fi light stops blinking."""
_QUERY_SHOWN_SECONDS: Final = 1.0
"""Reports within this time of a query are taken for its answer."""


@dataclass
class _Question:
    command: Command
    data: bytes = b""
    tries: int = 0
    sent_at: float = 0.0


class TuyaSession(Session):
    """Speaks with one controller."""

    silence_seconds = SILENCE_SECONDS

    def __init__(
        self, profile: Profile, now: float, *, wall: Callable[[], float]
    ) -> None:
        """Begin with a heartbeat; `wall` gives the time of day, in seconds since the epoch."""
        super().__init__(profile, now)
        self._decoder = FrameDecoder(self.counters)
        self._wall = wall
        self._attributes: dict[int, Attribute] = {
            point.dp: name for name, point in profile.attr.items() if point.dp
        }
        self.product: dict[str, object] = {}
        """What the controller says of itself."""
        self._answers: deque[Frame] = deque(maxlen=32)
        self._sent_frames: deque[bytes] = deque(maxlen=8)
        """The last ones, to know them again as an echo."""
        self._answered_last = False
        """Whether the last frame answered: then something of one's own goes first."""
        self._questions: deque[_Question] = deque()
        self._alive = False
        """Whether a heartbeat was answered since the start."""
        self._beat_at = now - HEARTBEAT_SECONDS
        self._unanswered_since: float | None = None
        """When the first of the heartbeats was sent that wait for an answer."""
        self._query = False
        self._queried_at = -RECONCILE_SECONDS

    # --- bytes in ---

    def _take(self, data: bytes, now: float) -> None:
        for frame in self._decoder.feed(data):
            self._frame(frame, now)

    def _waiting(self) -> bool:
        return self._decoder.waiting > 0

    def _expire(self, now: float) -> None:
        for frame in self._decoder.expire():
            self._frame(frame, now)

    def _frame(self, frame: Frame, now: float) -> None:
        if frame.version == MODULE_VERSION and frame.to_bytes() in self._sent_frames:
            self.notes.add("what is sent comes back: RX and TX are joined somewhere")
            return
        self._heard(now)
        if frame.command == Command.HEARTBEAT:
            self._heartbeat(frame)
        elif frame.command in (Command.REPORT, Command.SYNC_REPORT):
            self._units(frame, now)
            if frame.command == Command.SYNC_REPORT:
                self._answers.append(Frame(Command.SYNC_ACK, b"\x01"))
        elif frame.command in (Command.RESET_WIFI, Command.RESET_WIFI_MODE):
            self._answers.append(Frame(frame.command))
        elif frame.command in (Command.GMT_TIME, Command.LOCAL_TIME):
            local = frame.command == Command.LOCAL_TIME
            self._answers.append(Frame(frame.command, self._time(local=local)))
        elif frame.command == Command.SIGNAL:
            self._answers.append(Frame(frame.command, b"\x00"))  # no radio: failed
        elif frame.command == Command.NETWORK_ASKED:
            self._answers.append(Frame(frame.command, _CLOUD))
        elif frame.command == Command.MAC:
            self._answers.append(Frame(frame.command, b"\x01" + bytes(6)))  # none
        else:
            self._answered(frame)

    def _heartbeat(self, frame: Frame) -> None:
        self._unanswered_since = None
        started = not self._alive
        restarted = frame.data == b"\x00" and not started
        self._alive = True
        if restarted:
            self._restarted()
        if started or restarted:
            self._begin()

    def _begin(self) -> None:
        """Put the questions of the start in order: product, work mode, network, all values."""
        self._questions = deque(
            (
                _Question(Command.PRODUCT),
                _Question(Command.WORK_MODE),
                _Question(Command.NETWORK, _CLOUD),
                _Question(Command.QUERY),
            )
        )

    def _answered(self, frame: Frame) -> None:
        if self._questions and frame.command == self._questions[0].command:
            self._questions.popleft()
        if frame.command == Command.PRODUCT:
            try:
                found = json.loads(frame.data)
            except (ValueError, RecursionError):
                found = None
            self.product = found if isinstance(found, dict) else {}
            said = str(self.product.get("p", ""))
            if self.profile.model and said and said != self.profile.model:
                self.notes.add(
                    f"the appliance calls itself {said}, the profile is for {self.profile.model}"
                )

    def _units(self, frame: Frame, now: float) -> None:
        units, whole = read_units(frame.data)
        if not whole:
            self.counters.malformed += 1
        asked = now - self._queried_at < _QUERY_SHOWN_SECONDS
        if self._questions and self._questions[0].command == Command.QUERY and asked:
            self._questions.popleft()
        for unit in units:
            self._unit(unit, now, "query" if asked else "report")

    def _unit(self, unit: Unit, now: float, source: Source) -> None:
        name = self._attributes.get(unit.dp)
        if name is None:
            self._unknown(
                unit.dp, unit.value, f"data point {unit.dp} (type {unit.type})"
            )
            return
        expected = TYPES[self.profile.attr[name].type]
        number = unit.number
        if unit.type != expected:
            kind = (
                UnitType(unit.type).name.lower() if unit.type < len(UnitType) else "?"
            )
            self.notes.add(
                f"data point {unit.dp} came as {kind}, the profile says "
                f"{expected.name.lower()}; change attr.{name}.type"
            )
        if number is None or (
            unit.type != expected and UnitType.BITMAP in (unit.type, expected)
        ):
            self.raw[name] = unit.value
            if unit.type == expected:
                self.notes.add(
                    f"data point {unit.dp} came with {len(unit.value)} bytes, which is no "
                    f"number of its type; look at attr.{name}"
                )
            return
        self._report(name, number, now, source)

    # --- bytes out ---

    def _watch(self, now: float) -> None:
        since = self._unanswered_since
        if since is not None and now - since >= ANSWER_SECONDS:
            self._unanswered_since = None
            if self.heard_at is None or self.heard_at < since:
                self._missed()
                if self.link is LinkState.OFFLINE:
                    self._alive = False
        if self._questions:
            first = self._questions[0]
            if (
                first.tries >= _QUESTION_TRIES
                and now - first.sent_at >= _QUESTION_SECONDS
            ):
                self._questions.popleft()
        settled = self.online and not self._questions
        if settled and now - self._queried_at >= RECONCILE_SECONDS:
            self._query = True

    def _next(self, now: float) -> bytes:
        data = self._chosen(now)
        if data:
            self._sent_frames.append(data)
        return data

    def _chosen(self, now: float) -> bytes:
        """Return an answer or a frame of the host's own, in turns."""
        if self._answers and not self._answered_last:
            self._answered_last = True
            return self._answers.popleft().to_bytes()
        self._answered_last = False
        data = self._own(now)
        return data or (self._answers.popleft().to_bytes() if self._answers else b"")

    def _own(self, now: float) -> bytes:
        """Return the next frame of the host's own: heartbeat, write, or question."""
        if self._beat_is_due(now):
            self._beat_at = now
            if self._unanswered_since is None:
                self._unanswered_since = now
            return Frame(Command.HEARTBEAT).to_bytes()
        if self._query and self.online:
            return self._queried(now)
        data = self._next_write(now)
        if data or not self._questions or not self.online:
            return data
        first = self._questions[0]
        if first.tries >= _QUESTION_TRIES or now - first.sent_at < _QUESTION_SECONDS:
            return b""
        first.tries, first.sent_at = first.tries + 1, now
        if first.command == Command.QUERY:
            return self._queried(now)
        return Frame(first.command, first.data).to_bytes()

    def _queried(self, now: float) -> bytes:
        self._query, self._queried_at = False, now
        return Frame(Command.QUERY).to_bytes()

    def _beat_is_due(self, now: float) -> bool:
        if self._unanswered_since is not None and self._alive:
            return False
        healthy = self._alive and self.link is LinkState.UP
        period = HEARTBEAT_SECONDS if healthy else HEARTBEAT_FIRST_SECONDS
        return now - self._beat_at >= period

    def _encode_write(self, write: Write) -> bytes:
        point = self.profile.attr[write.attribute]
        unit = Unit.of(point.dp or 0, TYPES[point.type], write.number)
        return Frame(Command.SET, join_units([unit])).to_bytes()

    def _ask(self, now: float) -> None:
        del now
        self._query = True

    def _restart(self, now: float) -> None:
        self._decoder = FrameDecoder(self.counters)
        self._answers.clear()
        self._questions.clear()
        self._alive = self._query = self._answered_last = False
        self._unanswered_since = None
        self._beat_at = now - HEARTBEAT_SECONDS

    def _time(self, *, local: bool) -> bytes:
        """Return `valid, year, month, day, hour, minute, second, weekday from Monday as 1`."""
        moment = datetime.fromtimestamp(self._wall(), UTC)
        moment = moment.astimezone() if local else moment
        day = (moment.year % 100, moment.month, moment.day)
        clock = (moment.hour, moment.minute, moment.second, moment.isoweekday())
        return bytes((1, *day, *clock))
