"""What a policy makes of a program, rule by rule, before anything is written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sanso.agent.policy import needs_yes, review
from sanso.agent.policy_rules import Rules, load_rules, parse_rules
from sanso.agent.policy_verdict import History, Reason, Review
from sanso.devices import State, load_profile
from sanso.grammars import Call, ResetFilter, parse

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
HAS = load_profile("sim").make_capabilities()
BASIC = load_profile("sim-basic").make_capabilities()
HOUSE = load_rules("house")
ON = State(power=True, fan=2, fan_now=2, options={"sound": False, "child_lock": True})


def at(text: str, zone: ZoneInfo = SEOUL) -> float:
    """Return the seconds since the epoch of a clock time, by default of a Tuesday."""
    day = text if "-" in text else f"2026-02-03 {text}"
    return datetime.fromisoformat(day).replace(tzinfo=zone).timestamp()


YES = [True] * 8


def judged(text: str, clock: str = "23:00", **given: Any) -> Review:
    """Judge a program by the house's policy at a clock time, on a purifier that is on at level 2."""
    zone = given.get("zone", SEOUL)
    return review(
        parse(text),
        given.get("state", ON),
        given.get("has", HAS),
        given.get("rules", HOUSE),
        at(clock, zone),
        zone,
        given.get("caller", ""),
        given.get("history", History()),
        agreed=given.get("agreed", ()),
    )


def briefly(found: Review) -> list[str]:
    """Return a word or two a statement: what is done, or why not."""
    texts = []
    for verdict in found.verdicts:
        reason = f" {verdict.reason}" if verdict.reason else ""
        instead = f" {verdict.instead.render()}" if verdict.instead else ""
        texts.append(f"{verdict.ruling}{reason}{instead}")
    return texts


LESS = "lower level set_fan_level(level=2)"
NIGHT = {
    "set_fan_level(level=2)": "allow",
    "set_fan_level(level=3)": LESS,
    "set_fan_level(level=low)": "allow",
    "set_fan_level(level=max)": LESS,
    "set_fan_percent(percent=40)": "allow",
    "set_fan_percent(percent=41)": LESS,
    "set_fan_percent(percent=0)": "allow",
    "step_fan(by=-1)": "allow",
    "step_fan(by=+1)": "refuse level",
    "set_mode(mode=turbo)": LESS,
    "set_mode(mode=auto)": LESS,
    "set_mode(mode=sleep)": "allow",
    "set_mode(mode=quiet)": "allow",
    "set_mode(mode=manual)": "allow",
    "set_power(state=on)": "allow",
    "set_power(state=off)": "allow",
    "set_light(level=off)": "allow",
    "set_light(level=dim)": "allow",
    "set_light(level=on)": "lower light set_light(level=dim)",
    "set_option(option=sound, state=on)": "refuse sound",
    "set_option(option=sound, state=off)": "allow",
    "set_option(option=uv, state=on)": "allow",
    "set_option(option=child_lock, state=on)": "allow",
    "set_option(option=child_lock, state=off)": "ask confirm",
    "reset_filter()": "ask confirm",
    "query(item=air)": "allow",
    "undo()": "allow",
    "cancel_timer()": "allow",
    "lasting(hours=1, minutes=0) -> set_mode(mode=turbo)": (
        "lower level lasting(hours=1, minutes=0) -> set_fan_level(level=2)"
    ),
}


@pytest.mark.parametrize("text", NIGHT)
def test_quiet_hours(text: str) -> None:
    """At night the fan stays at 2, the light at dim and the sound off; by day all of it is free."""
    assert [NIGHT[text]] == briefly(judged(text))
    by_day = (
        "allow" if "lower" in NIGHT[text] or "refuse" in NIGHT[text] else NIGHT[text]
    )
    assert [by_day] == briefly(judged(text, "12:00"))


def test_a_ceiling_holds_on_its_days() -> None:
    """A ceiling of weekends holds on a Sunday and not on a Monday."""
    sunday, monday = "2026-02-08 14:00", "2026-02-09 14:00"
    text = "set_fan_level(level=5)"
    assert briefly(judged(text, sunday)) == ["lower level set_fan_level(level=3)"]
    assert briefly(judged(text, monday)) == ["allow"]


def test_the_strictest_of_two_rules_counts() -> None:
    """Where two rules hold, the lower level is the limit, and its rule is named."""
    rules = parse_rules(
        "[[ceiling]]\nname = 'a'\nhighest_level = 4\n"
        "[[ceiling]]\nname = 'b'\nhighest_level = 3\nhours = '10:00-24:00'",
        path="p",
    )
    (verdict,) = judged("set_fan_level(level=5)", rules=rules).verdicts
    assert (verdict.rule, verdict.limit, verdict.until) == ("b", "3", "00:00")


