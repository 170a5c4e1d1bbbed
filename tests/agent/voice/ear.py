"""A player for tests: it keeps what it hears, and may interrupt."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import pytest

from sanso.agent.voice.speak_sound import Sound


class Ear:
    """Keeps all sound; `on_sound` is called, in another thread, behind each piece."""

    def __init__(self) -> None:
        """Have heard nothing."""
        self.sounds: list[Sound] = []
        self.volumes: list[float] = []
        self.on_sound: Callable[[], None] | None = None

    def play(
        self, sounds: Iterable[Sound], stopping: threading.Event, volume: float
    ) -> None:
        """Hear until somebody says stop."""
        self.volumes.append(volume)
        for sound in sounds:
            if stopping.is_set():
                return
            self.sounds.append(sound)
            if self.on_sound is not None:
                other = threading.Thread(target=self.on_sound)
                other.start()
                other.join()

    @property
    def samples(self) -> npt.NDArray[np.float32]:
        """All that was heard."""
        pieces = [sound.samples for sound in self.sounds]
        return np.concatenate([np.zeros(0, np.float32), *pieces])

    @property
    def seconds(self) -> float:
        """How long it was."""
        return sum(len(sound.samples) / sound.rate for sound in self.sounds)


def espeak() -> str:
    """Return the path of espeak-ng; fails the test where it is missing."""
    path = shutil.which("espeak-ng")
    if path is None:
        pytest.fail(
            "the tests need espeak-ng; install it with: sudo apt-get install espeak-ng"
        )
    return path
