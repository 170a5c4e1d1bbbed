"""Speak to a service that is there."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import TYPE_CHECKING, Any, Final, Self

from .place import ServiceError, socket_path

if TYPE_CHECKING:
    from pathlib import Path

_ANSWER_SECONDS: Final = 60.0


class Client:
    """A connection; requests are answered in their order."""

    def __init__(self, path: Path) -> None:
        """Connect.

        Raises:
            ServiceError: nobody listens there, or not for this user.

        """
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(_ANSWER_SECONDS)
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            msg = f"no service answers at {path} ({error.strerror}); start it with: sanso run"
            raise ServiceError(msg) from None
        self._file = self._socket.makefile("rb")

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return its answer.

        Raises:
            ServiceError: the service has ended, does not answer, or refuses.

        """
        try:
            # One that is turned away finds the door shut already, but the reason behind it.
            with contextlib.suppress(ConnectionError):
                self._socket.sendall(json.dumps(request).encode() + b"\n")
            line = self._file.readline()
        except OSError as error:
            msg = f"the service at {self._path} does not answer ({error}); is it still running?"
            raise ServiceError(msg) from None
        if not line:
            msg = f"the service at {self._path} does not answer (it has ended); is it still running?"
            raise ServiceError(msg)
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError:
            msg = f"the service at {self._path} does not answer (it has ended); is it still running?"
            raise ServiceError(msg) from None
        if set(answer) == {"error"}:
            msg = f"the service refuses: {answer['error']}"
            raise ServiceError(msg)
        return answer

    def close(self) -> None:
        """Let go of the connection; a second time does nothing."""
        self._file.close()
        self._socket.close()

    def __enter__(self) -> Self:
        """Use it in a `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def running_service() -> Client | None:
    """Return a connection to this user's service; None where there is none."""
    try:
        path = socket_path()
        return Client(path) if path.is_socket() else None
    except (ServiceError, OSError):
        return None
