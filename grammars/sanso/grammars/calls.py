"""
The call language: everything that the model may say and that a purifier may be asked to do.

Strategy: each call is a frozen pydantic model; its fields are its arguments, in the order in which they are written.
`Form` annotations say how a value is spelled where its type alone does not. Every other notation (GBNF, Lark,
JSON schema, parser, renderer, sampler) is derived from this file.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .call import Call, Case, Clock, Signed, Trigger, cases_of
from .form import Text, whole_number

OnOff = Literal["on", "off"]
FanWord = Literal["min", "low", "medium", "high", "max"]
Mode = Literal[
    "auto",
    "manual",
    "sleep",
    "quiet",
    "turbo",
    "eco",
    "pet",
    "pollen",
    "dust",
    "baby",
    "away",
]
LightLevel = Literal["off", "dim", "on"]
Option = Literal["child_lock", "sound", "ionizer", "uv", "humidifier", "oscillation"]
Metric = Literal["pm25", "pm10", "co2", "tvoc", "humidity", "temperature"]
Item = Literal[
    "status",
    "air",
    "pm25",
    "pm10",
    "co2",
    "tvoc",
    "humidity",
    "temperature",
    "filter",
    "fan",
    "mode",
    "power",
    "timer",
]
Topic = Literal[
    "general",
    "ventilation",
    "fine_dust",
    "yellow_dust",
    "pollen",
    "humidity",
    "mold",
    "cooking",
    "smoke",
    "voc",
    "sleep",
    "pet",
    "baby",
    "cold",
    "filter",
    "energy",
    "placement",
]
Slot = Literal["level", "mode", "time", "option", "item"]
Repeat = Literal["once", "daily", "weekdays", "weekends"]
Threshold = Annotated[int, Field(ge=-20, le=5000)]


class SetPower(Call):
    """Turn the purifier on or off."""

    state: OnOff


class SetFanLevel(Call):
    """Set an absolute fan speed; a word is mapped onto the device's own levels."""

    level: Annotated[int, Field(ge=1, le=10)] | FanWord


class SetFanPercent(Call):
    """Set an absolute fan speed in percent."""

    percent: Annotated[int, Field(ge=0, le=100)]


class StepFan(Call):
    """Change the fan speed by some of the device's own levels."""

    by: Annotated[int, Field(ge=-9, le=9), Signed()]


class SetMode(Call):
    """Choose an operating mode; `dust` is yellow dust (황사)."""

    mode: Mode


class SetLight(Call):
    """Set the display, lamp or LED."""

    level: LightLevel


class SetOption(Call):
    """Switch a feature on or off."""

    option: Option
    state: OnOff


class CancelTimer(Call):
    """Drop pending timers, schedules and conditions."""


class Query(Call):
    """Read a value back; `air` is the overall air quality, `status` all in one."""

    item: Item


class ResetFilter(Call):
    """Set the filter counter to new, after a yes."""


class GiveTip(Call):
    """Give a short wellness tip, joined with the current readings."""

    topic: Topic


class Undo(Call, timed=False):
    """Put back what the last executed command changed."""


class Answer(Call, timed=False):
    """Reply to the runtime's own question."""

    value: Literal["yes", "no"]


class Ask(Call, timed=False):
    """A command that lacks a needed value: the runtime asks for it."""

    slot: Slot


class Chat(Call, timed=False):
    """Small talk that gets one fixed sentence."""

    kind: Literal["greeting", "thanks", "goodbye", "help", "identity"]


class Reject(Call, timed=False):
    """Not for a purifier, not expressible by any call, or not a request at all."""

    reason: Literal["off_topic", "unsupported", "noise"]


class Duration(Trigger):
    """A span of time; the two triggers that carry one differ in meaning only."""

    hours: Annotated[int, Field(ge=0, le=24)]
    minutes: Annotated[int, Field(ge=0, le=59)]

    @model_validator(mode="after")
    def _not_zero(self) -> Self:
        if self.hours == 0 and self.minutes == 0:
            msg = "a duration of 0 hours and 0 minutes has no meaning"
            raise ValueError(msg)
        return self

    @classmethod
    def cases(cls) -> tuple[Case, ...]:
        """Zero hours leave 1 to 59 minutes; any other hour all sixty."""
        minutes = whole_number(1, 59)
        return (
            (("hours", Text("0")), ("minutes", minutes)),
            (("hours", whole_number(1, 24)), ("minutes", whole_number(0, 59))),
        )

    @property
    def total_minutes(self) -> int:
        """The whole span in minutes."""
        return self.hours * 60 + self.minutes


class After(Duration):
    """Once, after that time."""


class At(Trigger):
    """At that clock time (24 h)."""

    time: Annotated[str, Clock()]
    repeat: Repeat


class Lasting(Duration):
    """Now, and put back after that time."""


class When(Trigger):
    """Once the reading passes the threshold, upwards or downwards."""

    metric: Metric
    above: Threshold | None = None
    below: Threshold | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.above is None) == (self.below is None):
            msg = "a condition needs exactly one of above and below"
            raise ValueError(msg)
        return self

    @classmethod
    def cases(cls) -> tuple[Case, ...]:
        """Either `above` or `below` is written, never both."""
        ((metric, above, below),) = cases_of(cls)
        return ((metric, above), (metric, below))


CALLS: tuple[type[Call], ...] = (
    SetPower,
    SetFanLevel,
    SetFanPercent,
    StepFan,
    SetMode,
    SetLight,
    SetOption,
    CancelTimer,
    Query,
    ResetFilter,
    GiveTip,
    Undo,
    Answer,
    Ask,
    Chat,
    Reject,
)
TRIGGERS: tuple[type[Trigger], ...] = (After, At, Lasting, When)
