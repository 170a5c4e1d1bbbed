"""
Push-to-talk: who may speak, and when, by a switch.

Strategy: every source is a `Switch` that some other thread moves and the loop asks,
between two frames, what happened. `Switch` itself is moved by calls, as from a socket
command; the terminal's key and a button at a GPIO pin move it in their own modules.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Final, Literal, Protocol

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

Push = Literal["press", "release"]

_MOST: Final = 64
"""Pushes that wait for the loop; of more, the oldest are forgotten."""


class Talk(Protocol):
    """A source of presses and releases."""

    name: str
    """For people."""

    def __enter__(self) -> Self:
        """Open it. Raises VoiceError with cause and cure."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it, and leave everything as it was."""
        ...

    def pushes(self) -> list[Push]:
        """Return what happened since it was last asked, in order; never waits."""
        ...


class Switch:
    """Pressed and released by calls, from any thread; presses and releases alternate."""

    def __init__(self, name: str = "command") -> None:
        """Start released."""
        self.name = name
        self._lock = threading.Lock()
        self._pressed = False
        self._waiting: deque[Push] = deque(maxlen=_MOST)

    def __enter__(self) -> Self:
        """Use it in a `with` statement."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing is to be closed."""

    @property
    def pressed(self) -> bool:
        """Where it stands."""
        return self._pressed

    def press(self) -> None:
        """Press it; while it is pressed, nothing changes."""
        with self._lock:
            self._move(pressed=True)

    def release(self) -> None:
        """Release it; while it is released, nothing changes."""
        with self._lock:
            self._move(pressed=False)

    def toggle(self) -> None:
        """Move it to the other side."""
        with self._lock:
            self._move(pressed=not self._pressed)

    def pushes(self) -> list[Push]:
        """Return what happened since it was last asked, in order; never waits."""
        with self._lock:
            told = list(self._waiting)
            self._waiting.clear()
        return told

    def _move(self, *, pressed: bool) -> None:
        if pressed != self._pressed:
            self._pressed = pressed
            self._waiting.append("press" if pressed else "release")
