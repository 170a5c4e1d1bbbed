"""The filter: worn by dust or by time, and by nothing else."""

from __future__ import annotations

import pytest

from sanso.devices import OutcomeCode, ScriptedClock, SimulatedPurifier
from sanso.devices.filter import Filter
from sanso.grammars import ResetFilter, SetFanLevel, SetPower

DAY = 86_400.0


def test_twelve_grams_take_185_days() -> None:
    """270 m3/h at 10 ug/m3 catch the rated 12 g in about 185 days."""
    worn = Filter(days=1e9)
    hours = 0
    while worn.percent > 0:
        worn.load(dust_mg=270 * 10 / 1000, seconds=3600)
        hours += 1
    assert hours / 24 == pytest.approx(185, abs=0.5)


def test_time_wears_too() -> None:
    """In clean air a filter lasts its 180 days."""
    worn = Filter()
    worn.load(0.0, 90 * DAY)
    assert worn.percent == 50
    assert worn.days_left == 90
    worn.load(0.0, 90 * DAY)
    assert worn.percent == 0
    assert worn.days_left == 0


def test_dust_shortens_the_days_left() -> None:
    """A filter that caught half its mass in 30 days has 30 more."""
    worn = Filter()
    worn.load(6000.0, 30 * DAY)
    assert worn.percent == 50
    assert worn.days_left == 30


def test_clean_air_halves_at_the_rated_mass() -> None:
    """A new filter gives all its clean air, a spent one half of it, and no less."""
    worn = Filter()
    assert worn.clean_air_share == 1
    worn.load(12_000, 1)
    assert worn.clean_air_share == 0.5
    worn.load(12_000, 1)
    assert worn.clean_air_share == 0.5


def test_purifier_catches_what_it_takes_from_the_air(clock: ScriptedClock) -> None:
    """In balance, the filter gains what enters the room and does not settle."""
    purifier = SimulatedPurifier.from_settings({"filter": 100}, clock=clock)
    purifier.apply(SetFanLevel(level=5))
    clock.advance(DAY)
    held = purifier.room.values()
    caught = purifier.appliance.filter.caught_mg
    clock.advance(DAY)
    gained = purifier.appliance.filter.caught_mg - caught
    assert gained == pytest.approx(24 * 270 * held["pm10"] / 1000, rel=0.01)


def test_filter_wears_only_while_the_fan_turns(clock: ScriptedClock) -> None:
    """A purifier that is off ages no filter."""
    purifier = SimulatedPurifier.from_settings({"power": "off"}, clock=clock)
    before = purifier.appliance.filter.used_seconds
    clock.advance(30 * DAY)
    assert before == purifier.appliance.filter.used_seconds
    purifier.apply(SetPower(state="on"))
    clock.advance(DAY)
    used = purifier.appliance.filter.used_seconds
    assert used - before == pytest.approx(DAY, abs=1e-3)


def test_worn_filter_cleans_less(clock: ScriptedClock) -> None:
    """With a spent filter more dust stays in the room."""
    left = []
    for percent in (100, 0):
        start = {"filter": percent, "fan": 5, "pm25": 200}
        purifier = SimulatedPurifier.from_settings(start, clock=clock)
        clock.advance(600)
        left.append(purifier.room.values()["pm25"])
    assert left[1] > 1.5 * left[0]


def test_reset_is_confirmed_by_the_counter(clock: ScriptedClock) -> None:
    """After a reset the counter reads 100; a second one changes nothing."""
    purifier = SimulatedPurifier(clock=clock)
    outcome = purifier.apply(ResetFilter())
    assert outcome.code is OutcomeCode.CONFIRMED
    assert outcome.before.filter_percent == 80
    assert outcome.after.filter_percent == 100
    assert outcome.after.filter_days == 180
    assert purifier.apply(ResetFilter()).code is OutcomeCode.UNCHANGED
