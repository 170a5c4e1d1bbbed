"""
From frames of sound to what is to be done about them.

Strategy: pure but for its parts. Each frame goes to the wake service, the detector and the
cutter, or by unheard where the agent does not listen; what the cutter, the keys and the
service tell goes to the attention, which decides. One lock, because the thread that
answers tells the attention when it speaks.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from .attention import Attention, Do, Manners
from .parts import FRAME, RATE, Gate, Samples, Segment
from .segmentation import (
    LeftOutWhy,
    Segmentation,
    SegmenterEvent,
    SpeechDropped,
    SpeechLeftOut,
    SpeechStarted,
)
from .segmenter import Segmenter
from .segmenter_held import HeldSegmenter
from .wake import SpokenNames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .push import Push, Talk
    from .vad import VoiceActivity

_FRAME_SECONDS: Final = FRAME / RATE
_SILENT: Final = (Do.LISTEN, Do.IGNORE)
_NOTHING: Final[Samples] = np.zeros(0, np.float32)


class Wake(Protocol):
    """Hears a name in the sound itself."""

    @property
    def trouble(self) -> str:
        """Why it hears nothing now; empty while it does."""
        ...

    def feed(self, frame: Samples) -> None:
        """Take the next `FRAME` samples; never wait."""
        ...

    def woken(self) -> list[str]:
        """Return the names that were heard since it was last asked; never wait."""
        ...


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something is to be done."""

    do: Do
    segment: Segment | None = None
    gate: Gate = "long"
    """Why the segment is refused, where it is."""
    left_out: float = 0.0
    """Seconds of speech that belong to no segment."""
    why: LeftOutWhy = "long"
    """Why they do not."""


