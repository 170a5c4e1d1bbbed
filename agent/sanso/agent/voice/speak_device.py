"""
A loudspeaker, through sounddevice.

Strategy: PortAudio asks for the next 20 ms, and gets them out of a queue, or silence. Writing would block for ever on a device that was unplugged, and
so would `stop`; so nothing is waited for but the clock, and the end is always `abort`. Whoever says stop is heard within a block: from then on the
device gets silence.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .errors import MicrophoneError, SpeakerError
from .microphone_portaudio import (
    PortAudio,
    close_stream,
    portaudio_alone,
    portaudio_in_use,
)
from .speak_sound import Resampler

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .microphone_choice import SoundDevice
    from .parts import Samples
    from .speak_sound import Sound

BLOCK_SECONDS: Final = 0.02
RATES: Final = (48_000, 44_100)
"""What sound cards take, where they take neither the voice's rate nor what they call their own."""
_AHEAD_SECONDS: Final = 0.2
"""Made before the device is opened, so that a voice that makes sound as it speaks does not stutter."""
_LATENCY_SECONDS: Final = 0.1
"""Kept in the device, so that a busy computer is not heard; `abort` drops it."""
PATIENCE_SECONDS: Final = 2.0
"""A device that asks for nothing for so long is gone."""
_CLOSING_SECONDS: Final = 1.0


