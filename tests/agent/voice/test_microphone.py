from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sanso.agent.cli.messages import translated
from sanso.agent.voice import microphone as module
from sanso.agent.voice.errors import MicrophoneError
from sanso.agent.voice.microphone import DeviceMicrophone
from sanso.agent.voice.parts import FRAME, RATE, Microphone

from .fake_sound import FakeSound, at_once, numbers

BLOCK_SECONDS = FRAME / RATE


def make(sound: FakeSound, **settings: Any) -> DeviceMicrophone:
    """Make a microphone in the world of a sound system that is told what to do."""
    settings = {"launch": at_once, **settings}
    return DeviceMicrophone(
        sound=sound, monotonic=sound.monotonic, rest=sound.rest, **settings
    )


def read_for(
    microphone: DeviceMicrophone, sound: FakeSound, seconds: float
) -> list[Any]:
    """Read for some time as a loop does; the frames."""
    end = sound.now + seconds
    frames = []
    while sound.now < end:
        frame = microphone.read(0.1)
        if frame is not None:
            frames.append(frame)
    return frames


def test_is_a_microphone() -> None:
    """It is what the loop expects."""
    microphone: Microphone = make(FakeSound())
    assert microphone.live
    assert microphone.name == "default"


def test_gives_frames_in_order() -> None:
    """Each block becomes a frame, none is lost, none is told of as late."""
    sound = FakeSound()
    told: list[str] = []
    with make(sound, report=told.append) as microphone:
        frames = read_for(microphone, sound, 3.0)
        assert microphone.name == sound.device.name
    assert numbers(frames) == list(range(1, len(frames) + 1))
    assert {frame.shape for frame in frames} == {(FRAME,)}
    assert {frame.dtype for frame in frames} == {np.dtype(np.float32)}
    assert (told, microphone.drops) == (["open"], 0)
    assert sound.streams[0].closed


def test_a_busy_reader_loses_the_oldest_and_knows_how_much() -> None:
    """The queue is bounded: the last second is kept, and every lost frame is counted."""
    sound = FakeSound()
    with make(sound, kept_seconds=1.0) as microphone:
        for _ in range(100):
            sound.step()
        frames = [microphone.read(0.0) for _ in range(31)]
        assert microphone.drops == 100 - 31
        assert numbers(frames) == list(range(70, 101))
        assert microphone.read(0.0) is None


def test_counts_what_the_system_lost() -> None:
    """An overflow below the callback is a lost frame too."""
    sound = FakeSound()
    with make(sound) as microphone:
        sound.give(sound.streams[0], overflowed=True)
        sound.give(sound.streams[0])
        assert numbers([microphone.read(0.0), microphone.read(0.0)]) == [1, 2]
        assert microphone.drops == 1


def test_a_hole_is_told_where_the_reader_comes_to_it() -> None:
    """What was heard before it is whole, and what is behind it knows what is missing."""
    sound = FakeSound()
    with make(sound, kept_seconds=0.1) as microphone:
        first = sound.streams[0]
        sound.give(first)
        sound.give(first, overflowed=True)
        sound.give(first)
        holes = [(microphone.read(0.0), microphone.drops)[1] for _ in range(3)]
        assert holes == [0, 1, 1]
        for _ in range(5):
            sound.give(first)
        assert (numbers([microphone.read(0.0)]), microphone.drops) == ([6], 3)


def test_knows_how_much_waits() -> None:
    """What was heard and not read yet is counted in seconds, whatever the rate of the device."""
    for rate in (RATE, 48_000):
        sound = FakeSound(rate)
        microphone = make(sound)
        with microphone:
            assert microphone.waiting == 0.0
            for _ in range(20):
                sound.step()
            assert microphone.waiting == pytest.approx(20 * BLOCK_SECONDS)
            microphone.read(0.0)
            read = BLOCK_SECONDS * (
                1 if rate == RATE else 3
            )  # the resampler holds some
            assert microphone.waiting == pytest.approx(
                20 * BLOCK_SECONDS - read, abs=0.07
            )
        assert microphone.waiting == 0.0


