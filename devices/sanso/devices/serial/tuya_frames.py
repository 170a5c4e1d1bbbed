"""Frames of the Tuya MCU serial protocol: bytes in, frames out.

Strategy: one buffer, scanned from the front. Whatever is wrong (version, length,
checksum, silence in the middle) costs the two bytes of the header: the scan goes on in
the same bytes, because a good frame may lie inside a broken one. A frame that adds up
is taken whole, also where its data hold another header.

Protocol: "55 AA, version, command, length (2 bytes, big endian), data, checksum: the sum
of all bytes before it, modulo 256"; the module sends version 0, the controller 3 (Tuya
MCU serial protocol, general).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from .counters import Counters

HEADER: Final = b"\x55\xaa"
MODULE_VERSION: Final = 0
MCU_VERSION: Final = 3
_HIGHEST_VERSION: Final = 3
_BEFORE_DATA: Final = 6
MOST_DATA: Final = 1024
"""Bytes of data in a frame: modules have a buffer of at least 1024 (256 in the oldest)."""
SILENCE_SECONDS: Final = 0.3
"""A frame whose rest stays away this long is given up."""


class Command(IntEnum):
    """Commands, by the number in the frame."""

    HEARTBEAT = 0x00
    PRODUCT = 0x01
    WORK_MODE = 0x02
    NETWORK = 0x03
    RESET_WIFI = 0x04
    RESET_WIFI_MODE = 0x05
    SET = 0x06
    REPORT = 0x07
    QUERY = 0x08
    GMT_TIME = 0x0C
    LOCAL_TIME = 0x1C
    SYNC_REPORT = 0x22
    SYNC_ACK = 0x23
    SIGNAL = 0x24
    NETWORK_ASKED = 0x2B
    MAC = 0x2D


@dataclass(frozen=True)
class Frame:
    """One frame, without header and checksum."""

    command: int
    data: bytes = b""
    version: int = MODULE_VERSION

    def __post_init__(self) -> None:
        """Refuse what no frame can hold: ValueError."""
        fits = {self.command, self.version} <= set(range(256))
        if not fits or len(self.data) > MOST_DATA:
            msg = f"no frame holds command {self.command}, version {self.version}, {len(self.data)} bytes"
            raise ValueError(msg)

    def to_bytes(self) -> bytes:
        """Return the frame as it goes over the wire."""
        size = len(self.data).to_bytes(2, "big")
        body = HEADER + bytes((self.version, self.command)) + size + self.data
        return body + bytes((sum(body) % 256,))


class FrameDecoder:
    """Turn bytes into frames. Never blocks, never raises, never keeps more than a frame."""

    def __init__(self, counters: Counters | None = None) -> None:
        """Begin with an empty buffer; what happens is counted in `counters`."""
        self.counters = Counters() if counters is None else counters
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes in; return the frames that are whole now."""
        self.counters.bytes_in += len(data)
        self._buffer += data
        return self._scan()

    def expire(self) -> list[Frame]:
        """Give up what is incomplete, after `SILENCE_SECONDS` without a byte; return frames found inside it."""
        found: list[Frame] = []
        while self._buffer:
            if len(self._buffer) > 1:
                self.counters.timeouts += 1
            self._skip(0, len(HEADER))
            found += self._scan()
        return found

    @property
    def waiting(self) -> int:
        """Bytes of a frame that is not whole yet."""
        return len(self._buffer)

    def _scan(self) -> list[Frame]:
        frames: list[Frame] = []
        at = 0
        while True:
            at = self._next_header(at)
            length = len(self._buffer) - at
            if length < _BEFORE_DATA:
                break
            version, command = self._buffer[at + 2], self._buffer[at + 3]
            size = int.from_bytes(self._buffer[at + 4 : at + 6], "big")
            if version > _HIGHEST_VERSION:
                self.counters.bad_version += 1
                at = self._passed(at)
                continue
            if size > MOST_DATA:
                self.counters.oversize += 1
                at = self._passed(at)
                continue
            end = at + _BEFORE_DATA + size
            if end >= len(self._buffer):
                break
            if sum(self._buffer[at:end]) % 256 != self._buffer[end]:
                self.counters.bad_sum += 1
                at = self._passed(at)
                continue
            data = bytes(self._buffer[at + _BEFORE_DATA : end])
            frames.append(Frame(command, data, version))
            self.counters.good += 1
            at = end + 1
        del self._buffer[:at]
        return frames

    def _next_header(self, at: int) -> int:
        """Return where the next header begins, or could begin; what lies before it is junk."""
        found = self._buffer.find(HEADER, at)
        if found < 0:
            found = len(self._buffer)
            found -= self._buffer.endswith(HEADER[:1]) and found > at
        self.counters.junk += found - at
        return found

    def _passed(self, at: int) -> int:
        self.counters.junk += len(HEADER)
        return at + len(HEADER)

    def _skip(self, at: int, count: int) -> None:
        taken = min(count, len(self._buffer) - at)
        self.counters.junk += taken
        del self._buffer[at : at + taken]
