from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.errors import VoiceError
from sanso.agent.voice.parts import FRAME, RATE, Samples, Segment
from sanso.agent.voice.segmentation import (
    Segmentation,
    SegmenterEvent,
    SpeechDropped,
    SpeechLeftOut,
    SpeechStarted,
    frames_of,
)
from sanso.agent.voice.segmenter import Segmenter

LOUD, BETWEEN, QUIET = 0.9, 0.4, 0.1
DEFAULTS = Segmentation()
HOUR = 3600 * RATE // FRAME
"""In frames."""


def frame(index: int) -> Samples:
    """Return a frame whose samples count on from those of the frame before."""
    return np.arange(index * FRAME, (index + 1) * FRAME).astype(np.float32)


def run(
    segmenter: Segmenter, probabilities: list[float], *, flush: bool = True
) -> list[SegmenterEvent]:
    """Feed counted frames from the first on; everything that is told."""
    told: list[SegmenterEvent] = []
    for index, probability in enumerate(probabilities):
        told += segmenter.feed(frame(index), probability)
    return told + (segmenter.flush() if flush else [])


def cut(events: list[SegmenterEvent]) -> list[Segment]:
    """Return the segments among events."""
    return [event for event in events if isinstance(event, Segment)]


def at(seconds: float) -> int:
    """Return a time as whole samples; it must be one."""
    sample = round(seconds * RATE)
    assert sample / RATE == seconds
    return sample


def test_a_sentence() -> None:
    """Speech is cut out with 320 ms before and behind it, 640 ms after its last frame."""
    plan = [QUIET] * 20 + [LOUD] * 30 + [QUIET] * 25
    started, segment = run(Segmenter(), plan)
    assert SpeechStarted(20 * FRAME / RATE, 23 * FRAME / RATE) == started
    assert isinstance(segment, Segment)
    assert np.array_equal(np.arange(10 * FRAME, 60 * FRAME), segment.samples)
    assert np.float32 == segment.samples.dtype
    assert (at(segment.start), at(segment.speech_end)) == (10 * FRAME, 50 * FRAME)
    assert segment.ending == "silence"
    assert pytest.approx(segment.decided - segment.speech_end) == 0.64


def test_two_loud_frames_are_no_start() -> None:
    """A click of two frames starts nothing, however often it comes."""
    assert run(Segmenter(), ([LOUD] * 2 + [BETWEEN]) * 100) == []


def test_a_short_noise_is_dropped_and_told() -> None:
    """Four frames of speech are no command: they are told, and give no segment."""
    plan = [QUIET] * 5 + [LOUD] * 4 + [QUIET] * 20
    started, dropped = run(Segmenter(), plan)
    assert isinstance(started, SpeechStarted)
    assert SpeechDropped(5 * FRAME / RATE, 9 * FRAME / RATE) == dropped


def test_a_doubtful_frame_keeps_speech_going() -> None:
    """Between the thresholds nothing starts and nothing ends."""
    assert run(Segmenter(), [BETWEEN] * 100) == []
    plan = [LOUD] * 10 + ([QUIET] * 19 + [BETWEEN]) * 5 + [QUIET] * 20
    (segment,) = cut(run(Segmenter(), plan))
    assert at(segment.speech_end) == 110 * FRAME


def test_the_rest_of_a_long_speech_is_no_command() -> None:
    """Who speaks on after 8 s gives one segment, marked, and the rest is left out."""
    plan = [LOUD] * 400 + [QUIET] * 20 + [LOUD] * 10 + [QUIET] * 20
    started, capped, rest, again, second = run(Segmenter(), plan)
    assert isinstance(started, SpeechStarted)
    assert isinstance(capped, Segment)
    assert (capped.ending, len(capped.samples)) == ("cap", 250 * FRAME)
    assert at(capped.decided) == 251 * FRAME
    assert SpeechLeftOut(250 * FRAME / RATE, 400 * FRAME / RATE) == rest
    assert isinstance(again, SpeechStarted)
    assert isinstance(second, Segment)
    assert second.ending == "silence"
    assert at(second.start) == 410 * FRAME


