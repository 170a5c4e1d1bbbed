from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.wording.bands import (
    LIMITS,
    Comfort,
    Grade,
    comfort,
    grade,
    whole,
    worst,
)
from sanso.devices import NoReading, Reading

values = st.floats(0, 6000, allow_nan=False)


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("pm25", 0, Grade.GOOD),
        ("pm25", 15, Grade.GOOD),
        ("pm25", 16, Grade.MODERATE),
        ("pm25", 35, Grade.MODERATE),
        ("pm25", 36, Grade.BAD),
        ("pm25", 75, Grade.BAD),
        ("pm25", 76, Grade.VERY_BAD),
        ("pm10", 30, Grade.GOOD),
        ("pm10", 31, Grade.MODERATE),
        ("pm10", 80, Grade.MODERATE),
        ("pm10", 81, Grade.BAD),
        ("pm10", 150, Grade.BAD),
        ("pm10", 151, Grade.VERY_BAD),
        ("co2", 1000, Grade.GOOD),
        ("co2", 1001, Grade.BAD),
        ("co2", 2001, Grade.VERY_BAD),
        ("tvoc", 220, Grade.GOOD),
        ("tvoc", 660, Grade.MODERATE),
        ("tvoc", 2200, Grade.BAD),
        ("tvoc", 2201, Grade.VERY_BAD),
    ],
)
def test_grade(metric: str, value: float, expected: Grade) -> None:
    """The bands end where their sources say."""
    assert expected == grade(metric, value)


@given(st.sampled_from(sorted(LIMITS)), values, values)
def test_more_is_never_better(metric: str, one: float, other: float) -> None:
    """A higher reading never has a better grade."""
    low, high = sorted((one, other))
    assert grade(metric, low) <= grade(metric, high)


@given(st.sampled_from(sorted(LIMITS)), values)
def test_word_fits_number(metric: str, value: float) -> None:
    """The grade is that of the number that is spoken, not of its hidden decimals."""
    assert grade(metric, whole(value)) == grade(metric, value)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (29, Comfort.DRY),
        (30, Comfort.SLIGHTLY_DRY),
        (39, Comfort.SLIGHTLY_DRY),
        (40, Comfort.COMFORTABLE),
        (60, Comfort.COMFORTABLE),
        (61, Comfort.HUMID),
    ],
)
def test_comfort(percent: float, expected: Comfort) -> None:
    """Humidity is comfortable where both sources agree that it is not dry."""
    assert expected == comfort(percent)


@given(values, values)
def test_worse_of_two(pm25: float, pm10: float) -> None:
    """The worse of PM2.5 and PM10 is the grade of the air."""
    readings = {"pm25": Reading.of(pm25), "pm10": Reading.of(pm10)}
    assert max(grade("pm25", pm25), grade("pm10", pm10)) == worst(readings)


def test_missing_readings_do_not_count() -> None:
    """A missing reading is left out, and without any there is no grade."""
    readings = {"pm25": Reading(None, NoReading.OFF), "pm10": Reading.of(20)}
    assert worst(readings) == Grade.GOOD
    assert worst({"pm25": Reading(None, NoReading.OFF)}) is None
    assert worst({}) is None


def test_no_grade_for_humidity() -> None:
    """What has no bands is not graded."""
    with pytest.raises(KeyError):
        grade("humidity", 40)
