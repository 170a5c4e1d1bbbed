"""Keep a session and a link together: read, send, reconnect.

Strategy: one thread reads and polls; callers hand a write to the session under its lock and
wait. Without the thread (`background=False`, for scripted clocks) the waiting caller drives
the line himself: the same steps, one after another.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from sanso.devices.errors import DeviceError, LinkLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from .link import Link
    from .session import Session
    from .write import Write

_STEP_SECONDS: Final = 0.02
"""How long the line is listened to before the session is looked at again."""
_TROUBLE_SECONDS: Final = 1.0
BACK_OFF_SECONDS: Final = (0.1, 30.0)
"""Before the first try to reopen a lost line, and the longest between two."""


class Driver:
    """Moves bytes between a link and a session."""

    def __init__(
        self,
        session: Session,
        opener: Callable[[], Link],
        *,
        background: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Open the line and begin.

        Raises:
            DeviceError: the line cannot be opened.

        """
        self.session = session
        self._opener = opener
        self._now = monotonic
        self._sleep = sleep
        self._link: Link | None = opener()
        self._condition = threading.Condition()
        self._ended = threading.Event()
        self._pause = BACK_OFF_SECONDS[0]
        self._retry_at = 0.0
        self._opened_at = monotonic()
        self.why_lost = ""
        self._thread: threading.Thread | None = None
        self._foreground = not background
        if background:
            self._thread = threading.Thread(
                target=self._run, name="sanso-serial", daemon=True
            )
            self._thread.start()

    @property
    def connected(self) -> bool:
        """Whether the line is open."""
        return self._link is not None

    def wait(self, is_over: Callable[[], bool], seconds: float) -> bool:
        """Let the line work until something is so; False if it is not within this time."""
        end = self._now() + seconds
        if self._foreground:
            while not self._ended.is_set() and not is_over() and self._now() < end:
                self.step(min(_STEP_SECONDS, max(0.0, end - self._now())))
            return is_over()
        with self._condition:
            self._condition.wait_for(lambda: is_over() or self._ended.is_set(), seconds)
            return is_over()

    def write(self, make: Callable[[float], Write], seconds: float) -> Write:
        """Hand a write to the session and wait for its end."""
        with self._condition:
            write = make(self._now())
            self._send()
        self.wait(lambda: write.end is not None, seconds)
        return write

    def ask(self) -> None:
        """Have the values asked for."""
        with self._condition:
            self.session.ask(self._now())
            self._send()

    def step(self, seconds: float) -> None:
        """Listen for at most so long, then send what is due."""
        link = self._link
        if link is None:
            self._reopen(seconds)
            return
        try:
            data = link.read(seconds)
        except LinkLost as error:
            with self._condition:
                self._lose(link, str(error))
            return
        with self._condition:
            if self._link is link:
                self.session.feed(data, self._now())
                self._send()
            self._condition.notify_all()

    def close(self) -> None:
        """End the thread and let go of the line; a second time does nothing."""
        self._ended.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        with self._condition:
            link, self._link = self._link, None
            self.session.lost(self._now())
            self._condition.notify_all()
        if link is not None:
            link.close()

    def locked(self) -> threading.Condition:
        """Return the lock under which the session may be looked at."""
        return self._condition

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self.step(_STEP_SECONDS)
            except Exception as error:  # noqa: BLE001 - whoever waits must learn of it, and the next line may be better
                with self._condition:
                    if self._link is not None:
                        self._lose(self._link, f"{type(error).__name__}: {error}")
                self._ended.wait(_TROUBLE_SECONDS)

    def _send(self) -> None:
        """Send what the session has; the lock is held."""
        link = self._link
        if link is None:
            return
        data = self.session.poll(self._now())
        if data:
            try:
                link.write(data)
            except LinkLost as error:
                self._lose(link, str(error))

    def _lose(self, link: Link, why: str) -> None:
        if self._link is not link:
            return
        self._link = None
        self.why_lost = why
        heard = self.session.heard_at
        # A line that opens and never speaks is no line: the pauses grow until something is heard.
        spoke = heard is not None and heard >= self._opened_at
        least, longest = BACK_OFF_SECONDS
        self._pause = least if spoke else min(2 * self._pause, longest)
        self._retry_at = self._now() + self._pause
        link.close()
        self.session.lost(self._now())
        self._condition.notify_all()

    def _reopen(self, seconds: float) -> None:
        """Wait a little, and try again when it is time."""
        if self._now() < self._retry_at:
            self._rest(min(seconds, self._retry_at - self._now()))
            return
        try:
            link = self._opener()
        except DeviceError as error:
            self.why_lost = str(error)
            self._pause = min(2 * self._pause, BACK_OFF_SECONDS[1])
            self._retry_at = self._now() + self._pause
            self._rest(seconds)
            return
        with self._condition:
            if self._ended.is_set():
                link.close()
                return
            self._link = link
            self._opened_at = self._now()
            self.session.back(self._now())
            self._condition.notify_all()

    def _rest(self, seconds: float) -> None:
        if self._foreground:
            self._sleep(seconds)
        else:
            self._ended.wait(seconds)
