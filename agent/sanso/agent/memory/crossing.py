"""
When a reading has passed a threshold: once, for good, and by a sensor that is alive.

Strategy: a condition is armed by a reading on the other side. One that is not beyond when the condition is set arms it at once; one that is
beyond already must first come back by a whole band: "once it passes" asks for a change, and what is beyond already may be as its owner left
it. Armed, the reading must stay beyond for a while; a dip inside the band does not start that anew, a look that is missing does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sanso.devices import State
    from sanso.grammars import When

STALE_SECONDS: Final = 120.0
"""A reading or a report older than this does not count; a healthy link is read at least once a minute."""


@dataclass(frozen=True)
class Sense:
    """How a metric behaves near a threshold."""

    band: float
    """How far a reading must come back, in the metric's own unit."""
    dwell_seconds: float
    """How long it must stay beyond."""


# The bands are twice the noise of the sensors of their kind at everyday readings (dust: 2 ug/m3, or 5 %).
SENSES: Final[dict[str, Sense]] = {
    "pm25": Sense(5.0, 10.0),  # ug/m3
    "pm10": Sense(8.0, 10.0),  # ug/m3
    "co2": Sense(50.0, 30.0),  # ppm
    "tvoc": Sense(40.0, 10.0),  # ppb
    "humidity": Sense(3.0, 30.0),  # % of relative humidity
    "temperature": Sense(0.5, 30.0),  # degrees Celsius
}


@dataclass(frozen=True)
class Watch:
    """What was seen of a condition so far."""

    armed: bool | None = None
    """None until there was a reading."""
    beyond_since: float | None = None
    """Seconds since the epoch."""
    seen_at: float = 0.0
    """When there was a reading last."""


def looked(watch: Watch, trigger: When, state: State, now: float) -> tuple[Watch, bool]:
    """The watch after a look at a state, and whether the condition is met."""
    value = _reading(trigger.metric, state)
    if value is None:
        return watch, False
    sense = SENSES[trigger.metric]
    if trigger.above is not None:
        past = value - trigger.above
    else:
        past = (trigger.below or 0) - value
    beyond, back = past > 0, past <= -sense.band
    if not watch.armed:
        armed = back if watch.armed is False else not beyond
        return Watch(armed, None, now), False
    since = watch.beyond_since
    if back or now - watch.seen_at > STALE_SECONDS:
        since = None
    if beyond and since is None:
        since = now
    met = beyond and since is not None and now - since >= sense.dwell_seconds
    return Watch(armed=True, beyond_since=since, seen_at=now), met


def _reading(metric: str, state: State) -> float | None:
    """The value, unless nobody knows if it is still so."""
    reading = state.readings.get(metric)
    if not state.online or reading is None:
        return None
    stale = max(state.age_seconds, reading.age_seconds) > STALE_SECONDS
    return None if stale else reading.value