class DevicePlayer:
    """Plays on a device of this machine."""

    def __init__(
        self,
        device: str | int | None = None,
        *,
        library: Any = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Choose a device by its number or a part of its name; None is the default.

        `library` is a module like sounddevice, by default sounddevice itself.

        Raises:
            SpeakerError: the library, PortAudio or the device is missing.

        """
        self._library = _sounddevice() if library is None else library
        self._portaudio = PortAudio(self._library)
        self._wanted = device
        self._patience = patience
        self._chosen()

    def play(
        self, sounds: Iterable[Sound], stopping: threading.Event, volume: float
    ) -> None:
        """Play until the end, or until the event is set.

        Raises:
            SpeakerError: the device cannot be opened, or is gone.

        """
        queue = _Queue(stopping, volume)
        with contextlib.ExitStack() as opened:
            stream: Any = None
            ahead: list[Sound] = []
            for sound in sounds:
                if stopping.is_set():
                    return
                if stream is not None:
                    queue.put(sound.samples)
                    continue
                ahead.append(sound)
                if _seconds(ahead) >= _AHEAD_SECONDS:
                    stream = self._begin(ahead, queue, opened)
            if stream is None and ahead:
                stream = self._begin(ahead, queue, opened)
            if stream is not None:
                queue.end()
                self._wait(queue, stopping, float(stream.latency))

    def _begin(
        self, ahead: Sequence[Sound], queue: _Queue, opened: contextlib.ExitStack
    ) -> Any:
        """Open the device and let it begin, with what is there already."""
        try:
            stream = self._held(ahead[0].rate, queue, opened)
        except SpeakerError:
            # It may have been plugged in again: PortAudio only sees that when it begins anew.
            self._renew()
            stream = self._held(ahead[0].rate, queue, opened)
        for sound in ahead:
            queue.put(sound.samples)
        try:
            stream.start()
        except self._library.PortAudioError as error:
            raise self._failed(error) from None
        return stream

    def _held(self, rate: int, queue: _Queue, opened: contextlib.ExitStack) -> Any:
        """Open the device, and keep PortAudio as it is from before that until it is closed."""
        try:
            with contextlib.ExitStack() as trying:
                trying.enter_context(portaudio_in_use())
                stream = self._open(rate, queue)
                opened.callback(self._let_go, stream, trying.pop_all())
        except MicrophoneError as error:
            raise SpeakerError(str(error), way=self._name) from None
        return stream

    def _let_go(self, stream: Any, using: contextlib.ExitStack) -> None:
        """Close a stream; a device that does not answer is left to a thread that nobody waits for.

        Also the end of the program does not; and PortAudio stays as it is until then.
        """

        def close() -> None:
            with using:
                close_stream(stream)

        closing = threading.Thread(target=close, name="sanso-speaker", daemon=True)
        closing.start()
        closing.join(_CLOSING_SECONDS)
        if closing.is_alive():
            self._portaudio.give_up()

    def _renew(self) -> None:
        """Look at the devices anew, unless a microphone is open."""
        try:
            self._portaudio.renew()
        except MicrophoneError as error:
            raise SpeakerError(str(error), way=self._name) from None

    def _open(self, rate: int, queue: _Queue) -> Any:
        """Open the device at a rate and with channels that it takes."""
        device = self._chosen()
        suits = dict.fromkeys((rate, device.rate, *RATES))
        taken = next(
            (r for r in suits if self._portaudio.takes(device, r, output=True)),
            device.rate,
        )
        queue.at(rate, taken)
        last: Exception | None = None
        for channels in (1, 2):
            try:
                with portaudio_alone():
                    return self._library.OutputStream(
                        device=device.index,
                        samplerate=taken,
                        channels=channels,
                        blocksize=round(taken * BLOCK_SECONDS),
                        dtype="float32",
                        latency=_LATENCY_SECONDS,
                        prime_output_buffers_using_stream_callback=True,
                        callback=queue.fill,
                    )
            except self._library.PortAudioError as error:
                last = error
        raise self._failed(last)

    def _chosen(self) -> SoundDevice:
        try:
            outputs = [d for d in self._portaudio.devices() if d.outputs]
        except MicrophoneError as error:
            raise SpeakerError(str(error), way=self._name) from None
        if not outputs:
            msg = "there is no loudspeaker; plug one in, or choose no speech: --speak none"
            raise SpeakerError(msg, way=self._name)
        if self._wanted is None:
            return next((d for d in outputs if d.default_output), outputs[0])
        for device in outputs:
            if self._wanted in (device.index, device.name):
                return device
        part = str(self._wanted).casefold()
        for device in outputs:
            if isinstance(self._wanted, str) and part in device.name.casefold():
                return device
        msg = f"there is no loudspeaker {self._wanted}; choose one from: sanso devices audio"
        raise SpeakerError(msg, way=self._name)

    @property
    def _name(self) -> str:
        return "default" if self._wanted is None else str(self._wanted)

    def _failed(self, error: Exception | None) -> SpeakerError:
        reason = error.args[0] if error and error.args else error
        msg = f"the loudspeaker {self._name} cannot be opened ({reason}); is it in use, or unplugged?"
        return SpeakerError(msg, way=self._name)

    def _wait(self, queue: _Queue, stopping: threading.Event, latency: float) -> None:
        """Wait until the device has had all, and until that was heard."""
        while not queue.empty.wait(BLOCK_SECONDS):
            if stopping.is_set():
                return
            if queue.silent_seconds() > self._patience:
                msg = f"the loudspeaker {self._name} does not play any more; is it plugged in?"
                raise SpeakerError(msg, way=self._name)
        stopping.wait(latency)


class _Queue:
    """What is still to be played; filled by one thread, emptied by PortAudio's."""

    def __init__(self, stopping: threading.Event, volume: float) -> None:
        self.empty = threading.Event()
        """All of it was handed to the device."""
        self._stopping = stopping
        self._volume = volume
        self._pieces: deque[Samples] = deque()
        self._ended = False
        self._asked = time.monotonic()
        self._resampler = Resampler(1, 1)

    def at(self, rate: int, wanted: int) -> None:
        """Take sound of a rate, and play it at another."""
        self._resampler = Resampler(rate, wanted)
        self._asked = time.monotonic()

    def put(self, samples: Samples) -> None:
        """Add sound."""
        self._pieces.append(self._resampler.feed(samples) * np.float32(self._volume))

    def end(self) -> None:
        """Say that nothing is added any more."""
        self._ended = True

    def silent_seconds(self) -> float:
        """Return how long the device has not asked for more."""
        return time.monotonic() - self._asked

    def fill(self, out: Any, frames: int, _time: Any, _status: Any) -> None:
        """Fill a block of the device, shape (frames, channels): its callback."""
        self._asked = time.monotonic()
        out.fill(0.0)
        filled = 0
        while filled < frames and self._pieces and not self._stopping.is_set():
            piece = self._pieces.popleft()
            now = piece[: frames - filled]
            out[filled : filled + len(now)] = now[:, np.newaxis]
            filled += len(now)
            if len(now) < len(piece):
                self._pieces.appendleft(piece[len(now) :])
        if self._stopping.is_set() or (self._ended and not self._pieces):
            self.empty.set()


def _seconds(sounds: Iterable[Sound]) -> float:
    return sum(len(sound.samples) / sound.rate for sound in sounds)


def _sounddevice() -> Any:
    try:
        import sounddevice
    except ImportError:
        msg = "a loudspeaker needs sounddevice; install it with: pip install 'sanso[voice]'"
        raise SpeakerError(msg, way="device") from None
    except OSError:  # "PortAudio library not found"
        msg = "PortAudio is missing; install it with: sudo apt install libportaudio2"
        raise SpeakerError(msg, way="device") from None
    return sounddevice
