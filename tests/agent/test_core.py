from __future__ import annotations

from random import Random
from typing import Any, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.agent import Agent
from sanso.agent.scheduler import MOST_PENDING
from sanso.agent.session import QUESTION_SECONDS
from sanso.agent.wording import (
    Language,
    word_answer,
    word_beyond,
    word_full,
    word_query,
    word_undo,
)
from sanso.agent.wording.replies import Slot
from sanso.devices import (
    DeviceError,
    ScriptedClock,
    SimulatedPurifier,
    State,
    WriteFaults,
)
from sanso.grammars import PURIFIER, Call, Undo, When, draw_program, parse

MINUTE = 60.0
HOUR = 60 * MINUTE
OFFLINE = WriteFaults(offline=True)
NOTHING_ASKED = word_answer("yes", "en", asked=False)
NOTHING_TO_UNDO = word_undo(None, "en")
FINAL = word_undo(None, "en", final=True)


class RingBell(Call):
    """Ring the bell."""

    times: Literal["once", "twice"]


def test_undo_takes_back_timers(home: Any) -> None:
    """An undo drops the timer that was set last, and sets again what was cancelled."""
    home.do("after(hours=1, minutes=0) -> set_power(state=off)")
    home.do("cancel_timer()")
    assert home.waiting == []
    assert home.do("undo()") != NOTHING_TO_UNDO
    assert len(home.waiting) == 1
    assert home.do("undo()") != NOTHING_TO_UNDO
    assert home.waiting == []
    assert home.wait(2 * HOUR) == []
    assert home.stands == ("on", "manual", 2, "on")


def test_undo_does_not_bring_back_what_came_due(home: Any) -> None:
    """A timer that was carried out in between is not set again, nor its act taken back."""
    home.do("after(hours=0, minutes=1) -> set_power(state=off)")
    home.do("set_light(level=off)")
    assert home.wait(2 * MINUTE) != []
    home.do("undo()")
    assert (home.stands, home.waiting) == (("off", "manual", 2, "on"), [])
    home.do("set_power(state=on)")
    assert home.wait(MINUTE) == []
    assert home.stands[0] == "on"


def test_undo_drops_a_schedule_that_has_come_once(home: Any) -> None:
    """A daily schedule is dropped by an undo also after its first day."""
    home.do("at(time=07:00, repeat=daily) -> set_power(state=on)")
    home.wait(25 * HOUR)
    assert len(home.waiting) == 1
    home.do("undo()")
    assert home.waiting == []


def test_undo_sets_a_cancelled_schedule_for_its_next_time(home: Any) -> None:
    """A daily schedule that was cancelled and missed in between waits for tomorrow."""
    home.do("at(time=07:00, repeat=daily) -> set_power(state=off)")
    home.do("cancel_timer()")
    home.wait(25 * HOUR)
    home.do("undo()")
    assert home.wait(0) == []
    assert home.stands[0] == "on"
    assert len(home.wait(24 * HOUR)) == 1


def test_undo_leaves_alone_what_others_changed(home: Any) -> None:
    """What another conversation changed since stays; only one's own last command is taken back."""
    home.do("set_light(level=off)", source="panel")
    home.do("set_fan_level(level=5)", source="phone")
    home.do("undo()", source="panel")
    assert home.stands == ("on", "manual", 5, "on")
    assert home.do("undo()", source="door") == NOTHING_TO_UNDO


def test_undo_can_be_tried_again(home: Any) -> None:
    """An undo that did not reach the purifier is not used up."""
    home.do("set_mode(mode=turbo)")
    home.purifier.write_faults = OFFLINE
    assert home.do("undo()") != NOTHING_TO_UNDO
    assert home.stands[1] == "turbo"
    home.purifier.write_faults = WriteFaults()
    home.do("undo()")
    assert home.stands == ("on", "manual", 2, "on")


def test_undo_goes_back_step_by_step(home: Any) -> None:
    """Each undo takes back one more command; a command that changed nothing is none."""
    home.do("set_fan_level(level=3)")
    home.do("set_mode(mode=auto)")
    home.do("set_mode(mode=auto)")
    home.do("query(item=air)")
    home.do("undo()")
    assert home.stands == ("on", "manual", 3, "on")
    home.do("undo()")
    assert home.stands == ("on", "manual", 2, "on")
    assert home.do("undo()") == NOTHING_TO_UNDO


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_an_undo_takes_back_any_program(seed: int) -> None:
    """Whatever a program changed of settings and timers, the next undo puts back, all of it."""
    rng = Random(seed)
    agent = Agent(None, SimulatedPurifier.from_settings({}, clock=ScriptedClock()))
    for _ in range(4):
        before = (agent.purifier.state().settings(), agent.scheduler.snapshot())
        program = parse(draw_program(rng))
        if any(isinstance(s.trigger, When) for s in program.statements):
            continue  # it may be met at once, and nobody undoes that
        agent.carry_out(program)
        after = (agent.purifier.state().settings(), agent.scheduler.snapshot())
        if after == before or any(isinstance(c, Undo) for c in program.calls()):
            continue
        agent.carry_out(parse("undo()"))
        waiting = agent.scheduler.snapshot()
        assert agent.purifier.state().settings() == before[0]
        assert sorted(map(repr, waiting)) == sorted(map(repr, before[1]))
        agent.carry_out(program)


