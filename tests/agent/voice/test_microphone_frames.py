from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.agent.voice.microphone_frames import Framer
from sanso.agent.voice.parts import FRAME, RATE


def framed(
    sound: np.ndarray, rate: int, cuts: list[int], channel: int | None = None
) -> np.ndarray:
    """Give sound, shape (n, channels), in pieces; all frames in a row."""
    framer = Framer(rate, name="x", channel=channel)
    frames = []
    for piece in np.split(sound, cuts):
        frames += framer.feed(piece)
    frames += framer.finish()
    assert all(frame.shape == (FRAME,) for frame in frames)
    return np.concatenate([*frames, np.zeros(0, np.float32)])


@given(
    rate=st.sampled_from([16_000, 8_000, 11_025, 22_050, 44_100, 48_000, 96_000]),
    count=st.integers(0, 6_000),
    cuts=st.lists(st.integers(0, 6_000), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_blocks_leave_no_trace(rate: int, count: int, cuts: list[int]) -> None:
    """However sound is cut into blocks, the frames are the same, and as long as the sound."""
    sound = np.random.default_rng(0).uniform(-1, 1, (count, 1)).astype(np.float32)
    inside = sorted(min(cut, count) for cut in cuts)
    whole = framed(sound, rate, [])
    assert framed(sound, rate, inside) == pytest.approx(whole, abs=1e-6)
    exact = count * RATE / rate
    assert len(whole) % FRAME == 0
    assert exact - 1 < len(whole) < exact + FRAME + 1


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_a_tone_keeps_its_pitch_and_place(rate: int) -> None:
    """A resampled tone is the tone at 16 kHz, without a delay."""
    time = np.arange(rate) / rate
    tone = (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)[:, None]
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    made = framed(tone, rate, list(range(777, rate, 777)))[:RATE]
    inner = slice(500, RATE - 500)
    assert made[inner] == pytest.approx(expected[inner], abs=1e-3)


def test_sound_at_the_right_rate_is_not_touched() -> None:
    """16 kHz mono goes through as it is, the last frame filled with silence."""
    sound = np.random.default_rng(0).uniform(-1, 1, (1_300, 1)).astype(np.float32)
    made = framed(sound, RATE, [100, 700])
    assert (made[:1_300] == sound[:, 0]).all()
    assert len(made) == 3 * FRAME
    assert not made[1_300:].any()


@pytest.mark.parametrize(
    ("channels", "channel", "expected"),
    [(1, None, 0.0), (2, None, 0.05), (6, None, 0.0), (6, 4, 0.4), (2, 9, 0.1)],
)
def test_channels(channels: int, channel: int | None, expected: float) -> None:
    """Two channels are mixed, of more the first counts, and one may be chosen."""
    each = np.arange(channels, dtype=np.float32) / 10
    sound = np.tile(each, (FRAME, 1))
    assert framed(sound, RATE, [], channel) == pytest.approx(np.full(FRAME, expected))


def test_what_is_no_number_is_silence() -> None:
    """Broken floats do not reach the recogniser, nor does more than full scale."""
    sound = np.zeros((FRAME, 1), np.float32)
    sound[:4, 0] = (np.nan, np.inf, -np.inf, 7.0)
    made = framed(sound, RATE, [])
    assert list(made[:5]) == [0.0, 1.0, -1.0, 1.0, 0.0]
