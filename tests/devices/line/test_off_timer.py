"""The appliance's own off-timer, kept in step with what the agent has promised."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sanso.agent import Agent
from sanso.agent.wording import word_still_counts
from sanso.devices.twin.faults import Faults
from sanso.grammars import parse

from .conftest import Joined

Join = Callable[..., Joined]

OFF_LATER = "after(hours=2, minutes=0) -> set_power(state=off)"


def open_agent(join: Join) -> tuple[Agent, Joined]:
    """Give an agent without a model, on the twin of a product with an off-timer of 1 to 5 hours."""
    joined = join("kj-standard", {"power": "on", "fan": 2})
    return Agent(None, joined.purifier, lang="en"), joined


def do(agent: Agent, text: str) -> str:
    """Carry out a program and give the words for it."""
    return agent.carry_out(parse(text)).words


def wait(joined: Joined, seconds: float) -> None:
    """Let time pass at once, and the line recover from the silence."""
    joined.clock.advance(seconds)
    joined.pass_time(15)


def counted(joined: Joined) -> tuple[int, int]:
    """Tell what the appliance counts: the number of its timer, and the minutes left."""
    numbers = joined.controller.numbers()
    return numbers["timer_off"], numbers["timer_left"]


def test_the_appliance_counts_too_and_needs_no_host(joined: Join) -> None:
    """What it can count exactly it counts, and turns off although nobody looks at what is due."""
    agent, both = open_agent(joined)
    do(agent, OFF_LATER)
    assert counted(both) == (2, 120)
    wait(both, 2 * 3600 + 5)
    assert both.controller.numbers()["power"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "after(hours=2, minutes=30) -> set_power(state=off)",
        "after(hours=7, minutes=0) -> set_power(state=off)",
        "after(hours=2, minutes=0) -> set_light(level=off)",
        "after(hours=2, minutes=0) -> set_power(state=on)",
        "lasting(hours=2, minutes=0) -> set_fan_level(level=4)",
        "at(time=12:00, repeat=once) -> set_power(state=off)",
    ],
)
def test_what_it_cannot_count_exactly_is_not_given_to_it(
    text: str, joined: Join
) -> None:
    """Another span or another act is the host's alone."""
    agent, both = open_agent(joined)
    do(agent, text)
    assert len(agent.scheduler.snapshot()) == 1
    assert counted(both) == (0, 0)


@pytest.mark.parametrize("text", ["cancel_timer()", "undo()"])
def test_what_is_taken_back_is_not_counted_on(text: str, joined: Join) -> None:
    """A cancelled promise stops the appliance's timer too."""
    agent, both = open_agent(joined)
    do(agent, OFF_LATER)
    do(agent, text)
    assert counted(both) == (0, 0)
    wait(both, 3 * 3600)
    assert both.controller.numbers()["power"] == 1


def test_the_soonest_promise_is_counted(joined: Join) -> None:
    """It has one timer: a sooner promise takes it, and a later one leaves it."""
    agent, both = open_agent(joined)
    do(agent, OFF_LATER)
    do(agent, "after(hours=5, minutes=0) -> set_power(state=off)")
    assert counted(both)[0] == 2
    do(agent, "after(hours=1, minutes=0) -> set_power(state=off)")
    assert counted(both) == (1, 60)


def test_the_same_again_counts_anew(joined: Join) -> None:
    """A promise that is renewed begins again in the appliance too."""
    agent, both = open_agent(joined)
    do(agent, OFF_LATER)
    wait(both, 1800)
    assert counted(both)[1] == 90
    do(agent, OFF_LATER)
    assert counted(both)[1] == 120


def test_it_falls_due_once_and_is_told(joined: Join) -> None:
    """Where the host looks in time it turns it off, says so, and leaves no timer behind."""
    agent, both = open_agent(joined)
    do(agent, OFF_LATER)
    wait(both, 2 * 3600 + 5)
    told = agent.tick()
    assert len(told) == 1
    assert not agent.scheduler.snapshot()
    assert counted(both) == (0, 0)
    do(agent, "set_power(state=on)")
    wait(both, 3 * 3600)
    assert both.controller.numbers()["power"] == 1
    assert not agent.tick()


def test_a_timer_that_cannot_be_stopped_is_told(joined: Join) -> None:
    """Nobody is told that all is cancelled while the appliance may still turn off."""
    agent, both = open_agent(joined)
    do(agent, OFF_LATER)
    both.controller.faults = Faults(ignore_set=1.0)
    words = do(agent, "cancel_timer()")
    assert word_still_counts("en") in words


def test_an_earlier_process_timer_is_stopped(joined: Join) -> None:
    """What waits from before a restart may be counted by the appliance, and is stopped with it."""
    agent, both = open_agent(joined)
    do(agent, OFF_LATER)
    waiting = agent.scheduler.snapshot()
    later = Agent(None, both.purifier, lang="en")
    later.scheduler.take_back((), waiting, both.purifier.now())
    again = type(later._acting._countdown)(both.purifier, later.scheduler)
    later._acting._countdown = again
    do(later, "cancel_timer()")
    assert counted(both) == (0, 0)
