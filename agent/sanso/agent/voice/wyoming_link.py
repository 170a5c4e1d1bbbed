"""
A connection to a Wyoming service: the one module that uses the library of that name.

Strategy: the protocol is a line of JSON, more JSON and bytes, in both directions; the library reads and writes it on a blocking socket. To wait no longer
than wanted, the socket has a deadline; to stop waiting at once, somebody else closes it. Whatever comes back that is no event is a fault of the service.
"""

from __future__ import annotations

import contextlib
import re
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from .errors import VoiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

_URI: Final = re.compile(r"tcp://(?:\[([^\]]+)\]|([^:/\s\[\]]+)):(\d{1,5})/?")
_LAST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class WyomingEvent:
    """What is sent one way or the other."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    payload: bytes = b""


class WyomingLink:
    """A connection that is open; close it, or use it in a `with` statement."""

    def __init__(self, uri: str, *, seconds: float) -> None:
        """
        Connect to `tcp://HOST:PORT`; `seconds` is how long to wait for anything.

        Raises:
            VoiceError: the address is wrong, nobody answers there, or the library is missing.
        """
        host, port = address(uri)
        self.uri = uri
        self._seconds = seconds
        self._library = _wyoming()
        try:
            self._socket = socket.create_connection((host, port), seconds)
        except OSError as error:
            reason = error.strerror or "no answer"
            msg = f"{uri} cannot be reached ({reason}); is the service running there?"
            raise VoiceError(msg) from None
        self._stream = self._socket.makefile("rwb")

    def wait_long(self) -> None:
        """Wait for events without a deadline; a peer that vanishes is noticed by what is sent to it."""
        option = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux
        if option is not None:
            milliseconds = int(self._seconds * 1000)
            self._socket.setsockopt(socket.IPPROTO_TCP, option, milliseconds)
        self._socket.settimeout(None)

    def send(self, event: WyomingEvent) -> None:
        """Send an event. Raises VoiceError where the connection is lost."""
        whole = self._library.Event(event.kind, dict(event.data), event.payload or None)
        try:
            self._library.write_event(whole, self._stream)
        except (OSError, ValueError) as error:
            raise self._lost(error) from None

    def receive(self) -> WyomingEvent | None:
        """
        Wait for an event; None where the service ended the connection.

        Raises:
            VoiceError: it sent nothing in time, or what is no event.
        """
        try:
            event = self._library.read_event(self._stream)
        except (OSError, ValueError) as error:
            raise self._lost(error) from None
        except (AttributeError, KeyError, TypeError, OverflowError, MemoryError):
            msg = f"{self.uri} does not speak Wyoming; check its address"
            raise VoiceError(msg) from None
        if event is None:
            return None
        return WyomingEvent(str(event.type), event.data or {}, event.payload or b"")

    def close(self) -> None:
        """End it, at once, also while another thread waits for an event."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def __enter__(self) -> Self:
        """Use it in a `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()
        with contextlib.suppress(OSError, ValueError):
            self._stream.close()

    def _lost(self, error: Exception) -> VoiceError:
        reason = getattr(error, "strerror", None) or "no answer in time"
        return VoiceError(f"the connection to {self.uri} is lost ({reason}); try again")


def address(uri: str) -> tuple[str, int]:
    """Return host and port of `tcp://HOST:PORT`. Raises VoiceError."""
    found = _URI.fullmatch(uri)
    if found is None or not 0 < int(found[3]) <= _LAST_PORT:
        msg = f"{uri} is no address of a service; write it like tcp://localhost:10200"
        raise VoiceError(msg)
    return found[1] or found[2], int(found[3])


def _wyoming() -> Any:
    try:
        import wyoming.event
    except ImportError:
        msg = (
            "Wyoming services need wyoming; install it with: pip install 'sanso[voice]'"
        )
        raise VoiceError(msg) from None
    return wyoming.event
