from __future__ import annotations

import os
import pty
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sanso.agent.cli.messages import translated
from sanso.agent.voice.errors import MicrophoneEnded, MicrophoneError
from sanso.agent.voice.parts import FRAME, RATE, Microphone
from sanso.agent.voice.standard_input import StandardInput

from .wav_bytes import make_wav


@pytest.fixture
def pipe() -> Iterator[tuple[int, Callable[[bytes], None], Callable[[], None]]]:
    """Give a pipe: where to read, how to write, how to end it."""
    read, write = os.pipe()
    open_ends = {write}

    def end() -> None:
        if write in open_ends:
            open_ends.remove(write)
            os.close(write)

    yield read, lambda data: _write(write, data), end
    end()
    os.close(read)


def _write(number: int, data: bytes) -> None:
    assert os.write(number, data) == len(data)


def raw(count: int) -> tuple[bytes, np.ndarray]:
    """Return raw sound and the samples in it."""
    whole = np.random.default_rng(0).integers(-30_000, 30_000, count).astype("<i2")
    return whole.tobytes(), whole / 32768


def rest_of(microphone: Microphone) -> np.ndarray:
    """Read to the end."""
    frames: list[np.ndarray] = []
    while True:
        try:
            frame = microphone.read(5.0)
        except MicrophoneEnded:
            return np.concatenate(frames)
        assert frame is not None
        frames.append(frame)


def test_raw_sound_comes_through_a_pipe(pipe: Any) -> None:
    """16-bit samples are heard as they come, whatever the pieces, and nothing is waited for."""
    number, write, end = pipe
    data, sound = raw(2_000)
    microphone: Microphone = StandardInput(number)
    with microphone:
        assert microphone.live
        assert microphone.read(0.0) is None
        write(data[:3])
        assert microphone.read(0.0) is None
        write(data[3 : 2 * FRAME + 1])
        first = microphone.read(1.0)
        assert first is not None
        assert first == pytest.approx(sound[:FRAME], abs=1e-7)
        assert microphone.read(0.0) is None
        write(data[2 * FRAME + 1 :])
        end()
        heard = rest_of(microphone)
    assert heard[: 2_000 - FRAME] == pytest.approx(sound[FRAME:], abs=1e-7)
    assert not heard[2_000 - FRAME :].any()


def test_a_wav_is_known_by_its_header(pipe: Any) -> None:
    """A WAV of another rate, of a length that its writer could not know, is converted."""
    number, write, end = pipe
    tone = 0.5 * np.sin(2 * np.pi * 300 * np.arange(4_000) / 8_000)
    data = make_wav(tone[:, None], rate=8_000, size=0xFFFFFFFF)
    with StandardInput(number) as microphone:
        write(data[:2])
        assert microphone.read(0.0) is None
        write(data[2:30])
        assert microphone.read(0.0) is None
        write(data[30:])
        end()
        heard = rest_of(microphone)
    expected = 0.5 * np.sin(2 * np.pi * 300 * np.arange(8_000) / RATE)
    assert heard[500:7_500] == pytest.approx(expected[500:7_500], abs=2e-3)


@pytest.mark.parametrize("rate", [0, 8_000])
def test_what_waits_in_the_pipe_is_known(pipe: Any, rate: int) -> None:
    """Sound that was sent and not read is counted in seconds, whatever its form."""
    number, write, _end = pipe
    made = make_wav(np.zeros((8_000, 2)), rate=rate, size=0xFFFFFFFF) if rate else b""
    with StandardInput(number) as microphone:
        assert microphone.waiting == 0.0
        write(made[:20_000] if rate else raw(RATE)[0])
        before = 20_000 / 4 / 8_000 if rate else 1.0
        microphone.read(0.0)
        read = FRAME / RATE
        assert microphone.waiting == pytest.approx(before - read, abs=0.15)


def test_a_file_is_not_live(tmp_path: Path) -> None:
    """What stands in a file waits for whoever reads it."""
    data, sound = raw(FRAME)
    path = tmp_path / "sound.raw"
    path.write_bytes(data)
    with path.open("rb") as file, StandardInput(file.fileno()) as microphone:
        assert not microphone.live
        assert microphone.waiting == 0.0
        assert rest_of(microphone) == pytest.approx(sound, abs=1e-7)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no sound came through standard input; check the program"),
        (b"fLaC and so on", "standard input is FLAC, not WAV; convert it"),
        (b"RIFF....AVI LIST", "standard input is no WAV file; convert it"),
        (make_wav(np.zeros((9, 1)))[:20], "the header of standard input is damaged"),
        (make_wav(np.zeros((9, 1)), channels=0), r"damaged \(0 channels\); record"),
    ],
)
def test_what_is_no_sound_is_told(pipe: Any, data: bytes, told: str) -> None:
    """Other formats are not played as noise; nothing at all is told as well."""
    number, write, end = pipe
    write(data)
    end()
    with (
        StandardInput(number) as microphone,
        pytest.raises(MicrophoneError, match=told) as caught,
    ):
        rest_of(microphone)
    korean = translated(str(caught.value), "ko")
    assert korean is not None
    assert "standard input" not in korean


@contextmanager
def terminal() -> Iterator[int]:
    """Give a terminal."""
    ours, theirs = pty.openpty()
    try:
        yield theirs
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_terminal_is_refused() -> None:
    """Nobody types sound."""
    with (
        terminal() as number,
        pytest.raises(MicrophoneError, match="is a terminal; pipe sound") as caught,
        StandardInput(number),
    ):
        pass
    assert translated(str(caught.value), "ko") is not None


def test_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service may have no standard input at all."""
    monkeypatch.setattr(sys, "stdin", None)
    with (
        pytest.raises(MicrophoneError, match="is closed; pipe sound") as caught,
        StandardInput(),
    ):
        pass
    assert translated(str(caught.value), "ko") is not None


def test_a_read_that_fails_is_told(tmp_path: Path) -> None:
    """An error of the system is an error of ours."""
    number = os.open(tmp_path, os.O_RDONLY)
    try:
        with (
            StandardInput(number) as microphone,
            pytest.raises(
                MicrophoneError, match=r"cannot be read .*start it"
            ) as caught,
        ):
            microphone.read(1.0)
    finally:
        os.close(number)
    assert translated(str(caught.value), "ko") is not None


def test_paced_input_is_live(tmp_path: Path) -> None:
    """A file at its real pace comes as that of a device does."""
    path = tmp_path / "sound.raw"
    path.write_bytes(raw(2 * FRAME)[0])
    with (
        path.open("rb") as file,
        StandardInput(file.fileno(), paced=True) as microphone,
    ):
        assert microphone.live
        assert microphone.read(0.0) is None
        assert microphone.read(5.0) is not None
