"""A pseudo-terminal in the place of a serial port: the host opens its other end by a name.

Strategy: the name is a symbolic link, so that it stays the same when the terminal is
"unplugged" (closed) and comes back as another one. Nothing here blocks: bytes that nobody
reads are dropped, as on a wire.
"""

from __future__ import annotations

import os
import select
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from sanso.devices.errors import DeviceError

_MOST_READ: Final = 4096
_BITS_PER_BYTE: Final = 10
"""Start, 8 data bits, stop."""


class PtyPort:
    """The appliance's end of a line."""

    def __init__(self, path: Path | None = None, *, paced_baud: int = 0) -> None:
        """Make a terminal; `path` becomes a link to it. With a rate, bytes take their time.

        Raises:
            DeviceError: this system has none, or the path is taken by something else.

        """
        self.path = path
        # A terminal that is closed under a read would have its number given to another file.
        self._lock = threading.RLock()
        self.paced_baud = paced_baud
        self._ends: tuple[int, int] | None = None
        self.name = ""
        self._heard_at = time.monotonic()
        if path is not None and path.exists():
            taken = (
                "in use by another twin" if path.is_symlink() else "no link of a twin"
            )
            msg = f"{path} is there already and is {taken}; choose another --pty, or remove it"
            raise DeviceError(msg)
        self.plug()

    def plug(self) -> None:
        """Make a new terminal, unless there is one.

        Raises:
            DeviceError: this system has none, or the link cannot be written.

        """
        with self._lock:
            if self._ends is None:
                self._plug()

    def _plug(self) -> None:
        try:
            import tty  # not on every system

            ends = os.openpty()
        except (ImportError, AttributeError, OSError) as error:
            msg = f"there are no pseudo-terminals here ({error}); run it on Linux or macOS"
            raise DeviceError(msg) from None
        tty.setraw(ends[1])
        os.set_blocking(ends[0], False)
        self._ends = ends
        self.name = os.ttyname(ends[1])
        if self.path is not None:
            try:
                self.path.unlink(missing_ok=True)
                self.path.symlink_to(self.name)
            except OSError as error:
                self.unplug()
                msg = f"{self.path} cannot be written ({error.strerror}); choose another --pty"
                raise DeviceError(msg) from None

    def unplug(self) -> None:
        """Close the terminal: whoever has it open loses it."""
        with self._lock:
            ends, self._ends = self._ends, None
            if ends is None:
                return
            if self.path is not None:
                with suppress(OSError):
                    if os.readlink(self.path) == self.name:  # noqa: PTH115 - a dangling link has no target to resolve
                        self.path.unlink()
            for end in ends:
                os.close(end)

    close = unplug

    @property
    def plugged(self) -> bool:
        """Whether the terminal is there."""
        return self._ends is not None

    def read(self, seconds: float) -> bytes:
        """Return what the host has sent, waiting at most so long for the first byte."""
        with self._lock:
            data = self._read(seconds)
        if not data:
            if not self.plugged:
                time.sleep(seconds)
            return b""
        self._take_time(len(data))
        self._heard_at = time.monotonic()
        return data

    def _read(self, seconds: float) -> bytes:
        if self._ends is None:
            return b""
        ready, _, _ = select.select([self._ends[0]], [], [], seconds)
        try:
            return os.read(self._ends[0], _MOST_READ) if ready else b""
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        """Send bytes to the host; what does not fit is lost."""
        self._take_time(len(data))
        with self._lock:
            if self._ends is not None and data:
                with suppress(BlockingIOError, OSError):
                    os.write(self._ends[0], data)

    @property
    def silent_seconds(self) -> float:
        """How long nothing has come."""
        return time.monotonic() - self._heard_at

    @property
    def host_baud(self) -> int | None:
        """The rate that the host has set; None where it cannot be told."""
        import termios

        with self._lock:
            if self._ends is None:
                return None
            code = termios.tcgetattr(self._ends[0])[5]
        for name in dir(termios):
            digits = name[1:]
            if name[0] == "B" and digits.isdigit() and getattr(termios, name) == code:
                return int(digits)
        return None

    def _take_time(self, count: int) -> None:
        if self.paced_baud:
            time.sleep(count * _BITS_PER_BYTE / self.paced_baud)
