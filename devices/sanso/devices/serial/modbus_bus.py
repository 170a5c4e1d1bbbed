"""The registers of a Modbus RTU unit, asked through pymodbus.

Strategy: this is the only module that imports pymodbus, and it does so when a unit is
opened. The wire is this package's own link, so that a port is opened, locked and explained
as any other; pymodbus makes the requests and reads the answers. One question is asked at a
time and never repeated here: whether that can do harm is known further up.
"""

from __future__ import annotations

import logging
import struct
from typing import TYPE_CHECKING, Any, Final

from sanso.devices.errors import DeviceError, LinkLost, NoAnswer, PortError

from .counters import Counters
from .modbus_registers import BIT_TABLES
from .session import MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanso.devices.datapoint import Table
    from sanso.devices.profile import Profile

    from .link import Link

ANSWER_SECONDS: Final = 0.4
"""In which a unit answers: the usual 3 s, four times, is too long for somebody who waits."""
LATE_SECONDS: Final = 1.0
"""How long after a question an answer to it may still come."""
# "Frames are separated by a silent interval of at least 3.5 character times", of 11 bits;
# above 19200 baud it is 1.75 ms (Modbus over serial line, 2.5.1.1).
_SILENT_BITS: Final = 3.5 * 11
_SILENT_SECONDS: Final = 0.00175
_READS: Final[dict[Table, tuple[str, int]]] = {
    "coil": ("read_coils", 1),
    "discrete": ("read_discrete_inputs", 2),
    "holding": ("read_holding_registers", 3),
    "input": ("read_input_registers", 4),
}
_SINGLE: Final[dict[Table, tuple[str, int]]] = {
    "coil": ("write_coil", 5),
    "holding": ("write_register", 6),
}
_SEVERAL: Final[dict[Table, tuple[str, int]]] = {
    "coil": ("write_coils", 15),
    "holding": ("write_registers", 16),
}
_GATEWAY: Final = (10, 11)
"""Exceptions of a gateway, for a unit that did not answer it."""


class Refused(DeviceError):
    """The unit answers with an exception instead of values."""

    def __init__(self, code: int) -> None:
        """Keep the exception's code."""
        super().__init__(f"the appliance refuses with Modbus exception {code}")
        self.code = code


