"""The terms of a policy: spans of hours and patterns of calls, and how each is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sanso.devices.names import hint
from sanso.grammars import PURIFIER, Call, form_words
from sanso.grammars.form import enumerate_form

if TYPE_CHECKING:
    from datetime import datetime

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As `datetime.weekday` counts them."""
_HOUR: Final = 60
DAY_MINUTES: Final = 24 * _HOUR
_HOURS: Final = re.compile(
    r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII
)
_CALL: Final = re.compile(r"([a-z_]\w*)(?:\((.*)\))?", re.ASCII)
_ARGUMENT: Final = re.compile(r"([a-z_]\w*)=([-+\w:]+)", re.ASCII)


@dataclass(frozen=True)
class Hours:
    """A span of the day by the clock on the wall; it may pass midnight."""

    start: int
    """Minutes since midnight."""
    end: int
    """Minutes since midnight, 1 to 1440; before `start` it is of the next day."""

    def holds(self, moment: datetime, days: tuple[Day, ...]) -> bool:
        """Whether the wall clock of a moment is inside, in a span that began on one of these days."""
        minute, today = moment.hour * _HOUR + moment.minute, moment.weekday()
        if self.start < self.end:
            return self.start <= minute < self.end and DAYS[today] in days
        if minute >= self.start:
            return DAYS[today] in days
        return minute < self.end and DAYS[today - 1] in days

    @property
    def until(self) -> str:
        """When it ends, as HH:MM; empty where it never does."""
        if (self.start, self.end) == (0, DAY_MINUTES):
            return ""
        hour, minute = divmod(self.end % DAY_MINUTES, _HOUR)
        return f"{hour:02}:{minute:02}"


def read_hours(value: object) -> Hours:
    """Read HH:MM-HH:MM. Raises ValueError, which says what is wrong."""
    if isinstance(value, Hours):
        return value
    found = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        msg = f"{value!r} is no span of hours; write it like 22:00-07:00"
        raise ValueError(msg)
    first, second, third, fourth = found.groups()
    start = int(first) * _HOUR + int(second)
    end = int(third) * _HOUR + int(fourth) if third else DAY_MINUTES
    if end in (start, 0):
        msg = f"{value!r} has no length or ends at 00:00; write 24:00 for the end of a day"
        raise ValueError(msg)
    return Hours(start, end)


@dataclass(frozen=True)
class Pattern:
    """Calls by name, with those arguments that must be as they are written; the others may be anything."""

    name: str
    arguments: tuple[tuple[str, str], ...] = ()

    def fits(self, call: Call) -> bool:
        """Whether a call is one of these."""
        if call.call_name() != self.name:
            return False
        # a step is written with its sign, and is the same number without
        given = {k: str(v) for k, v in call.arguments().items()}
        return all(given.get(k) == v.removeprefix("+") for k, v in self.arguments)


def read_pattern(value: object) -> Pattern:
    """Read a call, whole or in part. Raises ValueError, which says what is wrong."""
    if isinstance(value, Pattern):
        return value
    found = _CALL.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        msg = f"{value!r} is no call; write it like reset_filter() or set_mode(mode=turbo)"
        raise ValueError(msg)
    name, inner = found.groups()
    cls = PURIFIER.by_name.get(name)
    if cls is None or not issubclass(cls, Call):
        known = [c.call_name() for c in PURIFIER.calls]
        raise ValueError(f"there is no call {name!r}; {hint(name, known)}")
    pairs: list[tuple[str, str]] = []
    for part in filter(None, (p.strip() for p in (inner or "").split(","))):
        pair = _ARGUMENT.fullmatch(part)
        if pair is None:
            msg = f"{part!r} is no argument; write it like state=off"
            raise ValueError(msg)
        _check_argument(cls, pair[1], pair[2])
        pairs.append((pair[1], pair[2]))
    return Pattern(name, tuple(pairs))


def _check_argument(cls: type[Call], key: str, value: str) -> None:
    forms = dict(cls.cases()[0])
    if key not in forms:
        msg = f"{cls.call_name()} has no argument {key!r}; {hint(key, forms)}"
        raise ValueError(msg)
    values = set(enumerate_form(forms[key]))
    if value not in values:
        numbers = sorted(values - form_words(forms[key]), key=int)
        words = form_words(forms[key]) or {f"{numbers[0]} to {numbers[-1]}"}
        msg = f"{key} has no value {value!r}; {hint(value, words)}"
        raise ValueError(msg)
