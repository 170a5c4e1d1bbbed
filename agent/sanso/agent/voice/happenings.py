"""
What listening tells whoever shows it.

Strategy: values, one class a kind of thing that happens. An `Exchange` is all that came of
one utterance, with the time that each stage took.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from .parts import Gate, Segment, Transcript

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sanso.agent.reply import Reply
    from sanso.agent.wording import Language

    from .level import Level
    from .microphone import MicrophoneState
    from .segmentation import LeftOutWhy

ListenState = Literal[
    "waiting", "listening", "hearing", "understanding", "speaking", "lost"
]
"""For a key or a name; for somebody to speak; to somebody who does; what was said is
recognised and carried out; the answer is said; the microphone is gone."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How it stands, ten times a second of sound."""

    state: ListenState
    level: Level
    """Of the sound since the last one."""
    seconds: float = 0.0
    """Its length."""


@dataclass(frozen=True, slots=True)
class MicrophoneChanged:
    """The microphone was opened, lost, or is back."""

    state: MicrophoneState


@dataclass(frozen=True, slots=True)
class Exchange:
    """One utterance, and all that came of it."""

    segment: Segment
    language: Language
    """Of the answer."""
    transcript: Transcript | None = None
    """None where the segment was not worth one."""
    sentence: str = ""
    """What was understood of it: the transcript without the name that called."""
    missed: Gate | None = None
    """Why nothing was done about it; `long` also where the speech was cut off, `lost` where
    sound of it is missing."""
    reply: Reply | None = None
    """None where the agent was not asked."""
    words: str = ""
    """What is said about it; nothing where it keeps quiet."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """By stage. `ending`: from the end of speech to the decision that it was the end.
    `waiting`: until it was looked at. `encode`, `decode`, `recogniser`: both and what is
    around. `model`: text to program. `device`: until the purifier was read back.
    `obeyed`: all of it together, from the end of speech to the words of the answer."""

    def as_json(self) -> dict[str, Any]:
        """Return plain values, for `--json`; times in milliseconds."""
        reply, heard = self.reply, self.transcript
        return {
            "heard": heard.text if heard is not None else None,
            "sentence": self.sentence or None,
            "lang": self.language,
            "missed": self.missed,
            "program": reply.program.texts() if reply and reply.program else [],
            "outcomes": [o.code.value for o in reply.outcomes] if reply else [],
            "words": self.words or None,
            "error": (reply.error or None) if reply else None,
            "start": round(self.segment.start, 3),
            "speech_end": round(self.segment.speech_end, 3),
            "ending": self.segment.ending,
            "no_speech": round(heard.no_speech, 4) if heard is not None else None,
            "mean_logprob": round(heard.mean_logprob, 4) if heard is not None else None,
            "ms": {name: round(s * 1000, 1) for name, s in self.seconds.items()},
        }


@dataclass(frozen=True, slots=True)
class Voiced:
    """An exchange was answered aloud."""

    exchange: Exchange
    began: float | None
    """Seconds from the words of the answer to its first sound; None where it had none."""
    lasted: float
    """Seconds from the words of the answer until it was said, or was stopped."""


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody called the agent and said nothing else: it listens."""

    segment: Segment | None
    """None where a key or a service called it."""


@dataclass(frozen=True, slots=True)
class Overheard:
    """Somebody spoke, and not to the agent; nothing was done about it."""

    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Due:
    """What came due meanwhile, in words."""

    words: str


@dataclass(frozen=True, slots=True)
class Late:
    """An utterance that waited too long for its turn; nothing was done about it."""

    segment: Segment


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Speech to the agent is over of which so much belongs to no sentence."""

    seconds: float
    why: LeftOutWhy = "long"


@dataclass(frozen=True, slots=True)
class Muted:
    """Since it was opened, the microphone gave nothing but zeros."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong; listening goes on."""

    error: Exception


Happening = (
    Pulse
    | MicrophoneChanged
    | Exchange
    | Voiced
    | Called
    | Overheard
    | Due
    | Late
    | LeftOut
    | Muted
    | Trouble
)
