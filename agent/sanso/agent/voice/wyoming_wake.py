"""
A Wyoming service that listens for a name.

Strategy: every frame is sent to it, and it answers with a detection. Feeding never waits:
a thread sends what lies in a bounded queue, another one reads. Some services are done with
a connection, or deaf on it, after one detection; so listening is asked for anew behind each,
and a connection that ends is made again, at once where it had served and ever more slowly
where it had not. Sound from before a connection is not sent: it is stale.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from .errors import VoiceError, WakeError
from .parts import FRAME, RATE, Samples
from .wyoming_link import WyomingEvent, WyomingLink, address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

_FORMAT: Final = {"rate": RATE, "width": 2, "channels": 1}
_LOUDEST: Final = 32_767
_MOST_FRAMES: Final = 64
"""2 s of sound that the service may be behind."""
_MOST_NAMES: Final = 16
_SERVED_FRAMES: Final = 100
"""After so many a connection counts as good."""


class WyomingWake:
    """Hears its name through the service at `tcp://HOST:PORT`."""

    def __init__(
        self,
        uri: str,
        names: Sequence[str] = (),
        *,
        seconds: float = 5.0,
        first_wait: float = 0.5,
        longest_wait: float = 30.0,
    ) -> None:
        """Note the service and the names of its models that count; none: its own choice.

        `seconds` is how long it may take to answer. A lost connection is made again at
        once, then after `first_wait` seconds, twice that, and so on to `longest_wait`.

        Raises:
            WakeError: this is no such address.

        """
        try:
            address(uri)
        except VoiceError as error:
            raise WakeError(str(error)) from None
        self.name = uri
        self.drops = 0
        """Frames that the service did not get."""
        self.trouble = ""
        """What went wrong last; empty while it is connected."""
        self._names = list(names)
        self._seconds = seconds
        self._waits = (first_wait, longest_wait)
        self._change = threading.Condition()
        self._frames: deque[Samples] = deque()
        self._woken: deque[str] = deque(maxlen=_MOST_NAMES)
        self._link: WyomingLink | None = None
        self._closing = False
        self._ended = False
        """Whether nothing more can be read from the connection."""
        self._again = False
        """Whether listening is to be asked for anew."""
        self._served = 0
        """Frames that went over the connection."""
        self._clock = 0
        """Samples that were fed."""

    def __enter__(self) -> Self:
        """Connect, and keep connected from now on.

        Raises:
            WakeError: nobody answers there, or the library is missing.

        """
        try:
            self._link = self._connected()
        except VoiceError as error:
            raise WakeError(str(error)) from None
        self._closing = False
        self._thread = threading.Thread(
            target=self._keep, args=(self._link,), name="sanso-wake", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Disconnect."""
        with self._change:
            self._closing = True
            if self._link is not None:
                self._link.close()
            self._change.notify_all()
        self._thread.join(self._seconds + 1.0)

    @property
    def connected(self) -> bool:
        """Whether the service hears us now."""
        return self._link is not None

    def feed(self, frame: Samples) -> None:
        """Send the next `FRAME` samples; never waits, the oldest are dropped instead."""
        with self._change:
            self._clock += FRAME
            if len(self._frames) >= _MOST_FRAMES:
                self._frames.popleft()
                self.drops += 1
            self._frames.append(np.array(frame, dtype=np.float32))
            self._change.notify_all()

    def woken(self) -> list[str]:
        """Return the names that were heard since it was last asked; never waits."""
        with self._change:
            names = list(self._woken)
            self._woken.clear()
        return names

    def _keep(self, link: WyomingLink | None) -> None:
        wait = 0.0
        while True:
            if link is not None:
                self._serve(link)
                wait = wait if self._served < _SERVED_FRAMES else 0.0
            with self._change:
                self._link = None
                if self._change.wait_for(lambda: self._closing, wait):
                    return
            wait = min(self._waits[1], max(self._waits[0], wait * 2))
            try:
                link = self._connected()
            except VoiceError as error:
                link, self.trouble = None, str(error)

    def _connected(self) -> WyomingLink:
        """Connect. Raises VoiceError."""
        link = WyomingLink(self.name, seconds=self._seconds)
        link.wait_long()
        return link

    def _serve(self, link: WyomingLink) -> None:
        """Use a connection until it ends."""
        with self._change:
            if self._closing:
                link.close()
            self._link = link
            self.drops += len(self._frames)
            self._frames.clear()
            self._again, self._ended, self._served = True, False, 0
            self.trouble = ""
        reader = threading.Thread(
            target=self._read, args=(link,), name="sanso-wake-reader", daemon=True
        )
        reader.start()
        with link:
            try:
                self._send(link)
            except VoiceError as error:
                self.trouble = str(error)
            link.close()
            reader.join()

    def _send(self, link: WyomingLink) -> None:
        while True:
            with self._change:
                self._change.wait_for(self._is_due)
                if self._closing or self._ended:
                    return
                again, self._again = self._again, False
                frames = list(self._frames)
                self._frames.clear()
                first = self._clock - len(frames) * FRAME
            if again:
                wanted = {"names": self._names} if self._names else {}
                link.send(WyomingEvent("detect", wanted))
                link.send(WyomingEvent("audio-start", _timed(first)))
            for place, frame in enumerate(frames):
                sound = (np.clip(frame, -1, 1) * _LOUDEST).astype("<i2").tobytes()
                at = _timed(first + place * FRAME)
                link.send(WyomingEvent("audio-chunk", at, sound))
            self._served += len(frames)

    def _is_due(self) -> bool:
        return bool(self._frames) or self._again or self._ended or self._closing

    def _read(self, link: WyomingLink) -> None:
        trouble = ""
        try:
            while event := link.receive():
                if event.kind == "error":
                    reason = event.data.get("text") or "no reason given"
                    trouble = f"{self.name} cannot listen ({reason}); look at its log"
                    break
                if event.kind == "detection":
                    self._hear(str(event.data.get("name") or ""))
            else:
                trouble = f"{self.name} ended the connection; look at its log"
        except VoiceError as error:
            trouble = str(error)
        with self._change:
            self.trouble = self.trouble or trouble
            self._ended = True
            self._change.notify_all()

    def _hear(self, name: str) -> None:
        with self._change:
            if not self._names or not name or name in self._names:
                self._woken.append(name)
            self._again, self._served = True, _SERVED_FRAMES
            self._change.notify_all()


def _timed(sample: int) -> dict[str, int]:
    """Return the format of the sound with a time in milliseconds."""
    return {**_FORMAT, "timestamp": sample * 1000 // RATE}