class Hearing:
    """Listens by the manners that the owner chose."""

    def __init__(
        self,
        activity: VoiceActivity,
        manners: Manners | None = None,
        *,
        names: SpokenNames | None = None,
        segmentation: Segmentation | None = None,
        talks: Sequence[Talk] = (),
        wake: Wake | None = None,
    ) -> None:
        """Tell speech by `activity`; `talks` are the keys, `wake` the service, if any."""
        self._manners = manners or Manners()
        self._attention = Attention(self._manners, names or SpokenNames())
        self._activity = activity
        self._talks = talks
        self._wake = wake
        self._held = HeldSegmenter(segmentation) if self.by_key else None
        self._cutter = self._held or Segmenter(segmentation)
        self._lock = threading.Lock()
        self._least_seconds = (segmentation or Segmentation()).least_ms / 1000
        self._refused = False
        """Whether the last segment was meant for the agent and cut off."""

    @property
    def trouble(self) -> str:
        """Why the wake service hears nothing now; empty where it does, or there is none."""
        return self._wake.trouble if self._wake is not None else ""

    @property
    def by_key(self) -> bool:
        """Whether a key says when somebody speaks to the agent."""
        return self._manners.mode == "push"

    @property
    def barge_in(self) -> bool:
        """Whether it also listens while the agent speaks."""
        return self._manners.barge_in

    @property
    def seconds(self) -> float:
        """The microphone's clock: sound that went by."""
        return self._cutter.seconds

    @property
    def speech(self) -> bool:
        """Whether somebody speaks now."""
        return self._cutter.speaking

    @property
    def attends(self) -> bool:
        """Whether what is said now is meant for the agent."""
        with self._lock:
            return self._attention.attends(self.seconds)

    def feed(self, frame: Samples) -> list[Noticed]:
        """Take the next `FRAME` samples, and tell what they ask for."""
        with self._lock:
            noticed = self._moved()
            at = self.seconds + _FRAME_SECONDS
            if self._wake is not None:
                self._wake.feed(frame)
                noticed += [
                    Noticed(self._attention.wake(at)) for _ in self._wake.woken()
                ]
            return _worth(noticed + self._weighed(self._heard(frame, at)))

    def look(self) -> list[Noticed]:
        """Look at the keys while no sound comes."""
        with self._lock:
            return _worth(self._moved())

    def lose(self) -> list[Noticed]:
        """Drop what was being said: the microphone is gone, or begins in the middle.

        Whoever was speaking to the agent is told; a key that nobody holds down is let go.
        """
        with self._lock:
            told = self._cutter.skip(0)
            self._activity.reset()
            self._let_go()
            self._attention.release()
            return _worth(self._weighed([self._torn(event) for event in told]))

    def tear(self) -> None:
        """Take in that sound is missing before the next frame."""
        with self._lock:
            self._cutter.tear()

    def finish(self) -> list[Noticed]:
        """Take in that there is no more sound."""
        with self._lock:
            return _worth(self._weighed(self._cutter.flush()))

    def read(self, segment: Segment, text: str) -> tuple[Do, str]:
        """Decide about the text of a segment, known now; see `Attention.read`."""
        with self._lock:
            return self._attention.read(segment, text, self.seconds)

    def is_meant(self, segment: Segment) -> bool:
        """Whether a segment was said to the agent, as far as can be told without its text."""
        with self._lock:
            return self._attended(segment.start, segment.speech_end)

    def ask(self) -> None:
        """Take in that the agent is about to ask something."""
        with self._lock:
            self._attention.ask(self.seconds)

    def speak(self) -> bool:
        """Take in that the agent begins to speak.

        False, and nothing taken in, where it would speak over somebody who holds the key,
        or has just called it.
        """
        with self._lock:
            held = self._held is not None and self._held.speaking
            speech = self._cutter.speaking
            if held or self._attention.is_called(self.seconds, speech=speech):
                return False
            self._attention.speak(self.seconds)
            return True

    def fall_silent(self, waiting: float = 0.0) -> None:
        """Take in that it has fallen silent; `waiting` seconds of sound before that are still to be fed."""
        with self._lock:
            self._attention.fall_silent(self.seconds + waiting)

    def _moved(self) -> list[Noticed]:
        """Take in what happened to the keys."""
        noticed: list[Noticed] = []
        for talk in self._talks:
            for push in talk.pushes():
                noticed += self._pushed(push)
        return noticed

    def _pushed(self, push: Push) -> list[Noticed]:
        if push == "press":
            told = self._held.press() if self._held is not None else []
            return [Noticed(self._attention.press(self.seconds)), *self._weighed(told)]
        told = self._held.release() if self._held is not None else []
        noticed = self._weighed(told)
        self._attention.release()
        return noticed

    def _heard(self, frame: Samples, at: float) -> list[SegmenterEvent]:
        # the detector hears all, so that it knows speech from the first frame that counts
        probability = self._activity.probability(frame)
        if self._attention.hears(at):
            return self._cutter.feed(frame, probability)
        return self._cutter.skip(FRAME)

    def _weighed(self, events: list[SegmenterEvent]) -> list[Noticed]:
        noticed = []
        for event in events:
            if isinstance(event, SpeechStarted):
                noticed.append(Noticed(self._attention.begin()))
            elif isinstance(event, Segment):
                noticed.append(self._cut(event))
            elif isinstance(event, SpeechLeftOut):
                noticed += self._left_out(event)
            elif self.by_key:
                noticed.append(self._dropped(event))
        return noticed

    def _cut(self, segment: Segment) -> Noticed:
        do = self._attention.cut(segment)
        if segment.ending == "lost":
            return Noticed(do, segment, "lost")
        self._refused = do is Do.REFUSE
        if segment.ending == "cap":
            self._let_go()
        return Noticed(do, segment)

    def _let_go(self) -> None:
        for talk in self._talks:
            talk.let_go()

    def _torn(self, event: SegmenterEvent) -> SegmenterEvent:
        """Return what was being said when the sound ended as a segment of which sound is missing."""
        if not isinstance(event, SpeechDropped):
            return event
        return Segment(_NOTHING, event.start, event.end, self.seconds, "lost")

    def _attended(self, start: float, end: float) -> bool:
        """Whether what is said from one time to another is meant, by these times."""
        if self._manners.mode in {"push", "open"}:
            return True
        return self._attention.attends(start) or self._attention.attends(end)

    def _left_out(self, rest: SpeechLeftOut) -> list[Noticed]:
        """Tell of what was said to the agent and left out; no word of others' talk."""
        meant = self._attended(rest.start, rest.end)
        if rest.why == "long":
            meant, self._refused = self._refused, False
        seconds = max(0.0, rest.end - rest.start)
        return [Noticed(Do.IGNORE, left_out=seconds, why=rest.why)] if meant else []

    def _dropped(self, dropped: SpeechDropped) -> Noticed:
        """Tell who held the key that nothing was heard: they wait for an answer."""
        start, end = dropped.start, dropped.end
        gate: Gate = "short" if end - start < self._least_seconds else "silence"
        return Noticed(Do.REFUSE, Segment(_NOTHING, start, end, end, "released"), gate)


def _worth(noticed: list[Noticed]) -> list[Noticed]:
    return [one for one in noticed if one.do not in _SILENT or one.left_out]
