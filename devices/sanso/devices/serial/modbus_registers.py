"""Where a product's values lie in its Modbus tables, and what a register's bits mean.

Strategy: pure. Neighbours of one table are read with one question; a hole ends the
question, since many appliances refuse all of it for one register that they do not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sanso.devices.datapoint import Attribute, Datapoint, Table

# "Quantity of coils 1 to 2000; quantity of registers 1 to 125." (Modbus application
# protocol, functions 01 to 04)
MOST_BITS: Final = 2000
MOST_REGISTERS: Final = 125
BIT_TABLES: Final = ("coil", "discrete")
WRITABLE_TABLES: Final = ("coil", "holding")
_WORD: Final = 1 << 16
_SIGN: Final = 1 << 15


@dataclass(frozen=True)
class Span:
    """Neighbouring registers, or bits, that one question reads."""

    table: Table
    first: int
    attributes: tuple[Attribute, ...]
    """One for each register from `first` on."""

    def split(self) -> list[Span]:
        """Return a span for each of its registers."""
        return [
            Span(self.table, self.first + offset, (name,))
            for offset, name in enumerate(self.attributes)
        ]


def spans_of(points: Mapping[Attribute, Datapoint]) -> list[Span]:
    """Return the questions that read everything readable, each table's in rising order."""
    places: dict[Table, list[tuple[int, Attribute]]] = {}
    for name, point in points.items():
        if point.register_ is not None and point.access != "wo":
            places.setdefault(point.table, []).append((point.register_, name))
    return [
        Span(table, run[0][0], tuple(name for _, name in run))
        for table, found in places.items()
        for run in _runs(
            sorted(found), MOST_BITS if table in BIT_TABLES else MOST_REGISTERS
        )
    ]


def _runs(
    places: list[tuple[int, Attribute]], most: int
) -> Iterable[list[tuple[int, Attribute]]]:
    run = places[:1]
    for (before, _), place in pairwise(places):
        if place[0] != before + 1 or len(run) == most:
            yield run
            run = []
        run.append(place)
    yield run


def is_signed(point: Datapoint) -> bool:
    """Whether a register holds -32768 to 32767: its range or a number without reading is negative."""
    low = point.range[0] if point.range else 0
    return min((low, *point.invalid)) < 0


def to_word(point: Datapoint, number: int) -> int:
    """Return the 16 bits of a number; of a coil, 0 or 1.

    Raises:
        OverflowError: it does not fit.

    """
    if point.table in BIT_TABLES:
        return int(number != 0)
    low, high = (-_SIGN, _SIGN) if is_signed(point) else (0, _WORD)
    if not low <= number < high:
        msg = f"{number} does not fit a register of {low} to {high - 1}"
        raise OverflowError(msg)
    return number % _WORD


def from_word(point: Datapoint, word: int) -> int:
    """Return the number that 16 bits, or a bit, stand for.

    A word that the profile calls invalid stays as it is: 65535 is no temperature of -1.
    """
    negative = is_signed(point) and word >= _SIGN and word not in point.invalid
    return word - _WORD if negative else word
