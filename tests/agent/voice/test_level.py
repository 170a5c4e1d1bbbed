from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.level import SILENT_DBFS, Level, Meter, bar, measure


def sine(size: float, count: int = 16_000) -> np.ndarray:
    """Return a tone."""
    tone = size * np.sin(2 * np.pi * 440 * np.arange(count) / 16_000)
    return tone.astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "rms", "peak"),
    [
        (sine(1.0), -3.01, 0.0),
        (sine(0.1), -23.01, -20.0),
        (np.full(512, -0.5, np.float32), -6.02, -6.02),
        (np.zeros(512, np.float32), SILENT_DBFS, SILENT_DBFS),
        (np.zeros(0, np.float32), SILENT_DBFS, SILENT_DBFS),
        (np.full(512, 1e-9, np.float32), SILENT_DBFS, SILENT_DBFS),
    ],
)
def test_decibels(samples: np.ndarray, rms: float, peak: float) -> None:
    """A square wave of 1 has 0 dBFS, a sine of 1 has 3 dB less; silence has a floor."""
    level = measure(samples)
    assert (level.rms_dbfs, level.peak_dbfs) == pytest.approx((rms, peak), abs=0.01)


def test_clipping_is_a_run_and_not_one_peak() -> None:
    """Sound that was normalised to full scale touches it, and is not clipped."""
    samples = sine(0.5)
    samples[100] = 1.0
    assert not measure(samples).clipped
    assert measure(np.clip(sine(3.0), -1, 1)).clipped
    samples[101:103] = -1.0
    assert measure(samples).clipped


@given(cuts=st.lists(st.integers(0, 1_000), max_size=5))
def test_a_meter_adds_up(cuts: list[int]) -> None:
    """The level of all is that of its pieces together."""
    samples = np.random.default_rng(0).uniform(-0.9, 0.9, 1_000).astype(np.float32)
    meter = Meter()
    for piece in np.split(samples, sorted(cuts)):
        meter.add(piece)
    whole = measure(samples)
    assert meter.samples == 1_000
    assert meter.level.rms_dbfs == pytest.approx(whole.rms_dbfs)
    assert meter.level.peak_dbfs == whole.peak_dbfs


@pytest.mark.parametrize(
    ("level", "drawn"),
    [
        (Level(-96, -96), "·" * 10 + " "),
        (Level(-30, -12), "█████··▏·· "),
        (Level(0, 0, clipped=True), "█" * 10 + "!"),
        (Level(-60, -48), "·▏········ "),
    ],
)
def test_draws_a_bar(level: Level, drawn: str) -> None:
    """Power fills the bar, the peak is a stroke, and clipping has a sign."""
    assert bar(level, 10).plain == drawn


def test_a_bar_changes_colour() -> None:
    """Too quiet, right, loud and clipped differ, not only in length."""
    levels = [
        Level(-70, -60),
        Level(-40, -30),
        Level(-15, -3),
        Level(-3, 0, clipped=True),
    ]
    assert len({str(bar(level).style) for level in levels}) == 4
