"""A Tuya controller (MCU), as an appliance has it: answers, reports, restarts.

Strategy: bytes in by `feed`, bytes out by `poll`; the time is the controller's clock.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sanso.devices.serial.tuya_frames import MCU_VERSION, Command, Frame, FrameDecoder
from sanso.devices.serial.tuya_units import TYPES, Unit, join_units, read_units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sanso.devices.datapoint import Attribute

    from .controller import Controller


class TuyaTwin:
    """The controller's end of the Tuya protocol."""

    def __init__(
        self, controller: Controller, tell: Callable[[str], None] | None = None
    ) -> None:
        """Stand on an appliance; `tell` hears in one line what comes in."""
        self.controller = controller
        self._tell = tell or (lambda _line: None)
        self._decoder = FrameDecoder()
        self._outbox: list[tuple[float, bytes]] = []
        self._started = False
        """Whether a heartbeat was answered since the start."""
        profile = controller.profile
        self._names: dict[int, Attribute] = {
            point.dp: name for name, point in profile.attr.items() if point.dp
        }

    def feed(self, data: bytes) -> None:
        """Take in what the host sent."""
        for piece in self.controller.line.passes(data, outward=False) if data else ():
            for frame in self._decoder.feed(piece):
                self._frame(frame)

    def silence(self) -> None:
        """Give up an incomplete frame, after 300 ms without a byte."""
        for frame in self._decoder.expire():
            self._frame(frame)

    def poll(self) -> bytes:
        """Return what goes out now."""
        controller = self.controller
        if self._started:
            changed = controller.changes()
            if changed:
                self._report(changed)
        now = controller.clock.now()
        ready = b"".join(data for at, data in self._outbox if at <= now)
        self._outbox = [(at, data) for at, data in self._outbox if at > now]
        return ready

    def restart(self) -> None:
        """Restart the controller: the next heartbeat is answered with 00."""
        self._started = False
        self._outbox.clear()
        self._decoder = FrameDecoder()
        self.controller.forget()
        self._tell("restarted")

    def _frame(self, frame: Frame) -> None:
        if frame.command == Command.HEARTBEAT:
            self._tell("heartbeat")
            self._send(Command.HEARTBEAT, b"\x01" if self._started else b"\x00")
            self._started = True
        elif frame.command == Command.PRODUCT:
            self._tell("product?")
            said = {
                "p": self.controller.profile.model or "sanso0twin",
                "v": "1.0.0",
                "m": 0,
            }
            self._send(
                Command.PRODUCT, json.dumps(said, separators=(",", ":")).encode()
            )
        elif frame.command in (Command.WORK_MODE, Command.NETWORK):
            self._send(frame.command, b"")
        elif frame.command == Command.QUERY:
            self._tell("everything?")
            self._report(self.controller.numbers())
        elif frame.command == Command.SET:
            for unit in read_units(frame.data)[0]:
                self._written(unit)
        else:
            self._tell(f"command {frame.command:02x} {frame.data.hex()}")

    def _written(self, unit: Unit) -> None:
        name, number = self._names.get(unit.dp), unit.number
        if name is None or number is None:
            self._tell(f"set data point {unit.dp}, which it does not have")
            return
        done = self.controller.write(name, number)
        self._tell(f"set {name} to {number}" + ("" if done else ", which is read-only"))

    def _report(self, numbers: Mapping[Attribute, int]) -> None:
        points = self.controller.profile.attr
        units = [
            Unit.of(points[name].dp or 0, TYPES[points[name].type], number)
            for name, number in numbers.items()
        ]
        self.controller.told(numbers)
        # A module of the oldest kind has a buffer of 256 bytes: not everything in one frame.
        for at in range(0, len(units), 8):
            self._send(Command.REPORT, join_units(units[at : at + 8]))

    def _send(self, command: int, data: bytes) -> None:
        line, faults = self.controller.line, self.controller.faults
        now = self.controller.clock.now() + faults.delay_ms / 1000
        frame = Frame(command, data, MCU_VERSION).to_bytes()
        self._outbox += [(now, piece) for piece in line.passes(frame, outward=True)]
        if command != Command.REPORT and line.strikes("burst", faults.burst):
            self._report(self.controller.numbers())
