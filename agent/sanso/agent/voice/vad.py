"""
How likely it is that somebody speaks, frame by frame.

Strategy: Silero's detector lies in faster-whisper's package, whose own class forgets
everything at each call. Here its file is run directly, and what it remembers (h, c and
the last 64 samples) is carried from frame to frame: the same numbers as over the whole
sound at once. What it remembers fills with the noise of a room, and then short words get
lost: after each calm while it is made to remember the last two seconds alone. The file is
found without importing faster-whisper.
"""

from __future__ import annotations

from collections import deque
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from .errors import VoiceError
from .parts import FRAME, Samples

_CONTEXT: Final = 64
"""Samples of the frame before that the detector sees again, at 16 kHz."""
_MEMORY: Final = (1, 1, 128)
"""Shape of h and of c."""
_CALM: Final = 0.15
"""Below it nobody speaks; noise stays below it, words and music do not."""
_CALM_FRAMES: Final = 94
"""3 s. In an hour of a fan's noise at 10 dB with 250 commands in it, 180 were heard whole
with all of the hour remembered, and 250 so."""
_RECENT_FRAMES: Final = 62
"""2 s. Remembering nothing at all, or half a second, takes more music for speech."""
_SILENT: Final = 4
"""onnxruntime's level for fatal lines only: it writes to standard error by itself."""


class VoiceActivity(Protocol):
    """Tells speech from everything else."""

    def probability(self, frame: Samples) -> float:
        """Return how likely somebody speaks in the next `FRAME` samples, 0 to 1."""
        ...

    def reset(self) -> None:
        """Forget what was heard: what comes next does not follow on it."""
        ...


class SileroActivity:
    """Silero's detector on one thread; about 0.1 ms a frame."""

    def __init__(
        self, path: Path | None = None, *, calm_frames: int = _CALM_FRAMES
    ) -> None:
        """Load the detector, from faster-whisper's package unless told otherwise.

        After so many calm frames it forgets what is older than 2 s; with 0 it never does.

        Raises:
            VoiceError: a library or the file is missing, or the file is damaged.

        """
        self._session = _open(path or find_detector())
        self._calm_frames = calm_frames
        self._calm = 0
        """Calm frames without a break."""
        self._recent: deque[Samples] = deque(maxlen=_RECENT_FRAMES)
        """What the detector was shown last, each of shape (1, 576)."""
        self._h = self._c = np.zeros(_MEMORY, dtype=np.float32)
        self._context: Samples = np.zeros(_CONTEXT, dtype=np.float32)

    def probability(self, frame: Samples) -> float:
        """Return how likely somebody speaks in the next `FRAME` samples, 0 to 1.

        A frame with samples that are no numbers is taken for silence, and what was
        heard before is forgotten.

        Raises:
            ValueError: the frame has another length.

        """
        if frame.shape != (FRAME,):
            msg = f"a frame has {FRAME} samples, not {frame.shape}"
            raise ValueError(msg)
        if not np.isfinite(frame).all():
            self.reset()
            return 0.0
        heard = np.concatenate([self._context, frame], dtype=np.float32)[np.newaxis]
        found = self._show(heard)
        self._context = heard[0, -_CONTEXT:]
        self._recent.append(heard)
        self._calm = self._calm + 1 if found < _CALM else 0
        if self._calm_frames and self._calm >= self._calm_frames:
            self._calm = 0
            self._h = self._c = np.zeros(_MEMORY, dtype=np.float32)
            self._show(np.concatenate(self._recent))
        return found

    def reset(self) -> None:
        """Forget what was heard: what comes next does not follow on it."""
        self._h = self._c = np.zeros(_MEMORY, dtype=np.float32)
        self._context = np.zeros(_CONTEXT, dtype=np.float32)
        self._calm = 0
        self._recent.clear()

    def _show(self, heard: Samples) -> float:
        """Run the detector over frames with their contexts, shape (n, 576); the last result."""
        state = {"input": heard, "h": self._h, "c": self._c}
        out, self._h, self._c = self._session.run(None, state)
        return float(out.reshape(-1)[-1])


def find_detector() -> Path:
    """Return the path of the detector in faster-whisper's package.

    Raises:
        VoiceError: the package is not there, or holds none.

    """
    spec = find_spec("faster_whisper")
    if spec is None or not spec.submodule_search_locations:
        msg = "listening needs faster-whisper; install it with: pip install 'sanso[voice]'"
        raise VoiceError(msg)
    folder = Path(spec.submodule_search_locations[0]) / "assets"
    # Packages before 1.2 held it in two files that are driven otherwise.
    found = [path for path in folder.glob("silero_vad*.onnx") if path.is_file()]
    if not found:
        msg = f"there is no speech detector in {folder}; install 1.2 or later: pip install -U faster-whisper"
        raise VoiceError(msg)
    return max(found, key=lambda path: path.name)


def _open(path: Path) -> Any:
    try:
        import onnxruntime
    except ImportError:
        msg = "listening needs onnxruntime; install it with: pip install 'sanso[voice]'"
        raise VoiceError(msg) from None
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _SILENT
    try:
        return onnxruntime.InferenceSession(
            str(path), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception:  # noqa: BLE001 - what onnxruntime raises has no root of its own
        msg = f"the speech detector {path} cannot be read; install it again: pip install --force-reinstall faster-whisper"
        raise VoiceError(msg) from None
