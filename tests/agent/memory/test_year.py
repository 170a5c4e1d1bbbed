"""A year of schedules against a plain reference: the calendar of a zone, written out hour by hour."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import pytest

from sanso.agent.memory.timekeeper import Look
from sanso.agent.memory.timers import entry_of, row_of
from sanso.agent.scheduler import MOST_PENDING, Scheduler
from sanso.devices import State
from sanso.grammars import Statement, parse

SCHEDULES = int(os.environ.get("SANSO_SCHEDULES", "150"))
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Seoul")
BEGIN = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
END = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
DAYS_BEYOND = 3
QUIET = State(power=True)
Day = list[tuple[int, int]]
Firing = tuple[float, str]


@cache
def calendar(zone: str) -> dict[str, Day]:
    """Give each local day's hours as they come: the moment, and the hour that the clock shows from then on."""
    days: dict[str, Day] = {}
    there = ZoneInfo(zone)
    for moment in range(BEGIN - 86400, END + DAYS_BEYOND * 86400, 3600):
        shown = datetime.fromtimestamp(moment, there)
        assert shown.minute == 0
        days.setdefault(f"{shown:%Y-%m-%d}", []).append((moment, shown.hour))
    return days


@cache
def shown_at(zone: str, clock: str) -> list[tuple[str, int]]:
    """Give each day's first minute that shows the time, or a later one."""
    hour, minute = map(int, clock.split(":"))
    found = []
    for day, hours in calendar(zone).items():
        begun = [(moment, shown) for moment, shown in hours if shown >= hour]
        for moment, shown in begun[:1]:
            found.append((day, moment + (minute * 60 if shown == hour else 0)))
    return found


def moments(zone: str, clock: str, repeat: str, since: int) -> Iterator[int]:
    """Yield when a schedule comes after a moment: on each fitting day, or on the first one."""
    for day, at in shown_at(zone, clock):
        weekend = datetime.fromisoformat(day).weekday() >= 5
        if repeat in ("weekdays", "weekends") and weekend != (repeat == "weekends"):
            continue
        if at > since:
            yield at
            if repeat == "once":
                return


def random_trigger(rng: Random) -> str:
    """Draw a trigger, half of the times in the hours in which clocks are changed."""
    if rng.random() < 0.15:
        minutes = rng.randrange(1, 24 * 60 + 60)
        return f"after(hours={minutes // 60}, minutes={minutes % 60})"
    hour = rng.choice([0, 1, 2, 3]) if rng.random() < 0.5 else rng.randrange(24)
    repeat = rng.choice(["once", "daily", "daily", "weekdays", "weekends"])
    return f"at(time={hour:02}:{rng.randrange(60):02}, repeat={repeat})"


def expected(zone: str, text: str, since: int) -> list[Firing]:
    """Tell by the reference when a statement comes in the year."""
    trigger, _, call = text.partition(" -> ")
    if trigger.startswith("after"):
        hours, minutes = (
            int(part.split("=")[1].strip(")")) for part in trigger.split(", ")
        )
        found = [since + hours * 3600 + minutes * 60]
    else:
        clock, repeat = (part.split("=")[1].strip(")") for part in trigger.split(", "))
        found = list(moments(zone, clock, repeat, since))
    return [(float(at), call) for at in found if at < END]


def restarted(scheduler: Scheduler, zone: str, now: float) -> Scheduler:
    """Give a scheduler that got everything from rows, as after a restart."""
    fresh = Scheduler(ZoneInfo(zone))
    rows = [row_of(entry, zone=zone) for entry in scheduler.snapshot()]
    fresh.load([entry_of(row) for row in rows], [], Look(now))
    return fresh


def statements(rng: Random, number: int) -> list[tuple[int, Statement]]:
    """Draw when what is said in a year, all different; most of it in winter."""
    texts: dict[str, int] = {}
    while len(texts) < number:
        level, state = rng.randrange(1, 11), rng.choice(["on", "off"])
        call = rng.choice(
            [f"set_fan_level(level={level})", f"set_power(state={state})"]
        )
        texts[f"{random_trigger(rng)} -> {call}"] = BEGIN + rng.randrange(180 * 86400)
    return sorted(
        ((at, parse(text).statements[0]) for text, at in texts.items()),
        key=lambda pair: pair[0],
    )


def lived(
    zone: str, said: list[tuple[int, Statement]], due: set[float], rng: Random
) -> list[Firing]:
    """Let a scheduler live through the year, looking a second before and at each moment; what came, and when."""
    stops = sorted({*due, *(moment - 1 for moment in due), *(at for at, _ in said)})
    waiting, found = list(said), []
    scheduler = Scheduler(ZoneInfo(zone))
    for now in stops:
        while entry := scheduler.take_due(now, QUIET):
            found.append((float(now), entry.statement.call.render()))
            assert not entry.late
            scheduler.finish(entry)
        while waiting and waiting[0][0] <= now:
            assert scheduler.add(waiting.pop(0)[1], now)
        if rng.random() < 0.002:
            scheduler = restarted(scheduler, zone, now)
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_schedules(zone: str) -> None:
    """Through a year with its changes of the clock and with restarts, every schedule comes when the calendar says, and not else."""
    rng = Random(f"{zone} {SCHEDULES}")
    left = -(-SCHEDULES // len(ZONES))
    firings = 0
    while left > 0:
        said = statements(rng, min(left, MOST_PENDING))
        left -= len(said)
        wanted = [f for at, s in said for f in expected(zone, s.render(), at)]
        found = lived(zone, said, {at for at, _ in wanted}, rng)
        assert sorted(wanted) == sorted(found)
        firings += len(found)
    assert firings > SCHEDULES


@pytest.mark.parametrize(
    ("zone", "clock", "expected_utc"),
    [
        ("America/New_York", "02:30", ["03-07T07:30", "03-08T07:00", "03-09T06:30"]),
        ("America/New_York", "01:30", ["10-31T05:30", "11-01T05:30", "11-02T06:30"]),
        ("Europe/Berlin", "02:00", ["03-28T01:00", "03-29T01:00", "03-30T00:00"]),
        ("Europe/Berlin", "02:59", ["10-24T00:59", "10-25T00:59", "10-26T01:59"]),
    ],
)
def test_the_reference_itself(zone: str, clock: str, expected_utc: list[str]) -> None:
    """The reference knows the nights in which clocks are changed, as they are in the almanac."""
    found = [
        datetime.fromtimestamp(at, UTC).isoformat()[5:16]
        for at in moments(zone, clock, "daily", BEGIN)
    ]
    place = found.index(expected_utc[0])
    assert expected_utc == found[place : place + 3]
