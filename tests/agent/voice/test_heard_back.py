"""What the reader writes out, said by espeak-ng, is heard back by the recogniser for tests."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import soxr

from sanso.agent.voice.gates import Thresholds
from sanso.agent.voice.parts import RATE
from sanso.agent.voice.reading import read_out
from sanso.agent.voice.speak import EspeakSpeaker
from sanso.agent.voice.transcribe import WhisperTranscriber
from sanso.agent.wording.language import Language

from .ear import Ear, espeak

RECOGNISER = Path(__file__).with_name("recogniser")
KOREAN = (
    *("풍량 3단", "풍량 1단", "풍량 5단", "풍량 8단", "30퍼센트", "75%", "50퍼센트"),
    *(
        "오후 3시 30분",
        "오전 7시",
        "밤 11시",
        "새벽 2시",
        "오후 6시 15분",
        "오전 10시 45분",
    ),
    *(
        "2시간 30분",
        "45분",
        "10분",
        "습도 60퍼센트",
        "12.5 µg/m³",
        "400ppm",
        "온도 23도",
    ),
)
ENGLISH = (
    *("fan level 3", "fan level 5", "level 8", "30 percent", "75%", "50 percent"),
    *("3:30 pm", "7 am", "11 pm", "6:15 pm", "10:45 am", "2 hours", "30 minutes"),
    *("45 minutes", "1 hour 30 minutes", "60 percent", "23 degrees", "400 ppm"),
    *("12 hours", "20 minutes"),
)
LEAST = 0.8
"""Share that must be heard back to the letter: the recogniser is a small one, and hears most."""


def letters(text: str) -> str:
    """Leave what is heard: no blanks, no dots of letters said one by one."""
    return re.sub(r"[\W_]+", "", text.lower())


@pytest.mark.parametrize(("lang", "texts"), [("ko", KOREAN), ("en", ENGLISH)])
def test_numbers_are_heard_back(lang: Language, texts: tuple[str, ...]) -> None:
    """Levels, shares, clock times, spans and readings come back as the words that were read out."""
    assert len(texts) == 20
    everything = Thresholds(least_logprob=-10.0, most_no_speech=1.0)
    transcriber = WhisperTranscriber(RECOGNISER, thresholds=everything)
    missed = []
    for text in texts:
        ear = Ear()
        speaker = EspeakSpeaker(ear, program=espeak())
        speaker.say(text, lang)
        speaker.close()
        sound = soxr.resample(ear.samples, ear.sounds[0].rate, RATE)
        quiet = np.zeros(RATE // 4, np.float32)
        heard = transcriber.transcribe(
            np.concatenate([quiet, sound.astype(np.float32), quiet])
        )
        said = read_out(text, lang)
        if letters(heard.text) != letters(said):
            missed.append((said, heard.text))
    transcriber.close()
    assert len(missed) <= len(texts) * (1 - LEAST), missed