def test_nothing_within_the_timeout_is_none() -> None:
    """A read ends in its time where nothing comes, and waits no longer than that."""
    sound = FakeSound()
    sound.silent = True
    with make(sound) as microphone:
        assert microphone.read(0.5) is None
        assert sound.now == pytest.approx(0.5)


def test_a_silent_unplug_is_noticed_and_healed() -> None:
    """A device that only stops is lost after a moment, and heard again when it is back."""
    sound = FakeSound()
    told: list[tuple[str, float]] = []
    with make(
        sound, report=lambda state: told.append((state, sound.now))
    ) as microphone:
        heard = read_for(microphone, sound, 1.0)
        unplugged = sound.now
        sound.plugged = False
        assert read_for(microphone, sound, 6.0) == []
        assert microphone.why_lost == "it is not there; plug it in"
        sound.plugged = True
        back = read_for(microphone, sound, 10.0)
        assert microphone.why_lost == ""
        assert microphone.drops == 0
    states = [state for state, _ in told]
    assert states == ["open", "lost", "back"]
    assert told[1][1] - unplugged == pytest.approx(module.SILENT_SECONDS, abs=0.04)
    assert numbers(back)[0] == len(heard) + 1
    assert sound.renewed == len(sound.tries) - 1


def test_tries_again_with_growing_pauses() -> None:
    """Between two tries it waits 0.25 s, then twice as long each time, and 8 s at most."""
    sound = FakeSound()
    with make(sound) as microphone:
        sound.plugged = False
        read_for(microphone, sound, 40.0)
        tries = np.diff(sound.tries[1:])
        assert tries == pytest.approx([0.5, 1, 2, 4, 8, 8, 8], abs=0.05)
        sound.plugged = True
        read_for(microphone, sound, 9.0)
        sound.plugged = False
        lost = sound.now + module.SILENT_SECONDS
        sound.tries.clear()
        read_for(microphone, sound, 3.0)
        assert sound.tries[0] - lost == pytest.approx(0.25, abs=0.08)


def test_a_device_that_opens_and_says_nothing_is_not_back() -> None:
    """To open is not to hear: it stays lost, and is tried less and less often."""
    sound = FakeSound()
    told: list[str] = []
    with make(sound, report=told.append) as microphone:
        sound.silent = True
        read_for(microphone, sound, 40.0)
        assert told == ["open", "lost"]
        assert len(sound.tries) < 10
        assert [stream.closed for stream in sound.streams[:-1]] == [True] * (
            len(sound.streams) - 1
        )
        sound.silent = False
        assert read_for(microphone, sound, 10.0)
        assert told == ["open", "lost", "back"]


def test_a_stream_that_ends_by_itself_is_lost_at_once() -> None:
    """Where the system says that a stream has ended, the watch does not wait."""
    sound = FakeSound()
    told: list[str] = []
    with make(sound, report=told.append) as microphone:
        read_for(microphone, sound, 1.0)
        sound.silent = True
        sound.streams[0].ended()
        assert microphone.read(0.1) is None
        assert told == ["open", "lost"]


def test_a_stream_that_was_given_up_is_not_heard() -> None:
    """What an abandoned stream still gives or tells does not touch the new one."""
    sound = FakeSound()
    told: list[str] = []
    with make(sound, report=told.append) as microphone:
        sound.silent = True
        read_for(microphone, sound, 2.0)
        old = sound.streams[0]
        old.closed = False  # it calls back in spite of that
        sound.give(old)
        assert microphone.read(0.1) is None
        assert told == ["open", "lost"]
        sound.silent = False
        read_for(microphone, sound, 2.0)
        old.ended()
        assert len(read_for(microphone, sound, 2.0)) > 50
        assert told == ["open", "lost", "back"]


def test_other_rates_and_channels_are_converted() -> None:
    """48 kHz stereo gives as many frames as 16 kHz mono, with the same sound."""
    sound = FakeSound(rate=48_000, channels=2)
    with make(sound) as microphone:
        frames = read_for(microphone, sound, 3.2)
    assert len(frames) == pytest.approx(100, abs=2)
    assert frames[50][0] == pytest.approx(51 / 1000, abs=0.003)


