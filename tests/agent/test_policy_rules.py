"""A policy is a file: what it may hold, and what is said of a wrong one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.policy_rules import (
    Rules,
    RulesError,
    load_rules,
    parse_rules,
    policy_names,
)
from sanso.agent.policy_terms import DAYS, Day, Hours, read_hours
from sanso.grammars import parse

QUIET = '[[quiet]]\nname = "night"\nhours = "22:00-07:00"\n'
CONFIRM = '[[confirm]]\nname = "c"\ncalls = '
WRONG = {
    "a =": "is not TOML: Invalid value (at end of document); mend that line",
    "quiet = 3": "quiet is '3'; put a list, [like, this] there",
    "[quiet]\nname = 'x'": "quiet is \"{'name': 'x'}\"; put a list, [like, this] there",
    "queit = 1": "there is no queit; did you mean quiet?",
    f"{QUIET}levle = 2": "there is no quiet[1].levle; choose from days, highest_level, hours, light, name, sound",
    f"{QUIET}highest_levle = 2": "there is no quiet[1].highest_levle; did you mean highest_level?",
    QUIET: "quiet[1]: it holds nothing back; give highest_level, light or sound",
    f"{QUIET}highest_level = 11": "quiet[1].highest_level is '11'; put a number of at most 10 there",
    f"{QUIET}highest_level = 0": "quiet[1].highest_level is '0'; put a number of at least 1 there",
    f"{QUIET}highest_level = true": "quiet[1].highest_level is 'True'; put a whole number there",
    f"{QUIET}light = 'on'": "quiet[1].light has no value 'on'; choose from dim, off",
    f"{QUIET}sound = 'off'\ndays = []": "quiet[1].days is '[]'; put a list with something in it there",
    f"{QUIET}sound = 'off'\ndays = ['monday']": "quiet[1].days[1] has no value 'monday'; did you mean mon?",
    "[[quiet]]\nname = 'n'\nsound = 'off'": "quiet[1].hours is missing; write it",
    "[[quiet]]\nname = 'n'\nsound = 'off'\nhours = '22-7'": "quiet[1].hours: '22-7' is no span of hours; write it like 22:00-07:00",
    "[[ceiling]]\nname = 'c'\nhours = '10:00-00:00'\nhighest_level = 1": "ceiling[1].hours: '10:00-00:00' has no length or ends at 00:00; write 24:00 for the end of a day",
    "[[ceiling]]\nname = 'c'": "ceiling[1].highest_level is missing; write it",
    "[[ceiling]]\nname = ''\nhighest_level = 1": "ceiling[1].name is ''; put at least one letter there",
    "[pace]\nmotor_seconds = 1.5": "pace.motor_seconds is '1.5'; put a whole number there",
    "[pace]\nname = 'a'\n[[ceiling]]\nname = 'a'\nhighest_level = 1": "two rules are named 'a'; rename one of them",
    f"{CONFIRM}'x'": "confirm[1].calls is 'x'; put a list, [like, this] there",
    f"{CONFIRM}['set_mod()']": "confirm[1].calls[1]: there is no call 'set_mod'; did you mean set_mode?",
    f"{CONFIRM}['undo(', 'x']": "confirm[1].calls[1]: 'undo(' is no call; write it like reset_filter() or set_mode(mode=turbo)",
    f"{CONFIRM}['set_mode(turbo)']": "confirm[1].calls[1]: 'turbo' is no argument; write it like state=off",
    f"{CONFIRM}['set_mode(mod=eco)']": "confirm[1].calls[1]: set_mode has no argument 'mod'; did you mean mode?",
    f"{CONFIRM}['set_fan_percent(percent=101)']": "confirm[1].calls[1]: percent has no value '101'; choose from 0 to 100",
    "[[caller]]\nname = 'x'\nmay = 'do'": "caller[1].may has no value 'do'; choose from act, configure, read",
    "[[caller]]\nname = 3\nmay = 'act'": "caller[1].name is '3'; put a text in quotes, \"like this\" there",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_policy_is_one_line(text: str) -> None:
    """Every wrong policy is told in one line: the key, the cause, the cure."""
    with pytest.raises(RulesError) as caught:
        parse_rules(text, path="my.toml")
    told = WRONG[text]
    glue = " " if told.startswith("is not TOML") else ": "
    assert f"policy my.toml{glue}{told}" == str(caught.value)
    assert caught.value.path == "my.toml"


def test_policies_that_are_no_files(tmp_path: Path) -> None:
    """A name that is none, a file that is missing and one that is no text are told with a cure."""
    with pytest.raises(RulesError, match="no policy 'hous'; did you mean house"):
        load_rules("hous")
    with pytest.raises(RulesError, match="No such file or directory; check the path"):
        load_rules(str(tmp_path / "none.toml"))
    path = tmp_path / "raw.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RulesError, match="is not a file of UTF-8 text; save it"):
        load_rules(str(path))


def test_the_policies_of_the_package() -> None:
    """By default nothing is forbidden and two things want a yes; the house is quiet at night."""
    assert policy_names() == ["default", "house"]
    default, house = load_rules(), load_rules("house")
    assert (default.timed, default.caller, default.others) == ((), (), "configure")
    for rules in (default, house):
        patterns = [p for rule in rules.confirm for p in rule.calls]
        for text, fits in {
            "reset_filter()": True,
            "set_option(option=child_lock, state=off)": True,
            "set_option(option=child_lock, state=on)": False,
            "set_option(option=uv, state=off)": False,
        }.items():
            call = parse(text).calls()[0]
            assert fits == any(p.fits(call) for p in patterns), text
    night = house.quiet[0]
    assert night.bounds == (2, "dim", "off")
    assert (Hours(22 * 60, 7 * 60), DAYS) == (night.hours, night.days)
    assert night.hours.until == "07:00"


def test_patterns_leave_arguments_open() -> None:
    """An argument that is not written may be anything; a step is known by its number."""
    rules = parse_rules(
        f"{CONFIRM}['set_mode', 'set_option(state=off)', 'step_fan(by=+2)']", path="p"
    )
    any_mode, off, step = rules.confirm[0].calls
    assert any_mode.fits(parse("set_mode(mode=eco)").calls()[0])
    assert off.fits(parse("set_option(option=uv, state=off)").calls()[0])
    assert not off.fits(parse("set_option(option=uv, state=on)").calls()[0])
    assert step.fits(parse("step_fan(by=+2)").calls()[0])
    assert not step.fits(parse("step_fan(by=-2)").calls()[0])


def test_the_first_caller_that_fits_counts() -> None:
    """Callers are looked up in order; whom none fits may do what all others may."""
    text = (
        "others = 'read'\n[[caller]]\nname = 'mqtt:kitchen'\nmay = 'configure'\n"
        "[[caller]]\nname = 'mqtt:*'\nmay = 'act'\n"
    )
    rules = parse_rules(text, path="p")
    assert rules.may("mqtt:kitchen") == ("configure", "mqtt:kitchen")
    assert rules.may("mqtt:hall") == ("act", "mqtt:*")
    assert rules.may("") == ("read", "")


def test_a_rule_without_hours_never_ends() -> None:
    """A ceiling that names no hours holds around the clock, and tells no end."""
    rules = parse_rules("[[ceiling]]\nname = 'c'\nhighest_level = 3", path="p")
    assert rules.ceiling[0].hours.until == ""
    for hour in range(24):
        assert rules.holding(datetime(2026, 2, 3, hour)) == rules.timed  # noqa: DTZ001 - the wall's clock
    assert rules.holding(None) == rules.timed


_MINUTES = st.integers(0, 1439)


@given(
    start=_MINUTES,
    end=st.integers(1, 1440),
    days=st.sets(st.sampled_from(DAYS), min_size=1),
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_hours_hold_from_a_named_day_on(
    start: int, end: int, days: set[Day], moment: datetime
) -> None:
    """Hours hold exactly from their start on a named day to their end, across midnight where the end comes first."""
    if start == end:
        return
    text = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    held = False
    for back in (0, 1):
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        begun = midnight - timedelta(days=back)
        first = begun + timedelta(minutes=start)
        last = begun + timedelta(minutes=end if end > start else end + 1440)
        held |= DAYS[begun.weekday()] in days and first <= moment < last
    assert held == read_hours(text).holds(moment, tuple(days))


def test_rules_are_frozen() -> None:
    """Nobody changes a policy after it was checked."""
    with pytest.raises(ValueError, match="frozen"):
        Rules().others = "read"
