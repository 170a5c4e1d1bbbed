"""What was promised is kept as it was said: by whoever may ask, whole or not at all, and without a false word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sanso.agent import Agent
from sanso.agent.policy_rules import parse_rules
from sanso.agent.scheduler import MOST_PENDING
from sanso.devices import SimulatedPurifier
from sanso.devices.appliance import WriteFaults
from sanso.grammars import parse

from .conftest import KeptHome


def _ruled(home: KeptHome, text: str) -> None:
    home.agent._acting.house.rules = parse_rules(text, path="test")


def _fill(home: KeptHome, source: str, hours: int) -> None:
    for minutes in range(MOST_PENDING):
        home.do(
            f"after(hours={hours}, minutes={minutes}) -> set_light(level=off)", source
        )


def test_any_name_of_a_conversation_can_be_stored(home: KeptHome) -> None:
    """Half of a character in a name spoils neither this command nor those of others."""
    assert home.do("set_fan_level(level=4)", "\ud800") == "Fan set to level 4."
    home.do("after(hours=1, minutes=0) -> set_power(state=off)", "terminal")
    assert home.restart(5) == []
    assert len(home.waiting) == 1
    assert home.kinds == ["program", "program"]


def test_who_may_promise_is_asked_once(home: KeptHome) -> None:
    """What an allowed caller promised is done when it is due, though others may only ask."""
    _ruled(home, 'others = "read"\n[[caller]]\nname = "terminal"\nmay = "configure"\n')
    refused = home.do("after(hours=0, minutes=30) -> set_power(state=off)", "guest")
    assert "changed nothing" in refused
    home.do("after(hours=0, minutes=30) -> set_power(state=off)", "terminal")
    assert home.wait(1801) == ["As scheduled: purifier turned off."]
    assert home.stands[0] == "off"


def test_what_follows_an_undo_can_be_undone(home: KeptHome) -> None:
    """The undo itself leaves nothing to undo, what stands beside it does."""
    home.do("set_mode(mode=auto)")
    home.do("undo(); set_light(level=off)")
    assert home.stands == ("on", "manual", 2, "off")
    home.do("undo()")
    assert home.stands == ("on", "manual", 2, "on")
    assert home.do("undo()") == "There is nothing to undo."


def test_what_stands_before_an_undo_can_be_undone(home: KeptHome) -> None:
    """And a timer beside one."""
    home.do("set_fan_level(level=4)")
    home.do("set_light(level=off); undo()")
    assert home.stands == ("on", "manual", 2, "off")
    home.do("set_fan_level(level=3)")
    home.do("undo(); after(hours=1, minutes=0) -> set_power(state=off)")
    assert len(home.waiting) == 1
    home.do("undo()")
    assert home.waiting == []
    home.do("undo()")
    assert home.stands == ("on", "manual", 2, "on")


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("set_mode(mode=turbo); after(hours=9, minutes=0) -> set_power(state=off)", "32"),
        ("after(hours=9, minutes=0) -> set_power(state=off); set_mode(mode=turbo)", "32"),
    ],
)  # fmt: skip
def test_a_full_list_stops_the_whole_program(
    home: KeptHome, program: str, words: str
) -> None:
    """Turbo without its end is not what was asked for."""
    _fill(home, "a", 1)
    assert words in home.do(program)
    assert home.stands == ("on", "manual", 2, "on")
    assert len(home.waiting) == MOST_PENDING
    home.do("cancel_timer(); " + program)
    _, mode, *_ = home.stands
    assert mode == "turbo"
    assert len(home.waiting) == 1


def test_a_missing_sensor_stops_the_whole_program() -> None:
    """A condition that can never be met is found before the first write."""
    purifier = SimulatedPurifier.from_settings({"fan": 2}, profile="sim-basic")
    both = "set_mode(mode=auto); when(metric=co2, above=1000) -> set_fan_level(level=1)"
    with Agent(None, purifier, lang="en") as agent:
        words = agent.carry_out(parse(both)).words
        assert words == "This purifier has no carbon dioxide sensor."
        assert purifier.state().mode == "manual"


def test_a_yes_is_for_what_was_asked(make_home: Callable[..., KeptHome]) -> None:
    """What else stands in the sentence is asked about as ever; all that was asked together is answered together."""
    home = make_home(child_lock="on", filter=50)
    _ruled(
        home,
        '[[confirm]]\nname = "lock"\ncalls = ["set_option(option=child_lock, state=off)"]\n',
    )
    home.do("reset_filter()")
    words = home.do("answer(value=yes); set_option(option=child_lock, state=off)")
    assert words.endswith("Shall I turn off the child lock?")
    assert home.purifier.state().filter_percent == 100
    assert home.purifier.state().options["child_lock"]
    home.do("answer(value=yes)")
    assert not home.purifier.state().options["child_lock"]


def test_two_questions_are_answered_by_one_yes(
    make_home: Callable[..., KeptHome],
) -> None:
    """Nothing that was asked is dropped in silence."""
    home = make_home(child_lock="on", filter=50)
    _ruled(
        home,
        '[[confirm]]\nname = "lock"\ncalls = ["set_option(option=child_lock, state=off)"]\n',
    )
    asked = home.do("set_option(option=child_lock, state=off); reset_filter()")
    assert asked.count("?") == 2
    home.do("answer(value=yes)")
    assert home.purifier.state().filter_percent == 100
    assert not home.purifier.state().options["child_lock"]


def test_a_clock_set_back_makes_no_question_young(
    make_home: Callable[..., KeptHome],
) -> None:
    """A yes long after a question is none, whatever the clock says."""
    home = make_home(filter=50)
    home.do("reset_filter()")
    home.clocks.wall -= 3600
    home.wait(1200)
    home.do("answer(value=yes)")
    assert home.purifier.state().filter_percent == 50


class _Killed(BaseException):
    """The process ends here."""


def test_two_for_a_while_are_both_ended_after_a_kill(
    home: KeptHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off behind the second write, before the end of either was stored."""
    memory = home.agent.keeper.memory
    assert memory is not None

    def killed(*_: Any, **__: Any) -> None:
        raise _Killed

    monkeypatch.setattr(memory, "commit", killed)
    both = "lasting(hours=1, minutes=0) -> set_mode(mode=turbo); lasting(hours=1, minutes=0) -> set_option(option=ionizer, state=on)"
    with pytest.raises(_Killed):
        home.do(both)
    assert home.stands[1] == "turbo"
    assert len(home.restart(10)) == 2
    assert home.stands == ("on", "manual", 2, "on")
    assert not home.purifier.state().options["ionizer"]


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(
    "over", ["set_mode(mode=sleep)", "lasting(hours=2, minutes=0) -> set_mode(mode=sleep)"]
)  # fmt: skip
def test_no_undo_brings_back_what_is_over(
    home: KeptHome, over: str, *, restarts: bool
) -> None:
    """Turbo was for half an hour: what came over it goes back to before it."""
    home.do("lasting(hours=0, minutes=30) -> set_mode(mode=turbo)")
    home.wait(600)
    home.do(over)
    home.wait(1300)
    if restarts:
        home.restart(5)
    home.do("undo()")
    assert home.stands == ("on", "manual", 2, "on")
    assert home.waiting == []


