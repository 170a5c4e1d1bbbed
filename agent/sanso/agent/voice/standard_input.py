"""
Standard input as a microphone: raw sound, or a WAV.

Strategy: what begins like a WAV is one; all else is 16-bit little-endian mono at 16 kHz,
as `arecord -t raw -f S16_LE -r 16000 -c 1` gives it. It is waited for with `select`,
because a thread that hangs in a read of standard input keeps a program from ending.
"""

from __future__ import annotations

import os
import select
import stat
import sys
import time
from collections import deque
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from .errors import MicrophoneEnded, MicrophoneError
from .microphone_frames import Framer
from .pace import Pace
from .parts import FRAME, RATE, Samples
from .wav import WavDecoder, other_format

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

NAME: Final = "-"
_SIGN: Final = b"RIFF"
_PIECE_BYTES: Final = 1 << 14
_SAMPLE_BYTES: Final = 2


class StandardInput:
    """Frames from standard input; see `parts.Microphone`."""

    def __init__(
        self,
        number: int | None = None,
        *,
        channel: int | None = None,
        paced: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read a file descriptor, by default that of standard input.

        A pipe is live, as what feeds it may be; a file is not, unless it is `paced`.
        """
        self.name = NAME
        self.drops = 0
        self.live = True
        self._number = number
        self._channel = channel
        self._paced = paced
        self._pace: Pace | None = None
        self._now = monotonic
        self._source = -1
        self._start = b""
        self._odd = b""
        self._wav: WavDecoder | None = None
        self._framer: Framer | None = None
        self._frames: deque[Samples] = deque()
        self._ended = False

    def __enter__(self) -> Self:
        """Look at what is connected.

        Raises:
            MicrophoneError: nothing is, or a terminal.

        """
        cure = "pipe sound into it: arecord -t raw -f S16_LE -r 16000 -c 1 | sanso ..."
        try:
            self._source = sys.stdin.fileno() if self._number is None else self._number
            mode = os.fstat(self._source).st_mode
        except (OSError, ValueError, AttributeError):  # closed, replaced, or None
            msg = f"standard input is closed; {cure}"
            raise MicrophoneError(msg, device=NAME) from None
        if os.isatty(self._source):
            msg = f"standard input is a terminal; {cure}"
            raise MicrophoneError(msg, device=NAME)
        self.live = self._paced or not stat.S_ISREG(mode)
        self._pace = Pace() if self._paced else None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Read nothing more; standard input itself stays as it is."""
        self._ended = True
        self._frames.clear()

    @property
    def waiting(self) -> float:
        """Seconds of sound that were heard and not read yet, what waits in the pipe among it.

        Of a WAV whose header has not come nothing is known yet.
        """
        if self._pace is not None:
            return self._pace.behind
        piped = _piped_bytes(self._source) if self.live else 0
        made = None if self._wav is None else self._wav.format
        a_second = _SAMPLE_BYTES * RATE
        if made is not None:
            a_second = made.rate * made.channels * made.width
        return len(self._frames) * FRAME / RATE + piped / a_second

    def read(self, timeout: float) -> Samples | None:
        """Return the next frame; None where none came within `timeout` seconds.

        Raises:
            MicrophoneEnded: that was the last one.
            MicrophoneError: what came is no sound, or none at all.

        """
        end = self._now() + timeout
        while not self._frames:
            if self._ended:
                msg = "standard input is at its end"
                raise MicrophoneEnded(msg)
            left = max(0.0, end - self._now())
            if not select.select([self._source], [], [], left)[0]:
                return None
            self._take(self._received())
        if self._pace is not None and not self._pace.wait(max(0.0, end - self._now())):
            return None
        return self._frames.popleft()

    def _received(self) -> bytes:
        try:
            return os.read(self._source, _PIECE_BYTES)
        except OSError as error:
            msg = f"standard input cannot be read ({error.strerror}); start it again"
            raise MicrophoneError(msg, device=NAME) from None

    def _take(self, data: bytes) -> None:
        """Take what came; nothing is the end."""
        self._ended = not data
        if self._framer is None and self._wav is None:
            self._start += data
            data = self._begin()
        if self._wav is not None:
            self._take_wav(data)
        elif self._framer is not None:
            whole = self._odd + data
            count = len(whole) // _SAMPLE_BYTES
            self._odd = whole[count * _SAMPLE_BYTES :]
            block = np.frombuffer(whole, "<i2", count).astype(np.float32) / 32768.0
            self._frames.extend(self._framer.feed(block.reshape(-1, 1)))
        if self._ended and self._framer is not None:
            self._frames.extend(self._framer.finish())

    def _begin(self) -> bytes:
        """Decide what it is, once enough has come; return what came so far."""
        if len(self._start) < len(_SIGN) and not self._ended:
            return b""
        if not self._start:
            msg = (
                "no sound came through standard input; check the program that sends it"
            )
            raise MicrophoneError(msg, device=NAME)
        if self._start.startswith(_SIGN) or other_format(self._start):
            self._wav = WavDecoder("standard input")
        else:
            self._framer = Framer(RATE, name=NAME, channel=self._channel)
        return self._start

    def _take_wav(self, data: bytes) -> None:
        assert self._wav is not None  # noqa: S101 - that is why we are here
        if not data:
            self._wav.end()
            return
        block = self._wav.feed(data)
        if self._wav.format is None:
            return
        if self._framer is None:
            rate = self._wav.format.rate
            self._framer = Framer(rate, name=NAME, channel=self._channel)
        self._frames.extend(self._framer.feed(block))


def _piped_bytes(source: int) -> int:
    """Return how many bytes wait in a pipe; 0 where the system does not tell."""
    try:
        import fcntl
        import termios

        told = fcntl.ioctl(source, termios.FIONREAD, bytes(4))
    except (ImportError, OSError):
        return 0
    return int.from_bytes(told, sys.byteorder)
