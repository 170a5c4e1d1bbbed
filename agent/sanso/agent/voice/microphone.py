"""
A sound device as a microphone, which may vanish and come back.

Strategy: the system's thread only puts blocks into a bounded queue; the reader makes frames
of them, and looks after the device while it waits: no block for a while means that it is
gone, because an unplug is silent. Whatever may hang is done aside, and never waited for
longer than a moment.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, Self

from .errors import MicrophoneError
from .microphone_choice import DEFAULT, SoundDevice
from .microphone_errand import Errand, aside
from .microphone_frames import Framer
from .microphone_portaudio import PortAudio
from .microphone_queue import BlockQueue
from .parts import FRAME, RATE, Samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from .microphone_errand import Launch
    from .microphone_frames import Block
    from .microphone_portaudio import Sound, Stream

MicrophoneState = Literal["open", "lost", "back"]
"""What is told of a device: it was opened; nothing comes any more; it is heard again."""

SILENT_SECONDS: Final = 1.5
"""Without a block for so long a device is gone; blocks take 32 ms, a busy system stalls for 0.3 s."""
BACK_OFF_SECONDS: Final = (0.25, 8.0)
"""Before the first try to open a lost device again, and the longest between two."""
OPEN_SECONDS: Final = 10.0
CLOSE_SECONDS: Final = 1.0
KEPT_SECONDS: Final = 8.0
"""How much sound waits for a reader that is busy, before the oldest is dropped."""


class DeviceMicrophone:
    """Frames from a sound device; see `parts.Microphone`. One thread may read."""

    live = True

    def __init__(
        self,
        device: str | int | None = None,
        *,
        channel: int | None = None,
        report: Callable[[MicrophoneState], None] | None = None,
        sound: Sound | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        rest: Callable[[threading.Event, float], object] = threading.Event.wait,
        launch: Launch = aside,
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        """Choose by number or by a part of the name; None is the default device.

        `channel` is taken as by `Framer`. `report` is told of states in the thread that
        reads. `rest` waits for an event, at most so many seconds; `launch` begins work
        that may hang.
        """
        self.name = DEFAULT if device is None else str(device)
        self.drops = 0
        self.why_lost = ""
        """Why a lost device could not be opened again."""
        self._wanted = device
        self._channel = channel
        self._report = report or (lambda _state: None)
        self._sound: Sound = PortAudio() if sound is None else sound
        self._now = monotonic
        self._rest = rest
        self._launch = launch
        self._queue = BlockQueue(max(1, round(kept_seconds * RATE / FRAME)))
        self._frames: deque[Samples] = deque()
        self._is_open = False
        self._lost = False
        self._pause = BACK_OFF_SECONDS[0]
        self._retry_at = 0.0
        self._opening: Errand | None = None
        self._errands: list[Errand] = []
        # What the system's thread and the errands touch as well:
        self._lock = threading.Lock()
        self._take = 0
        """Counts openings, so that a stream which was given up is not heard any more."""
        self._stream: Stream | None = None
        self._former: SoundDevice | None = None
        self._framer: Framer | None = None
        self._heard_at = 0.0
        self._ended = False

    def __enter__(self) -> Self:
        """Open the device.

        Raises:
            MicrophoneError: it is not there, or cannot be opened; with the cure.

        """
        self.drops = 0
        self._lost = False
        self._pause = BACK_OFF_SECONDS[0]
        opening = self._begin(partial(self._open, self._take))
        if not self._wait([opening], OPEN_SECONDS):
            self._let_go()
            self._sound.give_up()
            msg = f"{self.name} does not answer; plug it in again, or choose another microphone"
            raise MicrophoneError(msg, device=self.name)
        if opening.error is not None:
            raise opening.error
        self._is_open = True
        self._report("open")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the device; one that does not let itself be closed is left behind."""
        self._is_open = False
        self._let_go()
        self._opening = None
        if not self._wait(self._errands, CLOSE_SECONDS):
            self._sound.give_up()

    @property
    def waiting(self) -> float:
        """Seconds of sound that were heard and not read yet."""
        stream = self._stream
        if stream is None:
            return 0.0
        return len(self._frames) * FRAME / RATE + self._queue.samples / stream.rate

    def read(self, timeout: float) -> Samples | None:
        """Return the next frame; None where none came within `timeout` seconds."""
        end = self._now() + timeout
        while True:
            self._queue.stirred.clear()
            frame = self._next()
            if frame is not None:
                return frame
            now = self._now()
            if self._is_open:
                self._attend(now)
            if now >= end:
                return None
            self._rest(self._queue.stirred, max(0.0, min(end, self._due(end)) - now))

    def _next(self) -> Samples | None:
        """Return a frame of what was heard so far."""
        while not self._frames:
            framer = self._framer
            heard = None if framer is None else self._queue.get()
            if framer is None or heard is None:
                return None
            missing, block = heard
            self.drops += missing
            self._frames.extend(framer.feed(block))
            self._pause = BACK_OFF_SECONDS[0]
            if self._lost:
                self._lost = False
                self.why_lost = ""
                self._report("back")
        return self._frames.popleft()

    def _attend(self, now: float) -> None:
        """Look whether the device is still there, or there again."""
        opening = self._opening
        if opening is not None and opening.done:
            self._opening = None
            if opening.error is not None:
                self.why_lost = str(opening.error)
                self._retry_later(now)
        if self._stream is not None:
            if self._ended or now - self._heard_at >= SILENT_SECONDS:
                self._lose(now)
        elif self._opening is None and now >= self._retry_at:
            self._opening = self._begin(partial(self._open_again, self._take))

    def _due(self, end: float) -> float:
        """Return when there is something to do without being stirred."""
        if self._stream is not None:
            return self._heard_at + SILENT_SECONDS
        idle = self._opening is not None or not self._is_open
        return end if idle else self._retry_at

    def _lose(self, now: float) -> None:
        self._let_go()
        self._retry_later(now)
        if not self._lost:
            self._lost = True
            self._report("lost")

    def _retry_later(self, now: float) -> None:
        """Wait longer each time, until something is heard: to open is not to hear."""
        self._retry_at = now + self._pause
        self._pause = min(2 * self._pause, BACK_OFF_SECONDS[1])

    def _let_go(self) -> None:
        """Hear nothing more of the stream that is open, or about to be, and close it."""
        with self._lock:
            self._take += 1
            stream, self._stream, self._framer = self._stream, None, None
        self._queue.clear()
        self._frames.clear()
        if stream is not None:
            self._begin(stream.close)

    def _open_again(self, take: int) -> None:
        self._sound.renew()
        self._open(take)

    def _open(self, take: int) -> None:
        """Open the device, aside; whoever does not want it any more has let go of the take."""
        with self._lock:
            self._ended = False
        stream = self._sound.open(
            self._wanted,
            self._former,
            partial(self._hear, take),
            partial(self._end, take),
        )
        name = stream.device.name
        try:
            framer = Framer(stream.rate, name=name, channel=self._channel)
        except MicrophoneError:
            stream.close()
            raise
        with self._lock:
            wanted = take == self._take
            if wanted:
                self.name = name
                self._former = stream.device
                self._framer = framer
                self._heard_at = self._now()
                self._stream = stream
        if not wanted:
            stream.close()

    def _hear(self, take: int, block: Block, overflowed: bool) -> None:  # noqa: FBT001
        """Take a block, in the system's thread."""
        with self._lock:
            if take == self._take:
                self._heard_at = self._now()
                self._queue.put(block, int(overflowed))

    def _end(self, take: int) -> None:
        """Learn that a stream has ended by itself, in the system's thread."""
        with self._lock:
            if take == self._take:
                self._ended = True
        self._queue.stirred.set()

    def _begin(self, work: Callable[[], object]) -> Errand:
        errand = Errand(work, self._queue.stirred, self._launch)
        self._errands = [one for one in self._errands if not one.done] + [errand]
        return errand

    def _wait(self, errands: list[Errand], seconds: float) -> bool:
        """Wait until errands are done; False if they are not within this time."""
        end = self._now() + seconds
        while not all(one.done for one in errands):
            now = self._now()
            if now >= end:
                return False
            self._rest(self._queue.stirred, end - now)
            self._queue.stirred.clear()
        return True
