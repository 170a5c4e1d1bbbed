"""A Xiaomi controller (MCU) at the other end: it polls, the host answers.

Strategy: the controller asks `get_down` several times a second, and only then something may
be sent to it. Whatever is to be sent waits in a list; every other line of the controller is
answered at once. A `result` with code 0 says that a write was accepted, so the value is
asked for and only its report confirms.

Protocol: first answers `MIIO_net_change` and then `none`; an RPC may take 4 s; codes 0 done,
1 accepted, -4001 not readable, -4002 not writable, -4003 not existing, -4004 internal,
-4005 value, -4006 parameter (MIoT serial protocol as published in blakadder/miot).
"""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from .mapping import is_sensible
from .miot_lines import SILENCE_SECONDS, LineDecoder, make_line, quoted
from .session import RECONCILE_SECONDS, Session
from .write import End

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sanso.devices.datapoint import Attribute
    from sanso.devices.profile import Profile

    from .mapping import Source
    from .write import Write

POLL_SECONDS: Final = 1.0
"""A controller polls every 100 to 200 ms: a second without is a miss."""
RESULT_SECONDS: Final = 4.0
_MOST_ASKED: Final = 8
"""Properties in one question: the answer must fit into a line."""
_ENDS: Final = {
    "-4001": End.UNSUPPORTED,
    "-4002": End.UNSUPPORTED,
    "-4003": End.UNSUPPORTED,
    "-4004": End.REJECTED,
    "-4005": End.OUT_OF_RANGE,
    "-4006": End.OUT_OF_RANGE,
}
_NUMBER: Final = re.compile(r"-?\d{1,19}(\.\d{1,19})?", re.ASCII)
_DONE: Final = ("0", "1")
_TOLD: Final = {
    "net": "cloud",
    "mac": "000000000000",  # there is no radio
    "version": "2.0.0",
    **dict.fromkeys(("event_occured", "mcu_version", "reboot", "restore"), "ok"),
    **dict.fromkeys(("factory", "echo"), "ok"),
}
"""What a controller is answered that asks its module something."""
_SAID: Final = {
    *("get_down", "properties_changed", "result", "error", "model", "time"),
    *_TOLD,
}
"""Words that a controller begins a line with; anything else is noise and no sign of life."""
_PROPERTY_WORDS: Final = 3
_RESULT_SHORT: Final = 3
_RESULT_LONG: Final = 4