class Bus:
    """The registers of one unit, asked through pymodbus, one question after another."""

    def __init__(
        self,
        profile: Profile,
        opener: Callable[[], Link],
        *,
        baud: int,
        monotonic: Callable[[], float],
        sleep: Callable[[float], object],
    ) -> None:
        """Open the line.

        Raises:
            PortError: it cannot be opened, or pymodbus is not installed.

        """
        self.counters = Counters()
        self._unit = profile.unit
        self._gap = max(
            profile.timing.gap_ms * MS, _SILENT_SECONDS, _SILENT_BITS / baud
        )
        self._now, self._sleep = monotonic, sleep
        self._opener = opener
        self._ready_at = self._until = monotonic()
        self._late: dict[tuple[int, int], tuple[int, float]] = {}
        """What was not answered in time, by function and count: its register, and until when it may be."""
        self._link: Link | None = opener()
        try:
            self._client = _client(self)
        except DeviceError:
            self.close()
            raise

    @property
    def is_open(self) -> bool:
        """Whether there is a line."""
        return self._link is not None

    def open(self) -> None:
        """Open the line again. Raises PortError."""
        self._link = self._opener()
        self._late.clear()
        self.counters.reconnects += 1

    def close(self) -> None:
        """Let go of the line; a second time does nothing."""
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def read(
        self, table: Table, first: int, count: int, seconds: float = ANSWER_SECONDS
    ) -> list[int]:
        """Return what lies in these registers, or bits.

        Raises:
            NoAnswer: none came in time, or none that belongs to the question.
            Refused: the unit does not have these registers, or cannot now.
            LinkLost: the line is gone; it is closed.

        """
        method, function = _READS[table]
        key = function, count
        self._wait_for_late(key, first)
        try:
            answer = self._ask(method, function, first, seconds, count=count)
        except NoAnswer:
            self._late[key] = first, self._now() + LATE_SECONDS
            raise
        if key in self._late:
            # It may have been the late one, and this question's own is still to come.
            self._late[key] = first, self._now() + LATE_SECONDS
        found = answer.bits if table in BIT_TABLES else answer.registers
        least = -(-count // 8) * 8 if table in BIT_TABLES else count
        if len(found) != least:
            raise self._strange(seconds)
        return [int(value) for value in found[:count]]

    def write(
        self,
        table: Table,
        register: int,
        word: int,
        seconds: float = ANSWER_SECONDS,
        *,
        several: bool = False,
    ) -> None:
        """Set a register or a coil; `several` does it by the function that sets many.

        Raises:
            NoAnswer: none came in time, or none that belongs to the question.
            Refused: the unit does not take this.
            LinkLost: the line is gone; it is closed.

        """
        method, function = (_SEVERAL if several else _SINGLE)[table]
        value: object = bool(word) if table == "coil" else word
        value = [value] if several else value
        answer = self._ask(method, function, register, seconds, value)
        if answer.address != register:
            raise self._strange(seconds)

    def send(self, request: bytes) -> None:
        """Put a request on the line; what came unasked before it is dropped."""
        link = self._open_link()
        while stale := link.read(0):
            self.counters.junk += len(stale)
            if self._now() >= self._until:
                raise self._strange(ANSWER_SECONDS)
        link.write(request)
        self.counters.bytes_out += len(request)

    def receive(self) -> bytes:
        """Return what came, waiting as long as the question has time."""
        data = self._open_link().read(max(0.0, self._until - self._now()))
        self.counters.bytes_in += len(data)
        return data

    def _wait_for_late(self, key: tuple[int, int], first: int) -> None:
        """Wait where a late answer could pass for the one that is wanted now.

        An answer says its function and how many values it has, and not of which register.
        """
        before, until = self._late.get(key, (first, 0.0))
        pause = until - self._now()
        if pause <= 0:
            self._late.pop(key, None)
        elif before != first:
            self._sleep(pause)
            del self._late[key]

    def _open_link(self) -> Link:
        if self._link is None:
            msg = "the connection is closed; open the purifier again"
            raise LinkLost(msg, url="serial:")
        return self._link

    def _ask(
        self, method: str, function: int, at: int, seconds: float, *args: Any, **kw: Any
    ) -> Any:
        pause = self._ready_at - self._now()
        if pause > 0:
            self._sleep(pause)
        self._until = self._now() + seconds
        came = self.counters.bytes_in
        try:
            ask = getattr(self._client, method)
            answer = ask(at, *args, device_id=self._unit, **kw)
        except LinkLost:
            self.close()
            raise
        except _undone() as error:
            self.counters.junk += self.counters.bytes_in - came
            self.counters.timeouts += self.counters.bytes_in > came
            raise self._silent(seconds) from error
        finally:
            self._ready_at = self._now() + self._gap
        if answer.function_code & 0x7F != function:
            raise self._strange(seconds)
        if answer.isError():
            if answer.exception_code in _GATEWAY:
                raise self._silent(seconds)
            self.counters.good += 1
            raise Refused(answer.exception_code)
        self.counters.good += 1
        return answer

    def _strange(self, seconds: float) -> NoAnswer:
        """Count an answer to another question, such as one that came too late."""
        self.counters.malformed += 1
        return self._silent(seconds)

    def _silent(self, seconds: float) -> NoAnswer:
        msg = f"unit {self._unit} did not answer within {seconds:g} s"
        return NoAnswer(msg, seconds=seconds)


def _undone() -> tuple[type[Exception], ...]:
    """Return what pymodbus raises where no answer can be made of what came."""
    from pymodbus.exceptions import ModbusException

    return (ModbusException, struct.error, LookupError, TypeError, ValueError)


def _client(bus: Bus) -> Any:
    """Return pymodbus's own client, speaking over this bus's line, without retries of its own."""
    try:
        from pymodbus import FramerType
        from pymodbus.client import ModbusSerialClient
    except ImportError:
        msg = 'Modbus purifiers need pymodbus; install it with: pip install "sanso[modbus]"'
        raise PortError(msg, url="serial:") from None
    # A missed answer is counted here; it is no line on the owner's screen.
    logging.getLogger("pymodbus").addHandler(logging.NullHandler())

    class Client(ModbusSerialClient):
        """The line is opened and closed by the bus."""

        def connect(self) -> bool:
            return bus.is_open

        def close(self) -> None:
            """Leave that to the bus."""

        def send(self, request: bytes, addr: tuple[Any, ...] | None = None) -> int:
            del addr
            bus.send(request)
            return len(request)

        def recv(self, size: int | None) -> bytes:
            del size
            return bus.receive()

    return Client("", framer=FramerType.RTU, timeout=ANSWER_SECONDS, retries=0)
