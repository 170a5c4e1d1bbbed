from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Iterator
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sanso.agent.cli.messages import translated
from sanso.agent.voice import microphone_portaudio as module
from sanso.agent.voice.errors import MicrophoneError
from sanso.agent.voice.microphone_portaudio import PortAudio, portaudio_in_use


class PortAudioError(Exception):
    """As that of sounddevice: a text, a code, and what the system said."""


class FakeLibrary:
    """A module like sounddevice, with one input that takes some rates and channels."""

    PortAudioError = PortAudioError

    def __init__(self, takes: set[tuple[int, int]], most: int = 2) -> None:
        """Take these pairs of rate and channels."""
        self.takes = takes
        self.most = most
        self.opened: list[dict[str, Any]] = []
        self.did: list[str] = []
        self.fails: dict[str, PortAudioError] = {}

    def _may(self, what: str) -> None:
        if what in self.fails:
            raise self.fails[what]

    def query_hostapis(self) -> list[dict[str, Any]]:
        """Have one system."""
        self._may("query")
        return [{"name": "ALSA"}]

    def query_devices(self, kind: str | None = None) -> Any:
        """Have one input and no output."""
        device = {
            "name": "mic",
            "index": 0,
            "hostapi": 0,
            "max_input_channels": self.most,
            "max_output_channels": 0,
            "default_samplerate": 32_000.0,
        }
        if kind == "output":
            msg = "Error querying device -1"
            raise PortAudioError(msg)
        return device if kind else [device]

    def check_input_settings(self, **asked: Any) -> None:
        """Complain into standard error as PortAudio does, and then say no."""
        os.write(2, b"Expression 'ret' failed in 'pa_linux_alsa.c'\n")
        if (asked["samplerate"], asked["channels"]) not in self.takes:
            msg = "Invalid sample rate"
            raise PortAudioError(msg, -9997)

    def InputStream(self, **asked: Any) -> Any:  # noqa: N802 - its name there
        """Open the input, or fail on cue."""
        self._may("open")
        self.opened.append(asked)

        def start() -> None:
            self.did.append("start")
            self._may("start")

        def stop() -> None:
            pytest.fail("stop hangs on a dead device")

        def abort(*, ignore_errors: bool) -> None:
            assert ignore_errors
            self.did.append("abort")

        def close(*, ignore_errors: bool) -> None:
            assert ignore_errors
            self.did.append("close")

        return SimpleNamespace(start=start, stop=stop, abort=abort, close=close)

    def _terminate(self) -> None:
        self.did.append("terminate")
        self._may("terminate")

    def _initialize(self) -> None:
        self.did.append("initialize")
        self._may("initialize")

    def _exit_handler(self) -> None:
        """Be there."""


def open_it(library: FakeLibrary, **called: Any) -> Any:
    """Open the default input."""
    heard = called.get("heard", lambda *_: None)
    return PortAudio(library).open(None, None, heard, lambda: None)


@pytest.fixture(autouse=True)
def _no_users() -> Iterator[None]:
    """Check that no stream is left open."""
    yield
    assert not module._users


@pytest.mark.parametrize(
    ("takes", "rate", "channels"),
    [
        ({(16_000, 1), (48_000, 1)}, 16_000, 1),
        ({(16_000, 2), (32_000, 1)}, 16_000, 2),
        ({(32_000, 1), (48_000, 1)}, 32_000, 1),
        ({(48_000, 1), (44_100, 1)}, 48_000, 1),
        ({(44_100, 2)}, 44_100, 2),
        (set(), 32_000, 1),
    ],
)
def test_takes_the_best_rate_that_the_device_has(
    takes: set[tuple[int, int]], rate: int, channels: int
) -> None:
    """16 kHz before all, then the device's own rate, then what cards usually take."""
    library = FakeLibrary(takes)
    stream = open_it(library)
    stream.close()
    [asked] = library.opened
    assert (asked["samplerate"], asked["channels"], stream.rate) == (
        rate,
        channels,
        rate,
    )
    assert asked["blocksize"] == round(512 * rate / 16_000)
    assert (asked["dtype"], asked["latency"]) == ("float32", "high")


def test_an_array_that_takes_only_all_its_channels() -> None:
    """Hardware that refuses one or two channels is opened with all that it has."""
    library = FakeLibrary({(16_000, 6)}, most=6)
    open_it(library).close()
    assert library.opened[0]["channels"] == 6


def test_is_aborted_and_never_stopped() -> None:
    """`stop` waits for ever on a device that gives nothing."""
    library = FakeLibrary({(16_000, 1)})
    open_it(library).close()
    assert library.did == ["start", "abort", "close"]


def test_hands_on_a_copy() -> None:
    """PortAudio uses its memory again; what was heard stays."""
    library = FakeLibrary({(16_000, 1)})
    got: list[tuple[Any, bool]] = []
    stream = open_it(library, heard=lambda *heard: got.append(heard))
    memory = np.ones((512, 1), np.float32)
    for overflow in (False, True):
        status = SimpleNamespace(input_overflow=overflow)
        library.opened[0]["callback"](memory, 512, None, status)
    memory[:] = 0
    stream.close()
    assert [(float(block.sum()), lost) for block, lost in got] == [
        (512, False),
        (512, True),
    ]


def test_is_initialised_anew_only_where_nobody_uses_it() -> None:
    """A renewal would pull the streams of others away: it waits until there are none."""
    library = FakeLibrary({(16_000, 1)})
    sound = PortAudio(library)
    stream = open_it(library)
    sound.renew()
    assert "terminate" not in library.did
    stream.close()
    with portaudio_in_use():
        sound.renew()
    assert "terminate" not in library.did
    sound.renew()
    assert library.did[-2:] == ["terminate", "initialize"]


