from __future__ import annotations

from typing import Any

import pytest

from sanso.agent import Decision, Evidence
from sanso.agent.prompt import Turn
from sanso.grammars import parse

MINUTE = 60.0


class Listener:
    """An engine that decides what it was told, and keeps what it was asked."""

    def __init__(self, programs: dict[str, str]) -> None:
        """Know the program of each normalized sentence."""
        self.programs = programs
        self.heard: list[tuple[Turn, ...]] = []

    def decide(self, sentence: str, turns: tuple[Turn, ...], **_: Any) -> Decision:
        """Return the program that was told."""
        self.heard.append(turns)
        return Decision(parse(self.programs[sentence]), Evidence(), 1.0)

    def close(self) -> None:
        """Do nothing: there is no model."""


LISTENED = {
    "off": "after(hours=0, minutes=1) -> set_power(state=off)",
    "fan": "ask(slot=level)",
    "three": "set_fan_level(level=3)",
    "dark": "set_light(level=off)",
    "new filter": "reset_filter()",
    "yes": "answer(value=yes)",
}


@pytest.fixture
def engine(home: Any) -> Listener:
    """Give the agent at home an engine that is told what to decide."""
    listener: Any = Listener(LISTENED)
    home.agent.engine = listener
    kept: Listener = listener
    return kept


def test_the_engine_reads_the_turns_before(home: Any, engine: Listener) -> None:
    """The engine gets the last two turns; the last one waits while a question is open."""
    for sentence in ("Dark", "fan", "three", "dark"):
        home.agent.say(sentence)
    dark = Turn("dark", LISTENED["dark"])
    asked = Turn("fan", LISTENED["fan"], waiting=True)
    answered = Turn("fan", LISTENED["fan"])
    three = Turn("three", LISTENED["three"])
    assert engine.heard == [(), (dark,), (dark, asked), (answered, three)]


def test_a_yes_to_a_value_leaves_the_question(home: Any, engine: Listener) -> None:
    """The engine reads the turn that asks, still waiting, and not the yes that was no answer."""
    first = home.agent.say("fan")
    again = home.agent.say("yes")
    home.agent.say("three")
    home.agent.say("dark")
    asked = Turn("fan", LISTENED["fan"], waiting=True)
    assert engine.heard[1:3] == [(asked,), (asked,)]
    assert engine.heard[3][-1] == Turn("three", LISTENED["three"])
    assert (first.words, first.asks) == (again.words, False)
    assert again.asks


def test_a_turn_is_forgotten_and_a_question_expires(
    home: Any, engine: Listener
) -> None:
    """After half a minute the turn waits no more, after five minutes it is not shown."""
    home.agent.say("fan")
    home.clock.advance(31)
    home.agent.say("dark")
    home.clock.advance(301)
    home.agent.say("dark")
    assert engine.heard[1:] == [(Turn("fan", LISTENED["fan"]),), ()]


def test_two_sources_do_not_mix(home: Any, engine: Listener) -> None:
    """Each conversation has its own turns, question and undo."""
    home.agent.say("new filter", source="panel")
    reply = home.agent.say("yes", source="phone")
    assert not engine.heard[-1]
    assert reply.outcomes == ()
    reply = home.agent.say("yes", source="panel")
    assert engine.heard[-1] == (
        Turn("new filter", LISTENED["new filter"], waiting=True),
    )
    assert [o.code.value for o in reply.outcomes] == ["confirmed"]


@pytest.mark.parametrize("sentence", ["", "a" * 301, "dark"])
def test_what_came_due_is_told_with_any_answer(
    home: Any, engine: Listener, sentence: str
) -> None:
    """A timer that was carried out is told first, also where the sentence cannot be read."""
    home.agent.say("off")
    home.clock.advance(MINUTE)
    told = home.agent.say(sentence).words
    assert home.stands[0] == "off"
    again = home.agent.say(sentence).words
    assert len(told) > len(again)
    assert home.agent.tick() == []
    assert set(engine.programs) > {"off", "dark"}
