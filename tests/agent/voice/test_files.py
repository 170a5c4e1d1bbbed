from __future__ import annotations

import io
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sanso.agent.cli.messages import translated
from sanso.agent.voice.errors import MicrophoneEnded, MicrophoneError
from sanso.agent.voice.files import PIECE_BYTES, SoundFiles
from sanso.agent.voice.pace import Pace
from sanso.agent.voice.parts import FRAME, RATE, Microphone

from .wav_bytes import FLOAT, make_wav


def noise(seconds: float, rate: int = RATE, channels: int = 1) -> np.ndarray:
    """Return some sound that 16 bits hold exactly."""
    rng = np.random.default_rng(round(seconds * 1000))
    whole = rng.integers(-20_000, 20_000, (round(seconds * rate), channels))
    return whole / 32768


def read_or_end(microphone: Microphone) -> np.ndarray | None:
    """Return the next frame, which must be there at once; None at the end."""
    try:
        frame = microphone.read(0.0)
    except MicrophoneEnded:
        return None
    assert frame is not None
    return frame


def all_of(microphone: Any) -> list[tuple[np.ndarray, Path | None]]:
    """Read to the end; each frame with its file."""
    frames = []
    with microphone:
        while (frame := read_or_end(microphone)) is not None:
            frames.append((frame, getattr(microphone, "current", None)))
    return frames


def sound_of(frames: list[tuple[np.ndarray, Path | None]]) -> np.ndarray:
    """Join frames."""
    return np.concatenate([frame for frame, _ in frames])


