"""Sound of a file at the pace at which it would be heard."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from .parts import FRAME, RATE

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME_SECONDS: Final = FRAME / RATE


class Pace:
    """Lets one frame through in the time that it takes to hear it."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Start now."""
        self._now = monotonic
        self._sleep = sleep
        self._due = monotonic() + FRAME_SECONDS

    @property
    def behind(self) -> float:
        """Seconds of sound that could have gone by now."""
        return max(0.0, self._now() - self._due + FRAME_SECONDS)

    def wait(self, timeout: float) -> bool:
        """Wait until the next frame may go; False if it may not within `timeout` seconds."""
        left = self._due - self._now()
        self._sleep(max(0.0, min(left, timeout)))
        if left > timeout:
            return False
        self._due += FRAME_SECONDS
        return True
