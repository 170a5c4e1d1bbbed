"""A write on its way into an appliance, how it may end, and how well the appliance is heard."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sanso.devices.datapoint import Attribute

MOST_NOTES: Final = 100
_LONGEST_NOTE: Final = 200


class LinkState(StrEnum):
    """How well the appliance is heard."""

    STARTING = "starting"
    UP = "up"
    DEGRADED = "degraded"
    """An answer is overdue."""
    OFFLINE = "offline"
    """Three in a row were."""


class End(StrEnum):
    """How a write ended."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    """The appliance reports another value."""
    UNCONFIRMED = "unconfirmed"
    """It reported nothing."""
    UNSUPPORTED = "unsupported"
    OUT_OF_RANGE = "out_of_range"
    OFFLINE = "offline"
    """Not sent within `QUEUE_SECONDS`, or the link was lost before it was."""
    SUPERSEDED = "superseded"
    """A later write of the same attribute took its place before it was sent."""


@dataclass
class Write:
    """A number on its way into the appliance."""

    attribute: Attribute
    number: int
    before: int | None
    """What was reported last before it was sent."""
    queued_at: float
    repeatable: bool = True
    sendings: int = 0
    sent_at: float = 0.0
    """The last time."""
    first_sent_at: float = 0.0
    due: bool = False
    """Whether it is to be sent again."""
    asked: bool = False
    """Whether the value was asked for since the last sending."""
    reported: int | None = None
    """The last report of the attribute since it was sent, or asked for, the last time."""
    doubted: int | None = None
    """Another value that was reported once."""
    end: End | None = None


@dataclass
class Notes:
    """What was odd about the appliance, each said once."""

    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Keep a line, unless it was said before or there are too many."""
        told = line[:_LONGEST_NOTE].encode("ascii", "backslashreplace").decode()
        told = "".join(c if c.isprintable() else "?" for c in told)[:_LONGEST_NOTE]
        if told not in self.lines and len(self.lines) < MOST_NOTES:
            self.lines.append(told)
