"""A Xiaomi controller (MCU), as an appliance has it: it polls, carries out, reports.

Strategy: bytes in by `feed`, bytes out by `poll`. One line of its own is open at a time: it
waits for the host's answer, or 300 ms, before it sends the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanso.devices.serial.mapping import is_sensible
from sanso.devices.serial.miot_lines import LineDecoder, make_line, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sanso.devices.datapoint import Attribute, Datapoint

    from .controller import Controller

POLL_SECONDS: Final = 0.2
"""The recommended pause between two `get_down`."""
_ANSWER_SECONDS: Final = 0.3
_MOST_CHANGES: Final = 8
_NOT_READABLE, _NOT_WRITABLE, _MISSING, _BAD_VALUE = -4001, -4002, -4003, -4005


class MiotTwin:
    """The controller's end of the MIoT text protocol."""

    def __init__(
        self, controller: Controller, tell: Callable[[str], None] | None = None
    ) -> None:
        """Stand on an appliance; `tell` hears in one line what comes in."""
        self.controller = controller
        self._tell = tell or (lambda _line: None)
        self._decoder = LineDecoder()
        self._outbox: list[tuple[float, bytes]] = []
        self._places: dict[tuple[int, int], Attribute] = {}
        self._actions: dict[tuple[int, int], Attribute] = {}
        for name, point in controller.profile.attr.items():
            kind = self._places if point.aiid is None else self._actions
            kind[point.siid or 0, point.piid or point.aiid or 0] = name
        self._own: list[bytes] = []
        """Lines of its own that wait to be said."""
        self._open_since: float | None = None
        self._sent_at = self._polled_at = 0.0
        self._begin()

    def feed(self, data: bytes) -> None:
        """Take in what the host sent."""
        for piece in self.controller.line.passes(data, outward=False) if data else ():
            for words in self._decoder.feed(piece):
                self._line(words)

    def silence(self) -> None:
        """Give up an incomplete line, after 300 ms without a byte."""
        self._decoder.expire()

    def poll(self) -> bytes:
        """Return what goes out now."""
        now = self.controller.clock.now()
        if self._open_since is not None and now - self._open_since >= _ANSWER_SECONDS:
            self._open_since = None
        if self._open_since is None and now - self._sent_at >= POLL_SECONDS / 2:
            self._say(now)
        ready = b"".join(data for at, data in self._outbox if at <= now)
        self._outbox = [(at, data) for at, data in self._outbox if at > now]
        return ready

    def restart(self) -> None:
        """Restart the controller."""
        self._decoder = LineDecoder()
        self._outbox.clear()
        self.controller.forget()
        self._begin()
        self._tell("restarted")

    def _begin(self) -> None:
        model = self.controller.profile.model or "sanso.airp.twin"
        self._own = [make_line("model", model), make_line("mcu_version", "0001")]
        self._open_since = None
        self._sent_at = self._polled_at = 0.0

    def _say(self, now: float) -> None:
        """Send one line of its own: an answer that is due, news, or a poll."""
        if not self._own:
            self._own += self._changed()
        if self._own:
            data = self._own.pop(0)
        elif now - self._polled_at >= POLL_SECONDS:
            self._polled_at = now
            data = make_line("get_down")
        else:
            return
        self._open_since = self._sent_at = now
        self._send(data)

    def _changed(self) -> list[bytes]:
        points = self.controller.profile.attr
        changed = [
            (points[name].siid, points[name].piid, _spelled(points[name], number))
            for name, number in self.controller.changes().items()
            if points[name].piid
        ]
        return [
            make_line(
                "properties_changed",
                *(word for one in changed[at : at + _MOST_CHANGES] for word in one),
            )
            for at in range(0, len(changed), _MOST_CHANGES)
        ]

    def _line(self, words: Sequence[str]) -> None:
        self._open_since = None
        if words[0] != "down":
            return
        kind, rest = (words[1], words[2:]) if len(words) > 1 else ("", ())
        if kind == "set_properties":
            self._own.append(self._set(rest))
        elif kind == "get_properties":
            self._tell("get " + " ".join(rest))
            self._own.append(self._get(rest))
        elif kind == "action":
            self._own.append(self._act(rest))
        elif kind not in ("none", "MIIO_net_change", "MIIO_mcu_version_req"):
            self._own.append(make_line("error", quoted("undefined command"), -5001))

    def _set(self, rest: Sequence[str]) -> bytes:
        out: list[object] = []
        for at in range(0, len(rest) - 2, 3):
            siid, piid, text = rest[at : at + 3]
            name = self._name(self._places, siid, piid)
            code = _MISSING
            if name is not None:
                number = _number(text)
                code = self._write(name, number)
                self._tell(f"set {name} to {text}: {code}")
            out += [siid, piid, code]
        return _result(out)

    def _write(self, name: Attribute, number: int | None) -> int:
        point = self.controller.profile.attr[name]
        if number is None or not is_sensible(point, number):
            return _BAD_VALUE
        return 0 if self.controller.write(name, number) else _NOT_WRITABLE

    def _get(self, rest: Sequence[str]) -> bytes:
        numbers = self.controller.numbers()
        points = self.controller.profile.attr
        out: list[object] = []
        for at in range(0, len(rest) - 1, 2):
            siid, piid = rest[at : at + 2]
            name = self._name(self._places, siid, piid)
            if name is None:
                out += [siid, piid, _MISSING]
            elif name not in numbers:
                out += [siid, piid, _NOT_READABLE]
            else:
                out += [siid, piid, 0, _spelled(points[name], numbers[name])]
        return _result(out)

    def _act(self, rest: Sequence[str]) -> bytes:
        siid, aiid = (*rest[:2], "", "")[:2]
        name = self._name(self._actions, siid, aiid)
        self._tell(f"action {siid} {aiid}" + (f", {name}" if name else ""))
        code = self._write(name, 1) if name else _MISSING
        return _result([siid or 0, aiid or 0, code])

    def _name(
        self, places: dict[tuple[int, int], Attribute], first: str, second: str
    ) -> Attribute | None:
        if not (first.isdecimal() and second.isdecimal()):
            return None
        return places.get((int(first), int(second)))

    def _send(self, data: bytes) -> None:
        line, faults = self.controller.line, self.controller.faults
        at = self.controller.clock.now() + faults.delay_ms / 1000
        self._outbox += [(at, piece) for piece in line.passes(data, outward=True)]
        if line.strikes("burst", faults.burst):
            self.controller.forget_told()


def _result(words: list[object]) -> bytes:
    try:
        return make_line("result", *words)
    except ValueError:  # more was asked than a line holds
        return make_line("error", quoted("too long"), -9999)


def _spelled(point: Datapoint, number: int) -> object:
    return bool(number) if point.type == "bool" else number


def _number(text: str) -> int | None:
    if text in ("true", "false"):
        return int(text == "true")
    try:
        return int(text)
    except ValueError:
        return None
