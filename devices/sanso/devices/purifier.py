"""What a purifier is to the agent: what it has, what it reports, what became of a call.

Strategy: values are frozen. A reading is a number or a reason why there is none; an
outcome says what was asked, what the device reports now, and whether that report
confirms it. Nothing here does I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from sanso.grammars import Call

Metric = Literal["pm25", "pm10", "co2", "tvoc", "humidity", "temperature"]

UNITS: dict[Metric, str] = {
    "pm25": "ug/m3",
    "pm10": "ug/m3",
    "co2": "ppm",
    "tvoc": "ppb",
    "humidity": "%",
    "temperature": "C",
}


class NoReading(StrEnum):
    """Why a sensor gives no number."""

    WARMING_UP = "warming_up"
    OFF = "off"
    FAILED = "failed"
    ABSENT = "absent"


class Fault(StrEnum):
    """What the appliance reports as broken; each of these blocks switching on."""

    WRONG_FILTER = "wrong_filter"
    DOOR_OPEN = "door_open"
    MOTOR = "motor"


@dataclass(frozen=True)
class Reading:
    """A sensor's value in the unit of `UNITS`, or the reason why there is none."""

    value: float | None = None
    missing: NoReading | None = NoReading.ABSENT
    age_seconds: float = 0.0

    @classmethod
    def of(cls, value: float, age_seconds: float = 0.0) -> Reading:
        """Make a reading that is there."""
        return cls(value=value, missing=None, age_seconds=age_seconds)


@dataclass(frozen=True)
class Capabilities:
    """What this model of purifier has."""

    fan_levels: int = 5
    """Speeds above standstill: 1 is the lowest."""
    modes: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    lights: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    filter_reset: bool = True
    off_timer_minutes: tuple[int, ...] = ()
    """Off-timers that the appliance can count by itself, in minutes."""

    def level_of(self, word: str) -> int:
        """Return the device's level for a speed word, spread evenly from min to max.

        Five levels give min 1, low 2, medium 3, high 4, max 5; three give 1 2 2 3 3.
        """
        share = {"min": 0.0, "low": 0.25, "medium": 0.5, "high": 0.75, "max": 1.0}[word]
        return 1 + int(share * (self.fan_levels - 1) + 0.5)

    def level_of_percent(self, percent: int) -> int:
        """Return the lowest level that gives this percentage; 0 is standstill."""
        return -(-percent * self.fan_levels // 100)


@dataclass(frozen=True)
class State:
    """What the appliance reports about itself, at one moment."""

    power: bool = False
    mode: str = "manual"
    fan: int | None = None
    """Chosen level, 1 and up; None while a mode chooses it."""
    fan_now: int = 0
    """Level at which the motor runs now; 0 stands still."""
    light: str = "on"
    options: dict[str, bool] = field(default_factory=dict)
    """Switchable features that the device has, each on or off."""
    readings: dict[str, Reading] = field(default_factory=dict)
    """By metric."""
    filter_percent: float | None = None
    """Life left, 0 to 100."""
    filter_days: int | None = None
    """Estimated days left at the present use."""
    faults: frozenset[Fault] = frozenset()
    online: bool = True
    age_seconds: float = 0.0
    """Since the report that this state was made from."""

    def settings(self) -> dict[str, object]:
        """Return what an owner can set, without readings.

        Two states with equal settings are the same to a person.
        """
        return {
            "power": self.power,
            "mode": self.mode,
            "fan": self.fan,
            "light": self.light,
            **{f"option.{name}": on for name, on in sorted(self.options.items())},
        }


class OutcomeCode(StrEnum):
    """How a call ended, by what the device reported back."""

    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"
    """It was so already; nothing was written."""
    PENDING = "pending"
    """The device accepted it and has not reported the end yet."""
    UNCONFIRMED = "unconfirmed"
    """Written, and no report came: nobody knows."""
    REJECTED = "rejected"
    """The device reports another value than the one written."""
    OUT_OF_RANGE = "out_of_range"
    UNSUPPORTED = "unsupported"
    BLOCKED_FAULT = "blocked_fault"
    NEEDS_CONFIRMATION = "needs_confirmation"
    RATE_LIMITED = "rate_limited"
    OFFLINE = "offline"


@dataclass(frozen=True)
class Outcome:
    """What became of one call."""

    code: OutcomeCode
    call: Call
    before: State
    after: State
    """Read back after the write."""
    detail: str = ""
    """The offending value, limit or fault: a word of the call language or a number."""

    @property
    def done(self) -> bool:
        """Whether the device is known to be as was asked."""
        return self.code in (OutcomeCode.CONFIRMED, OutcomeCode.UNCHANGED)


@runtime_checkable
class Purifier(Protocol):
    """An air purifier, simulated or real."""

    @property
    def capabilities(self) -> Capabilities:
        """What this purifier has."""
        ...

    def state(self) -> State:
        """Return the latest report. Raises DeviceError where there can be none."""
        ...

    def apply(self, call: Call) -> Outcome:
        """Carry out one call that concerns the appliance, and read back.

        Accepts SetPower, SetFanLevel, SetFanPercent, StepFan, SetMode, SetLight,
        SetOption and ResetFilter. Never raises for what the appliance did or did not
        do: the outcome says it.
        """
        ...

    def restore(self, state: State) -> Outcome | None:
        """Put the settings back to those of an earlier state.

        Returns the last outcome, or None if nothing differed.
        """
        ...

    def now(self) -> float:
        """Return the purifier's clock in seconds since the epoch (UTC).

        The simulator's may run faster than the world.
        """
        ...

    def close(self) -> None:
        """Release the link; the appliance stays as it is."""
        ...


@runtime_checkable
class CountsDown(Protocol):
    """A purifier that can count by itself until it turns off."""

    def count_down(self, minutes: int) -> bool:
        """Have it turn off after so many minutes, one of `off_timer_minutes`; 0: never.

        Returns whether it reported that it counts so.
        """
        ...
