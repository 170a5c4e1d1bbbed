"""Calls: what each of them does, on every product, from every state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import (
    OutcomeCode,
    Purifier,
    ScriptedClock,
    SimulatedPurifier,
    load_profile,
    profile_names,
)
from sanso.devices.plan import differing
from sanso.grammars import (
    CALLS,
    Call,
    ResetFilter,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
    enumerate_calls,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

DEVICE_CALLS = (
    SetPower,
    SetFanLevel,
    SetFanPercent,
    StepFan,
    SetMode,
    SetLight,
    SetOption,
    ResetFilter,
)
ALL = [parse(text).calls()[0] for text in enumerate_calls()]
FOR_DEVICES = [call for call in ALL if isinstance(call, DEVICE_CALLS)]

on_off = st.sampled_from(["on", "off"])
starts = st.fixed_dictionaries(
    {},
    optional={
        "power": on_off,
        "mode": st.sampled_from(["manual", "auto"]),
        "fan": st.integers(1, 3),
        "light": on_off,
        "child_lock": on_off,
        "pm25": st.integers(0, 300),
        "filter": st.integers(0, 100),
    },
)


def standing(**settings: object) -> SimulatedPurifier:
    """Return a purifier that stands as written, on a clock that stands still."""
    return SimulatedPurifier.from_settings(settings, clock=ScriptedClock())


def test_default_start() -> None:
    """Without settings: on, manual, level 2, light on, options off, all features."""
    purifier = standing()
    state = purifier.state()
    assert state.settings() == {
        "power": True,
        "mode": "manual",
        "fan": 2,
        "light": "on",
        "option.child_lock": False,
        "option.humidifier": False,
        "option.ionizer": False,
        "option.oscillation": False,
        "option.sound": False,
        "option.uv": False,
    }
    assert state.fan_now == 2
    assert state.online
    assert purifier.capabilities.fan_levels == 5
    assert len(purifier.capabilities.modes) == 11


def test_simulated_purifier_is_one() -> None:
    """It fulfils the interface that the agent uses."""
    assert isinstance(standing(), Purifier)


@settings(max_examples=300)
@given(
    name=st.sampled_from(profile_names()),
    start=starts,
    calls=st.lists(st.sampled_from(FOR_DEVICES), min_size=1, max_size=6),
)
def test_every_call_on_every_product(
    name: str, start: dict[str, object], calls: list[Call]
) -> None:
    """No call raises; done means it stays done; not done means nothing changed."""
    clock = ScriptedClock()
    purifier = SimulatedPurifier.from_settings(start, clock=clock, profile=name)
    for call in calls:
        outcome = purifier.apply(call)
        before, after = outcome.before.settings(), outcome.after.settings()
        allowed = {
            OutcomeCode.CONFIRMED,
            OutcomeCode.UNCHANGED,
            OutcomeCode.UNSUPPORTED,
            OutcomeCode.OUT_OF_RANGE,
        }
        assert outcome.code in allowed
        assert outcome.call == call
        assert purifier.state().settings() == after
        if outcome.code is not OutcomeCode.CONFIRMED:
            assert before == after
        if outcome.done and not isinstance(call, StepFan):
            assert purifier.apply(call).code is OutcomeCode.UNCHANGED
        clock.advance(11)


@pytest.mark.parametrize("name", profile_names())
def test_refusals_name_what_is_lacking(name: str) -> None:
    """A call is refused exactly where the product lacks what it needs."""
    features = load_profile(name).capabilities
    lacking: Mapping[str, Mapping[str, tuple[str, ...]]] = {
        "set_mode": {"mode": features.modes},
        "set_light": {"level": features.lights},
        "set_option": {"option": features.options},
    }
    for call in FOR_DEVICES:
        outcome = SimulatedPurifier(clock=ScriptedClock(), profile=name).apply(call)
        for argument, known in lacking.get(call.call_name(), {}).items():
            value = str(call.arguments()[argument])
            assert (outcome.code is OutcomeCode.UNSUPPORTED) == (value not in known)
            if value not in known:
                assert outcome.detail == value
        if isinstance(call, SetFanLevel) and isinstance(call.level, int):
            beyond = call.level > features.fan_levels
            assert (outcome.code is OutcomeCode.OUT_OF_RANGE) == beyond
            if beyond:
                assert outcome.detail == str(features.fan_levels)
        if isinstance(call, ResetFilter) and not features.filter_reset:
            assert outcome.code is OutcomeCode.UNSUPPORTED
            assert outcome.detail == "filter"


@pytest.mark.parametrize("cls", [cls for cls in CALLS if cls not in DEVICE_CALLS])
def test_calls_for_the_agent_are_refused(cls: type[Call]) -> None:
    """What no appliance can be asked is refused by name, never an exception."""
    call = next(call for call in ALL if isinstance(call, cls))
    outcome = standing().apply(call)
    assert outcome.code is OutcomeCode.UNSUPPORTED
    assert outcome.detail == cls.call_name()


# Start, call, code, and the settings that differ afterwards.
EFFECTS: list[tuple[dict[str, object], str, OutcomeCode, dict[str, object]]] = [
    ({}, "set_power(state=off)", OutcomeCode.CONFIRMED, {"power": False}),
    ({}, "set_power(state=on)", OutcomeCode.UNCHANGED, {}),
    ({"power": "off"}, "set_power(state=off)", OutcomeCode.UNCHANGED, {}),
    (
        {"power": "off", "mode": "sleep"},
        "set_power(state=on)",
        OutcomeCode.CONFIRMED,
        {"power": True},
    ),
    ({}, "set_fan_level(level=4)", OutcomeCode.CONFIRMED, {"fan": 4}),
    ({}, "set_fan_level(level=2)", OutcomeCode.UNCHANGED, {}),
    ({}, "set_fan_level(level=max)", OutcomeCode.CONFIRMED, {"fan": 5}),
    ({}, "set_fan_level(level=6)", OutcomeCode.OUT_OF_RANGE, {}),
    (
        {"mode": "auto"},
        "set_fan_level(level=2)",
        OutcomeCode.CONFIRMED,
        {"mode": "manual", "fan": 2},
    ),
    (
        {"power": "off"},
        "set_fan_level(level=2)",
        OutcomeCode.CONFIRMED,
        {"power": True},
    ),
    ({}, "set_fan_percent(percent=0)", OutcomeCode.CONFIRMED, {"power": False}),
    ({}, "set_fan_percent(percent=41)", OutcomeCode.CONFIRMED, {"fan": 3}),
    ({}, "set_fan_percent(percent=40)", OutcomeCode.UNCHANGED, {}),
    (
        {"power": "off"},
        "set_fan_percent(percent=0)",
        OutcomeCode.UNCHANGED,
        {},
    ),
    ({}, "step_fan(by=+1)", OutcomeCode.CONFIRMED, {"fan": 3}),
    ({}, "step_fan(by=+9)", OutcomeCode.CONFIRMED, {"fan": 5}),
    ({}, "step_fan(by=-9)", OutcomeCode.CONFIRMED, {"fan": 1}),
    ({"fan": 5}, "step_fan(by=+1)", OutcomeCode.UNCHANGED, {}),
    ({"fan": 1}, "step_fan(by=-1)", OutcomeCode.UNCHANGED, {}),
    (
        {"mode": "auto", "pm25": 80},
        "step_fan(by=-1)",
        OutcomeCode.CONFIRMED,
        {"mode": "manual", "fan": 3},
    ),
    ({"mode": "turbo"}, "step_fan(by=+1)", OutcomeCode.UNCHANGED, {}),
    ({"mode": "sleep"}, "step_fan(by=-1)", OutcomeCode.UNCHANGED, {}),
    (
        {"power": "off"},
        "step_fan(by=+1)",
        OutcomeCode.CONFIRMED,
        {"power": True, "fan": 3},
    ),
    ({"power": "off"}, "step_fan(by=-1)", OutcomeCode.UNCHANGED, {}),
    (
        {},
        "set_mode(mode=auto)",
        OutcomeCode.CONFIRMED,
        {"mode": "auto", "fan": None},
    ),
    ({"mode": "auto"}, "set_mode(mode=auto)", OutcomeCode.UNCHANGED, {}),
    (
        {"mode": "auto", "fan": 4},
        "set_mode(mode=manual)",
        OutcomeCode.CONFIRMED,
        {"mode": "manual", "fan": 4},
    ),
    (
        {"power": "off"},
        "set_mode(mode=turbo)",
        OutcomeCode.CONFIRMED,
        {"power": True, "mode": "turbo", "fan": None},
    ),
    ({}, "set_light(level=dim)", OutcomeCode.CONFIRMED, {"light": "dim"}),
    ({}, "set_light(level=on)", OutcomeCode.UNCHANGED, {}),
    (
        {"power": "off"},
        "set_light(level=off)",
        OutcomeCode.CONFIRMED,
        {"light": "off"},
    ),
    (
        {},
        "set_option(option=uv, state=on)",
        OutcomeCode.CONFIRMED,
        {"option.uv": True},
    ),
    ({}, "set_option(option=uv, state=off)", OutcomeCode.UNCHANGED, {}),
    ({"filter": 100}, "reset_filter()", OutcomeCode.UNCHANGED, {}),
    ({"filter": 40}, "reset_filter()", OutcomeCode.CONFIRMED, {}),
]


@pytest.mark.parametrize(("start", "text", "code", "changes"), EFFECTS)
def test_effect_of_a_call(
    start: dict[str, object],
    text: str,
    code: OutcomeCode,
    changes: dict[str, object],
) -> None:
    """A call changes what it names, by the rules, and nothing else."""
    (call,) = parse(text).calls()
    outcome = standing(**start).apply(call)
    assert outcome.code is code
    assert differing(outcome.after.settings(), outcome.before) == changes


def test_power_resumes_what_was() -> None:
    """Off and on again, the level and the mode are as before."""
    for start in ({"fan": 4}, {"mode": "pet"}):
        purifier = standing(**start)
        before = purifier.state().settings()
        purifier.apply(SetPower(state="off"))
        assert purifier.apply(SetPower(state="on")).after.settings() == before


def test_step_counts_from_where_a_mode_heads() -> None:
    """In a mode, a step starts from the level it heads for, not the motor's present."""
    clock = ScriptedClock()
    purifier = SimulatedPurifier(clock=clock, noisy=False)
    purifier.apply(SetMode(mode="turbo"))
    clock.advance(0.5)
    assert purifier.state().fan_now < 5
    assert purifier.apply(StepFan(by=-1)).after.fan == 4


