"""A loudspeaker that asks for blocks: by a library that stands in for PortAudio, and by PortAudio itself."""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.cli.messages import translated
from sanso.agent.voice import microphone_portaudio
from sanso.agent.voice.errors import SpeakerError
from sanso.agent.voice.speak_device import BLOCK_SECONDS, DevicePlayer
from sanso.agent.voice.speak_sound import Resampler, Sound

from .ear import espeak
from .fake_loudspeaker import RATE, FakeLibrary, PortAudioError
from .sound_server import SPEAKER, SoundServer, likeness


def tone(count: int, rate: int = RATE) -> Sound:
    """Make sound that is nowhere 0 and nowhere repeats."""
    return Sound(np.linspace(0.1, 0.9, count, dtype=np.float32), rate)


def pieces(sound: Sound, size: int) -> Iterator[Sound]:
    """Cut sound into pieces."""
    for start in range(0, len(sound.samples), size):
        yield Sound(sound.samples[start : start + size], sound.rate)


@pytest.mark.parametrize("size", [1, 100, 441, 442, 3000, 99_999])
def test_everything_is_played_once(size: int) -> None:
    """Sound in pieces of any size is played whole, in order, in blocks of 20 ms, and the device is let go of."""
    library = FakeLibrary()
    sound = tone(3000)
    DevicePlayer(library=library).play(pieces(sound, size), threading.Event(), 1.0)
    assert np.array_equal(library.heard, sound.samples)
    [stream] = library.streams
    assert stream.calls == ["start", "abort", "close"]
    assert round(RATE * BLOCK_SECONDS) == stream.settings["blocksize"]
    assert not any(np.isnan(block).any() for block in library.blocks)


def test_the_volume_is_kept() -> None:
    """Half the volume is half of every sample."""
    library = FakeLibrary()
    sound = tone(500)
    DevicePlayer(library=library).play([sound], threading.Event(), 0.5)
    assert np.allclose(library.heard, sound.samples / 2)


def test_nothing_opens_no_device() -> None:
    """Where there is no sound, no device is opened."""
    library = FakeLibrary()
    DevicePlayer(library=library).play([], threading.Event(), 1.0)
    assert library.streams == []


def test_stop_is_heard_within_a_block() -> None:
    """Stopped by another thread, the next block that the device asks for is silent, and the device is let go of."""
    stopping, heard_silence = threading.Event(), threading.Event()
    library = FakeLibrary(life=10**9)
    stopped_at: list[int] = []

    def stop_at_the_fifth() -> None:
        if stopped_at:
            heard_silence.set()
        elif sum(block.any() for block in library.blocks) >= 5:
            stopping.set()
            stopped_at.append(len(library.blocks))

    library.on_block = stop_at_the_fifth

    def sounds() -> Iterator[Sound]:
        yield tone(44_100)
        assert heard_silence.wait(10)  # it is still speaking when it is stopped
        yield tone(44_100)

    DevicePlayer(library=library).play(sounds(), stopping, 1.0)
    [count] = stopped_at
    assert len(library.blocks) > count
    assert not any(block.any() for block in library.blocks[count:])
    assert library.streams[0].calls == ["start", "abort", "close"]


def test_stop_before_it_begins() -> None:
    """What is stopped before its first sound opens nothing."""
    stopping = threading.Event()
    stopping.set()
    library = FakeLibrary()
    DevicePlayer(library=library).play([tone(9999)], stopping, 1.0)
    assert library.streams == []


def test_stop_ends_the_wait_for_a_dead_device() -> None:
    """A device that asks for nothing keeps nobody who says stop."""
    library = FakeLibrary(life=3)
    stopping = threading.Event()
    player = DevicePlayer(library=library, patience=60.0)
    playing = threading.Thread(target=player.play, args=([tone(99_999)], stopping, 1.0))
    playing.start()
    while len(library.blocks) < 3:
        playing.join(0.001)
    stopping.set()
    playing.join(10)
    assert not playing.is_alive()


def test_an_unplugged_device_is_told_of() -> None:
    """A device that asks no more is told of after a while, and let go of even where it hangs."""
    library = FakeLibrary(life=3)
    with pytest.raises(SpeakerError, match="does not play any more; is it plugged in"):
        DevicePlayer(library=library, patience=0.05).play(
            [tone(99_999)], threading.Event(), 1.0
        )
    assert library.streams[0].calls == ["start", "abort", "close"]


