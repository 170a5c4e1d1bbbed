"""Clocks: where the time comes from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices import AcceleratedClock, Clock, RealClock, ScriptedClock
from sanso.devices.clock import whole_seconds


def test_every_clock_is_one() -> None:
    """All three fulfil the protocol."""
    clocks = [RealClock(), AcceleratedClock(2), ScriptedClock()]
    assert all(isinstance(clock, Clock) for clock in clocks)


def test_scripted_clock_stands_still() -> None:
    """A scripted clock moves by what it is told, and by nothing else."""
    clock = ScriptedClock(100.0)
    assert clock.now() == 100.0
    clock.advance(2.5)
    assert clock.now() == 102.5


def test_accelerated_clock_multiplies() -> None:
    """Ten seconds of the base are ten minutes at factor 60."""
    base = ScriptedClock(1000.0)
    clock = AcceleratedClock(60, base)
    assert clock.now() == 1000.0
    base.advance(10)
    assert clock.now() == 1600.0


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_accelerated_clock_needs_a_factor(factor: float) -> None:
    """A factor that is no speed is refused at once."""
    with pytest.raises(ValueError, match="above 0"):
        AcceleratedClock(factor)


@pytest.mark.parametrize("seconds", [-1.0, float("nan")])
def test_scripted_clock_never_runs_back(seconds: float) -> None:
    """Time does not run backwards."""
    with pytest.raises(ValueError, match="backwards"):
        ScriptedClock().advance(seconds)


@given(st.floats(0, 2e9), st.integers(0, 10_000_000))
def test_whole_seconds_count_their_own_edges(since: float, count: int) -> None:
    """A moment made as `since + n` is n seconds later, whatever rounding did to it."""
    assert count == whole_seconds(since, since + count)
