"""WAV files for tests, written by their layout and not by a library."""

from __future__ import annotations

import struct

import numpy as np
import numpy.typing as npt

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE


def stored(sound: npt.NDArray[np.float64], tag: int, bits: int) -> bytes:
    """Return samples, shape (n, channels), -1 to 1, as a WAV stores them."""
    flat = sound.reshape(-1)
    if tag == FLOAT:
        return flat.astype(f"<f{bits // 8}").tobytes()
    whole = np.clip(
        np.round(flat * 2.0 ** (bits - 1)), -(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1
    )
    if bits == 8:
        return (whole + 128).astype(np.uint8).tobytes()
    wide = whole.astype("<i8").view(np.uint8).reshape(-1, 8)
    return wide[:, : bits // 8].tobytes()


def chunk(name: bytes, data: bytes, size: int | None = None) -> bytes:
    """Return a chunk, with an even number of bytes."""
    told = len(data) if size is None else size
    return name + struct.pack("<I", told) + data + b"\0" * (len(data) % 2)


def make_wav(
    sound: npt.NDArray[np.float64],
    *,
    rate: int = 16_000,
    tag: int = PCM,
    bits: int = 16,
    channels: int | None = None,
    size: int | None = None,
    before: bytes = b"",
    extensible: bool = False,
) -> bytes:
    """Return a WAV; `size` is what the header says of its sound, `before` other chunks."""
    count = sound.shape[1] if channels is None else channels
    data = stored(sound, tag, bits)
    step = count * bits // 8
    told = EXTENSIBLE if extensible else tag
    fields = struct.pack("<HHIIHH", told, count, rate, rate * step, step, bits)
    if extensible:
        guid = b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
        fields += struct.pack("<HHI", 22, bits, 0) + struct.pack("<H", tag) + guid
    body = b"WAVE" + chunk(b"fmt ", fields) + before + chunk(b"data", data, size)
    return b"RIFF" + struct.pack("<I", len(body) & 0xFFFFFFFF) + body
