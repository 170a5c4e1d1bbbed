"""Five hundred clips in which nobody speaks to the purifier, through everything that listens."""

from __future__ import annotations

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
from sanso.agent.voice.parts import FRAME, Samples
from sanso.agent.voice.speakers import SilentSpeaker
from sanso.agent.voice.transcribe import WhisperTranscriber
from sanso.agent.voice.vad import SileroActivity
from sanso.agent.voice.voicing import Voicing
from sanso.devices import ScriptedClock, SimulatedPurifier

from .clips import KINDS, clips

RECOGNISER = Path(__file__).with_name("recogniser")
EACH = 100
_BEFORE, _BEHIND = 10, 30
"""Frames of quiet around a clip."""


class ClipMicrophone:
    """A clip in a quiet room."""

    name = "clip"
    drops = 0
    waiting = 0.0
    live = False

    def __init__(self, sound: Samples) -> None:
        """Cut it into frames."""
        whole = np.pad(sound, (_BEFORE * FRAME, _BEHIND * FRAME))
        count = len(whole) // FRAME
        self._frames = iter(whole[: count * FRAME].reshape(count, FRAME))

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
        msg = "it is over"
        raise MicrophoneEnded(msg)


@pytest.fixture(scope="module")
def recogniser() -> Iterator[WhisperTranscriber]:
    """Load the recogniser that the tests have, with its own gates."""
    opened = WhisperTranscriber(RECOGNISER, cpu_threads=1)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Load the shipped model."""
    with Engine.open() as opened:
        yield opened


@pytest.mark.engine
@pytest.mark.parametrize("kind", KINDS)
def test_no_act(kind: str, recogniser: WhisperTranscriber, engine: Engine) -> None:
    """An open microphone hears silence, noise, hum, music and babble, and changes nothing."""
    activity = SileroActivity()
    acts = []
    for sound in clips(kind, EACH):
        activity.reset()
        happened: list[Happening] = []
        purifier = SimulatedPurifier.from_settings({}, clock=ScriptedClock())
        before = purifier.state().settings()
        agent = Agent(engine, purifier)
        Listening(
            ClipMicrophone(sound.astype(np.float32)),
            Hearing(activity, Manners(mode="open")),
            recogniser,
            agent,
            Voicing(SilentSpeaker()),
            happened.append,
        ).run()
        assert not [one for one in happened if isinstance(one, Trouble)]
        if purifier.state().settings() != before or agent.scheduler.snapshot():
            acts += [one.as_json() for one in happened if isinstance(one, Exchange)]
    assert acts == []
