"""Sensors: warm-up, noise that is seeded, deadband, failure."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import UNITS, NoReading, ScriptedClock, SimulatedPurifier, State
from sanso.devices.sensors import SENSOR_KINDS, Sensors, noise
from sanso.grammars import SetMode, SetPower

TRUE_AIR = {
    "pm25": 100.0,
    "pm10": 150.0,
    "co2": 800.0,
    "tvoc": 200.0,
    "humidity": 45.0,
    "temperature": 22.0,
}


def missing(state: State) -> set[NoReading | None]:
    """Return the reasons why readings are missing."""
    return {reading.missing for reading in state.readings.values()}


def test_every_metric_has_a_kind_of_sensor() -> None:
    """The sensors know exactly the metrics of the interface."""
    assert set(UNITS) == set(SENSOR_KINDS)


def test_warm_up_takes_thirty_seconds(clock: ScriptedClock) -> None:
    """Off, then half a minute of warming up after switching on, then numbers."""
    purifier = SimulatedPurifier.from_settings({"power": "off"}, clock=clock)
    assert missing(purifier.state()) == {NoReading.OFF}
    purifier.apply(SetPower(state="on"))
    assert missing(purifier.state()) == {NoReading.WARMING_UP}
    clock.advance(29.9)
    assert missing(purifier.state()) == {NoReading.WARMING_UP}
    clock.advance(0.1)
    assert missing(purifier.state()) == {None}
    purifier.apply(SetPower(state="off"))
    assert missing(purifier.state()) == {NoReading.OFF}


@pytest.mark.parametrize("start", [0.0, 0.3, 1_767_225_600.7])
def test_warm_up_ends_on_any_clock(start: float) -> None:
    """The fraction of a second at which a clock starts does not shift the end."""
    clock = ScriptedClock(start)
    purifier = SimulatedPurifier.from_settings({"power": "off"}, clock=clock)
    purifier.apply(SetPower(state="on"))
    clock.advance(30)
    assert missing(purifier.state()) == {None}


def test_default_purifier_is_warm(clock: ScriptedClock) -> None:
    """A purifier that starts switched on has readings at once."""
    assert missing(SimulatedPurifier(clock=clock).state()) == {None}


def test_missing_sensors_are_absent(clock: ScriptedClock) -> None:
    """Metrics that the product lacks are there, as absent."""
    state = SimulatedPurifier(clock=clock, profile="sim-basic").state()
    assert set(state.readings) == set(UNITS)
    absent = {m for m, r in state.readings.items() if r.missing is NoReading.ABSENT}
    assert absent == set(UNITS) - {"pm25"}


def test_noise_is_seeded(clock: ScriptedClock) -> None:
    """The same seed reads the same; another seed does not."""

    def course(seed: int) -> list[float | None]:
        own = ScriptedClock(clock.now())
        purifier = SimulatedPurifier(clock=own, seed=seed)
        values = []
        for _ in range(20):
            own.advance(31)
            values.append(purifier.state().readings["pm25"].value)
        return values

    assert course(1) == course(1)
    assert course(1) != course(2)


@pytest.mark.parametrize("metric", SENSOR_KINDS)
def test_noise_is_bounded_and_fair(metric: str) -> None:
    """Noise lies within one, has the mean 0 and the spread of two uniform parts."""
    drawn = [noise(7, metric, second) for second in range(20_000)]
    assert max(map(abs, drawn)) < 1
    assert statistics.mean(drawn) == pytest.approx(0, abs=0.02)
    assert statistics.pstdev(drawn) == pytest.approx((1 / 6) ** 0.5, abs=0.02)
    shifted = statistics.correlation(drawn[:-1], drawn[1:])
    assert shifted == pytest.approx(0, abs=0.03)


def test_noise_of_two_metrics_is_independent() -> None:
    """The noise of one sensor or seed says nothing about another's."""
    one = [noise(7, "pm25", second) for second in range(20_000)]
    for seed, metric in [(7, "pm10"), (8, "pm25")]:
        other = [noise(seed, metric, second) for second in range(20_000)]
        assert statistics.correlation(one, other) == pytest.approx(0, abs=0.03)


