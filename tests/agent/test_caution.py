"""Acting, asking, not understanding: by the evidence, by the kind of output, and by what was answered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent import (
    Agent,
    Caution,
    Choice,
    Decision,
    Doing,
    Evidence,
    ModelError,
    RunnerUp,
)
from sanso.agent.caution import Judge
from sanso.agent.kinds import Kind, kind_of
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import PURIFIER, parse

PAPER: dict[str, Any] = {
    "calibration": {
        "weights": {"odds": 1.0},
        "bias": 0.0,
        "thresholds": {
            "low": {"act": [0.4, 0.1], "query": [0.1, 0.0], "refusal": [0.2, 0.0]},
            "normal": {"act": [0.7, 0.2], "query": [0.3, 0.0], "refusal": [0.5, 0.0]},
            "high": {"act": [0.9, 0.4], "query": [0.5, 0.0], "refusal": [0.8, 0.0]},
        },
    }
}
FAN = "set_fan_level(level=3)"


def evidence(sure: float, *others: tuple[str, float]) -> Evidence:
    """Evidence of one choice."""
    found = tuple(RunnerUp(text, share) for text, share in others)
    return Evidence((Choice("x", sure, 1.0),), 1, 1, 1, runner_ups=found)


def doing(program: str, sure: float, caution: Caution = Caution.NORMAL) -> Doing:
    """What becomes of a program."""
    return Judge(PAPER, caution).judge("바람", parse(program), evidence(sure)).doing


class Scripted:
    """An engine that decides what it was told, as surely as it was told."""

    def __init__(self, known: dict[str, tuple[str, float]], *others: Any) -> None:
        """Know program and probability of each sentence."""
        self.known, self.others = known, others
        self.bundle = SimpleNamespace(papers=PAPER)
        self.calls = PURIFIER
        self.turns: Any = ()

    def decide(self, sentence: str, turns: Any = (), **_: Any) -> Decision:
        """Return what was scripted."""
        self.turns = turns
        program, sure = self.known[sentence]
        return Decision(parse(program), evidence(sure, *self.others), 1.0)

    def cancel(self) -> None:
        """Nothing runs."""


KNOWN = {
    "바람 3": (FAN, 0.5),
    "바람 4": ("set_fan_level(level=4); set_light(level=off)", 0.5),
    "바람 5": ("set_fan_level(level=5)", 0.95),
    "바람 9": (FAN, 0.05),
    "30분 뒤에 3단": (FAN, 0.99),
    "네": ("answer(value=yes)", 0.99),
    "아니": ("answer(value=no)", 0.99),
    "되돌려": ("undo()", 0.99),
    "fan three": (FAN, 0.5),
    "yes": ("answer(value=yes)", 0.99),
    "음": ("answer(value=yes)", 0.2),
    "응 공기는": ("answer(value=yes); query(item=air)", 0.95),
    "되돌릴까": ("undo()", 0.5),
    "불 꺼": ("set_light(level=off)", 0.95),
    "필터": ("reset_filter(); set_light(level=off)", 0.5),
    "필터 초기화": ("reset_filter()", 0.95),
}


def agent(
    *others: Any,
    caution: Caution = Caution.NORMAL,
    clock: ScriptedClock | None = None,
) -> Agent:
    """An agent on a fresh simulator."""
    purifier = SimulatedPurifier.from_settings({}, clock=clock or ScriptedClock())
    engine: Any = Scripted(KNOWN, *others)
    return Agent(engine, purifier, caution=caution)


def test_between_two_thresholds_it_asks() -> None:
    """Above it acts, between it asks, below it did not understand."""
    assert doing(FAN, 0.8) is Doing.DO
    assert doing(FAN, 0.5) is Doing.ASK
    assert doing(FAN, 0.1) is Doing.UNCLEAR


def test_kinds_have_their_own() -> None:
    """An answer needs less than an act; a refusal is asked about only where an act stands behind it."""
    assert doing("query(item=air)", 0.4) is Doing.DO
    assert doing("query(item=air)", 0.2) is Doing.ASK
    assert doing("reject(reason=noise)", 0.3) is Doing.DO
    judge = Judge(PAPER)
    sure = evidence(0.3, ("reject(reason=off_topic)", 0.3), (FAN, 0.25))
    found = judge.judge("바람", parse("reject(reason=noise)"), sure)
    assert found.doing is Doing.ASK
    assert found.meant == parse(FAN)


def test_what_is_hard_to_take_back_needs_more() -> None:
    """A repeated timer, a condition, and cancelling."""
    for text in (
        "at(time=07:00, repeat=daily) -> set_power(state=on)",
        "when(metric=co2, above=1000) -> set_power(state=on)",
        "cancel_timer()",
    ):
        assert doing(text, 0.75) is Doing.ASK
        assert doing(text, 0.85) is Doing.DO
    assert doing("at(time=07:00, repeat=once) -> set_power(state=on)", 0.75) is Doing.DO


def test_what_asks_anyway_is_not_asked_twice() -> None:
    """Resetting the filter wants its own yes."""
    assert doing("reset_filter()", 0.3) is Doing.DO


@given(st.floats(0.001, 0.999), st.sampled_from([FAN, "query(item=air)", "undo()"]))
def test_more_caution_never_acts_more(sure: float, program: str) -> None:
    """What a higher degree does, every lower one does; without caution everything is done."""
    levels = [Caution.OFF, Caution.LOW, Caution.NORMAL, Caution.HIGH]
    done = [doing(program, sure, level) is Doing.DO for level in levels]
    assert done == sorted(done, reverse=True)
    assert done[0]


@given(st.floats(0.001, 0.998), st.sampled_from(list(Caution)))
def test_more_evidence_never_acts_less(sure: float, caution: Caution) -> None:
    """Doing is monotone in the probability."""
    order = [Doing.UNCLEAR, Doing.ASK, Doing.DO]
    less, more = doing(FAN, sure, caution), doing(FAN, sure + 0.001, caution)
    assert order.index(less) <= order.index(more)


def test_kinds() -> None:
    """What is told later is a promise."""
    assert kind_of(parse(FAN)) is Kind.ACT
    assert kind_of(parse("query(item=air)")) is Kind.QUERY
    later = "at(time=08:00, repeat=daily) -> query(item=air)"
    assert kind_of(parse(later)) is Kind.ACT
    assert kind_of(parse("answer(value=yes)")) is Kind.REFUSAL


def test_a_yes_does_what_was_meant() -> None:
    """Nothing is done before it; it can be undone as if it had been said."""
    talk = agent()
    before = talk.purifier.state().settings()
    asked = talk.say("바람 3")
    assert asked.asks
    assert not asked.results
    assert asked.words == "혹시 풍량을 3단으로 맞출까요?"
    assert talk.purifier.state().settings() == before
    talk.say("네")
    assert talk.purifier.state().fan == 3
    talk.say("되돌려")
    assert talk.purifier.state().settings() == before


def test_several_statements_are_asked_about_together() -> None:
    """And all of them are done on a yes."""
    talk = agent()
    assert talk.say("바람 4").words == "혹시 풍량 4단, 표시등 끄기, 이렇게 해 드릴까요?"
    reply = talk.say("네")
    state = talk.purifier.state()
    assert (state.fan, state.light) == (4, "off")
    assert len(reply.results) == 2


@pytest.mark.parametrize("after", ["아니", "바람 5"])
def test_a_no_or_another_order_drops_it(after: str) -> None:
    """A yes that comes later finds no question."""
    talk = agent()
    talk.say("바람 3")
    talk.say(after)
    fan = talk.purifier.state().fan
    assert not talk.say("네").outcomes
    assert talk.purifier.state().fan == fan


def test_a_question_expires() -> None:
    """Half a minute later a yes means nothing."""
    clock = ScriptedClock()
    talk = agent(clock=clock)
    talk.say("바람 3")
    clock.advance(31)
    assert not talk.say("네").outcomes


def test_not_understood() -> None:
    """Too little evidence for a question: nothing is done, and nothing is remembered of it."""
    talk = agent()
    reply = talk.say("바람 9")
    assert reply.judgement
    assert reply.judgement.doing is Doing.UNCLEAR
    assert reply.words == "잘 이해하지 못했어요. 다르게 말해 주시겠어요?"
    assert not talk.say("네").outcomes


def test_a_lost_time_is_asked_about_however_sure() -> None:
    """With the words for it, and done at once only on a yes."""
    talk = agent()
    reply = talk.say("30분 뒤에 3단")
    assert reply.judgement
    assert reply.judgement.guard == "30분"
    assert (
        reply.words == "언제인지 잘 못 알아들었어요. 지금 바로 풍량을 3단으로 맞출까요?"
    )
    assert talk.purifier.state().fan != 3
    talk.say("네")
    assert talk.purifier.state().fan == 3


def test_english_asks_in_english() -> None:
    """As a native would."""
    talk = agent()
    assert talk.say("fan three").words == "Did you want me to set the fan to level 3?"
    talk.say("yes")
    assert talk.purifier.state().fan == 3


def test_without_caution_all_is_done() -> None:
    """As measured for the model alone."""
    talk = agent(caution=Caution.OFF)
    talk.say("바람 9")
    assert talk.purifier.state().fan == 3


def test_the_question_is_part_of_the_prompt() -> None:
    """The model sees that the agent waits for an answer."""
    talk = agent()
    talk.say("바람 3")
    talk.say("네")
    engine: Any = talk.engine
    assert engine.turns[-1].waiting
    assert engine.turns[-1].program == FAN


def test_a_doubtful_yes_is_none() -> None:
    """It is asked again; for what cannot be taken back as well."""
    talk = agent()
    talk.say("바람 3")
    assert talk.say("음").asks
    assert talk.purifier.state().fan != 3
    talk.say("네")
    assert talk.purifier.state().fan == 3
    before = talk.purifier.state().filter_percent
    talk.say("필터 초기화")
    assert talk.say("음").asks
    assert talk.purifier.state().filter_percent == before
    assert talk.say("네").outcomes[0].done


def test_a_yes_among_other_things_counts() -> None:
    """What was meant is done, and the rest besides."""
    talk = agent()
    talk.say("바람 3")
    reply = talk.say("응 공기는")
    assert talk.purifier.state().fan == 3
    assert len(reply.results) == 2


def test_an_undo_that_was_asked_about_is_one_step_back() -> None:
    """It leaves no step of its own: the next undo goes further back, not forth."""
    talk = agent()
    talk.say("바람 5")
    talk.say("불 꺼")
    talk.say("되돌릴까")
    talk.say("네")
    assert talk.purifier.state().light == "on"
    talk.say("되돌려")
    assert talk.purifier.state().light == "on"
    assert talk.purifier.state().fan != 5


def test_nothing_reaches_past_what_cannot_be_taken_back() -> None:
    """Steps before an agreed reset are gone, that of the same program stays."""
    talk = agent()
    talk.say("바람 5")
    assert talk.say("필터").asks
    talk.say("네")
    assert talk.purifier.state().light == "off"
    talk.say("되돌려")
    assert talk.purifier.state().light == "on"
    talk.say("되돌려")
    assert talk.purifier.state().fan == 5


@pytest.mark.parametrize("after", ["아니", "불 꺼", "바람 9"])
def test_what_was_never_done_is_forgotten(after: str) -> None:
    """The model does not see a declined program as one that was carried out."""
    talk = agent()
    talk.say("바람 3")
    talk.say(after)
    talk.say("바람 5")
    engine: Any = talk.engine
    assert FAN not in [turn.program for turn in engine.turns if not turn.waiting]


@pytest.mark.parametrize(
    "calibration",
    [
        {"weights": [1], "bias": 0.0},
        {"weights": {"odds": 1.0}},
        {"weights": {"odds": "x"}, "bias": 0.0},
        {"weights": {}, "bias": 0, "thresholds": {"normal": {"nonsense": [1, 0]}}},
        {"weights": {}, "bias": 0, "thresholds": {"normal": {"act": [1]}}},
    ],
)
def test_a_damaged_paper_is_told(calibration: Any) -> None:
    """With what to do about it; an empty place is as none."""
    with pytest.raises(ModelError, match="sanso calibrate"):
        Judge({"calibration": calibration})
    assert Judge({"calibration": None}).judge("x", parse(FAN), evidence(0.9))
