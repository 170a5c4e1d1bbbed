from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sanso.agent.voice import vad
from sanso.agent.voice.errors import VoiceError
from sanso.agent.voice.parts import FRAME, RATE, Samples
from sanso.agent.voice.segmenter import Segmenter
from sanso.agent.voice.vad import SileroActivity

SECONDS = 8
N = SECONDS * RATE // FRAME * FRAME
TIME = np.arange(N) / RATE


@pytest.fixture(scope="module")
def silero() -> SileroActivity:
    """Give the detector, loaded once."""
    return SileroActivity()


def noise(tilt: float) -> Samples:
    """Return noise whose level falls by 6 dB an octave for a tilt of 1."""
    rng = np.random.default_rng(3)
    spectrum = np.fft.rfft(rng.standard_normal(N))
    hertz = np.maximum(np.fft.rfftfreq(N, 1 / RATE), 20)
    return np.fft.irfft(spectrum * hertz**-tilt, N).astype(np.float32)


def sine(hertz: float) -> Samples:
    """Return a tone."""
    return np.sin(2 * np.pi * hertz * TIME).astype(np.float32)


def chirp() -> Samples:
    """Return a tone with harmonics that glides as a voice does, in syllables."""
    pitch = 2 * np.pi * np.cumsum(150 + 40 * np.sin(2 * np.pi * TIME)) / RATE
    voice = sum(np.sin(n * pitch) / n for n in range(1, 20))
    return (voice * (np.sin(2 * np.pi * 3 * TIME) > 0)).astype(np.float32)


def knocks() -> Samples:
    """Return short bursts, three a second."""
    return (noise(0) * np.exp(-(TIME % 0.333) * 80)).astype(np.float32)


SOUNDS = {
    "silence": np.zeros(N, dtype=np.float32),
    "white noise": noise(0),
    "rumble": noise(1),
    "hum": sine(60) + sine(180) / 3,
    "fan": noise(1) / noise(1).std() + sine(120),
    "clipped hum": np.clip(4 * sine(100), -1, 1),
    "chord": sine(220) + sine(277) + sine(330),
    "trill": np.where(TIME % 0.4 < 0.2, sine(440), sine(587)).astype(np.float32),
    "beeps": sine(2000) * (TIME % 1 < 0.2),
    "knocks": knocks(),
    "offset": np.ones(N, dtype=np.float32),
}


def scaled(sound: Samples, decibels: float) -> Samples:
    """Return a sound whose loudest sample is so far below full scale."""
    loudest = float(np.abs(sound).max()) or 1.0
    return (sound / loudest * 10 ** (decibels / 20)).astype(np.float32)


def frames(sound: Samples) -> Iterator[Samples]:
    """Yield a sound's frames."""
    yield from sound.reshape(-1, FRAME)


@pytest.mark.parametrize("sound", [chirp(), noise(0.5), SOUNDS["trill"]])
def test_frame_by_frame_is_the_same_as_at_once(sound: Samples) -> None:
    """Streaming gives the very numbers of faster-whisper's call over the whole sound."""
    from faster_whisper.vad import get_vad_model

    sound = scaled(sound, -6)
    silero = SileroActivity(calm_frames=0)
    streamed = [silero.probability(frame) for frame in frames(sound)]
    # It blanks the end of the last frame, so that one more is handed to it.
    more = np.concatenate([sound, np.zeros(FRAME, dtype=np.float32)])
    at_once = get_vad_model()(more).reshape(-1)[:-1]
    assert float(np.abs(np.array(streamed, dtype=np.float32) - at_once).max()) == 0


def test_a_reset_forgets(silero: SileroActivity) -> None:
    """After a reset the same sound gives the same numbers again; without one, others."""
    sound = list(frames(scaled(chirp(), -6)))[:20]
    silero.reset()
    first = [silero.probability(frame) for frame in sound]
    assert first != [silero.probability(frame) for frame in sound]
    silero.reset()
    assert first == [silero.probability(frame) for frame in sound]


