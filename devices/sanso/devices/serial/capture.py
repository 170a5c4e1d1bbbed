"""Captures: what went over a line, kept as text and read back.

Strategy: one JSON object a line, `{"t": seconds, "dir": "in", "hex": "55aa..."}`, written and
flushed piece by piece, so that whatever ends the recording ends it between two lines. What
other programs log is read too: any line that holds bytes in hexadecimal, with or without a
time, a name or an arrow before them, and lines of MIoT as they are.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self, TextIO, get_args

from sanso.devices.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Iterator

Direction = Literal["in", "out", "line"]
"""From the appliance, to it, or heard on the line from whichever of the two."""

_MOST_BYTES: Final = 64 * 1024 * 1024
"""Of a capture: a day at 9600 baud is less."""
_LEAST_PIECE: Final = 2
_SHOWN: Final = 40
_TIME: Final = re.compile(
    r"(?<![\w:])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T ]?)?\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?Z?(?![:\w])"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\w)|(?<!\w)\d+\.\d+(?!\w)"
)
_RUN: Final = re.compile(
    r"(?<![0-9A-Za-z_])(?:0[xX])?(?:[0-9A-Fa-f]{2})+(?![0-9A-Za-z_])"
    r"(?:[\s,:;\-]*(?<![0-9A-Za-z_])(?:0[xX])?(?:[0-9A-Fa-f]{2})+(?![0-9A-Za-z_]))*"
)
_MIOT: Final = re.compile(
    r"(?:^|[\s>\]:])(get_down|down [a-zA-Z]|properties_changed \d|result \d|model [a-z]"
    r"|mcu_version \d|event_occured \d)"
)
_IN: Final = re.compile(r"\b(?:rx|in|recv|received|read)\b|<", re.IGNORECASE)
_OUT: Final = re.compile(r"\b(?:tx|out|sent|send|write)\b|>", re.IGNORECASE)


class CaptureError(DeviceError):
    """A capture that cannot be read, or from which nothing can be learned."""

    def __init__(self, message: str, *, kind: str, path: str, line: int = 0) -> None:
        """Keep which of the faults it is, the file, and the line counted from 1."""
        super().__init__(message)
        self.kind = kind
        self.path = path
        self.line = line


@dataclass(frozen=True)
class Piece:
    """Bytes that came or went together."""

    t: float
    """Seconds since the recording began."""
    direction: Direction
    data: bytes

    def to_line(self) -> str:
        """Return it as a line of a capture."""
        row = {"t": round(self.t, 4), "dir": self.direction, "hex": self.data.hex()}
        return json.dumps(row) + "\n"


class Recorder:
    """Write a capture, a line at a time."""

    def __init__(self, stream: TextIO) -> None:
        """Write to an open text; `close` closes it."""
        self._stream = stream
        self.pieces = 0

    @classmethod
    def open(cls, path: Path) -> Self:
        """Begin a new file.

        Raises:
            OSError: it is there already, or cannot be written.

        """
        return cls(path.open("x", encoding="utf-8"))

    def record(self, piece: Piece) -> None:
        """Write one piece, and let go of it at once. Raises OSError."""
        self._stream.write(piece.to_line())
        self._stream.flush()
        self.pieces += 1

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        self._stream.close()

    def __enter__(self) -> Self:
        """Return the recorder."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()


def read_capture(path: Path) -> list[Piece]:
    """Read a capture, or a log that holds bytes as hexadecimal text.

    Raises:
        CaptureError: there is no such file, or it is empty, torn, binary or something else.

    """
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        msg = f"{path} cannot be read: {reason}; check the path"
        raise CaptureError(msg, kind="unreadable", path=str(path)) from None
    return parse_capture(data, str(path))


def parse_capture(data: bytes, path: str) -> list[Piece]:
    """Read the bytes of a capture or log; `path` names them in errors.

    Raises:
        CaptureError: they are empty, torn, binary or something else.

    """
    if len(data) > _MOST_BYTES:
        msg = f"{path} has more than {_MOST_BYTES // 1024 // 1024} MB; cut a part out of it"
        raise CaptureError(msg, kind="large", path=path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        msg = f"{path} is binary, not text; give the .jsonl of a recording, or a log with bytes as hexadecimal text"
        raise CaptureError(msg, kind="binary", path=path)
    lines = [line.strip() for line in text.splitlines()]
    if not any(lines):
        msg = f"{path} is empty; record first: sanso devices sniff PORT --out {path}"
        raise CaptureError(msg, kind="empty", path=path)
    first = next(line for line in lines if line)
    ours = first.startswith("{") and '"hex"' in first
    pieces = list(_own(lines, path) if ours else _logged(lines))
    if not pieces:
        msg = f"{path} holds no bytes in hexadecimal; lines look like 55 AA 03 07 00 05 01 01 00 01 01 12"
        raise CaptureError(msg, kind="foreign", path=path)
    return pieces


def _own(lines: list[str], path: str) -> Iterator[Piece]:
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        piece = _piece(line)
        if piece is None:
            shown = "".join(c if c.isprintable() else "?" for c in line[:_SHOWN])
            msg = f"{path}:{number}: this line is torn or no part of a capture ({shown}); take it out"
            raise CaptureError(msg, kind="torn", path=path, line=number)
        yield piece


def _piece(line: str) -> Piece | None:
    try:
        row = json.loads(line)
        t, direction = float(row["t"]), row["dir"]
        data = bytes.fromhex(row["hex"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    if direction not in get_args(Direction) or not math.isfinite(t):
        return None
    return Piece(t, direction, data)


def _logged(lines: list[str]) -> Iterator[Piece]:
    """Yield the bytes of a foreign log; it tells no time that could be relied on."""
    for line in lines:
        found = _MIOT.search(line)
        if found:
            said = line[found.start(1) :].rstrip("\\r\"'")
            data = said.encode("ascii", "replace") + b"\r"
            yield Piece(0.0, _direction(line[: found.start(1)]), data)
            continue
        # A time would pass for bytes: it goes first. The longest run is what was meant.
        rest = _TIME.sub("|", line)
        runs = [(run.start(), _bytes(run.group())) for run in _RUN.finditer(rest)]
        start, data = max(runs, key=lambda run: len(run[1]), default=(0, b""))
        if len(data) >= _LEAST_PIECE:
            yield Piece(0.0, _direction(rest[:start]), data)


def _bytes(run: str) -> bytes:
    return bytes.fromhex(re.sub(r"0[xX](?=[0-9A-Fa-f]{2})|[^0-9A-Fa-f]", "", run))


def _direction(before: str) -> Direction:
    """Tell by what stands before the bytes; the last word or arrow counts."""
    heard = [found.start() for found in _IN.finditer(before)]
    sent = [found.start() for found in _OUT.finditer(before)]
    if not heard and not sent:
        return "line"
    return "in" if max(heard, default=-1) > max(sent, default=-1) else "out"
