"""Faults: broken appliances, and hosts that are let down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sanso.devices import (
    DeviceError,
    Fault,
    OutcomeCode,
    ScriptedClock,
    SimulatedPurifier,
    WriteFaults,
)
from sanso.devices.plan import verdict
from sanso.grammars import (
    ResetFilter,
    SetFanLevel,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
)


@pytest.fixture
def purifier(clock: ScriptedClock) -> SimulatedPurifier:
    """Give a purifier without noise, at its default start."""
    return SimulatedPurifier.from_settings({}, clock=clock)


@pytest.mark.parametrize("fault", Fault)
def test_fault_stops_and_blocks(
    fault: Fault, purifier: SimulatedPurifier, clock: ScriptedClock
) -> None:
    """A fault switches off, stops the motor and blocks every way to switch on."""
    purifier.break_down(fault)
    clock.advance(10)
    state = purifier.state()
    assert not state.power
    assert state.fan_now == 0
    assert state.faults == {fault}
    for call in (
        SetPower(state="on"),
        SetFanLevel(level=3),
        SetMode(mode="auto"),
        StepFan(by=1),
    ):
        outcome = purifier.apply(call)
        assert outcome.code is OutcomeCode.BLOCKED_FAULT
        assert outcome.detail == fault.value
        assert outcome.after.settings() == state.settings()
    assert not purifier.press("power")


def test_fault_leaves_the_rest_alone(purifier: SimulatedPurifier) -> None:
    """With an open door, the light still obeys and off is off already."""
    purifier.break_down(Fault.DOOR_OPEN)
    assert purifier.apply(SetLight(level="off")).code is OutcomeCode.CONFIRMED
    assert purifier.apply(SetPower(state="off")).code is OutcomeCode.UNCHANGED


def test_mending_does_not_switch_on(
    purifier: SimulatedPurifier, clock: ScriptedClock
) -> None:
    """A purifier that was repaired waits to be switched on."""
    purifier.break_down(Fault.MOTOR)
    purifier.mend(Fault.MOTOR)
    clock.advance(60)
    assert not purifier.state().power
    assert purifier.apply(SetPower(state="on")).code is OutcomeCode.CONFIRMED


def test_ignored_write_is_unconfirmed(purifier: SimulatedPurifier) -> None:
    """No report after the write: nobody knows, and the outcome says so."""
    purifier.write_faults = WriteFaults(ignore_writes=True)
    for call in (
        SetPower(state="off"),
        SetFanLevel(level=5),
        SetMode(mode="auto"),
        SetLight(level="off"),
        SetOption(option="uv", state="on"),
        ResetFilter(),
    ):
        outcome = purifier.apply(call)
        assert outcome.code is OutcomeCode.UNCONFIRMED
        assert outcome.before.settings() == outcome.after.settings()
        assert not outcome.done


def test_ignored_write_that_was_not_needed(purifier: SimulatedPurifier) -> None:
    """What is so already needs no write and is known to be so."""
    purifier.write_faults = WriteFaults(ignore_writes=True)
    assert purifier.apply(SetFanLevel(level=2)).code is OutcomeCode.UNCHANGED


@pytest.mark.parametrize(
    ("level", "code", "detail", "fan"),
    [
        (5, OutcomeCode.REJECTED, "3", 3),
        (4, OutcomeCode.REJECTED, "3", 3),
        (3, OutcomeCode.CONFIRMED, "", 3),
        (1, OutcomeCode.CONFIRMED, "", 1),
    ],
)
def test_clamped_write_is_rejected(
    level: int,
    code: OutcomeCode,
    detail: str,
    fan: int,
    purifier: SimulatedPurifier,
) -> None:
    """A report of another value than the one written rejects; an equal one confirms."""
    purifier.write_faults = WriteFaults(clamp=3)
    outcome = purifier.apply(SetFanLevel(level=level))
    assert outcome.code is code
    assert outcome.detail == detail
    assert outcome.after.fan == fan


def test_clamp_at_the_present_value_is_rejected_too(
    purifier: SimulatedPurifier,
) -> None:
    """A write that moved nothing, but was answered, is rejected and not unconfirmed."""
    purifier.write_faults = WriteFaults(clamp=2)
    assert purifier.apply(SetFanLevel(level=5)).code is OutcomeCode.REJECTED


def test_offline_keeps_the_last_report(
    purifier: SimulatedPurifier, clock: ScriptedClock
) -> None:
    """Without a link, the last report grows old, and calls end as offline."""
    clock.advance(5)
    last = purifier.state()
    purifier.write_faults = WriteFaults(offline=True)
    purifier.press("fan")
    clock.advance(90)
    state = purifier.state()
    assert not state.online
    assert state.age_seconds == 90
    assert state.settings() == last.settings()
    outcome = purifier.apply(SetPower(state="off"))
    assert outcome.code is OutcomeCode.OFFLINE
    assert not outcome.after.online
    purifier.write_faults = WriteFaults()
    state = purifier.state()
    assert state.online
    assert state.power
    assert state.fan == 3
    assert state.age_seconds == 0


def test_link_that_drops_after_the_write_is_offline(
    purifier: SimulatedPurifier,
) -> None:
    """Where no state can be read back, not even a matching old one confirms."""
    last = replace(purifier.state(), online=False)
    code, _ = verdict({"power": True}, last, reported=())
    assert code is OutcomeCode.OFFLINE


def test_appliance_goes_on_while_offline(
    purifier: SimulatedPurifier, clock: ScriptedClock
) -> None:
    """A dead link does not stop the cleaning."""
    purifier.room.put({"pm25": 300})
    purifier.write_faults = WriteFaults(offline=True)
    clock.advance(3600)
    purifier.write_faults = WriteFaults()
    value = purifier.state().readings["pm25"].value
    assert value is not None
    assert value < 50


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda purifier: purifier.press("powr"), "did you mean power"),
        (lambda purifier: purifier.fail_sensor("pm1"), "did you mean pm10"),
        (lambda purifier: purifier.begin("fog"), "choose from"),
    ],
)
def test_nonsense_is_refused(
    act: object, words: str, purifier: SimulatedPurifier
) -> None:
    """A button, sensor or event that does not exist is refused in one line."""
    assert callable(act)
    with pytest.raises(DeviceError, match=words) as caught:
        act(purifier)
    assert "\n" not in str(caught.value)
