from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices import WriteFaults

MINUTE = 60.0
HOUR = 60 * MINUTE
OFFLINE = WriteFaults(offline=True)


def test_for_a_while_is_put_back_only_after_its_time(home: Any) -> None:
    """It is put back when the time is over, not a second before, and only once."""
    home.do("lasting(hours=0, minutes=30) -> set_mode(mode=turbo)")
    assert home.wait(30 * MINUTE - 1) == []
    assert home.purifier.state().mode == "turbo"
    assert len(home.wait(1)) == 1
    assert home.stands == ("on", "manual", 2, "on")
    home.do("set_mode(mode=turbo)")
    assert home.wait(HOUR) == []
    assert home.purifier.state().mode == "turbo"


def test_for_a_while_puts_an_off_purifier_back_off(make_home: Any) -> None:
    """On for two hours means off afterwards, also if the mode was changed in between."""
    home = make_home(power="off")
    home.do("lasting(hours=2, minutes=0) -> set_power(state=on)")
    home.wait(HOUR)
    home.do("set_mode(mode=sleep)")
    home.wait(HOUR)
    assert home.stands[:2] == ("off", "sleep")


@pytest.mark.parametrize("later", ["lasting(hours=0, minutes=40)", "again"])
def test_for_a_while_said_again_goes_back_to_the_beginning(
    home: Any, later: str
) -> None:
    """The same wish repeated or prolonged counts from then, and goes back to before the first."""
    first = "lasting(hours=0, minutes=30) -> set_mode(mode=turbo)"
    home.do(first)
    home.wait(10 * MINUTE)
    home.do(first if later == "again" else f"{later} -> set_mode(mode=turbo)")
    assert len(home.waiting) == 1
    home.wait(29 * MINUTE)
    assert home.stands[1] == "turbo"
    home.wait(11 * MINUTE)
    assert home.stands == ("on", "manual", 2, "on")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("set_power(state=off)", ("off", "manual", 2, "on")),
        ("set_mode(mode=sleep)", ("on", "sleep", None, "on")),
        ("set_light(level=off)", ("on", "manual", 2, "off")),
    ],
)
def test_the_end_of_a_while_takes_back_no_later_command(
    home: Any, command: str, expected: tuple[str, str, int | None, str]
) -> None:
    """What was commanded during the time stands when it is over: nothing is turned on again."""
    home.do("lasting(hours=0, minutes=30) -> set_mode(mode=turbo)")
    home.wait(10 * MINUTE)
    home.do(command)
    home.wait(20 * MINUTE)
    assert home.stands == expected


@pytest.mark.parametrize(("turbo", "sleep"), [(60, 20), (30, 60)])
def test_one_while_inside_or_across_another(home: Any, turbo: int, sleep: int) -> None:
    """However two of them overlap, the purifier ends as it stood before both."""
    home.do(
        f"lasting(hours={turbo // 60}, minutes={turbo % 60}) -> set_mode(mode=turbo)"
    )
    home.wait(10 * MINUTE)
    home.do(
        f"lasting(hours={sleep // 60}, minutes={sleep % 60}) -> set_mode(mode=sleep)"
    )
    home.wait(min(turbo - 10, sleep) * MINUTE)
    assert home.stands[1] == ("turbo" if sleep < turbo else "sleep")
    home.wait(HOUR)
    assert home.stands == ("on", "manual", 2, "on")


def test_what_was_not_done_is_not_put_back(home: Any) -> None:
    """Where the purifier could not be reached there is no end to wait for."""
    home.purifier.write_faults = OFFLINE
    home.do("lasting(hours=0, minutes=30) -> set_mode(mode=turbo)")
    assert home.waiting == []


def test_the_end_of_a_while_is_not_told_of_a_purifier_that_is_off(home: Any) -> None:
    """Who turned it off meanwhile is not told that it was turned off now."""
    home.do("lasting(hours=0, minutes=30) -> set_mode(mode=turbo)")
    home.do("set_power(state=off)")
    assert home.wait(HOUR) == []
    home.do("set_power(state=on)")
    assert home.stands == ("on", "manual", 2, "on")


def test_a_while_inside_another_that_looks_like_its_beginning(home: Any) -> None:
    """A short while at the level of before is no reason to forget the longer one."""
    home.do("lasting(hours=1, minutes=0) -> set_mode(mode=turbo)")
    home.do("lasting(hours=0, minutes=20) -> set_fan_level(level=2)")
    home.wait(20 * MINUTE)
    assert home.stands[1] == "turbo"
    home.wait(40 * MINUTE)
    assert home.stands == ("on", "manual", 2, "on")


CALLS = (
    *("set_mode(mode=turbo)", "set_mode(mode=sleep)", "set_light(level=off)"),
    *("set_fan_level(level=2)", "set_power(state=off)", "set_power(state=on)"),
)
WHILE = st.tuples(st.sampled_from(CALLS), st.integers(1, 40), st.integers(0, 20))


@given(st.lists(WHILE, max_size=5), st.sampled_from(["on", "off"]))
def test_whatever_is_said_for_a_while_passes(
    make_home: Any, whiles: list[tuple[str, int, int]], power: str
) -> None:
    """However many of them lie over one another, in the end all is as it was before them."""
    home = make_home(power=power)
    before = home.stands
    for call, minutes, pause in whiles:
        home.do(f"lasting(hours=0, minutes={minutes}) -> {call}")
        for _ in range(pause):
            home.wait(MINUTE)
    for _ in range(40):
        home.wait(MINUTE)
    assert (home.stands, home.waiting) == (before, [])
