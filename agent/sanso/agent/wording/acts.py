"""Acts as phrases: what a call does, when it is due, and what its subject is now.

Strategy: each call is mapped to the key of its row in the tables and to the slots of
that row; `do`, `thing`, `done`, `already` and `now` share these keys. The rows of a
call that was carried out are chosen by what was read back, never by what was asked.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Final

from sanso.grammars import (
    After,
    At,
    Call,
    CancelTimer,
    GiveTip,
    Lasting,
    Query,
    ResetFilter,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
    Trigger,
    Undo,
    When,
)

from .bands import whole

if TYPE_CHECKING:
    from sanso.devices import State

    from .tongue import Tongue

Row = tuple[str, dict[str, str]]
"""The key of a row without its first word, and what fills its slots."""

_LOCK: Final = "child_lock"
"""In Korean a lock is neither turned on nor off, so it has rows of its own."""
FILTER_LOW_PERCENT: Final = 10
"""From here on a new filter is asked for; makers warn between 5 and 10 %."""


def do(call: Call, tongue: Tongue) -> str:
    """Return what the call does, as the agent promises it: 끌게요, turn off."""
    key, slots = asked(call, tongue)
    return tongue.phrase(f"do.{key}", **slots)


def thing(call: Call, tongue: Tongue) -> str:
    """Return what the call does, as a noun: 전원 끄기, power off."""
    key, slots = asked(call, tongue)
    return tongue.phrase(f"thing.{key}", **slots)


@singledispatch
def asked(call: Call, tongue: Tongue) -> Row:
    """Return the row for what a call asks for."""
    del call, tongue
    return "other", {}


@asked.register(SetPower)
def _power(call: SetPower, tongue: Tongue) -> Row:
    del tongue
    return f"power.{call.state}", {}


@asked.register(SetFanLevel)
def _fan_level(call: SetFanLevel, tongue: Tongue) -> Row:
    return "fan.set", {"level": tongue.level(call.level)}


@asked.register(SetFanPercent)
def _fan_percent(call: SetFanPercent, tongue: Tongue) -> Row:
    del tongue
    return "fan.set", {"level": f"{call.percent}%"}


@asked.register(StepFan)
def _step(call: StepFan, tongue: Tongue) -> Row:
    steps = abs(call.by)
    key = "steps.one" if steps == 1 else "steps.many"
    amount = tongue.phrase(key, number=tongue.small_number(steps))
    return "fan.up" if call.by > 0 else "fan.down", {"steps": amount}


@asked.register(SetMode)
def _mode(call: SetMode, tongue: Tongue) -> Row:
    return "mode", {"mode": tongue.name("mode", call.mode)}


@asked.register(SetLight)
def _light(call: SetLight, tongue: Tongue) -> Row:
    del tongue
    return f"light.{call.level}", {}


@asked.register(SetOption)
def _option(call: SetOption, tongue: Tongue) -> Row:
    if call.option == _LOCK:
        return f"lock.{call.state}", {}
    return f"option.{call.state}", {"option": tongue.name("option", call.option)}


@asked.register(ResetFilter)
def _filter(call: ResetFilter, tongue: Tongue) -> Row:
    del call, tongue
    return "filter", {}


@asked.register(CancelTimer)
def _cancel(call: CancelTimer, tongue: Tongue) -> Row:
    del call, tongue
    return "cancel", {}


@asked.register(Query)
def _query(call: Query, tongue: Tongue) -> Row:
    return "query", {"item": tongue.name("item", call.item)}


@asked.register(GiveTip)
def _tip(call: GiveTip, tongue: Tongue) -> Row:
    return "tip", {"topic": tongue.name("topic", call.topic)}


@asked.register(Undo)
def _undo(call: Undo, tongue: Tongue) -> Row:
    del call, tongue
    return "undo", {}


@singledispatch
def read_back(call: Call, state: State, tongue: Tongue) -> Row:
    """Return the row for what a state reports about the subject of a call."""
    del call, state, tongue
    return "other", {}


@read_back.register(SetPower)
def _power_now(call: SetPower, state: State, tongue: Tongue) -> Row:
    del call, tongue
    return ("power.on" if state.power else "power.off"), {}


@read_back.register(SetFanLevel)
@read_back.register(SetFanPercent)
@read_back.register(StepFan)
def _fan_now(call: Call, state: State, tongue: Tongue) -> Row:
    del call
    if not state.power:
        return "power.off", {}
    slots = {"mode": tongue.name("mode", state.mode)}
    if state.fan is None:
        return "fan.mode", {**slots, "level": tongue.level(state.fan_now)}
    if state.fan == 0:
        return "fan.still", {}
    return "fan.set", {"level": tongue.level(state.fan)}


@read_back.register(SetMode)
def _mode_now(call: SetMode, state: State, tongue: Tongue) -> Row:
    del call
    return "mode", {"mode": tongue.name("mode", state.mode)}


@read_back.register(SetLight)
def _light_now(call: SetLight, state: State, tongue: Tongue) -> Row:
    del call, tongue
    # a lamp may report more than the call language knows, such as a night light
    known = state.light in ("off", "dim", "on")
    return f"light.{state.light if known else 'on'}", {}


@read_back.register(SetOption)
def _option_now(call: SetOption, state: State, tongue: Tongue) -> Row:
    on = state.options.get(call.option, False)
    if call.option == _LOCK:
        return ("lock.on" if on else "lock.off"), {}
    slots = {
        "option": tongue.name("option", call.option),
        "label": tongue.label("option", call.option),
    }
    return ("option.on" if on else "option.off"), slots


@read_back.register(ResetFilter)
def _filter_now(call: ResetFilter, state: State, tongue: Tongue) -> Row:
    del call, tongue
    if state.filter_percent is None:
        return "filter.unknown", {}
    return "filter", {"value": f"{whole(state.filter_percent)}%"}


def now(call: Call, state: State, tongue: Tongue) -> str:
    """Return the sentence for how the subject of a call is now."""
    if isinstance(call, SetMode) and not state.power:
        return tongue.say("now.mode.off", mode=tongue.name("mode", state.mode))
    if isinstance(call, ResetFilter):
        return filter_now(state, tongue)
    if isinstance(call, (SetFanLevel, SetFanPercent, StepFan)):
        return fan_now(state, tongue)
    key, slots = read_back(call, state, tongue)
    return tongue.say(f"now.{key}", **slots)


def fan_now(state: State, tongue: Tongue) -> str:
    """Return the sentence for the fan of a purifier that may be off."""
    if not state.power:
        return tongue.say("now.fan.off")
    key, slots = _fan_now(StepFan(by=1), state, tongue)
    if key == "fan.mode" and state.fan_now == 0:
        return tongue.say("now.fan.still")
    return tongue.say(f"now.{key}", **slots)


def running(state: State, tongue: Tongue) -> str:
    """Return the sentence for power, mode and fan together."""
    level = state.fan_now if state.fan is None else state.fan
    if not state.power:
        return tongue.say("now.power.off")
    mode = tongue.name("mode", state.mode)
    if level == 0:  # the motor has not started yet
        return tongue.say("now.mode", mode=mode)
    return tongue.say("now.running", mode=mode, level=tongue.level(level))


def filter_now(state: State, tongue: Tongue) -> str:
    """Return the sentence for the filter's life, with advice where it ends."""
    if state.filter_percent is None:
        return tongue.say("now.filter.unknown")
    percent = whole(state.filter_percent)
    value = f"{percent}%"
    if percent <= 0:
        return tongue.say("now.filter.empty")
    if percent <= FILTER_LOW_PERCENT:
        return tongue.say("now.filter.low", value=value)
    if not state.filter_days:
        return tongue.say("now.filter", value=value)
    return tongue.say("now.filter.days", value=value, days=state.filter_days)


def trigger_slots(trigger: Trigger, tongue: Tongue) -> Row:
    """Return the row for a trigger: a time, a span or a condition."""
    if isinstance(trigger, At):
        return trigger.repeat, {"clock": tongue.clock(trigger.time)}
    if isinstance(trigger, (After, Lasting)):
        kind = "after" if isinstance(trigger, After) else "lasting"
        return kind, {"duration": tongue.duration(trigger.total_minutes)}
    if not isinstance(trigger, When):
        raise TypeError(f"{trigger} is no trigger of the call language")
    above = trigger.above is not None
    limit = trigger.above if above else trigger.below
    return ("above" if above else "below"), {
        "metric": tongue.name("metric", trigger.metric),
        "item": tongue.name("item", trigger.metric),
        "value": tongue.value(trigger.metric, str(limit)),
    }


def when(trigger: Trigger, tongue: Tongue) -> str:
    """Return when a call will be carried out: 2시간 뒤에, in 2 hours."""
    key, slots = trigger_slots(trigger, tongue)
    return tongue.phrase(f"when.{key}", **slots)
