"""
Sound on its way out: what a voice makes, who plays it, and how it is stopped.

Strategy: a voice gives sound in pieces, as it makes them; a player takes them until an event tells it to stop. One thing is said at a time.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from .parts import Samples

    Voiced = Callable[[threading.Event], Generator["Sound"]]
    """Makes sound until the event is set; its `finally` lets go of what it used."""
    Volume = Callable[[], float]
    """How loud a sentence shall be, 0 to 1; asked once a sentence."""

FULL: Final = 1.0


def full_volume() -> float:
    """Return 1: as loud as the sound was made."""
    return FULL


@dataclass(frozen=True, slots=True)
class Sound:
    """A piece of sound."""

    samples: Samples
    """Mono, -1 to 1, shape (n,)."""
    rate: int
    """Samples a second; the same in all pieces of a sentence."""


class Player(Protocol):
    """Brings sound to somebody's ears, or into a file."""

    def play(
        self, sounds: Iterable[Sound], stopping: threading.Event, volume: float
    ) -> None:
        """Play until the end, or until the event is set; return when it is silent.

        Raises SpeakerError with cause and cure.
        """
        ...


class Output:
    """Says one thing at a time through a player, and falls silent when it is told to."""

    def __init__(self, player: Player, volume: Volume = full_volume) -> None:
        """Say it through a player, as loud as `volume` wants it then."""
        self._player = player
        self._volume = volume
        self._turn = threading.Lock()
        self._guard = threading.Lock()
        self.stops = 0
        """How often it was told to fall silent."""
        self._stopping: threading.Event | None = None

    def say(self, voiced: Voiced) -> None:
        """Say it, behind what is being said; return when it was said or stopped.

        Raises:
            SpeakerError: it could not be said.

        """
        with self._guard:
            stops = self.stops
        with self._turn:
            stopping = threading.Event()
            with self._guard:
                if stops != self.stops:  # it waited, and was not wanted any more
                    return
                self._stopping = stopping
            try:
                volume = min(max(self._volume(), 0.0), FULL)
                if volume:
                    with contextlib.closing(voiced(stopping)) as sounds:
                        self._player.play(sounds, stopping, volume)
            finally:
                with self._guard:
                    self._stopping = None

    def stop(self) -> None:
        """Fall silent; what waits its turn is not said either."""
        with self._guard:
            self.stops += 1
            if self._stopping is not None:
                self._stopping.set()


class Resampler:
    """Sound at another rate, piece by piece, with straight lines between the samples.

    Good enough for a voice on a device that does not take the voice's own rate.
    """

    def __init__(self, rate: int, wanted: int) -> None:
        """Bring sound of `rate` samples a second to `wanted`."""
        self._step = rate / wanted
        self._at = 0.0
        self._last: Samples = np.zeros(0, np.float32)

    def feed(self, samples: Samples) -> Samples:
        """Return what can be told by now, shape (m,)."""
        if self._step == 1.0 or not len(samples):
            return samples
        known = np.concatenate([self._last, samples])
        end = len(known) - 1
        count = max(0, int((end - self._at) // self._step) + 1)
        places = self._at + self._step * np.arange(count)
        self._at += self._step * count - end
        self._last = known[-1:]
        between: Samples = np.interp(places, np.arange(len(known)), known)
        return between.astype(np.float32)