def test_a_device_that_hangs_when_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing is given up after a while, also by the program's end; until it has let go PortAudio stays as it is."""
    gone: list[Any] = []
    monkeypatch.setattr(atexit, "unregister", gone.append)
    monkeypatch.setattr("sanso.agent.voice.speak_device._CLOSING_SECONDS", 0.05)
    before = set(microphone_portaudio._users)
    library = FakeLibrary()
    library.hang.clear()
    DevicePlayer(library=library).play([tone(100)], threading.Event(), 1.0)
    assert "close" not in library.streams[0].calls
    assert gone == [library._exit_handler]
    assert len(microphone_portaudio._users - before) == 1
    library.hang.set()
    for thread in threading.enumerate():
        if thread.name == "sanso-speaker":
            thread.join(10)
    assert before == microphone_portaudio._users


def test_no_microphone_is_opened_or_closed_meanwhile() -> None:
    """While a loudspeaker is opened or closed, no other thread opens or closes a device."""
    free: list[bool] = []

    def look() -> None:
        got = microphone_portaudio._LOCK.acquire(blocking=False)
        free.append(got)
        if got:
            microphone_portaudio._LOCK.release()

    def looking(call: Any) -> Any:
        def called(*args: Any, **named: Any) -> Any:
            other = threading.Thread(target=look)
            other.start()
            other.join(10)
            return call(*args, **named)

        return called

    library = FakeLibrary()
    make = library.OutputStream

    def opened(**settings: Any) -> Any:
        stream: Any = make(**settings)
        stream.close = looking(stream.close)
        return stream

    library.OutputStream = looking(opened)  # type: ignore[method-assign]
    DevicePlayer(library=library).play([tone(100)], threading.Event(), 1.0)
    assert free == [False, False]


def test_a_microphone_that_hangs_keeps_no_voice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a call of another thread does not return, that is told, and nobody waits for ever."""
    monkeypatch.setattr(microphone_portaudio, "_TURN_SECONDS", 0.01)
    library = FakeLibrary()
    player = DevicePlayer(library=library)
    taken, done = threading.Event(), threading.Event()

    def hang() -> None:
        with microphone_portaudio._LOCK:
            taken.set()
            done.wait(10)

    other = threading.Thread(target=hang)
    other.start()
    try:
        assert taken.wait(10)
        with pytest.raises(SpeakerError, match="does not answer") as caught:
            player.play([tone(100)], threading.Event(), 1.0)
    finally:
        done.set()
        other.join(10)
    told = translated(str(caught.value), "ko")
    assert told is not None
    assert "제때 응답하지 않음" in told
    player.play([tone(100)], threading.Event(), 1.0)
    assert len(library.heard) == 100


@pytest.mark.parametrize(
    ("rates", "least_channels", "taken", "channels"),
    [
        ({RATE}, 1, RATE, 1),
        ({48_000, 44_100}, 1, 48_000, 1),
        ({44_100}, 1, 44_100, 1),
        ({44_100}, 2, 44_100, 2),
        ({RATE}, 2, RATE, 2),
    ],
)
def test_a_device_of_another_rate(
    rates: set[int], least_channels: int, taken: int, channels: int
) -> None:
    """Where it takes neither the voice's rate nor one channel, it gets what it takes, and on both sides."""
    library = FakeLibrary(rates=rates, min_channels=least_channels)
    sound = tone(2205)
    DevicePlayer(library=library).play(pieces(sound, 99), threading.Event(), 1.0)
    settings = library.streams[0].settings
    assert (taken, channels) == (settings["samplerate"], settings["channels"])
    heard = library.heard
    assert abs(len(heard) - 2205 * taken / RATE) <= 2
    ideal = np.interp(
        np.linspace(0, 1, len(heard)), np.linspace(0, 1, 2205), sound.samples
    )
    assert np.abs(heard - ideal).max() < 0.01
    for block in library.blocks:
        assert all(np.array_equal(block[:, 0], side) for side in block.T)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [(None, 2), (1, 1), ("default", 2), ("usb audio", 1), ("Speaker Bar", 1)],
)
def test_a_device_by_number_or_name(wanted: str | int | None, index: int) -> None:
    """A part of its name in any case, its whole name or its number; nothing is the default."""
    library = FakeLibrary()
    DevicePlayer(wanted, library=library).play([tone(99)], threading.Event(), 1.0)
    assert index == library.streams[0].settings["device"]


@pytest.mark.parametrize("wanted", [0, 9, "webcam", "nothing", ""])
def test_no_such_device(wanted: str | int) -> None:
    """What is no loudspeaker is told of at once; a microphone is none."""
    library = FakeLibrary()
    if wanted == "":
        library.devices = []
    with pytest.raises(SpeakerError, match="there is no loudspeaker"):
        DevicePlayer(wanted, library=library)


