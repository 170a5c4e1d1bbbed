"""Modes: which speed each of them chooses."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.devices.modes import FAN_RULES, level_in_mode
from sanso.grammars import SetMode, SetPower
from sanso.grammars.calls import Mode

# PM2.5, level of 5: the bands of the demo are 40, 60, 80 and 100 % of full speed.
AUTO = [(5, 2), (34, 2), (35, 3), (74, 3), (75, 4), (114, 4), (115, 5), (400, 5)]


def test_every_mode_but_manual_has_a_rule() -> None:
    """The rules cover the modes of the call language."""
    assert {*FAN_RULES, "manual"} == set(get_args(Mode))


@pytest.mark.parametrize(("pm25", "level"), AUTO)
def test_auto_follows_the_bands(pm25: float, level: int, clock: ScriptedClock) -> None:
    """Auto chooses its level at once, by the PM2.5 that is read."""
    purifier = SimulatedPurifier.from_settings({"pm25": pm25}, clock=clock)
    state = purifier.apply(SetMode(mode="auto")).after
    assert state.fan is None
    assert purifier.appliance.heading == level


def test_auto_follows_the_air(clock: ScriptedClock) -> None:
    """Auto speeds up with the smoke of frying and slows down when the air is clean."""
    purifier = SimulatedPurifier.from_settings({"mode": "auto"}, clock=clock)
    levels = []
    purifier.begin("frying")
    for _ in range(240):
        clock.advance(30)
        levels.append(purifier.appliance.heading)
    assert max(levels) == 5
    assert levels[-1] == 2


@given(
    mode=st.sampled_from(sorted(FAN_RULES)),
    levels=st.integers(1, 18),
    reading=st.none() | st.floats(0, 5000),
)
def test_every_rule_gives_a_level(
    mode: str, levels: int, reading: float | None
) -> None:
    """Whatever the reading, a mode chooses one of the device's levels."""
    level = level_in_mode(mode, levels, lambda _: reading)
    assert 1 <= level <= levels


@given(
    mode=st.sampled_from(sorted(FAN_RULES)),
    low=st.floats(0, 1000),
    more=st.floats(0, 1000),
)
def test_worse_air_never_slows_the_fan(mode: str, low: float, more: float) -> None:
    """In every mode the level rises with the dust or stays."""
    worse = low + more
    assert level_in_mode(mode, 5, lambda _: low) <= level_in_mode(
        mode, 5, lambda _: worse
    )


def test_modes_keep_their_names_promises() -> None:
    """Turbo is the fastest, sleep the slowest, quiet below auto, pollen above it."""
    for reading in (5.0, 50.0, 100.0, 300.0):
        read = dict.fromkeys(("pm25", "pm10"), reading)
        level = {mode: level_in_mode(mode, 5, read.get) for mode in FAN_RULES}
        assert level["turbo"] == 5
        assert level["sleep"] == 1
        for gentle in ("quiet", "eco", "baby", "away"):
            assert level[gentle] <= level["auto"]
        assert level["pollen"] >= level["pet"] >= 3
        assert level["dust"] <= level["pollen"]


@pytest.mark.parametrize("mode", sorted(FAN_RULES))
def test_modes_run_without_readings(mode: str, clock: ScriptedClock) -> None:
    """While the sensors warm up, and when they fail, the fan turns all the same."""
    purifier = SimulatedPurifier.from_settings(
        {"power": "off", "mode": mode}, clock=clock
    )
    for metric in purifier.capabilities.metrics:
        purifier.fail_sensor(metric)
    purifier.apply(SetPower(state="on"))
    clock.advance(60)
    assert purifier.state().fan_now >= 1


def test_auto_waits_in_the_middle(clock: ScriptedClock) -> None:
    """Until the sensors are warm auto takes the middle level, then the right one."""
    purifier = SimulatedPurifier.from_settings(
        {"power": "off", "mode": "auto", "pm25": 500}, clock=clock
    )
    purifier.apply(SetPower(state="on"))
    assert purifier.appliance.heading == 3
    clock.advance(29)
    assert purifier.appliance.heading == 3
    clock.advance(1)
    assert purifier.appliance.heading == 5


def test_humidifier_option_moistens_the_room(clock: ScriptedClock) -> None:
    """The purifier's own humidifier raises the humidity, and only while it is on."""

    def after_an_hour(**settings: str) -> float:
        purifier = SimulatedPurifier.from_settings(settings, clock=clock)
        clock.advance(3600)
        return purifier.room.values()["humidity"]

    dry = after_an_hour()
    assert after_an_hour(humidifier="on") > dry + 5
    assert after_an_hour(humidifier="on", power="off") == pytest.approx(dry, abs=0.1)
