"""Tell systemd how the service is (sd_notify(3)): a datagram to the socket that it names."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Final

_MICROSECONDS: Final = 1e6


def notify(state: str) -> None:
    """Send `READY=1`, `WATCHDOG=1`, `STOPPING=1` or the like; without systemd nothing happens."""
    name = os.environ.get("NOTIFY_SOCKET", "")
    if not name.startswith(("/", "@")):
        return
    address = "\0" + name[1:] if name.startswith("@") else name
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.sendto(state.encode(), address)


def watchdog_seconds() -> float | None:
    """Return how often a sign of life is due: half of what the unit allows; None without a watchdog."""
    text = os.environ.get("WATCHDOG_USEC", "")
    owner = os.environ.get("WATCHDOG_PID", "")
    if not text.isdigit() or (owner and owner != str(os.getpid())):
        return None
    return int(text) / _MICROSECONDS / 2 or None
