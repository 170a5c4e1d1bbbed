"""Speech of espeak-ng in noise, through detector and segmenter: it is found whole, and its end in time."""

from __future__ import annotations

import io
import subprocess
import wave
from collections.abc import Sequence

import numpy as np
import pytest

from sanso.agent.voice.parts import FRAME, RATE, Samples, Segment
from sanso.agent.voice.segmenter import Segmenter
from sanso.agent.voice.vad import SileroActivity

from .ear import espeak

COMMANDS = (
    *(("ko", "꺼 줘"), ("ko+f2", "아니"), ("ko+m3", "산소야 자동 모드로 해 줘")),
    *(("en-us", "off"), ("en-us+f4", "stop"), ("en-us+m3", "turn it off in two hours")),
)
LEVEL = 0.05
"""Root mean square of the speech."""
SLACK = 0.03
"""Seconds that may be missing at either side: where a sound begins is a matter of taste."""


def spoken(voice: str, text: str) -> Samples:
    """Return a sentence without silence around it."""
    command = [espeak(), "-v", voice, "-s", "155", "--stdin", "--stdout"]
    done = subprocess.run(
        command, input=text.encode(), capture_output=True, check=True, timeout=20
    )
    with wave.open(io.BytesIO(done.stdout)) as file:
        rate = file.getframerate()
        sound = np.frombuffer(file.readframes(10 * rate), "<i2") / 2.0**15
    length = round(len(sound) * RATE / rate)
    half = np.fft.rfft(sound)[: length // 2 + 1]
    sound = np.fft.irfft(half, length)
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    sound = sound[loud[0] : loud[-1] + 1]
    level: float = np.sqrt(np.mean(sound**2))
    return (sound / level * LEVEL).astype(np.float32)


@pytest.fixture(scope="module")
def clips() -> list[Samples]:
    """Give each command, spoken."""
    return [spoken(voice, text) for voice, text in COMMANDS]


def white(count: int) -> Samples:
    """Return white noise of root mean square 1."""
    return np.random.default_rng(3).standard_normal(count).astype(np.float32)


def fan(count: int) -> Samples:
    """Return a fan's noise of root mean square 1: a rumble and the hum of its motor."""
    spectrum = np.fft.rfft(white(count))
    rumble = np.fft.irfft(
        spectrum / np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20), count
    )
    hum = np.sin(2 * np.pi * 120 * np.arange(count) / RATE)
    noise = rumble / rumble.std() + 0.8 * hum
    return np.asarray(noise / noise.std(), dtype=np.float32)


def stream(
    clips: Sequence[Samples], noise: Samples, gap: float
) -> tuple[Samples, list[tuple[float, float]]]:
    """Return clips in a noise, a gap before each, and from when to when each goes."""
    sound, spans, at = noise.copy(), [], gap
    for clip in clips:
        start = round(at * RATE)
        sound[start : start + len(clip)] += clip
        spans.append((at, at + len(clip) / RATE))
        at = spans[-1][1] + gap
    return sound.clip(-1, 1), spans


def cut(sound: Samples) -> list[Segment]:
    """Return the segments that detector and segmenter find."""
    silero, segmenter = SileroActivity(), Segmenter()
    return [
        event
        for frame in sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
        for event in segmenter.feed(frame, silero.probability(frame))
        if isinstance(event, Segment)
    ]


def expect_whole(segments: list[Segment], spans: list[tuple[float, float]]) -> None:
    """Check that each span has its own segment, that contains it and ends behind it."""
    assert len(segments) == len(spans)
    for segment, (start, end) in zip(segments, spans, strict=True):
        assert segment.start <= start + SLACK
        assert segment.start + segment.seconds >= end - SLACK
        assert segment.ending == "silence"


def test_in_quiet_the_end_is_found_within_800_ms(clips: list[Samples]) -> None:
    """From the last sound of a command to the decision it takes 0.8 s at most."""
    sound, spans = stream(clips, white(20 * RATE) * 1e-4, gap=1.5)
    segments = cut(sound)
    expect_whole(segments, spans)
    for segment, (_, end) in zip(segments, spans, strict=True):
        assert 0 < segment.decided - end <= 0.8


@pytest.mark.parametrize("noise", [white, fan])
@pytest.mark.parametrize("decibels", [20, 10, 3])
def test_in_noise_it_is_found(
    clips: list[Samples], noise: object, decibels: int
) -> None:
    """Commands, short ones too, are found whole above the noise of a room or a fan."""
    assert callable(noise)
    around = noise(20 * RATE) * LEVEL * 10 ** (-decibels / 20)
    sound, spans = stream(clips, around, gap=1.5)
    expect_whole(cut(sound), spans)


def test_a_long_noise_makes_nobody_deaf(clips: list[Samples]) -> None:
    """Short words are found after minutes of a fan's noise as they are at first."""
    around = fan(240 * RATE) * LEVEL * 10 ** (-5 / 20)
    short = [clips[index] for index in (0, 1, 3, 4)] * 5
    sound, spans = stream(short, around, gap=11.0)
    expect_whole(cut(sound), spans)
