from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.scheduler import MOST_PENDING, Entry, Scheduler
from sanso.devices import Reading, ScriptedClock, State
from sanso.grammars import Statement, parse

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
SEOUL = timezone(timedelta(hours=9), "KST")
QUIET = State(power=True)


def statement(text: str) -> Statement:
    """Give the one statement of a text."""
    return parse(text).statements[0]


def off_at(clock_time: str, repeat: str = "once") -> Statement:
    """Give a statement that switches off at a clock time."""
    return statement(f"at(time={clock_time}, repeat={repeat}) -> set_power(state=off)")


def moment(text: str, zone: tzinfo = SEOUL) -> float:
    """Give the seconds since the epoch of a local time without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def all_due(scheduler: Scheduler, now: float, state: State = QUIET) -> list[Entry]:
    """Take everything that is due."""
    found = []
    while entry := scheduler.take_due(now, state):
        found.append(entry)
    return found


def next_due(text: str, repeat: str, now: str) -> str:
    """Tell when a clock time comes next, in Seoul."""
    scheduler = Scheduler(SEOUL)
    scheduler.add(off_at(text, repeat), moment(now))
    (entry,) = scheduler.snapshot()
    assert entry.due is not None
    return f"{datetime.fromtimestamp(entry.due, SEOUL):%a %m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "repeat", "now", "expected"),
    # 1 January 2026 is a Thursday.
    [
        ("23:00", "once", "2026-01-01 22:59:59", "Thu 01-01 23:00"),
        ("23:00", "once", "2026-01-01 23:00", "Fri 01-02 23:00"),
        ("07:30", "once", "2026-01-01 23:00", "Fri 01-02 07:30"),
        ("00:00", "daily", "2026-01-01 00:00", "Fri 01-02 00:00"),
        ("07:30", "weekdays", "2026-01-02 07:00", "Fri 01-02 07:30"),
        ("07:30", "weekdays", "2026-01-02 08:00", "Mon 01-05 07:30"),
        ("07:30", "weekdays", "2026-01-03 07:00", "Mon 01-05 07:30"),
        ("07:30", "weekends", "2026-01-01 07:00", "Sat 01-03 07:30"),
        ("07:30", "weekends", "2026-01-03 07:30", "Sun 01-04 07:30"),
        ("07:30", "weekends", "2026-01-04 08:00", "Sat 01-10 07:30"),
        ("00:10", "weekends", "2026-01-02 23:50", "Sat 01-03 00:10"),
    ],
)
def test_a_clock_time_comes_on_the_next_fitting_day(
    text: str, repeat: str, now: str, expected: str
) -> None:
    """A clock time is the next one after now, by the local calendar, on a day that fits."""
    assert next_due(text, repeat, now) == expected


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["once", "daily", "weekdays", "weekends"]),
    st.floats(0, 366 * DAY),
    st.integers(-11 * 60, 14 * 60),
)
def test_the_next_time_is_later_and_shows_the_clock_time(
    hour: int, minute: int, repeat: str, seconds: float, offset: int
) -> None:
    """Whenever and wherever it is asked: later than now, within a week, at that time and kind of day."""
    zone = timezone(timedelta(minutes=offset))
    now = moment("2026-01-01", UTC) + seconds
    scheduler = Scheduler(zone)
    scheduler.add(off_at(f"{hour:02}:{minute:02}", repeat), now)
    (entry,) = scheduler.snapshot()
    assert entry.due is not None
    shown = datetime.fromtimestamp(entry.due, zone)
    assert now < entry.due <= now + 7 * DAY
    assert (shown.hour, shown.minute, shown.second) == (hour, minute, 0)
    if repeat in ("weekdays", "weekends"):
        assert (shown.weekday() >= 5) == (repeat == "weekends")
    else:
        assert entry.due <= now + DAY


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine stand in New York, by the rule of 2007 and no zone file."""
    monkeypatch.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
