"""When a statement will be carried out, by the clock on the wall. Pure; a clock that makes no sense gives no time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sanso.grammars import After, At, Trigger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

_MINUTE: Final = 60.0
_WEEK: Final = 7
_SATURDAY: Final = 5


def wall(now: float, zone: tzinfo | None) -> datetime | None:
    """What the clock on the wall shows; without a zone the machine's own; None where no calendar has such a time."""
    try:
        return datetime.fromtimestamp(now, UTC).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return None


def moments(
    trigger: Trigger | None, now: float, zone: tzinfo | None
) -> tuple[datetime | None, ...]:
    """
    The moments at which a statement begins: a schedule's of a whole week, as days may differ.

    A condition comes true when it wants to: its moment is that of asking, and whoever lets it wait asks again when it does.
    """
    if isinstance(trigger, After):
        return (wall(now + trigger.total_minutes * _MINUTE, zone),)
    if not isinstance(trigger, At):
        return (wall(now, zone),)
    start = wall(now, zone)
    if start is None:
        return (None,)
    try:
        found = tuple(_at(trigger, start, now, zone))
    except (OverflowError, ValueError, OSError):
        return (None,)
    return found[:1] if trigger.repeat == "once" else found


def _at(
    trigger: At, start: datetime, now: float, zone: tzinfo | None
) -> Iterator[datetime]:
    hour, minute = map(int, trigger.time.split(":"))
    for days in range(_WEEK + 1):
        day = (start + timedelta(days=days)).date()
        weekend = day.weekday() >= _SATURDAY
        if trigger.repeat in ("weekdays", "weekends") and weekend != (
            trigger.repeat == "weekends"
        ):
            continue
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
        # Through UTC: a time that daylight saving skips is shown as what the clock shows then.
        shown = wall(moment.timestamp(), zone)
        if shown is not None and moment.timestamp() > now:
            yield shown
