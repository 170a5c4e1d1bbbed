"""Calls to a Modbus purifier, from the sentence's call to the state read back."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sanso.devices import Fault, OutcomeCode, Profile, Purifier, RealClock, load_profile
from sanso.devices.serial.modbus import open_modbus
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults
from sanso.devices.twin.modbus_twin import ModbusTwin
from sanso.grammars import (
    Call,
    ResetFilter,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
    Undo,
)

if TYPE_CHECKING:
    from tests.devices.serial.modbus.conftest import Join, OnAPty

EXAMPLE = load_profile("modbus-example")


CALLS: list[tuple[Call, dict[str, object]]] = [
    (SetPower(state="off"), {"power": False}),
    (SetFanLevel(level=1), {"fan": 1}),
    (SetFanLevel(level=3), {"fan": 3}),
    (SetFanLevel(level="min"), {"fan": 1}),
    (SetFanLevel(level="high"), {"fan": 3}),
    (SetFanLevel(level="max"), {"fan": 3}),
    (SetFanPercent(percent=1), {"fan": 1}),
    (SetFanPercent(percent=33), {"fan": 1}),
    (SetFanPercent(percent=100), {"fan": 3}),
    (SetFanPercent(percent=0), {"power": False}),
    (StepFan(by=1), {"fan": 3}),
    (StepFan(by=-1), {"fan": 1}),
    (SetMode(mode="auto"), {"mode": "auto", "fan": None}),
    (SetLight(level="off"), {"light": "off"}),
    (SetOption(option="child_lock", state="on"), {"option.child_lock": True}),
]


@pytest.mark.parametrize(("call", "changes"), CALLS, ids=lambda value: str(value)[:40])
def test_every_call(call: Call, changes: dict[str, object], on_a_pty: OnAPty) -> None:
    """Over a real line each call ends confirmed, and nothing else has changed."""
    with on_a_pty(power=True, fan=2) as (purifier, twin):
        before = purifier.state().settings()
        outcome = purifier.apply(call)
        assert outcome.code == OutcomeCode.CONFIRMED
        assert {**before, **changes} == outcome.after.settings()
        assert {**before, **changes} == twin.controller.purifier.state().settings()


@pytest.mark.parametrize(
    ("start", "call", "name", "value"),
    [
        ({"power": False}, SetPower(state="on"), "power", True),
        ({"power": False, "fan": 2}, SetFanLevel(level=3), "power", True),
        ({"mode": "auto"}, SetMode(mode="manual"), "mode", "manual"),
        ({"mode": "auto"}, SetFanLevel(level=1), "fan", 1),
        ({"light": "off"}, SetLight(level="on"), "light", "on"),
        (
            {"child_lock": True},
            SetOption(option="child_lock", state="off"),
            "option.child_lock",
            False,
        ),
    ],
)
def test_the_other_way(
    start: dict[str, object], call: Call, name: str, value: object, on_a_pty: OnAPty
) -> None:
    """What can be switched one way can be switched back over a real line."""
    with on_a_pty(**start) as (purifier, _):
        outcome = purifier.apply(call)
        assert outcome.code == OutcomeCode.CONFIRMED
        assert value == outcome.after.settings()[name]


def test_over_tcp(quick: Profile) -> None:
    """A serial server on the network does as well as a port."""
    twin = ModbusTwin(Controller.open(quick, RealClock(), {"fan": 2}, noisy=False))
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            while data := line.recv(4096):
                twin.feed(data)
                line.sendall(twin.poll())

    thread = threading.Thread(target=serve)
    thread.start()
    port = f"socket://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with closing(open_modbus(port, quick, quick.baud, RealClock())) as purifier:
            outcome = purifier.apply(SetFanLevel(level=3))
        assert (outcome.code, outcome.after.fan) == (OutcomeCode.CONFIRMED, 3)
    finally:
        thread.join()
        listener.close()


def test_filter_reset(on_a_pty: OnAPty) -> None:
    """A filter is full after its reset, and its percentage is what confirms it."""
    with on_a_pty(filter=20) as (purifier, _):
        assert purifier.state().filter_percent == 20
        outcome = purifier.apply(ResetFilter())
        assert outcome.code == OutcomeCode.CONFIRMED
        assert outcome.after.filter_percent == 100


@pytest.mark.parametrize(
    ("call", "code", "detail"),
    [
        (SetFanLevel(level=4), OutcomeCode.OUT_OF_RANGE, "3"),
        (SetMode(mode="turbo"), OutcomeCode.UNSUPPORTED, "turbo"),
        (SetLight(level="dim"), OutcomeCode.UNSUPPORTED, "dim"),
        (SetOption(option="uv", state="on"), OutcomeCode.UNSUPPORTED, "uv"),
        (Undo(), OutcomeCode.UNSUPPORTED, "undo"),
        (SetFanLevel(level=2), OutcomeCode.UNCHANGED, ""),
    ],
)
def test_nothing_is_written(
    call: Call, code: OutcomeCode, detail: str, wired: Join
) -> None:
    """What cannot be, or is so already, is not sent."""
    purifier, wire = wired(power=True, fan=2)
    outcome = purifier.apply(call)
    assert (code, detail) == (outcome.code, outcome.detail)
    assert wire.writes() == []


def test_ignored(wired: Join) -> None:
    """An appliance that keeps the old value has rejected the write, after its time to settle."""
    purifier, wire = wired(power=True, fan=2)
    wire.twin.controller.faults = Faults(ignore_set=1)
    begin = wire.clock.now()
    outcome = purifier.apply(SetFanLevel(level=3))
    assert (outcome.code, outcome.detail) == (OutcomeCode.REJECTED, "2")
    assert len(wire.writes()) == 2  # it has a second to settle, and all have two
    assert 2 < wire.clock.now() - begin < 2.5


def test_clamped(wired: Join) -> None:
    """An appliance that takes another value has rejected the write, and says which it took."""
    purifier, wire = wired(power=True, fan=1)
    wire.twin.controller.faults = Faults(clamp_set=2)
    outcome = purifier.apply(SetFanLevel(level=3))
    assert (outcome.code, outcome.detail) == (OutcomeCode.REJECTED, "2")
    assert len(wire.writes()) == 1


def test_slow(wired: Join) -> None:
    """An appliance that takes its time is waited for, and not written to again."""
    purifier, wire = wired(power=True, fan=1)
    wire.twin.controller.faults = Faults(slow_ms=800)
    assert purifier.apply(SetFanLevel(level=3)).code == OutcomeCode.CONFIRMED
    assert len(wire.writes()) == 1


def test_a_reset_is_never_repeated(wired: Join) -> None:
    """A filter reset that shows no effect is unconfirmed, and was sent once."""
    purifier, wire = wired(filter=20)
    wire.twin.controller.faults = Faults(ignore_set=1)
    assert purifier.apply(ResetFilter()).code == OutcomeCode.UNCONFIRMED
    assert [bytes.fromhex("050003ff00")] == wire.writes()


def test_fault_blocks_power(wired: Join) -> None:
    """A fault that blocks keeps it from being switched on, and is named."""
    purifier, wire = wired(power=True)
    wire.twin.controller.purifier.break_down(Fault.DOOR_OPEN)
    outcome = purifier.apply(SetPower(state="on"))
    assert (outcome.code, outcome.detail) == (OutcomeCode.BLOCKED_FAULT, "door_open")
    assert wire.writes() == []


def test_pace(wired: Join) -> None:
    """Two values of one attribute are a second apart: relays wear."""
    purifier, wire = wired(power=True)
    begin = wire.clock.now()
    for word in ("off", "on"):
        code = purifier.apply(SetPower(state=word)).code
        assert code == OutcomeCode.CONFIRMED
    assert 1 <= wire.clock.now() - begin < 1.5


def test_restore(wired: Join) -> None:
    """An earlier state comes back, and nothing is written where nothing differs."""
    purifier, _ = wired(power=True, fan=2)
    snapshot = purifier.snapshot()
    assert None is purifier.restore(snapshot)
    purifier.apply(SetMode(mode="auto"))
    purifier.apply(SetLight(level="off"))
    outcome = purifier.restore(snapshot)
    assert outcome is not None
    assert outcome.code == OutcomeCode.CONFIRMED
    assert snapshot.settings() == purifier.state().settings()


def test_step_from_where_it_stands(wired: Join) -> None:
    """A step counts from what the panel's button has chosen a moment ago."""
    purifier, wire = wired(power=True, fan=1)
    wire.twin.controller.press("fan")
    assert purifier.apply(StepFan(by=1)).after.fan == 3


def test_is_a_purifier(wired: Join) -> None:
    """It is what the agent takes for a purifier."""
    purifier, _ = wired()
    assert isinstance(purifier, Purifier)
    assert EXAMPLE.make_capabilities() == purifier.capabilities
