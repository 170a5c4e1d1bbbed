"""A Modbus RTU unit as a purifier: the host asks, and nobody else ever speaks.

Strategy: nothing runs in the background. `state` reads when the last reading is older than
a second; `apply` begins with a fresh reading, writes what differs and reads it back, all in
the caller's time. One lock keeps callers apart.
"""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sanso.devices.clock import RealClock
from sanso.devices.errors import NoAnswer

from .carrying import Carrier
from .link import SerialLink
from .mapping import make_state
from .modbus_bus import Bus
from .modbus_unit import Unit
from .session import MISSES_TO_OFFLINE
from .write import End, LinkState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Self

    from sanso.devices.clock import Clock
    from sanso.devices.datapoint import Attribute
    from sanso.devices.profile import Profile
    from sanso.devices.purifier import Purifier, State

    from .counters import Counters
    from .link import Link
    from .mapping import Known
    from .write import Notes


def open_modbus(port: str, profile: Profile, baud: int, clock: Clock) -> Purifier:
    """Open a unit on a device file, or on `socket://host:port`, and read it.

    Raises:
        PortError: the port cannot be opened, or pymodbus is not installed.
        NoAnswer: the unit stays silent, or does not report its power.

    """
    purifier = ModbusPurifier(
        profile, lambda: SerialLink(port, baud), baud=baud, clock=clock
    )
    return purifier.wait_ready()


class ModbusPurifier(Carrier):
    """A `Purifier` on a Modbus RTU line."""

    def __init__(
        self,
        profile: Profile,
        opener: Callable[[], Link],
        *,
        baud: int | None = None,
        clock: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Open the line; `baud` is the profile's unless given, and nothing is read yet.

        Raises:
            PortError: it cannot be opened, or pymodbus is not installed.

        """
        super().__init__(profile, RealClock() if clock is None else clock)
        self._monotonic = monotonic
        self._read_at = monotonic()
        self._lock = threading.RLock()
        self._baud = profile.baud if baud is None else baud
        bus = Bus(profile, opener, baud=self._baud, monotonic=monotonic, sleep=sleep)
        self._unit = Unit(profile, bus, monotonic=monotonic, sleep=sleep)

    def wait_ready(self) -> Self:
        """Read the unit for the first time.

        Raises:
            NoAnswer: it stays silent, or speaks in a way that cannot be read; the line is closed.

        """
        begin = self._monotonic()
        with self._lock:
            for _attempt in range(MISSES_TO_OFFLINE):
                self._unit.read_all()
                if "power" in self.known:
                    return self
        seconds = self._monotonic() - begin
        self.close()
        name, counters = self.profile.id, self.counters
        if counters.good:
            msg = f"the appliance answers, and never reports attr.power of {name}; check its address in the profile"
        elif counters.bytes_in:
            msg = f"{counters.bytes_in} bytes came and none made sense; is {self._baud} baud right, and {self.profile.protocol} its protocol?"
        else:
            msg = f"unit {self.profile.unit} stays silent for {seconds:.1f} s; check A and B, its address, {self._baud} baud without parity, and that it has power"
        raise NoAnswer(msg, seconds=seconds)

    @property
    def link(self) -> LinkState:
        """How well the appliance was heard when it was last asked."""
        return self._unit.link if self._unit.bus.is_open else LinkState.OFFLINE

    @property
    def counters(self) -> Counters:
        """What happened on the line."""
        return self._unit.bus.counters

    @property
    def known(self) -> Mapping[Attribute, Known]:
        """What was reported last, as numbers."""
        return self._unit.known

    @property
    def notes(self) -> Notes:
        """What was odd about the appliance."""
        return self._unit.notes

    @property
    def raw(self) -> Mapping[object, bytes | str]:
        """Numbers that the profile does not know, by attribute."""
        return self._unit.raw

    def state(self) -> State:
        """Return what was read within the last second, or else what can be read now.

        Where nothing answers it is the last one, with its age.
        """
        with self._lock:
            self._unit.refresh()
            return self._seen()

    def close(self) -> None:
        """Let go of the line; the appliance stays as it is."""
        with self._lock:
            self._unit.close()

    def _alone(self) -> AbstractContextManager[object]:
        return self._lock

    def _prepare(self) -> None:
        self._read_at = self._monotonic()
        self._unit.read_all()

    def _seen(self) -> State:
        unit = self._unit
        return make_state(
            self.profile, unit.known, self._monotonic(), online=unit.online
        )

    def _knows(self, attribute: Attribute) -> bool:
        return attribute in self._unit.known

    def _ask(self, attributes: Iterable[Attribute]) -> bool:
        return self._unit.read_since(set(attributes), self._read_at)

    def _is_sure(self, attributes: Iterable[Attribute]) -> bool:
        del (
            attributes
        )  # nothing is reported unasked: what a write has changed besides is read
        self._prepare()
        return False

    def _set(self, attribute: Attribute, number: int) -> End:
        end = self._unit.write(attribute, number)
        self._prepare()
        return end
