"""
PortAudio, through sounddevice: which devices there are, and one of them opened.

Strategy: what is known of PortAudio's ways is kept here. It lists the devices once, when it
is initialised; `stop` waits for a dead device for ever, so only `abort` is called; on
a failure its C code writes into standard error by itself, which is held back while we try.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from .errors import MicrophoneError
from .microphone_choice import DEFAULT, SoundDevice, choose_again, choose_input
from .parts import FRAME, RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .microphone_frames import Block

    Heard = Callable[[Block, bool], None]
    """Takes a block, and whether PortAudio lost some before it; must return at once."""

RATES: Final = (48_000, 44_100)
"""What sound cards take, where they take neither `RATE` nor what they call their own rate."""

_CARDS: Final = "/dev/snd"
_STANDARD_ERROR: Final = 2
# portaudio.h, PaErrorCode
_UNAVAILABLE: Final = -9985
_LOCK: Final = threading.RLock()
"""PortAudio keeps one list of what is open, which no two threads may change at once."""
_TURN_SECONDS: Final = 5.0
"""Who waits longer for another thread waits for a call that does not return."""
_held_back: Final[list[int]] = []
"""Copies of standard error, while what is written there is held back."""
_users: Final[set[object]] = set()
"""Whoever has a stream open: to initialise PortAudio anew would pull it away."""


class Stream(Protocol):
    """A device that is open, and calls back."""

    device: SoundDevice
    rate: int
    """Samples a second."""

    def close(self) -> None:
        """Let go of it; may take as long as the device likes."""
        ...


class Sound(Protocol):
    """Where microphones come from. Each of its calls may take as long as the system likes."""

    def open(
        self,
        wanted: str | int | None,
        former: SoundDevice | None,
        heard: Heard,
        ended: Callable[[], None],
    ) -> Stream:
        """Open the device that is wanted, or the same as before, and begin.

        `heard` and `ended` are called in a thread of the system; a device that is
        unplugged may call neither. Raises MicrophoneError with cause and cure.
        """
        ...

    def renew(self) -> None:
        """Look at the devices anew, unless somebody uses one."""
        ...

    def give_up(self) -> None:
        """Do not wait at the end of the program for a call that never returned."""
        ...


class PortAudio:
    """The sound devices of this machine."""

    def __init__(self, library: Any = None) -> None:
        """Use a module like sounddevice; by default sounddevice itself, once it is needed."""
        self._library = library

    @property
    def library(self) -> Any:
        """The module. Raises MicrophoneError where it or PortAudio is not installed."""
        with _turn():
            if self._library is None:
                self._library = _sounddevice()
            return self._library

    def devices(self) -> list[SoundDevice]:
        """List the devices. Raises MicrophoneError."""
        library = self.library
        try:
            with _turn():
                apis = [str(api["name"]) for api in library.query_hostapis()]
                rows = list(library.query_devices())
                inputs = self._default("input")
                outputs = self._default("output")
        except library.PortAudioError as error:
            raise _unready(error) from None
        return [
            SoundDevice(
                index=int(row["index"]),
                name=str(row["name"]),
                api=apis[row["hostapi"]],
                inputs=int(row["max_input_channels"]),
                outputs=int(row["max_output_channels"]),
                rate=round(row["default_samplerate"]),
                default_input=row["index"] == inputs,
                default_output=row["index"] == outputs,
            )
            for row in rows
        ]

    def takes(self, device: SoundDevice, rate: int, *, output: bool = False) -> bool:
        """Say whether a device takes a rate, with as many channels as suit."""
        channels = _channels(device.outputs if output else device.inputs)
        return any(self._takes(device, rate, n, output=output) for n in channels)

    def open(
        self,
        wanted: str | int | None,
        former: SoundDevice | None,
        heard: Heard,
        ended: Callable[[], None],
    ) -> Stream:
        """Open an input at `RATE` if it takes that, else at another rate."""
        with _turn():  # the list as well: numbers are of no use behind a new look
            devices = self.devices()
            if _forbidden() and not any(device.inputs for device in devices):
                msg = (
                    f"no permission for {_CARDS}; join its group and log in again: "
                    "sudo usermod -aG audio $USER"
                )
                raise MicrophoneError(msg, device=str(wanted))
            if former is None:
                device = choose_input(wanted, devices)
            else:
                device = choose_again(wanted, former, devices)
            rate, channels = self._settings(device)

            def called(block: Block, _count: int, _time: Any, status: Any) -> None:
                heard(block.copy(), bool(status.input_overflow))

            try:
                with _hushed(), contextlib.ExitStack() as undo:
                    opened = self.library.InputStream(
                        device=device.index,
                        samplerate=rate,
                        channels=channels,
                        blocksize=round(FRAME * rate / RATE),
                        dtype="float32",
                        latency="high",
                        callback=called,
                        finished_callback=ended,
                    )
                    stream = _PortAudioStream(device, rate, opened)
                    undo.callback(stream.close)
                    opened.start()
                    undo.pop_all()
            except self.library.PortAudioError as error:
                raise _explained(device, error) from None
            return stream

    def renew(self) -> None:
        """Initialise PortAudio anew: only so does it see what was plugged in or out."""
        with _turn():
            if _users:
                return
            # private, and the only way that sounddevice has
            with contextlib.suppress(self.library.PortAudioError):
                self.library._terminate()  # noqa: SLF001
            try:
                self.library._initialize()  # noqa: SLF001
            except self.library.PortAudioError as error:
                raise _unready(error) from None

    def give_up(self) -> None:
        """Keep sounddevice from ending PortAudio with the program, which would hang too."""
        # without the lock: what never returned may hold it
        if self._library is not None:
            atexit.unregister(self._library._exit_handler)  # noqa: SLF001
        for kept in tuple(_held_back):  # and why it was given up must be seen
            with contextlib.suppress(OSError):
                os.dup2(kept, _STANDARD_ERROR)

    def _default(self, kind: str) -> int:
        try:
            return int(self.library.query_devices(kind=kind)["index"])
        except self.library.PortAudioError:
            return -1  # there is none

    def _settings(self, device: SoundDevice) -> tuple[int, int]:
        """Return rate and channels that a device takes; what it calls its own if it refuses all."""
        channels = _channels(device.inputs)
        for rate in dict.fromkeys((RATE, device.rate, *RATES)):
            for number in channels:
                if self._takes(device, rate, number):
                    return rate, number
        return device.rate, channels[0]

    def _takes(
        self, device: SoundDevice, rate: int, channels: int, *, output: bool = False
    ) -> bool:
        library = self.library
        check = (
            library.check_output_settings if output else library.check_input_settings
        )
        try:
            with portaudio_alone():
                check(
                    device=device.index,
                    samplerate=rate,
                    channels=channels,
                    dtype="float32",
                )
        except library.PortAudioError:
            return False
        return True


class _PortAudioStream:
    """An open stream, which counts as a user until it is closed."""

    def __init__(self, device: SoundDevice, rate: int, stream: Any) -> None:
        self.device = device
        self.rate = rate
        self._stream = stream
        _users.add(self)

    def close(self) -> None:
        """Let go of the device; a second time does nothing."""
        close_stream(self._stream)
        _users.discard(self)


@contextlib.contextmanager
def portaudio_in_use() -> Iterator[None]:
    """Keep PortAudio as it is while something else of this process plays through it. Raises MicrophoneError."""
    user = object()
    with _turn():
        _users.add(user)
    try:
        yield
    finally:
        _users.discard(user)


@contextlib.contextmanager
def portaudio_alone() -> Iterator[None]:
    """Keep other threads, and what C code would write, out of a call. Raises MicrophoneError."""
    with _turn(), _hushed():
        yield


def close_stream(stream: Any) -> None:
    """Let go of a stream of sounddevice; may take as long as its device likes."""
    stream.abort(ignore_errors=True)
    with _LOCK:
        stream.close(ignore_errors=True)


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """Let one thread at a time into PortAudio. Raises MicrophoneError where another one never returns."""
    if not _LOCK.acquire(timeout=_TURN_SECONDS):
        raise _unready(TimeoutError("no answer in time"))
    try:
        yield
    finally:
        _LOCK.release()


def _channels(most: int) -> tuple[int, ...]:
    """Return numbers of channels to try; hardware may refuse less than it has."""
    return tuple(dict.fromkeys(min(number, most) for number in (1, 2, most)))


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Hold back what C code writes into standard error; the lock is held."""
    try:
        kept = os.dup(_STANDARD_ERROR)
    except OSError:  # it is closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    _held_back.append(kept)
    os.dup2(nowhere, _STANDARD_ERROR)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, _STANDARD_ERROR)
        _held_back.remove(kept)
        os.close(kept)


