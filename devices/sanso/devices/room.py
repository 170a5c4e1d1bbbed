"""The air of one well-mixed room, advanced exactly.

Strategy: every quantity obeys dC/dt = E/V + s + x*P*a*C_out - (x*a + k + n*CADR/V)*C
with inputs that are constant between events, and such an equation has a closed
solution: C(t+h) = Css + (C - Css)*exp(-kappa*h). A step is cut where an event begins or
ends; within a piece there is no error, whatever its length, and nothing can diverge.
PM10 is PM2.5 plus coarse dust, and relative humidity follows from water and warmth,
so that what is read together also fits together.

Source: National Academies, "Clearing the Air", appendix A. Values marked [our default]
claim no source.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .errors import DeviceError
from .events import (
    CO2_PERSON_ML_PER_H,
    WATER_PERSON_G_PER_H,
    Event,
    Window,
    make_event,
)
from .names import hint
from .purifier import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS_PER_HOUR: Final = 3600.0
# TVOC as toluene: 92.14 g/mol over 24.45 L/mol at 25 C.
TVOC_UG_PER_M3_PER_PPB: Final = 92.14 / 24.45
_SERIES_BELOW: Final = 1e-3


@dataclass(frozen=True)
class Substance:
    """How one quantity of the air behaves; all rates per hour."""

    outdoors: float
    """C_out: ug/m3 (pm25, coarse, tvoc), ppm (co2), g/m3 (water), C (warmth)."""
    supply: float = 0.0
    """s: a standing source, in the unit above per hour."""
    loss: float = 0.0
    """k: settling or uptake."""
    enters: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """P: the share that gets in with the window closed, ajar and open."""
    cleaned: float = 0.0
    """n: the share of the clean air delivery rate that works on it."""
    exchange: float = 1.0
    """x: the share of the air change that works on it."""


def default_substances() -> dict[str, Substance]:
    """Return the air of a Korean flat in spring, with outdoor PM2.5 at 60 ug/m3."""
    return {
        # P 0.8, k 0.3 /h: doi 10.1177/0143624420905102; Thatcher & Sextro (LBL).
        "pm25": Substance(outdoors=60.0, loss=0.3, enters=(0.8, 0.9, 1.0), cleaned=1.0),
        # Coarse dust settles faster and enters less; values [our default].
        "coarse": Substance(
            outdoors=30.0, loss=1.5, enters=(0.6, 0.8, 1.0), cleaned=1.0
        ),
        # Furniture gives off gases, and carbon holds some of them [our default].
        "tvoc": Substance(outdoors=40.0, supply=110.0, loss=0.1, cleaned=0.3),
        "co2": Substance(outdoors=420.0),
        # 10 C and 50 % outdoors; plants, laundry and cooking add 1 g/m3 per hour.
        "water": Substance(outdoors=4.7, supply=1.0),
        # Heated to 22 C; walls hold ten times the heat of the air [our default].
        "warmth": Substance(outdoors=10.0, supply=22.0, loss=1.0, exchange=0.1),
    }


@dataclass(frozen=True)
class RoomParameters:
    """A room and its surroundings."""

    volume_m3: float = 50.0
    air_changes_per_h: tuple[float, float, float] = (0.5, 2.0, 6.0)
    """With the window closed, ajar and open."""
    window: Window = Window.CLOSED
    people: int = 0
    substances: Mapping[str, Substance] = field(default_factory=default_substances)

    def __post_init__(self) -> None:
        """Refuse a room without air."""
        if not self.volume_m3 > 0:
            msg = f"a room's volume must be above 0 m3, not {self.volume_m3}"
            raise DeviceError(msg)


def saturation_g_per_m3(celsius: float) -> float:
    """Return the water that air can hold (Magnus formula, Sonntag 1990)."""
    pressure_hpa = 6.112 * math.exp(17.62 * celsius / (243.12 + celsius))
    return 216.7 * pressure_hpa / (273.15 + celsius)


def relax(
    level: float, supply: float, loss: float, hours: float
) -> tuple[float, float]:
    """Solve dC/dt = supply - loss*C exactly: the level after `hours`, its integral."""
    x = loss * hours
    if x < _SERIES_BELOW:  # the closed form would subtract nearly equal numbers
        reach = hours * (1 - x / 2 * (1 - x / 3 * (1 - x / 4)))
        gained = hours * hours / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5)))
    else:
        reach = -math.expm1(-x) / loss
        gained = (hours - reach) / loss
    return level * math.exp(-x) + supply * reach, level * reach + supply * gained


class Room:
    """The state of a room's air at one moment, and the events to come."""

    def __init__(self, parameters: RoomParameters | None = None, *, at: float) -> None:
        """Begin at `at` (seconds since the epoch) in balance, with no purifier on."""
        self.parameters = RoomParameters() if parameters is None else parameters
        self._time = at
        self._events: list[Event] = []
        self._rates: dict[str, tuple[float, float]] = {}
        self._until = math.inf
        self._enter()
        self._levels = {
            name: supply / loss if loss > 0 else self._substance(name).outdoors
            for name, (supply, loss) in self._rates.items()
        }

    @property
    def time(self) -> float:
        """The moment of the values, in seconds since the epoch."""
        return self._time

    def values(self) -> dict[str, float]:
        """Return the true value of every metric, in the units of `UNITS`."""
        level = self._levels
        held = saturation_g_per_m3(level["warmth"])
        return {
            "pm25": level["pm25"],
            "pm10": level["pm25"] + level["coarse"],
            "co2": level["co2"],
            "tvoc": level["tvoc"] / TVOC_UG_PER_M3_PER_PPB,
            "humidity": min(100.0, 100 * level["water"] / held),
            "temperature": level["warmth"],
        }

    def put(self, values: Mapping[str, float]) -> None:
        """Set metrics to values in the units of `UNITS`; the others stay.

        A PM10 alone pulls a larger PM2.5 down with it; a PM10 below a PM2.5 that is
        given too is taken as said, as from a sensor that is off.

        Raises:
            DeviceError: there is no such metric.

        """
        for metric in values:
            if metric not in UNITS:
                msg = f"there is no metric {metric!r}; {hint(metric, UNITS)}"
                raise DeviceError(msg)
        level = self._levels
        before = self.values()
        level["warmth"] = values.get("temperature", level["warmth"])
        if "humidity" in values or "temperature" in values:
            percent = values.get("humidity", before["humidity"])
            level["water"] = percent / 100 * saturation_g_per_m3(level["warmth"])
        level["co2"] = values.get("co2", level["co2"])
        if "tvoc" in values:
            level["tvoc"] = values["tvoc"] * TVOC_UG_PER_M3_PER_PPB
        if "pm25" in values:
            level["pm25"] = values["pm25"]
        elif "pm10" in values:
            level["pm25"] = min(level["pm25"], values["pm10"])
        if "pm10" in values:
            level["coarse"] = values["pm10"] - level["pm25"]

    def add(self, event: Event) -> None:
        """Let an event happen; the part of it that lies in the past has no effect."""
        self._events.append(event)
        self._enter()

    def begin(self, name: str, minutes: float | None = None) -> Event:
        """Let an event of `EVENTS` begin at the room's present moment.

        Raises:
            DeviceError: there is no such kind, or the time is not positive.

        """
        event = make_event(name, at=self._time, minutes=minutes)
        self.add(event)
        return event

    def advance(
        self,
        until: float,
        *,
        clean_air_m3_per_h: float = 0.0,
        water_g_per_h: float = 0.0,
    ) -> float:
        """Let time pass with a purifier's constant effect; a past moment does nothing.

        Returns:
            The dust that the purifier took out of the air, in mg.

        """
        dust_ug = 0.0
        while self._time < until:
            edge = min(until, self._until)
            hours = (edge - self._time) / SECONDS_PER_HOUR
            dust_ug += self._step(hours, clean_air_m3_per_h, water_g_per_h)
            self._time = edge
            if edge >= self._until:
                self._enter()
        return dust_ug / 1000

    def _step(self, hours: float, clean_air: float, water: float) -> float:
        volume = self.parameters.volume_m3
        dust_ug = 0.0
        for name, (supply, loss) in self._rates.items():
            cleaning = self._substance(name).cleaned * clean_air / volume
            extra = water / volume if name == "water" else 0.0
            self._levels[name], area = relax(
                self._levels[name], supply + extra, loss + cleaning, hours
            )
            if name in ("pm25", "coarse"):
                dust_ug += cleaning * volume * area
        return dust_ug

    def _substance(self, name: str) -> Substance:
        return self.parameters.substances[name]

    def _enter(self) -> None:
        """Take up the influences of this moment, and find when they change next."""
        now = self._time
        self._events = [event for event in self._events if event.end > now]
        edges = (m for event in self._events for m in (event.start, event.end))
        self._until = min((m for m in edges if m > now), default=math.inf)
        here = [event.influence for event in self._events if event.start <= now]
        steps = list(Window)
        opened = max(
            steps.index(window)
            for window in (self.parameters.window, *(i.window for i in here))
        )
        people = self.parameters.people + sum(i.people for i in here)
        breath = {
            "co2": CO2_PERSON_ML_PER_H * people,
            "water": WATER_PERSON_G_PER_H * people,
        }
        for name, substance in self.parameters.substances.items():
            emitted = sum(i.emits.get(name, 0.0) for i in here) + breath.get(name, 0.0)
            outdoors = substance.outdoors + sum(i.outdoors.get(name, 0) for i in here)
            air = substance.exchange * self.parameters.air_changes_per_h[opened]
            supply = (
                emitted / self.parameters.volume_m3
                + substance.supply
                + substance.enters[opened] * air * outdoors
            )
            self._rates[name] = (supply, air + substance.loss)
