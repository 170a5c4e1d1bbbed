"""Data points inside a frame: `id, type, length (2 bytes), value`, one behind the other.

Strategy: a unit keeps its bytes; a number is read out of them only where type and
length agree. What does not fit ends the list and is counted: the units before it stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

_BEFORE_VALUE: Final = 4


class UnitType(IntEnum):
    """Types of a value, by the number on the wire."""

    RAW = 0
    BOOL = 1
    VALUE = 2
    STRING = 3
    ENUM = 4
    BITMAP = 5


TYPES: Final = {
    "bool": UnitType.BOOL,
    "value": UnitType.VALUE,
    "enum": UnitType.ENUM,
    "bitmap": UnitType.BITMAP,
}
"""By the word for them in a profile."""
_LENGTHS: Final[dict[int, tuple[int, ...]]] = {
    UnitType.BOOL: (1,),
    UnitType.VALUE: (4, 2, 1),
    UnitType.ENUM: (1,),
    UnitType.BITMAP: (1, 2, 4),
}
"""Bytes of a number; the first is the usual one. Shorter values are in public logs."""


@dataclass(frozen=True)
class Unit:
    """One data point as it stands in a frame."""

    dp: int
    type: int
    value: bytes

    @classmethod
    def of(cls, dp: int, kind: UnitType, number: int) -> Unit:
        """Make a unit that holds a number.

        Raises:
            OverflowError: the number does not fit its type.

        """
        signed = kind is UnitType.VALUE
        length = _LENGTHS[kind][0]
        if kind is UnitType.BITMAP:
            length = next((n for n in _LENGTHS[kind] if number < 256**n), length)
        return cls(dp, kind, number.to_bytes(length, "big", signed=signed))

    @property
    def number(self) -> int | None:
        """The value as a number; None for text, raw bytes, and a length that its type does not have."""
        if len(self.value) not in _LENGTHS.get(self.type, ()):
            return None
        signed = self.type == UnitType.VALUE
        return int.from_bytes(self.value, "big", signed=signed)

    def to_bytes(self) -> bytes:
        """Return the unit as it stands in a frame."""
        size = len(self.value).to_bytes(2, "big")
        return bytes((self.dp, self.type)) + size + self.value


def read_units(data: bytes) -> tuple[list[Unit], bool]:
    """Return the units in a frame's data, and whether all of it made sense."""
    units: list[Unit] = []
    at = 0
    while at < len(data):
        if at + _BEFORE_VALUE > len(data):
            return units, False
        begin = at + _BEFORE_VALUE
        end = begin + int.from_bytes(data[at + 2 : begin], "big")
        if end > len(data):
            return units, False
        units.append(Unit(data[at], data[at + 1], data[begin:end]))
        at = end
    return units, True


def join_units(units: list[Unit]) -> bytes:
    """Return the data of a frame that holds these units."""
    return b"".join(unit.to_bytes() for unit in units)
