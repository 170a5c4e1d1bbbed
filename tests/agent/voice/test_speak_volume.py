from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sanso.agent.policy_rules import Rules, load_rules
from sanso.agent.voice.speak_volume import QUIET, house_volume

SEOUL = ZoneInfo("Asia/Seoul")
HOUSE = load_rules("house")


def at(clock: str, day: str = "2026-02-03") -> float:
    """Return the seconds since the epoch of a clock time, by default of a Tuesday."""
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=SEOUL).timestamp()


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [
        ("21:59", False),
        ("22:00", True),
        ("23:30", True),
        ("06:59", True),
        ("07:00", False),
    ],
)
def test_softer_in_the_quiet_hours(clock: str, quiet: bool) -> None:  # noqa: FBT001
    """The hours count by the purifier's clock, in its zone, at the moment of speaking."""
    now = [at("12:00")]
    volume = house_volume(HOUSE, lambda: now[0], SEOUL)
    assert volume() == 1.0
    now[0] = at(clock)
    assert volume() == (QUIET if quiet else 1.0)


def test_a_ceiling_is_no_quiet_hour() -> None:
    """A nap that only holds the fan back does not make the voice softer."""
    saturday = at("14:00", "2026-02-07")
    assert HOUSE.holding(datetime.fromtimestamp(saturday, SEOUL))
    assert house_volume(HOUSE, lambda: saturday, SEOUL)() == 1.0


@pytest.mark.parametrize("clock", ["12:00", "21:59", "22:00", "03:30", "07:00"])
def test_the_day_ahead(clock: str) -> None:
    """What is told of the hours to come is what it will be."""
    now = [at(clock)]
    volume = house_volume(HOUSE, lambda: now[0], SEOUL)
    ahead = volume.ahead()
    for minutes in range(0, 24 * 60, 7):
        now[0] = at(clock) + minutes * 60
        told = [loud for seconds, loud in ahead if seconds <= minutes * 60][-1]
        assert volume() == told
    assert house_volume(HOUSE, lambda: 1e300, SEOUL).ahead() == [(0.0, QUIET)]


def test_volumes_are_settings() -> None:
    """Both can be chosen; by night it is never louder than by day, and without rules always the same."""
    night = at("23:00")
    assert house_volume(HOUSE, lambda: night, SEOUL, quiet=0.1)() == 0.1
    assert house_volume(HOUSE, lambda: night, SEOUL, full=0.2)() == 0.2
    assert house_volume(Rules(), lambda: night, SEOUL, full=0.8)() == 0.8


def test_nobody_knows_the_time() -> None:
    """A clock that shows nothing a calendar has is taken for the quiet one."""
    assert house_volume(HOUSE, lambda: 1e300, SEOUL)() == QUIET
