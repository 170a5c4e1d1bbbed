from __future__ import annotations

import threading
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from sanso.agent.voice.errors import SpeakerError
from sanso.agent.voice.speak_file import WavPlayer
from sanso.agent.voice.speak_sound import Sound

RATE = 22_050


def read(path: Path) -> tuple[int, npt.NDArray[np.float64]]:
    """Return rate and samples of a WAV."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return file.getframerate(), samples / 32767


def sound(count: int, rate: int = RATE) -> Sound:
    """Make a rising tone."""
    return Sound(np.linspace(-1, 1, count, dtype=np.float32), rate)


def test_sentences_stand_behind_each_other(tmp_path: Path) -> None:
    """The file is whole after each of them, as loud as was wanted, and begins anew with the player."""
    path = tmp_path / "said.wav"
    path.write_bytes(b"something that was there before" * 10_000)
    player = WavPlayer(path)
    first, second = sound(500), sound(70)
    player.play([first], threading.Event(), 1.0)
    assert np.allclose(read(path)[1], first.samples, atol=1e-4)
    player.play([second, second], threading.Event(), 0.5)
    rate, samples = read(path)
    half = second.samples / np.float32(2)
    assert rate == RATE
    whole = np.concatenate((first.samples, half, half))
    assert np.allclose(samples, whole, atol=1e-4)


def test_another_rate_joins(tmp_path: Path) -> None:
    """A sentence of another rate is brought to that of the file, and keeps its length."""
    player = WavPlayer(tmp_path / "said.wav")
    player.play([sound(RATE // 10)], threading.Event(), 1.0)
    player.play([sound(1600, 16_000)], threading.Event(), 1.0)
    rate, samples = read(tmp_path / "said.wav")
    assert rate == RATE
    assert abs(len(samples) / rate - 0.2) < 0.001


def test_too_loud_is_cut_off(tmp_path: Path) -> None:
    """What is louder than a file can hold is held at its loudest, and does not wrap around."""
    player = WavPlayer(tmp_path / "said.wav")
    loud = Sound(np.array([-3, 3], np.float32), RATE)
    player.play([loud], threading.Event(), 1.0)
    assert np.allclose(read(tmp_path / "said.wav")[1], [-1, 1])


def test_stopped(tmp_path: Path) -> None:
    """What is stopped is not written."""
    stopping = threading.Event()
    stopping.set()
    WavPlayer(tmp_path / "said.wav").play([sound(9)], stopping, 1.0)
    assert list(tmp_path.iterdir()) == []


def test_cannot_be_written(tmp_path: Path) -> None:
    """A folder that is not there, and a full disk, are told of in one line."""
    player = WavPlayer(tmp_path / "none" / "said.wav")
    with pytest.raises(SpeakerError, match=r"cannot be written .*; check its folder"):
        player.play([sound(9)], threading.Event(), 1.0)
    full = WavPlayer(Path("/dev/full"))
    with pytest.raises(SpeakerError, match="No space left on device"):
        full.play([sound(9)], threading.Event(), 1.0)
