r"""Lines of Xiaomi's MIoT serial text protocol: bytes in, lists of words out.

Strategy: a line ends with a carriage return; words are separated by spaces, and text stands
in double quotes with a backslash before a quote. A line that is too long, holds bytes that
are no printable ASCII, or has an open quote is dropped whole and counted.

Protocol: "ASCII lines ended by \\r, at most 512 bytes, at most 64 parameters, separated by
spaces, strings in double quotes" (MIoT serial protocol as published in blakadder/miot).
"""

from __future__ import annotations

import re
from typing import Final

from .counters import Counters

END: Final = b"\r"
MOST_BYTES: Final = 512
MOST_WORDS: Final = 64
SILENCE_SECONDS: Final = 0.3
_WORD: Final = re.compile(r'(?:^| +)(?:"((?:[^"\\]|\\.)*)"(?= |$)|([^ "]+))')


def split_words(line: str) -> list[str] | None:
    """Return the words of a line, quotes taken off; None where a quote is open or out of place."""
    words: list[str] = []
    at, end = 0, len(line.rstrip(" "))
    while at < end:
        found = _WORD.match(line, at, end)
        if found is None:
            return None
        quoted, plain = found.groups()
        words.append(plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        at = found.end()
    return words


def quoted(text: str) -> str:
    """Return a text as one word of a line."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def make_line(*words: object) -> bytes:
    """Return a line as it goes over the wire; booleans as `true` and `false`.

    Raises:
        ValueError: it is longer than a line may be.

    """
    spelled = [str(w).lower() if isinstance(w, bool) else str(w) for w in words]
    data = " ".join(spelled).encode("ascii", "replace") + END
    if len(data) > MOST_BYTES or len(spelled) > MOST_WORDS:
        msg = f"a line has at most {MOST_BYTES} bytes and {MOST_WORDS} words: {spelled[0]} has {len(data)} and {len(spelled)}"
        raise ValueError(msg)
    return data


class LineDecoder:
    """Turn bytes into lines of words. Never blocks, never raises, never keeps more than a line."""

    def __init__(self, counters: Counters | None = None) -> None:
        """Begin with an empty buffer; what happens is counted in `counters`."""
        self.counters = Counters() if counters is None else counters
        self._buffer = bytearray()
        self._drowned = False
        """Whether the line that is coming has grown too long already."""

    def feed(self, data: bytes) -> list[list[str]]:
        """Take bytes in; return the lines that are whole now, empty ones left out."""
        self.counters.bytes_in += len(data)
        lines: list[list[str]] = []
        *ended, rest = data.replace(b"\n", END).split(END)
        for piece in ended:
            self._keep(piece)
            words = self._ended()
            if words:
                lines.append(words)
        self._keep(rest)
        return lines

    def expire(self) -> None:
        """Give up what is incomplete, after `SILENCE_SECONDS` without a byte."""
        if self._buffer or self._drowned:
            self.counters.timeouts += 1
            self.counters.junk += len(self._buffer)
        self._buffer.clear()
        self._drowned = False

    @property
    def waiting(self) -> int:
        """Bytes of a line that is not whole yet."""
        return len(self._buffer) + self._drowned

    def _keep(self, piece: bytes) -> None:
        if self._drowned:
            self.counters.junk += len(piece)
            return
        self._buffer += piece
        if len(self._buffer) >= MOST_BYTES:
            self.counters.oversize += 1
            self.counters.junk += len(self._buffer)
            self._buffer.clear()
            self._drowned = True

    def _ended(self) -> list[str] | None:
        raw, drowned = bytes(self._buffer), self._drowned
        self._buffer.clear()
        self._drowned = False
        if drowned or not raw:
            return None
        text = raw.decode("ascii", "replace")
        words = split_words(text) if text.isprintable() and text.isascii() else None
        if words is None or len(words) > MOST_WORDS:
            self.counters.malformed += 1
            self.counters.junk += len(raw)
            return None
        self.counters.good += 1
        return words
