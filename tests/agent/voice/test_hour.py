"""An hour of an open microphone, as fast as it can be heard."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from sanso.agent import Agent, Engine
from sanso.agent.voice.attention import Manners
from sanso.agent.voice.errors import MicrophoneEnded
from sanso.agent.voice.happenings import Exchange, Happening, Trouble
from sanso.agent.voice.hearing import Hearing
from sanso.agent.voice.loop import Listening
from sanso.agent.voice.parts import FRAME, RATE, Samples
from sanso.agent.voice.speakers import SilentSpeaker
from sanso.agent.voice.transcribe import WhisperTranscriber
from sanso.agent.voice.vad import SileroActivity
from sanso.agent.voice.voicing import Voicing
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.models.recogniser.speech import speak
from sanso.models.recogniser.voices import draw_voice

RECOGNISER = Path(__file__).with_name("recogniser")
HOUR_FRAMES = 3600 * RATE // FRAME
EVERY = 15 * RATE // FRAME
"""Frames from one command to the next: 240 commands in an hour."""
_SETTLED = 0.2
"""Share of the hour behind which memory no longer grows."""
_PAGE = 4096
_MOST_GROWTH = 8 << 20


class Room:
    """Somebody who says a command every 15 s, in a room with a fan."""

    name = "room"
    drops = 0
    waiting = 0.0
    live = False

    def __init__(self, commands: list[Samples]) -> None:
        """Say these, one after another, again and again."""
        self._commands = commands
        self._rng = np.random.default_rng(0)
        self._frames = self._hour()
        self.ends: list[float] = []
        """Seconds at which each command has its last sample."""
        self.held: list[int] = []
        """Bytes of memory that the process holds, each minute."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def read(self, timeout: float) -> Samples | None:
        """Return the next frame."""
        assert timeout > 0
        for frame in self._frames:
            return frame
        msg = "the hour is over"
        raise MicrophoneEnded(msg)

    def _hour(self) -> Iterator[Samples]:
        waiting = np.zeros(0, np.float32)
        for number in range(HOUR_FRAMES):
            if number % EVERY == EVERY // 2:
                waiting = self._commands[len(self.ends) % len(self._commands)]
                self.ends.append((number * FRAME + len(waiting)) / RATE)
            if number % (60 * RATE // FRAME) == 0:
                self.held.append(held())
            frame = self._rng.normal(0, 0.001, FRAME).astype(np.float32)
            part, waiting = waiting[:FRAME], waiting[FRAME:]
            frame[: len(part)] += part
            yield frame


def held() -> int:
    """Return the memory that this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def commands() -> list[Samples]:
    """Return commands in both languages and several voices."""
    said = []
    for number, (lang, text) in enumerate(
        [("ko", "미풍으로 해줘"), ("en", "sleep mode for me"), ("ko", "지금 정지해줘")]
    ):
        voice = draw_voice(lang, random.Random(number), unseen=True)
        sound: Samples = speak(text, voice).astype(np.float32)
        sound /= 32768
        said.append(_cut(sound))
    return said


def _cut(sound: Samples) -> Samples:
    """Return a sound up to its last loud sample."""
    loud = np.flatnonzero(np.abs(sound) > 0.02)
    return sound[: loud[-1] + 1]


@pytest.mark.engine
@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="counts pages of Linux"
)
def test_an_hour() -> None:
    """No command is lost or heard twice, its time stays right, and memory stays flat."""
    room = Room(commands())
    ends: list[float] = []  # not the exchanges: they hold their sound

    def keep(happening: Happening) -> None:
        assert not isinstance(happening, Trouble)
        if isinstance(happening, Exchange):
            ends.append(happening.segment.speech_end)

    transcriber = WhisperTranscriber(RECOGNISER, cpu_threads=1)
    with Engine.open() as engine:
        purifier = SimulatedPurifier.from_settings({}, clock=ScriptedClock())
        Listening(
            room,
            Hearing(SileroActivity(), Manners(mode="open")),
            transcriber,
            Agent(engine, purifier),
            Voicing(SilentSpeaker()),
            keep,
        ).run()
    transcriber.close()
    assert len(ends) == len(room.ends) == HOUR_FRAMES // EVERY
    late = [heard - said for heard, said in zip(ends, room.ends, strict=True)]
    assert max(map(abs, late)) < 0.3
    assert abs(np.mean(late[-60:]) - np.mean(late[:60])) < 0.02
    settled = room.held[round(len(room.held) * _SETTLED) :]
    assert max(settled) - settled[0] < _MOST_GROWTH
