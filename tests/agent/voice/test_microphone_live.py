"""A real sound device, as far as the program can tell: PortAudio, ALSA and a sound server."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from .sound_server import (
    MICROPHONE,
    RATE,
    SPEAKER,
    SoundServer,
    likeness,
    running_sound_server,
)

CHILD = Path(__file__).with_name("listen_child.py")


def make_wav(path: Path, seed: int, seconds: float = 0.8) -> np.ndarray:
    """Write noise that swells and fades, as no other seed makes it; return it."""
    count = round(RATE * seconds)
    noise = np.random.default_rng(seed).standard_normal(count)
    swell = np.hanning(count)
    whole = np.clip(noise * swell * 6000, -32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(whole.tobytes())
    return (whole / 32768.0).astype(np.float32)


class Listener:
    """A child that listens."""

    def __init__(self, child: subprocess.Popen[str], path: Path) -> None:
        """Know where it leaves what it heard."""
        self._child = child
        self._path = path
        self.drops = ""

    def line(self) -> str:
        """Return the next thing that it tells."""
        assert self._child.stdout is not None
        return self._child.stdout.readline().strip()

    def end(self) -> np.ndarray:
        """End it; what it heard."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        self.drops = self.line()
        assert self._child.wait(20.0) == 0
        heard: np.ndarray = np.load(self._path)
        return heard


@contextmanager
def listening(server: SoundServer, path: Path) -> Iterator[Listener]:
    """Let a child listen to the virtual microphone."""
    with subprocess.Popen(
        [sys.executable, str(CHILD), MICROPHONE, str(path)],
        env=server.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            yield Listener(child, path)
        finally:
            child.kill()


def test_an_unplugged_microphone_is_heard_again(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    """What is played is recorded as it is, before an unplug and after it, and nothing is lost."""
    before = make_wav(tmp_path / "before.wav", 1)
    behind = make_wav(tmp_path / "behind.wav", 2)
    with listening(sound_server, tmp_path / "heard.npy") as listener:
        assert [listener.line(), listener.line()] == ["open", "heard"]
        sound_server.microphone.play(tmp_path / "before.wav")
        sound_server.microphone.unplug()
        assert listener.line() == "lost"
        sound_server.microphone.plug()
        assert listener.line() == "back"
        sound_server.microphone.play(tmp_path / "behind.wav")
        heard = listener.end()
    assert listener.drops == "drops 0"
    assert likeness(heard, before) > 0.99
    assert likeness(heard, behind) > 0.99


def test_a_sound_system_that_hangs_is_survived(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    """Where even `abort` never returns, reading goes on, the device comes back, and all ends."""
    with listening(sound_server, tmp_path / "heard.npy") as listener:
        assert [listener.line(), listener.line()] == ["open", "heard"]
        sound_server.microphone.freeze()
        assert listener.line() == "lost"
        sound_server.microphone.thaw()
        assert listener.line() == "back"
        sound_server.microphone.freeze()
        assert listener.line() == "lost"
        assert len(listener.end()) > 0
    assert listener.drops == "drops 0"


def test_a_recording_of_the_loudspeaker_is_what_was_played(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    """The rig hears what a program says aloud."""
    said = make_wav(tmp_path / "said.wav", 3)
    with sound_server.speaker.recording() as path:
        sound_server.speaker.play(tmp_path / "said.wav")
    heard = np.fromfile(path, "<i2").astype(np.float32) / 32768.0
    assert likeness(heard, said) > 0.99


def test_lists_and_meters_the_devices(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    """`sanso devices audio` finds both devices, and hears what is played."""
    make_wav(tmp_path / "loud.wav", 4, seconds=3.0)
    command = [sys.executable, "-m", "sanso.agent.cli", "devices", "audio", "--json"]

    def run(*words: str) -> list[dict[str, object]]:
        done = subprocess.run(
            [*command, *words],
            env=sound_server.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        found: list[dict[str, object]] = json.loads(done.stdout)
        return found

    listed = {str(one["name"]): one for one in run()}
    assert set(listed) == {MICROPHONE, SPEAKER}
    assert listed[MICROPHONE]["default_input"] is True
    assert 16_000 in listed[MICROPHONE]["input_rates"]  # type: ignore[operator]
    playing = sound_server.microphone.begin_play(tmp_path / "loud.wav")
    [level] = run(MICROPHONE, "--meter", "1.5")
    assert playing.wait(20.0) == 0
    assert level["name"] == MICROPHONE
    assert level["failure"] is None
    assert level["clipped"] is False
    assert level["rms_dbfs"] > -40.0  # type: ignore[operator]


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PulseAudio is missing the rig fails with the cure, and skips nothing."""
    monkeypatch.setenv("PATH", "")
    with (
        pytest.raises(pytest.fail.Exception, match=r"pulseaudio.*apt-get install"),
        running_sound_server(),
    ):
        pass