def test_an_undo_behind_a_new_filter_moves_nothing(home: Any) -> None:
    """A filter counter cannot be put back, and an older command is not taken for it."""
    home.do("set_light(level=off)")
    home.do("reset_filter()")
    home.do("answer(value=yes)")
    assert home.do("undo()") == FINAL
    assert home.do("undo()") == FINAL
    assert home.stands[3] == "off"


def test_the_next_command_is_undone_behind_a_new_filter(home: Any) -> None:
    """What comes after a reset can be undone, and then the reset is not the reason any more."""
    home.do("reset_filter()")
    home.do("answer(value=yes)")
    home.do("set_light(level=off)")
    assert home.do("undo()").startswith("Undone.")
    assert home.stands[3] == "on"
    assert home.do("undo()") == NOTHING_TO_UNDO


def test_a_filter_that_was_not_reset_is_no_reason(home: Any) -> None:
    """A reset that was declined leaves nothing behind."""
    home.do("reset_filter()")
    home.do("answer(value=no)")
    assert home.do("undo()") == NOTHING_TO_UNDO


@pytest.mark.parametrize("slot", get_args(Slot))
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_yes_is_no_value(home: Any, lang: Language, slot: Slot) -> None:
    """A yes to a question for a value has it asked again, as often as it comes; a no ends it."""

    def said(value: str) -> str:
        words: str = home.agent.carry_out(answers[value], lang=lang).words
        return words

    answers = {value: parse(f"answer(value={value})") for value in ("yes", "no")}
    asked = home.agent.carry_out(parse(f"ask(slot={slot})"), lang=lang).words
    assert said("yes") == asked
    home.wait(QUESTION_SECONDS)
    assert said("yes") == asked
    assert said("no") == word_answer("no", lang, asked=True)
    assert said("yes") == word_answer("yes", lang, asked=False)


@pytest.mark.parametrize(
    ("answer", "expected"), [("yes", 100.0), ("no", 80.0), (None, 80.0)]
)
def test_the_filter_is_reset_only_after_a_yes(
    answer: str | None, expected: float, make_home: Any
) -> None:
    """Neither the request nor a no resets the counter, and one yes resets it once."""
    home = make_home(filter=80)
    home.do("reset_filter()")
    if answer:
        home.do(f"answer(value={answer})")
    assert home.purifier.state().filter_percent == expected
    again = home.do("answer(value=yes)")
    if answer:
        assert again == NOTHING_ASKED


def test_another_command_drops_the_question(make_home: Any) -> None:
    """A yes that follows another command answers nothing."""
    home = make_home(filter=80)
    home.do("reset_filter()")
    home.do("set_light(level=off)")
    home.do("answer(value=yes)")
    assert home.purifier.state().filter_percent == 80


@pytest.mark.parametrize(("seconds", "expected"), [(30.0, 100.0), (30.1, 80.0)])
def test_a_question_waits_for_half_a_minute(
    seconds: float, expected: float, make_home: Any
) -> None:
    """A yes counts up to 30 seconds after the question, no longer."""
    home = make_home(filter=80)
    home.do("reset_filter()")
    home.wait(seconds)
    home.do("answer(value=yes)")
    percent = home.purifier.state().filter_percent
    assert percent is not None
    assert round(percent) == expected


def test_a_reset_for_later_is_asked_for_now(make_home: Any) -> None:
    """What needs a yes is asked for when it is said, so that nobody must be there when it is due."""
    home = make_home(filter=80)
    later = "after(hours=1, minutes=0) -> reset_filter()"
    assert home.do(later).endswith("?")
    assert home.waiting == []
    home.do("answer(value=yes)")
    assert home.waiting == [later]
    assert round(home.purifier.state().filter_percent or 0) == 80
    assert len(home.wait(HOUR)) == 1
    assert round(home.purifier.state().filter_percent or 0) == 100


def test_a_reset_is_not_promised_to_be_put_back(make_home: Any) -> None:
    """A reset for a while is a reset: no end is promised that cannot come."""
    home = make_home(filter=80)
    home.do("lasting(hours=1, minutes=0) -> reset_filter()")
    assert "earlier settings" not in home.do("answer(value=yes)")
    assert home.waiting == []
    assert home.purifier.state().filter_percent == 100


def test_a_condition_acts_once(make_home: Any) -> None:
    """A condition that comes to be met acts and is gone, however the air is afterwards."""
    home = make_home(pm25=20)
    home.do("when(metric=pm25, above=50) -> set_mode(mode=turbo)")
    assert home.wait(MINUTE) == []
    home.purifier.room.put({"pm25": 200})
    assert home.wait(1) == []
    assert len(home.wait(10)) == 1
    assert home.stands[1] == "turbo"
    home.do("set_fan_level(level=1)")
    home.purifier.room.put({"pm25": 20})
    home.wait(MINUTE)
    home.purifier.room.put({"pm25": 200})
    assert home.wait(MINUTE) == []
    assert home.stands[:3] == ("on", "manual", 1)


