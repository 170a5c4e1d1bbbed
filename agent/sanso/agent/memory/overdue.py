"""
What to do with that which came due while nobody was there.

Strategy: what switches off or turns down is carried out late, as it was meant to end something; what switches on or turns up is dropped, as
nobody may be there who wants it. Where it is neither (a tip, a filter counter, a child lock) it is dropped and told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sanso.grammars import (
    CancelTimer,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanso.devices import Capabilities, State
    from sanso.grammars import Call

_CALM: Final = ("sleep", "quiet", "eco", "away")
"""Modes that run lower than any level that a person chooses."""
_LIGHTS: Final = {"off": 0, "dim": 1}


def lowers(call: Call, state: State, has: Capabilities) -> bool:
    """Whether carrying out the call late only switches off or turns down."""
    for kind, is_lower in _LOWERS.items():
        if isinstance(call, kind):
            return is_lower(call, state)
    wanted = _wanted(call, has)
    if wanted is None:
        return False
    return wanted == 0 or (state.power and wanted <= strength(state, has))


def raises(present: State, wanted: State, has: Capabilities) -> bool:
    """Whether going from one state to the other switches anything on or up."""
    if wanted.power:
        up = not present.power or strength(wanted, has) > strength(present, has)
    else:
        up = False
    options = any(on and not present.options.get(n) for n, on in wanted.options.items())
    return up or options or _light(wanted.light) > _light(present.light)


def is_safe_twice(call: Call) -> bool:
    """Whether doing it a second time leaves everything as the first did."""
    return not isinstance(call, StepFan)


def strength(state: State, has: Capabilities) -> float:
    """How hard it runs by its settings, in levels: a mode that looks at the air counts as nearly full."""
    if state.mode == "manual":
        return float(state.fan or state.fan_now)
    return _of_mode(state.mode, has)


def _of_mode(mode: str, has: Capabilities) -> float:
    if mode in _CALM:
        return 0.5
    return has.fan_levels + 1.0 if mode == "turbo" else has.fan_levels - 0.5


def _wanted(call: Call, has: Capabilities) -> float | None:
    if isinstance(call, SetMode):
        return None if call.mode == "manual" else _of_mode(call.mode, has)
    if isinstance(call, SetFanPercent):
        return float(has.level_of_percent(call.percent))
    if isinstance(call, SetFanLevel):
        level = call.level
        return float(level if isinstance(level, int) else has.level_of(level))
    return None


def _light(level: str) -> int:
    return _LIGHTS.get(level, 2)


_LOWERS: Final[dict[type[Call], Callable[[Any, State], bool]]] = {
    CancelTimer: lambda _, __: True,
    SetPower: lambda call, _: call.state == "off",
    SetLight: lambda call, state: _light(call.level) <= _light(state.light),
    # An unlocked panel is for somebody who is there.
    SetOption: lambda call, _: call.state == "off" and call.option != "child_lock",
    StepFan: lambda call, _: call.by < 0,
}
"""Calls that are judged by themselves; of the others it is asked how hard the purifier would run."""
