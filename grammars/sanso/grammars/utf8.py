"""
Ranges of code points as ranges of bytes.

Strategy: UTF-8 writes equal lengths in order, so a range is cut where the length changes, around the surrogates, and where a
tail of bytes is not whole, until every part is a product of byte ranges (the way of Russ Cox's regular expressions, 2010).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ByteRange = tuple[int, int]

_LAST_OF_LENGTH: Final = (0x7F, 0x7FF, 0xFFFF, 0x10FFFF)
# No UTF-8 text holds a surrogate (RFC 3629, section 3).
_SURROGATES: Final = (0xD800, 0xDFFF)
_TAIL_BITS: Final = 6


def byte_ranges(low: int, high: int) -> list[tuple[ByteRange, ...]]:
    """Sequences of byte ranges that together write exactly the code points from `low` to `high`."""
    found = []
    for first, last in _same_length(low, high):
        found += list(_products(first, last))
    return found


def _same_length(low: int, high: int) -> Iterator[tuple[int, int]]:
    begin = 0
    for end in _LAST_OF_LENGTH:
        first, last = max(low, begin), min(high, end)
        begin = end + 1
        if first > last:
            continue
        before, after = _SURROGATES
        if first < before:
            yield first, min(last, before - 1)
        if last > after and first <= last:
            yield max(first, after + 1), last


def _products(low: int, high: int) -> Iterator[tuple[ByteRange, ...]]:
    """Cut until each tail byte runs through all of its values or stands still."""
    for tail in range(1, len(chr(low).encode())):
        mask = (1 << _TAIL_BITS * tail) - 1
        if low & ~mask != high & ~mask:
            if low & mask:
                yield from _products(low, low | mask)
                yield from _products((low | mask) + 1, high)
                return
            if high & mask != mask:
                yield from _products(low, (high & ~mask) - 1)
                yield from _products(high & ~mask, high)
                return
    yield tuple(zip(chr(low).encode(), chr(high).encode(), strict=True))
