"""Data points inside a frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices.serial.tuya_units import Unit, UnitType, join_units, read_units

units_ = st.builds(
    Unit, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=20)
)

RANGES = {
    UnitType.BOOL: (0, 1),
    UnitType.VALUE: (-(2**31), 2**31 - 1),
    UnitType.ENUM: (0, 255),
    UnitType.BITMAP: (0, 2**32 - 1),
}


@given(st.lists(units_, max_size=8))
def test_units_come_back(units: list[Unit]) -> None:
    """Whatever units are put into a frame are read out of it."""
    assert (units, True) == read_units(join_units(units))


@given(st.data())
def test_numbers_come_back(data: st.DataObject) -> None:
    """Every number that a type can hold is read as it was made."""
    kind = data.draw(st.sampled_from(sorted(RANGES)))
    number = data.draw(st.integers(*RANGES[kind]))
    assert number == Unit.of(7, kind, number).number


@pytest.mark.parametrize(
    ("number", "wire"),
    [(0x100, "0100"), (0xFFFF, "ffff"), (0x1_0000, "00010000"), (2**31, "80000000")],
)
def test_bitmap_takes_the_bytes_that_it_needs(number: int, wire: str) -> None:
    """A bitmap has 1, 2 or 4 bytes: the ninth fault still fits."""
    assert wire == Unit.of(22, UnitType.BITMAP, number).value.hex()


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (UnitType.VALUE, 2**31),
        (UnitType.VALUE, -(2**31) - 1),
        (UnitType.ENUM, 256),
        (UnitType.ENUM, -1),
        (UnitType.BOOL, -1),
        (UnitType.BITMAP, 2**32),
    ],
)
def test_number_too_large(kind: UnitType, number: int) -> None:
    """A number that its type cannot hold is refused."""
    with pytest.raises(OverflowError):
        Unit.of(1, kind, number)


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    """Any bytes give the units before the first that does not fit, and say so."""
    units, whole = read_units(data)
    assert data.startswith(join_units(units))
    assert whole == (data == join_units(units))
    for unit in units:
        assert unit.number is None or isinstance(unit.number, int)


@given(st.lists(units_, min_size=1, max_size=5), st.integers(1, 10))
def test_torn_list_keeps_its_head(units: list[Unit], cut: int) -> None:
    """A list that ends early gives the units before the torn one."""
    data = join_units(units)
    short = data[: max(0, len(data) - min(cut, len(units[-1].to_bytes()) - 1))]
    assert (units[:-1], False) == read_units(short)


@pytest.mark.parametrize(
    ("kind", "value", "number"),
    [
        (UnitType.VALUE, "fffffed4", -300),
        (UnitType.VALUE, "fed4", -300),
        (UnitType.VALUE, "0025", 37),
        (UnitType.VALUE, "ff", -1),
        (UnitType.BITMAP, "8000", 0x8000),
        (UnitType.BITMAP, "ffffffff", 2**32 - 1),
        (UnitType.BOOL, "01", 1),
        (UnitType.ENUM, "ff", 255),
        (UnitType.VALUE, "000025", None),
        (UnitType.VALUE, "", None),
        (UnitType.BOOL, "", None),
        (UnitType.BOOL, "0001", None),
        (UnitType.ENUM, "0001", None),
        (UnitType.BITMAP, "000001", None),
        (UnitType.RAW, "01", None),
        (UnitType.STRING, "31", None),
        (9, "01", None),
    ],
)
def test_number_of(kind: int, value: str, number: int | None) -> None:
    """A number is read only where type and length agree."""
    assert number == Unit(1, kind, bytes.fromhex(value)).number
