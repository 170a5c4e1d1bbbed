"""Something done each second while a person thinks about the next line.

Strategy: a thread that lives only as long as the waiting, and is waited for at its end,
so that nothing ever happens at two places at once. A signal would interrupt the waiting
without a thread; but CPython breaks where it comes together with Ctrl-C.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS: Final = 1.0


@contextmanager
def each_second(act: Callable[[], None], seconds: float = SECONDS) -> Iterator[None]:
    """Call `act` each second inside the block, which waits; what it raises comes at the end."""
    over = threading.Event()
    raised: list[Exception] = []

    def run() -> None:
        while not over.wait(seconds):
            try:
                act()
            except Exception as error:  # noqa: BLE001 - raised again below
                raised.append(error)
                return

    thread = threading.Thread(target=run, name="each second", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if raised:
        raise raised[0]
