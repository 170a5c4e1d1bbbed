"""Settings: a purifier from what a person wrote down."""

from __future__ import annotations

import pytest

from sanso.devices import SETTINGS, DeviceError, ScriptedClock, SimulatedPurifier


def test_case_state_is_taken_whole(clock: ScriptedClock) -> None:
    """Every kind of setting arrives in the state."""
    state = SimulatedPurifier.from_settings(
        {
            "power": "on",
            "fan": 3,
            "mode": "auto",
            "light": "off",
            "child_lock": "on",
            "ionizer": False,
            "pm25": 80,
            "humidity": "55",
            "filter": 12,
        },
        clock=clock,
    ).state()
    assert state.power
    assert state.mode == "auto"
    assert state.fan is None
    assert state.light == "off"
    assert state.options["child_lock"]
    assert not state.options["ionizer"]
    assert state.readings["pm25"].value == 80
    assert state.readings["humidity"].value == 55
    assert state.filter_percent == 12


def test_fan_alone_is_manual(clock: ScriptedClock) -> None:
    """A level without a mode is the manual mode, at that level, motor included."""
    state = SimulatedPurifier.from_settings({"fan": 4}, clock=clock).state()
    assert state.mode == "manual"
    assert state.fan == 4
    assert state.fan_now == 4


@pytest.mark.parametrize("name", SETTINGS)
def test_every_name_is_read(name: str, clock: ScriptedClock) -> None:
    """Each name of the list can be written down."""
    words = {"mode": "eco", "light": "dim", "fan": 1, "filter": 50}
    on_off = ("power", "child_lock", "sound", "ionizer", "uv", "humidifier")
    words |= dict.fromkeys((*on_off, "oscillation"), "off")
    SimulatedPurifier.from_settings({name: words.get(name, 20)}, clock=clock)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"fann": 3}, "no setting 'fann'; did you mean fan"),
        ({"power": "onn"}, "power is on or off, not 'onn'"),
        ({"power": 1}, "power is on or off"),
        ({"mode": "slep"}, "did you mean sleep"),
        ({"fan": 6}, "1 to 5, not 6"),
        ({"fan": 2.5}, "whole number"),
        ({"fan": True}, "not True"),
        ({"fan": None}, "not None"),
        ({"light": "dimm"}, "did you mean dim"),
        ({"child_lock": "yes"}, "child_lock is on or off"),
        ({"pm25": "much"}, "pm25 is a number"),
        ({"pm25": -1}, "from 0"),
        ({"pm25": float("nan")}, "not nan"),
        ({"filter": 101}, "from 0 to 100"),
        ({"mode": ["auto"]}, "no mode"),
    ],
)
def test_wrong_settings_are_named(
    settings: dict[str, object], words: str, clock: ScriptedClock
) -> None:
    """A wrong name or value is refused in one line that names it."""
    with pytest.raises(DeviceError, match=words) as caught:
        SimulatedPurifier.from_settings(settings, clock=clock)
    assert "\n" not in str(caught.value)


def test_settings_obey_the_product(clock: ScriptedClock) -> None:
    """What the product lacks cannot be written down for it."""
    for settings in ({"uv": "on"}, {"mode": "turbo"}, {"fan": 4}, {"light": "dim"}):
        with pytest.raises(DeviceError):
            SimulatedPurifier.from_settings(settings, clock=clock, profile="sim-basic")
