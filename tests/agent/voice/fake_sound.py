"""The peers of a microphone: a sound system, its devices, and a clock that is told to run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from sanso.agent.voice.errors import MicrophoneError
from sanso.agent.voice.microphone_choice import SoundDevice
from sanso.agent.voice.microphone_frames import Block
from sanso.agent.voice.parts import FRAME, RATE

DEVICE = SoundDevice(3, "USB PnP Audio: - (hw:1,0)", "ALSA", 1, 0, 48_000)


class FakeStream:
    """A device that is open and gives numbered blocks: all samples of one are equal."""

    def __init__(
        self,
        sound: FakeSound,
        heard: Callable[[Block, bool], None],
        ended: Callable[[], None],
    ) -> None:
        """Begin now."""
        self.device = sound.device
        self.rate = sound.rate
        self.heard = heard
        self.ended = ended
        self.closed = False
        self._sound = sound

    def close(self) -> None:
        """Close, unless the device hangs."""
        if self._sound.hang_close is not None:
            self._sound.hang_close.wait()
        self.closed = True


class FakeSound:
    """A sound system with one device, which can be unplugged, hang and fail on cue."""

    def __init__(self, rate: int = RATE, channels: int = 1) -> None:
        """Have the device plugged in."""
        self.device = DEVICE
        self.rate = rate
        self.channels = channels
        self.now = 0.0
        self.plugged = True
        self.silent = False
        self.hang_close: threading.Event | None = None
        self.on_open: Callable[[], None] = lambda: None
        self.streams: list[FakeStream] = []
        self.tries: list[float] = []
        """When somebody tried to open it."""
        self.renewed = 0
        self.gave_up = 0
        self.blocks = 0
        """How many blocks it gave so far."""
        self.cues: list[tuple[float, Callable[[], Any]]] = []

    def open(
        self,
        wanted: str | int | None,
        former: SoundDevice | None,
        heard: Callable[[Block, bool], None],
        ended: Callable[[], None],
    ) -> FakeStream:
        """Open the device, where it is plugged in."""
        del wanted, former
        self.tries.append(self.now)
        self.on_open()
        if not self.plugged:
            msg = "it is not there; plug it in"
            raise MicrophoneError(msg, device=self.device.name)
        stream = FakeStream(self, heard, ended)
        self.streams.append(stream)
        return stream

    def renew(self) -> None:
        """Count it."""
        self.renewed += 1

    def give_up(self) -> None:
        """Count it."""
        self.gave_up += 1

    def monotonic(self) -> float:
        """Return the time of this world."""
        return self.now

    def rest(self, event: threading.Event, seconds: float) -> None:
        """Let time pass, at most so long, until the event is set: a block every 32 ms."""
        end = self.now + seconds
        while not event.is_set() and self.now < end:
            self.step(min(end - self.now, FRAME / RATE))

    def step(self, seconds: float = FRAME / RATE) -> None:
        """Let time pass, and what is due happen."""
        self.now += seconds
        due = [cue for at, cue in self.cues if at <= self.now]
        self.cues = [(at, cue) for at, cue in self.cues if at > self.now]
        for cue in due:
            cue()
        if self.streams and self.plugged and not self.silent:
            self.give(self.streams[-1])

    def give(self, stream: FakeStream, *, overflowed: bool = False) -> None:
        """Let a stream give its next block, 32 ms long."""
        if stream.closed:
            return
        self.blocks += 1
        count = round(FRAME * self.rate / RATE)
        value = np.float32(self.blocks / 1000)
        stream.heard(np.full((count, self.channels), value), overflowed)


def numbers(frames: list[Any]) -> list[int]:
    """Return the numbers of the blocks that frames at 16 kHz are made of."""
    return [round(float(frame[0]) * 1000) for frame in frames]


def at_once(work: Callable[[], None]) -> None:
    """Do work at once, where a microphone would do it aside."""
    work()
