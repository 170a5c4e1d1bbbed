"""
What settings lead to, before they are written: the fan level of each mode, and how the purifier will stand.

Strategy: pure. What a mode does is read from the table of `devices.modes`; where the product has a mode of its own, it is taken for the loudest.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sanso.devices.modes import FAN_RULES, level_in_mode

from .policy_moments import wall

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from sanso.devices import Capabilities, State

    from .policy_rules import Rules

BRIGHTNESS = ("off", "dim", "on")
"""Lights, the darkest first."""


def highest_level(wanted: Mapping[str, object], state: State, has: Capabilities) -> int:
    """The highest fan level to which these settings may lead; 0 where they concern no speed, or stop it."""
    if not wanted.keys() & {"power", "mode", "fan"}:
        return 0
    then = with_settings(state, wanted)
    if not then.power:
        return 0
    if then.mode == "manual":
        return has.fan_levels if then.fan is None else then.fan
    rule = FAN_RULES.get(then.mode)
    if rule is None:
        return has.fan_levels
    share = max(share for _, share in rule.bands)
    return max(1, -(-share * has.fan_levels // 100))


def after_settings(
    wanted: Mapping[str, object], state: State, has: Capabilities
) -> State:
    """How the purifier will report itself with these settings, as far as that can be told before."""
    then = with_settings(state, wanted)
    if not then.power:
        return replace(then, fan_now=0)
    if then.fan is not None:
        return replace(then, fan_now=then.fan)
    if then.mode not in FAN_RULES:
        return replace(then, fan_now=state.fan_now or 1)

    def reading_of(metric: str) -> float | None:
        reading = state.readings.get(metric)
        if reading is None or reading.value is None:
            return None
        return reading.value if math.isfinite(reading.value) else None

    level = level_in_mode(then.mode, has.fan_levels, reading_of)
    return replace(then, fan_now=level)


def with_settings(state: State, wanted: Mapping[str, Any]) -> State:
    """The state with these settings in it; a mode other than manual chooses the speed itself."""
    mode = wanted.get("mode", state.mode)
    fan = wanted.get("fan", state.fan if mode in {state.mode, "manual"} else None)
    options = {n: wanted.get(f"option.{n}", on) for n, on in state.options.items()}
    return replace(
        state,
        power=wanted.get("power", state.power),
        mode=mode,
        fan=fan,
        light=wanted.get("light", state.light),
        options=options,
    )


def held_back(
    wanted: State,
    present: State,
    has: Capabilities,
    rules: Rules,
    now: float,
    zone: tzinfo | None = None,
) -> tuple[State, tuple[str, ...]]:
    """
    A state that shall be put back, as far as the rules of this hour allow, and the names of the rules that bit.

    Only what would change is held back: what stands as it is may stay, whatever the hour.
    """
    bit: list[str] = []
    for rule in rules.holding(wall(now, zone)):
        level, light, sound = rule.bounds
        lesser = wanted
        moves = (wanted.power, wanted.mode, wanted.fan) != (
            *(present.power, present.mode, present.fan),
        )
        if level and moves and highest_level({"fan": wanted.fan}, wanted, has) > level:
            lesser = replace(lesser, mode="manual", fan=level)
        if light and lesser.light != present.light and _brighter(lesser.light, light):
            dim = light if light in has.lights else "off"
            lesser = replace(lesser, light=dim)
        options = lesser.options
        if sound and options.get("sound") and not present.options.get("sound"):
            lesser = replace(lesser, options={**options, "sound": False})
        if lesser != wanted:
            bit.append(rule.name)
            wanted = lesser
    return wanted, tuple(bit)


def _brighter(light: str, bound: str) -> bool:
    return light not in BRIGHTNESS or BRIGHTNESS.index(light) > BRIGHTNESS.index(bound)
