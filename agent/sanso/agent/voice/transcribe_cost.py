"""
What recognition costs on this machine, for every size and without a download.

Strategy: models of the standard shapes with random weights, as the work does not depend
on what is in them. Threads and windows take turns within a shape, so that whatever else
the machine does falls on all of them alike, and the ratios hold where the times do not.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from .errors import TranscriberError
from .transcribe_random import SHAPES, Shape, standard_tokens, write_random

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Key = tuple[str, int, float, "Stage"]

THREADS: Final = (1, 2)
WINDOWS: Final = (30.0, 8.0)
TOKENS: Final = 20
"""Of a command in Korean, about."""
_FRAMES_A_SECOND: Final = 100
_PROMPT: Final = (
    "<|startoftranscript|>",
    "<|ko|>",
    "<|transcribe|>",
    "<|notimestamps|>",
)

Stage = Literal["encode", "decode"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one stage takes, in one shape, on so many threads."""

    shape: str
    threads: int
    window: float
    """Seconds that are encoded."""
    stage: Stage
    p50: float
    """Seconds."""
    p95: float
    ratio: float
    """Of its p50 to that of the first row of its stage: the first shape, the first number
    of threads and the first window."""


def measure_costs(
    shapes: Mapping[str, Shape] = SHAPES,
    *,
    threads: Sequence[int] = THREADS,
    windows: Sequence[float] = WINDOWS,
    rounds: int = 20,
    report: Callable[[str], None] = lambda _: None,
) -> list[Cost]:
    """
    Time the encoder over each window and the decoder over `TOKENS` tokens, in int8, greedily.

    Weights lie in a temporary folder meanwhile. `report` is told each shape as it begins.
    Raises TranscriberError without CTranslate2, and OSError where the disk is full.
    """
    _need_library()
    times: dict[Key, list[float]] = {}
    for name, shape in shapes.items():
        report(name)
        with tempfile.TemporaryDirectory(prefix="sanso-") as folder:
            write_random(Path(folder), shape, standard_tokens(shape))
            models = {count: _opened(folder, count) for count in threads}
            for number in range(rounds + 1):
                for count, model in models.items():
                    for window, stage, seconds in _round(model, shape, windows):
                        if number:  # the first one warms up
                            key = (name, count, window, stage)
                            times.setdefault(key, []).append(seconds)
            for model in models.values():
                model.unload_model()
    first: dict[Stage, float] = {}
    rows = []
    for (name, count, window, stage), taken in times.items():
        p50, p95 = (float(np.percentile(taken, share)) for share in (50, 95))
        ratio = p50 / first.setdefault(stage, p50)
        rows.append(Cost(name, count, window, stage, p50, p95, ratio))
    return rows


def _need_library() -> None:
    try:
        import ctranslate2  # noqa: F401 - what is built and timed
    except ImportError as error:
        msg = f"the measurement needs {error.name}, which is not installed; pip install 'sanso[voice]'"
        raise TranscriberError(msg, model="") from error


def _opened(folder: str, threads: int) -> Any:
    from ctranslate2.models import Whisper

    return Whisper(folder, device="cpu", compute_type="int8", intra_threads=threads)


def _round(
    model: Any, shape: Shape, windows: Sequence[float]
) -> Iterator[tuple[float, Stage, float]]:
    """Encode each window once, and decode once from it."""
    from ctranslate2 import StorageView

    tokens = standard_tokens(shape)
    prompt = [tokens.index(token) for token in _PROMPT]
    end = tokens.index("<|endoftext|>")
    for window in windows:
        frames = min(round(window * _FRAMES_A_SECOND), 2 * shape.positions)
        sound = np.zeros((1, shape.mels, frames), np.float32)
        started = time.perf_counter()
        encoded = model.encode(StorageView.from_array(sound))
        between = time.perf_counter()
        model.generate(
            encoded,
            [prompt],
            beam_size=1,
            max_length=2 * TOKENS,  # of which a text gets half
            suppress_tokens=[end],  # and must not end early
        )
        yield window, "encode", between - started
        yield window, "decode", time.perf_counter() - between
