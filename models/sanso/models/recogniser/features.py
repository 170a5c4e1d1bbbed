"""
Log-mel features of a batch of sounds, the same numbers that faster-whisper computes for one.

Strategy: Whisper's front end (Radford et al. 2022) with a hop of 20 ms: Hann windows of 25 ms, 80 mel bands on
Slaney's scale, log10 with a floor 80 dB under the loudest, behind the end zeros. Its reflected padding at the end
never reaches a frame that is kept, so a batch padded with zeros gives each sound its own features.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - as everywhere in torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

BANDS: Final = 80
HOP: Final = 320
"""Samples between two frames; Whisper's own hop is 160."""
FFT: Final = 400
WINDOW_SECONDS: Final = 8
"""The recogniser's whole view; longer sound is cut."""
FRAMES: Final = WINDOW_SECONDS * 16_000 // HOP

_PADDING: Final = 160
_FLOOR: Final = 1e-10
_RANGE: Final = 8.0
_RATE: Final = 16_000
# Slaney's scale: linear to 1000 Hz in steps of 200/3 Hz, then 27 steps to each factor of 6.4.
_STEP_HZ: Final = 200 / 3
_BEND_HZ: Final = 1000.0
_LOG_STEP: Final = float(np.log(6.4)) / 27
_TOP_MEL: Final = _BEND_HZ / _STEP_HZ + float(np.log(_RATE / 2 / _BEND_HZ)) / _LOG_STEP


def log_mel(
    sounds: Sequence[npt.NDArray[np.float32]],
) -> tuple[torch.Tensor, torch.Tensor]:
    """
    Features of sounds at 16 kHz, each -1 to 1 and of at least 200 samples.

    Returns features (batch, bands, frames), zero behind each sound's end, and the frames of each (batch,).
    """
    longest = max(len(sound) for sound in sounds) + _PADDING
    padded = np.zeros((len(sounds), longest + FFT // 2), np.float32)
    for row, sound in zip(padded, sounds, strict=True):
        row[: len(sound)] = sound
    waves = F.pad(torch.from_numpy(padded)[:, None], (FFT // 2, 0), mode="reflect")[
        :, 0
    ]
    spectrum = torch.stft(
        waves, FFT, HOP, window=_hann(), center=False, return_complex=True
    )
    power = torch.view_as_real(spectrum).square().sum(-1)
    frames = torch.tensor([(len(sound) + _PADDING) // HOP for sound in sounds])
    power = power[:, :, : int(frames.max())]
    log = (_filters() @ power).clamp(min=_FLOOR).log10()
    inside = torch.arange(log.shape[2])[None] < frames[:, None]
    loudest = log.masked_fill(~inside[:, None], -torch.inf).amax((1, 2), keepdim=True)
    log = (torch.maximum(log, loudest - _RANGE) + 4) / 4
    return log * inside[:, None], frames


@cache
def _hann() -> torch.Tensor:
    return torch.hann_window(FFT)


@cache
def _filters() -> torch.Tensor:
    """The mel filters, (bands, frequencies), of equal area."""
    mels = np.linspace(0, _TOP_MEL, BANDS + 2)
    bend = _BEND_HZ / _STEP_HZ
    edges = np.where(
        mels < bend, mels * _STEP_HZ, _BEND_HZ * np.exp((mels - bend) * _LOG_STEP)
    )
    bins = np.fft.rfftfreq(FFT, 1 / _RATE)
    below, centre, above = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (
        (bins - below) / (centre - below),
        (above - bins) / (above - centre),
    )
    weights = np.maximum(0, np.minimum(rising, falling)) * 2 / (above - below)
    return torch.from_numpy(weights.astype(np.float32))
