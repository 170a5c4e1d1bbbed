"""
Push-to-talk by a command: `sanso voice push`, or any program that writes a line into a socket.

Strategy: the socket of the service, at a path of its own: one JSON object a line,
{"push": "press" | "release" | "toggle"}, for the owner alone. Each line moves the switch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sanso.agent.service.client import Client
from sanso.agent.service.place import ServiceError, socket_path
from sanso.agent.service.server import SocketServer

from .errors import VoiceError
from .push import Switch

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from .push import Contact

_NAME: Final = "listen.sock"
PUSHES: Final = ("press", "release", "toggle")


def push_path() -> Path:
    """Return where listening takes commands, beside the socket of the service.

    Raises:
        ServiceError: this user has no home.

    """
    return socket_path().with_name(_NAME)


class SocketSwitch(Switch):
    """A switch that is moved through a socket."""

    def __init__(self, path: Path, *, contact: Contact | None = None) -> None:
        """Note where to listen."""
        super().__init__(contact=contact)
        self._path = path
        self._server: SocketServer | None = None

    def __enter__(self) -> Self:
        """Listen.

        Raises:
            VoiceError: another one listens there.
            ServiceError: the socket cannot be made.

        """
        if _is_taken(self._path):
            msg = f"another sanso listen takes its key at {self._path}; end that one first, or set SANSO_SOCKET"
            raise VoiceError(msg)
        self._server = SocketServer(self._path, self._answer)
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Listen no more, and remove the socket."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _answer(self, request: dict[str, Any], client: str) -> dict[str, Any]:
        del client
        push = request.get("push")
        if push not in PUSHES:
            return {"error": f'this is no push; send {{"push": "{PUSHES[0]}"}}'}
        getattr(self, push)()
        return {"pressed": self.pressed}


def _is_taken(path: Path) -> bool:
    """Whether somebody answers there."""
    try:
        Client(path).close()
    except ServiceError:
        return False
    return True
