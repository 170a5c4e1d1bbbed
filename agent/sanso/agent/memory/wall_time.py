"""
When a wall clock shows a time on a fitting day, through daylight saving and other jumps of a zone.

Strategy: a local time is turned into a moment and back. If it comes back as another, it does not exist on that day, and the first moment
after the jump stands for it; if it comes twice, the first one counts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sanso.agent.errors import AgentError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import tzinfo

    from sanso.grammars import At

_SATURDAY: Final = 5
_DAYS_AHEAD: Final = 16
"""A fitting day comes within a week; twice that, as the first ones may have been used."""


class UnknownZone(AgentError):
    """There is no time zone of that name."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        super().__init__(
            f"there is no time zone {name!r}; write one such as Asia/Seoul"
        )
        self.name = name


def zone_named(name: str | None) -> ZoneInfo | None:
    """
    The zone of a name such as Asia/Seoul; None for None, the machine's own.

    Raises:
        UnknownZone: there is none.
    """
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(name or "") from None


def next_moment(
    trigger: At, now: float, zone: tzinfo | None, used: Collection[str] = ()
) -> float:
    """
    Seconds since the epoch at which the clock next shows the time on a fitting day, later than `now`.

    `used` are days (YYYY-MM-DD) on which it came already. Without a zone the machine's own rules count.
    """
    hour, minute = map(int, trigger.time.split(":"))
    today = local_date(now, zone)
    for days in range(-1, _DAYS_AHEAD):
        day = today + timedelta(days=days)
        if not _fits(trigger.repeat, day):
            continue
        moment = moment_of(day, hour, minute, zone)
        if moment > now and local_date(moment, zone).isoformat() not in used:
            return moment
    return now + timedelta(days=_DAYS_AHEAD).total_seconds()


def local_date(at: float, zone: tzinfo | None) -> date:
    """The day that the calendar shows at a moment."""
    return _shown(at, zone).date()


def moment_of(day: date, hour: int, minute: int, zone: tzinfo | None) -> float:
    """The first moment at which the clock shows this, or, where it is jumped over, has jumped past it."""
    wanted = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - the zone follows
    first = _stamp(wanted, zone)
    if _shown(first, zone).replace(tzinfo=None, fold=0) == wanted:
        return first
    # Before a jump the zone has one distance to UTC, behind it another: the jump lies between the two readings.
    low, high = int(_stamp(wanted.replace(fold=1), zone)), int(first)
    after = _shown(high, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if _shown(middle, zone).utcoffset() == after:
            high = middle
        else:
            low = middle
    return float(high)


def _fits(repeat: str, day: date) -> bool:
    weekend = day.weekday() >= _SATURDAY
    return repeat in ("once", "daily") or weekend == (repeat == "weekends")


def _shown(at: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(zone)


def _stamp(wanted: datetime, zone: tzinfo | None) -> float:
    return (wanted if zone is None else wanted.replace(tzinfo=zone)).timestamp()
