from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.memory.timekeeper import BUILD_YEAR_EPOCH, Machine, Timekeeper
from sanso.agent.wording import word_clock_unknown
from sanso.devices import AcceleratedClock, ScriptedClock

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
UNKNOWN = word_clock_unknown("en")


def moved(home: Any, seconds: float) -> list[str]:
    """Move the clock on the wall; what is told then."""
    home.clocks.wall += seconds
    told: list[str] = home.agent.tick()
    return told


def rebooted(home: Any, wall: float) -> list[str]:
    """Cut the power, and start with the clock at a time; what is told first."""
    home.drop()
    home.clocks.wall = wall
    home.clocks.running = 20.0
    home.clocks.boot += "+"
    told: list[str] = home.begin().tick()
    return told


@pytest.mark.parametrize("step", [-3 * HOUR, -90.0, 90.0, 3 * HOUR, 3 * DAY])
@pytest.mark.parametrize("restart", [False, True])
def test_a_span_is_kept_when_the_clock_is_moved(
    home: Any, step: float, *, restart: bool
) -> None:
    """Two hours are two hours, wherever the clock is put in between, also while the agent is away."""
    home.do("after(hours=2, minutes=0) -> set_power(state=off)")
    home.do("lasting(hours=3, minutes=0) -> set_light(level=off)")
    home.wait(HOUR)
    if restart:
        home.drop()
        home.clocks.wall += step
        assert home.begin().tick() == []
    else:
        assert moved(home, step) == []
    assert home.wait(HOUR - 1) == []
    assert home.wait(1) == ["As scheduled: purifier turned off."]
    assert home.wait(HOUR - 1) == []
    assert len(home.wait(1)) == 1
    assert home.stands == ("off", "manual", 2, "on")


def test_many_small_moves_are_one_large_one(home: Any) -> None:
    """A clock that is moved a second every minute does not shorten a span by more than two seconds."""
    home.do("after(hours=1, minutes=0) -> set_power(state=off)")
    for _ in range(59):
        home.clocks.wall += 1
        assert home.wait(MINUTE) == []
    assert home.wait(MINUTE - 2.5) == []
    assert len(home.wait(2.5)) == 1


def test_a_clock_time_follows_the_clock(home: Any) -> None:
    """Put back, a clock time comes later; put forward past it by minutes, it comes at once."""
    # It is 9:00 in Seoul.
    home.do("at(time=10:00, repeat=once) -> set_mode(mode=turbo)")
    home.do("at(time=08:30, repeat=once) -> set_light(level=off)")
    assert moved(home, -HOUR) == []
    assert home.wait(29 * MINUTE) == []
    assert home.wait(MINUTE) == ["As scheduled: light turned off."]
    assert moved(home, HOUR) == []
    assert moved(home, 35 * MINUTE) == ["As scheduled: switched to turbo mode."]


def test_a_clock_time_that_was_jumped_over_by_hours_is_late(home: Any) -> None:
    """Put forward by hours, the clock leaves behind what turns up, and does what turns down, and says why."""
    home.do("at(time=10:00, repeat=once) -> set_mode(mode=turbo)")
    home.do("at(time=10:01, repeat=once) -> set_light(level=off)")
    assert moved(home, 5 * HOUR) == [
        "The clock was moved past this timer, and I did not do it: turbo mode at 10 AM.",
        "The clock was moved past a timer, and I did it now: light turned off.",
    ]
    assert home.stands == ("on", "manual", 2, "off")


@pytest.mark.parametrize("restart", [False, True])
def test_a_schedule_comes_once_a_day_however_the_clock_is_moved(
    home: Any, *, restart: bool
) -> None:
    """Put back to before a schedule's time of today, the clock does not bring it again."""
    home.do("at(time=09:10, repeat=daily) -> set_light(level=off)")
    assert len(home.wait(10 * MINUTE)) == 1
    assert moved(home, -30 * MINUTE) == []
    if restart:
        home.restart()
    for _ in range(23):
        assert home.wait(HOUR) == []
    assert len(home.wait(90 * MINUTE)) == 1