@pytest.mark.parametrize(
    "differs", [{"broken_start": True}, {"most_channels": 0}, {"min_channels": 3}]
)
def test_a_device_that_cannot_be_opened(differs: dict[str, Any]) -> None:
    """The library's reason is told, with what to look at."""
    library = FakeLibrary(**differs)
    player = DevicePlayer("default", library=library)
    with pytest.raises(
        SpeakerError, match=r"default cannot be opened \(.+\); is it in"
    ):
        player.play([tone(9)], threading.Event(), 1.0)


def test_a_device_that_was_plugged_in_again() -> None:
    """What cannot be opened is tried once more behind a new look; not while a microphone is open."""
    library = FakeLibrary(rates={1})
    player = DevicePlayer("default", library=library)
    with (
        microphone_portaudio.portaudio_in_use(),
        pytest.raises(SpeakerError, match="Invalid sample rate"),
    ):
        player.play([tone(99)], threading.Event(), 1.0)
    assert library.renewed == 0
    player.play([tone(99)], threading.Event(), 1.0)
    assert library.renewed == 1
    assert np.array_equal(library.heard, tone(99).samples)


def test_portaudio_stays_while_it_plays() -> None:
    """No microphone initialises PortAudio anew while something is played, and may again behind it."""
    seen = []
    library = FakeLibrary()
    library.on_block = lambda: seen.append(len(microphone_portaudio._users))
    before = len(microphone_portaudio._users)
    DevicePlayer(library=library).play([tone(99)], threading.Event(), 1.0)
    assert before + 1 in seen
    assert before == len(microphone_portaudio._users)


def test_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without sounddevice, and without PortAudio, it says what to install."""
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(SpeakerError, match=r"pip install 'sanso\[voice\]'"):
        DevicePlayer()

    class Finder:
        """An import that fails as sounddevice's does without PortAudio."""

        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    with pytest.raises(SpeakerError, match="sudo apt install libportaudio2"):
        DevicePlayer()


def test_the_sound_system_does_not_answer() -> None:
    """What a microphone would tell of the sound system, a loudspeaker tells."""

    def broken() -> None:
        raise PortAudioError("Internal PortAudio error")

    library = FakeLibrary(query_hostapis=broken)
    with pytest.raises(SpeakerError, match="sound system does not answer"):
        DevicePlayer(library=library)


@given(
    st.integers(8_000, 48_000),
    st.integers(8_000, 48_000),
    st.lists(st.integers(0, 400), min_size=1, max_size=6),
)
def test_another_rate_in_pieces(rate: int, wanted: int, sizes: list[int]) -> None:
    """Sound in pieces comes out as it does in one, at the wanted rate, and as long as it was."""
    sound = np.random.default_rng(sum(sizes)).uniform(-1, 1, sum(sizes)).astype("f4")
    pieces_ = np.split(sound, np.cumsum(sizes)[:-1])
    feed = Resampler(rate, wanted).feed
    parts = np.concatenate([feed(piece) for piece in pieces_])
    whole = Resampler(rate, wanted).feed(sound)
    assert abs(len(parts) - len(whole)) <= 1
    both = min(len(parts), len(whole))
    assert np.allclose(parts[:both], whole[:both], atol=1e-3)
    assert abs(len(whole) - len(sound) * wanted / rate) <= wanted / rate + 1


CHILD = """
import sys
from sanso.agent.voice.speak import EspeakSpeaker
from sanso.agent.voice.speak_device import DevicePlayer
EspeakSpeaker(DevicePlayer(sys.argv[1])).say("Fan set to level 3.", "en")
"""


def test_a_sentence_comes_out_of_the_loudspeaker(
    sound_server: SoundServer,
) -> None:
    """espeak-ng, through PortAudio and a sound server, is heard as it was made."""
    made = subprocess.run(
        [
            espeak(),
            "-v",
            "en-us",
            "-s",
            "160",
            "--stdout",
            "Fan set to level three.",
        ],
        capture_output=True,
        check=True,
    ).stdout
    voice = np.frombuffer(made[44:], "<i2").astype(np.float32)
    with sound_server.speaker.recording() as path:
        child = subprocess.run(
            [sys.executable, "-c", CHILD, SPEAKER],
            env=sound_server.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert child.returncode == 0, child.stderr
    heard = np.fromfile(path, "<i2").astype(np.float32)
    # the server brings 22 050 Hz to its 16 000
    count = len(voice) * 16_000 // RATE
    same = np.interp(np.arange(count) * RATE / 16_000, np.arange(len(voice)), voice)
    # in four parts: on a busy machine the sound system may have lost its place in one
    parts = np.array_split(np.trim_zeros(same.astype(np.float32)), 4)
    found = sorted(likeness(heard, part) for part in parts)
    assert found[1] > 0.9, found
