"""A Modbus line that is silent, spoiled, late, unplugged, closed or not there."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import (
    DeviceError,
    NoAnswer,
    OutcomeCode,
    Profile,
    RealClock,
    ScriptedClock,
    load_profile,
)
from sanso.devices.serial.link import SerialLink
from sanso.devices.serial.modbus import ModbusPurifier, open_modbus
from sanso.devices.serial.write import LinkState
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults, FaultyLine
from sanso.devices.twin.modbus_twin import ModbusTwin, sealed
from sanso.grammars import SetFanLevel, SetLight, SetPower

if TYPE_CHECKING:
    from tests.devices.serial.modbus.conftest import Change, Join, Plug, Wire

EXAMPLE = load_profile("modbus-example")


def test_silent_from_the_start(joined: Join) -> None:
    """An appliance that never answers is an error that says what to look at."""
    purifier, wire = joined()
    wire.twin.controller.faults = Faults(mute=True)
    with pytest.raises(NoAnswer, match=r"unit 1 stays silent .* 19200 baud"):
        purifier.wait_ready()


def test_one_miss_is_none(wired: Join) -> None:
    """A silent appliance is offline after three misses, and back with the first answer."""
    purifier, wire = wired(power=True)
    wire.twin.controller.faults = Faults(mute=True)
    links = []
    for _ in range(3):
        wire.clock.advance(1)
        links.append((purifier.state().online, purifier.link))
    degraded = (True, LinkState.DEGRADED)
    assert [degraded, degraded, (False, LinkState.OFFLINE)] == links
    assert purifier.state().age_seconds > 3
    assert purifier.apply(SetPower(state="off")).code == OutcomeCode.OFFLINE
    assert wire.writes() == []
    wire.twin.controller.faults = Faults()
    wire.clock.advance(1)
    assert (purifier.state().online, purifier.state().power) == (True, True)


def test_silent_to_a_write(wired: Join) -> None:
    """A write that nobody answers is said to be unconfirmed, within 2 s, after three sendings."""
    purifier, wire = wired(power=True)
    sent_at = []

    def dropped(data: bytes) -> bytes:
        if data[1] == 5:
            wire.spoil = lambda _data: b""
            sent_at.append(wire.clock.now())
        return b"" if sent_at else data

    wire.spoil = dropped
    outcome = purifier.apply(SetLight(level="off"))
    assert outcome.code == OutcomeCode.UNCONFIRMED
    assert wire.writes() == [wire.writes()[0]] * len(wire.writes())
    assert 1 < len(wire.writes()) <= 3
    assert wire.clock.now() - sent_at[0] < 3.1  # with the looks before and behind it


@pytest.mark.parametrize("spoiled", [b"", b"\x01\x85\x00\x01\x02\x03\x04\x05", b"\x00"])
def test_a_lost_answer(spoiled: bytes, wired: Join) -> None:
    """An answer that is dropped or corrupted costs a look, and no second switching."""
    purifier, wire = wired(power=True)

    def once(data: bytes) -> bytes:
        if data[1] != 5:
            return data
        wire.spoil = lambda later: later
        return spoiled

    wire.spoil = once
    outcome = purifier.apply(SetLight(level="off"))
    assert outcome.code == OutcomeCode.CONFIRMED
    assert [bytes.fromhex("0500010000")] == wire.writes()
    assert purifier.counters.missed == 1


def test_an_answer_to_another_question(wired: Join) -> None:
    """An answer that came too late is not taken for the next one."""
    purifier, wire = wired(power=True, fan=2)

    def late(data: bytes) -> bytes:
        wire.spoil = lambda later: later
        del data
        # Registers, where coils were asked for.
        return sealed(bytes.fromhex("01 03 04 00 00 00 01"))

    wire.spoil = late
    wire.clock.advance(1)
    state = purifier.state()
    assert (state.power, state.fan, state.age_seconds) == (True, 2, 0.0)
    assert purifier.counters.malformed == 1


@pytest.mark.parametrize("delay_ms", [450, 600, 790])
def test_late_answers_are_not_mixed_up(
    delay_ms: float, wired: Join, changed: Change
) -> None:
    """Where every answer is late, one register's value is never taken for another's."""
    apart = changed(
        fan_level=EXAMPLE.attr["fan_level"].model_copy(update={"register_": 9})
    )
    purifier, wire = wired(apart, fan=1)
    wire.twin.controller.faults = Faults(delay_ms=delay_ms)
    for _ in range(20):
        wire.clock.advance(1)
        state = purifier.state()
        assert (state.mode, state.fan) == ("manual", 1)
        assert purifier.raw == {}


@given(junk=st.binary(max_size=40), answers=st.integers(1, 6))
@settings(max_examples=150)
def test_garbage(junk: bytes, answers: int, wired: Join) -> None:
    """Whatever bytes come, nothing is raised, nothing false is learnt, and the next answer is read."""
    purifier, wire = wired(power=True, fan=2)
    left = [answers]

    def spoil(data: bytes) -> bytes:
        left[0] -= 1
        return junk if left[0] >= 0 else data

    wire.spoil = spoil
    for _ in range(8):
        wire.clock.advance(1)
        purifier.state()
    settled = purifier.state()
    assert (settled.online, settled.power, settled.fan) == (True, True, 2)


@pytest.mark.parametrize("seed", range(5))
def test_a_bad_line(seed: int, wired: Join, quick: Profile) -> None:
    """On a line that spoils every sixth frame most calls are done, and none is falsely so."""
    purifier, wire = wired(quick, power=True, fan=1)
    controller = wire.twin.controller
    controller.line = FaultyLine(lambda: controller.faults, seed)
    controller.faults = Faults(drop=0.05, corrupt=0.05, tear=0.05, bad_sum=0.02)
    done = 0
    for count in range(40):
        wire.clock.advance(3)
        outcome = purifier.apply(SetFanLevel(level=1 + count % 3))
        done += outcome.done
        if outcome.done:
            assert controller.purifier.state().fan == outcome.after.fan == 1 + count % 3
    assert done >= 34


def test_unplugged_and_replugged(wired: Join) -> None:
    """A lost line is opened again when it is time, and nothing is re-applied."""
    purifier, wire = wired(power=True)
    wire.unplugged = True
    wire.clock.advance(1)
    assert (purifier.state().online, purifier.link) == (False, LinkState.OFFLINE)
    assert purifier.apply(SetPower(state="off")).code == OutcomeCode.OFFLINE
    wire.unplugged = False
    wire.clock.advance(60)
    assert (purifier.state().online, purifier.state().power) == (True, True)
    assert wire.writes() == []
    assert purifier.counters.reconnects == 1


def test_back_off(wired: Join) -> None:
    """A port that is gone is tried less and less often, and at most every 30 s."""
    purifier, wire = wired()
    tries = []
    fail = wire.open

    def counted() -> Wire:
        tries.append(wire.clock.now())
        return fail()

    purifier._unit.bus._opener = counted
    wire.unplugged = True
    for _ in range(3000):
        wire.clock.advance(0.1)
        purifier.state()
    gaps = [round(b - a) for a, b in pairwise(tries)]
    assert sorted(gaps) == gaps
    assert gaps[-1] == 30


def test_replugged_pty(tmp_path: Path, plugged: Plug, quick: Profile) -> None:
    """A port that went away and came back under its name is used again."""
    twin = ModbusTwin(Controller.open(quick, RealClock(), {"fan": 2}, noisy=False))
    port = tmp_path / "purifier"
    clock = ScriptedClock()
    with plugged(twin) as first:
        port.symlink_to(first.port)
        purifier = ModbusPurifier(
            quick,
            lambda: SerialLink(str(port), quick.baud),
            clock=clock,
            monotonic=clock.now,
            sleep=clock.advance,
        ).wait_ready()
    clock.advance(1)
    assert not purifier.state().online
    port.unlink()
    with plugged(twin) as second:
        port.symlink_to(second.port)
        clock.advance(60)
        assert (purifier.state().online, purifier.state().fan) == (True, 2)
        purifier.close()


def test_closed(wired: Join) -> None:
    """A closed purifier stays closed: it says so, and opens nothing."""
    purifier, wire = wired(power=True)
    purifier.close()
    purifier.close()
    wire.clock.advance(60)
    assert not purifier.state().online
    assert purifier.apply(SetPower(state="off")).code == OutcomeCode.OFFLINE
    assert wire.opened == 1


def test_no_port() -> None:
    """A port that is not there is explained as for any other serial purifier."""
    with pytest.raises(DeviceError, match="there is no port /dev/ttyNone"):
        open_modbus("/dev/ttyNone", EXAMPLE, 19200, RealClock())


def test_no_pymodbus(monkeypatch: pytest.MonkeyPatch, wired: Join) -> None:
    """Without pymodbus the error says how to install it, and the line is let go."""
    monkeypatch.setitem(sys.modules, "pymodbus", None)
    with pytest.raises(DeviceError, match=r'pip install "sanso\[modbus\]"'):
        wired()
