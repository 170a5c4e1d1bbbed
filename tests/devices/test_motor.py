"""The motor: levels, noise, power, and a speed that lags."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.devices.motor import Motor, level_at, noise_db, power_watts, share_of
from sanso.grammars import SetFanLevel, SetPower

# The table of four levels: share, clean air m3/h of 270, noise dB(A), power W.
LEVELS = [
    (1, 0.2, 54, 22, 2.4),
    (2, 0.4, 108, 34, 5),
    (3, 0.7, 189, 46, 17),
    (4, 1.0, 270, 54, 47),
]


@pytest.mark.parametrize(("level", "share", "clean", "noise", "power"), LEVELS)
def test_four_levels_are_the_table(
    level: int, share: float, clean: float, noise: float, power: float
) -> None:
    """Four levels have the known air, noise and power."""
    assert share_of(level, 4) == pytest.approx(share)
    assert 270 * share_of(level, 4) == pytest.approx(clean)
    assert round(noise_db(share)) == noise
    assert power_watts(share) == pytest.approx(power, abs=0.5)


@given(st.integers(1, 18))
def test_levels_rise_to_full_speed(levels: int) -> None:
    """Any number of levels rises strictly, ends at full speed, and is told apart."""
    shares = [share_of(level, levels) for level in range(levels + 1)]
    assert shares == sorted(set(shares))
    assert shares[0] == 0
    assert shares[-1] == 1
    assert [*range(levels + 1)] == [level_at(share, levels) for share in shares]


def test_standing_still_is_silent() -> None:
    """No motion, no noise."""
    assert noise_db(0.0) == 0


def test_motor_slews_ten_percent_a_second() -> None:
    """From standstill to full speed takes ten seconds, linearly."""
    motor = Motor()
    motor.drive(1.0, 100.0)
    assert [motor.speed(100.0 + t) for t in (0, 1, 5, 9.5, 10, 99)] == pytest.approx(
        [0.0, 0.1, 0.5, 0.95, 1.0, 1.0]
    )
    motor.drive(0.4, 200.0)
    assert motor.speed(203) == pytest.approx(0.7)
    assert motor.speed(206) == pytest.approx(0.4)


def test_turning_round_half_way_starts_from_there() -> None:
    """A new target during a change is approached from the speed of that moment."""
    motor = Motor()
    motor.drive(1.0, 0.0)
    motor.drive(0.2, 5.0)
    assert motor.speed(5.0) == pytest.approx(0.5)
    assert motor.speed(6.0) == pytest.approx(0.4)
    assert motor.speed(8.0) == pytest.approx(0.2)


@given(
    start=st.floats(0, 2e9),
    low=st.floats(0, 1),
    high=st.floats(0, 1),
)
def test_held_speed_keeps_the_mean(start: float, low: float, high: float) -> None:
    """The pieces that the room sees carry as much air as the true change."""
    motor = Motor()
    motor.settle(low, start)
    motor.drive(high, start)
    moved, time = 0.0, start
    while (edge := motor.next_edge(time)) < math.inf:
        assert edge > time
        moved += motor.held_speed(time) * (edge - time)
        time = edge
    assert moved == pytest.approx((low + high) / 2 * (time - start), abs=1e-5)
    assert motor.held_speed(time) == high


def test_fan_now_lags_the_chosen_level(clock: ScriptedClock) -> None:
    """The chosen level is reported at once; the motor passes every level on its way."""
    purifier = SimulatedPurifier(clock=clock)
    purifier.apply(SetFanLevel(level=5))
    seen = []
    for _ in range(8):
        state = purifier.state()
        assert state.fan == 5
        seen.append(state.fan_now)
        clock.advance(1)
    assert seen == sorted(seen)
    assert set(seen) == {2, 3, 4, 5}


def test_fan_runs_down_when_switched_off(clock: ScriptedClock) -> None:
    """Power is off at once; the motor stands still some seconds later."""
    purifier = SimulatedPurifier(clock=clock)
    after = purifier.apply(SetPower(state="off")).after
    assert not after.power
    assert after.fan_now == 2
    clock.advance(4)
    assert purifier.state().fan_now == 0
    assert purifier.noise_db == 0
    assert purifier.power_watts == 0


def test_noise_and_power_follow_the_motor(clock: ScriptedClock) -> None:
    """At full speed it makes 54 dB(A) and draws 47 W."""
    purifier = SimulatedPurifier(clock=clock)
    purifier.apply(SetFanLevel(level="max"))
    clock.advance(60)
    assert purifier.noise_db == pytest.approx(54)
    assert purifier.power_watts == pytest.approx(47)
