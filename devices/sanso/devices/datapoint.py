"""Data points: where on the wire an attribute of an appliance is found.

Strategy: the table is data of the profile. A number means something else on another
product, so nothing here knows any. Each protocol has its own kind of address: a Tuya
data point, a MIoT service and property, a Modbus table and register.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

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


_HIGHEST_BIT = 31
_LONGEST_MS = 4500
"""A write that waits for 5 s is dropped."""
Protocol = Literal["tuya", "miot", "modbus"]
Table = Literal["holding", "input", "coil", "discrete"]
Address = int | tuple[int, int] | tuple[Table, int]


class Timing(BaseModel):
    """How fast the appliance may be spoken to, in milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gap_ms: int = Field(default=60, ge=0)
    """Between two frames."""
    confirm_ms: int = Field(default=500, gt=0)
    """In which a write is answered by a report."""
    settle_ms: dict[Attribute, Annotated[int, Field(ge=0, le=_LONGEST_MS)]] = {}
    """In which a report may still hold the old value, where that takes longer."""
    pace_ms: dict[Attribute, Annotated[int, Field(ge=0, le=_LONGEST_MS)]] = {
        "power": 1000,
        "fan_level": 1000,
    }
    """Between two different values of one attribute: motors and relays wear."""
    restart_ms: int = Field(default=0, ge=0, le=_LONGEST_MS)
    """Between switching off and on again; 3000 for a motor behind a relay."""


class Datapoint(BaseModel):
    """One value of the appliance: its address, its type, what its numbers mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dp: int | None = Field(default=None, ge=1, le=255)
    """Tuya: the data point."""
    siid: int | None = Field(default=None, ge=1, le=65535)
    """MIoT: the service."""
    piid: int | None = Field(default=None, ge=1, le=65535)
    """MIoT: the property."""
    aiid: int | None = Field(default=None, ge=1, le=65535)
    """MIoT: an action of the service, instead of a property."""
    arguments: tuple[int, ...] = ()
    """MIoT: what the action is called with: number of a property, value, and so on."""
    register_: int | None = Field(default=None, alias="register", ge=0, le=65535)
    """Modbus: the register or bit, counted from 0."""
    table: Table = "holding"
    """Modbus: where it lies."""
    type: Literal["bool", "value", "enum", "bitmap"]
    access: Literal["rw", "ro", "wo"] = "rw"
    values: dict[str, int] = {}
    """Words of an enum; levels of a fan count in this order from 1. Of a value: the nearest number counts."""
    levels: tuple[int, ...] = ()
    """Numbers of a fan's levels, rising, where they do not simply count."""
    minutes: dict[str, int] = {}
    """Minutes of an off-timer's enum; 0 cancels it."""
    range: tuple[int, int] | None = None
    """As on the wire."""
    scale: float = Field(default=1.0, gt=0, lt=1e6)
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
        listed = bool(self.values or self.minutes)
        if self.type == "enum" and not listed:
            msg = "every enum needs values, or minutes for an off-timer"
            raise ValueError(msg)
        if self.type not in ("enum", "value") and listed:
            msg = f"values and minutes belong to an enum or a value, not a {self.type}"
            raise ValueError(msg)
        if (self.type == "bitmap") != bool(self.bits):
            msg = "bits belong to a bitmap, and every bitmap has them"
            raise ValueError(msg)
        codes = [*(self.values or self.minutes).values()]
        if self.dp and self.type == "enum" and not set(codes) <= set(range(256)):
            msg = "a number of an enum is from 0 to 255 on a Tuya wire"
            raise ValueError(msg)
        if len(set(codes)) < len(codes):
            msg = "two words stand for one number"
            raise ValueError(msg)
        if list(self.levels) != sorted(set(self.levels)):
            msg = "levels must rise"
            raise ValueError(msg)
        if self.range and self.range[0] > self.range[1]:
            msg = f"range begins at {self.range[0]}, above its end {self.range[1]}"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _has_names_that_are_numbers(self) -> Self:
        for bit in self.bits:
            if not (bit.isascii() and bit.isdigit() and int(bit) <= _HIGHEST_BIT):
                msg = f"bits has {bit!r}; a bit is a number from 0 to {_HIGHEST_BIT}"
                raise ValueError(msg)
        for minutes in self.minutes:
            if not (minutes.isascii() and minutes.isdigit()):
                msg = f"minutes has {minutes!r}; write whole minutes, 0 for none"
                raise ValueError(msg)
        return self

    def address(self, protocol: Protocol) -> Address | None:
        """Return where the value lies in this protocol; None if the profile does not say."""
        if protocol == "tuya":
            return self.dp
        if protocol == "miot":
            number = self.piid if self.aiid is None else self.aiid
            return None if self.siid is None or number is None else (self.siid, number)
        return None if self.register_ is None else (self.table, self.register_)

    def shown_address(self, protocol: Protocol) -> str:
        """Return the address in words."""
        kinds = {"tuya": "data point", "miot": "service and property"}
        return f"{kinds.get(protocol, 'register')} {self.address(protocol)}"


LACKING: dict[Protocol, str] = {
    "tuya": "dp, the number of its data point",
    "miot": "siid and piid (or aiid, for an action)",
    "modbus": "register",
}
"""What a data point without an address lacks, in words."""
