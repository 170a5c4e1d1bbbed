"""
Segment microphone frames into utterances.

Strategy: two thresholds and a hang time. Pure: give it frames with their probabilities
and it gives you utterances, so tests need no microphone. Time is a count of samples.

Rule 1: speech starts with `start_ms` of frames at `start_probability` or above. Its
        segment begins `pre_roll_ms` before them, but never inside the segment before.
Rule 2: it ends with `end_ms` of frames below `end_probability`. The segment keeps
        `tail_ms` of them; the others may be pre-roll of the next one.
Rule 3: when somebody still speaks `cap_ms` after the first speech frame, the segment
        ends there, marked `cap`: half a sentence, which is nothing to act on unasked.
        What follows is no new command: it belongs to no segment until a pause as in
        rule 2, and then is told as left out. A pause that runs over the cap is a pause.
Rule 4: speech shorter than `least_ms` is dropped, and told.
Rule 5: a sentence without its beginning may say the opposite of the whole one. So where
        sound went by that was not looked at, what is said on from there, or is heard at once
        behind it, belongs to no segment until a pause as in rule 2, and then is told.
Rule 6: a segment in which sound is missing is marked `lost`, and no command either.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Protocol

import numpy as np

from .parts import FRAME, RATE, Ending, Samples, Segment
from .segmentation import (
    LeftOutWhy,
    Segmentation,
    SegmenterEvent,
    SpeechDropped,
    SpeechLeftOut,
    SpeechStarted,
    frames_of,
)

_ONSET_MS: Final = 128
"""Speech heard so soon behind unheard sound had begun before: dropped into the middle of speech at
117 places, Silero's detector told it within this time at 114, where it had heard nothing before."""


class Cutter(Protocol):
    """Cuts speech out of frames; `Segmenter`, or `HeldSegmenter` for push-to-talk."""

    @property
    def seconds(self) -> float:
        """Sound that went by, fed or skipped."""
        ...

    def feed(self, frame: Samples, probability: float) -> list[SegmenterEvent]:
        """Take the next `FRAME` samples in, and tell what they decide."""
        ...

    def skip(self, samples: int) -> list[SegmenterEvent]:
        """Let sound go by that is not looked at; what was being said is dropped."""
        ...

    def tear(self) -> None:
        """Take in that sound is missing before the next frame."""
        ...

    def flush(self) -> list[SegmenterEvent]:
        """Tell what the end of sound decides."""
        ...


