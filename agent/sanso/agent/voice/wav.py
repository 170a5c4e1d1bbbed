"""
WAV, decoded as its bytes come.

Strategy: pure; a file, a pipe and a test feed the same decoder. The layout is that of the
Multimedia Programming Interface and Data Specifications 1.0 (IBM, Microsoft, 1991) with
WAVEFORMATEXTENSIBLE: chunks of a name, a length and an even number of bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from .errors import MicrophoneError

if TYPE_CHECKING:
    from .microphone_frames import Block

UNKNOWN_BYTES: Final = 0x7FFF_0000
"""A program that writes into a pipe cannot know the length, and says one from here on."""
DAY_SECONDS: Final = 86_400

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_KINDS: Final = {
    (_PCM, 8): "u1",
    (_PCM, 16): "<i2",
    (_PCM, 24): "i3",
    (_PCM, 32): "<i4",
    (_FLOAT, 32): "<f4",
    (_FLOAT, 64): "<f8",
}
"""How a sample is stored, by format tag and bits; numpy's names, and i3."""
_RATES: Final = range(1_000, 768_001)
_CHANNELS: Final = range(1, 65)
_OTHERS: Final = {
    b"RF64": "RF64, which is for more than 4 GB",
    b"RIFX": "big-endian WAV",
    b"FORM": "AIFF",
    b"fLaC": "FLAC",
    b"OggS": "Ogg",
    b"ID3": "MP3",
    b"\xff\xfb": "MP3",
}
_HEAD: Final = struct.Struct("<4sI")
_FORMAT: Final = struct.Struct("<HHIIHH")
_SUBFORMAT: Final = slice(24, 26)
_RIFF_BYTES: Final = 12
_MOST_HEADER: Final = 1 << 20
"""A megabyte without sound is no header."""


@dataclass(frozen=True, slots=True)
class WavFormat:
    """How the sound of a WAV is stored."""

    rate: int
    channels: int
    kind: str
    data_bytes: int | None
    """Length of the sound; None where the header does not know it."""

    @property
    def width(self) -> int:
        """Bytes of a sample of one channel."""
        return int(self.kind[-1])


def other_format(start: bytes) -> str | None:
    """Return the name of the format that a file begins like, if it is a known one and not WAV."""
    return next(
        (name for sign, name in _OTHERS.items() if start.startswith(sign)), None
    )


