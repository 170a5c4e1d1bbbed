from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from sanso.agent.reply import Reply
from sanso.agent.voice.earcon import EarconSpeaker, sound_of
from sanso.agent.voice.speak_sound import Sound
from sanso.agent.voice.voicing import FirstSound, Voicing, word_missed
from sanso.grammars import parse

from .ear import Ear
from .scripted import ScriptedSpeaker


def test_the_first_sound_is_noted_when_it_goes_out() -> None:
    """What is made before counts; what comes behind does not."""
    now = [5.0]
    first = FirstSound(Ear(), lambda: now[0])

    def sounds() -> Iterator[Sound]:
        now[0] = 7.0
        for _ in range(2):
            yield Sound(np.ones(10, np.float32), 16_000)
            now[0] = 9.0

    assert first.at is None
    first.play(sounds(), threading.Event(), 1.0)
    assert first.at == 7.0
    first.forget()
    assert first.at is None
    first.play(iter(()), threading.Event(), 1.0)
    assert first.at is None


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        ("long", "말씀이 너무 길어요. 짧게 나눠서 말해 주세요."),
        ("noise", "말씀을 듣지 못했어요. 다시 말해 주세요."),
        ("doubt", "잘 이해하지 못했어요. 다르게 말해 주시겠어요?"),
    ],
)
def test_a_miss_is_worded_by_its_cause(gate: str, words: str) -> None:
    """Too long, nothing heard, not understood: each in its few words."""
    assert words == word_missed(gate, "ko")  # type: ignore[arg-type]


def test_a_terse_voice_signals() -> None:
    """With earcons a miss is one, and so is attention; words stay words."""
    ear, speaker = Ear(), ScriptedSpeaker()
    voicing = Voicing(EarconSpeaker(ear, speaker))
    voicing.miss("words", "en")
    voicing.attend()
    expected = [sound_of("missed").samples, sound_of("asked").samples]
    assert np.array_equal(ear.samples, np.concatenate(expected))
    voicing.say("A timer ended.", "en")
    assert speaker.said == [("A timer ended.", "en")]


def test_a_talking_voice_talks() -> None:
    """Without earcons a miss is said, and attention takes no words."""
    speaker = ScriptedSpeaker()
    voicing = Voicing(speaker)
    voicing.attend()
    voicing.miss("words", "en")
    reply = Reply("켜", "ko", "켰어요.", parse("set_power(state=on)"))
    voicing.answer(reply, "ko")
    assert speaker.said == [("words", "en"), ("켰어요.", "ko")]
    assert voicing.began is None
