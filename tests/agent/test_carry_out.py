from __future__ import annotations

from typing import Literal

import pytest

from sanso.agent import Agent, ModelError
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import PURIFIER, Call, parse

MINUTE = 60.0


class RingBell(Call):
    """Ring the bell."""

    times: Literal["once", "twice"]


@pytest.fixture
def clock() -> ScriptedClock:
    """Give a clock that stands still until the test advances it."""
    return ScriptedClock()


@pytest.fixture
def agent(clock: ScriptedClock) -> Agent:
    """Give an agent without a model, at a simulated purifier."""
    return Agent(None, SimulatedPurifier.from_settings({"fan": 2}, clock=clock))


def test_a_program_moves_the_purifier_and_is_answered(agent: Agent) -> None:
    """A program is carried out as if it had been said, and the answer is what was read back."""
    reply = agent.carry_out(parse("set_fan_level(level=4)"), lang="en")
    assert reply.words == "Fan set to level 4."
    assert agent.purifier.state().fan == 4
    assert [o.code.value for o in reply.outcomes] == ["confirmed"]
    assert reply.evidence is None


def test_the_answer_is_korean_where_nothing_was_said_yet(agent: Agent) -> None:
    """Without a language the agent answers as it spoke last, at first in Korean."""
    reply = agent.carry_out(parse("set_light(level=off)"))
    assert (reply.lang, reply.words) == ("ko", "표시등을 껐어요.")


def test_it_can_be_undone(agent: Agent) -> None:
    """What a program changed, an undo puts back."""
    agent.carry_out(parse("set_mode(mode=turbo); set_light(level=off)"))
    agent.carry_out(parse("undo()"))
    state = agent.purifier.state()
    assert (state.mode, state.fan, state.light) == ("manual", 2, "on")


def test_a_question_expires(clock: ScriptedClock) -> None:
    """A yes within half a minute resets the filter counter, a later one does not."""
    for wait_seconds, expected in ((10.0, 100.0), (31.0, 80.0)):
        purifier = SimulatedPurifier.from_settings({"filter": 80}, clock=clock)
        fresh = Agent(None, purifier)
        fresh.carry_out(parse("reset_filter()"))
        clock.advance(wait_seconds)
        fresh.carry_out(parse("answer(value=yes)"))
        percent = purifier.state().filter_percent
        assert percent is not None
        assert round(percent) == expected


def test_conversations_do_not_answer_each_other(agent: Agent) -> None:
    """A yes from another source answers no question of this one."""
    agent.carry_out(parse("reset_filter()"), source="panel")
    reply = agent.carry_out(parse("answer(value=yes)"), source="phone")
    assert reply.outcomes == ()


def test_a_call_of_ones_own_is_carried_out_at_once_and_later(
    agent: Agent, clock: ScriptedClock
) -> None:
    """The function given for a call class gets its calls, timed ones when they are due."""
    heard: list[str] = []

    def ring(call: RingBell) -> str:
        heard.append(call.times)
        return f"The bell rang {call.times}."

    agent.on(RingBell, ring)
    calls = PURIFIER.adding(RingBell)
    text = "ring_bell(times=once); after(hours=0, minutes=5) -> ring_bell(times=twice)"
    reply = agent.carry_out(parse(text, calls), lang="en")
    assert reply.words.startswith("The bell rang once.")
    assert heard == ["once"]
    clock.advance(5 * MINUTE)
    agent.tick()
    assert heard == ["once", "twice"]


def test_an_agent_without_a_model_understands_no_sentence(agent: Agent) -> None:
    """Saying something to an agent without a model is an error that names the way out."""
    with pytest.raises(ModelError, match="carry_out"):
        agent.say("turn it up")
