"""The controller's hand at the other end of a session: scripted bytes, a scripted clock.

Strategy: time is counted in steps of 10 ms, and what a session sends is kept with the
second at which it was sent. Everything starts at 100 s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from sanso.devices.datapoint import Attribute, Timing
from sanso.devices.profile import Profile, load_profile
from sanso.devices.serial.miot_lines import MOST_BYTES
from sanso.devices.serial.miot_session import MiotSession
from sanso.devices.serial.tuya_frames import Command, Frame, FrameDecoder
from sanso.devices.serial.tuya_session import TuyaSession
from sanso.devices.serial.tuya_units import Unit, UnitType, read_units
from sanso.devices.serial.write import Write

KJ = load_profile("kj-standard")
MB4A = load_profile("zhimi-airp-mb4a")
TYPES = {
    "bool": UnitType.BOOL,
    "value": UnitType.VALUE,
    "enum": UnitType.ENUM,
    "bitmap": UnitType.BITMAP,
}
# 2022-11-12 19:42:35 UTC
MOMENT = 1_668_282_155.0


@dataclass
class Wire:
    """A session, and the controller's hand at the other end."""

    profile: Profile = KJ
    ticks: int = 0
    beats: bool = True
    """Whether heartbeats are answered."""
    answers: dict[int, list[bytes]] = field(default_factory=dict)
    """What is said to which command."""
    sent: list[tuple[float, Frame]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the session."""
        self.session = TuyaSession(self.profile, self.now, wall=lambda: MOMENT)

    @property
    def now(self) -> float:
        """Seconds on the session's clock."""
        return 100 + self.ticks / 100

    def run(self, seconds: float) -> list[int]:
        """Let time pass; return the commands that were sent meanwhile."""
        begin = len(self.sent)
        for _ in range(round(seconds * 100)):
            data = self.session.poll(self.now)
            for frame in FrameDecoder().feed(data):
                self.sent.append((round(self.now - 100, 2), frame))
                if frame.command == Command.HEARTBEAT and self.beats:
                    self.say(Command.HEARTBEAT, b"\x01")
                for answer in self.answers.get(frame.command, []):
                    self.session.feed(answer, self.now)
            self.ticks += 1
        return [frame.command for _, frame in self.sent[begin:]]

    def say(self, command: int, data: bytes = b"") -> None:
        """Send a frame to the session."""
        self.session.feed(Frame(command, data, 3).to_bytes(), self.now)

    def report(self, attribute: Attribute, number: int) -> None:
        """Report a value."""
        self.say(Command.REPORT, self.unit(attribute, number))

    def unit(self, attribute: Attribute, number: int) -> bytes:
        """Return a data point of the profile."""
        point = self.profile.attr[attribute]
        return Unit.of(point.dp or 0, TYPES[point.type], number).to_bytes()

    def write(self, attribute: Attribute, number: int) -> Write:
        """Queue a write."""
        return self.session.write(attribute, number, self.now)

    def times(self, command: int) -> list[float]:
        """Return when a command was sent."""
        return [at for at, frame in self.sent if frame.command == command]

    def written(self) -> list[tuple[int, int | None]]:
        """Return the data points that were set, in order."""
        frames = [frame for _, frame in self.sent if frame.command == Command.SET]
        units = [unit for frame in frames for unit in read_units(frame.data)[0]]
        return [(unit.dp, unit.number) for unit in units]


def started(profile: Profile = KJ) -> Wire:
    """Return a wire on which the start is over, the power reported as off."""
    wire = Wire(profile)
    for command in (Command.PRODUCT, Command.WORK_MODE, Command.NETWORK):
        wire.answers[command] = [Frame(command, b"", 3).to_bytes()]
    wire.run(2)
    wire.report("power", 0)
    wire.sent.clear()
    return wire


@dataclass
class TextWire:
    """A MIoT session, and the controller's hand: it polls every 0.2 s."""

    profile: Profile = MB4A
    ticks: int = 0
    polls: bool = True
    answers: dict[str, str] = field(default_factory=dict)
    """What is said to a line that begins so."""
    sent: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the session at 100 s."""
        self.session = MiotSession(self.profile, self.now, wall=lambda: MOMENT)

    @property
    def now(self) -> float:
        """Seconds on the session's clock."""
        return 100 + self.ticks / 100

    def run(self, seconds: float) -> list[str]:
        """Let time pass; return the lines that were sent meanwhile, `down none` left out."""
        begin = len(self.sent)
        for _ in range(round(seconds * 100)):
            if self.polls and self.ticks % 20 == 0:
                self.say("get_down")
            data = self.session.poll(self.now)
            if data:
                assert data.endswith(b"\r")
                assert len(data) <= MOST_BYTES
                line = data.decode("ascii")[:-1]
                self.sent.append((round(self.now - 100, 2), line))
                for key, answer in self.answers.items():
                    if line.startswith(key):
                        self.say(answer)
            self.ticks += 1
        return [line for _, line in self.sent[begin:] if line != "down none"]

    def say(self, line: str) -> None:
        """Send a line to the session."""
        self.session.feed(line.encode() + b"\r", self.now)

    def write(self, attribute: str, number: int) -> Write:
        """Queue a write."""
        return self.session.write(attribute, number, self.now)  # type: ignore[arg-type]

    def number(self, attribute: str) -> int | None:
        """Return what is known of an attribute."""
        found = self.session.known.get(attribute)  # type: ignore[call-overload]
        return found.number if found else None


@pytest.fixture(scope="session")
def make_wire() -> Callable[..., Wire]:
    """Give what makes a wire on which nothing was said yet."""
    return Wire


@pytest.fixture(scope="session")
def start() -> Callable[..., Wire]:
    """Give what makes a wire on which the start is over; arguments are another timing."""

    def started_with(**timing: object) -> Wire:
        changed = Timing.model_validate({**KJ.timing.model_dump(), **timing})
        return started(KJ.model_copy(update={"timing": changed}))

    return started_with


@pytest.fixture(scope="session")
def make_text_wire() -> Callable[..., TextWire]:
    """Give what makes a wire to a MIoT session on which nothing was said yet."""
    return TextWire