@pytest.mark.parametrize(
    ("clock", "held"),
    [
        ("21:59", False),
        ("22:00", True),
        ("2026-02-04 00:00", True),
        ("06:59", True),
        ("07:00", False),
    ],
)
def test_midnight_is_inside(clock: str, held: bool) -> None:  # noqa: FBT001 - a row of a table
    """Hours that pass midnight hold from their first minute to the last before their end."""
    found = judged("set_fan_level(level=5)", clock)
    assert held == bool(found.lowered)
    if held:
        assert (found.lowered[0].rule, found.lowered[0].until) == ("night", "07:00")


@pytest.mark.parametrize(
    ("text", "clock", "held"),
    [
        ("after(hours=2, minutes=0) -> {}", "19:59", False),
        ("after(hours=2, minutes=0) -> {}", "20:00", True),
        ("after(hours=8, minutes=0) -> {}", "23:00", False),
        ("at(time=23:00, repeat=once) -> {}", "12:00", True),
        ("at(time=12:00, repeat=once) -> {}", "23:00", False),
        ("at(time=06:00, repeat=weekdays) -> {}", "12:00", True),
        ("at(time=13:30, repeat=daily) -> {}", "12:00", True),  # on weekends only
        ("at(time=13:30, repeat=weekdays) -> {}", "12:00", False),
        ("at(time=13:30, repeat=once) -> {}", "12:00", False),
        (
            "when(metric=pm25, above=75) -> {}",
            "23:00",
            False,
        ),  # judged when it comes true
    ],
)
def test_a_timed_statement_is_judged_at_its_own_time(
    text: str,
    clock: str,
    held: bool,  # noqa: FBT001 - a row of a table
) -> None:
    """What counts is the hour at which a statement is carried out, not that at which it is said."""
    found = judged(text.format("set_fan_level(level=5)"), clock)
    assert held == bool(found.lowered)
    assert not found.refused


def test_a_condition_obeys_what_always_holds() -> None:
    """A condition may come true at any hour: a ceiling around the clock holds for it now."""
    rules = parse_rules("[[ceiling]]\nname = 'c'\nhighest_level = 3", path="p")
    text = "when(metric=pm25, above=75) -> set_mode(mode=turbo)"
    found = judged(text, rules=rules)
    assert briefly(found) == [
        "lower level when(metric=pm25, above=75) -> set_fan_level(level=3)"
    ]


@pytest.mark.parametrize(
    ("now", "held"),
    [
        # 29 March 2026, Berlin: 02:00 becomes 03:00
        ("2026-03-29T00:59:00+00:00", True),  # 01:59
        ("2026-03-29T01:00:00+00:00", False),  # 03:00
        # 25 October 2026, Berlin: 03:00 becomes 02:00
        ("2026-10-25T00:30:00+00:00", True),  # 02:30, the first
        ("2026-10-25T01:30:00+00:00", True),  # 02:30, the second
        ("2026-10-25T02:00:00+00:00", False),  # 03:00
    ],
)
def test_daylight_saving(now: str, held: bool) -> None:  # noqa: FBT001 - a row of a table
    """Hours are those of the clock on the wall, however long the night is."""
    rules = parse_rules(
        "[[ceiling]]\nname = 'c'\nhours = '22:00-03:00'\nhighest_level = 1", path="p"
    )
    moment = datetime.fromisoformat(now).timestamp()
    program = parse("set_fan_level(level=5)")
    assert held == bool(review(program, ON, HAS, rules, moment, BERLIN).lowered)
    # the same moment named from an hour before
    timed = parse("after(hours=1, minutes=0) -> set_fan_level(level=5)")
    assert held == bool(review(timed, ON, HAS, rules, moment - 3600, BERLIN).lowered)


def test_a_time_that_daylight_saving_skips() -> None:
    """At 02:30 of a night without it, the clock shows 03:30: that is the hour that counts."""
    rules = parse_rules(
        "[[ceiling]]\nname = 'c'\nhours = '03:00-04:00'\nhighest_level = 1", path="p"
    )
    program = parse("at(time=02:30, repeat=once) -> set_fan_level(level=5)")
    for evening, held in (("2026-03-28 20:00", True), ("2026-03-27 20:00", False)):
        found = review(program, ON, HAS, rules, at(evening, BERLIN), BERLIN)
        assert held == bool(found.lowered)


def test_another_zone_has_another_night() -> None:
    """The same moment is night in one place and day in another."""
    moment = datetime(2026, 2, 3, 14, tzinfo=UTC).timestamp()
    program = parse("set_fan_level(level=5)")
    assert review(program, ON, HAS, HOUSE, moment, SEOUL).lowered
    assert not review(program, ON, HAS, HOUSE, moment, BERLIN).lowered


def test_one_refusal_refuses_the_program() -> None:
    """A program is all or nothing: where one statement is refused, nothing of it may be done."""
    found = judged("set_light(level=off); set_option(option=sound, state=on); undo()")
    assert briefly(found) == ["allow", "refuse sound", "allow"]
    assert found.program is None
    assert [v.reason for v in found.forbidden] == [Reason.SOUND]


