"""What a line and an appliance do at the worst moment."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from sanso.devices import DeviceError, Fault, LinkLost, OutcomeCode, load_profile
from sanso.devices.serial.driver import Driver
from sanso.devices.serial.opening import make_session
from sanso.devices.serial.write import End
from sanso.devices.twin.faults import Faults
from sanso.grammars import SetFanLevel, SetMode, SetOption, SetPower, StepFan

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_door_that_opens_meanwhile(joined: Callable[..., Any]) -> None:
    """A fault that switches it off again right after the start is the answer, and it is not started again."""
    line = joined("kj-standard", {"power": "off", "fan": 2})
    write = line.controller.purifier.appliance.write

    def slammed(name: str, value: object, faults: object) -> None:
        write(name, value, faults)
        if name == "power" and value is True:
            line.controller.purifier.break_down(Fault.DOOR_OPEN)

    line.controller.purifier.appliance.write = slammed
    outcome = line.purifier.apply(SetFanLevel(level=4))
    assert (outcome.code, outcome.detail) == (OutcomeCode.BLOCKED_FAULT, "door_open")
    assert sum(t.attribute == "power" for t in line.controller.taken) == 1


def test_a_fault_that_is_mended_unheard(joined: Callable[..., Any]) -> None:
    """A fault is asked about before it forbids anything: the door may be shut by now."""
    line = joined("kj-standard")
    line.controller.purifier.break_down(Fault.DOOR_OPEN)
    line.pass_time(1)
    line.controller.faults = Faults(mute=True)
    line.controller.purifier.mend(Fault.DOOR_OPEN)
    line.pass_time(1)
    line.controller.faults = Faults()
    assert line.purifier.state().faults
    assert line.purifier.apply(SetPower(state="on")).code is OutcomeCode.CONFIRMED


def test_what_nobody_reported_is_written(joined: Callable[..., Any]) -> None:
    """An option that was never reported is not taken to be off: it is switched off."""
    line = joined("kj-standard", {"child_lock": "on"})
    line.purifier.session.known.pop("child_lock")
    outcome = line.purifier.apply(SetOption(option="child_lock", state="off"))
    assert outcome.code is OutcomeCode.CONFIRMED
    assert not line.controller.purifier.state().options["child_lock"]


def test_a_mode_of_the_panel_that_the_profile_lacks(
    joined: Callable[..., Any],
) -> None:
    """Manual mode can be asked for out of a mode that has no name here."""
    line = joined("kj-standard", {"fan": 2})
    line.purifier.session._report("mode", 7, line.clock.now(), "report")
    outcome = line.purifier.apply(SetMode(mode="manual"))
    assert outcome.code in (OutcomeCode.CONFIRMED, OutcomeCode.UNCHANGED)
    assert line.purifier.session.known["mode"].number == 0


def test_a_step_from_nowhere(joined: Callable[..., Any]) -> None:
    """Where the level cannot be learned, no step is made, and none is claimed."""
    line = joined("kj-standard", {"fan": 2})
    line.pass_time(1)
    line.controller.faults = Faults(mute=True)
    taken = len(line.controller.taken)
    outcome = line.purifier.apply(StepFan(by=1))
    assert outcome.code is OutcomeCode.UNCONFIRMED
    assert taken == len(line.controller.taken)


def test_looking_asks(joined: Callable[..., Any]) -> None:
    """A look is an answer of this moment, or says that there is none."""
    line = joined("kj-standard", {"fan": 1})
    line.pass_time(1)
    line.controller.faults = Faults(mute=True)
    line.controller.press("fan")
    assert line.purifier.state().online
    assert not line.purifier.look().online
    line.controller.faults = Faults()
    assert line.purifier.look().fan == 2


def test_a_restart_ends_what_was_under_way(joined: Callable[..., Any]) -> None:
    """A controller that begins anew is not told again what was told to the one before."""
    line = joined("kj-standard", {"power": "off"})
    session = line.purifier.session
    line.controller.faults = Faults(ignore_set=1)
    write = session.write("power", 1, line.clock.now())
    line.pass_time(0.3)
    assert write.sendings == 1
    session._restarted()
    line.controller.faults = Faults()
    line.pass_time(3)
    assert (write.end, write.sendings) == (End.UNCONFIRMED, 1)
    assert not line.controller.purifier.state().power


class _Wire:
    """A line that does what the test says."""

    name = "wire"

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.closed = threading.Event()

    def read(self, seconds: float) -> bytes:
        self.closed.wait(seconds)
        if self.fault is not None:
            raise self.fault
        return b""

    def write(self, data: bytes) -> None:
        del data

    def close(self) -> None:
        self.closed.set()


def test_a_closed_line_is_not_reopened(joined: Callable[..., Any]) -> None:
    """After the end nothing opens the port again, whoever still asks."""
    line = joined("kj-standard")
    opened: list[int] = []

    def open_again() -> Any:
        opened.append(1)
        raise LinkLost("gone", url="wire")

    line.purifier.close()
    line.purifier.driver._opener = open_again
    assert line.purifier.apply(SetFanLevel(level=1)).code is OutcomeCode.OFFLINE
    assert not line.purifier.look().online
    assert opened == []


@pytest.mark.parametrize("fault", [ValueError("odd"), OverflowError("big")])
def test_a_thread_outlives_what_it_did_not_expect(fault: Exception) -> None:
    """Whatever breaks while the line is served is a lost line, not a dead purifier."""
    clock_now = iter(range(1 << 30))
    session = make_session(
        load_profile("kj-standard"), _Clock(), float(next(clock_now))
    )
    wires = [_Wire(fault), _Wire()]
    opened = threading.Event()

    def opener() -> Any:
        if len(wires) == 1:
            opened.set()
        if not wires:
            raise DeviceError("no more")
        return wires.pop(0)

    driver = Driver(session, opener)
    try:
        assert opened.wait(20)
        assert type(fault).__name__ in driver.why_lost
    finally:
        driver.close()


class _Clock:
    def now(self) -> float:
        return 0.0


def test_an_echo_is_no_appliance() -> None:
    """Where what is sent comes back, that is said, and nobody is taken to be there."""
    session = make_session(load_profile("kj-standard"), _Clock(), 0.0)
    now = 0.0
    for _ in range(200):
        now += 0.1
        session.feed(session.poll(now), now)
    assert not session.online
    assert any("RX and TX" in note for note in session.notes.lines)


def test_a_wrong_length_does_not_make_it_deaf() -> None:
    """A frame that claims more than a line can bring is given up, though reports never cease."""
    session = make_session(load_profile("kj-standard"), _Clock(), 0.0)
    session.feed(bytes.fromhex("55aa0307040001"), 0.0)
    report = bytes.fromhex("55aa03070005010100010112")
    now = 0.0
    while now < 3 and "power" not in session.known:
        now += 0.25
        session.feed(report, now)
        session.poll(now)
    assert session.known["power"].number == 1
    assert now < 2