class Threads:
    """Work that is begun, and done when the test says so."""

    def __init__(self) -> None:
        """Have nothing to do."""
        self.begun: list[Callable[[], None]] = []

    def launch(self, work: Callable[[], None]) -> None:
        """Keep work for later."""
        self.begun.append(work)

    def finish(self) -> None:
        """Do all that was begun."""
        while self.begun:
            self.begun.pop(0)()


def test_a_device_that_hangs_when_it_is_opened_is_told() -> None:
    """Opening ends with an error; a stream that comes later is closed."""
    sound, threads = FakeSound(), Threads()
    microphone = make(sound, launch=threads.launch)
    with pytest.raises(MicrophoneError, match="default does not answer") as caught:
        microphone.__enter__()
    assert translated(str(caught.value), "ko") is not None
    assert sound.gave_up == 1
    threads.finish()
    assert [stream.closed for stream in sound.streams] == [True]


def test_closing_never_waits_for_a_device_that_hangs() -> None:
    """A stream that cannot be closed is left behind, and the program may end."""
    sound, threads = FakeSound(), Threads()
    microphone = make(sound)
    with microphone:
        microphone._launch = threads.launch
    assert sound.gave_up == 1
    assert sound.now == pytest.approx(module.CLOSE_SECONDS, abs=0.04)


def test_closing_while_it_is_opened_again_leaves_nothing_open() -> None:
    """A stream that is opened too late is closed at once, and not heard."""
    sound, threads = FakeSound(), Threads()
    microphone = make(sound)
    with microphone:
        sound.silent = True
        microphone._launch = threads.launch
        read_for(microphone, sound, 2.0)
        assert len(threads.begun) == 2  # to close the old, to open the new
    threads.finish()
    assert [stream.closed for stream in sound.streams] == [True, True]


def test_a_device_that_hangs_when_it_is_opened_again_is_waited_for() -> None:
    """Reading goes on without it, nothing is begun twice, and it may come late."""
    sound, threads = FakeSound(), Threads()
    told: list[str] = []
    microphone = make(sound, report=told.append)
    with microphone:
        sound.plugged = False
        microphone._launch = threads.launch
        assert read_for(microphone, sound, 60.0) == []
        assert len(threads.begun) == 2
        sound.plugged = True
        threads.finish()
        assert read_for(microphone, sound, 1.0)
        assert told == ["open", "lost", "back"]


def test_real_threads_do_not_hang_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the clock and the threads of this machine, a dead device is left behind too."""
    monkeypatch.setattr(module, "CLOSE_SECONDS", 0.05)
    sound = FakeSound()
    sound.hang_close = threading.Event()
    microphone = DeviceMicrophone(sound=sound)
    with microphone:
        sound.give(sound.streams[0])
        frame = microphone.read(10.0)
        assert numbers([frame]) == [1]
    assert sound.gave_up == 1
    assert not sound.streams[0].closed
    sound.hang_close.set()


def test_what_cannot_be_opened_says_why() -> None:
    """An error of the first opening reaches whoever opens; nothing is left open."""
    sound = FakeSound()
    sound.plugged = False
    with pytest.raises(MicrophoneError, match="it is not there; plug it in"):
        make(sound).__enter__()
    assert sound.streams == []


def test_a_closed_microphone_opens_nothing() -> None:
    """Reading from a closed microphone gives nothing, and touches no device."""
    sound = FakeSound()
    microphone = make(sound)
    with microphone:
        pass
    assert microphone.read(5.0) is None
    assert len(sound.tries) == 1


def test_can_be_opened_twice() -> None:
    """A microphone begins anew, without the drops of the last time."""
    sound = FakeSound()
    microphone = make(sound, kept_seconds=0.1)
    with microphone:
        for _ in range(10):
            sound.step()
        microphone.read(0.0)
        assert microphone.drops == 7
    with microphone:
        assert microphone.drops == 0
        assert numbers(read_for(microphone, sound, 1.0))[0] == 11


def test_a_missing_resampler_is_told_and_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without soxr a device of another rate is refused with the cure."""
    monkeypatch.setitem(sys.modules, "soxr", None)
    sound = FakeSound(rate=44_100)
    with pytest.raises(MicrophoneError, match=r"44100 Hz.*pip install") as caught:
        make(sound).__enter__()
    assert translated(str(caught.value), "ko") is not None
    assert sound.streams[0].closed
