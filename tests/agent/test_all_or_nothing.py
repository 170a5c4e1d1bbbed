"""A program is done whole or not at all, and what is due waits for the pace of the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanso.agent import Agent
from sanso.agent.policy_rules import load_rules
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import parse

PACE = """
summary = "the motor is left alone for twenty seconds behind each change"
[pace]
name = "motor"
motor_seconds = 20
"""


def basic() -> tuple[Agent, SimulatedPurifier]:
    """Give an agent on a purifier that has no pet mode and no ionizer, running at level 1."""
    settings = {"power": "on", "fan": 1}
    purifier = SimulatedPurifier.from_settings(
        settings, clock=ScriptedClock(), profile="sim-basic"
    )
    return Agent(None, purifier, lang="en"), purifier


@pytest.mark.parametrize(
    "text",
    [
        "set_fan_level(level=2); set_mode(mode=pet)",
        "set_mode(mode=pet); set_fan_level(level=2)",
        "set_option(option=ionizer, state=on); after(hours=1, minutes=0) -> set_power(state=off)",
        "after(hours=1, minutes=0) -> set_mode(mode=pet); set_power(state=off)",
        "cancel_timer(); set_mode(mode=pet)",
    ],
)
def test_what_it_lacks_stops_the_rest(text: str) -> None:
    """Nothing is written and nothing waits if one part cannot be done, and the reply says both."""
    agent, purifier = basic()
    agent.carry_out(
        parse("at(time=07:00, repeat=daily) -> set_fan_level(level=2)"), lang="en"
    )
    before, waiting = purifier.state().settings(), agent.scheduler.snapshot()
    reply = agent.carry_out(parse(text), lang="en")
    assert purifier.state().settings() == before
    assert agent.scheduler.snapshot() == waiting
    assert "has no" in reply.words
    assert reply.words.endswith("So I changed nothing.")
    undone = agent.carry_out(parse("undo()"), lang="en")
    assert not agent.scheduler.snapshot(), undone.words


def test_alone_it_says_what_it_lacks() -> None:
    """One act that cannot be done has its own outcome."""
    agent, _ = basic()
    reply = agent.carry_out(parse("set_mode(mode=pet)"), lang="en")
    (outcome,) = reply.outcomes
    assert outcome.code == "unsupported"


def test_a_question_beside_it_is_answered() -> None:
    """What only asks is not stopped by what cannot be done."""
    agent, _ = basic()
    reply = agent.carry_out(parse("query(item=fan); set_mode(mode=pet)"), lang="en")
    assert "1" in reply.words
    assert "has no" in reply.words
    assert len(reply.results) == 2


@pytest.mark.parametrize(
    "trigger", ["after(hours=0, minutes=1)", "at(time={clock}, repeat=daily)"]
)
def test_what_is_due_waits_for_the_pace(trigger: str, tmp_path: Path) -> None:
    """A speed that is due right behind another change comes a little later, once, and what repeats goes on repeating."""
    rules = tmp_path / "pace.toml"
    rules.write_text(PACE, encoding="utf-8")
    clock = ScriptedClock()
    purifier = SimulatedPurifier.from_settings({"power": "on", "fan": 1}, clock=clock)
    agent = Agent(None, purifier, rules=load_rules(str(rules)), zone="UTC")
    soon = (clock.now() + 60) // 60 * 60
    minute = int(soon // 60) % 1440
    due = trigger.format(clock=f"{minute // 60:02}:{minute % 60:02}")
    agent.carry_out(parse(f"{due} -> set_fan_level(level=3)"))
    left = (soon if "at" in trigger[:2] else clock.now() + 60) - clock.now()
    clock.advance(left - 5)
    agent.carry_out(parse("set_fan_level(level=2)"))
    clock.advance(7)
    assert agent.tick() == []
    assert purifier.state().fan == 2
    clock.advance(14)
    (told,) = agent.tick()
    assert told
    assert purifier.state().fan == 3
    assert len(agent.scheduler.snapshot()) == ("daily" in due)


def test_off_never_waits(tmp_path: Path) -> None:
    """Turning off is always allowed, at once."""
    rules = tmp_path / "pace.toml"
    rules.write_text(PACE, encoding="utf-8")
    clock = ScriptedClock()
    purifier = SimulatedPurifier.from_settings({"power": "on", "fan": 1}, clock=clock)
    agent = Agent(None, purifier, rules=load_rules(str(rules)))
    agent.carry_out(parse("after(hours=0, minutes=1) -> set_power(state=off)"))
    clock.advance(59)
    agent.carry_out(parse("set_fan_level(level=2)"))
    clock.advance(2)
    agent.tick()
    assert not purifier.state().power
