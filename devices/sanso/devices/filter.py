"""The filter: what it has caught, how long it has worked, what is left of it.

Strategy: a filter is spent at a mass of dust or after a time of use, whichever comes
first (12 g or 180 days in a public demo of the `kj` category). Its clean air falls with
the mass and is halved at the rated one, which is how GB/T 18801 defines that mass.
"""

from __future__ import annotations

from dataclasses import dataclass

SECONDS_PER_DAY = 86_400.0


@dataclass
class Filter:
    """A filter and its counter."""

    grams: float = 12.0
    """Dust that halves the clean air delivery rate."""
    days: float = 180.0
    """Days of running."""
    caught_mg: float = 0.0
    used_seconds: float = 0.0

    def load(self, dust_mg: float, seconds: float) -> None:
        """Add dust and running time."""
        self.caught_mg += dust_mg
        self.used_seconds += seconds

    def reset(self) -> None:
        """Count as new."""
        self.caught_mg = self.used_seconds = 0.0

    def wear_to(self, percent: float) -> None:
        """Count as if used until `percent` of life is left, by dust and time alike."""
        used = 1 - percent / 100
        self.caught_mg = used * self.grams * 1000
        self.used_seconds = used * self.days * SECONDS_PER_DAY

    @property
    def percent(self) -> float:
        """Life left, 0 to 100, to a tenth."""
        by_mass = self.caught_mg / (self.grams * 1000)
        by_time = self.used_seconds / (self.days * SECONDS_PER_DAY)
        return round(max(0.0, 100 * (1 - max(by_mass, by_time))), 1)

    @property
    def clean_air_share(self) -> float:
        """What is left of the clean air delivery rate: 1 when new, 0.5 when spent."""
        return 1 - 0.5 * min(1.0, self.caught_mg / (self.grams * 1000))

    @property
    def days_left(self) -> int:
        """Days of running left, if dust goes on coming as it did until now."""
        used_days = self.used_seconds / SECONDS_PER_DAY
        left = self.days - used_days
        by_mass = self.caught_mg / (self.grams * 1000)
        if by_mass > 0:
            left = min(left, used_days / by_mass - used_days)
        return max(0, round(left))
