"""
Frames of one rate and length, made of blocks of any.

Strategy: channels first, then the rate, then the length. The resampler carries its state
from block to block, so that blocks leave no trace; it holds some 30 ms back until the end.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .errors import MicrophoneError
from .parts import FRAME, RATE, Samples

Block = npt.NDArray[np.float32]
"""Sound as a device or a file gives it, shape (n, channels)."""

_MIXED: Final = 2
"""Two channels are a stereo pair; of more, arrays put the one that is made for recognition first."""


class Framer:
    """Turns blocks into mono frames of `FRAME` samples at `RATE`, -1 to 1."""

    def __init__(self, rate: int, *, name: str, channel: int | None = None) -> None:
        """Expect blocks of `rate`; of several channels take `channel`, counted from 0.

        Without `channel` two are mixed, and of more the first is taken.

        Raises:
            MicrophoneError: the rate is another one, and soxr is not installed.

        """
        self._channel = channel
        self._resampler = None if rate == RATE else _resampler(rate, name)
        self._rest: Samples = np.zeros(0, np.float32)

    def feed(self, block: Block) -> list[Samples]:
        """Return the frames that a block, shape (n, channels), completes."""
        mono = np.nan_to_num(self._mono(block), nan=0.0, posinf=1.0, neginf=-1.0)
        if self._resampler is not None:
            mono = self._resampler.resample_chunk(mono)
        return self._cut(mono)

    def finish(self) -> list[Samples]:
        """Return what was held back, the last frame filled with silence."""
        frames: list[Samples] = []
        if self._resampler is not None:
            end = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
            frames = self._cut(end)
        if len(self._rest):
            frames += self._cut(np.zeros(FRAME - len(self._rest), np.float32))
        return frames

    def _mono(self, block: Block) -> Samples:
        channels = block.shape[1]
        if self._channel is not None:
            return np.ascontiguousarray(block[:, min(self._channel, channels - 1)])
        if channels == _MIXED:
            mixed: Samples = block.mean(axis=1, dtype=np.float32)
            return mixed
        return np.ascontiguousarray(block[:, 0])

    def _cut(self, mono: Samples) -> list[Samples]:
        whole = np.concatenate((self._rest, np.clip(mono, -1.0, 1.0)))
        count = len(whole) // FRAME
        self._rest = whole[count * FRAME :]
        return [whole[i * FRAME : (i + 1) * FRAME] for i in range(count)]


def _resampler(rate: int, name: str) -> Any:
    try:
        import soxr
    except ImportError:
        msg = (
            f"{name} gives {rate} Hz, and soxr, which converts that, is missing; "
            "install it with: pip install 'sanso[voice]'"
        )
        raise MicrophoneError(msg, device=name) from None
    return soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")