@pytest.mark.parametrize(
    ("text", "now_utc", "expected_utc"),
    [
        # Clocks go from 2:00 to 3:00 on 8 March 2026 (7:00 UTC): a night of 23 hours.
        ("07:00", "2026-03-08 04:00", "2026-03-08 11:00"),
        ("07:00", "2026-03-07 04:00", "2026-03-07 12:00"),
        # 2:30 does not exist on that day: the first moment after it is 3:00.
        ("02:30", "2026-03-08 06:00", "2026-03-08 07:00"),
        # They go back from 2:00 to 1:00 on 1 November (6:00 UTC): 25 hours.
        ("07:00", "2026-11-01 03:00", "2026-11-01 12:00"),
        # 1:30 comes twice: the first counts, and after it the next day's.
        ("01:30", "2026-11-01 04:00", "2026-11-01 05:30"),
        ("01:30", "2026-11-01 05:30", "2026-11-02 06:30"),
    ],
)
def test_clock_times_follow_daylight_saving(
    text: str, now_utc: str, expected_utc: str
) -> None:
    """A daily time is kept by the wall clock when it is put forward or back, once a day."""
    scheduler = Scheduler()
    scheduler.add(off_at(text, "daily"), moment(now_utc, UTC))
    (entry,) = scheduler.snapshot()
    assert entry.due == moment(expected_utc, UTC)


@pytest.mark.usefixtures("new_york")
def test_a_span_is_no_clock_time() -> None:
    """Two hours are two hours, also in the night when clocks are put forward."""
    now = moment("2026-03-08 06:00", UTC)
    scheduler = Scheduler()
    scheduler.add(statement("after(hours=2, minutes=0) -> set_power(state=off)"), now)
    assert all_due(scheduler, now + 2 * HOUR - 1) == []
    assert len(all_due(scheduler, now + 2 * HOUR)) == 1


def test_what_is_due_comes_once_and_in_order() -> None:
    """Due statements come soonest first, each once; the others stay."""
    clock = ScriptedClock()
    scheduler = Scheduler(SEOUL)
    texts = [
        "after(hours=0, minutes=30) -> set_light(level=off)",
        "after(hours=0, minutes=10) -> set_mode(mode=sleep)",
        "after(hours=1, minutes=0) -> set_power(state=off)",
    ]
    for text in texts:
        assert scheduler.add(statement(text), clock.now())
    clock.advance(30 * MINUTE)
    found = all_due(scheduler, clock.now())
    assert [e.statement.render() for e in found] == [texts[1], texts[0]]
    assert all_due(scheduler, clock.now()) == []
    assert [e.statement.render() for e in scheduler.snapshot()] == [texts[2]]


def test_what_repeats_waits_for_its_next_day() -> None:
    """A daily statement that is noticed days late comes once, then at its next time."""
    now = moment("2026-01-01 06:00")
    scheduler = Scheduler(SEOUL)
    scheduler.add(off_at("07:00", "daily"), now)
    assert len(all_due(scheduler, now + 3 * DAY + 2 * HOUR)) == 1
    assert [e.due for e in scheduler.snapshot()] == [now + 4 * DAY + HOUR]


def test_a_condition_comes_once_and_only_beyond_its_threshold() -> None:
    """A reading at the threshold has not passed it; one beyond it counts once, and none counts offline."""

    def state(value: float | None, *, online: bool = True) -> State:
        reading = Reading() if value is None else Reading.of(value)
        return State(power=True, readings={"pm25": reading}, online=online)

    scheduler = Scheduler()
    scheduler.add(statement("when(metric=pm25, above=50) -> set_mode(mode=turbo)"), 0)
    scheduler.add(statement("when(metric=pm25, below=10) -> set_mode(mode=auto)"), 0)
    quiet = (state(50), state(10), state(None), state(80, online=False))
    for second, seen in enumerate(quiet):
        assert all_due(scheduler, second, seen) == []
    assert all_due(scheduler, 10, state(50.5)) == []
    (above,) = all_due(scheduler, 20, state(50.5))
    assert above.statement.call == parse("set_mode(mode=turbo)").calls()[0]
    assert all_due(scheduler, 30, state(90)) == []
    assert all_due(scheduler, 40, state(9)) == []
    assert len(all_due(scheduler, 50, state(9))) == 1
    assert scheduler.snapshot() == ()


def test_a_full_list_still_takes_what_it_holds() -> None:
    """Beyond the limit nothing new waits, but a statement that waits already is set anew."""
    scheduler = Scheduler()
    texts = [
        f"after(hours=1, minutes={n}) -> set_power(state=off)"
        for n in range(MOST_PENDING + 1)
    ]
    assert [scheduler.add(statement(t), 0) for t in texts] == [True] * 32 + [False]
    assert not scheduler.takes(statement(texts[-1]))
    assert scheduler.takes(statement(texts[0]))
    assert scheduler.add(statement(texts[0]), 5 * HOUR)
    assert len(scheduler.snapshot()) == MOST_PENDING
    assert scheduler.snapshot()[-1].due == 6 * HOUR