def test_what_may_be_done_is_a_program() -> None:
    """Lesser forms stand in the place of what was said, and what wants a yes is left out."""
    found = judged("set_mode(mode=turbo); set_light(level=on); reset_filter()")
    assert str(found.program) == "set_fan_level(level=2); set_light(level=dim)"
    assert [v.statement.render() for v in found.asked] == ["reset_filter()"]
    assert judged("reset_filter()").program is None


def test_a_yes_is_asked_for_once() -> None:
    """What was agreed to is not asked about again, and what a rule forbids stays forbidden."""
    texts = "reset_filter(); set_option(option=child_lock, state=off)"
    assert not judged(texts, agreed=YES).asked
    assert str(judged(texts, agreed=YES).program) == texts
    assert judged("set_option(option=sound, state=on)", agreed=YES).refused


def test_what_cannot_be_taken_back_asks_in_any_policy() -> None:
    """Resetting the filter wants a yes where a policy says nothing of it; then no rule is named."""
    (verdict,) = judged("reset_filter()", rules=Rules()).verdicts
    assert (verdict.ruling, verdict.reason, verdict.rule) == ("ask", "final", "")
    assert needs_yes(ResetFilter())
    assert judged("set_option(option=child_lock, state=off)", rules=Rules()).program


def test_a_yes_may_be_for_a_lesser_act() -> None:
    """What wants a yes and is too much at this hour is asked about in its lesser form."""
    rules = parse_rules(
        "[[ceiling]]\nname = 'c'\nhighest_level = 2\n"
        "[[confirm]]\nname = 'turbo'\ncalls = ['set_mode(mode=turbo)']",
        path="p",
    )
    found = judged("set_mode(mode=turbo)", rules=rules)
    assert briefly(found) == ["ask confirm set_fan_level(level=2)"]
    agreed = judged("set_mode(mode=turbo)", rules=rules, agreed=YES)
    assert str(agreed.program) == "set_fan_level(level=2)"


CALLERS = {
    "query(item=air)": "read",
    "give_tip(topic=general)": "read",
    "chat(kind=help)": "read",
    "at(time=08:00, repeat=once) -> query(item=air)": "act",
    "set_power(state=off)": "act",
    "undo()": "act",
    "set_option(option=uv, state=on)": "act",
    "after(hours=1, minutes=0) -> set_power(state=off)": "act",
    "cancel_timer()": "configure",
    "reset_filter()": "configure",
    "set_option(option=child_lock, state=on)": "configure",
    "at(time=08:00, repeat=daily) -> query(item=air)": "configure",
    "at(time=08:00, repeat=weekdays) -> set_power(state=on)": "configure",
}


@pytest.mark.parametrize("text", CALLERS)
@pytest.mark.parametrize(
    ("caller", "may"), [("dashboard-2", "read"), ("mqtt", "act"), ("", "configure")]
)
def test_what_a_caller_may(text: str, caller: str, may: str) -> None:
    """A caller that may read asks only, one that may act moves the purifier, and only others change what lasts."""
    order = ["read", "act", "configure"]
    found = judged(text, "12:00", caller=caller)
    refused = order.index(CALLERS[text]) > order.index(may)
    assert refused == bool(found.refused)
    if refused:
        (verdict,) = found.verdicts
        assert (verdict.reason, verdict.limit) == (Reason.CALLER, may)


def test_what_this_purifier_lacks() -> None:
    """What it cannot do is refused, but by no rule."""
    found = judged("set_mode(mode=pet)", "12:00", has=BASIC)
    assert [v.reason for v in found.refused] == [Reason.LACKING]
    assert found.forbidden == ()
    row = found.as_json()[0]
    assert row["lacking"] == ["lacking", "pet"]


DARK = parse_rules("[[quiet]]\nname='q'\nhours='00:00-24:00'\nlight='off'", path="p")


def test_light_off_refuses_any_light() -> None:
    """Whoever wants light where none is allowed is refused, not left in the dark."""
    assert briefly(judged("set_light(level=dim)", rules=DARK)) == ["refuse light"]
    assert briefly(judged("set_light(level=off)", rules=DARK)) == ["allow"]


def test_calls_of_ones_own_are_acts() -> None:
    """A call that the project does not know is an act: who only reads may not have it done."""

    class Brew(Call):
        """Make tea."""

    from sanso.grammars import Program

    program = Program.of(Brew())
    assert review(program, ON, HAS, HOUSE, at("12:00"), SEOUL).program == program
    found = review(program, ON, HAS, HOUSE, at("12:00"), SEOUL, "dashboard")
    assert found.refused


def test_a_verdict_as_plain_values() -> None:
    """What `why` tells of a verdict: statement, ruling, reason, rule, limit, end and what was done instead."""
    assert judged("set_mode(mode=turbo)").as_json() == [
        {
            "statement": "set_mode(mode=turbo)",
            "needs_yes": False,
            "lacking": None,
            "ruling": "lower",
            "reason": "level",
            "rule": "night",
            "limit": "2",
            "until": "07:00",
            "seconds": None,
            "instead": "set_fan_level(level=2)",
        }
    ]