def test_without_a_clock_at_boot_spans_run_and_clock_times_wait(home: Any) -> None:
    """Until the clock is set, hours are counted as they pass, no time of day comes, and both is said."""
    home.do("after(hours=2, minutes=0) -> set_light(level=off)")
    home.do("at(time=12:00, repeat=daily) -> set_mode(mode=sleep)")
    true = home.clocks.wall
    home.wait(HOUR)
    assert rebooted(home, 1_000.0) == []
    told = home.do("query(item=timer)")
    assert told == (
        "2 timers are set. I will turn off the light in 1 hour. "
        f"I will switch to sleep mode every day at noon. {UNKNOWN}"
    )
    assert home.do("at(time=13:00, repeat=once) -> set_power(state=off)").endswith(
        UNKNOWN
    )
    assert home.wait(30 * MINUTE) == []
    # Set at last: it is 11:00 in Seoul; the machine was off for half an hour.
    assert moved(home, true + 2 * HOUR - home.clocks.wall) == [
        "This came due while I was stopped, and I did it now: light turned off."
    ]
    assert UNKNOWN not in home.do("query(item=timer)")
    assert home.wait(HOUR) == ["As scheduled: switched to sleep mode."]
    assert home.wait(HOUR) == ["As scheduled: purifier turned off."]


def test_a_clock_that_nobody_sets_lets_spans_end(home: Any) -> None:
    """Where no clock ever comes, a span still ends after its time."""
    home.do("after(hours=2, minutes=0) -> set_light(level=off)")
    home.wait(HOUR)
    rebooted(home, 1_000.0)
    assert home.wait(HOUR - 1) == []
    assert home.wait(1) == ["As scheduled: light turned off."]


def test_a_clock_that_was_stored_goes_on_late(home: Any) -> None:
    """A boot at the time of some hours ago holds clock times until that time is past."""
    home.do("at(time=09:30, repeat=daily) -> set_light(level=off)")
    home.wait(HOUR)
    home.do("set_light(level=on)")
    assert rebooted(home, home.clocks.wall - 50 * MINUTE) == []
    assert home.wait(30 * MINUTE) == []
    assert UNKNOWN in home.do("query(item=timer)")
    assert home.wait(30 * MINUTE) == []
    assert UNKNOWN not in home.do("query(item=timer)")
    assert home.wait(DAY - 40 * MINUTE) != []


def test_two_boots_without_a_clock(home: Any) -> None:
    """A second power cut before the clock is set loses nothing of what is left of a span."""
    home.do("after(hours=3, minutes=0) -> set_light(level=off)")
    home.wait(HOUR)
    rebooted(home, 1_000.0)
    assert home.wait(HOUR) == []
    rebooted(home, 1_000.0)
    assert home.wait(HOUR - 1) == []
    assert home.wait(1) == ["As scheduled: light turned off."]


def test_a_power_cut_with_a_clock_counts(home: Any) -> None:
    """Where the clock runs through a power cut, the time without power counts."""
    home.do("after(hours=2, minutes=0) -> set_power(state=off)")
    assert rebooted(home, home.clocks.wall + HOUR) == []
    assert home.wait(HOUR - 1) == []
    assert home.wait(1) == ["As scheduled: purifier turned off."]


def _restored(home: Any, outage: float) -> float:
    """Stop cleanly, lose power for a while, and boot at the time that was stored at the end; the true time."""
    true = float(home.clocks.wall) + outage
    home.clocks.is_set = False
    assert rebooted(home, home.clocks.wall + 5) == []
    return true


