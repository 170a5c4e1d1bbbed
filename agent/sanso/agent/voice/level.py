"""
How loud sound is, in figures and as a bar.

Strategy: decibels below full scale, where 0 dBFS is the power of a square wave of 1 (a sine
of 1 has -3 dBFS). What runs into full scale several times in a row is clipped.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from rich.text import Text

    from .parts import Samples

SILENT_DBFS: Final = -96.0
"""The floor: a 16-bit sample has 96 dB."""
CLIP_PEAK: Final = 0.999
_CLIP_SAMPLES: Final = 3
_LOUD_DBFS: Final = -12.0
_QUIET_DBFS: Final = -50.0
_BAR_DBFS: Final = -60.0
"""The left end of a bar."""


@dataclass(frozen=True, slots=True)
class Level:
    """The loudness of a stretch of sound."""

    rms_dbfs: float
    peak_dbfs: float
    clipped: bool = False


def measure(samples: Samples) -> Level:
    """Return the level of some sound; that of nothing is silence."""
    meter = Meter()
    meter.add(samples)
    return meter.level


class Meter:
    """The level of all sound that was added."""

    def __init__(self) -> None:
        """Begin with silence."""
        self.samples = 0
        self._power = 0.0
        self._peak = 0.0
        self._clipped = False

    def add(self, samples: Samples) -> None:
        """Add sound."""
        if not len(samples):
            return
        size = np.abs(samples)
        self.samples += len(samples)
        self._power += float(np.square(samples, dtype=np.float64).sum())
        self._peak = max(self._peak, float(size.max()))
        row = np.convolve(size >= CLIP_PEAK, np.ones(_CLIP_SAMPLES, np.int32))
        self._clipped = self._clipped or bool(row.max() >= _CLIP_SAMPLES)

    @property
    def level(self) -> Level:
        """Mean power, highest peak, and whether anything was clipped."""
        power = self._power / self.samples if self.samples else 0.0
        return Level(_decibels(math.sqrt(power)), _decibels(self._peak), self._clipped)


def bar(level: Level, width: int = 24) -> Text:
    """Draw a level for a terminal: power filled, peak as a stroke, `!` where it is clipped."""
    from rich.text import Text  # rich takes time to import

    filled, peak = (_cells(db, width) for db in (level.rms_dbfs, level.peak_dbfs))
    cells = ["█" if at < filled else "·" for at in range(width)]
    if peak and peak > filled:
        cells[peak - 1] = "▏"
    style = "green"
    if level.clipped:
        style = "bold red"
    elif level.peak_dbfs > _LOUD_DBFS:
        style = "yellow"
    elif level.peak_dbfs < _QUIET_DBFS:
        style = "dim"
    return Text("".join(cells) + ("!" if level.clipped else " "), style=style)


def _decibels(size: float) -> float:
    return max(SILENT_DBFS, 20.0 * math.log10(size)) if size > 0 else SILENT_DBFS


def _cells(dbfs: float, width: int) -> int:
    share = (dbfs - _BAR_DBFS) / -_BAR_DBFS
    return round(width * min(1.0, max(0.0, share)))
