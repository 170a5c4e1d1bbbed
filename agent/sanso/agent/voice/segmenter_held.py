"""
Segment microphone frames into utterances while a key is held.

Strategy: the key says where an utterance starts and ends, and it ends at once. Who
presses late is helped by `pre_roll_ms` of sound from before. The detector only says
whether anybody spoke at all, and until when; without that there is nothing to
transcribe. Pure, like `Segmenter`, and in the same words.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from .parts import FRAME, RATE, Ending, Samples, Segment
from .segmentation import (
    Segmentation,
    SegmenterEvent,
    SpeechDropped,
    SpeechLeftOut,
    SpeechStarted,
    frames_of,
)


class HeldSegmenter:
    """Cuts out what is said between `press` and `release`, `held_cap_ms` at most."""

    def __init__(self, settings: Segmentation | None = None) -> None:
        """Start at the microphone's first sample, not held."""
        settings = settings or Segmentation()
        self._quiet = settings.end_probability
        self._least_frames = frames_of(settings.least_ms)
        self._cap_frames = frames_of(settings.held_cap_ms)
        self._before: deque[Samples] = deque(maxlen=frames_of(settings.pre_roll_ms))
        self._clock = 0
        """Samples that went by."""
        self._held = False
        self._pressed_at = 0
        """Clock at the press."""
        self._full = False
        """Whether the longest was reached and the key is still held."""
        self._frames: list[Samples] = []
        """The segment so far."""
        self._pre = 0
        """How many of them are pre-roll."""
        self._torn = False
        """Whether sound is missing in it."""
        self._spoken = 0
        """Frames from the press to the end of the last speech frame."""

    @property
    def seconds(self) -> float:
        """Sound that went by, fed or skipped."""
        return self._clock / RATE

    @property
    def speaking(self) -> bool:
        """Whether a segment is under way."""
        return self._held and not self._full

    def press(self) -> list[SegmenterEvent]:
        """Begin; pressed again without a release, nothing changes."""
        if self._held:
            return []
        self._held, self._pressed_at = True, self._clock
        self._frames = list(self._before)
        self._pre = len(self._frames)
        return [SpeechStarted(self.seconds, self.seconds)]

    def release(self) -> list[SegmenterEvent]:
        """End at once; without a press before, nothing changes."""
        return self._end("released")

    def feed(self, frame: Samples, probability: float) -> list[SegmenterEvent]:
        """Take the next `FRAME` samples in; tells something only at the longest.

        The frame is copied. Raises ValueError where it has another length.
        """
        if frame.shape != (FRAME,):
            msg = f"a frame has {FRAME} samples, not {frame.shape}"
            raise ValueError(msg)
        self._clock += FRAME
        kept = np.array(frame, dtype=np.float32)
        if not self.speaking:
            self._before.append(kept)
            return []
        self._frames.append(kept)
        length = len(self._frames) - self._pre
        if probability >= self._quiet:
            self._spoken = length
        if length < self._cap_frames:
            return []
        told = self._told("cap")
        self._frames, self._full = [], True
        return told

    def skip(self, samples: int) -> list[SegmenterEvent]:
        """Let sound go by that is not looked at; what was being said is dropped."""
        told: list[SegmenterEvent] = []
        if self._held:
            told = [self._left_out() if self._full else self._dropped()]
        self._forget()
        self._clock += samples
        return told

    def tear(self) -> None:
        """Take in that sound is missing before the next frame; the clock does not count it."""
        self._before.clear()
        self._torn = self.speaking

    def flush(self) -> list[SegmenterEvent]:
        """Tell what the end of sound decides."""
        return self._end("ended")

    def _end(self, ending: Ending) -> list[SegmenterEvent]:
        if not self._held:
            return []
        told: list[SegmenterEvent] = [self._left_out()]
        if not self._full:
            told = self._told(ending)
        self._forget()
        return told

    def _told(self, ending: Ending) -> list[SegmenterEvent]:
        length = len(self._frames) - self._pre
        if self._torn and ending != "cap":
            ending = "lost"
        elif not self._spoken or length < self._least_frames:
            return [self._dropped()]
        start = self._pressed_at - self._pre * FRAME
        end = self._pressed_at + self._spoken * FRAME
        samples = np.concatenate([np.zeros(0, np.float32), *self._frames])
        return [Segment(samples, start / RATE, end / RATE, self.seconds, ending)]

    def _dropped(self) -> SpeechDropped:
        return SpeechDropped(self._pressed_at / RATE, self.seconds)

    def _left_out(self) -> SpeechLeftOut:
        cut = self._pressed_at + self._cap_frames * FRAME
        return SpeechLeftOut(cut / RATE, self.seconds)

    def _forget(self) -> None:
        self._held = self._full = self._torn = False
        self._pressed_at = self._pre = self._spoken = 0
        self._frames = []
        self._before.clear()
