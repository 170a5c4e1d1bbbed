"""What a reading means: grades of the air, and how dry or humid it is.

Strategy: one row of upper limits a metric, each with its source. A reading is rounded
to the number that is spoken before it is graded, so that number and word never
contradict each other. The grades of particles are made for daily means outdoors; here
they grade one moment by one sensor indoors: hence "by the sensor now" in the wording.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from math import floor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sanso.devices import Reading

    Limits = tuple[int, int, int]


class Grade(IntEnum):
    """How good the air is; a greater one is worse."""

    GOOD = 0
    MODERATE = 1
    BAD = 2
    VERY_BAD = 3


class Comfort(StrEnum):
    """How the humidity of a room feels."""

    DRY = "dry"
    SLIGHTLY_DRY = "slightly_dry"
    COMFORTABLE = "comfortable"
    HUMID = "humid"


PARTICLES: Final = ("pm25", "pm10")

LIMITS: Final[dict[str, Limits]] = {
    # ug/m3, Korea since 2018-03-27, daily means: good 0-15, moderate 16-35, bad 36-75,
    # very bad from 76 (easylaw.go.kr)
    "pm25": (15, 35, 75),
    # ug/m3, same source: good 0-30, moderate 31-80, bad 81-150, very bad from 151
    "pm10": (30, 80, 150),
    # ppm: 1000 is the Korean limit for indoor spaces of the public; "below 1000
    # harmless, 1000 to 2000 elevated, above 2000 unacceptable" (German indoor guide
    # values, doi 10.1007/s00103-008-0707-2). Neither knows a grade between good and bad.
    "co2": (1000, 1000, 2000),
    # ppb: the ends of levels 2, 3 and 4 of the German guide values for TVOC, 1, 3 and
    # 10 mg/m3 (doi 10.1007/s00103-007-0290-y), in the ppb that sensor makers give them
    "tvoc": (220, 660, 2200),
}
"""The highest whole number that is still good, moderate and bad."""

DRY_BELOW = 30
"""% relative humidity: "ideally 30 to 50 %" (EPA, A Brief Guide to Mold)."""
SLIGHTLY_DRY_BELOW = 40
"""% relative humidity: "40 to 60 %" (Korea, guide to indoor air in public spaces)."""
HUMID_ABOVE = 60
"""% relative humidity: "below 60 %" (the same EPA guide)."""


def whole(value: float) -> int:
    """Return the whole number that is spoken for a value; halves go up."""
    return floor(value + 0.5)


def grade(metric: str, value: float) -> Grade:
    """Return the grade of a value in the metric's unit.

    Raises:
        KeyError: the metric has no grades, as humidity and temperature.

    """
    shown = whole(value)
    return Grade(sum(shown > limit for limit in LIMITS[metric]))


def comfort(percent: float) -> Comfort:
    """Return how a relative humidity in percent feels."""
    shown = whole(percent)
    if shown < DRY_BELOW:
        return Comfort.DRY
    if shown < SLIGHTLY_DRY_BELOW:
        return Comfort.SLIGHTLY_DRY
    return Comfort.HUMID if shown > HUMID_ABOVE else Comfort.COMFORTABLE


def worst(
    readings: Mapping[str, Reading], metrics: Iterable[str] = PARTICLES
) -> Grade | None:
    """Return the worst grade among the metrics that have a value, or None.

    The worse of PM2.5 and PM10 is what is shown in Korea (easylaw.go.kr).
    """
    values = {name: readings[name].value for name in metrics if name in readings}
    return max(
        (grade(name, value) for name, value in values.items() if value is not None),
        default=None,
    )
