"""The unit's end of a Modbus line: a scripted wire, and a pseudo-terminal that is real."""

from __future__ import annotations

import os
import select
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

import pytest

from sanso.devices import (
    DeviceError,
    LinkLost,
    Profile,
    Purifier,
    RealClock,
    ScriptedClock,
    load_profile,
)
from sanso.devices.datapoint import Datapoint, Timing
from sanso.devices.serial.modbus import ModbusPurifier, open_modbus
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.modbus_twin import ModbusTwin

EXAMPLE = load_profile("modbus-example")
QUICK = EXAMPLE.model_copy(update={"timing": Timing(gap_ms=2, pace_ms={})})
SILENT_AFTER = 0.02


class Wire:
    """A line on which time passes only while somebody waits; it can spoil what is sent."""

    name = "wire"

    def __init__(self, twin: ModbusTwin, clock: ScriptedClock) -> None:
        """Join a twin."""
        self.twin = twin
        self.clock = clock
        self.sent: list[bytes] = []
        self.unplugged = False
        self.opened = 0
        self.spoil: Callable[[bytes], bytes] = lambda data: data
        """What becomes of an answer."""

    def open(self) -> Wire:
        """Return itself, as long as it is plugged in."""
        if self.unplugged:
            msg = "there is no port wire; no serial port is there"
            raise DeviceError(msg)
        self.opened += 1
        return self

    def write(self, data: bytes) -> None:
        """Hand a request to the twin."""
        if self.unplugged:
            msg = "the connection to wire is lost"
            raise LinkLost(msg, url=self.name)
        self.sent.append(data)
        self.twin.feed(data)

    def read(self, seconds: float) -> bytes:
        """Let time pass until something comes."""
        end = self.clock.now() + seconds
        while not (data := self.twin.poll()) and self.clock.now() < end:
            self.clock.advance(min(0.01, end - self.clock.now()))
        if not data:
            self.twin.silence()
            return b""
        return self.spoil(data)

    def close(self) -> None:
        """Let go."""

    def writes(self) -> list[bytes]:
        """Return the requests that set something, without their checksums."""
        return [frame[1:-2] for frame in self.sent if frame[1] in (5, 6, 15, 16)]


def join(
    profile: Profile = EXAMPLE,
    *,
    at_the_unit: Profile | None = None,
    **start: object,
) -> tuple[ModbusPurifier, Wire]:
    """Join a purifier that has read nothing yet and a twin, whose profile may be another one."""
    clock = ScriptedClock()
    controller = Controller.open(at_the_unit or profile, clock, start, noisy=False)
    wire = Wire(ModbusTwin(controller), clock)
    purifier = ModbusPurifier(
        profile, wire.open, clock=clock, monotonic=clock.now, sleep=clock.advance
    )
    return purifier, wire


class Pty:
    """A twin at one end of a pseudo-terminal, in a thread of its own."""

    def __init__(self, twin: ModbusTwin) -> None:
        """Plug it in."""
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)
        self._twin = twin
        self._wake, self._waken = os.pipe()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            ready = select.select([self.master, self._wake], [], [], SILENT_AFTER)[0]
            if self._wake in ready:
                return
            if ready:
                self._twin.feed(os.read(self.master, 4096))
            else:
                self._twin.silence()
            os.write(self.master, self._twin.poll())

    def unplug(self) -> None:
        """End the thread and the line."""
        os.write(self._waken, b".")
        self._thread.join()
        for end in (self.master, self.slave, self._wake, self._waken):
            os.close(end)


@contextmanager
def plug(twin: ModbusTwin) -> Iterator[Pty]:
    """Keep a pseudo-terminal for a while."""
    pty = Pty(twin)
    try:
        yield pty
    finally:
        pty.unplug()


@contextmanager
def open_on_a_pty(**start: object) -> Iterator[tuple[Purifier, ModbusTwin]]:
    """Open a purifier on a real line."""
    clock = RealClock()
    twin = ModbusTwin(Controller.open(QUICK, clock, start, noisy=False))
    with plug(twin) as pty:
        purifier = open_modbus(pty.port, QUICK, QUICK.baud, clock)
        try:
            yield purifier, twin
        finally:
            purifier.close()


def change(**points: Datapoint) -> Profile:
    """Return the example with other data points."""
    return EXAMPLE.model_copy(update={"attr": {**EXAMPLE.attr, **points}})


Join: TypeAlias = Callable[..., tuple[ModbusPurifier, Wire]]
Plug: TypeAlias = Callable[[ModbusTwin], AbstractContextManager[Pty]]
OnAPty: TypeAlias = Callable[..., AbstractContextManager[tuple[Purifier, ModbusTwin]]]
Change: TypeAlias = Callable[..., Profile]


@pytest.fixture(scope="session")
def joined() -> Join:
    """Give what joins a purifier that has read nothing yet and a twin."""
    return join


@pytest.fixture(scope="session")
def wired() -> Join:
    """Give what joins a purifier and a twin, and reads for the first time.

    Arguments are the profile, another one `at_the_unit`, and the twin's settings.
    """

    def ready(
        profile: Profile = EXAMPLE,
        *,
        at_the_unit: Profile | None = None,
        **start: object,
    ) -> tuple[ModbusPurifier, Wire]:
        purifier, wire = join(profile, at_the_unit=at_the_unit, **start)
        return purifier.wait_ready(), wire

    return ready


@pytest.fixture(scope="session")
def plugged() -> Plug:
    """Give what keeps a twin at a pseudo-terminal for a while."""
    return plug


@pytest.fixture(scope="session")
def on_a_pty() -> OnAPty:
    """Give what opens a purifier on a real line; arguments are the twin's settings."""
    return open_on_a_pty


@pytest.fixture(scope="session")
def changed() -> Change:
    """Give what makes the example with other data points, by their attributes."""
    return change


@pytest.fixture(scope="session")
def quick() -> Profile:
    """Give the example for a line on which nothing takes its time."""
    return QUICK