def test_a_condition_that_is_met_already_waits_for_a_change(make_home: Any) -> None:
    """What is beyond when it is said must come back first, and the promise says so."""
    home = make_home(pm25=200)
    told = home.do("when(metric=pm25, above=50) -> set_mode(mode=turbo)")
    assert told.endswith(word_beyond("en"))
    assert [home.wait(1) for _ in range(30)] == [[]] * 30
    for value, expected in ((47, []), (200, []), (44, []), (200, ["turbo"])):
        home.purifier.room.put({"pm25": value})
        told = [words for _ in range(15) for words in home.wait(1)]
        assert (len(told), value) == (len(expected), value)
    assert home.stands[1] == "turbo"


def test_a_condition_without_a_sensor_is_not_promised(make_home: Any) -> None:
    """A purifier that cannot measure it says so at once."""
    home = make_home(profile="sim-basic")
    told = home.do("when(metric=co2, above=1000) -> set_mode(mode=auto)")
    assert told == word_query("co2", home.purifier.state(), (), "en")
    assert home.waiting == []


def test_a_condition_waits_while_the_purifier_is_away(make_home: Any) -> None:
    """An old reading fires nothing: the condition is kept until there is a report."""
    home = make_home(pm25=20)
    home.do("when(metric=pm25, above=50) -> set_mode(mode=turbo)")
    home.purifier.write_faults = OFFLINE
    home.purifier.room.put({"pm25": 200})
    assert [home.wait(10) for _ in range(6)] == [[]] * 6
    home.purifier.write_faults = WriteFaults()
    assert home.wait(1) == []
    assert len(home.wait(10)) == 1
    assert home.stands[1] == "turbo"


def test_a_full_list_takes_the_same_again(home: Any) -> None:
    """A statement that waits already is set anew, even when no other would be taken."""
    texts = [
        f"after(hours=1, minutes={n}) -> set_power(state=off)"
        for n in range(MOST_PENDING + 1)
    ]
    for text in texts[:-1]:
        home.do(text)
    assert home.do(texts[0]) != word_full(MOST_PENDING, "en")
    assert home.do(texts[-1]) == word_full(MOST_PENDING, "en")
    assert len(home.waiting) == MOST_PENDING


def test_a_daily_tip_is_another_every_day(home: Any) -> None:
    """Tips that come by themselves take turns, as those that are asked for."""
    home.do("at(time=07:00, repeat=daily) -> give_tip(topic=general)")
    assert home.wait(24 * HOUR) != home.wait(24 * HOUR)


class Unreachable(SimulatedPurifier):
    """A purifier that can give no report at all."""

    silent = False

    def state(self) -> State:
        """Return the report, if there is one."""
        if self.silent:
            raise DeviceError("the line is dead")
        return super().state()


def test_a_purifier_without_a_report_raises_nothing() -> None:
    """Where there is no report at all, the agent says so, and its timers wait on."""
    clock = ScriptedClock()
    purifier = Unreachable.from_settings({"fan": 2}, clock=clock)
    agent = Agent(None, purifier, lang="en")
    agent.carry_out(parse("when(metric=pm25, above=500) -> set_mode(mode=turbo)"))
    purifier.silent = True
    assert agent.tick() == []
    assert agent.carry_out(parse("query(item=power)")).words != ""
    assert len(agent.scheduler.snapshot()) == 1
    purifier.silent = False
    agent.carry_out(parse("undo()"))
    assert agent.scheduler.snapshot() == ()
    assert purifier.state().fan == 2


def test_an_error_of_ones_own_loses_no_timer(home: Any) -> None:
    """If a function for a call raises when it is due, what else is due stays, and is told what was done."""

    def ring(_: RingBell) -> str:
        raise OSError("the bell is gone")

    home.agent.on(RingBell, ring)
    home.do("after(hours=0, minutes=1) -> set_light(level=off)")
    text = "after(hours=0, minutes=2) -> ring_bell(times=once)"
    home.agent.carry_out(parse(text, PURIFIER.adding(RingBell)))
    home.do("after(hours=0, minutes=3) -> set_power(state=off)")
    with pytest.raises(OSError, match="bell"):
        home.wait(HOUR)
    assert len(home.agent.tick()) == 2
    assert (home.stands, home.waiting) == (("off", "manual", 2, "off"), [])


def test_an_error_of_ones_own_leaves_the_rest_to_undo(home: Any) -> None:
    """What a program did before a function raised can be taken back."""

    def ring(_: RingBell) -> str:
        raise OSError("the bell is gone")

    home.agent.on(RingBell, ring)
    calls = PURIFIER.adding(RingBell)
    with pytest.raises(OSError, match="bell"):
        home.agent.carry_out(
            parse("set_light(level=off); ring_bell(times=once)", calls)
        )
    home.do("undo()")
    assert home.stands[3] == "on"
