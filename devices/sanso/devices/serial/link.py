"""The wire itself, through pyserial: a device file, a pseudo-terminal, or a TCP port.

Strategy: this is the only module that imports pyserial. Every failure becomes one line that
says what to do. A device file is locked, so that two programs do not write at once.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

from sanso.devices.errors import LinkLost, PortError

BAUDS: Final = (9600, 115200, 19200, 38400, 57600, 4800)
"""Rates that appliances use, the most frequent first."""
try:
    from termios import error as _TerminalError  # noqa: N812 - no OSError, in spite of all
except ImportError:  # not on Windows
    _TerminalError = OSError  # type: ignore[misc, assignment]
_FAILURES: Final = (OSError, ValueError, TypeError, AttributeError, _TerminalError)
"""How pyserial 3.5 fails on a port that is gone, closed, or was never one; SerialException is an OSError."""
_WRITE_SECONDS: Final = 1.0
_MOST_READ: Final = 4096


class Link(Protocol):
    """A line to an appliance."""

    name: str

    def read(self, seconds: float) -> bytes:
        """Return what has come, waiting at most so long for the first byte. Raises LinkLost."""
        ...

    def write(self, data: bytes) -> None:
        """Send bytes. Raises LinkLost."""
        ...

    def close(self) -> None:
        """Let go of the line; a second time does nothing."""
        ...


class SerialLink:
    """A serial port, 8 data bits, no parity, 1 stop bit, no flow control."""

    def __init__(self, name: str, baud: int) -> None:
        """Open a device file, or `socket://host:port`.

        Raises:
            PortError: it cannot be opened.

        """
        self.name = name
        serial = _pyserial()
        try:
            if "://" in name:
                self._port: Any = serial.serial_for_url(
                    name, baudrate=baud, timeout=0, write_timeout=_WRITE_SECONDS
                )
            else:
                self._port = serial.Serial(
                    name,
                    baud,
                    timeout=0,
                    write_timeout=_WRITE_SECONDS,
                    exclusive=True if os.name == "posix" else None,
                )
        except _FAILURES as error:
            raise PortError(_explained(name, error), url=name) from None

    def read(self, seconds: float) -> bytes:
        """Return what has come, waiting at most so long for the first byte.

        Raises:
            LinkLost: the port is gone.

        """
        try:
            self._port.timeout = max(0.0, seconds)
            first = self._port.read(1)
            if not first:
                return b""
            self._port.timeout = 0
            return bytes(first + self._port.read(_MOST_READ))
        except _FAILURES as error:
            # A port that is closed under a read fails as TypeError in pyserial 3.5.
            raise self._gone(error) from None

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises:
            LinkLost: the port is gone, or takes nothing any more.

        """
        try:
            self._port.write(data)
        except _FAILURES as error:
            raise self._gone(error) from None

    def close(self) -> None:
        """Let go of the port; a second time does nothing."""
        with suppress(OSError, AttributeError):
            self._port.close()

    def _gone(self, error: Exception) -> LinkLost:
        msg = f"the connection to {self.name} is lost ({error}); is it plugged in?"
        return LinkLost(msg, url=self.name)


def _pyserial() -> Any:
    try:
        import serial
    except ImportError:
        msg = 'serial purifiers need pyserial; install it with: pip install "sanso[serial]"'
        raise PortError(msg, url="serial:") from None
    return serial


def ports() -> list[str]:
    """Return the names of the serial ports of this machine, sorted."""
    _pyserial()
    from serial.tools.list_ports import comports

    return sorted(str(port.device) for port in comports())


def _explained(name: str, error: Exception) -> str:
    """Say why a port could not be opened, and what to do."""
    path = Path(name)
    text = str(error).lower()
    if "://" in name:
        return f"{name} cannot be reached ({error}); is the server running there?"
    if not os.path.lexists(path):
        found = ports()
        there = f"there is {', '.join(found)}" if found else "no serial port is there"
        return f"there is no port {name}; {there}"
    if not os.access(path, os.R_OK | os.W_OK):
        return _forbidden(path)
    if "lock" in text or "busy" in text or "resource temporarily" in text:
        return f"{name} is in use by another program; end that one first"
    if path.is_char_device():
        return f"{name} cannot be opened ({error}); is it a serial port?"
    return f"{name} is no serial port; choose one, such as /dev/ttyUSB0"


def _forbidden(path: Path) -> str:
    group = _group(path)
    if group == "root":
        return f"no permission for {path}, which is root's alone; give it a group with a udev rule, or run this as root"
    return (
        f"no permission for {path}; join its group and log in again: "
        f"sudo usermod -aG {group} $USER"
    )


def _group(path: Path) -> str:
    try:
        return path.group()
    except (KeyError, OSError, NotImplementedError):
        return "dialout"