def test_a_pause_over_the_cap_is_a_pause() -> None:
    """Who stops just before the cap has finished the sentence; one who goes on has not."""
    (done,) = cut(run(Segmenter(), [LOUD] * 245 + [QUIET] * 20))
    assert (done.ending, len(done.samples)) == ("silence", 250 * FRAME)
    capped, *_ = cut(run(Segmenter(), [LOUD] * 245 + [QUIET] * 19 + [LOUD] * 9))
    assert (capped.ending, at(capped.speech_end)) == ("cap", 245 * FRAME)


def test_a_pause_inside_the_longest_is_no_drop() -> None:
    """Where pauses may be longer than a segment, who goes on behind the cap is cut off."""
    patient = Segmentation(end_ms=3000, cap_ms=1000)
    plan = [LOUD] * 3 + [QUIET] * 40 + [LOUD] * 3
    (capped,) = cut(run(Segmenter(patient), plan))
    assert (capped.ending, len(capped.samples)) == ("cap", 32 * FRAME)


def test_a_pause_serves_both_sides() -> None:
    """Two sentences 640 ms apart both get their 320 ms of it."""
    first, second = cut(run(Segmenter(), ([LOUD] * 10 + [QUIET] * 20) * 2))
    assert (at(first.start), len(first.samples)) == (0, 20 * FRAME)
    assert at(second.start) == 20 * FRAME


def test_the_end_of_sound_ends_a_segment() -> None:
    """A file that ends inside a sentence gives it all the same, once."""
    segmenter = Segmenter()
    (segment,) = cut(run(segmenter, [LOUD] * 10))
    assert (segment.ending, len(segment.samples)) == ("ended", 10 * FRAME)
    assert segmenter.flush() == []
    assert Segmenter().flush() == []


def test_what_goes_by_unheard_counts_as_time() -> None:
    """Skipped sound drops what was being said, gives no pre-roll, and time goes on."""
    segmenter = Segmenter()
    run(segmenter, [LOUD] * 10, flush=False)
    assert segmenter.speaking
    assert [SpeechDropped(0.0, 0.32)] == segmenter.skip(1000)
    assert not segmenter.speaking
    (segment,) = cut(run(segmenter, [QUIET] * 20 + [LOUD] * 10))
    assert at(segment.start) == 20 * FRAME + 1000
    segmenter.skip(1000)
    (segment,) = cut(run(segmenter, [QUIET] * 5 + [LOUD] * 10))
    assert at(segment.start) == 40 * FRAME + 2000


@pytest.mark.parametrize("quiet", [0, 1, 4, 19])
def test_the_end_of_a_sentence_is_none(quiet: int) -> None:
    """What is said on behind unheard sound is left out until a pause, however soon it goes on."""
    segmenter = Segmenter()
    run(segmenter, [LOUD] * 10, flush=False)
    segmenter.skip(5 * FRAME)
    plan = [QUIET] * quiet + [LOUD] * 30 + [QUIET] * 25
    (rest,) = run(segmenter, plan)
    first = 15 + quiet
    times = first * FRAME / RATE, (first + 30) * FRAME / RATE
    assert SpeechLeftOut(*times, "unheard") == rest
    (segment,) = cut(run(segmenter, [LOUD] * 10))
    assert segment.ending == "ended"


@pytest.mark.parametrize(("quiet", "left_out"), [(0, True), (3, True), (4, False)])
def test_speech_from_the_first_frames_had_begun_before(
    quiet: int,
    left_out: bool,  # noqa: FBT001 - the column of a table
) -> None:
    """Where nothing is known of what was before, speech at once is the end of a sentence."""
    segmenter = Segmenter()
    segmenter.skip(0)
    told = run(segmenter, [QUIET] * quiet + [LOUD] * 30 + [QUIET] * 25)
    assert isinstance(told[-1], SpeechLeftOut) == left_out
    assert bool(cut(told)) != left_out


