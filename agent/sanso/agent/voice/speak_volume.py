"""How loud an answer may be: softer in the quiet hours of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanso.agent.policy_moments import wall
from sanso.agent.policy_rules import Quiet

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from sanso.agent.policy_rules import Rules

    from .speak_sound import Volume

QUIET: Final = 0.3
"""About 10 dB below 1: half as loud to the ear."""


def house_volume(
    rules: Rules,
    now: Callable[[], float],
    zone: tzinfo | None = None,
    *,
    full: float = 1.0,
    quiet: float = QUIET,
) -> Volume:
    """
    Return how loud to speak by the rules of a house, asked anew for every sentence.

    `now` is the purifier's clock, in seconds since the epoch; without a zone the machine's own counts. In any quiet hours it is `quiet`, else `full`; also
    where nobody knows the time, as then every rule holds.
    """

    def volume() -> float:
        holding = rules.holding(wall(now(), zone))
        hushed = any(isinstance(rule, Quiet) for rule in holding)
        return min(quiet, full) if hushed else full

    return volume
