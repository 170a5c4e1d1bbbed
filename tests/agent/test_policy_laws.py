"""What holds of every policy, program, purifier and moment: checked against the simulator, which knows no rules."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.agent.policy import review
from sanso.agent.policy_effects import held_back
from sanso.agent.policy_rules import Rules
from sanso.agent.policy_verdict import History, Review, Ruling
from sanso.agent.wording.language import LANGUAGES
from sanso.agent.wording.policy_words import word_lowered, word_refused, word_row
from sanso.devices import (
    Capabilities,
    Reading,
    ScriptedClock,
    SimulatedPurifier,
    State,
    load_profile,
)
from sanso.grammars import (
    After,
    At,
    Lasting,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetOption,
    Statement,
    draw_program,
    parse,
)

ZONES = [ZoneInfo(name) for name in ("Asia/Seoul", "Europe/Berlin", "America/New_York")]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BRIGHT = ("off", "dim", "on")
YEAR = (datetime(2026, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001 - seconds follow from them

drawn_programs = st.integers(0, 10**9).map(lambda n: draw_program(random.Random(n)))
tempting = st.tuples(
    st.sampled_from(
        ["", "after(hours=5, minutes=0) -> ", "at(time=23:30, repeat=daily) -> "]
    ),
    st.sampled_from(
        [
            "set_option(option=sound, state=on)",
            "set_light(level=on)",
            "set_mode(mode=turbo)",
            "step_fan(by=+1)",
        ]
    ),
).map("".join)
programs = (drawn_programs | tempting).map(parse)
minutes = st.integers(0, 1439)
spans = st.tuples(minutes, minutes).filter(lambda pair: pair[0] != pair[1] != 0)
hours = spans.map(
    lambda p: f"{p[0] // 60:02}:{p[0] % 60:02}-{p[1] // 60:02}:{p[1] % 60:02}"
)
days = st.lists(st.sampled_from(DAYS), min_size=1, unique=True)


@st.composite
def policies(draw: st.DrawFn) -> Rules:
    """Draw a policy with a few rules of every kind."""
    quiet = [
        {
            "name": f"q{i}",
            "hours": draw(hours),
            "days": draw(days),
            "highest_level": draw(st.integers(1, 10)),
            "light": draw(st.sampled_from([None, "off", "dim"])),
            "sound": draw(st.sampled_from([None, "off"])),
        }
        for i in range(draw(st.integers(0, 2)))
    ]
    ceiling = [
        {"name": f"c{i}", "highest_level": draw(st.integers(1, 10))}
        | ({"hours": draw(hours)} if draw(st.booleans()) else {})
        for i in range(draw(st.integers(0, 2)))
    ]
    pace = {
        key: draw(st.sampled_from([0, 0, 5, 60]))
        for key in ("motor_seconds", "power_seconds", "acts_per_minute")
    }
    confirm = [
        {"name": "yes", "calls": draw(st.lists(st.sampled_from(PATTERNS), min_size=1))}
    ]
    may = st.sampled_from(["read", "act", "configure"])
    caller = [{"name": "a*", "may": draw(may)}]
    tables: dict[str, Any] = {"quiet": quiet, "ceiling": ceiling, "pace": pace}
    return Rules.model_validate(
        {**tables, "confirm": confirm, "caller": caller, "others": draw(may)}
    )


PATTERNS = ("reset_filter()", "set_mode", "set_option(state=on)", "set_fan_level")
names = st.sampled_from(["sim", "sim-basic"])
powers = st.booleans()
levels = st.integers(1, 3)


def holds(rule: Any, moment: datetime) -> bool:
    """Tell, in a way of its own, whether a rule of certain hours holds at a clock time."""
    start, end = (timedelta(minutes=m) for m in (rule.hours.start, rule.hours.end))
    for back in (0, 1):
        day = datetime(moment.year, moment.month, moment.day) - timedelta(days=back)  # noqa: DTZ001
        last = day + end + (timedelta(days=1) if end <= start else timedelta())
        named = DAYS[day.weekday()] in rule.days
        if named and day + start <= moment.replace(tzinfo=None) < last:
            return True
    return False


def firings(statement: Statement, now: float, zone: ZoneInfo) -> list[datetime]:
    """Return the clock times at which a statement is carried out within eight days."""
    trigger = statement.trigger
    if trigger is None or isinstance(trigger, Lasting):
        return [datetime.fromtimestamp(now, zone)]
    if isinstance(trigger, After):
        return [datetime.fromtimestamp(now + trigger.total_minutes * 60, zone)]
    if not isinstance(trigger, At):
        return []
    found = []
    today = datetime.fromtimestamp(now, zone)
    hour, minute = map(int, trigger.time.split(":"))
    for step in range(8):
        day = today.date() + timedelta(days=step)
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
        weekend = day.weekday() > 4
        fits = {"weekdays": not weekend, "weekends": weekend}.get(trigger.repeat, True)
        skipped = moment.astimezone(UTC).astimezone(zone).hour != hour
        if fits and not skipped and moment.timestamp() > now:
            found.append(moment)
    return found[:1] if trigger.repeat == "once" else found


def check_absolute(
    statement: Statement, moment: datetime, rules: Rules, has: Capabilities
) -> None:
    """What names its own end may not be over a bound of the hour."""
    call = statement.call
    for rule in rules.timed:
        if not holds(rule, moment):
            continue
        level, light, sound = rule.bounds
        if isinstance(call, SetFanLevel) and level:
            asked = (
                call.level if isinstance(call.level, int) else has.level_of(call.level)
            )
            assert asked <= level
        if isinstance(call, SetFanPercent) and level:
            assert has.level_of_percent(call.percent) <= level
        if isinstance(call, SetLight) and light:
            assert BRIGHT.index(call.level) <= BRIGHT.index(light)
        if isinstance(call, SetOption) and sound and call.option == "sound":
            assert call.state == "off"


@given(
    program=programs,
    rules=policies(),
    profile=names,
    power=powers,
    fan=levels,
    when=st.datetimes(*YEAR),
    zone=st.sampled_from(ZONES),
    caller=st.sampled_from(["", "abc"]),
    pm25=st.sampled_from([5, 200]),
)
@settings(max_examples=250, deadline=None)
def test_nothing_forbidden_is_allowed(**drawn: Any) -> None:
    """Whatever a review lets through, on the simulator and by the clock, stays inside every rule; and its words are there."""
    rules, zone, program = drawn["rules"], drawn["zone"], drawn["program"]
    now = drawn["when"].timestamp()
    clock = ScriptedClock(now)
    given_ = {
        "power": drawn["power"],
        "fan": drawn["fan"],
        "light": "off",
        "pm25": drawn["pm25"],
    }
    purifier = SimulatedPurifier.from_settings(
        given_, clock=clock, profile=drawn["profile"]
    )
    has = purifier.capabilities
    caller = drawn["caller"]
    found = review(program, purifier.state(), has, rules, now, zone, caller)
    assert [v.statement for v in found.verdicts] == list(program.statements)
    told(found, has)
    allowed = found.program
    if allowed is None:
        return
    may, _ = rules.may(caller)
    for statement in allowed.statements:
        for pattern in (p for rule in rules.confirm for p in rule.calls):
            assert not pattern.fits(statement.call)
        assert may != "read" or statement.trigger is None
        for moment in firings(statement, now, zone):
            check_absolute(statement, moment, rules, has)
    present = [r for r in rules.timed if holds(r, datetime.fromtimestamp(now, zone))]
    for statement in allowed.statements:
        if statement.trigger is not None and not isinstance(statement.trigger, Lasting):
            continue
        before = purifier.state()
        outcome = purifier.apply(statement.call)
        assert may != "read" or outcome.before.settings() == outcome.after.settings()
        after = purifier.state()
        if (before.power, before.mode, before.fan) == (
            after.power,
            after.mode,
            after.fan,
        ):
            continue
        clock.advance(30)  # the motor comes to where it was sent
        for rule in present:
            if rule.bounds[0] and after.power:
                assert purifier.state().fan_now <= rule.bounds[0]


def told(found: Review, has: Capabilities) -> None:
    """Everything that is not simply allowed has words in both languages, also out of a record."""
    for lang in LANGUAGES:
        for verdict, row in zip(found.verdicts, found.as_json(), strict=True):
            words = word_row(row, lang, has)
            assert bool(words) == (verdict.ruling is not Ruling.ALLOW)
            assert "{" not in words
        assert bool(found.refused) == bool(word_refused(found, lang, has))
        assert bool(found.lowered) == bool(word_lowered(found, lang))


numbers = st.floats(allow_nan=True, allow_infinity=True)
states = st.builds(
    State,
    power=st.booleans(),
    mode=st.sampled_from(["manual", "auto", "sleep", "turbo", "dust", "frenzy"]),
    fan=st.none() | st.integers(-1, 30),
    fan_now=st.integers(-1, 30),
    light=st.sampled_from(["on", "dim", "off", "green"]),
    options=st.dictionaries(st.sampled_from(["sound", "uv", "x"]), st.booleans()),
    readings=st.dictionaries(
        st.sampled_from(["pm25", "pm10"]), st.builds(Reading, numbers)
    ),
    online=st.booleans(),
)
histories = st.builds(
    History, st.none() | numbers, st.none() | numbers, st.lists(numbers).map(tuple)
)


@given(
    program=programs,
    state=states,
    wanted=states,
    rules=policies(),
    now=numbers,
    zone=st.none() | st.sampled_from(ZONES),
    caller=st.text(max_size=4),
    history=histories,
    agreed=st.booleans(),
    profile=names,
)
@settings(max_examples=200, deadline=None)
def test_a_review_never_raises(**drawn: Any) -> None:
    """Whatever state, clock or history is met, there is a verdict for every statement, and it is the same again."""
    has = load_profile(drawn["profile"]).make_capabilities()
    state, rules, now, zone = (drawn[k] for k in ("state", "rules", "now", "zone"))
    args = (drawn["program"], state, has, rules, now, zone, drawn["caller"])
    found = review(*args, drawn["history"], agreed=[drawn["agreed"]] * 8)
    assert len(found.verdicts) == len(drawn["program"].statements)
    again = review(*args, drawn["history"], agreed=[drawn["agreed"]] * 8)
    assert found.as_json() == again.as_json()
    assert not (drawn["agreed"] and found.asked)
    drawn["history"].after(state, drawn["wanted"], now, acts=1)
    held_back(drawn["wanted"], state, has, rules, now, zone)


@given(program=programs, when=st.datetimes(*YEAR))
@settings(max_examples=200, deadline=None)
def test_without_rules_nothing_is_changed(**drawn: Any) -> None:
    """Without rules, whatever the purifier has is allowed as it was said."""
    profile = load_profile("sim")
    has = profile.make_capabilities()
    state = State(power=True, fan=2, fan_now=2)
    now = drawn["when"].timestamp()
    found = review(drawn["program"], state, has, Rules(), now, ZONES[0])
    assert not found.lowered
    assert not found.forbidden


@given(now=numbers)
def test_a_clock_that_makes_no_sense_is_night(**drawn: float) -> None:
    """Where no calendar has such a time, every rule of certain hours holds."""
    rules = Rules.model_validate(
        {"quiet": [{"name": "q", "hours": "01:00-01:01", "highest_level": 1}]}
    )
    has = load_profile("sim").make_capabilities()
    program = parse("set_fan_level(level=5)")
    found = review(program, State(power=True), has, rules, drawn["now"], ZONES[0])
    if not math.isfinite(drawn["now"]) or abs(drawn["now"]) > 1e12:
        assert found.lowered
