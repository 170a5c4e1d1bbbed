"""What is kept of a data point, and how a frame is told to whoever watches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .capture import Direction

Address = int | tuple[int, int]
"""A data point of Tuya, or service and property of MIoT."""
_MOST_VALUES: Final = 64
_QUIET: Final = ("heartbeat", "get_down", "query")


@dataclass
class Seen:
    """What was seen of one data point."""

    types: Counter[str] = field(default_factory=Counter)
    """How often it came as a bool, value, enum, bitmap, number, text or raw."""
    numbers: Counter[int] = field(default_factory=Counter)
    """How often each number came; the first 64 of them."""
    texts: list[str] = field(default_factory=list)
    """What was no number, as text or hexadecimal; the first 64."""
    low: int | None = None
    high: int | None = None
    """The lowest and the highest number."""
    reports: int = 0
    changes: int = 0
    last: object = None
    written: Counter[int] = field(default_factory=Counter)
    """What was written to it by whoever held the line."""

    @property
    def type(self) -> str:
        """The type that it came with most often; nothing if it was only written."""
        return self.types.most_common(1)[0][0] if self.types else ""

    def wrote(self, number: int) -> None:
        """Note one write by the host."""
        if number in self.written or len(self.written) < _MOST_VALUES:
            self.written[number] += 1

    def take(self, kind: str, value: int | str) -> None:
        """Note one report."""
        self.types[kind] += 1
        self.reports += 1
        self.changes += self.reports > 1 and value != self.last
        self.last = value
        if isinstance(value, str):
            if value not in self.texts and len(self.texts) < _MOST_VALUES:
                self.texts.append(value)
            return
        self.low = value if self.low is None else min(self.low, value)
        self.high = value if self.high is None else max(self.high, value)
        if value in self.numbers or len(self.numbers) < _MOST_VALUES:
            self.numbers[value] += 1


@dataclass(frozen=True)
class Heard:
    """One frame or line, as it is told."""

    direction: Direction
    what: str
    """The command's name, or the line's first word."""
    told: str
    """What it holds."""
    new: tuple[Address, ...] = ()
    """Data points that came for the first time."""

    @property
    def is_news(self) -> bool:
        """Whether it is more than a sign of life."""
        return self.what not in _QUIET
