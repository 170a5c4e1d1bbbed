"""What the sensors report of the true air.

Strategy: a sensor samples every second from switching on, adds noise, and reports a
sample that lies beyond the deadband; every 30 s it reports whatever it reads. Noise is
a function of seed, metric and second, not of a running generator, and a report never
depends on samples older than 30 s: so seconds that nobody looks at need no work, and
looking more often changes nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .clock import whole_seconds
from .purifier import UNITS, NoReading, Reading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

REFRESH_SECONDS: Final = 30
_MASK: Final = (1 << 64) - 1


@dataclass(frozen=True)
class SensorKind:
    """What a sensor adds to and leaves out of the truth, in the metric's unit."""

    noise_floor: float
    noise_share: float
    deadband: float
    digits: int
    low: float
    high: float


# Noise of max(2, 5 %) and ranges as in the standard `kj` data points; humidity and
# temperature sensors are better than that [our default].
SENSOR_KINDS: Final[Mapping[str, SensorKind]] = {
    "pm25": SensorKind(2, 0.05, 1, 0, 0, 999),
    "pm10": SensorKind(2, 0.05, 1, 0, 0, 999),
    "co2": SensorKind(2, 0.05, 10, 0, 0, 5000),
    "tvoc": SensorKind(2, 0.05, 1, 0, 0, 10_000),
    "humidity": SensorKind(1, 0, 1, 0, 0, 100),
    "temperature": SensorKind(0.2, 0, 0.1, 1, -20, 50),
}


def noise(seed: int, metric: str, second: int) -> float:
    """Return a number between -1 and 1, most often near 0: the sum of two uniform ones.

    Source: the mixing function is SplitMix64 (Steele, Lea, Flood 2014).
    """
    place = list(SENSOR_KINDS).index(metric)
    word = seed * 0xD1342543DE82EF95 + place * 0x2545F4914F6CDD1D + second
    uniform = []
    for _ in range(2):
        word = (word * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _MASK
        mixed = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        uniform.append((mixed ^ (mixed >> 31)) / 2**64)
        word = mixed
    return uniform[0] + uniform[1] - 1


class Sensors:
    """The sensors of one purifier."""

    def __init__(
        self,
        metrics: Collection[str],
        *,
        seed: int = 0,
        noisy: bool = True,
        warm_up_seconds: int = 30,
    ) -> None:
        """Have sensors for `metrics`, switched off."""
        self._metrics = [m for m in SENSOR_KINDS if m in metrics]
        self._seed = seed
        self._noisy = noisy
        self._warm_up = warm_up_seconds
        self._failed: set[str] = set()
        self._since: float | None = None
        self._second = 0
        self._starts = 0
        self._reported: dict[str, float] = {}

    @property
    def failed(self) -> frozenset[str]:
        """Metrics whose sensor is broken."""
        return frozenset(self._failed)

    def switch_on(self, at: float, values: Mapping[str, float]) -> None:
        """Begin to sample, and to warm up, at the moment `at`."""
        self._since = at
        self._starts += 1
        self._sample(0, values, refresh=True)

    def switch_off(self) -> None:
        """Stop."""
        self._since = None
        self._reported = {}

    def fail(self, metric: str) -> None:
        """Break a sensor."""
        self._failed.add(metric)

    def repair(self, metric: str) -> None:
        """Mend a sensor."""
        self._failed.discard(metric)

    def next_edge(self, after: float, until: float) -> float:
        """Return the next moment to sample at; seconds count only before `until`."""
        if self._since is None:
            return math.inf
        second = whole_seconds(self._since, after)
        refresh = self._since + (second // REFRESH_SECONDS + 1) * REFRESH_SECONDS
        return refresh if refresh <= until else self._since + second + 1

    def sample(self, at: float, values: Mapping[str, float]) -> bool:
        """Look at the true air at a moment of `next_edge`; True for a 30 s refresh."""
        if self._since is None:
            return False
        second = round(at - self._since)
        refresh = second % REFRESH_SECONDS == 0
        self._sample(second, values, refresh=refresh)
        return refresh

    def value(self, metric: str, at: float) -> float | None:
        """Return a usable reading, or None."""
        return self._reading(metric, at).value

    def readings(self, at: float) -> dict[str, Reading]:
        """Return a reading for every metric there is."""
        return {metric: self._reading(metric, at) for metric in UNITS}

    def _reading(self, metric: str, at: float) -> Reading:
        if metric not in self._metrics:
            return Reading(missing=NoReading.ABSENT)
        if metric in self._failed:
            return Reading(missing=NoReading.FAILED)
        if self._since is None:
            return Reading(missing=NoReading.OFF)
        if whole_seconds(self._since, at) < self._warm_up:
            return Reading(missing=NoReading.WARMING_UP)
        age = max(0.0, at - self._since - self._second)
        return Reading.of(self._reported[metric], age_seconds=age)

    def _sample(
        self, second: int, values: Mapping[str, float], *, refresh: bool
    ) -> None:
        self._second = second
        for metric in self._metrics:
            seen = self._seen(metric, values[metric], second)
            last = self._reported.get(metric)
            deadband = SENSOR_KINDS[metric].deadband
            if refresh or last is None or abs(seen - last) > deadband:
                self._reported[metric] = seen

    def _seen(self, metric: str, value: float, second: int) -> float:
        kind = SENSOR_KINDS[metric]
        if self._noisy:
            # Another start is another stretch of noise: 2^32 seconds lie between.
            place = (self._starts << 32) + second
            bound = max(kind.noise_floor, kind.noise_share * value)
            value += bound * noise(self._seed, metric, place)
        return round(min(kind.high, max(kind.low, value)), kind.digits) + 0.0