def test_a_calm_while_makes_it_forget_what_is_old() -> None:
    """Behind 3 s of calm only the last 2 s count; without that, all counts for ever."""
    old = [scaled(noise(0.5), level)[: 94 * FRAME] for level in (-46, -42)]
    calm = scaled(noise(0.5), -40)[: 94 * FRAME]
    then = scaled(chirp(), -6)[: 30 * FRAME]
    for calm_frames in (94, 0):
        streams = []
        for sound in old:
            silero = SileroActivity(calm_frames=calm_frames)
            whole = np.concatenate([sound, calm, then])
            streams.append([silero.probability(frame) for frame in frames(whole)])
        one, other = (stream[-30:] for stream in streams)
        assert (one == other) is (calm_frames > 0)


def test_it_remembers_the_last_two_seconds() -> None:
    """Behind a calm while it stands where it would had it heard those 62 frames alone."""
    calm = list(frames(scaled(noise(0.5), -40)))[:94]
    silero, fresh = SileroActivity(), SileroActivity(calm_frames=0)
    for frame in calm:
        silero.probability(frame)
    fresh._context = calm[31][-64:]
    for frame in calm[32:]:
        fresh.probability(frame)
    assert np.array_equal(fresh._h, silero._h)
    assert np.array_equal(fresh._c, silero._c)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_no_numbers_are_silence(silero: SileroActivity, wrong: float) -> None:
    """A damaged frame is silence, and the detector hears as before behind it."""
    sound = list(frames(scaled(chirp(), -6)))[:20]
    silero.reset()
    healthy = [silero.probability(frame) for frame in sound]
    broken = sound[0].copy()
    broken[100] = wrong
    assert silero.probability(broken) == 0.0
    assert healthy == [silero.probability(frame) for frame in sound]


def test_a_frame_has_its_length(silero: SileroActivity) -> None:
    """A frame of another length is refused."""
    with pytest.raises(ValueError, match="512 samples"):
        silero.probability(np.zeros(FRAME - 1, dtype=np.float32))


@pytest.mark.parametrize("level", [-50, -20, 0])
@pytest.mark.parametrize("name", SOUNDS)
def test_what_is_no_speech_starts_nothing(
    silero: SileroActivity, name: str, level: float
) -> None:
    """Silence, noise, hum, tones and knocks start no segment, at any level."""
    silero.reset()
    segmenter = Segmenter()
    told = [
        event
        for frame in frames(scaled(SOUNDS[name], level))
        for event in segmenter.feed(frame, silero.probability(frame))
    ]
    assert told == []


def test_opening_imports_little() -> None:
    """The detector is found without importing the recogniser."""
    code = (
        "import sys; from sanso.agent.voice.vad import SileroActivity; SileroActivity();"
        "print(sorted({'faster_whisper', 'ctranslate2', 'av'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_what_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing package, a missing detector, a damaged one: cause and cure each."""
    damaged = tmp_path / "silero_vad_v6.onnx"
    damaged.write_bytes(b"no model")
    with pytest.raises(VoiceError, match=r"silero_vad_v6.onnx cannot be read; .*pip"):
        SileroActivity(damaged)
    with pytest.raises(VoiceError, match="cannot be read"):
        SileroActivity(tmp_path / "none.onnx")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(VoiceError, match=r"needs onnxruntime; .*sanso\[voice\]"):
        SileroActivity()
    package = importlib.util.spec_from_file_location(
        "faster_whisper", tmp_path / "x.py", submodule_search_locations=[str(tmp_path)]
    )
    monkeypatch.setattr(vad, "find_spec", lambda _name: package)
    with pytest.raises(VoiceError, match=r"no speech detector in .*pip install -U"):
        SileroActivity()
    monkeypatch.setattr(vad, "find_spec", lambda _name: None)
    with pytest.raises(VoiceError, match=r"needs faster-whisper; .*sanso\[voice\]"):
        SileroActivity()
