"""
Read the metadata of a GGUF without llama.cpp.

Strategy: only what stands before the tensors is read, with every length checked against the file's size, so that a damaged file is an
error here and not a fault inside C++. Format: GGUF version 2 and 3 (ggml docs/gguf.md): magic, version, counts, then key,
type, value; little endian.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from .errors import AgentError

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC: Final = b"GGUF"
_VERSIONS: Final = (2, 3)
_MOST_KEYS: Final = 10_000
_MOST_LAYERS: Final = 512
"""LLAMA_MAX_LAYERS of llama.cpp, which aborts above it."""
_TOKENS: Final = "tokenizer.ggml.tokens"
_STRING, _ARRAY, _BOOL = 8, 9, 7
_LENGTH: Final = 8
"""Bytes of the length before a string."""
_NUMBERS: Final = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    _BOOL: "?",
    10: "Q",
    11: "q",
    12: "d",
}


class NotGguf(AgentError):
    """The file is not a GGUF, or a damaged one; the message says which."""


class _Reader:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self.spells_bytes = False

    def take(self, length: int) -> bytes:
        if length > self._size - self._file.tell():
            msg = "it is cut off"
            raise NotGguf(msg)
        return self._file.read(length)

    def skip(self, length: int) -> None:
        if length > self._size - self._file.tell():
            msg = "it is cut off"
            raise NotGguf(msg)
        self._file.seek(length, 1)

    def number(self, code: str) -> Any:
        return struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]

    def string(self) -> str:
        return self.take(self.number("Q")).decode("utf-8", "replace")

    def entry(self) -> tuple[str, Any]:
        key = self.string()
        return key, self._value(key, self.number("I"))

    def _value(self, key: str, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            return self._array(key)
        if kind not in _NUMBERS:
            msg = "its metadata are damaged"
            raise NotGguf(msg)
        return self.number(_NUMBERS[kind])

    def _array(self, key: str) -> int:
        """Pass over an array; its length is all that anybody needs."""
        kind, length = self.number("I"), self.number("Q")
        if kind in _NUMBERS:
            self.skip(struct.calcsize("<" + _NUMBERS[kind]) * length)
        elif kind == _STRING and length <= self._size and key == _TOKENS:
            self._pass_tokens(length)
        elif kind == _STRING and length <= self._size:
            for _ in range(length):
                self.skip(self.number("Q"))
        else:
            msg = "its metadata are damaged"
            raise NotGguf(msg)
        return int(length)

    def _pass_tokens(self, length: int) -> None:
        """Two tokens of one text make llama.cpp abort; it reads up to a zero byte."""
        seen: set[bytes] = set()
        read, left = self._file.read, self._size - self._file.tell()
        for index in range(length):
            size = int.from_bytes(read(_LENGTH), "little")
            left -= _LENGTH + size
            if left < 0:
                msg = "it is cut off"
                raise NotGguf(msg)
            text = read(size).partition(b"\0")[0]
            seen.add(text or b"[EMPTY_%d]" % index)
        if len(seen) < length:
            msg = "it lists a token twice"
            raise NotGguf(msg)
        self.spells_bytes = seen.issuperset(b"<0x%02X>" % byte for byte in range(256))


def read_header(path: Path) -> dict[str, Any]:
    """
    Metadata by key; arrays as their length.

    Raises:
        OSError: the file cannot be read.
        NotGguf: it is something else, or damaged.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        reader = _Reader(file, size)
        if size == 0:
            msg = "it is empty"
            raise NotGguf(msg)
        start = file.read(16)
        file.seek(0)
        if start.lstrip().lower().startswith((b"<!doctype", b"<html")):
            msg = "it is a web page: the download went wrong"
            raise NotGguf(msg)
        if reader.take(min(4, size)) != _MAGIC:
            msg = "it does not begin with GGUF"
            raise NotGguf(msg)
        version = reader.number("I")
        if version not in _VERSIONS:
            msg = f"its version {version} is unknown"
            raise NotGguf(msg)
        reader.number("Q")
        count = reader.number("Q")
        if count > _MOST_KEYS:
            msg = "its metadata are damaged"
            raise NotGguf(msg)
        header = dict(reader.entry() for _ in range(count))
    _check_facts(header, spells_bytes=reader.spells_bytes)
    return header


def _check_facts(header: dict[str, Any], *, spells_bytes: bool) -> None:
    """Refuse what llama.cpp asserts, or throws, only after it has believed the file."""
    kind = header.get("tokenizer.ggml.model")
    if kind == "bert" or (kind == "llama" and not spells_bytes):
        msg = "its vocabulary cannot spell every text"
        raise NotGguf(msg)
    for key, value in header.items():
        if key.endswith(".block_count"):
            right = isinstance(value, int) and 0 < value <= _MOST_LAYERS
        elif key == "qwen2.rope.dimension_count":
            right = value == _head_width(header, "qwen2")
        elif key.endswith("_epsilon"):
            right = isinstance(value, float) and 0 <= value < math.inf
        else:
            continue
        if not right:
            msg = f"its {key} is {value}"
            raise NotGguf(msg)


def _head_width(header: dict[str, Any], family: str) -> int | None:
    """Numbers per attention head: all of them are turned by position, or Qwen's graph aborts."""
    heads = header.get(f"{family}.attention.head_count")
    width = header.get(f"{family}.embedding_length")
    if isinstance(heads, int) and isinstance(width, int) and heads > 0:
        width //= heads
    said = header.get(f"{family}.attention.key_length", width)
    return said if isinstance(said, int) else None