def _sounddevice() -> Any:
    try:
        import sounddevice
    except ImportError:
        msg = "a microphone needs sounddevice; install it with: pip install 'sanso[voice]'"
        raise MicrophoneError(msg, device="") from None
    except OSError:  # "PortAudio library not found"
        msg = "PortAudio is missing; install it with: sudo apt install libportaudio2"
        raise MicrophoneError(msg, device="") from None
    return sounddevice


def _forbidden() -> bool:
    """Say whether there are sound cards that this user may not use."""
    cards = list(Path(_CARDS).glob("pcm*c"))
    return bool(cards) and not any(os.access(card, os.R_OK | os.W_OK) for card in cards)


def _unready(error: Exception) -> MicrophoneError:
    msg = f"the sound system does not answer ({error.args[0]}); restart it, or this machine"
    return MicrophoneError(msg, device=DEFAULT)


def _explained(device: SoundDevice, error: Exception) -> MicrophoneError:
    """Say why a device could not be opened, and what to do."""
    name = device.name
    code = error.args[1] if len(error.args) > 1 else 0
    if code == _UNAVAILABLE:
        msg = f"{name} is in use by another program; end that one, or choose another microphone"
        return MicrophoneError(msg, device=name)
    system = error.args[2] if len(error.args) > 2 else None  # noqa: PLR2004
    # the message stands behind what was tried: "Error opening InputStream: Invalid device"
    reason = system[2] if system else str(error.args[0]).rpartition(": ")[2]
    msg = f"{name} cannot be opened ({reason}); plug it in again, or choose another microphone"
    return MicrophoneError(msg, device=name)
