"""
What may be done at once, what needs a yes, and what this purifier cannot do.

Strategy: a look at the call and at the capabilities, before anything is written or promised. What the device itself refuses stays the
device's business; here only that is caught which would otherwise be promised for later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanso.devices import OutcomeCode
from sanso.grammars import (
    Call,
    ResetFilter,
    SetFanLevel,
    SetLight,
    SetMode,
    SetOption,
)

if TYPE_CHECKING:
    from sanso.devices import Capabilities


def needs_yes(call: Call) -> bool:
    """Whether the call is carried out only after a yes: what cannot be taken back."""
    return isinstance(call, ResetFilter)


def lacking(call: Call, has: Capabilities) -> tuple[OutcomeCode, str] | None:
    """Why this purifier cannot do it at all, with the word or number that it fails on."""
    if isinstance(call, SetMode) and call.mode not in has.modes:
        return OutcomeCode.UNSUPPORTED, call.mode
    if isinstance(call, SetOption) and call.option not in has.options:
        return OutcomeCode.UNSUPPORTED, call.option
    if isinstance(call, SetLight) and call.level not in has.lights:
        return OutcomeCode.UNSUPPORTED, call.level
    if isinstance(call, ResetFilter) and not has.filter_reset:
        return OutcomeCode.UNSUPPORTED, "filter_reset"
    level = call.level if isinstance(call, SetFanLevel) else 0
    if isinstance(level, int) and level > has.fan_levels:
        return OutcomeCode.OUT_OF_RANGE, str(has.fan_levels)
    return None