@given(seed=st.integers(0, 2**32), second=st.integers(0, 10_000))
def test_readings_stay_near_the_truth(seed: int, second: int) -> None:
    """A reading is off by noise of max(2, 5 %), the deadband and rounding at most."""
    sensors = Sensors(UNITS, seed=seed)
    sensors.switch_on(0.0, TRUE_AIR)
    for moment in range(second, second + 40):
        sensors.sample(float(moment), TRUE_AIR)
    reading = sensors.readings(second + 39.0)["pm25"]
    if second + 39 >= 30:
        assert reading.value == pytest.approx(100, abs=5 + 1 + 0.5)


def test_without_noise_the_truth_is_read(clock: ScriptedClock) -> None:
    """Sensors without noise read the true value, rounded."""
    state = SimulatedPurifier.from_settings(TRUE_AIR, clock=clock).state()
    read = {name: reading.value for name, reading in state.readings.items()}
    assert read == TRUE_AIR


def test_deadband_holds_small_changes_back() -> None:
    """Between refreshes a change is reported only beyond the deadband."""
    sensors = Sensors(["pm25"], noisy=False, warm_up_seconds=0)
    sensors.switch_on(0.0, {"pm25": 50.0})
    sensors.sample(1.0, {"pm25": 51.0})
    assert sensors.value("pm25", 1.0) == 50
    sensors.sample(2.0, {"pm25": 52.0})
    assert sensors.value("pm25", 2.0) == 52
    sensors.sample(3.0, {"pm25": 53.0})
    assert sensors.value("pm25", 3.0) == 52
    assert sensors.sample(30.0, {"pm25": 53.0})
    assert sensors.value("pm25", 30.0) == 53


@pytest.mark.parametrize(
    ("metric", "truth", "read"),
    [("pm25", 4000.0, 999), ("pm25", -3.0, 0), ("temperature", -60.0, -20)],
)
def test_range_ends_are_kept(metric: str, truth: float, read: float) -> None:
    """A sensor reports the end of its range for what lies beyond."""
    sensors = Sensors([metric], noisy=False, warm_up_seconds=0)
    sensors.switch_on(0.0, {metric: truth})
    assert sensors.value(metric, 0.0) == read


def test_age_counts_from_the_last_sample(clock: ScriptedClock) -> None:
    """A reading is never older than a second."""
    purifier = SimulatedPurifier(clock=clock)
    clock.advance(12.25)
    assert purifier.state().readings["pm25"].age_seconds == pytest.approx(0.25)


def test_failed_sensor_says_so_until_repaired(clock: ScriptedClock) -> None:
    """A broken sensor gives no number, the others still do."""
    purifier = SimulatedPurifier(clock=clock)
    purifier.fail_sensor("pm25")
    readings = purifier.state().readings
    assert readings["pm25"].missing is NoReading.FAILED
    assert readings["pm25"].value is None
    assert readings["pm10"].missing is None
    purifier.repair_sensor("pm25")
    assert purifier.state().readings["pm25"].missing is None


@settings(max_examples=30)
@given(st.lists(st.floats(0.001, 200), max_size=30), st.integers(0, 1000))
def test_looking_changes_nothing(pauses: list[float], seed: int) -> None:
    """A purifier that is looked at all the time ends where an unwatched one does."""
    states = []
    for watched in (True, False):
        clock = ScriptedClock()
        purifier = SimulatedPurifier(clock=clock, seed=seed)
        purifier.apply(SetMode(mode="auto"))
        purifier.begin("frying")
        for pause in pauses:
            clock.advance(pause)
            if watched:
                purifier.state()
        clock.advance(7.5)
        states.append(purifier.state())
    assert states[0] == states[1]