def test_a_file_is_a_microphone(tmp_path: Path) -> None:
    """All of a file is heard, as it is, without waiting; the last frame ends in silence."""
    path = tmp_path / "a.wav"
    sound = noise(2.01)
    path.write_bytes(make_wav(sound))
    microphone: Microphone = SoundFiles(path)
    frames = all_of(microphone)
    assert (microphone.live, microphone.drops, microphone.name) == (False, 0, str(path))
    heard = sound_of(frames)
    assert heard[: len(sound)] == pytest.approx(sound[:, 0], abs=1e-7)
    assert not heard[len(sound) :].any()
    assert len(heard) == -(-len(sound) // FRAME) * FRAME


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (44_100, 2), (48_000, 6)])
def test_any_rate_and_channels(tmp_path: Path, rate: int, channels: int) -> None:
    """A file of another rate lasts as long as before."""
    path = tmp_path / "a.wav"
    sound = noise(1.5, rate, channels)
    path.write_bytes(make_wav(sound, rate=rate, tag=FLOAT, bits=32))
    frames = all_of(SoundFiles(path))
    assert len(frames) == -(-round(1.5 * RATE) // FRAME)
    assert np.abs(sound_of(frames)).max() > 0.2


def test_one_channel_can_be_chosen(tmp_path: Path) -> None:
    """Whoever knows which channel carries the voice names it."""
    path = tmp_path / "a.wav"
    sound = np.stack([np.zeros(FRAME), np.full(FRAME, 0.25)], axis=1)
    path.write_bytes(make_wav(sound))
    [(frame, _)] = all_of(SoundFiles(path, channel=1))
    assert frame.tolist() == [0.25] * FRAME


def test_a_folder_is_read_in_order_with_silence_between(tmp_path: Path) -> None:
    """Files follow each other by name, a second apart, and it is known whose a frame is."""
    sounds = {"b.WAV": noise(0.3), "a.wav": noise(0.2), "c.wav": noise(0.1)}
    for name, sound in sounds.items():
        (tmp_path / name).write_bytes(make_wav(sound))
    (tmp_path / "notes.txt").write_text("no sound")
    (tmp_path / "._a.wav").write_text("what macOS leaves behind")
    frames = all_of(SoundFiles(tmp_path))
    names = [path.name for _, path in frames if path is not None]
    assert len(names) == len(frames)
    assert list(dict.fromkeys(names)) == ["a.wav", "b.WAV", "c.wav"]
    for name, sound in sounds.items():
        own = sound_of([(f, p) for f, p in frames if p is not None and p.name == name])
        assert own[: len(sound)] == pytest.approx(sound[:, 0], abs=1e-7)
        silence = own[len(sound) :]
        assert not silence.any()
        if name == "c.wav":
            assert len(silence) < FRAME
        else:
            assert RATE <= len(silence) < RATE + 2 * FRAME


def test_may_be_read_twice(tmp_path: Path) -> None:
    """Opened again, it begins again."""
    path = tmp_path / "a.wav"
    path.write_bytes(make_wav(noise(0.1)))
    microphone = SoundFiles(path)
    assert len(all_of(microphone)) == len(all_of(microphone)) == 4


def test_an_hour_costs_no_memory(tmp_path: Path) -> None:
    """Sound is read in pieces: what is not read yet is not in memory."""
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.write(make_wav(noise(0.1), size=RATE * 2 * 3600)[:44])
        file.truncate(44 + RATE * 2 * 3600)
    with SoundFiles(path) as microphone:
        assert microphone.read(0.0) is not None


def test_leaves_no_file_open(tmp_path: Path) -> None:
    """A file that is given up in the middle is closed."""
    path = tmp_path / "a.wav"
    path.write_bytes(make_wav(noise(30)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with SoundFiles(path) as microphone:
            microphone.read(0.0)
        opened = {one.resolve() for one in Path("/proc/self/fd").iterdir()}
    assert path.resolve() not in opened


class World:
    """A clock that stands still until somebody sleeps."""

    def __init__(self) -> None:
        """Begin."""
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    def make_pace(self) -> Pace:
        """Make a pace by this clock."""
        return Pace(lambda: self.now, self.sleep)


def test_paced_sound_takes_its_time(tmp_path: Path) -> None:
    """Each frame comes when it would have been heard, and none before."""
    path = tmp_path / "a.wav"
    path.write_bytes(make_wav(noise(3.2)))
    world = World()
    with SoundFiles(path, paced=True, make_pace=world.make_pace) as microphone:
        assert microphone.live
        times = []
        for _ in range(100):
            assert microphone.read(1.0) is not None
            times.append(world.now)
        assert times == pytest.approx(np.arange(1, 101) * FRAME / RATE)
        assert microphone.read(0.01) is None
        assert world.now == pytest.approx(3.21)
        world.sleep(1.0)
        assert microphone.waiting == pytest.approx(1.01)
        with pytest.raises(MicrophoneEnded):
            microphone.read(0.0)


def make_bad(folder: Path, what: str) -> Path:
    """Make a path that is no usable sound."""
    path = folder / "bad.wav"
    if what == "no such":
        return path
    if what == "empty folder":
        (folder / "sub").mkdir()
        (folder / "sub" / "x.mp3").touch()
        return folder / "sub"
    if what == "pipe":
        os.mkfifo(path)
        return path
    whole = make_wav(noise(1))
    data = {
        "empty": b"",
        "text": b"some text that is no sound at all",
        "cut off": whole[: len(whole) // 2],
        "header alone": whole[:44],
        "no sound": make_wav(np.zeros((0, 1))),
    }
    path.write_bytes(data[what])
    return path


BAD = {
    "no such": "there is no file or folder {path}; check the path",
    "empty folder": "the folder {path} holds no WAV file; put some there",
    "pipe": "{path} is no file; pipe it into standard input",
    "empty": "{path} is empty; record it again",
    "text": "{path} is no WAV file; convert it",
    "cut off": "{path} is cut off: 15978 of 32000 bytes of sound are there; copy it again",
    "header alone": "{path} is cut off: 0 of 32000 bytes",
    "no sound": "{path} holds no sound; record it again",
}


@pytest.mark.parametrize("what", BAD)
def test_says_what_is_wrong_before_anything_is_heard(tmp_path: Path, what: str) -> None:
    """A bad file is refused when it is opened, in one line with the cure."""
    path = make_bad(tmp_path, what)
    with pytest.raises(MicrophoneError) as caught, SoundFiles(path):
        pass
    assert str(caught.value).startswith(BAD[what].format(path=path))
    assert translated(str(caught.value), "ko") is not None
    assert caught.value.device == str(path)


def test_one_bad_file_of_a_folder_is_told_at_once(tmp_path: Path) -> None:
    """A folder is not played up to its damaged file."""
    (tmp_path / "a.wav").write_bytes(make_wav(noise(0.1)))
    (tmp_path / "b.wav").write_bytes(b"RIFF")
    with pytest.raises(MicrophoneError, match=r"b\.wav"), SoundFiles(tmp_path):
        pass


@pytest.mark.parametrize(
    "error",
    [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")],
)
def test_what_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    """No permission, a broken disk: the reason of the system, in both languages."""
    path = tmp_path / "a.wav"
    path.write_bytes(make_wav(noise(0.1)))

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    told = f"a.wav cannot be read \\({error.strerror}\\); check it"
    with pytest.raises(MicrophoneError, match=told) as caught, SoundFiles(path):
        pass
    korean = translated(str(caught.value), "ko")
    assert korean is not None
    assert str(error.strerror) not in korean


class Breaking(io.BytesIO):
    """A file on a disk that breaks after the first piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read once."""
        if self.tell() >= PIECE_BYTES:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_disk_that_breaks_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure in the middle is told as one at the start."""
    path = tmp_path / "a.wav"
    path.touch()
    data = make_wav(noise(10))
    monkeypatch.setattr(Path, "open", lambda *_: Breaking(data))
    with SoundFiles(path) as microphone:
        for _ in range((PIECE_BYTES - 44) // 2 // FRAME):
            assert microphone.read(0.0) is not None
        with pytest.raises(MicrophoneError, match="Input/output error"):
            microphone.read(0.0)