def test_unheard_sound_does_not_end_what_is_left_out() -> None:
    """The rest of an over-long speech goes on behind it, and is told once, whole."""
    segmenter = Segmenter()
    run(segmenter, [LOUD] * 300, flush=False)
    assert segmenter.skip(30 * FRAME) == []
    (rest,) = run(segmenter, [QUIET] * 10 + [LOUD] * 60 + [QUIET] * 25)
    assert SpeechLeftOut(250 * FRAME / RATE, 400 * FRAME / RATE) == rest


def test_a_hole_in_a_sentence() -> None:
    """A segment in which sound is missing says so; between sentences a hole is like unheard sound."""
    segmenter = Segmenter()
    run(segmenter, [LOUD] * 4, flush=False)
    segmenter.tear()
    (torn,) = cut(run(segmenter, [QUIET] * 25, flush=False))
    assert torn.ending == "lost"
    (whole,) = cut(run(segmenter, [LOUD] * 10 + [QUIET] * 25, flush=False))
    assert whole.ending == "silence"
    segmenter.tear()
    assert cut(run(segmenter, [LOUD] * 10 + [QUIET] * 25)) == []


def test_a_reused_buffer_does_no_harm() -> None:
    """A frame may be overwritten after it was fed."""
    segmenter = Segmenter()
    buffer = np.zeros(FRAME, dtype=np.float32)
    for index in range(10):
        buffer[:] = frame(index)
        segmenter.feed(buffer, LOUD)
    (segment,) = cut(segmenter.flush())
    assert np.array_equal(np.arange(10 * FRAME), segment.samples)


def test_a_frame_has_its_length() -> None:
    """A frame of another length would shift all times, so it is refused."""
    for length in (0, 511, 513):
        with pytest.raises(ValueError, match="512 samples"):
            Segmenter().feed(np.zeros(length, dtype=np.float32), LOUD)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("start_probability", 0.0), ("start_probability", 1.5), ("end_ms", 0)],
        *[("end_probability", 0.6), ("cap_ms", 60_000), ("pre_roll_ms", -1)],
        *[("tail_ms", 700), ("start_ms", float("nan")), ("least_ms", float("inf"))],
        *[("held_cap_ms", 0)],
    ],
)
def test_settings_are_checked(name: str, value: float) -> None:
    """A value out of range, or one that fits no other, is refused by its name."""
    with pytest.raises(VoiceError, match=name):
        replace(DEFAULTS, **{name: value})


def test_lengths_are_whole_frames() -> None:
    """Milliseconds become the least number of frames that hold them."""
    assert [frames_of(ms) for ms in (0, 1, 32, 33, 640, 8000)] == [0, 1, 1, 2, 20, 250]


@st.composite
def plans(draw: st.DrawFn) -> list[float]:
    """Draw probabilities of frames: runs of every kind, some longer than the cap."""
    runs = st.tuples(
        st.sampled_from([0.0, QUIET, 0.34, 0.35, BETWEEN, 0.49, 0.5, LOUD]),
        st.one_of(st.integers(1, 4), st.integers(15, 40), st.integers(1, 120)),
    )
    return [p for p, count in draw(st.lists(runs, max_size=30)) for _ in range(count)]


@st.composite
def choices(draw: st.DrawFn) -> Segmentation:
    """Draw settings that fit together."""
    end, cap = draw(st.integers(100, 1500)), draw(st.integers(1000, 3000))
    start_probability = draw(st.floats(0.05, 0.99))
    return Segmentation(
        start_probability=start_probability,
        end_probability=draw(st.floats(0.01, min(start_probability, 0.95))),
        start_ms=draw(st.integers(32, 400)),
        end_ms=end,
        pre_roll_ms=draw(st.integers(0, 2000)),
        tail_ms=draw(st.integers(0, end)),
        least_ms=draw(st.integers(0, 900)),
        cap_ms=cap,
    )


ANY: Any = st.one_of(st.just(DEFAULTS), choices())


