"""From a call to writes and back to an outcome: the same for every line.

Strategy: a call becomes absolute settings; those that the appliance does not report become
writes, one after another; the outcome is what it reports then. What nobody has reported is
written, never assumed. Whoever knows a line says how to ask and how to write.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Final

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

from .mapping import attribute_of, blocks_power, to_number
from .write import End

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sanso.devices.clock import Clock
    from sanso.devices.datapoint import Attribute
    from sanso.devices.plan import Settings
    from sanso.devices.profile import Profile
    from sanso.devices.purifier import Capabilities, Fault, State
    from sanso.grammars import Call

_ROUNDS: Final = 2
"""A setting that a later write has undone by itself is written once more."""
_STEPPED: Final[tuple[Attribute, ...]] = ("power", "mode", "fan_level")
_CODES: Final = {
    End.CONFIRMED: OutcomeCode.CONFIRMED,
    End.REJECTED: OutcomeCode.REJECTED,
    End.UNCONFIRMED: OutcomeCode.UNCONFIRMED,
    End.UNSUPPORTED: OutcomeCode.UNSUPPORTED,
    End.OUT_OF_RANGE: OutcomeCode.OUT_OF_RANGE,
    End.OFFLINE: OutcomeCode.OFFLINE,
    End.SUPERSEDED: OutcomeCode.RATE_LIMITED,
}


class Carrier(ABC):
    """A `Purifier` behind some line."""

    def __init__(self, profile: Profile, clock: Clock) -> None:
        """Speak for a product; `clock` gives the time of day."""
        self.profile = profile
        self._clock = clock
        self._capabilities = profile.make_capabilities()

    # --- what a line does ---

    @abstractmethod
    def state(self) -> State:
        """Return what was reported last, with its age."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the line; the appliance stays as it is."""

    @abstractmethod
    def _seen(self) -> State:
        """Return what was reported last, without asking."""

    @abstractmethod
    def _knows(self, attribute: Attribute) -> bool:
        """Whether it was ever reported."""

    @abstractmethod
    def _ask(self, attributes: Iterable[Attribute]) -> bool:
        """Have these reported anew; False if they do not come."""

    @abstractmethod
    def _is_sure(self, attributes: Iterable[Attribute]) -> bool:
        """Whether nothing went wrong on the line since these were reported."""

    @abstractmethod
    def _set(self, attribute: Attribute, number: int) -> End:
        """Write a number and wait for its end."""

    def _alone(self) -> AbstractContextManager[object]:
        """Keep other callers out where a line cannot have several."""
        return nullcontext()

    def _prepare(self) -> None:  # noqa: B027 - most lines have nothing to prepare
        """Look at the appliance before a call, where it does not report by itself."""

    # --- what a purifier does ---

    @property
    def capabilities(self) -> Capabilities:
        """What this purifier has."""
        return self._capabilities

    def snapshot(self) -> State:
        """Return a state for `restore`."""
        return self.state()

    def now(self) -> float:
        """Return the seconds since the epoch (UTC)."""
        return self._clock.now()

    def look(self) -> State:
        """Return what the appliance says when it is asked now; not online where it does not answer."""
        with self._alone():
            self._prepare()
            answered = self._ask(("power",))
            found = self._seen()
        return found if answered else replace(found, online=False)

    def apply(self, call: Call) -> Outcome:
        """Carry out one call that concerns the appliance, and wait for its report."""
        with self._alone():
            self._prepare()
            # A step starts from where it stands: not from where it stood a minute ago.
            lost = isinstance(call, StepFan) and not self._ask(_STEPPED)
            before = self._seen()
            if lost:
                code = OutcomeCode.UNCONFIRMED if before.online else OutcomeCode.OFFLINE
                return Outcome(code, call, before, before)
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
            return self._carry_out(call, wanted)

    def count_down(self, minutes: int) -> bool:
        """Have the appliance turn off by itself after so many minutes; 0: never.

        Returns whether it reported that it counts so.
        """
        point = self.profile.attr.get("timer_off")
        number = point.minutes.get(str(minutes)) if point else None
        if number is None:
            return False
        with self._alone():
            self._prepare()
            return self._set("timer_off", number) is End.CONFIRMED

    def restore(self, state: State) -> Outcome | None:
        """Put the settings back to those of an earlier state.

        Returns the last outcome, which is the first that was not done, if there is one;
        None if nothing differed.
        """
        outcome = None
        with self._alone():
            self._prepare()
            for call, wanted in calls_back(state, self._seen()):
                outcome = self._carry_out(call, wanted)
                if not outcome.done:
                    break
        return outcome

    def _carry_out(self, call: Call, wanted: Settings) -> Outcome:
        before = self._seen()
        if not before.online:
            return Outcome(OutcomeCode.OFFLINE, call, before, before)
        if not self._missing(wanted):
            # It was so when it was reported last; whether it still is, the appliance must say.
            if not self._ask(self._shown(wanted)):
                return self._failed(OutcomeCode.UNCONFIRMED, call, "", before)
            before = self._seen()
            if not self._missing(wanted):
                return Outcome(OutcomeCode.UNCHANGED, call, before, before)
        return self._written(call, wanted, before)

    def _written(self, call: Call, wanted: Settings, before: State) -> Outcome:
        """Write until everything that was wanted is reported, or something is not done."""
        shown = self._shown(wanted)
        for _round in range(_ROUNDS):
            for name in self._ordered(self._missing(wanted)):
                # What an earlier write has brought about by itself is not written again.
                if name not in self._missing({name: wanted[name]}):
                    continue
                failed = self._write(call, name, wanted[name], before)
                if failed is not None:
                    return failed
            if not ("filter" in wanted or self._is_sure(shown) or self._ask(shown)):
                return self._failed(OutcomeCode.UNCONFIRMED, call, "", before)
            if "filter" in wanted or not self._missing(wanted):
                return Outcome(OutcomeCode.CONFIRMED, call, before, self._seen())
        missed = next(iter(self._missing(wanted)))
        return self._failed(OutcomeCode.REJECTED, call, missed, before)

    def _write(
        self, call: Call, name: str, value: object, before: State
    ) -> Outcome | None:
        """Write one setting; what became of the call if it was not done."""
        starting = name == "power" and value is True
        if starting and (fault := self._blocking_fault()):
            code = OutcomeCode.BLOCKED_FAULT
            return Outcome(code, call, before, self._seen(), fault)
        end = self._set(attribute_of(name), to_number(self.profile, name, value))
        if end is End.CONFIRMED:
            return None
        if starting and (fault := self._blocking_fault()):
            code = OutcomeCode.BLOCKED_FAULT
            return Outcome(code, call, before, self._seen(), fault)
        return self._failed(_CODES[end], call, name, before)

    def _blocking_fault(self) -> Fault | None:
        """Return the fault that keeps it from being switched on, as the appliance says now."""
        if not blocks_power(self.profile):
            return None
        if self._seen().faults or not self._is_sure(("fault",)):
            self._ask(("fault",))
        return min(self._seen().faults, default=None)

    def _missing(self, wanted: Settings) -> Settings:
        """Return the wanted settings that are not so, and those that nobody knows."""
        missed = differing(wanted, self._seen())
        unknown = {
            name: value
            for name, value in wanted.items()
            if name != "filter" and not self._knows(attribute_of(name))
        }
        return {n: v for n, v in wanted.items() if n in missed or n in unknown}

    def _ordered(self, writes: Settings) -> list[str]:
        """Put a setting behind the one that implies it: a fan speed may lead to manual mode."""
        names = list(writes)
        implies = self.profile.attr["fan_level"].implies
        if "mode" in names and "fan" in names and "mode" in implies:
            names.remove("mode")
            names.append("mode")
        return names

    def _shown(self, wanted: Settings) -> tuple[Attribute, ...]:
        """Return the attributes in whose reports these settings are seen."""
        names = (attribute_of(name) for name in wanted)
        shown = ("filter_percent" if n == "filter_reset" else n for n in names)
        return tuple(name for name in shown if name in self.profile.attr)

    def _failed(
        self, code: OutcomeCode, call: Call, name: str, before: State
    ) -> Outcome:
        after = self._seen()
        told = code is OutcomeCode.REJECTED
        detail = spelled(settings_of(after).get(name)) if told else ""
        return Outcome(code, call, before, after, detail)
