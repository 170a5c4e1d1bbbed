"""The socket: JSON lines in, JSON lines out, for the owner alone.

Strategy: a thread for each client, which answers its lines one after another; the agent's
own lock lets one sentence act at a time. What a client sends wrong costs it a line with
the cause, never the service.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import socketserver
import struct
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from .place import ServiceError, make_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_BYTES: Final = 64 * 1024
"""Of a line."""
MOST_CLIENTS: Final = 64
_WAITING: Final = 64
_LAST_SECONDS: Final = 8.0
"""For answers that are under way at the end; systemd waits for 10."""
_CREDENTIALS: Final = struct.Struct("3i")


class SocketServer(socketserver.ThreadingUnixStreamServer):
    """Listens at a path until it is closed."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = _WAITING

    def __init__(
        self,
        path: Path,
        answer: Callable[[dict[str, Any], str], dict[str, Any]],
        left: Callable[[str], None] = lambda _name: None,
    ) -> None:
        """Listen; `answer` gets each request and the name of its client, `left` the name of one that has gone.

        Raises:
            ServiceError: another service listens there, or the socket cannot be made.

        """
        self.path = path
        self.answer = answer
        self.left = left
        self._lock = threading.Lock()
        self._clients: dict[socket.socket, threading.Thread] = {}
        self._numbers = iter(range(1, 1 << 62))
        self._run = secrets.token_hex(3)
        """In the names of clients, so that none is taken for one of an earlier run."""
        self._thread: threading.Thread | None = None
        make_place(path)
        _clear(path)
        before = os.umask(0o177)
        try:
            super().__init__(str(path), _Client)
        except OSError as error:
            msg = f"no socket can be made at {path} ({error.strerror}); set SANSO_SOCKET to another path"
            raise ServiceError(msg) from None
        finally:
            os.umask(before)
        self._made = _identity(path)

    def start(self) -> None:
        """Take clients in, in a thread of its own."""
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.1,), name="sanso-socket", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Take no more clients, let answers that are under way end, and remove the socket."""
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        with self._lock:
            clients = dict(self._clients)
        for client in clients:
            with suppress(OSError):
                client.shutdown(
                    socket.SHUT_RD
                )  # its thread ends behind its last answer
        deadline = time.monotonic() + _LAST_SECONDS
        for thread in clients.values():
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))
        self.server_close()
        if _identity(self.path) == self._made:
            self.path.unlink(missing_ok=True)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether a client may speak: the owner's, and not one too many."""
        del client_address
        reason = ""
        if (user := _user_of(request)) not in (None, os.getuid()):
            reason = f"this socket is for user {os.getuid()}, not for user {user}"
        with self._lock:
            if len(self._clients) >= MOST_CLIENTS:
                reason = f"there are {MOST_CLIENTS} clients already; try again later"
        if reason:
            with suppress(OSError):
                request.sendall(_line({"error": reason}))
        return not reason

    def enter(self, client: socket.socket) -> str:
        """Note a client and give it a name."""
        with self._lock:
            self._clients[client] = threading.current_thread()
            return f"socket-{self._run}-{next(self._numbers)}"

    def leave(self, client: socket.socket, name: str) -> None:
        """Forget a client and its conversation."""
        with self._lock:
            self._clients.pop(client, None)
        self.left(name)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a client that is gone be gone: its thread ends."""


class _Client(socketserver.StreamRequestHandler):
    server: SocketServer

    def handle(self) -> None:
        name = self.server.enter(self.request)
        try:
            while line := self.rfile.readline(MOST_BYTES + 1):
                if len(line) > MOST_BYTES:
                    self._send({"error": f"a line has at most {MOST_BYTES} bytes"})
                    return
                if line.strip():
                    self._send(self._answered(line, name))
        except OSError:  # it has left
            return
        finally:
            self.server.leave(self.request, name)

    def _answered(self, line: bytes, name: str) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            return {"error": "this line is no JSON; send one object a line"}
        if not isinstance(request, dict):
            return {"error": "this line is no JSON object; send one object a line"}
        known = {"id": request["id"]} if "id" in request else {}
        try:
            return {**known, **self.server.answer(request, name)}
        except Exception as error:  # noqa: BLE001 - one client's bad luck must not end the service
            text = " ".join(f"{type(error).__name__}: {error}".split())
            return {**known, "error": text[:300]}

    def _send(self, value: dict[str, Any]) -> None:
        self.wfile.write(_line(value))


def _line(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _user_of(client: socket.socket) -> int | None:
    """Return who is at the other end; None where the system does not tell."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    raw = client.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(raw)[1])


def _clear(path: Path) -> None:
    """Remove a socket that nobody listens at any more."""
    if not path.exists():
        return
    if not path.is_socket():
        msg = f"{path} is there and is no socket; set SANSO_SOCKET to another path"
        raise ServiceError(msg)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.settimeout(1.0)
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
        except OSError as error:
            msg = f"{path} cannot be used ({error.strerror}); set SANSO_SOCKET to another path"
            raise ServiceError(msg) from None
    msg = f"a service listens at {path} already; stop it first, or set SANSO_SOCKET"
    raise ServiceError(msg)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
