"""Something done each second while a person thinks about the next line.

Strategy: a signal of the system's clock interrupts the waiting, in the thread that
waits, so that nothing happens at two places at once. Where there are no such signals
(Windows, or a thread that is not the main one), it is done between the lines only.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS: Final = 1.0


@contextmanager
def each_second(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` each second inside the block, which waits for input; it must not raise."""
    here = threading.current_thread() is threading.main_thread()
    if not here or not hasattr(signal, "setitimer"):
        yield
        return
    former = signal.signal(signal.SIGALRM, lambda *_: act())
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
