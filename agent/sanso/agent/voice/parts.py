"""
What the parts of the voice hand to each other, and what each of them promises.

Strategy: sound comes as frames of one length from anything that is a `Microphone`; speech
is cut out as `Segment`s; a `Transcriber` turns one into a `Transcript`, which says itself
whether it may be acted on; a `Speaker` says the answer. None of them knows another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from sanso.agent.wording.language import Language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

RATE: Final = 16_000
"""Samples a second, everywhere behind the microphone."""

FRAME: Final = 512
"""Samples of a frame: 32 ms, one step of Silero's detector."""

Samples = npt.NDArray[np.float32]
"""Mono sound at `RATE`, -1 to 1, shape (n,)."""

Ending = Literal["silence", "cap", "released", "ended", "lost"]
"""Why a segment ended: the speaker paused, it grew too long, the key was let go, the
sound itself ended, or sound of it is missing."""

Gate = Literal[
    "short",
    "silence",
    "clipped",
    "long",
    "lost",
    "noise",
    "language",
    "repetition",
    "echo",
    "doubt",
]
"""What refuses a transcript. `long`: more than the recogniser hears at once. `lost`: sound
of it is missing. `echo`: it says only what the recogniser was prompted with."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech, with what came right before it."""

    samples: Samples
    start: float
    """Seconds from the microphone's first sample to the first of `samples`."""
    speech_end: float
    """Seconds from the microphone's first sample to the end of the last speech frame."""
    decided: float
    """Seconds from the microphone's first sample to the decision that speech had ended:
    `decided - speech_end` is the share of end-pointing in the time to an answer."""
    ending: Ending

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / RATE


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a recogniser made of a segment."""

    text: str
    """In NFC, stripped; may be empty."""
    language: Language
    language_mass: float
    """Probability of Korean and English together among all languages, 0 to 1."""
    no_speech: float
    """Probability that nobody spoke, 0 to 1."""
    mean_logprob: float
    """Mean log probability of a token, 0 at most."""
    compression: float
    """Length of the text over its length compressed: high where it repeats itself."""
    refused: Gate | None = None
    """The gate that holds it back; None where it may be acted on."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Time of each stage: `encode`, `decode`, `total`."""


class Microphone(Protocol):
    """Frames of sound: a device, files or standard input."""

    name: str
    """For people."""
    drops: int
    """Frames that are missing before the last one read, since it was opened."""
    live: bool
    """Whether its frames come at the pace of the clock, as those of a device do."""

    def __enter__(self) -> Self:
        """Open it. Raises MicrophoneError with cause and cure."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it, at once, whatever the device does."""
        ...

    @property
    def waiting(self) -> float:
        """Seconds of sound that were heard and not read yet; from any thread."""
        ...

    def read(self, timeout: float) -> Samples | None:
        """Return the next `FRAME` samples; None where none came within `timeout` seconds.

        Raises MicrophoneEnded behind the last frame of a file or of standard input. A
        device that vanished is looked for again inside, and gives None meanwhile.
        """
        ...


class Transcriber(Protocol):
    """Turns a segment into text."""

    name: str

    def transcribe(self, samples: Samples) -> Transcript:
        """Transcribe one segment; a gate that refuses is told in the transcript."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class Speaker(Protocol):
    """Says an answer aloud."""

    name: str

    def say(self, text: str, language: Language) -> None:
        """Say it and return when it was said, or was stopped.

        Raises SpeakerError with cause and cure where nothing could be said.
        """
        ...

    def stop(self) -> None:
        """Fall silent at once; from any thread, also where nothing is being said."""
        ...

    def close(self) -> None:
        """Fall silent and give back what it holds."""
        ...
