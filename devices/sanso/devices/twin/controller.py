"""The appliance's controller, whatever protocol it speaks: numbers in, numbers out.

Strategy: it stands on the simulated appliance and room. A protocol asks it for the present
numbers and for what has changed, and hands it what the host writes. It knows no host: a
button on its panel and a write over the wire lead to the same report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from sanso.devices.appliance import WriteFaults
from sanso.devices.errors import DeviceError
from sanso.devices.purifier import UNITS
from sanso.devices.serial.mapping import is_sensible, to_number, word_of
from sanso.devices.simulated import SimulatedPurifier

from .faults import Faults, FaultyLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sanso.devices.appliance import Button
    from sanso.devices.clock import Clock
    from sanso.devices.datapoint import Attribute, Datapoint
    from sanso.devices.profile import Profile
    from sanso.devices.purifier import State

REPEAT_SECONDS: Final = 1.0
"""Between two reports of one reading: "at least 1 s between repeats" (Tuya)."""
_QUALITY: Final = (15.0, 35.0, 75.0)
"""PM2.5 below which the air is great, good, mid (Korean bands)."""


@dataclass(frozen=True)
class Taken:
    """A write that the appliance has carried out."""

    attribute: Attribute
    number: int
    at: float


@dataclass
class _Due:
    at: float
    attribute: Attribute
    number: int


@dataclass
class Controller:
    """An appliance of a profile, with what it has reported so far."""

    profile: Profile
    purifier: SimulatedPurifier
    clock: Clock
    faults: Faults = field(default_factory=Faults)
    seed: int = 0
    taken: list[Taken] = field(default_factory=list)
    """What was carried out, in order; the last 1,000."""

    def __post_init__(self) -> None:
        """Stand as the purifier does, with nothing reported."""
        self.line = FaultyLine(lambda: self.faults, self.seed)
        self._told: dict[Attribute, int] = {}
        self._told_at: dict[Attribute, float] = {}
        self._due: list[_Due] = []
        self._timer_end: float | None = None
        self._minutes = 0
        self._on_since = self.clock.now()

    @classmethod
    def open(
        cls,
        profile: Profile,
        clock: Clock,
        settings: Mapping[str, object] | None = None,
        *,
        seed: int = 0,
        noisy: bool = True,
    ) -> Controller:
        """Make an appliance that stands as `settings` say.

        Raises:
            DeviceError: a name or value that does not exist, or a profile without a wire.

        """
        if profile.protocol is None:
            msg = f"profile {profile.id} has no protocol; a twin needs one that is on a wire"
            raise DeviceError(msg)
        purifier = SimulatedPurifier.from_settings(
            settings or {}, clock=clock, profile=profile, seed=seed, noisy=noisy
        )
        return cls(profile, purifier, clock, seed=seed)

    def write(self, attribute: Attribute, number: int) -> bool:
        """Take a write from the host; False if it has no such attribute, or it cannot be written."""
        point = self.profile.attr.get(attribute)
        if point is None or point.access == "ro":
            return False
        if self.line.strikes("ignore_set", self.faults.ignore_set):
            return True
        self._due.append(
            _Due(self.clock.now() + self.faults.slow_ms / 1000, attribute, number)
        )
        self._work()
        return True

    def press(self, button: Button) -> bool:
        """Press a button on its panel; False if the child lock or a fault forbids it."""
        return self.purifier.press(button)

    def numbers(self) -> dict[Attribute, int]:
        """Return everything that it has a number for, in the order of the profile."""
        self._work()
        state = self.purifier.state()
        found: dict[Attribute, int] = {}
        for name, point in self.profile.attr.items():
            number = self._number(name, state)
            if number is None or point.access == "wo":
                continue
            found[name] = number
        return found

    def changes(self) -> dict[Attribute, int]:
        """Return what is to be reported now: a setting at once, a reading once in a second."""
        now = self.clock.now()
        changed = {}
        for name, number in self.numbers().items():
            reading = self.profile.attr[name].access == "ro"
            early = now - self._told_at.get(name, -REPEAT_SECONDS) < REPEAT_SECONDS
            if number != self._told.get(name) and not (reading and early):
                changed[name] = number
        self.told(changed)
        return changed

    def told(self, numbers: Mapping[Attribute, int]) -> None:
        """Note what was reported."""
        now = self.clock.now()
        self._told.update(numbers)
        self._told_at.update(dict.fromkeys(numbers, now))

    def forget_told(self) -> None:
        """Report everything anew."""
        self._told.clear()

    def forget(self) -> None:
        """Restart: what was on the way is gone, the settings stay."""
        self._due.clear()

    def _work(self) -> None:
        now = self.clock.now()
        if self._timer_end is not None and now >= self._timer_end:
            self._timer_end = None
            self._minutes = 0
            self._set("power", value=False)
        ready = [due for due in self._due if due.at <= now]
        self._due = [due for due in self._due if due.at > now]
        for due in ready:
            self._carry_out(due.attribute, due.number)

    def _carry_out(self, attribute: Attribute, number: int) -> None:
        point = self.profile.attr[attribute]
        if not is_sensible(point, number):
            return
        if attribute == "timer_off":
            self._start_timer(number)
        elif attribute == "filter_reset":
            if number:
                self._set("filter", value=100.0)
        elif attribute == "fan_level":
            self._set("fan", value=self._level(number))
        elif attribute in ("mode", "light") and point.values:
            word = word_of(point, number)
            if word is None:
                return
            self._set(attribute, value=word)
        elif attribute == "light":
            self._set("light", value="on" if number else "off")
        elif attribute == "power":
            self._set("power", value=bool(number))
        else:
            on = word_of(point, number) == "on" if point.values else bool(number)
            self._set(f"option.{attribute}", value=on)
        self.taken.append(Taken(attribute, number, self.clock.now()))
        del self.taken[:-1000]
        self._told.pop(attribute, None)  # an answer, also where nothing changed

    def _level(self, number: int) -> int:
        levels = self.profile.capabilities.fan_levels
        codes = [to_number(self.profile, "fan", n + 1) for n in range(levels)]
        nearest = min(codes, key=lambda code: abs(code - number))
        level = codes.index(nearest) + 1
        return min(level, self.faults.clamp_set) if self.faults.clamp_set else level

    def _set(self, name: str, *, value: object) -> None:
        self.purifier.appliance.write(name, value, WriteFaults())

    def _start_timer(self, number: int) -> None:
        words = {
            code: minutes
            for minutes, code in self.profile.attr["timer_off"].minutes.items()
        }
        self._minutes = int(words.get(number, "0"))
        end = self.clock.now() + 60.0 * self._minutes
        self._timer_end = end if self._minutes else None

    def _number(self, name: Attribute, state: State) -> int | None:
        point = self.profile.attr[name]
        if name in UNITS:
            return self._reading(name, state)
        if name == "fan_level":
            level = state.fan if state.fan is not None else max(1, state.fan_now)
            return to_number(self.profile, "fan", level)
        if name in ("power", "mode", "light"):
            return to_number(self.profile, name, getattr(state, name))
        if name in state.options:
            return to_number(self.profile, f"option.{name}", state.options[name])
        counted = self._counted(state)
        return counted[name](point) if name in counted else None

    def _counted(self, state: State) -> dict[str, Callable[[Datapoint], int | None]]:
        """Return how everything is counted that nobody sets."""
        now = self.clock.now()
        left = (self._timer_end or now) - now
        return {
            "fault": lambda point: _fault_number(point, state),
            "timer_off": lambda point: point.minutes.get(str(self._minutes), 0),
            "filter_percent": lambda _: round(state.filter_percent or 0),
            "filter_days": lambda _: state.filter_days,
            "timer_left": lambda _: -int(-left // 60),
            "runtime_minutes": lambda _: int((now - self._on_since) // 60),
            "air_quality": lambda point: _quality(point, state),
            "total_pm": lambda _: 0,
        }

    def _reading(self, name: str, state: State) -> int | None:
        point = self.profile.attr[cast("Attribute", name)]
        value = state.readings[name].value
        if value is None:
            return point.invalid[0] if point.invalid else None
        number = round(value / point.scale)
        low, high = point.range or (number, number)
        return min(max(low, number), high)


def _fault_number(point: Datapoint, state: State) -> int:
    if point.bits:
        named = point.bits.items()
        return sum(1 << int(bit) for bit, fault in named if fault in state.faults)
    return point.values.get(min(state.faults, default="none"), 0)


def _quality(point: Datapoint, state: State) -> int | None:
    pm25 = state.readings.get("pm25")
    if pm25 is None or pm25.value is None:
        return None
    grade = sum(pm25.value >= bound for bound in _QUALITY)
    codes = list(point.values.values())
    return codes[min(grade, len(codes) - 1)] if codes else grade