@given(plans(), ANY)
def test_laws_of_segments(plan: list[float], chosen: Segmentation) -> None:
    """Whatever is heard: whole frames, in order, apart, bounded, and timed exactly."""
    before = 0
    for segment in cut(run(Segmenter(chosen), plan)):
        start, length = at(segment.start), len(segment.samples)
        assert np.array_equal(np.arange(start, start + length), segment.samples)
        assert start >= before
        before = start + length
        most = frames_of(chosen.cap_ms) + frames_of(chosen.pre_roll_ms)
        assert length <= most * FRAME
        assert start < at(segment.speech_end) <= before <= at(segment.decided)
        assert at(segment.decided) <= len(plan) * FRAME
        if segment.ending == "silence":
            waited = at(segment.decided) - at(segment.speech_end)
            assert frames_of(chosen.end_ms) * FRAME == waited


@given(plans(), ANY)
def test_every_start_has_one_end(plan: list[float], chosen: Segmentation) -> None:
    """A start is followed by its segment or its drop, and only a cap leaves out a rest."""
    told = run(Segmenter(chosen), plan)
    kinds = "".join(
        event.ending[0] if isinstance(event, Segment) else type(event).__name__[6]
        for event in told
    )  # S started, D dropped, L left out; s silence, c cap, e ended
    for done in ("SD", "Ss", "Se", "ScL"):
        kinds = kinds.replace(done, "")
    assert kinds == ""


@given(plans(), ANY)
def test_no_speech_is_lost(plan: list[float], chosen: Segmentation) -> None:
    """A frame that may start speech is in a segment, told as lost, or in a short run."""
    told = run(Segmenter(chosen), plan)
    heard = np.zeros(len(plan), dtype=bool)
    for event in told:
        if isinstance(event, Segment):
            first = at(event.start) // FRAME
            heard[first : first + len(event.samples) // FRAME] = True
        elif isinstance(event, SpeechDropped | SpeechLeftOut):
            heard[at(event.start) // FRAME : at(event.end) // FRAME] = True
    loud = [p >= chosen.start_probability for p in plan]
    lost = 0
    for is_loud, is_heard in zip(loud, heard, strict=True):
        lost = lost + 1 if is_loud and not is_heard else 0
        assert lost < frames_of(chosen.start_ms)


@given(plans(), st.integers(0, 3000))
def test_a_part_does_not_depend_on_what_was_before(
    plan: list[float], lead: int
) -> None:
    """The same speech later gives the same segments, later."""
    early, late = Segmenter(), Segmenter()
    late.skip(lead)
    quiet = [0.0] * 4
    for one, other in zip(
        cut(run(early, quiet + plan)), cut(run(late, quiet + plan)), strict=True
    ):
        assert np.array_equal(one.samples, other.samples)
        assert one.ending == other.ending
        for name in ("start", "speech_end", "decided"):
            assert at(getattr(one, name)) + lead == at(getattr(other, name))


@pytest.mark.parametrize(
    "plan",
    [
        [QUIET],
        [LOUD],
        [LOUD] * 40 + [QUIET] * 30 + [LOUD] * 300 + [QUIET] * 15,
        [BETWEEN, LOUD, LOUD] * 40 + [LOUD] * 5 + [QUIET] * 19,
    ],
)
def test_an_hour_holds_no_more_than_a_segment(plan: list[float]) -> None:
    """What is kept does not grow, and times stay exact."""
    segmenter = Segmenter()
    blank = np.zeros(FRAME, dtype=np.float32)
    most = 0
    for index in range(HOUR):
        segmenter.feed(blank, plan[index % len(plan)])
        most = max(most, len(segmenter._frames) + len(segmenter._before))
    bound = DEFAULTS.pre_roll_ms + DEFAULTS.cap_ms + DEFAULTS.end_ms
    assert most <= frames_of(bound) + frames_of(DEFAULTS.start_ms)
    assert at(segmenter.seconds) == HOUR * FRAME
