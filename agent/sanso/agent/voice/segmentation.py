"""
How speech is cut out of sound: the settings, and what the cutting tells.

Strategy: an owner gives milliseconds; the segmenter counts frames, so each length is
rounded up to whole ones. What makes no sense together is refused by name, before any
sound comes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Literal

from .errors import VoiceError
from .parts import FRAME, RATE, Segment

_RANGES: Final[dict[str, tuple[float, float]]] = {
    "start_probability": (0.05, 0.99),
    "end_probability": (0.01, 0.95),
    "start_ms": (32, 1000),
    "end_ms": (100, 3000),
    "pre_roll_ms": (0, 2000),
    "tail_ms": (0, 3000),
    "least_ms": (0, 2000),
    "cap_ms": (1000, 30_000),
    "held_cap_ms": (1000, 30_000),
}
"""The recogniser looks at 30 s at most."""


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Where speech starts and ends.

    Raises:
        VoiceError: a value is out of its range, or does not fit another one.

    """

    start_probability: float = 0.5
    """Speech starts with frames that are at least so likely speech ..."""
    start_ms: float = 96
    """... for so long without a break."""
    end_probability: float = 0.35
    """Speech ends with frames that are less likely speech ..."""
    end_ms: float = 640
    """... for so long without a break. On 207 recordings, 640 ms kept 99.5 % of the
    commands whole in noise at 12 dB; 480 ms kept 98.6 %, 800 ms no more."""
    pre_roll_ms: float = 320
    """Sound before the first speech frame that belongs to the segment: soft onsets."""
    tail_ms: float = 320
    """Sound behind the last speech frame that belongs to the segment: soft endings. The
    rest of the pause is pre-roll of what comes next."""
    least_ms: float = 160
    """What is shorter, from the first speech frame to the last, is no command but a
    click or a cough."""
    cap_ms: float = 8000
    """Speech longer than this is cut off: real commands take 3.2 s, and 5.1 s at the
    95th percentile."""
    held_cap_ms: float = 15_000
    """The same for push-to-talk, where pauses for thought are allowed."""

    def __post_init__(self) -> None:
        """Check each range, and what must fit together."""
        for field in fields(self):
            low, high = _RANGES[field.name]
            value = getattr(self, field.name)
            if not low <= value <= high:  # also refuses what is no number
                msg = f"{field.name} is {value}; it must be {low:g} to {high:g}"
                raise VoiceError(msg)
        for lower, upper in _ORDER:
            if getattr(self, lower) > getattr(self, upper):
                msg = f"{lower} is {getattr(self, lower):g} and {upper} {getattr(self, upper):g}; {lower} must not be the larger"
                raise VoiceError(msg)


_ORDER: Final = (
    ("end_probability", "start_probability"),
    ("tail_ms", "end_ms"),
    ("start_ms", "cap_ms"),
    ("least_ms", "cap_ms"),
)


def frames_of(milliseconds: float) -> int:
    """Return how many frames hold so much sound: the least that do."""
    samples = round(milliseconds * RATE / 1000)
    return -(-samples // FRAME)


LeftOutWhy = Literal["long", "unheard"]
"""It was cut off at its longest; it had begun before the microphone was listened to."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak; a segment, or a drop, will follow."""

    start: float
    """Seconds from the microphone's first sample to the first speech frame."""
    decided: float
    """Seconds from the microphone's first sample to this decision."""


@dataclass(frozen=True, slots=True)
class SpeechDropped:
    """What began is no segment: too short, or the microphone was not looked at."""

    start: float
    """Seconds from the microphone's first sample to the first speech frame."""
    end: float
    """Seconds from the microphone's first sample to the end of the last one."""


@dataclass(frozen=True, slots=True)
class SpeechLeftOut:
    """Speech is over that belongs to no segment: the rest of an over-long one, or of one whose beginning was not heard."""

    start: float
    """Seconds from the microphone's first sample to where its segment was cut off, or
    to where it began to be heard."""
    end: float
    """Seconds from the microphone's first sample to the end of the last speech frame."""
    why: LeftOutWhy = "long"


SegmenterEvent = SpeechStarted | Segment | SpeechDropped | SpeechLeftOut
