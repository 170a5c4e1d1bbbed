"""A Modbus RTU unit as a purifier: the host asks, and nobody else ever speaks.

Strategy: nothing runs in the background. `state` reads when the last reading is older than
a second; `apply` begins with a fresh reading, writes what differs and reads it back, all in
the caller's time. One lock keeps callers apart.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, cast

from sanso.devices.clock import RealClock
from sanso.devices.errors import NoAnswer
from sanso.devices.plan import (
    Refusal,
    Situation,
    calls_back,
    differing,
    plan,
    settings_of,
    spelled,
)
from sanso.devices.purifier import Outcome, OutcomeCode
from sanso.grammars import StepFan

from .link import SerialLink
from .mapping import attribute_of, blocks_power, make_state, to_number
from .modbus_bus import Bus
from .modbus_unit import Unit
from .session import MISSES_TO_OFFLINE
from .write import End, LinkState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Self

    from sanso.devices.clock import Clock
    from sanso.devices.datapoint import Attribute
    from sanso.devices.plan import Settings
    from sanso.devices.profile import Profile
    from sanso.devices.purifier import Capabilities, Purifier, State
    from sanso.grammars import Call

    from .counters import Counters
    from .link import Link
    from .mapping import Known
    from .write import Notes

_ROUNDS: Final = 2
"""A setting that a later write has undone by itself is written once more."""
_STEPPED: Final = ("power", "mode", "fan")
_CODES: Final = {
    End.REJECTED: OutcomeCode.REJECTED,
    End.UNCONFIRMED: OutcomeCode.UNCONFIRMED,
    End.UNSUPPORTED: OutcomeCode.UNSUPPORTED,
    End.OUT_OF_RANGE: OutcomeCode.OUT_OF_RANGE,
    End.OFFLINE: OutcomeCode.OFFLINE,
}


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


class ModbusPurifier:
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
        self.profile = profile
        self._clock: Clock = RealClock() if clock is None else clock
        self._monotonic = monotonic
        self._capabilities = profile.make_capabilities()
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
    def capabilities(self) -> Capabilities:
        """What this purifier has."""
        return self._capabilities

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

    def snapshot(self) -> State:
        """Return a state for `restore`."""
        return self.state()

    def apply(self, call: Call) -> Outcome:
        """Carry out one call that concerns the appliance, and read it back."""
        with self._lock:
            begin = self._read()
            before = self._seen()
            if isinstance(call, StepFan) and not self._is_read(_STEPPED, begin):
                # A step starts from where it stands, and nobody knows where that is.
                return Outcome(OutcomeCode.OFFLINE, call, before, before)
            heading = before.fan_now or 1
            situation = Situation(
                state=before,
                capabilities=self._capabilities,
                heading=heading,
                resumed=before.fan or heading,
            )
            wanted = plan(call, situation)
            if isinstance(wanted, Refusal):
                return Outcome(wanted.code, call, before, before, wanted.detail)
            return self._carry_out(call, wanted, begin)

    def restore(self, state: State) -> Outcome | None:
        """Put the settings back to those of an earlier state.

        Returns the last outcome, which is the first that was not done, if there is one;
        None if nothing differed.
        """
        outcome = None
        with self._lock:
            self._read()
            for call, wanted in calls_back(state, self._seen()):
                outcome = self._carry_out(call, wanted, self._read())
                if not outcome.done:
                    break
        return outcome

    def now(self) -> float:
        """Return the seconds since the epoch (UTC)."""
        return self._clock.now()

    def close(self) -> None:
        """Let go of the line; the appliance stays as it is."""
        with self._lock:
            self._unit.close()

    def _seen(self) -> State:
        """Return the state that was read last."""
        unit = self._unit
        return make_state(
            self.profile, unit.known, self._monotonic(), online=unit.online
        )

    def _read(self) -> float:
        """Read everything that is answered; return the moment before."""
        begin = self._monotonic()
        self._unit.read_all()
        return begin

    def _is_read(self, settings: Iterable[str], since: float) -> bool:
        """Whether what shows these settings was read since a moment; what was not is asked for again."""
        names = {attribute_of(name) for name in settings}
        shown = {"filter_percent" if n == "filter_reset" else n for n in names}
        return self._unit.read_since(cast("set[Attribute]", shown), since)

    def _carry_out(self, call: Call, wanted: Settings, begin: float) -> Outcome:
        before = self._seen()
        if not before.online:
            return Outcome(OutcomeCode.OFFLINE, call, before, before)
        if not differing(wanted, before):
            known = self._is_read(wanted, begin)
            before = self._seen()
            if not differing(wanted, before):
                code = OutcomeCode.UNCHANGED if known else OutcomeCode.UNCONFIRMED
                return Outcome(code, call, before, before)
        writes = differing(wanted, before)
        if writes.get("power") is True and before.faults and blocks_power(self.profile):
            fault = min(before.faults)
            return Outcome(OutcomeCode.BLOCKED_FAULT, call, before, before, fault)
        return self._written(call, wanted, before)

    def _written(self, call: Call, wanted: Settings, before: State) -> Outcome:
        """Write what differs until nothing does."""
        for _round in range(_ROUNDS):
            for name, value in self._ordered(differing(wanted, self._seen())):
                # What an earlier write has brought about by itself is not written again.
                if name not in differing({name: value}, self._seen()):
                    continue
                number = to_number(self.profile, name, value)
                end = self._unit.write(attribute_of(name), number)
                if end is not End.CONFIRMED:
                    return self._failed(_CODES[end], call, name, before)
                if not self._is_read(wanted, self._read()):
                    return self._failed(OutcomeCode.UNCONFIRMED, call, name, before)
            missed = differing(wanted, self._seen())
            if not missed or "filter" in wanted:
                return Outcome(OutcomeCode.CONFIRMED, call, before, self._seen())
        return self._failed(OutcomeCode.REJECTED, call, next(iter(missed)), before)

    def _ordered(self, writes: Settings) -> list[tuple[str, object]]:
        """Put a setting behind the one that implies it: a fan speed may lead to manual mode."""
        found = list(writes.items())
        if "mode" in self.profile.attr["fan_level"].implies and "fan" in writes:
            found.sort(key=lambda item: item[0] == "mode")
        return found

    def _failed(
        self, code: OutcomeCode, call: Call, name: str, before: State
    ) -> Outcome:
        self._unit.read_all()
        after = self._seen()
        told = code is OutcomeCode.REJECTED
        detail = spelled(settings_of(after).get(name)) if told else ""
        return Outcome(code, call, before, after, detail)