class WavDecoder:
    """Turns the bytes of a WAV into blocks of sound."""

    def __init__(self, name: str) -> None:
        """Decode what is called `name` in messages."""
        self.format: WavFormat | None = None
        """Known once the header is through."""
        self.header_bytes = 0
        """Where the sound begins, once `format` is known."""
        self._name = name
        self._fields: tuple[int, int, str] | None = None
        self._skip = 0
        self._left: int | None = None
        self._rest = b""

    def feed(self, data: bytes) -> Block:
        """Return the sound in these bytes, shape (n, channels), -1 to 1; n may be 0.

        Raises:
            MicrophoneError: this is no WAV, or one that cannot be read.

        """
        self._rest += data
        if self.format is None and not self._read_header():
            if len(self._rest) > _MOST_HEADER:
                raise self._damaged("no sound in the first megabyte")
            return np.zeros((0, 1), np.float32)
        return self._decode()

    def end(self) -> None:
        """Say that no more bytes come.

        Raises:
            MicrophoneError: the header was not through yet.

        """
        if self.format is not None:
            return
        if self.header_bytes:
            raise self._damaged("it ends before the sound")
        if self._rest:
            raise self._no_wav()
        msg = f"{self._name} is empty; record it again"
        raise MicrophoneError(msg, device=self._name)

    def _read_header(self) -> bool:
        """Go through the chunks up to the sound; False if more bytes are needed."""
        if not self.header_bytes:
            if not self._take_riff():
                return False
            self.header_bytes = _RIFF_BYTES
        while self._take_skipped() and len(self._rest) >= _HEAD.size:
            name, size = _HEAD.unpack_from(self._rest)
            if name == b"data":
                self._advance(_HEAD.size)
                self.format = self._made(size)
                self._left = self.format.data_bytes
                return True
            if name == b"fmt ":
                whole = _HEAD.size + size
                if size < _FORMAT.size or size > _MOST_HEADER:
                    raise self._damaged("its format is damaged")
                if len(self._rest) < whole:
                    return False
                self._fields = self._read_format(self._rest[_HEAD.size : whole])
            self._skip = _HEAD.size + size + size % 2
        return False

    def _take_riff(self) -> bool:
        start = self._rest[:_RIFF_BYTES]
        if len(start) < _RIFF_BYTES:
            return False
        if start[:4] != b"RIFF" or start[8:] != b"WAVE":
            raise self._no_wav()
        self._rest = self._rest[_RIFF_BYTES:]
        return True

    def _no_wav(self) -> MicrophoneError:
        what = other_format(self._rest)
        cure = "convert it with: ffmpeg -i FILE sound.wav"
        msg = f"{self._name} is no WAV file; {cure}"
        if what is not None:
            msg = f"{self._name} is {what}, not WAV; {cure}"
        return MicrophoneError(msg, device=self._name)

    def _take_skipped(self) -> bool:
        """Drop what is of no interest; False if it has not come entirely."""
        gone = min(self._skip, len(self._rest))
        self._advance(gone)
        self._skip -= gone
        return self._skip == 0

    def _advance(self, count: int) -> None:
        self._rest = self._rest[count:]
        self.header_bytes += count

    def _read_format(self, chunk: bytes) -> tuple[int, int, str]:
        """Return rate, channels and kind of sample."""
        tag, channels, rate, _, _, bits = _FORMAT.unpack_from(chunk)
        if tag == _EXTENSIBLE and len(chunk) >= _SUBFORMAT.stop:
            tag = int.from_bytes(chunk[_SUBFORMAT], "little")
        if channels not in _CHANNELS:
            raise self._damaged(f"{channels} channels")
        if rate not in _RATES:
            raise self._damaged(f"{rate} samples a second")
        if tag not in {_PCM, _FLOAT}:
            msg = (
                f"{self._name} holds compressed sound (format {tag}); convert it with: "
                "ffmpeg -i FILE -c:a pcm_s16le sound.wav"
            )
            raise MicrophoneError(msg, device=self._name)
        # 20 bits are stored in the upper ones of 24
        kind = _KINDS.get((tag, -(-bits // 8) * 8))
        if kind is None:
            raise self._damaged(f"{bits} bits a sample")
        return rate, channels, kind

    def _made(self, size: int) -> WavFormat:
        if self._fields is None:
            raise self._damaged("its format is missing")
        rate, channels, kind = self._fields
        known = None if size >= UNKNOWN_BYTES else size
        made = WavFormat(rate, channels, kind, known)
        if known == 0:
            msg = f"{self._name} holds no sound; record it again"
            raise MicrophoneError(msg, device=self._name)
        if known is not None and known > DAY_SECONDS * rate * channels * made.width:
            msg = f"{self._name} is longer than a day; cut it into pieces"
            raise MicrophoneError(msg, device=self._name)
        return made

    def _decode(self) -> Block:
        assert self.format is not None  # noqa: S101 - the header is through
        step = self.format.width * self.format.channels
        usable = (
            len(self._rest) if self._left is None else min(self._left, len(self._rest))
        )
        count = usable // step * step
        data, self._rest = self._rest[:count], self._rest[count:]
        if self._left is not None:
            self._left -= count
            if self._left < step:
                self._rest = b""  # what stands behind the sound is of no interest
        return _samples(data, self.format.kind).reshape(-1, self.format.channels)

    def _damaged(self, reason: str) -> MicrophoneError:
        msg = f"the header of {self._name} is damaged ({reason}); record it again"
        return MicrophoneError(msg, device=self._name)


def _samples(data: bytes, kind: str) -> Block:
    """Return numbers of -1 to 1; a whole number of n bits is divided by 2**(n - 1)."""
    if kind == "u1":
        return ((np.frombuffer(data, np.uint8) - 128.0) / 128.0).astype(np.float32)
    if kind == "i3":
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return (wide.reshape(-1).view("<i4") / 2.0**31).astype(np.float32)
    numbers = np.frombuffer(data, kind)
    if kind.startswith("<f"):
        clipped: Block = np.clip(numbers, -1.0, 1.0).astype(np.float32)
        return clipped
    return (numbers / 2.0 ** (8 * numbers.itemsize - 1)).astype(np.float32)
