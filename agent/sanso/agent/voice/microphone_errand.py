"""Work that may never return, done aside: whoever waits for it may stop waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

Launch = Callable[[Callable[[], None]], None]
"""Begins work, and does not wait for it."""


def aside(work: Callable[[], None]) -> None:
    """Begin work in a thread that a program which ends does not wait for."""
    threading.Thread(target=work, name="sanso-microphone", daemon=True).start()


class Errand:
    """Work that was begun; it wakes an event when it is done."""

    def __init__(
        self, work: Callable[[], object], wake: threading.Event, launch: Launch
    ) -> None:
        """Begin."""
        self.done = False
        self.error: Exception | None = None
        self._work: Final = work
        self._wake: Final = wake
        launch(self._run)

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 - whoever waits for it decides
            self.error = error
        finally:
            self.done = True
            self._wake.set()
