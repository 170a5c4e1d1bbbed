"""
A microphone and a loudspeaker for tests on a machine without a sound card.

Strategy: two private PulseAudio servers, each with one null sink and nothing else. What is
played into the sink of the first one is heard by ALSA's device `vmic`; what a program plays
into `vspeaker`, the sink of the second one, can be recorded. They are two, because a server
with another source left would move a recording there when its own is unplugged.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pytest

RATE = 16_000
MICROPHONE = "vmic"
SPEAKER = "vspeaker"
_SINK = "room"
_PROGRAMS = ("pulseaudio", "pactl", "paplay", "parec")
_PLUGIN = "alsa-lib/libasound_module_pcm_pulse.so"
_CURE = (
    "the tests of sound need a sound server; install it with: "
    "sudo apt-get install --no-install-recommends pulseaudio pulseaudio-utils "
    "libasound2-plugins libportaudio2"
)
_PACTL = ("/usr/bin/env", "pactl")
_START_SECONDS = 20.0
_PLAY_SECONDS = 120.0
_ARRIVAL_SECONDS = 5.0


class PulseServer:
    """One PulseAudio with one sink, alone in a folder."""

    def __init__(self, folder: Path, rate: int = RATE) -> None:
        """Prepare its folder, whose path must be short enough for a socket."""
        self.folder = folder
        self.rate = rate
        self.address = f"unix:{folder}/native"
        self._module = ""
        self._recordings = 0
        self._server: subprocess.Popen[bytes] | None = None
        (folder / "run").mkdir(parents=True, mode=0o700)
        # without them PulseAudio would look into the user's home and runtime folders
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PULSE_SERVER": self.address,
        }

    def __enter__(self) -> Self:
        """Start it and plug the sink in."""
        self._server = self._spawn(
            "pulseaudio",
            *("-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
            *("--high-priority=no", "--realtime=no"),
            f"--load=module-native-protocol-unix socket={self.folder}/native auth-anonymous=1",
        )
        try:
            self._await_start()
            self.plug()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        """End it."""
        if self._server is not None:
            self.thaw()
            _end(self._server)

    def plug(self) -> None:
        """Add the sink, and with it the source."""
        self._module = self.control(
            "load-module",
            "module-null-sink",
            f"sink_name={_SINK}",
            "norewinds=1",  # blocks of 50 ms; without it the first one has 2 s
            f"rate={self.rate}",
            "channels=1",
        ).strip()

    def unplug(self) -> None:
        """Take sink and source away."""
        self.control("unload-module", self._module)

    def freeze(self) -> None:
        """Let it stand still: it holds all lines open, and answers nobody."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def begin_play(self, path: Path) -> subprocess.Popen[bytes]:
        """Play a WAV file, and do not wait for its end."""
        return self._spawn(
            "paplay", f"--device={_SINK}", "--latency-msec=50", str(path)
        )

    def play(self, path: Path) -> None:
        """Play a WAV file to its end."""
        assert self.begin_play(path).wait(_PLAY_SECONDS) == 0

    @contextmanager
    def recording(self) -> Iterator[Path]:
        """Record what the sink hears into a file of 16-bit samples at `rate`, as it comes."""
        self._recordings += 1
        path = self.folder / f"{self._recordings}.s16"
        recorder = self._spawn(
            *("parec", f"--device={_SINK}.monitor", f"--rate={self.rate}"),
            *("--channels=1", "--format=s16le", "--latency-msec=20", "--raw"),
            out=path,
        )
        try:
            self._await(lambda: path.stat().st_size > 0)
            yield path
            self._let_arrive(path)
        finally:
            _end(recorder)

    def _let_arrive(self, path: Path) -> None:
        """Wait until what was played last is in the file too: on a busy machine it comes late. A silent server is not waited for."""
        wanted = path.stat().st_size + 2 * self.rate  # a second
        until = time.monotonic() + _ARRIVAL_SECONDS
        while path.stat().st_size < wanted and time.monotonic() < until:
            time.sleep(0.05)

    def control(self, *words: str) -> str:
        """Ask the server through pactl."""
        done = subprocess.run(
            [*_PACTL, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_START_SECONDS,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"pactl {' '.join(words)}: {done.stderr}")
        return done.stdout

    def _signal(self, number: signal.Signals) -> None:
        assert self._server is not None
        self._server.send_signal(number)

    def _spawn(self, *words: str, out: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a process that ends with the tests, even where they are killed."""
        tied = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        with ExitStack() as stack:
            log = stack.enter_context((self.folder / "log").open("ab"))
            into = log if out is None else stack.enter_context(out.open("wb"))
            return subprocess.Popen(
                [*tied, *words],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=into,
                stderr=log,
            )

    def _await_start(self) -> None:
        def answers() -> bool:
            assert self._server is not None
            if self._server.poll() is not None:
                log = (self.folder / "log").read_text(errors="replace")
                pytest.fail(f"PulseAudio ended by itself: {log[-2000:]}")
            asked = subprocess.run(
                [*_PACTL, "info"],
                env=self.environment,
                capture_output=True,
                check=False,
            )
            return asked.returncode == 0

        self._await(answers)

    def _await(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + _START_SECONDS
        while not is_so():
            if time.monotonic() > end:
                log = (self.folder / "log").read_text(errors="replace")
                pytest.fail(f"the sound server does not get ready: {log[-2000:]}")
            time.sleep(0.02)


class SoundServer:
    """A virtual microphone and a virtual loudspeaker."""

    def __init__(self, folder: Path) -> None:
        """Prepare both."""
        self.microphone = PulseServer(folder / "m")
        self.speaker = PulseServer(folder / "s")
        config = folder / "asound.conf"
        config.write_text(
            "</usr/share/alsa/alsa.conf>\n"
            f'pcm.{MICROPHONE} {{ type pulse server "{self.microphone.address}" device "{_SINK}.monitor" }}\n'
            f'pcm.{SPEAKER} {{ type pulse server "{self.speaker.address}" device "{_SINK}" }}\n'
        )
        self.environment = {
            **os.environ,
            "ALSA_CONFIG_PATH": str(config),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        """For a child process: the sound system reads its configuration once a process."""


@contextmanager
def running_sound_server() -> Iterator[SoundServer]:
    """Start both, and end them whatever happens. Fails the test where a program is missing."""
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if not list(Path("/usr/lib").glob(f"*/{_PLUGIN}")):
        missing.append(_PLUGIN)
    if missing:
        pytest.fail(f"{', '.join(missing)} missing: {_CURE}")
    with ExitStack() as stack:
        # not pytest's own folder: its path may be too long for a socket
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sanso-sound-"))
        server = SoundServer(Path(folder))
        stack.enter_context(server.microphone)
        stack.enter_context(server.speaker)
        yield server


def likeness(sound: npt.NDArray[np.float32], part: npt.NDArray[np.float32]) -> float:
    """Return the correlation of `part` with the stretch of `sound` that is most like it."""
    size = 1 << (len(sound) + len(part)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(part, size))
    at = int(np.fft.irfft(spectrum, size)[: len(sound) - len(part) + 1].argmax())
    found = sound[at : at + len(part)]
    power = float(np.linalg.norm(found) * np.linalg.norm(part))
    return float(found @ part) / power if power else 0.0


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
