"""
Spoil clean speech as a room does: noise, a fan's hum, reverberation, distance, silence around it.

Strategy: pure functions on samples with an explicit random state. `strength` goes from 0 to 1 while training
proceeds, since a network that hears nothing but noise at first learns nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

Colour = Literal["white", "pink", "brown", "hum"]

COLOURS: Final[tuple[Colour, ...]] = ("white", "pink", "brown", "hum")
_SHARES: Final = (0.5, 0.25, 0.1, 0.15)
_RATE: Final = 16_000
_BLOCK: Final = 320
_BANK_SECONDS: Final = 40
_TRAILING, _HISSING = 0.6, 0.7
"""Shares with silence behind; with the faint hiss of any microphone, of those without noise."""
_LEAST_DB: Final = 4.0
_MOST_DB: Final = 24.0


def spoiled(
    sound: Samples, rng: np.random.Generator, strength: float, limit: int
) -> Samples:
    """A sound as it might come from a microphone, of at most `limit` samples."""
    if rng.random() < 0.3 * strength:
        sound = _stretched(sound, rng.uniform(0.93, 1.07))
    if rng.random() < 0.15 * strength:
        sound = _reverberant(sound, rng)
    before, behind = (
        rng.uniform(0, 0.5),
        rng.uniform(0, 0.8) * (rng.random() < _TRAILING),
    )
    room = max(0, limit - len(sound))
    before = min(int(before * _RATE), room)
    behind = min(int(behind * _RATE), room - before)
    sound = np.pad(sound[:limit], (before, behind))
    if rng.random() < 0.8 * strength:
        ratio = rng.uniform(_LEAST_DB, _MOST_DB) + (1 - strength) * 10
        sound = with_noise(sound, rng, draw_colour(rng), ratio)
    elif rng.random() < _HISSING:
        sound = with_noise(sound, rng, "white", rng.uniform(30, 60))
    peak = float(np.abs(sound).max()) or 1.0
    gain = 10 ** (rng.uniform(-30 * strength, 0) / 20)
    return np.asarray(sound * (gain / peak), np.float32)


def with_noise(
    sound: Samples, rng: np.random.Generator, colour: Colour, decibels: float
) -> Samples:
    """A sound with noise whose power is `decibels` under that of its speech."""
    power = _speech_power(sound)
    hiss = noise(len(sound), rng, colour)
    scale = np.sqrt(power / 10 ** (decibels / 10) / np.mean(hiss**2))
    return np.asarray(sound + scale * hiss, np.float32)


def _speech_power(sound: Samples) -> float:
    """Mean power of the blocks of 20 ms within 30 dB of the loudest; silence around speech does not count."""
    blocks = sound[: len(sound) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    powers = np.mean(blocks**2, 1)
    return float(np.mean(powers[powers >= 1e-3 * powers.max()])) or 1e-4


def draw_colour(rng: np.random.Generator) -> Colour:
    """A colour of noise; the flat ones, which cover most of speech, come more often."""
    return COLOURS[int(rng.choice(len(COLOURS), p=_SHARES))]


def noise(count: int, rng: np.random.Generator, colour: Colour) -> Samples:
    """Noise of a colour, of any loudness, shape (count,)."""
    bank = _bank(colour)
    start = int(rng.integers(0, len(bank) - count))
    cut: Samples = bank[start : start + count]
    return cut


@cache
def _bank(colour: Colour) -> Samples:
    """A stretch of noise to cut from; making it anew each time would cost more than the network."""
    rng = np.random.default_rng(len(colour))
    count = _BANK_SECONDS * _RATE
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequencies = np.maximum(np.fft.rfftfreq(count, 1 / _RATE), 20)
    slope = {"white": 0.0, "pink": -0.5, "brown": -1.0, "hum": -1.0}[colour]
    sound = np.fft.irfft(spectrum * frequencies**slope, count)
    sound /= sound.std()
    if colour == "hum":
        time = np.arange(count) / _RATE
        for harmonic in range(1, 7):
            phase = rng.uniform(0, 2 * np.pi)
            sound += 1.5 / harmonic * np.sin(2 * np.pi * 120 * harmonic * time + phase)
        sound *= 1 + 0.2 * np.sin(2 * np.pi * 3.1 * time)
    return np.asarray(sound, np.float32)


def _stretched(sound: Samples, factor: float) -> Samples:
    """Faster or slower, pitch included."""
    at = np.arange(0, len(sound) - 1, factor)
    return np.asarray(np.interp(at, np.arange(len(sound)), sound), np.float32)


def _reverberant(sound: Samples, rng: np.random.Generator) -> Samples:
    """In a room: the sound itself, then decaying noise."""
    seconds = rng.uniform(0.05, 0.3)
    count = int(seconds * _RATE)
    tail = rng.standard_normal(count) * np.exp(-6.9 * np.arange(count) / count)
    tail *= rng.uniform(0.1, 0.5) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    # Convolved by way of the spectrum, over a length that is quick to transform.
    size = 1 << (len(sound) + count).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(tail, size)
    wet = np.fft.irfft(spectrum, size)[: len(sound) + count // 2]
    return np.asarray(wet, np.float32)
