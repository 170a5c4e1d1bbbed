"""What a call wants of an appliance, and what became of it: pure, for every adapter.

Strategy: a call is turned into absolute settings before anything is sent, so that a
write may be repeated; only a report that holds all of these settings confirms the
call. Settings are named as in `State.settings`; `filter` is the filter's percentage.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

from sanso.grammars import (
    Call,
    ResetFilter,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
)

from .purifier import Capabilities, OutcomeCode, State

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Settings = dict[str, object]
"""Wanted or reported values by the name of the setting."""


@dataclass(frozen=True)
class Refusal:
    """Why a call is not sent at all."""

    code: OutcomeCode
    detail: str


@dataclass(frozen=True)
class Situation:
    """What a plan depends on besides the call."""

    state: State
    capabilities: Capabilities
    heading: int
    """The level that the motor turns at or heads for."""
    resumed: int
    """The level that a purifier that is off would resume in manual mode."""


def settings_of(state: State) -> Settings:
    """Return the settings that a state reports, with the filter's percentage."""
    return {**state.settings(), "filter": state.filter_percent}


def differing(wanted: Mapping[str, object], state: State) -> Settings:
    """Return those of the wanted settings that the state does not report."""
    reported = settings_of(state)
    return {name: v for name, v in wanted.items() if reported.get(name) != v}


@singledispatch
def plan(call: Call, situation: Situation) -> Settings | Refusal:
    """Return the settings that a call asks for, in the order to write them.

    Nothing is wanted where the call leads to where the purifier stands.
    """
    del situation
    return Refusal(OutcomeCode.UNSUPPORTED, call.call_name())


@plan.register
def _power(call: SetPower, situation: Situation) -> Settings | Refusal:
    del situation
    return {"power": call.state == "on"}


@plan.register
def _fan_level(call: SetFanLevel, situation: Situation) -> Settings | Refusal:
    capabilities = situation.capabilities
    if isinstance(call.level, str):
        return _speed(capabilities.level_of(call.level))
    if call.level > capabilities.fan_levels:
        return Refusal(OutcomeCode.OUT_OF_RANGE, str(capabilities.fan_levels))
    return _speed(call.level)


@plan.register
def _fan_percent(call: SetFanPercent, situation: Situation) -> Settings | Refusal:
    level = situation.capabilities.level_of_percent(call.percent)
    return _speed(level) if level else {"power": False}


@plan.register
def _step(call: StepFan, situation: Situation) -> Settings | Refusal:
    state = situation.state
    if not state.power:
        # It stands still: there is nothing below, and above lies what it would resume.
        return {} if call.by < 0 else _stepped(situation, situation.resumed, call.by)
    base = situation.heading if state.fan is None else state.fan
    level = _clamped(base + call.by, situation.capabilities)
    return {} if level == base else _speed(level)


@plan.register
def _mode(call: SetMode, situation: Situation) -> Settings | Refusal:
    if call.mode not in situation.capabilities.modes:
        return Refusal(OutcomeCode.UNSUPPORTED, call.mode)
    return {"power": True, "mode": call.mode}


@plan.register
def _light(call: SetLight, situation: Situation) -> Settings | Refusal:
    if call.level not in situation.capabilities.lights:
        return Refusal(OutcomeCode.UNSUPPORTED, call.level)
    return {"light": call.level}


@plan.register
def _option(call: SetOption, situation: Situation) -> Settings | Refusal:
    if call.option not in situation.capabilities.options:
        return Refusal(OutcomeCode.UNSUPPORTED, call.option)
    return {f"option.{call.option}": call.state == "on"}


@plan.register
def _filter(call: ResetFilter, situation: Situation) -> Settings | Refusal:
    del call
    if not situation.capabilities.filter_reset:
        return Refusal(OutcomeCode.UNSUPPORTED, "filter")
    return {"filter": 100.0}


def _speed(level: int) -> Settings:
    return {"power": True, "mode": "manual", "fan": level}


def _stepped(situation: Situation, base: int, by: int) -> Settings:
    return _speed(_clamped(base + by, situation.capabilities))


def _clamped(level: int, capabilities: Capabilities) -> int:
    return min(max(1, level), capabilities.fan_levels)


def verdict(
    wanted: Mapping[str, object], after: State, reported: Collection[str]
) -> tuple[OutcomeCode, str]:
    """Compare what was wanted with what was read back.

    `reported` names the settings of which a report came since they were written. The
    second value is what the appliance reports instead, where it took another value.
    """
    if not after.online:
        return OutcomeCode.OFFLINE, ""
    missed = differing(wanted, after)
    if not missed:
        return OutcomeCode.CONFIRMED, ""
    for name in missed:
        if name in reported:
            return OutcomeCode.REJECTED, spelled(settings_of(after).get(name))
    return OutcomeCode.UNCONFIRMED, ""


def spelled(value: object) -> str:
    """Return a setting's value as the call language writes it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


def calls_back(wanted: State, present: State) -> list[tuple[Call, Settings]]:
    """Return what leads from one state's settings back to another's.

    Each step has a call that names it and the settings to write: options and light
    first, the power last, so that a fan does not start for a moment to stop again.
    """
    steps: list[tuple[Call, Settings]] = []
    missed = differing(wanted.settings(), present)
    for name, on in wanted.options.items():
        if f"option.{name}" in missed:
            call = _made(SetOption, option=name, state=spelled(on))
            steps.append((call, {f"option.{name}": on}))
    if "light" in missed:
        steps.append((_made(SetLight, level=wanted.light), {"light": wanted.light}))
    if "mode" in missed or "fan" in missed:
        speed: Settings = {"mode": wanted.mode}
        call = _made(SetMode, mode=wanted.mode)
        if wanted.fan is not None:
            speed["fan"] = wanted.fan
            call = _made(SetFanLevel, level=wanted.fan)
        steps.append((call, speed))
    if "power" in missed:
        power = _made(SetPower, state=spelled(wanted.power))
        steps.append((power, {"power": wanted.power}))
    return steps


def _made(cls: type[Call], **arguments: object) -> Call:
    """Make a call to name a step; a level beyond the call language stays as it is."""
    return cls.model_construct(None, **arguments)