class Segmenter:
    """Cuts speech out of an open microphone. Holds no more sound than a segment has."""

    def __init__(self, settings: Segmentation | None = None) -> None:
        """Start at the microphone's first sample."""
        settings = settings or Segmentation()
        self._settings = settings
        self._start_frames = frames_of(settings.start_ms)
        self._end_frames = frames_of(settings.end_ms)
        self._tail_frames = frames_of(settings.tail_ms)
        self._least_frames = frames_of(settings.least_ms)
        self._cap_frames = frames_of(settings.cap_ms)
        self._clock = 0
        """Samples that went by."""
        most = frames_of(settings.pre_roll_ms) + self._start_frames
        self._before: deque[Samples] = deque(maxlen=most)
        """The last frames outside of speech."""
        self._run = 0
        """Frames without a break that are loud before speech, quiet in it and behind."""
        self._frames: list[Samples] = []
        """The segment so far; empty outside of speech."""
        self._pre = 0
        """How many of them are pre-roll."""
        self._spoken = 0
        """Frames from the first speech frame to the end of the last one."""
        self._first = 0
        """Clock at the first speech frame."""
        self._torn = False
        """Whether sound is missing in the segment."""
        self._rest: LeftOutWhy | None = None
        """Why what is said now belongs to no segment, until it is over."""
        self._rest_since: int | None = None
        """Clock where an over-long speech was cut off, or the rest began to be heard."""
        self._rest_end = 0
        """Clock at the end of its last speech frame so far."""
        self._doubtful = 0
        """Frames to come in which speech had begun before."""

    @property
    def seconds(self) -> float:
        """Sound that went by, fed or skipped."""
        return self._clock / RATE

    @property
    def speaking(self) -> bool:
        """Whether a segment is under way."""
        return bool(self._frames)

    def feed(self, frame: Samples, probability: float) -> list[SegmenterEvent]:
        """Take the next `FRAME` samples in, and tell what they decide.

        The frame is copied. Raises ValueError where it has another length.
        """
        if frame.shape != (FRAME,):
            msg = f"a frame has {FRAME} samples, not {frame.shape}"
            raise ValueError(msg)
        self._clock += FRAME
        kept = np.array(frame, dtype=np.float32)
        if self._frames:
            return self._in_speech(kept, probability)
        self._before.append(kept)
        if self._doubtful:
            self._doubtful -= 1
            if probability >= self._settings.end_probability:
                self._rest = self._rest or "unheard"
        if self._rest is not None:
            return self._in_rest(probability)
        return self._outside(probability)

    def skip(self, samples: int) -> list[SegmenterEvent]:
        """Let sound go by that is not looked at; what was being said is dropped."""
        told: list[SegmenterEvent] = []
        if self._frames:
            told = self._interrupted()
            self._forget()
            self._rest = "unheard"
        self._clock += samples
        self._miss()
        return told

    def tear(self) -> None:
        """Take in that sound is missing before the next frame; the clock does not count it."""
        if self._frames:
            self._torn = True
        else:
            self._miss()

    def flush(self) -> list[SegmenterEvent]:
        """Tell what the end of sound decides; frames fed later begin anew behind it."""
        told = self._finish("ended") if self._frames else self._interrupted()
        self._before.clear()
        self._forget()
        return told

    def _outside(self, probability: float) -> list[SegmenterEvent]:
        loud = probability >= self._settings.start_probability
        self._run = self._run + 1 if loud else 0
        if self._run < self._start_frames:
            return []
        self._first = self._clock - self._run * FRAME
        self._frames = list(self._before)
        self._pre = len(self._frames) - self._run
        self._spoken, self._run = self._run, 0
        self._before.clear()
        return [SpeechStarted(self._first / RATE, self.seconds)]

    def _in_speech(self, frame: Samples, probability: float) -> list[SegmenterEvent]:
        self._frames.append(frame)
        length = len(self._frames) - self._pre
        if probability < self._settings.end_probability:
            self._run += 1
            return self._finish("silence") if self._run >= self._end_frames else []
        self._run = 0
        if length > self._cap_frames:
            return self._cut_off(length)
        self._spoken = length
        return []

    def _in_rest(self, probability: float) -> list[SegmenterEvent]:
        if probability >= self._settings.end_probability:
            if self._rest_since is None:
                self._rest_since = self._clock - FRAME
            self._run, self._rest_end = 0, self._clock
            return []
        self._run += 1
        if self._run < self._end_frames:
            return []
        told = self._interrupted()
        self._forget()
        return told

    def _cut_off(self, length: int) -> list[SegmenterEvent]:
        first = self._first
        told = self._finish("cap")
        self._rest = "long"
        self._rest_since = first + self._cap_frames * FRAME
        self._rest_end = first + length * FRAME
        return told

    def _finish(self, ending: Ending) -> list[SegmenterEvent]:
        end = self._first + self._spoken * FRAME
        kept = self._pre + min(self._spoken + self._tail_frames, self._cap_frames)
        if ending == "cap":
            kept = self._pre + self._cap_frames
        elif self._torn:
            ending = "lost"
        told: list[SegmenterEvent]
        if ending not in {"cap", "lost"} and self._spoken < self._least_frames:
            told = [SpeechDropped(self._first / RATE, end / RATE)]
            kept = 0
        else:
            samples = np.concatenate(self._frames[:kept])
            start = (self._first - self._pre * FRAME) / RATE
            told = [Segment(samples, start, end / RATE, self.seconds, ending)]
        rest = self._frames[kept:]
        self._forget()
        self._before.extend(rest)
        return told

    def _interrupted(self) -> list[SegmenterEvent]:
        """Tell what was under way and becomes no segment."""
        if self._frames:
            end = self._first + self._spoken * FRAME
            return [SpeechDropped(self._first / RATE, end / RATE)]
        if self._rest is not None and self._rest_since is not None:
            start, end = self._rest_since, self._rest_end
            return [SpeechLeftOut(start / RATE, end / RATE, self._rest)]
        return []

    def _miss(self) -> None:
        """Begin anew behind sound that was not looked at."""
        self._run = 0
        self._before.clear()
        self._doubtful = frames_of(_ONSET_MS)

    def _forget(self) -> None:
        self._run = self._pre = self._spoken = self._first = self._rest_end = 0
        self._frames = []
        self._torn = False
        self._rest = self._rest_since = None
        self._doubtful = 0
