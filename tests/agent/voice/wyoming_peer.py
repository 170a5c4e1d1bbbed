"""A Wyoming service that follows a script: the far end of a connection."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

from wyoming.event import Event, read_event, write_event

Script = Callable[["Peer"], None]
"""What the service does with a connection."""


class Peer:
    """One connection, seen from the service."""

    def __init__(self, stream: BinaryIO, gone: threading.Event) -> None:
        """Serve it."""
        self.stream = stream
        self.gone = gone
        """The test is over."""

    def read(self) -> Event | None:
        """Wait for an event."""
        return read_event(self.stream)

    def write(self, kind: str, payload: bytes = b"", /, **data: object) -> None:
        """Send an event."""
        write_event(Event(kind, data, payload or None), self.stream)

    def write_raw(self, data: bytes) -> None:
        """Send what is no event."""
        self.stream.write(data)
        self.stream.flush()


@contextlib.contextmanager
def serving(script: Script) -> Iterator[str]:
    """Serve one connection after the other in a thread; yield the address."""
    gone = threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # closed: the test is over
                return
            with (
                contextlib.suppress(OSError, ValueError),
                connection,
                connection.makefile("rwb") as stream,
            ):
                script(Peer(stream, gone))  # type: ignore[arg-type]

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            gone.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)
