"""
Push-to-talk by a key of the terminal.

Strategy: a terminal tells no release of a key, so the space bar toggles, and while it is
held, which its repeats tell, it is held down. A thread reads while the terminal hands out single keys; whatever happens, its modes are put back. Where
there is no terminal, each line that comes in toggles; where nothing comes in, nothing
happens, and no error: another source may still be there.
"""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from .push import Switch
from .push_repeat import Repeats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from .push import Contact
    from .push_repeat import Move

_KEY: Final = b" "
_LINE: Final = b"\n"
_MOST_BYTES: Final = 256
_CLOSE_SECONDS: Final = 2.0


class TerminalKey(Switch):
    """The space bar: press to speak, press again when done; or hold it meanwhile."""

    def __init__(
        self,
        stream: Any = None,
        *,
        taps: bool = False,
        contact: Contact | None = None,
    ) -> None:
        """Read from a stream with a file descriptor; standard input unless told.

        With `taps` the key is released as soon as it is pressed: it only calls.
        """
        super().__init__("space bar", contact=contact)
        self._stream = sys.stdin if stream is None else stream
        self._taps = taps
        self._modes: list[Any] | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Let the terminal hand out single keys, and begin to read."""
        self._descriptor = _descriptor(self._stream)
        if self._descriptor is None or not self._take_terminal(self._descriptor):
            return self
        self._stopped, self._stop = os.pipe()
        self._thread = threading.Thread(
            target=self._read, args=(self._descriptor,), name="sanso-key", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop reading and put the terminal's modes back."""
        if self._thread is not None:
            os.close(self._stop)
            self._thread.join(_CLOSE_SECONDS)
            self._thread = None
        if self._modes is not None and self._descriptor is not None:
            import termios

            with suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(self._descriptor, termios.TCSANOW, self._modes)
            self._modes = None

    def _take_terminal(self, descriptor: int) -> bool:
        """Whether something can be read there; a terminal is told to hand out keys."""
        if not os.isatty(descriptor):
            return True
        try:
            import termios
            import tty

            if _in_background(descriptor):
                return False
            self._modes = termios.tcgetattr(descriptor)
            tty.setcbreak(descriptor, termios.TCSANOW)
        except (ImportError, OSError, termios.error):
            return False
        return True

    def _read(self, descriptor: int) -> None:
        repeats = Repeats()
        try:
            while True:
                wait = repeats.wait(time.monotonic())
                ready, _, _ = select.select([descriptor, self._stopped], [], [], wait)
                if self._stopped in ready:
                    return
                if not ready:
                    self._move_by(repeats.quiet(time.monotonic()))
                    continue
                data = os.read(descriptor, _MOST_BYTES)
                if not data:
                    return
                if self._modes is None:
                    self._move_by(["tap"] * data.count(_LINE))
                    continue
                for _ in range(data.count(_KEY)):
                    self._move_by(repeats.key(time.monotonic()))
        except (OSError, ValueError):  # the terminal, or the pipe, is gone or was none
            return
        finally:
            os.close(self._stopped)

    def _move_by(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if move == "let go":
                self.release()
            else:
                self.toggle()
            if self._taps:
                self.release()


def _descriptor(stream: Any) -> int | None:
    try:
        return int(stream.fileno())
    except (AttributeError, OSError, ValueError):  # none at all, closed, or a stand-in
        return None


def _in_background(descriptor: int) -> bool:
    """Whether the terminal would stop this program when it reads."""
    try:
        return os.tcgetpgrp(descriptor) != os.getpgrp()
    except OSError:  # it is not the terminal that controls this program
        return False
