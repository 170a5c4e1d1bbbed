"""Listen on a line, and play the module if the appliance says nothing by itself.

Strategy: a Tuya controller speaks when it is asked, a Xiaomi one asks by itself: so the
line is listened to for a moment first, and what is heard tells whom to play. Nothing is
ever written into the appliance: the session gets no write, so it only asks.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from sanso.devices.profile import Profile, load_profile

from .capture import Piece
from .opening import make_session

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from sanso.devices.clock import Clock

    from .capture import Direction, Recorder
    from .link import Link
    from .session import Session
    from .sniff import Draft, Heard

LISTEN_SECONDS: Final = 1.0
"""A Xiaomi controller has polled five times by then."""
ATTEMPT_SECONDS: Final = 4.0
"""At one rate, before the next is tried."""
BAUDS: Final = (9600, 115200)
_STEP_SECONDS: Final = 0.05
_PLAYED: Final = {"tuya": "kj-standard", "miot": "zhimi-airp-mb4a"}
"""Whose addresses are asked for; others that come are learned as well."""


class Asker:
    """Plays the module: answers what a controller asks, and asks for its values."""

    def __init__(self, clock: Clock, now: float) -> None:
        """Begin by listening; `now` in seconds of any clock that does not jump."""
        self._clock = clock
        self._began = now
        self._session: Session | None = None

    def poll(self, heard: bytes, protocol: str | None, now: float) -> bytes:
        """Take in what came; return what is to be sent now, which may be nothing."""
        if self._session is None:
            if protocol is None and now - self._began < LISTEN_SECONDS:
                return b""
            profile = minimal_profile(protocol or "tuya")
            self._session = make_session(profile, self._clock, now)
        elif protocol == "miot" and self._session.profile.protocol != "miot":
            self._session = make_session(minimal_profile("miot"), self._clock, now)
        self._session.feed(heard, now)
        return self._session.poll(now)


def minimal_profile(protocol: str) -> Profile:
    """Return a profile that asks for much and is never written with."""
    book = load_profile(_PLAYED[protocol])
    return book.model_copy(update={"id": "unknown", "model": ""})


def listen(
    opener: Callable[[int], Link],
    bauds: Sequence[int],
    draft: Draft,
    *,
    recorder: Recorder | None = None,
    clock: Clock | None = None,
    seconds: float | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Generator[Heard, None, None]:
    """Yield what is heard, until `seconds` are over or the caller stops.

    With several rates the next is tried as long as none makes sense. With a `clock`, which
    tells the time of day, the module is played; without one nothing is sent. The line is
    closed in any case.

    Raises:
        DeviceError: the line cannot be opened, or is lost.
        OSError: the recording cannot be written.

    """
    began = monotonic()
    direction: Direction = "line" if clock is None else "in"

    def keep(piece: Piece) -> list[Heard]:
        if recorder is not None:
            recorder.record(piece)
        return draft.learn(piece)

    for baud in _forever(bauds):
        link = opener(baud)
        asker = None if clock is None else Asker(clock, monotonic())
        opened = monotonic()
        try:
            while seconds is None or monotonic() - began < seconds:
                data = link.read(_STEP_SECONDS)
                now = monotonic()
                if data:
                    yield from keep(Piece(now - began, direction, data))
                sent = asker.poll(data, draft.protocol, now) if asker else b""
                if sent:
                    link.write(sent)
                    _ = keep(Piece(now - began, "out", sent))
                lost = draft.protocol is None and now - opened >= ATTEMPT_SECONDS
                if lost and len(bauds) > 1:
                    break
            else:
                return
        finally:
            with suppress(OSError):
                link.close()
            draft.baud = baud if draft.protocol else draft.baud


def _forever(bauds: Sequence[int]) -> Iterator[int]:
    while True:
        yield from bauds
