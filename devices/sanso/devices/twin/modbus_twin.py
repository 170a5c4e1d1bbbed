"""A Modbus RTU unit, as an appliance has it: it never speaks unless it is asked.

Strategy: bytes in by `feed`, bytes out by `poll`. A request's length follows from its
function, so a whole one is answered at once; what does not add up stays until the line is
silent and is dropped then, as silence is what ends a frame on this wire. Only registers of
the profile exist; a request that touches another one is refused whole, and does nothing.

Protocol: "slave address, function code, data, CRC low byte, CRC high byte"; "CRC-16 with
polynomial A001, first FFFF"; exceptions 01 illegal function, 02 illegal data address, 03
illegal data value (Modbus over serial line and Modbus application protocol).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanso.devices.errors import DeviceError
from sanso.devices.serial.modbus_registers import (
    BIT_TABLES,
    MOST_BITS,
    MOST_REGISTERS,
    from_word,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanso.devices.datapoint import Attribute, Table

    from .controller import Controller

BROADCAST: Final = 0
"""A write to this address is carried out by every unit and answered by none."""
LONGEST: Final = 256
"""Bytes of the longest frame."""
_POLYNOMIAL: Final = 0xA001
_SHORTEST: Final = 4
_PLAIN: Final = 8
"""Bytes of a request without a list of values: unit, function, two numbers, CRC."""
_COIL_ON: Final = 0xFF00
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _ILLEGAL_VALUE = 1, 2, 3
_READS: Final[dict[int, Table]] = {1: "coil", 2: "discrete", 3: "holding", 4: "input"}
_SINGLE: Final[dict[int, Table]] = {5: "coil", 6: "holding"}
_SEVERAL: Final[dict[int, Table]] = {15: "coil", 16: "holding"}
_MOST_WRITTEN: Final = {15: 1968, 16: 123}
_MOST_READ: Final = {1: MOST_BITS, 2: MOST_BITS, 3: MOST_REGISTERS, 4: MOST_REGISTERS}
_LISTED_AT: Final = 7
"""Where the values of functions 15 and 16 begin: behind their number of bytes."""


def crc16(data: bytes) -> int:
    """Return the checksum of a frame; its low byte goes first on the wire."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc & 1 else 0)
    return crc


def sealed(body: bytes) -> bytes:
    """Return a frame: unit, function and data with their checksum."""
    return body + crc16(body).to_bytes(2, "little")