def test_a_failed_initialisation_is_tried_again() -> None:
    """PortAudio that could not be initialised cannot be ended, and may be begun later."""
    library = FakeLibrary({(16_000, 1)})
    sound = PortAudio(library)
    library.fails = {"initialize": PortAudioError("Host error", -9999)}
    with pytest.raises(
        MicrophoneError, match=r"does not answer \(Host error\); restart"
    ):
        sound.renew()
    library.fails = {"terminate": PortAudioError("not initialized", -10000)}
    sound.renew()
    assert library.did == ["terminate", "initialize"] * 2


FAILURES = {
    "in use": (
        PortAudioError("Error opening InputStream: Device unavailable", -9985),
        "mic is in use by another program; end that one",
    ),
    "gone": (
        PortAudioError(
            "Unanticipated host error", -9999, (0, -5, "Input/output error")
        ),
        r"mic cannot be opened \(Input/output error\); plug it in again",
    ),
    "no server": (
        PortAudioError(
            "Error opening InputStream: Illegal combination of I/O devices", -9993
        ),
        r"mic cannot be opened \(Illegal combination of I/O devices\); plug it",
    ),
    "bare": (PortAudioError("odd"), r"mic cannot be opened \(odd\); plug it in again"),
}


@pytest.mark.parametrize("step", ["open", "start"])
@pytest.mark.parametrize("name", FAILURES)
def test_says_why_it_cannot_be_opened(name: str, step: str) -> None:
    """A failure tells its cause and the cure in both languages, and leaves nothing open."""
    error, told = FAILURES[name]
    library = FakeLibrary({(16_000, 1)})
    library.fails = {step: error}
    with pytest.raises(MicrophoneError, match=told) as caught:
        open_it(library)
    assert translated(str(caught.value), "ko") is not None
    assert caught.value.device == "mic"
    assert library.did == ([] if step == "open" else ["start", "abort", "close"])


def test_a_sound_system_that_fails_is_told() -> None:
    """Where even the list cannot be had, that is said."""
    library = FakeLibrary(set())
    library.fails = {"query": PortAudioError("PortAudio not initialized", -10000)}
    with pytest.raises(
        MicrophoneError, match="the sound system does not answer"
    ) as caught:
        PortAudio(library).devices()
    assert translated(str(caught.value), "ko") is not None


def test_lists_devices_with_their_defaults() -> None:
    """A device is listed with what it can; no default output is none."""
    [device] = PortAudio(FakeLibrary(set())).devices()
    assert (device.name, device.api, device.inputs, device.rate) == (
        "mic",
        "ALSA",
        2,
        32_000,
    )
    assert (device.default_input, device.default_output) == (True, False)


def test_c_code_does_not_write_over_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """PortAudio's own complaints are held back while it is tried, and only then."""
    open_it(FakeLibrary(set())).close()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_cards_that_this_user_may_not_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cards without permission look like no cards; the group to join is told."""
    (tmp_path / "pcmC0D0c").touch()
    monkeypatch.setattr(module, "_CARDS", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(MicrophoneError, match=r"no permission for .*usermod") as caught:
        open_it(FakeLibrary(set(), most=0))
    assert translated(str(caught.value), "ko") is not None


class NoPortAudio(MetaPathFinder):
    """Fails as sounddevice does on a machine without PortAudio."""

    def find_spec(self, name: str, *_rest: Any) -> None:
        """Refuse sounddevice."""
        if name == "sounddevice":
            msg = "PortAudio library not found"
            raise OSError(msg)


def test_missing_libraries_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without sounddevice or PortAudio the command that installs it is told."""
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(
        MicrophoneError, match=r"pip install 'sanso\[voice\]'"
    ) as caught:
        PortAudio().devices()
    assert translated(str(caught.value), "ko") is not None
    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr(sys, "meta_path", [NoPortAudio(), *sys.meta_path])
    with pytest.raises(MicrophoneError, match="apt install libportaudio2") as caught:
        PortAudio().devices()
    assert translated(str(caught.value), "ko") is not None


def test_does_not_wait_at_the_end_for_what_never_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a hang, sounddevice's own ending of PortAudio is taken off."""
    gone: list[Any] = []
    monkeypatch.setattr(atexit, "unregister", gone.append)
    PortAudio().give_up()
    assert gone == []
    library = FakeLibrary(set())
    PortAudio(library).give_up()
    assert gone == [library._exit_handler]


def test_why_it_was_given_up_is_seen(capfd: pytest.CaptureFixture[str]) -> None:
    """A call that never returns while complaints are held back does not hold back ours."""
    library = FakeLibrary({(16_000, 1)})
    begun, go_on = threading.Event(), threading.Event()

    def hangs(**asked: Any) -> None:
        del asked
        begun.set()
        go_on.wait(10)
        raise PortAudioError("Device unavailable", -9985)

    library.InputStream = hangs  # type: ignore[method-assign]

    def opening() -> None:
        with pytest.raises(MicrophoneError):
            open_it(library)

    other = threading.Thread(target=opening)
    other.start()
    try:
        assert begun.wait(10)
        PortAudio().give_up()
        os.write(2, b"it does not answer\n")
    finally:
        go_on.set()
        other.join(10)
    assert capfd.readouterr().err == "it does not answer\n"
