"""A purifier behind a serial line, as the agent sees it: like any other.

Strategy: a call becomes absolute settings, those that the appliance does not report yet
become writes, one after another, and the outcome is what it reports. The state is made
from reports and says how old it is; while the line is down it is the last one, marked.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

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

from .driver import Driver
from .mapping import attribute_of, blocks_power, make_state, to_number
from .session import QUEUE_SECONDS, WRITE_SECONDS
from .write import End, LinkState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Self

    from sanso.devices.clock import Clock
    from sanso.devices.datapoint import Attribute
    from sanso.devices.plan import Settings
    from sanso.devices.profile import Profile
    from sanso.devices.purifier import Capabilities, State
    from sanso.grammars import Call

    from .link import Link
    from .session import Session
    from .write import Write

FIRST_REPORT_SECONDS: Final = 6.0
"""How long an appliance may take to report itself after the line is opened."""
_REST_SECONDS: Final = 0.5
"""For what is reported behind the power."""
_ROUNDS: Final = 2
_ASKINGS: Final = 3
_ANSWER_SECONDS: Final = 0.6
"""For everything to be reported: 150 bytes take 160 ms at 9600 baud."""
_CODES: Final = {
    End.CONFIRMED: OutcomeCode.CONFIRMED,
    End.REJECTED: OutcomeCode.REJECTED,
    End.UNCONFIRMED: OutcomeCode.UNCONFIRMED,
    End.UNSUPPORTED: OutcomeCode.UNSUPPORTED,
    End.OUT_OF_RANGE: OutcomeCode.OUT_OF_RANGE,
    End.OFFLINE: OutcomeCode.OFFLINE,
    End.SUPERSEDED: OutcomeCode.RATE_LIMITED,
}


class SerialPurifier:
    """A `Purifier` at the other end of a line."""

    def __init__(
        self,
        session: Session,
        opener: Callable[[], Link],
        *,
        clock: Clock | None = None,
        background: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Open the line; `wait_ready` tells when the appliance has reported itself.

        Raises:
            DeviceError: the line cannot be opened.

        """
        self.session = session
        self.profile: Profile = session.profile
        self._clock: Clock = RealClock() if clock is None else clock
        self._monotonic = monotonic
        self._capabilities = self.profile.make_capabilities()
        self.driver = Driver(
            session,
            opener,
            background=background,
            monotonic=monotonic,
            sleep=sleep,
        )

    def wait_ready(self, seconds: float = FIRST_REPORT_SECONDS) -> Self:
        """Wait until the appliance has said whether it is on.

        Raises:
            NoAnswer: it stays silent, or speaks in a way that cannot be read; the line is closed.

        """
        if self.driver.wait(self._is_ready, seconds):
            return self
        counters = self.session.counters
        self.close()
        if counters.good:
            msg = f"the appliance answers, and never reports attr.power of {self.profile.id}; check its address in the profile"
        elif counters.bytes_in:
            msg = f"{counters.bytes_in} bytes came and none made sense; is {self.profile.baud} baud right, and {self.profile.protocol} its protocol?"
        else:
            msg = f"the appliance stays silent for {seconds:g} s; check RX, TX and ground, {self.profile.baud} baud, and that it has power"
        raise NoAnswer(msg, seconds=seconds)

    def _is_ready(self) -> bool:
        """Whether all has been reported, or the power and then nothing more for a while."""
        known = self.session.known
        if "power" not in known:
            return False
        wanted = {n for n, point in self.profile.attr.items() if point.access != "wo"}
        waited = self._monotonic() - known["power"].at
        return wanted <= known.keys() or waited >= _REST_SECONDS

    @property
    def capabilities(self) -> Capabilities:
        """What this purifier has."""
        return self._capabilities

    @property
    def link(self) -> LinkState:
        """How well the appliance is heard."""
        return self.session.link if self.driver.connected else LinkState.OFFLINE

    def state(self) -> State:
        """Return what was reported last, with its age; `online` says whether it is still heard."""
        with self.driver.locked():
            session = self.session
            online = session.online and self.driver.connected
            now = self._monotonic()
            return make_state(self.profile, session.known, now, online=online)

    def snapshot(self) -> State:
        """Return a state for `restore`."""
        return self.state()

    def apply(self, call: Call) -> Outcome:
        """Carry out one call that concerns the appliance, and wait for its report."""
        if isinstance(call, StepFan):
            # A step starts from where it stands: not from where it stood a minute ago.
            self._refresh(("power", "mode", "fan_level"))
        before = self.state()
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
        return self._carry_out(call, wanted, before)

    def restore(self, state: State) -> Outcome | None:
        """Put the settings back to those of an earlier state.

        Returns the last outcome, which is the first that was not done, if there is one;
        None if nothing differed.
        """
        outcome = None
        for call, wanted in calls_back(state, self.state()):
            outcome = self._carry_out(call, wanted, self.state())
            if not outcome.done:
                break
        return outcome

    def now(self) -> float:
        """Return the seconds since the epoch (UTC)."""
        return self._clock.now()

    def close(self) -> None:
        """Let go of the line; the appliance stays as it is."""
        self.driver.close()

    def _carry_out(self, call: Call, wanted: Settings, before: State) -> Outcome:
        if not before.online:
            return Outcome(OutcomeCode.OFFLINE, call, before, before)
        attributes = self._shown(wanted)
        writes = differing(wanted, before)
        if not writes:
            # It was so when it was reported last; whether it still is, the appliance must say.
            if not self._refresh(attributes):
                return self._failed(OutcomeCode.UNCONFIRMED, call, "", before)
            before = self.state()
            writes = differing(wanted, before)
            if not writes:
                return Outcome(OutcomeCode.UNCHANGED, call, before, before)
        if writes.get("power") is True and before.faults and blocks_power(self.profile):
            fault = min(before.faults)
            return Outcome(OutcomeCode.BLOCKED_FAULT, call, before, before, fault)
        return self._written(call, wanted, writes, before)

    def _written(
        self, call: Call, wanted: Settings, writes: Settings, before: State
    ) -> Outcome:
        """Write until everything that was wanted is reported, or something is not done."""
        attributes = self._shown(wanted)
        for _round in range(_ROUNDS):
            for name in self._ordered(writes):
                # What an earlier write has brought about by itself is not written again.
                if name not in differing({name: writes[name]}, self.state()):
                    continue
                write = self._write(name, writes[name])
                if write.end is not End.CONFIRMED:
                    code = _CODES[write.end or End.UNCONFIRMED]
                    return self._failed(code, call, name, before)
            if "filter" in writes:
                writes = {}
            elif self._is_doubtful(attributes) and not self._refresh(attributes):
                return self._failed(OutcomeCode.UNCONFIRMED, call, "", before)
            else:
                writes = differing(wanted, self.state())
            if not writes:
                return Outcome(OutcomeCode.CONFIRMED, call, before, self.state())
        return self._failed(OutcomeCode.REJECTED, call, next(iter(writes)), before)

    def _shown(self, wanted: Settings) -> tuple[Attribute, ...]:
        """Return the attributes in whose reports these settings are seen."""
        names = (attribute_of(name) for name in wanted)
        shown = ("filter_percent" if n == "filter_reset" else n for n in names)
        return tuple(name for name in shown if name in self.profile.attr)

    def _is_doubtful(self, attributes: Iterable[Attribute]) -> bool:
        """Whether something went wrong on the line since these were reported."""
        with self.driver.locked():
            return not self.session.is_reported(attributes, self.session.doubted_at)

    def _refresh(self, attributes: Iterable[Attribute]) -> bool:
        """Ask for the values and wait for them; False if they do not come."""
        named = tuple(attributes)
        since = self._monotonic()
        for _try in range(_ASKINGS):
            self.driver.ask()
            if self.driver.wait(
                lambda: self.session.is_reported(named, since), _ANSWER_SECONDS
            ):
                return True
        return False

    def _ordered(self, writes: Settings) -> list[str]:
        """Put a setting behind the one that implies it: a fan speed may lead to manual mode."""
        names = list(writes)
        point = self.profile.attr["fan_level"]
        if "mode" in names and "fan" in names and "mode" in point.implies:
            names.remove("mode")
            names.append("mode")
        return names

    def _write(self, name: str, value: object) -> Write:
        number = to_number(self.profile, name, value)
        return self.driver.write(
            lambda now: self.session.write(attribute_of(name), number, now),
            QUEUE_SECONDS + WRITE_SECONDS + 1.0,
        )

    def _failed(
        self, code: OutcomeCode, call: Call, name: str, before: State
    ) -> Outcome:
        after = self.state()
        told = code is OutcomeCode.REJECTED
        detail = spelled(settings_of(after).get(name)) if told else ""
        return Outcome(code, call, before, after, detail)
