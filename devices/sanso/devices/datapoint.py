"""Data points: where on the wire an attribute of an appliance is found.

Strategy: the table is data of the profile. A data point number means something else on
another product, so nothing here knows any number.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Attribute = Literal[
    "power",
    "mode",
    "fan_level",
    "light",
    "child_lock",
    "sound",
    "ionizer",
    "uv",
    "humidifier",
    "oscillation",
    "pm25",
    "pm10",
    "co2",
    "tvoc",
    "humidity",
    "temperature",
    "air_quality",
    "filter_percent",
    "filter_days",
    "filter_reset",
    "timer_off",
    "timer_left",
    "runtime_minutes",
    "total_pm",
    "fault",
]


class Timing(BaseModel):
    """How fast the appliance may be spoken to, in milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gap_ms: int = Field(default=60, ge=0)
    """Between two frames."""
    confirm_ms: int = Field(default=500, gt=0)
    """In which a write is answered by a report."""
    settle_ms: dict[Attribute, int] = {}
    """In which a report may still hold the old value."""


class Datapoint(BaseModel):
    """One numbered value of the appliance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dp: int = Field(ge=1, le=255)
    type: Literal["bool", "value", "enum", "bitmap"]
    access: Literal["rw", "ro", "wo"] = "rw"
    values: dict[str, int] = {}
    """Words of an enum; levels of a fan count in this order from 1."""
    minutes: dict[str, int] = {}
    """Minutes of an off-timer's enum; 0 cancels it."""
    range: tuple[int, int] | None = None
    """As on the wire."""
    scale: float = 1.0
    """The wire's number times this is in the unit of `UNITS`."""
    invalid: tuple[int, ...] = ()
    """Numbers that mean no reading."""
    implies: dict[Attribute, str] = {}
    """What the appliance changes by itself when this is written."""
    bits: dict[str, Literal["wrong_filter", "door_open", "motor"]] = {}
    """Faults by number of bit."""
    blocks: tuple[Literal["power_on"], ...] = ()
    """What these faults prevent."""

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if (self.type == "enum") != bool(self.values or self.minutes):
            msg = "values or minutes belong to an enum, and every enum has one of them"
            raise ValueError(msg)
        if (self.type == "bitmap") != bool(self.bits):
            msg = "bits belong to a bitmap, and every bitmap has them"
            raise ValueError(msg)
        codes = [*(self.values or self.minutes).values()]
        if len(set(codes)) < len(codes):
            msg = "two words stand for one number"
            raise ValueError(msg)
        return self
