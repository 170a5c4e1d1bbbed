from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.parts import FRAME, RATE, Samples, Segment
from sanso.agent.voice.segmentation import (
    Segmentation,
    SegmenterEvent,
    SpeechDropped,
    SpeechLeftOut,
    SpeechStarted,
    frames_of,
)
from sanso.agent.voice.segmenter_held import HeldSegmenter

LOUD, QUIET = 0.9, 0.1


class Sound:
    """Counted frames into a segmenter, so that every sample tells its own place."""

    def __init__(self, settings: Segmentation | None = None) -> None:
        """Start at the first sample."""
        self.segmenter = HeldSegmenter(settings)
        self.count = 0

    def hear(self, frames: int, probability: float = LOUD) -> list[SegmenterEvent]:
        """Feed so many frames."""
        told: list[SegmenterEvent] = []
        for _ in range(frames):
            told += self.segmenter.feed(self._frame(), probability)
        return told

    def _frame(self) -> Samples:
        start = self.count * FRAME
        self.count += 1
        return np.arange(start, start + FRAME).astype(np.float32)


def at(seconds: float) -> int:
    """Return a time as whole samples."""
    return round(seconds * RATE)


def test_a_held_key_frames_the_speech() -> None:
    """What is said while pressed is the segment, and it ends with the release."""
    sound = Sound()
    assert sound.hear(30) == []
    assert sound.segmenter.press() == [SpeechStarted(30 * 0.032, 30 * 0.032)]
    assert sound.segmenter.speaking
    assert sound.hear(20) + sound.hear(5, QUIET) == []
    (segment,) = sound.segmenter.release()
    assert isinstance(segment, Segment)
    assert segment.ending == "released"
    assert np.array_equal(np.arange(20 * FRAME, 55 * FRAME), segment.samples)
    times = [at(t) for t in (segment.start, segment.speech_end, segment.decided)]
    assert times == [20 * FRAME, 50 * FRAME, 55 * FRAME]
    assert not sound.segmenter.speaking


def test_a_pause_does_not_end_it() -> None:
    """Who holds the key may think."""
    sound = Sound()
    sound.segmenter.press()
    assert sound.hear(10) + sound.hear(100, QUIET) + sound.hear(10) == []
    (segment,) = sound.segmenter.release()
    assert isinstance(segment, Segment)
    assert segment.seconds == pytest.approx(120 * 0.032)


@pytest.mark.parametrize(("frames", "probability"), [(2, LOUD), (60, QUIET), (0, LOUD)])
def test_a_tap_or_silence_is_dropped(frames: int, probability: float) -> None:
    """A tap of the key, and a press without a word, give no segment, and are told."""
    sound = Sound()
    sound.segmenter.press()
    sound.hear(frames, probability)
    assert sound.segmenter.release() == [SpeechDropped(0.0, frames * FRAME / RATE)]


def test_a_stuck_key_ends_at_the_longest() -> None:
    """After 15 s the segment ends, once; what is said until the release is left out."""
    sound = Sound()
    sound.segmenter.press()
    (segment,) = sound.hear(2000)
    assert isinstance(segment, Segment)
    longest = frames_of(15_000)
    assert (segment.ending, len(segment.samples)) == ("cap", longest * FRAME)
    assert not sound.segmenter.speaking
    rest = SpeechLeftOut(longest * FRAME / RATE, 2000 * FRAME / RATE)
    assert sound.segmenter.release() == [rest]
    sound.segmenter.press()
    sound.hear(10)
    (again,) = sound.segmenter.release()
    assert isinstance(again, Segment)
    assert at(again.start) == 2000 * FRAME


def test_keys_out_of_order_change_nothing() -> None:
    """A release without a press, and a press while pressed, do nothing."""
    sound = Sound()
    assert sound.segmenter.release() == sound.segmenter.flush() == []
    assert len(sound.segmenter.press()) == 1
    sound.hear(10)
    assert sound.segmenter.press() == []
    (segment,) = sound.segmenter.flush()
    assert isinstance(segment, Segment)
    assert (segment.ending, len(segment.samples)) == ("ended", 10 * FRAME)


def test_sound_that_is_not_looked_at() -> None:
    """Skipped sound drops what was being said, and is no pre-roll."""
    sound = Sound()
    sound.hear(10)
    assert sound.segmenter.skip(100) == []
    sound.segmenter.press()
    sound.hear(5)
    (dropped,) = sound.segmenter.skip(100)
    assert isinstance(dropped, SpeechDropped)
    assert at(dropped.start) == 10 * FRAME + 100
    assert sound.segmenter.release() == []


def test_a_hole_while_a_key_is_held() -> None:
    """What has one is refused at the release, and the next press is heard."""
    sound = Sound()
    sound.segmenter.press()
    sound.segmenter.tear()
    (torn,) = sound.segmenter.release()
    assert isinstance(torn, Segment)
    assert torn.ending == "lost"
    sound.segmenter.tear()
    sound.segmenter.press()
    sound.hear(10)
    (whole,) = sound.segmenter.release()
    assert isinstance(whole, Segment)
    assert whole.ending == "released"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["press", "release", "skip", "flush", "hear", "hear"]),
        st.integers(1, 60),
        st.sampled_from([LOUD, QUIET, 0.35]),
    ),
    max_size=30,
)


@given(STEPS, st.integers(0, 1000), st.integers(1000, 2000))
def test_laws_of_held_segments(
    steps: list[tuple[str, int, float]], pre_roll: int, cap: int
) -> None:
    """Whatever is pressed when: whole frames, in order, apart, bounded, timed exactly."""
    chosen = Segmentation(pre_roll_ms=pre_roll, held_cap_ms=cap)
    sound = Sound(chosen)
    segmenter = sound.segmenter
    told: list[SegmenterEvent] = []
    for name, count, probability in steps:
        if name == "hear":
            told += sound.hear(count, probability)
        elif name == "skip":
            told += segmenter.skip(count * FRAME)
            sound.count += count
        else:
            told += getattr(segmenter, name)()
        kept = len(segmenter._frames) + len(segmenter._before)
        assert kept <= frames_of(cap) + 2 * frames_of(pre_roll)
        assert at(segmenter.seconds) == sound.count * FRAME
    before = 0
    for segment in (event for event in told if isinstance(event, Segment)):
        start, length = at(segment.start), len(segment.samples)
        assert np.array_equal(np.arange(start, start + length), segment.samples)
        assert start >= before
        before = start + length
        assert length <= (frames_of(cap) + frames_of(pre_roll)) * FRAME
        assert before == at(segment.decided) >= at(segment.speech_end) > start
