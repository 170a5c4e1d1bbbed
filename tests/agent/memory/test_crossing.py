from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.memory.crossing import SENSES, STALE_SECONDS, Watch, looked
from sanso.devices import UNITS, Reading, State
from sanso.grammars import When

ABOVE = When(metric="pm25", above=50)
BELOW = When(metric="humidity", below=30)


def met_at(
    trigger: When, values: list[float | None], seconds: float = 1.0
) -> list[int]:
    """Tell at which looks a condition is met, a look every so many seconds."""
    watch, found = Watch(), []
    for n, value in enumerate(values):
        reading = Reading() if value is None else Reading.of(value)
        state = State(readings={trigger.metric: reading})
        watch, met = looked(watch, trigger, state, n * seconds)
        found += [n] * met
    return found


def test_every_metric_has_its_band() -> None:
    """Whatever can be measured can be waited for."""
    assert set(UNITS) == set(SENSES)


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ([20.0, *[60.0] * 20], 11),  # ten seconds beyond
        ([50.0, *[51.0] * 20], 11),  # at the threshold is not beyond
        ([*[60.0] * 40], None),  # beyond from the beginning
        ([*[60.0] * 5, 46.0, *[60.0] * 20], None),  # came back, but not by a band
        ([*[60.0] * 5, 45.0, *[60.0] * 20], 16),  # came back by a band
        ([20.0, *[60.0] * 5, 47.0, *[60.0] * 20], 11),  # a dip inside the band
        ([20.0, *[60.0] * 5, 44.0, *[60.0] * 20], 17),  # a dip below it
        ([20.0, *[60.0] * 10, *[49.0] * 9, 60.0], 20),  # not beyond is not met
        ([None, 20.0, None, *[60.0] * 20], 13),  # what is missing does not count
        ([None, *[60.0] * 20], None),
    ],
)
def test_met_by_a_crossing_that_stays(
    values: list[float | None], first: int | None
) -> None:
    """A reading that was on the other side and stays beyond for the dwell meets the condition, nothing else."""
    assert first == next(iter(met_at(ABOVE, values)), None)


def test_downwards_is_the_same_mirrored() -> None:
    """A condition that waits for less needs the same, with its own band and dwell."""
    assert met_at(BELOW, [40.0, *[29.0] * 40])[0] == 31
    assert met_at(BELOW, [29.0] * 40) == []
    assert met_at(BELOW, [29.0, 32.9, *[29.0] * 40]) == []
    assert met_at(BELOW, [29.0, 33.0, *[29.0] * 40])[0] == 32


@pytest.mark.parametrize(
    "state",
    [
        State(readings={"pm25": Reading.of(90)}, online=False),
        State(readings={"pm25": Reading.of(90, STALE_SECONDS + 1)}),
        State(readings={"pm25": Reading.of(90)}, age_seconds=STALE_SECONDS + 1),
        State(readings={"pm25": Reading()}),
        State(),
    ],
)
def test_a_reading_that_may_be_past_does_not_count(state: State) -> None:
    """Old readings, old reports, lost links and missing sensors change nothing."""
    armed = Watch(armed=True, beyond_since=0.0, seen_at=99.0)
    assert (armed, False) == looked(armed, ABOVE, state, 100.0)


def test_a_look_that_is_missing_starts_the_dwell_anew() -> None:
    """Who looks once in an hour has not seen that the reading stayed beyond."""
    assert met_at(ABOVE, [20.0, 60.0, 60.0, 60.0], seconds=3600.0) == []
    assert met_at(ABOVE, [20.0, 60.0, 60.0], seconds=60.0) == [2]


@given(st.lists(st.floats(0, 100), max_size=60))
def test_it_is_never_met_without_a_crossing(values: list[float]) -> None:
    """Before it is met there was a reading on the other side, and ten seconds passed since."""
    for n in met_at(ABOVE, [*values])[:1]:
        assert values[n] > 50
        assert any(value <= 50 for value in values[: n - 9])
        last = max(i for i, value in enumerate(values[:n]) if value <= 50)
        assert n - last >= 1
        assert all(value > 45 for value in values[n - 10 : n])