def test_child_lock_locks_the_panel_only() -> None:
    """With the child lock on, buttons are dead and calls still work."""
    purifier = standing(child_lock="on")
    before = purifier.state().settings()
    assert not any(purifier.press(b) for b in ("power", "fan", "mode", "light"))
    assert purifier.state().settings() == before
    assert purifier.apply(SetPower(state="off")).code is OutcomeCode.CONFIRMED
    assert purifier.press("child_lock")
    assert purifier.press("power")
    assert purifier.state().power


def test_panel_buttons_go_round() -> None:
    """Each button moves on to the next value, and after the last to the first."""
    purifier = standing(fan=4)
    levels = []
    for _ in range(3):
        assert purifier.press("fan")
        levels.append(purifier.state().fan)
    assert levels == [5, 1, 2]
    assert purifier.press("mode")
    assert purifier.state().mode == "auto"
    assert purifier.press("light")
    assert purifier.state().light == "off"
    assert purifier.press("power")
    assert not purifier.press("fan")
    assert not purifier.press("mode")


def test_panel_of_a_small_product() -> None:
    """A button for what the product lacks does nothing."""
    profile = load_profile("sim-basic")
    bare = profile.capabilities.model_copy(update={"options": (), "lights": ()})
    small = profile.model_copy(update={"capabilities": bare})
    purifier = SimulatedPurifier(clock=ScriptedClock(), profile=small)
    assert not purifier.press("child_lock")
    assert not purifier.press("light")
    assert purifier.press("fan")
