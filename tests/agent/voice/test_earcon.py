"""Four short sounds that nobody mixes up, and when each of them says enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from sanso.agent import Agent
from sanso.agent.caution import Doing, Judgement, Thresholds
from sanso.agent.kinds import Kind
from sanso.agent.policy_rules import load_rules
from sanso.agent.reply import Reply
from sanso.agent.voice.earcon import (
    EARCONS,
    TUNES,
    Earcon,
    EarconSpeaker,
    earcon_of,
    sound_of,
)
from sanso.agent.voice.speak_sound import Sound
from sanso.agent.wording import (
    LANGUAGES,
    Language,
    word_error,
    word_meant,
)
from sanso.devices import Outcome, OutcomeCode, ScriptedClock, SimulatedPurifier, State
from sanso.grammars import parse

from .ear import Ear


def pitches(earcon: Earcon) -> list[float]:
    """Return the strongest pitch of each note, in Hz."""
    sound = sound_of(earcon)
    loud = np.convolve(np.abs(sound.samples), np.ones(200) / 200, "same") > 0.05
    edges = np.flatnonzero(np.diff(loud.astype(int), prepend=0, append=0))
    found = []
    for start, end in edges.reshape(-1, 2):
        note = sound.samples[start:end]
        spectrum = np.abs(np.fft.rfft(note, 1 << 16))
        found.append(float(spectrum.argmax()) * sound.rate / (1 << 16))
    return found


@pytest.mark.parametrize("earcon", EARCONS)
def test_sounds(earcon: Earcon) -> None:
    """Each is short, of bearable loudness, and begins, goes on and ends without a click."""
    sound = sound_of(earcon)
    assert 0.1 < len(sound.samples) / sound.rate < 0.5
    assert 0.2 < np.abs(sound.samples).max() < 0.6
    assert abs(sound.samples[0]) < 0.01
    assert abs(sound.samples[-1]) < 0.01
    assert np.abs(np.diff(sound.samples)).max() < 0.2
    assert sound.samples.dtype == np.float32


def spectrum(sound: Sound) -> npt.NDArray[np.float64]:
    """Return the strength of its pitches up to 2 kHz in steps of 20 Hz, as a vector of length 1."""
    strength = np.abs(np.fft.rfft(sound.samples, sound.rate))[:2000]
    steps = strength.reshape(-1, 20).sum(axis=1)
    whole: npt.NDArray[np.float64] = steps / np.linalg.norm(steps)
    return whole


def test_they_are_told_apart() -> None:
    """One goes up, one comes down, one repeats itself and then rises, one is low and alone; no two sound alike."""
    up, down = pitches("done"), pitches("refused")
    assert len(up) in (1, 2)
    assert TUNES["done"][0][0] < TUNES["done"][-1][0]
    assert TUNES["refused"][0][0] > TUNES["refused"][-1][0]
    assert max(down) < min(up)
    first, second, last = pitches("asked")
    assert abs(first - second) < 20
    assert last > first + 100
    [low] = pitches("missed")
    assert low < min(down)
    for one, other in combinations(EARCONS, 2):
        assert spectrum(sound_of(one)) @ spectrum(sound_of(other)) < 0.9


class Voice:
    """A speaker that writes down what it says."""

    name = "voice"

    def __init__(self) -> None:
        """Have said nothing."""
        self.said: list[tuple[str, Language]] = []
        self.calls: list[str] = []

    def say(self, text: str, language: Language) -> None:
        """Write it down."""
        self.said.append((text, language))

    def stop(self) -> None:
        """Write it down."""
        self.calls.append("stop")

    def close(self) -> None:
        """Write it down."""
        self.calls.append("close")


def answered(program: str, *, lang: Language = "en", source: str = "") -> Reply:
    """Let a program be carried out in a house with rules; the answer, with what they said of it."""
    clock = ScriptedClock(datetime(2026, 2, 3, 12, tzinfo=UTC).timestamp())
    purifier = SimulatedPurifier.from_settings({"fan": 2}, clock=clock)
    rules = load_rules("house")
    with Agent(None, purifier, lang=lang, rules=rules, zone="UTC") as agent:
        reply = agent.carry_out(parse(program), lang=lang, source=source)
        return replace(reply, review=agent._acting.review)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("program", "earcon"),
    [
        ("set_fan_level(level=3)", "done"),
        ("set_power(state=on)", "done"),
        ("set_fan_level(level=4); set_light(level=off)", "done"),
        ("set_fan_level(level=9)", "refused"),
        ("set_power(state=off); set_fan_level(level=9)", "refused"),
        ("reject(reason=off_topic)", "refused"),
        ("reject(reason=unsupported)", "refused"),
        ("reject(reason=noise)", "missed"),
        ("ask(slot=level)", "asked"),
        ("query(item=air)", None),
        ("give_tip(topic=sleep)", None),
        ("chat(kind=greeting)", None),
        ("undo()", None),
        ("after(hours=2, minutes=0) -> set_power(state=off)", None),
        ("lasting(hours=1, minutes=0) -> set_fan_level(level=4)", None),
        ("set_fan_level(level=3); query(item=pm25)", None),
        ("cancel_timer()", None),
    ],
)
def test_earcon_of_a_program(
    program: str, earcon: Earcon | None, lang: Language
) -> None:
    """What was done, refused or asked has an earcon; what tells something new is left to the words."""
    assert earcon_of(answered(program, lang=lang)) == earcon


def test_earcon_of_what_a_rule_forbids() -> None:
    """Who may only read is refused; what wants a yes first is asked about."""
    forbidden = answered("set_power(state=off)", source="dashboard")
    assert earcon_of(forbidden) == "refused"
    assert earcon_of(answered("reset_filter()")) == "asked"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_earcon_of_what_was_not_read(lang: Language) -> None:
    """What was not read, or understood too badly, was missed; what is not sure is asked about."""
    for error in ("empty", "too_long", "too_slow", "cancelled"):
        words = word_error(error, lang)
        assert earcon_of(Reply("?", lang, words, error=error)) == "missed"
    program = parse("set_power(state=off)")

    def judged(doing: Doing, words: str) -> Reply:
        meant = program if doing is Doing.ASK else None
        thresholds = Thresholds(0.9, 0.5)
        judgement = Judgement(Kind.ACT, 0.6, thresholds, doing, meant=meant)
        return Reply("?", lang, words, program=program, judgement=judgement)

    unclear = judged(Doing.UNCLEAR, word_error("unclear", lang))
    assert earcon_of(unclear) == "missed"
    assert earcon_of(judged(Doing.ASK, word_meant(program, lang))) == "asked"


@pytest.mark.parametrize("code", [OutcomeCode.PENDING, OutcomeCode.UNCONFIRMED])
def test_what_nobody_knows_is_said(code: OutcomeCode) -> None:
    """An act that is not confirmed is neither done nor refused: it is said."""
    program = parse("set_power(state=off)")
    outcome = Outcome(code, program.statements[0].call, State(), State())
    reply = Reply("", "en", "I asked.", program=program, results=(outcome,))
    assert earcon_of(reply) is None


def test_what_came_due_is_said() -> None:
    """An answer that tells more than what became of the sentence is said, not swallowed."""
    reply = answered("set_fan_level(level=3)")
    more = Reply(
        *("", "en", f"As scheduled: purifier turned on. {reply.words}"),
        program=reply.program,
        results=reply.results,
    )
    assert (earcon_of(reply), earcon_of(more)) == ("done", None)


def answer(speaker: EarconSpeaker, reply: Reply) -> None:
    """Answer with the earcon that stands for a reply."""
    speaker.answer(reply, earcon_of(reply))


def test_answers() -> None:
    """Terse where an earcon says it all; a question has its words as well; the rest is said."""
    ear, voice = Ear(), Voice()
    speaker = EarconSpeaker(ear, voice, volume=lambda: 0.5)
    answer(speaker, answered("set_fan_level(level=3)"))
    assert (voice.said, len(ear.sounds)) == ([], 1)
    assert np.array_equal(ear.samples, sound_of("done").samples)
    question = answered("ask(slot=level)", lang="ko")
    answer(speaker, question)
    assert (voice.said, len(ear.sounds)) == ([(question.words, "ko")], 2)
    reading = answered("query(item=air)")
    answer(speaker, reading)
    assert (voice.said[1:], len(ear.sounds)) == ([(reading.words, "en")], 2)
    assert ear.volumes == [0.5, 0.5]


def test_every_earcon_can_be_signalled() -> None:
    """A loop that caught no sentence says so without an answer."""
    ear = Ear()
    for earcon in EARCONS:
        EarconSpeaker(ear, Voice()).signal(earcon)
    whole = np.concatenate([sound_of(earcon).samples for earcon in EARCONS])
    assert np.array_equal(ear.samples, whole)


def test_stop_between_earcon_and_words() -> None:
    """Stopped at the earcon, the words of the question are not said either."""
    ear, voice = Ear(), Voice()
    speaker = EarconSpeaker(ear, voice)
    ear.on_sound = speaker.stop
    answer(speaker, answered("ask(slot=level)"))
    assert (voice.said, voice.calls) == ([], ["stop"])
    speaker.close()
    assert voice.calls == ["stop", "stop", "close"]