class _Exception(DeviceError):
    """A request that is refused; the code is what the answer says."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exception {code}")
        self.code = code


class ModbusTwin:
    """The unit's end of Modbus RTU."""

    def __init__(
        self, controller: Controller, tell: Callable[[str], None] | None = None
    ) -> None:
        """Stand on an appliance; `tell` hears in one line what comes in."""
        self.controller = controller
        self._tell = tell or (lambda _line: None)
        self._buffer = bytearray()
        self._outbox: list[tuple[float, bytes]] = []
        self._names: dict[tuple[Table, int], Attribute] = {
            (point.table, point.register_): name
            for name, point in controller.profile.attr.items()
            if point.register_ is not None
        }

    def feed(self, data: bytes) -> None:
        """Take in what the host sent."""
        for piece in self.controller.line.passes(data, outward=False) if data else ():
            self._buffer += piece
            self._scan()

    def silence(self) -> None:
        """Drop what is incomplete or does not add up: the pause ends every frame."""
        self._buffer.clear()

    def poll(self) -> bytes:
        """Return what goes out now."""
        now = self.controller.clock.now()
        ready = b"".join(data for at, data in self._outbox if at <= now)
        self._outbox = [(at, data) for at, data in self._outbox if at > now]
        return ready

    def restart(self) -> None:
        """Restart the unit: what was on the way is gone."""
        self._buffer.clear()
        self._outbox.clear()
        self.controller.forget()
        self._tell("restarted")

    def _scan(self) -> None:
        while len(self._buffer) >= _SHORTEST:
            size = self._size()
            if size > len(self._buffer):
                break
            frame = bytes(self._buffer[:size])
            if sealed(frame[:-2]) != frame:
                break
            del self._buffer[:size]
            self._frame(frame[0], frame[1:-2])
        del self._buffer[:-LONGEST]

    def _size(self) -> int:
        """Return how long the frame at the head of the buffer is; all of it where nobody can know."""
        function = self._buffer[1]
        if function in _READS or function in _SINGLE:
            return _PLAIN
        if function in _SEVERAL:
            known = len(self._buffer) >= _LISTED_AT
            return _LISTED_AT + 2 + (self._buffer[_LISTED_AT - 1] if known else 1)
        return len(self._buffer)

    def _frame(self, unit: int, request: bytes) -> None:
        if unit not in (BROADCAST, self.controller.profile.unit):
            return
        function = request[0]
        try:
            answer = self._answer(function, request)
        except _Exception as refused:
            self._tell(f"refused {request.hex(' ')}: exception {refused.code}")
            answer = bytes((function | 0x80, refused.code))
        if unit != BROADCAST:
            self._send(sealed(bytes((unit,)) + answer))

    def _answer(self, function: int, request: bytes) -> bytes:
        first = int.from_bytes(request[1:3], "big")
        second = int.from_bytes(request[3:5], "big")
        if function in _READS:
            return bytes((function,)) + self._read(function, first, second)
        if function in _SINGLE:
            table = _SINGLE[function]
            if table == "coil" and second not in (0, _COIL_ON):
                raise _Exception(_ILLEGAL_VALUE)
            self._write(table, first, [int(second != 0) if table == "coil" else second])
            return request
        if function in _SEVERAL:
            words = self._listed(function, second, request[_LISTED_AT - 1 :])
            self._write(_SEVERAL[function], first, words)
            return request[:5]
        raise _Exception(_ILLEGAL_FUNCTION)

    def _read(self, function: int, first: int, count: int) -> bytes:
        if not 1 <= count <= _MOST_READ[function]:
            raise _Exception(_ILLEGAL_VALUE)
        table = _READS[function]
        names = self._found(table, first, count)
        self._tell(f"{table} {first} to {first + count - 1}?")
        numbers = self.controller.numbers()
        self.controller.told({n: numbers[n] for n in names if n in numbers})
        found = [numbers.get(name, 0) for name in names]
        data = _packed(found) if table in BIT_TABLES else _joined(found)
        return bytes((len(data),)) + data

    def _listed(self, function: int, count: int, data: bytes) -> list[int]:
        """Return the values of a request that writes several."""
        coils = _SEVERAL[function] == "coil"
        size = -(-count // 8) if coils else 2 * count
        if not 1 <= count <= _MOST_WRITTEN[function] or size != len(data):
            raise _Exception(_ILLEGAL_VALUE)
        if coils:
            return [data[bit // 8] >> bit % 8 & 1 for bit in range(count)]
        return [int.from_bytes(data[at : at + 2], "big") for at in range(0, size, 2)]

    def _write(self, table: Table, first: int, words: list[int]) -> None:
        names = self._found(table, first, len(words))
        points = self.controller.profile.attr
        numbers = [
            from_word(points[name], word)
            for name, word in zip(names, words, strict=True)
        ]
        for name, number in zip(names, numbers, strict=True):
            point = points[name]
            low, high = point.range or (number, number)
            codes = {*point.values.values(), *point.minutes.values()}
            unknown = point.type == "enum" and number not in codes
            if point.access == "ro":
                raise _Exception(_ILLEGAL_ADDRESS)
            if unknown or not low <= number <= high:
                raise _Exception(_ILLEGAL_VALUE)
        for name, number in zip(names, numbers, strict=True):
            self._tell(f"set {name} to {number}")
            self.controller.write(name, number)

    def _found(self, table: Table, first: int, count: int) -> list[Attribute]:
        """Return what lies in these registers. Raises where one of them does not exist."""
        places = [(table, first + offset) for offset in range(count)]
        if not all(place in self._names for place in places):
            raise _Exception(_ILLEGAL_ADDRESS)
        return [self._names[place] for place in places]

    def _send(self, frame: bytes) -> None:
        line, faults = self.controller.line, self.controller.faults
        at = self.controller.clock.now() + faults.delay_ms / 1000
        self._outbox += [(at, piece) for piece in line.passes(frame, outward=True)]


def _packed(numbers: list[int]) -> bytes:
    """Put bits into bytes, the first into the lowest bit."""
    bits = sum((number != 0) << at for at, number in enumerate(numbers))
    return bits.to_bytes(-(-len(numbers) // 8), "little")


def _joined(numbers: list[int]) -> bytes:
    """Put numbers into registers, negative ones as two's complement."""
    return b"".join((number & 0xFFFF).to_bytes(2, "big") for number in numbers)
