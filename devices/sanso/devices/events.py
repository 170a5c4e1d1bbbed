"""What happens in a room: cooking, smoking, windows, people, yellow dust, pollen.

Strategy: an event is a constant influence between two moments. The room cuts its
steps at those moments, so that the result never depends on the step size.
Units: emissions are per hour, in ug (pm25, coarse, tvoc), mL (co2) and g (water);
what is added outdoors is in ug/m3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from .errors import DeviceError
from .names import hint

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUTES_PER_HOUR: Final = 60.0
UG_PER_MG: Final = 1000.0

# Pure CO2 of one adult at rest: 0.0052 L/s (ASHRAE).
CO2_PERSON_ML_PER_H: Final = 0.0052 * 1000 * 3600
# Breath and skin of one adult at rest give about 50 g/h [our default].
WATER_PERSON_G_PER_H: Final = 50.0


class Window(StrEnum):
    """How far the window stands open; the later ones let in more air."""

    CLOSED = "closed"
    AJAR = "ajar"
    OPEN = "open"


@dataclass(frozen=True)
class Influence:
    """What a kind of event does to a room while it lasts."""

    minutes: float
    """How long it usually lasts."""
    emits: Mapping[str, float] = field(default_factory=dict)
    """Per hour, by substance."""
    outdoors: Mapping[str, float] = field(default_factory=dict)
    """Added to the concentration outdoors, by substance."""
    window: Window = Window.CLOSED
    """The window is at least this far open."""
    people: int = 0


@dataclass(frozen=True)
class Event:
    """An influence from `start` to `end`, in seconds since the epoch."""

    influence: Influence
    start: float
    end: float

    def __post_init__(self) -> None:
        """Refuse an event that ends before it begins."""
        if not self.start <= self.end:
            msg = f"an event ends at {self.end}, before its start at {self.start}"
            raise DeviceError(msg)


def _per_hour(mg_per_minute: float) -> float:
    return mg_per_minute * UG_PER_MG * MINUTES_PER_HOUR


EVENTS: Final[Mapping[str, Influence]] = {
    # PM2.5 2.056 mg/min and TVOC 1.349 mg/min: Chen, Zhao, Zhao 2018,
    # 10.1021/acs.est.7b05600. As much coarse dust again [our default].
    "frying": Influence(
        minutes=10,
        emits={
            "pm25": _per_hour(2.056),
            "coarse": _per_hour(2.056),
            "tvoc": _per_hour(1.349),
        },
    ),
    # 0.1 to 0.2 mg/min fits the rooms of Tang & Pfrang 2023, d2ea00171c.
    "gentle_cooking": Influence(
        minutes=20,
        emits={
            "pm25": _per_hour(0.15),
            "coarse": _per_hour(0.15),
            "tvoc": _per_hour(0.1),
            "water": 500.0,
        },
    ),
    # PM2.5 2.25 mg/min, 17.63 mg a cigarette: "Emission rates of ultrafine and fine
    # particles generated from human smoking of Chinese cigarettes"; TVOC [our default].
    "smoking": Influence(
        minutes=17.63 / 2.25,
        emits={"pm25": _per_hour(2.25), "tvoc": _per_hour(0.5)},
    ),
    "window_open": Influence(minutes=30, window=Window.OPEN),
    "window_ajar": Influence(minutes=30, window=Window.AJAR),
    "people": Influence(minutes=120, people=4),
    # The Korean yellow dust warning stands at PM10 of 300 ug/m3 and more for 2 h.
    "yellow_dust": Influence(minutes=720, outdoors={"coarse": 400.0, "pm25": 40.0}),
    # A dust sensor counts pollen as coarse dust; the burden is [our default].
    "pollen": Influence(minutes=720, outdoors={"coarse": 80.0}),
    "humidifier": Influence(minutes=120, emits={"water": 300.0}),
}
"""Kinds of events by name."""


def make_event(name: str, *, at: float, minutes: float | None = None) -> Event:
    """Make an event that begins at `at` and lasts `minutes`, or as long as usual.

    Raises:
        DeviceError: there is no such kind, or the time is not positive.

    """
    influence = EVENTS.get(name)
    if influence is None:
        msg = f"there is no event {name!r}; {hint(name, EVENTS)}"
        raise DeviceError(msg)
    lasting = influence.minutes if minutes is None else minutes
    if not lasting > 0:
        msg = f"{name} must last more than 0 minutes, not {lasting}"
        raise DeviceError(msg)
    return Event(influence, start=at, end=at + lasting * 60)
