"""
Run a model over cases, as acceptance does.

Strategy: a single sentence is only decided, without a turn before it; a dialogue is spoken to an agent on a fresh simulator in the
case's state, so that questions are open and turns remembered.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from sanso.agent import Agent, Caution, Engine, UtteranceError
from sanso.agent.prompt import normalize
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import parse

from .effect import Bench
from .score import Mark, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .cases import Case


class Understander(Protocol):
    """Anything that gives a program for a sentence: the model, or a baseline."""

    def programs(self, case: Case) -> list[tuple[str, float, float]]:
        """Program text ("" for none), confidence and milliseconds of each turn."""
        ...


class ModelUnderstander:
    """A GGUF in the engine."""

    def __init__(self, engine: Engine) -> None:
        """Use a loaded engine; it stays open."""
        self._engine = engine

    def programs(self, case: Case) -> list[tuple[str, float, float]]:
        """Decide a sentence, or speak a dialogue."""
        if case.is_dialogue:
            return self._dialogue(case)
        try:
            decision = self._engine.decide(normalize(case.turns[0].text))
        except UtteranceError:
            return [("", 0.0, 0.0)]
        text = decision.program.render()
        return [(text, decision.evidence.confidence, decision.milliseconds)]

    def _dialogue(self, case: Case) -> list[tuple[str, float, float]]:
        purifier = SimulatedPurifier.from_settings(case.state, clock=ScriptedClock())
        agent = Agent(self._engine, purifier, caution=Caution.OFF)
        found = []
        for turn in case.turns:
            started = time.perf_counter()
            reply = agent.say(turn.text)
            text = reply.program.render() if reply.program else ""
            sure = reply.evidence.confidence if reply.evidence else 0.0
            spent = (time.perf_counter() - started) * 1000
            found.append((text, sure, reply.milliseconds.get("decide", spent)))
        return found


def run(
    cases: Sequence[Case],
    understander: Understander,
    tell: Callable[[int], None] | None = None,
) -> list[Verdict]:
    """Verdicts of all turns, in order; `tell` is called after each case."""
    verdicts: list[Verdict] = []
    for number, case in enumerate(cases, 1):
        verdicts += _case(case, understander)
        if tell:
            tell(number)
    return verdicts


def _case(case: Case, understander: Understander) -> Iterator[Verdict]:
    bench = Bench(case.state)
    for turn, (text, sure, spent) in enumerate(understander.programs(case)):
        expected = case.turns[turn]
        mark = judge(expected, text, bench)
        yield Verdict(case, turn, text, mark, sure, spent)
        # A turn means something behind what should have been done before it.
        right = mark is Mark.RIGHT
        bench = bench.after(parse(text) if right else expected.accept[0])
