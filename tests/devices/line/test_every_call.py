"""Every call that a profile can express, over its protocol, to the confirmed state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sanso.devices import Fault, NoReading, OutcomeCode
from sanso.devices.twin.faults import Faults
from sanso.grammars import (
    Call,
    ResetFilter,
    SetFanLevel,
    SetFanPercent,
    SetMode,
    SetPower,
    StepFan,
)

if TYPE_CHECKING:
    from collections.abc import Callable


PROFILES = ("kj-standard", "kj-legacy", "zhimi-airp-mb4a")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_call_reaches_the_appliance(
    profile: str,
    joined: Callable[..., Any],
    calls_of: Callable[..., list[Call]],
) -> None:
    """Whatever can be asked of the product is carried out and confirmed, from both sides of it."""
    line = joined(profile, {"fan": 2, "filter": 40})
    appliance = line.controller.purifier
    for call in calls_of(line.purifier.capabilities) * 2:
        outcome = line.purifier.apply(call)
        assert outcome.code in (OutcomeCode.CONFIRMED, OutcomeCode.UNCHANGED), call
        line.pass_time(0.5)
        assert appliance.state().settings() == line.purifier.state().settings()
    assert line.purifier.session.counters.resent == 0
    assert line.purifier.state().filter_percent == 100


@pytest.mark.parametrize("profile", PROFILES)
def test_what_the_product_lacks_is_refused_without_a_frame(
    profile: str, joined: Callable[..., Any]
) -> None:
    """A mode or level that the product lacks is said to be so, and nothing is sent."""
    line = joined(profile)
    sent = line.purifier.session.counters.bytes_out
    assert line.purifier.apply(SetMode(mode="turbo")).code == OutcomeCode.UNSUPPORTED
    outcome = line.purifier.apply(SetFanLevel(level=9))
    assert (outcome.code, outcome.detail) == (OutcomeCode.OUT_OF_RANGE, "4")
    assert sent == line.purifier.session.counters.bytes_out


@pytest.mark.parametrize("profile", ["kj-standard", "zhimi-airp-mb4a"])
def test_a_button_on_the_panel_is_heard(
    profile: str, joined: Callable[..., Any]
) -> None:
    """A press on the panel is reported within a second, and a step starts from it."""
    line = joined(profile, {"fan": 1})
    assert line.controller.press("fan")
    line.pass_time(1)
    assert line.purifier.state().fan == 2
    line.controller.press("fan")
    outcome = line.purifier.apply(StepFan(by=1))
    assert (outcome.code, outcome.after.fan) == (OutcomeCode.CONFIRMED, 4)


def test_a_fault_blocks_switching_on(joined: Callable[..., Any]) -> None:
    """With the door open nothing is switched on, and the reason is given."""
    line = joined("kj-standard")
    line.controller.purifier.break_down(Fault.DOOR_OPEN)
    line.pass_time(1)
    assert not line.purifier.state().power
    outcome = line.purifier.apply(SetPower(state="on"))
    assert (outcome.code, outcome.detail) == (OutcomeCode.BLOCKED_FAULT, "door_open")
    line.controller.purifier.mend(Fault.DOOR_OPEN)
    line.pass_time(2)
    assert line.purifier.apply(SetPower(state="on")).code == OutcomeCode.CONFIRMED


@pytest.mark.parametrize(
    ("profile", "code", "level"),
    [
        ("kj-standard", OutcomeCode.UNCONFIRMED, 3),
        # A controller that does not ask cannot be told anything: nothing was sent.
        ("zhimi-airp-mb4a", OutcomeCode.OFFLINE, 1),
    ],
)
def test_a_mute_appliance_is_unconfirmed_then_offline(
    profile: str, code: OutcomeCode, level: int, joined: Callable[..., Any]
) -> None:
    """A write without a report is unconfirmed; soon the appliance is offline, and its last state is shown as old."""
    line = joined(profile, {"fan": 1})
    line.controller.faults = Faults(mute=True)
    outcome = line.purifier.apply(SetFanLevel(level=3))
    assert code == outcome.code
    line.pass_time(40)
    state = line.purifier.state()
    assert not state.online
    assert state.age_seconds > 30
    assert line.purifier.apply(SetFanLevel(level=2)).code == OutcomeCode.OFFLINE
    line.controller.faults = Faults()
    line.pass_time(5)
    assert line.purifier.state().online
    assert level == line.purifier.state().fan, "what was carried out unheard is seen"


def test_an_appliance_that_decides_otherwise_is_quoted(
    joined: Callable[..., Any],
) -> None:
    """Where it takes another value, the outcome says which; where it ignores the write, that it did."""
    line = joined("kj-standard", {"fan": 1})
    line.controller.faults = Faults(clamp_set=2)
    outcome = line.purifier.apply(SetFanLevel(level=4))
    assert (outcome.code, outcome.detail) == (OutcomeCode.REJECTED, "2")
    line.controller.faults = Faults(ignore_set=1)
    outcome = line.purifier.apply(SetMode(mode="auto"))
    assert (outcome.code, outcome.detail) == (OutcomeCode.REJECTED, "manual")


def test_zero_percent_is_off_and_the_rest_is_a_level(
    joined: Callable[..., Any],
) -> None:
    """Percentages become levels of the product; none is standing still."""
    line = joined("kj-standard", {"fan": 1})
    assert line.purifier.apply(SetFanPercent(percent=50)).after.fan == 2
    assert not line.purifier.apply(SetFanPercent(percent=0)).after.power


def test_a_reset_without_an_answer_is_not_repeated(
    joined: Callable[..., Any],
) -> None:
    """The filter is told to be new once, and without a report nobody claims that it is."""
    line = joined("kj-standard", {"filter": 40})
    line.controller.faults = Faults(ignore_set=1)
    assert line.purifier.apply(ResetFilter()).code == OutcomeCode.UNCONFIRMED
    assert line.purifier.session.counters.resent == 0


def test_the_state_before_comes_back(joined: Callable[..., Any]) -> None:
    """Restoring a state writes what differs, the power last."""
    line = joined("kj-standard", {"fan": 3, "light": "off", "uv": "on"})
    before = line.purifier.snapshot()
    for call in (
        SetMode(mode="auto"),
        SetPower(state="off"),
    ):
        line.purifier.apply(call)
    outcome = line.purifier.restore(before)
    assert outcome is not None
    assert outcome.code == OutcomeCode.CONFIRMED
    assert before.settings() == line.purifier.state().settings()
    assert line.purifier.restore(before) is None


def test_a_reading_that_is_none_says_why(joined: Callable[..., Any]) -> None:
    """A number that means "no reading" is no reading; it is off, or it has failed."""
    line = joined("kj-standard", {"pm25": 33})
    assert line.purifier.state().readings["pm25"].value == 33
    line.controller.purifier.fail_sensor("pm25")
    line.pass_time(3)
    assert line.purifier.state().readings["pm25"].missing == NoReading.FAILED