class MiotSession(Session):
    """Speaks with one controller."""

    silence_seconds = SILENCE_SECONDS

    def __init__(
        self, profile: Profile, now: float, *, wall: Callable[[], float]
    ) -> None:
        """Begin by waiting to be polled; `wall` gives the time of day, in seconds since the epoch."""
        super().__init__(profile, now)
        self._decoder = LineDecoder(self.counters)
        self._wall = wall
        self._attributes: dict[tuple[int, int], Attribute] = {
            (point.siid, point.piid): name
            for name, point in profile.attr.items()
            if point.siid and point.piid and point.aiid is None
        }
        self.model = ""
        """What the controller says it is."""
        self._answers: deque[bytes] = deque(maxlen=32)
        self._downs: deque[bytes] = deque(maxlen=32)
        """Beginnings of the answers to come to `get_down`: news of the network, questions."""
        self._polled = False
        self._expecting: str = ""
        """What the `result` that must come belongs to."""
        self._expecting_since = now
        self._watched_at = now
        self._asked_at = now
        self._restart(now)

    # --- bytes in ---

    def _take(self, data: bytes, now: float) -> None:
        for words in self._decoder.feed(data):
            if words[0] in _SAID:
                self._heard(now)
                self._line(words, now)
            else:
                self.counters.malformed += 1
                self._answers.append(make_line("error"))

    def _waiting(self) -> bool:
        return self._decoder.waiting > 0

    def _expire(self, now: float) -> None:
        del now
        self._decoder.expire()

    def _line(self, words: Sequence[str], now: float) -> None:
        name, rest = words[0], words[1:]
        if name == "get_down":
            self._polled = True
        elif name == "properties_changed":
            self._values(rest, _PROPERTY_WORDS, now, "report")
            self._answers.append(make_line("ok"))
        elif name == "result":
            self._result(rest, now)
            self._answers.append(make_line("ok"))
        elif name == "error":
            self.counters.malformed += 1
            self._expecting = ""
            self._answers.append(make_line("ok"))
        else:
            self._answers.append(make_line(*self._told(name, rest)))

    def _told(self, name: str, rest: Sequence[str]) -> tuple[object, ...]:
        """Answer what a controller asks its module."""
        if name == "model":
            self.model = rest[0] if rest else self.model
            wanted = self.profile.model
            if wanted and self.model and wanted != self.model:
                self.notes.add(
                    f"the appliance calls itself {self.model}, the profile is for {wanted}"
                )
            return ("ok",)
        if name == "time":
            return (self._clock(posix=rest[:1] == ["posix"]),)
        return (_TOLD.get(name, "error"),)

    def _clock(self, *, posix: bool) -> object:
        if posix:
            return int(self._wall())
        moment = datetime.fromtimestamp(self._wall(), UTC).astimezone()
        return f"{moment:%Y-%m-%d %H:%M:%S}"

    def _result(self, rest: Sequence[str], now: float) -> None:
        """Read `siid piid code [value]`, repeated: with values it answers a question."""
        write = self._flight
        if not self._belongs(rest, write):
            if self._expecting == "get":
                self._expecting = ""
            self._answer(rest, now)
            return
        self._expecting = ""
        code = rest[2]
        if write is None:
            return
        if code in _DONE:
            write.asked, write.reported = True, None
            self._ask(now, write.attribute)
        else:
            self._finish(write, _ENDS.get(code, End.REJECTED))

    def _belongs(self, rest: Sequence[str], write: Write | None) -> bool:
        """Whether a result is that of the write in flight: its place and a code, and no value."""
        if write is None or self._expecting != "set" or len(rest) != _RESULT_SHORT:
            return False
        point = self.profile.attr[write.attribute]
        number = point.piid if point.aiid is None else point.aiid
        return list(rest[:2]) == [str(point.siid), str(number)]

    def _answer(self, rest: Sequence[str], now: float) -> None:
        """Read `siid piid code value` for what could be read, `siid piid code` for the others."""
        at = 0
        while at + _RESULT_SHORT <= len(rest):
            code = rest[at + 2]
            if code == "0" and at + _RESULT_LONG <= len(rest):
                self._values(
                    (*rest[at : at + 2], rest[at + 3]), _PROPERTY_WORDS, now, "query"
                )
                at += _RESULT_LONG
            elif code in _DONE:
                at += _RESULT_SHORT  # of a write, and late
            else:
                self.notes.add(
                    f"property {rest[at]} {rest[at + 1]} could not be read (code {code})"[
                        :80
                    ]
                )
                at += _RESULT_SHORT

    def _values(
        self, words: Sequence[str], size: int, now: float, source: Source
    ) -> None:
        if len(words) % size:
            self.counters.malformed += 1
        for at in range(0, len(words) - size + 1, size):
            siid, piid, text = words[at : at + size]
            self._value(siid, piid, text, now, source)

    def _value(
        self, siid: str, piid: str, text: str, now: float, source: Source
    ) -> None:
        numbered = siid.isdecimal() and piid.isdecimal()
        name = self._attributes.get((int(siid), int(piid))) if numbered else None
        if name is None:
            self._unknown(f"{siid} {piid}"[:20], text, f"property {siid} {piid}"[:40])
            return
        number = _number(text)
        if number is None:
            self.raw[name] = text
            self.notes.add(f"{name} reported {text[:20]!r}, which is no number")
            return
        is_bool = text in ("true", "false")
        if is_bool != (self.profile.attr[name].type == "bool"):
            kind = "bool" if is_bool else "number"
            self.notes.add(
                f"{name} came as a {kind}, the profile says {self.profile.attr[name].type}; "
                f"change attr.{name}.type"
            )
            if not is_sensible(self.profile.attr[name], number):
                self.raw[name] = text
                return
        self._report(name, number, now, source)

    # --- bytes out ---

    def _watch(self, now: float) -> None:
        heard = self.heard_at
        if heard is not None and now - max(heard, self._watched_at) >= POLL_SECONDS:
            self._watched_at = now
            self._polled = False
            self._missed()
        if self._expecting and now - self._expecting_since >= RESULT_SECONDS:
            lost, self._expecting = self._expecting, ""
            self.counters.missed += 1
            if lost == "get":
                self._ask(now)
        if self.online and now - self._asked_at >= RECONCILE_SECONDS:
            self._ask(now)

    def _next(self, now: float) -> bytes:
        if self._answers:
            return self._answers.popleft()
        if not self._polled:
            return b""
        self._polled = False
        if self._downs:
            data = self._downs.popleft()
            if data.startswith(b"down get"):
                self._expect("get", now)
            return data
        data = self._next_write(now)
        if data:
            self._expect("set", now)
            return data
        return make_line("down", "none")

    def _expect(self, what: str, now: float) -> None:
        self._expecting, self._expecting_since = what, now

    def _encode_write(self, write: Write) -> bytes:
        point = self.profile.attr[write.attribute]
        if point.aiid is not None:
            return make_line("down", "action", point.siid, point.aiid, *point.arguments)
        value = bool(write.number) if point.type == "bool" else write.number
        return make_line("down", "set_properties", point.siid, point.piid, value)

    def _ask(self, now: float, attribute: Attribute | None = None) -> None:
        """Ask for one property, or for all; a question that waits already is not put twice."""
        self._asked_at = now if attribute is None else self._asked_at
        if attribute == "filter_reset":
            attribute = (
                "filter_percent" if "filter_percent" in self.profile.attr else None
            )
        places = [
            place
            for place, name in self._attributes.items()
            if attribute in (None, name)
        ]
        for at in range(0, len(places), _MOST_ASKED):
            chunk = places[at : at + _MOST_ASKED]
            line = make_line("down", "get_properties", *(n for p in chunk for n in p))
            if line not in self._downs:
                self._downs.append(line)

    def _restart(self, now: float) -> None:
        self._decoder = LineDecoder(self.counters)
        self._answers.clear()
        self._downs.clear()
        self._polled = False
        self._expecting = ""
        self._watched_at = now
        self._downs.append(make_line("down", "MIIO_net_change", quoted("cloud")))
        self._downs.append(make_line("down", "none"))
        self._ask(now)


def _number(text: str) -> int | None:
    """Return the number that a word spells, rounded; booleans count 0 and 1."""
    if text in ("true", "false"):
        return int(text == "true")
    return round(float(text)) if _NUMBER.fullmatch(text) else None
