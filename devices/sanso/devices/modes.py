"""How fast the fan turns in each mode.

Strategy: a rule is a table of bands: below a reading, this share of the levels. A mode
without bands has one speed. All rules keep the fan turning: standing still is what
switching off is for. The bands of `auto` are those of a public demo of the `kj`
category; the others follow the Korean bands (PM2.5 15/35/75, PM10 30/80/150).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WITHOUT_READING_PERCENT: Final = 60
"""While a sensor warms up or has failed: the middle, neither deaf nor loud."""


@dataclass(frozen=True)
class FanRule:
    """The fan's share of the levels, in percent, by what a sensor reads."""

    bands: tuple[tuple[float, int], ...]
    """(reading below which, percent), rising; the last bound is infinity."""
    metric: str = "pm25"

    def percent(self, reading: float | None) -> int:
        """Return the share for a reading, or for none."""
        if len(self.bands) == 1:
            return self.bands[0][1]
        if reading is None or not math.isfinite(reading):
            return _WITHOUT_READING_PERCENT
        return next(share for bound, share in self.bands if reading < bound)


def _always(percent: int) -> FanRule:
    return FanRule(((math.inf, percent),))


FAN_RULES: Final[Mapping[str, FanRule]] = {
    "auto": FanRule(((35, 40), (75, 60), (115, 80), (math.inf, 100))),
    "sleep": _always(1),
    "quiet": FanRule(((35, 20), (math.inf, 40))),
    "turbo": _always(100),
    "eco": FanRule(((15, 1), (35, 20), (75, 40), (math.inf, 60))),
    # Hair, pollen and yellow dust are coarse: they settle before a slow fan gets them.
    "pet": FanRule(((80, 60), (150, 80), (math.inf, 100)), "pm10"),
    "pollen": FanRule(((80, 80), (math.inf, 100)), "pm10"),
    "dust": FanRule(((30, 40), (80, 60), (150, 80), (math.inf, 100)), "pm10"),
    "baby": FanRule(((15, 20), (35, 40), (math.inf, 60))),
    "away": FanRule(((35, 1), (75, 40), (math.inf, 60))),
}
"""Every mode of the call language but `manual`, in which the owner chooses."""


def level_in_mode(
    mode: str, levels: int, reading_of: Callable[[str], float | None]
) -> int:
    """Return the level that a mode chooses: the lowest that gives the rule's share.

    `reading_of` gives the present reading of a metric, or None.
    """
    rule = FAN_RULES[mode]
    share = rule.percent(reading_of(rule.metric))
    return max(1, -(-share * levels // 100))
