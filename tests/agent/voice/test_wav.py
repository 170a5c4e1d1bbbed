from __future__ import annotations

import struct
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.agent.cli.messages import translated
from sanso.agent.voice.errors import MicrophoneError
from sanso.agent.voice.wav import WavDecoder

from .wav_bytes import FLOAT, PCM, chunk, make_wav

STORED = [(PCM, 8), (PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32), (FLOAT, 64)]


def noise(count: int = 300, channels: int = 2) -> np.ndarray:
    """Return some sound."""
    return np.random.default_rng(1).uniform(-1, 1, (count, channels))


def decoded(data: bytes, cuts: list[int]) -> np.ndarray:
    """Feed bytes in pieces; the sound."""
    decoder = WavDecoder("x.wav")
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    blocks = [decoder.feed(data[a:b]) for a, b in pairwise(edges)]
    decoder.end()
    return np.concatenate([block for block in blocks if len(block)])


@pytest.mark.parametrize(("tag", "bits"), STORED)
@pytest.mark.parametrize("extensible", [False, True])
def test_reads_what_was_written(tag: int, bits: int, extensible: bool) -> None:  # noqa: FBT001
    """Every way of storing a sample gives the sample back, as exactly as it can."""
    sound = noise()
    made = decoded(make_wav(sound, tag=tag, bits=bits, extensible=extensible), [])
    assert made.dtype == np.float32
    steps = 2.0 ** (1 - min(bits, 24))
    assert made == pytest.approx(sound, abs=2 * steps)


@given(
    stored=st.sampled_from(STORED),
    cuts=st.lists(st.integers(0, 2_000), max_size=8),
    odd=st.integers(0, 9),
)
@settings(max_examples=80, deadline=None)
def test_pieces_leave_no_trace(
    stored: tuple[int, int], cuts: list[int], odd: int
) -> None:
    """However the bytes come, and whatever chunks stand around, the sound is the same."""
    tag, bits = stored
    plain = make_wav(noise(), tag=tag, bits=bits)
    around = make_wav(noise(), tag=tag, bits=bits, before=chunk(b"LIST", b"x" * odd))
    around += chunk(b"id3 ", b"not sound")
    assert (decoded(around, cuts) == decoded(plain, [])).all()


def test_byte_by_byte() -> None:
    """A header that comes in single bytes is understood."""
    data = make_wav(noise(20), before=chunk(b"LIST", b"odd"))
    assert (decoded(data, list(range(len(data)))) == decoded(data, [])).all()


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000 - 44])
def test_a_length_that_is_not_known_ends_with_the_bytes(size: int) -> None:
    """A program that writes into a pipe says an impossible length."""
    assert len(decoded(make_wav(noise(), size=size), [50])) == 300


def test_floats_beyond_any_sense() -> None:
    """Numbers beyond full scale, and no numbers, do no harm."""
    sound = np.array([[1e300], [-7.0], [np.nan], [0.5]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = decoded(make_wav(sound, tag=FLOAT, bits=64), [])
    assert made[[0, 1, 3], 0].tolist() == [1.0, -1.0, 0.5]


def test_a_torn_sample_is_left_out() -> None:
    """What is no whole sample of all channels is no sound."""
    data = make_wav(noise(10), size=0xFFFFFFFF) + b"\x01\x02\x03"
    assert len(decoded(data, [])) == 10


def headed(fields: bytes) -> bytes:
    """Return a WAV with such a format."""
    return b"RIFF\0\0\0\0WAVE" + chunk(b"fmt ", fields) + chunk(b"data", b"\0" * 64)


def fields(
    tag: int = 1, channels: int = 1, rate: int = 16_000, bits: int = 16
) -> bytes:
    """Return the fields of a format."""
    return struct.pack("<HHIIHH", tag, channels, rate, 0, 2, bits)


BAD = {
    "empty": (b"", "x.wav is empty; record it again"),
    "text": (b"hello there, this is no sound", "x.wav is no WAV file; convert it"),
    "short text": (b"hi", "x.wav is no WAV file; convert it"),
    "avi": (b"RIFF\0\0\0\0AVI LIST", "x.wav is no WAV file; convert it"),
    "mp3": (b"ID3\x04 and more bytes", "x.wav is MP3, not WAV; convert it"),
    "flac": (b"fLaC and more bytes", "x.wav is FLAC, not WAV; convert it"),
    "ogg": (b"OggS and more bytes", "x.wav is Ogg, not WAV; convert it"),
    "rf64": (b"RF64 and more bytes", "is RF64, which is for more than 4 GB, not WAV"),
    "four bytes": (b"RIFF", "x.wav is no WAV file; convert it"),
    "twelve bytes": (b"RIFF\0\0\0\0WAVE", r"damaged \(it ends before the sound\)"),
    "header only": (make_wav(noise())[:30], r"damaged \(it ends before the sound\)"),
    "no sound": (make_wav(noise(0)), "x.wav holds no sound; record it again"),
    "no channels": (headed(fields(channels=0)), r"damaged \(0 channels\); record"),
    "channels": (headed(fields(channels=65_535)), r"damaged \(65535 channels\)"),
    "no rate": (headed(fields(rate=0)), r"damaged \(0 samples a second\)"),
    "rate": (headed(fields(rate=4_000_000_000)), r"damaged \(4000000000 samples"),
    "no bits": (headed(fields(bits=0)), r"damaged \(0 bits a sample\)"),
    "bits": (headed(fields(bits=48)), r"damaged \(48 bits a sample\)"),
    "adpcm": (headed(fields(tag=17)), r"compressed sound \(format 17\); convert it"),
    "mu-law": (headed(fields(tag=7, bits=8)), r"compressed sound \(format 7\)"),
    "short format": (headed(b"\x01\0\x01\0"), r"damaged \(its format is damaged\)"),
    "no format": (
        b"RIFF\0\0\0\0WAVE" + chunk(b"data", b"\0" * 64),
        r"damaged \(its format is missing\)",
    ),
    "no end": (
        b"RIFF\0\0\0\0WAVE" + chunk(b"JUNK", b"", 0xFFFFFFF0) + b"\0" * 64,
        r"damaged \(it ends before the sound\)",
    ),
    "a day": (
        make_wav(noise(), rate=1_000, bits=8, size=0x7FFEFFFF),
        "x.wav is longer than a day; cut it into pieces",
    ),
}


@pytest.mark.parametrize("cuts", [[], list(range(80))], ids=["whole", "in bytes"])
@pytest.mark.parametrize("name", BAD)
def test_says_what_is_wrong(name: str, cuts: list[int]) -> None:
    """What is no usable WAV is told in one line of both languages, with the cure."""
    data, told = BAD[name]
    with pytest.raises(MicrophoneError, match=told) as caught:
        decoded(data, cuts)
    assert caught.value.device == "x.wav"
    line = str(caught.value)
    korean = translated(line, "ko")
    assert "; " in line
    assert korean is not None
    assert not {"the", "is", "it", "channels"} & set(korean.replace("(", " ").split())


@given(data=st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_garbage_is_refused_in_words(data: bytes) -> None:
    """Bytes of any kind behind a good start give sound or an error of ours, nothing else."""
    decoder = WavDecoder("x.wav")
    try:
        block = decoder.feed(b"RIFF\0\0\0\0WAVE" + data)
        decoder.end()
    except MicrophoneError:
        return
    assert block.dtype == np.float32
