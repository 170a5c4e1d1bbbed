"""English clock times, durations and lists: the counterpart of `korean`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOON: Final = 12
_HOURS_BEFORE_DAYS: Final = 48
_SMALL: Final = (
    *("one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine"),
)
_NAMED: Final = {(0, 0): "midnight", (12, 0): "noon"}


def clock_time(hour: int, minute: int) -> str:
    """Return a time of day as it is said: (15, 30) is 3:30 PM, (0, 0) is midnight."""
    if name := _NAMED.get((hour, minute)):
        return name
    half = "AM" if hour < _NOON else "PM"
    shown = hour % _NOON or _NOON
    return f"{shown}:{minute:02d} {half}" if minute else f"{shown} {half}"


def duration(minutes: int) -> str:
    """Return a span: 90 is 1 hour 30 minutes; from two days on, 3000 is 2 days 2 hours."""
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24) if hours >= _HOURS_BEFORE_DAYS else (0, hours)
    parts = [counted(days, "day")] * bool(days)
    parts += [counted(hours, "hour")] * bool(hours)
    parts += [counted(rest, "minute")] * bool(rest or not parts)
    return " ".join(parts)


def counted(number: int, thing: str) -> str:
    """Return a number with its noun in the right form: 1 timer, 2 timers."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def small_number(number: int) -> str:
    """Return 1 to 9 in words, as in a text; a greater one in digits."""
    return _SMALL[number - 1] if 0 < number <= len(_SMALL) else str(number)


def listed(parts: Sequence[str]) -> str:
    """Return several nouns as one: `a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:  # noqa: PLR2004 - a list of one needs no "and"
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Return the text with its first letter small, save in I and in UV and its like."""
    first = text.split(" ", 1)[0]
    keep = first.split("'")[0] == "I" or any(
        char.isupper() or char.isdigit() for char in first[1:]
    )
    return text if keep else text[:1].lower() + text[1:]
