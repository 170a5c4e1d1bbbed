"""A WAV file instead of a loudspeaker: for tests, and to hear later what was said."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import numpy as np

from .errors import SpeakerError
from .speak_sound import Resampler

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable
    from pathlib import Path

    from .speak_sound import Sound

_HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")
"""RIFF, WAVE, `fmt ` of 16 bytes, `data`: the smallest header of PCM (Microsoft and IBM, 1991)."""
_LOUDEST: Final = 32767
_PCM, _MONO, _BYTES = 1, 1, 2


class WavPlayer:
    """Writes all that is said behind each other into one file, 16 bits, mono.

    The file is whole after every sentence, whatever happens then. Its rate is that of the first.
    """

    def __init__(self, path: Path) -> None:
        """Write a file, instead of one that is there already."""
        self._path = path
        self._rate = 0
        self._length = 0

    def play(
        self, sounds: Iterable[Sound], stopping: threading.Event, volume: float
    ) -> None:
        """Add the sound at once, as long as it is not stopped. Raises SpeakerError."""
        resampler: Resampler | None = None
        for sound in sounds:
            if stopping.is_set():
                return
            self._rate = self._rate or sound.rate
            if resampler is None:
                resampler = Resampler(sound.rate, self._rate)
            samples = resampler.feed(sound.samples) * volume
            whole = np.clip(samples, -1.0, 1.0) * _LOUDEST
            self._append(whole.astype("<i2").tobytes())

    def _append(self, data: bytes) -> None:
        try:
            with self._path.open("r+b" if self._length else "wb") as file:
                file.seek(_HEADER.size + self._length if self._length else 0)
                file.write(data if self._length else self._header(0) + data)
                file.seek(0)
                file.write(self._header(self._length + len(data)))
        except OSError as error:
            msg = f"{self._path} cannot be written ({error.strerror}); check its folder and the free space"
            raise SpeakerError(msg, way="wav") from None
        self._length += len(data)

    def _header(self, length: int) -> bytes:
        rest = _HEADER.size - 8 + length
        second = self._rate * _BYTES
        return _HEADER.pack(
            *(b"RIFF", rest, b"WAVE", b"fmt ", 16, _PCM, _MONO, self._rate, second),
            *(_BYTES, 8 * _BYTES, b"data", length),
        )