def test_an_undo_goes_on_before_what_is_over(home: KeptHome) -> None:
    """A step from before the while keeps what it goes back to, also where that is the same setting."""
    home.do("set_mode(mode=turbo)")
    home.do("set_mode(mode=sleep)")
    home.do("lasting(hours=0, minutes=30) -> set_mode(mode=turbo)")
    home.wait(1801)
    assert home.stands[1] == "sleep"
    home.do("undo()")
    home.do("undo()")
    assert home.stands[1] == "turbo"


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(
    "program",
    [
        "lasting(hours=0, minutes=30) -> set_mode(mode=turbo)",
        "after(hours=0, minutes=30) -> set_power(state=off)",
    ],
)
def test_what_turns_down_waits_for_the_purifier(
    home: KeptHome, program: str, *, restarts: bool
) -> None:
    """A link that is down is no reason to leave it on for ever, nor to tell of a deed that was none."""
    home.do(program)
    home.purifier.write_faults = WriteFaults(offline=True)
    told = home.restart(1801) if restarts else home.wait(1801)
    assert told == []
    assert home.waiting == [program]
    home.purifier.write_faults = WriteFaults(offline=False)
    (words,) = home.wait(60)
    assert "reach" not in words
    assert home.stands in (("on", "manual", 2, "on"), ("off", "manual", 2, "on"))
    assert home.waiting == []


def test_what_was_tried_late_is_not_told_as_done(home: KeptHome) -> None:
    """A write that the purifier ignores is told as tried."""
    home.do("after(hours=0, minutes=30) -> set_power(state=off)")
    home.purifier.write_faults = WriteFaults(ignore_writes=True)
    (words,) = home.restart(4000)
    assert words.startswith("This is late, and I tried it now: ")
    assert home.stands[0] == "on"


def test_what_falls_due_counts_in_the_pace(home: KeptHome) -> None:
    """The motor rests behind a timer as behind a sentence."""
    _ruled(home, "[pace]\nmotor_seconds = 60\n")
    home.do("after(hours=0, minutes=1) -> set_fan_level(level=4)")
    home.wait(70)
    assert home.stands[2] == 4
    assert "60 seconds" in home.do("set_fan_level(level=5)")
    assert home.stands[2] == 4


def test_an_undo_does_not_overfill_the_list(home: KeptHome) -> None:
    """What cannot wait again is told."""
    _fill(home, "a", 1)
    home.do("cancel_timer()", "a")
    _fill(home, "b", 2)
    assert "32" in home.do("undo()", "a")
    assert len(home.waiting) == MOST_PENDING


def test_a_conversation_that_is_over_is_forgotten(home: KeptHome) -> None:
    """Nobody undoes what a stranger did, before a restart or after."""
    home.do("set_mode(mode=turbo)", "socket-1")
    home.agent.forget("socket-1")
    assert home.agent.keeper.sessions == {}
    home.restart(5)
    assert home.do("undo()", "socket-1") == "There is nothing to undo."
    assert home.stands[1] == "turbo"