def test_a_clock_that_was_stored_at_the_end_hides_no_outage(home: Any) -> None:
    """Five hours without power, and a clock that goes on as if there had been none, until it is set."""
    home.do("after(hours=2, minutes=0) -> set_power(state=off)")
    home.do("at(time=22:00, repeat=daily) -> set_light(level=off)")
    home.wait(10 * MINUTE)
    true = _restored(home, 5 * HOUR)
    assert home.wait(30) == []
    told = home.do("query(item=timer)")
    assert "in 1 hour 50 minutes" in told
    assert UNKNOWN in told
    home.clocks.is_set = True
    (words,) = moved(home, true + 35 - home.clocks.wall)
    assert words.startswith("This came due while I was stopped")
    assert home.stands[0] == "off"
    assert UNKNOWN not in home.do("query(item=timer)")


def test_a_quick_boot_is_believed_once_the_clock_is_right(home: Any) -> None:
    """The system says that the clock is right, and it had not to be moved."""
    home.do("at(time=09:30, repeat=daily) -> set_light(level=off)")
    _restored(home, 5)
    assert UNKNOWN in home.do("query(item=timer)")
    home.clocks.is_set = True
    home.wait(1)
    assert UNKNOWN not in home.do("query(item=timer)")
    assert home.wait(31 * MINUTE) != []


def test_a_quick_boot_far_from_any_network_is_believed_in_the_end(home: Any) -> None:
    """After ten minutes; no clock time is held for ever."""
    home.do("at(time=09:30, repeat=daily) -> set_light(level=off)")
    _restored(home, 5)
    assert home.wait(9 * MINUTE) == []
    assert UNKNOWN in home.do("query(item=timer)")
    home.wait(2 * MINUTE)
    assert UNKNOWN not in home.do("query(item=timer)")
    assert home.wait(20 * MINUTE) != []


def test_this_machine_tells_whether_its_clock_is_set() -> None:
    """The system's answer can be asked for, whatever it is, and asking sets nothing."""
    before = time.time()
    assert Machine().is_set() in (True, False)
    assert abs(time.time() - before) < HOUR


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["pass", "move", "boot"]), st.floats(0, 30), st.booleans()
        ),
        max_size=12,
    )
)
def test_a_span_needs_as_long_as_it_says(
    events: list[tuple[str, float, bool]],
) -> None:
    """However the clock is moved and the process restarted in one boot, the shifts add up to the moves."""
    clock, running = ScriptedClock(), ScriptedClock()
    offset = [0.0]
    machine = Machine(lambda: clock.now() + offset[0], running.now, "boot")
    keeper = Timekeeper(machine.wall, machine)
    shifted = 0.0
    for kind, minutes, back in events:
        if kind == "pass":
            clock.advance(minutes * MINUTE)
            running.advance(minutes * MINUTE)
        elif kind == "move":
            offset[0] += -minutes * MINUTE if back else minutes * MINUTE
        else:
            keeper = Timekeeper(machine.wall, machine, keeper.stamp)
            shifted += keeper.found.shift - keeper.found.slept
            continue
        look = keeper.look()
        shifted += look.shift - look.slept
    assert abs(shifted - offset[0]) <= 2.0 + 1e-3


def test_a_clock_of_its_own_is_never_moved() -> None:
    """A clock that runs sixty times as fast takes no step, and neither does one that stands still."""
    base = ScriptedClock()
    for clock in (AcceleratedClock(60.0, base), ScriptedClock()):
        keeper = Timekeeper(clock.now, Machine(base.now, base.now, ""))
        for _ in range(10):
            base.advance(7.0)
            assert keeper.look().step == 0.0
        assert keeper.known


@pytest.mark.parametrize(
    ("wall", "known"), [(0.0, False), (BUILD_YEAR_EPOCH, True), (3e9, True)]
)
def test_a_clock_before_this_program_is_wrong(wall: float, *, known: bool) -> None:
    """A clock that shows a year before that of the program is not believed."""
    clock = ScriptedClock(wall)
    assert known == Timekeeper(clock.now, Machine(clock.now, clock.now, "")).known
