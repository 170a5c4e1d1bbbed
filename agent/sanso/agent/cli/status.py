"""How the purifier stands, for the eye: one line above a prompt, or a table.

Strategy: names, levels and values come from the tables of the wording, so that the line
says what an answer would say; only the words of the line itself are the program's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanso.agent.wording.bands import LIMITS, PARTICLES, grade, whole
from sanso.agent.wording.timers import name_timer
from sanso.agent.wording.tongue import TONGUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sanso.agent.wording.timers import PendingTimer
    from sanso.devices import Reading, State

    from .texts import Texts

_SHOWN_FIRST: Final = ("pm25", "pm10", "co2", "tvoc", "humidity", "temperature")
_DUST_UNIT: Final = "µg/m³"
"""An answer that is spoken leaves it out."""


def state_line(state: State, timers: Sequence[PendingTimer], texts: Texts) -> str:
    """Return power, how it runs, the first reading there is, and the number of timers."""
    if not state.online:
        return texts.say("state.offline")
    parts = [_power(state, texts)]
    parts += [_running(state, texts)] if state.power else []
    parts += [texts.say("state.fault")] if state.faults else []
    parts += _readings(state, texts)[:1]
    if timers:
        parts.append(texts.say("state.timers", number=len(timers)))
    return " · ".join(parts)


def state_rows(
    state: State, timers: Sequence[PendingTimer], texts: Texts
) -> list[tuple[str, str]]:
    """Return everything that is known, each with its name."""
    tongue = TONGUES[texts.lang]
    if not state.online:
        return [(texts.say("row.power"), texts.say("state.offline"))]
    rows = [
        (texts.say("row.power"), _power(state, texts)),
        (texts.say("row.mode"), tongue.name("mode", state.mode)),
        (texts.say("row.fan"), _level(state, texts)),
        (texts.say("row.light"), texts.say(f"light.{state.light}")),
    ]
    for name, on in state.options.items():
        rows.append((tongue.label("option", name), texts.say(_on_off(on=on))))
    for metric in _SHOWN_FIRST:
        reading = state.readings.get(metric)
        if reading is not None and (shown := _reading(metric, reading, texts)):
            rows.append((tongue.name("metric", metric), shown))
    if state.filter_percent is not None:
        left = texts.say("state.filter", percent=whole(state.filter_percent))
        rows.append((texts.say("row.filter"), left))
    named = [name_timer(timer, texts.lang) for timer in timers]
    return rows + [(texts.say("row.timer"), name) for name in named]


def _on_off(*, on: bool) -> str:
    return "state.on" if on else "state.off"


def _power(state: State, texts: Texts) -> str:
    return texts.say(_on_off(on=state.power))


def _level(state: State, texts: Texts) -> str:
    if not state.power:
        return texts.say("state.still")
    chosen = state.fan if state.fan is not None else state.fan_now
    return TONGUES[texts.lang].level(chosen) if chosen else texts.say("state.still")


def _running(state: State, texts: Texts) -> str:
    mode = TONGUES[texts.lang].name("mode", state.mode)
    return texts.say("state.running", mode=mode, level=_level(state, texts))


def _readings(state: State, texts: Texts) -> list[str]:
    tongue = TONGUES[texts.lang]
    found = []
    for metric in _SHOWN_FIRST:
        value = state.readings[metric].value if metric in state.readings else None
        if value is not None:
            shown = tongue.value(metric, str(whole(value)))
            found.append(f"{tongue.name('metric', metric)} {shown}")
    return found


def _reading(metric: str, reading: Reading, texts: Texts) -> str:
    """Return a value with its grade, or why there is none; nothing without a sensor."""
    if reading.value is None:
        reason = "failed" if reading.missing is None else reading.missing.value
        return texts.say(f"unmeasured.{reason}")
    tongue = TONGUES[texts.lang]
    shown = tongue.value(metric, str(whole(reading.value)))
    if metric in PARTICLES:
        shown = f"{shown} {_DUST_UNIT}"
    if metric not in LIMITS:
        return shown
    name = tongue.name("grade", grade(metric, reading.value).name.lower())
    return f"{shown} ({name})"
