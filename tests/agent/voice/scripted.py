"""The peers of the loop: a microphone, a detector, a recogniser, an agent and a speaker that follow a script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import numpy as np

from sanso.agent.reply import Reply
from sanso.agent.voice.errors import MicrophoneEnded
from sanso.agent.voice.parts import FRAME, RATE, Gate, Samples, Transcript
from sanso.agent.wording import Language, language_of
from sanso.grammars import parse

LOUD = np.full(FRAME, 0.5, np.float32)
QUIET = np.zeros(FRAME, np.float32)
SPEECH = 20
"""Frames of an utterance: 0.64 s."""
PAUSE = 25
"""Frames of a pause that ends one: 0.8 s."""

Step = Samples | Callable[[], None] | None
"""A frame; something that happens; nothing within the time."""


def utterance(speech: int = SPEECH, pause: int = PAUSE) -> list[Step]:
    """Return the frames of somebody who speaks and falls silent."""
    return [*[LOUD] * speech, *[QUIET] * pause]


class Clock:
    """A clock that the peers move."""

    def __init__(self) -> None:
        """Start at a second that nobody expects."""
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Loudness:
    """A detector that takes whatever is loud for speech."""

    def __init__(self) -> None:
        """Have heard nothing."""
        self.resets = 0

    def probability(self, frame: Samples) -> float:
        """Return 1 for a loud frame, else 0."""
        return float(np.abs(frame).max() > 0.1)

    def reset(self) -> None:
        """Count it."""
        self.resets += 1


class ScriptedMicrophone:
    """Gives the frames of a script, then ends; a live one takes their time on the clock."""

    def __init__(
        self, steps: Iterable[Step], clock: Clock | None = None, *, live: bool = False
    ) -> None:
        """Follow a script."""
        self.name = "script"
        self.drops = 0
        self.unread = 0.0
        """Seconds of sound that wait."""
        self.live = live
        self.opened = False
        self._steps = iter(steps)
        self._clock = clock

    def __enter__(self) -> Self:
        """Open."""
        self.opened = True
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.opened = False

    @property
    def waiting(self) -> float:
        """What is heard is read at once, unless the script says otherwise."""
        return self.unread

    def read(self, timeout: float) -> Samples | None:
        """Return the next frame of the script."""
        for step in self._steps:
            if callable(step):
                step()
                continue
            if self._clock is not None:
                self._clock.now += timeout if step is None else FRAME / RATE
            return step
        msg = "the script is at its end"
        raise MicrophoneEnded(msg)


class ScriptedTranscriber:
    """Gives the texts of a script, one an utterance; a gate's name in `<>` refuses."""

    name = "script"

    def __init__(self, *texts: str | Exception, clock: Clock | None = None) -> None:
        """Follow a script; recognising takes 0.25 s of the clock."""
        self._texts = iter(texts)
        self._clock = clock
        self.heard: list[int] = []
        """Lengths of what it was given, in samples."""

    def transcribe(self, samples: Samples) -> Transcript:
        """Return the next text."""
        self.heard.append(len(samples))
        if self._clock is not None:
            self._clock.now += 0.25
        text = next(self._texts)
        if isinstance(text, Exception):
            raise text
        refused: Any = None
        if text.startswith("<"):
            refused, _, text = text[1:].partition(">")
        return transcript(text, refused)

    def close(self) -> None:
        """Hold nothing."""


def transcript(text: str, refused: Gate | None = None) -> Transcript:
    """Return a transcript as a recogniser makes it."""
    seconds = {"encode": 0.15, "decode": 0.1, "total": 0.25}
    language = language_of(text)
    return Transcript(text, language, 0.99, 0.01, -0.1, 1.0, refused, seconds)


class ScriptedAgent:
    """Knows the program of each sentence, and carries nothing out."""

    def __init__(
        self, programs: dict[str, str] | None = None, clock: Clock | None = None
    ) -> None:
        """Answer with the sentence itself where no program is known."""
        self._programs = programs or {}
        self._clock = clock
        self.said: list[tuple[str, str]] = []
        """Sentence and source."""
        self.due: list[str] = []
        self.cancelled = 0
        self.on_say: Callable[[str], None] = lambda _text: None

    def say(
        self, text: str, *, source: str = "", timeout_seconds: float | None = None
    ) -> Reply:
        """Answer."""
        assert timeout_seconds
        self.said.append((text, source))
        self.on_say(text)
        if self._clock is not None:
            self._clock.now += 0.05
        program = parse(self._programs.get(text, "set_power(state=on)"))
        words = f"did {text}"
        return Reply(
            text,
            language_of(text),
            words,
            program,
            results=(words,),
            milliseconds={"decide": 10.0, "act": 40.0, "total": 50.0},
        )

    def tick(self) -> list[str]:
        """Return what is due."""
        due, self.due = self.due, []
        return due

    def cancel(self) -> None:
        """Count it."""
        self.cancelled += 1


class ScriptedSpeaker:
    """Keeps what it is told to say; where it is told to, it speaks until it is stopped."""

    name = "script"

    def __init__(self, *, endless: Sequence[str] = ()) -> None:
        """Speak texts that hold one of `endless` until somebody stops it."""
        self.said: list[tuple[str, Language]] = []
        self.speaking = threading.Event()
        self.silent = threading.Event()
        self.silent.set()
        self.stops = 0
        self.error: Exception | None = None
        self._endless = endless
        self._stopped = threading.Event()

    def say(self, text: str, language: Language) -> None:
        """Say it."""
        self.said.append((text, language))
        if self.error is not None:
            raise self.error
        if any(part in text for part in self._endless):
            self._stopped.clear()
            self.silent.clear()
            self.speaking.set()
            assert self._stopped.wait(20.0), "nobody stopped it"
            self.speaking.clear()
            self.silent.set()

    def stop(self) -> None:
        """Fall silent."""
        self.stops += 1
        self._stopped.set()

    def close(self) -> None:
        """Fall silent."""
        self.stop()
