"""
Push-to-talk: who may speak, and when, by a switch.

Strategy: every source is a `Switch` that some other thread moves and the loop asks,
between two frames, what happened. `Switch` itself is moved by calls, as from a socket
command; the terminal's key and a button at a GPIO pin move it in their own modules. Several
sources may move one contact, so that each ends what another began.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
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

    def let_go(self) -> None:
        """Take in that what was said by it is over, though nobody released it."""
        ...


@dataclass(slots=True)
class Contact:
    """Where switches stand that are one."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    pressed: bool = False
    toggled: bool = False
    """Whether it was pressed by a toggle, which nobody holds down."""
    waiting: deque[Push] = field(default_factory=lambda: deque(maxlen=_MOST))


class Switch:
    """Pressed and released by calls, from any thread; presses and releases alternate."""

    def __init__(
        self, name: str = "command", *, contact: Contact | None = None
    ) -> None:
        """Start released; switches of one contact are one, and any of them tells its pushes."""
        self.name = name
        self._contact = contact or Contact()

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
        return self._contact.pressed

    def press(self) -> None:
        """Press it; while it is pressed, nothing changes."""
        with self._contact.lock:
            self._move(pressed=True)

    def release(self) -> None:
        """Release it; while it is released, nothing changes."""
        with self._contact.lock:
            self._move(pressed=False)

    def toggle(self) -> None:
        """Move it to the other side."""
        with self._contact.lock:
            self._move(pressed=not self._contact.pressed, toggled=True)

    def let_go(self) -> None:
        """Release it where a toggle pressed it: the next one is for the next sentence.

        A button that is held down stays pressed, and says nothing, until a hand lets it go.
        """
        with self._contact.lock:
            if self._contact.toggled:
                self._move(pressed=False)

    def pushes(self) -> list[Push]:
        """Return what happened since it was last asked, in order; never waits."""
        with self._contact.lock:
            told = list(self._contact.waiting)
            self._contact.waiting.clear()
        return told

    def _move(self, *, pressed: bool, toggled: bool = False) -> None:
        contact = self._contact
        if pressed != contact.pressed:
            contact.pressed, contact.toggled = pressed, toggled
            contact.waiting.append("press" if pressed else "release")
