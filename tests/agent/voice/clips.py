"""Sound that is no command: silence, noise, hum, music and babble, as many clips as are wanted."""

from __future__ import annotations

import io
import subprocess
import wave
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from .ear import espeak

RATE = 16_000
SECONDS = 3.0
COUNT = round(RATE * SECONDS)
TIME = np.arange(COUNT) / RATE
Sound = npt.NDArray[np.floating[Any]]

_PROSE = (
    ("en", "the committee will publish its report on the harbour next thursday"),
    ("en", "my grandmother grew tomatoes behind the old railway station"),
    ("en-gb", "he never told anyone why he had left the orchestra"),
    ("en-us", "prices rose again in march while wages stayed where they were"),
    ("ko", "어제 시장에서 산 사과가 생각보다 훨씬 달았다고 합니다"),
    ("ko", "다음 달에 열리는 대회를 위해서 모두 열심히 연습하고 있습니다"),
    ("ko", "그 소설의 주인공은 끝내 고향으로 돌아가지 못했습니다"),
    ("de", "die Fähre nach Norden fährt heute wegen des Sturms nicht"),
    ("fr", "nous avons attendu le train pendant presque deux heures"),
    ("es", "los niños jugaban en la plaza hasta que se hizo de noche"),
)
_VARIANTS = ("", "+m2", "+m6", "+f2", "+f4", "+klatt3", "+m4", "+f5")
_TALKERS = 8
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9))


def clips(kind: str, number: int) -> Iterator[Sound]:
    """Yield clips of a kind of `KINDS`, the same ones each time."""
    make = KINDS[kind]()
    for at in range(number):
        rng = np.random.default_rng([at, *kind.encode()])
        yield make(rng).astype(np.float32)


def _silence() -> Callable[[np.random.Generator], Sound]:
    """Silence: digital, or with the noise of a microphone."""
    return lambda rng: rng.normal(0, rng.choice([0.0, 1e-5, 1e-4, 1e-3]), COUNT)


def _noise() -> Callable[[np.random.Generator], Sound]:
    """Noise from white to brown, steady or swelling, from soft to loud."""

    def make(rng: np.random.Generator) -> Sound:
        spectrum = np.fft.rfft(rng.standard_normal(COUNT))
        hertz = np.maximum(np.fft.rfftfreq(COUNT, 1 / RATE), 20)
        sound = np.fft.irfft(spectrum * hertz ** -rng.uniform(0, 1.2), COUNT)
        swell = 1 + rng.uniform(0, 1) * np.sin(2 * np.pi * rng.uniform(0.2, 4) * TIME)
        return _loud(sound * swell, rng)

    return make


def _hum() -> Callable[[np.random.Generator], Sound]:
    """The mains and a motor: a low tone, its overtones, some wind."""

    def make(rng: np.random.Generator) -> Sound:
        base = rng.choice([50, 60, 100, 120, rng.uniform(80, 400)])
        tones = [
            rng.uniform(0, 1)
            / n
            * np.sin(2 * np.pi * base * n * TIME + rng.uniform(0, 6))
            for n in range(1, 9)
        ]
        wind = np.cumsum(rng.standard_normal(COUNT))
        wind -= np.convolve(wind, np.ones(800) / 800, "same")
        return _loud(sum(tones) + 0.2 * wind / np.abs(wind).max(), rng)

    return make


def _music() -> Callable[[np.random.Generator], Sound]:
    """A tune over chords and a beat, of tones with overtones that fade."""

    def make(rng: np.random.Generator) -> Sound:
        scale = _SCALES[rng.integers(len(_SCALES))]
        root = rng.uniform(110, 330)
        step = rng.uniform(0.12, 0.4)
        sound = np.zeros(COUNT)
        for at in np.arange(0, SECONDS - 0.05, step):
            degrees = [rng.integers(0, 14)] + ([0, 2, 4] if rng.random() < 0.4 else [])
            for degree in degrees:
                octave, place = divmod(int(degree), len(scale))
                pitch = root * 2 ** (octave + scale[place] / 12)
                _add(sound, at, _note(pitch, rng))
            if rng.random() < 0.5:
                drum = rng.standard_normal(1600) * np.exp(-np.arange(1600) / 200)
                _add(sound, at, drum)
        return _loud(sound, rng)

    return make


def _babble() -> Callable[[np.random.Generator], Sound]:
    """A room full of people: eight at once, in several languages."""
    voices = [
        _spoken(f"{language}{variant}", text)
        for language, text in _PROSE
        for variant in _VARIANTS[:4]
    ]

    def make(rng: np.random.Generator) -> Sound:
        sound: Sound = np.zeros(COUNT)
        for number in rng.choice(len(voices), _TALKERS, replace=False):
            talker = np.roll(np.resize(voices[number], COUNT), rng.integers(COUNT))
            sound += rng.uniform(0.7, 1.3) * talker
        return _loud(sound, rng)

    return make


KINDS: dict[str, Callable[[], Callable[[np.random.Generator], Sound]]] = {
    "silence": _silence,
    "noise": _noise,
    "hum": _hum,
    "music": _music,
    "babble": _babble,
}


def _loud(sound: Sound, rng: np.random.Generator) -> Sound:
    """Return a sound with a peak from soft to clipped."""
    loud: Sound = sound / np.abs(sound).max() * rng.uniform(0.02, 1.3)
    return np.clip(loud, -1, 1)


def _note(pitch: float, rng: np.random.Generator) -> Sound:
    time = TIME[: RATE // 2]
    parts = [np.sin(2 * np.pi * pitch * n * time) / n**1.5 for n in range(1, 7)]
    whole: Sound = sum(parts) * np.exp(-time * rng.uniform(2, 9)) * rng.uniform(0.4, 1)
    return whole


def _add(sound: Sound, at: float, part: Sound) -> None:
    start = round(at * RATE)
    end = min(len(sound), start + len(part))
    sound[start:end] += part[: end - start]


def _spoken(voice: str, text: str) -> Sound:
    """Return a text in a voice of espeak-ng, at 16 kHz."""
    done = subprocess.run(
        [espeak(), "-v", voice, "--stdin", "--stdout"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    with wave.open(io.BytesIO(done.stdout)) as file:
        rate = file.getframerate()
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    places = np.arange(0, len(raw) - 1, rate / RATE)
    return np.interp(places, np.arange(len(raw)), raw / 32768.0)
