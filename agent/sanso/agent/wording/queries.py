"""Answers about what is so now: readings with their grades, settings, timers.

Strategy: an answer says how old it is. A fresh reading is "by the sensor now"; an old
one carries its age; a missing one says why it is missing; and a purifier that cannot be
reached is not described at all. Fine dust is asked for in one word and has two sizes,
so both answers give both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanso.devices import UNITS, NoReading, Reading

from .acts import fan_now, filter_now, running
from .bands import LIMITS, PARTICLES, Grade, comfort, grade, whole, worst
from .outcomes import faults_now
from .timers import word_timers
from .tongue import TONGUES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sanso.devices import State

    from .language import Language
    from .timers import PendingTimer
    from .tongue import Tongue

FRESH_SECONDS: Final = 120.0
"""Older reports are said to be old; a healthy link is read at least once a minute."""

_ABSENT: Final = Reading()
_GASES: Final = ("co2", "tvoc")


def word_query(
    item: str, state: State, pending_timers: Sequence[PendingTimer], lang: Language
) -> str:
    """Return the answer to `query(item=...)`.

    Raises:
        KeyError: there is no such item.

    """
    if item == "timer":
        return word_timers(pending_timers, lang)
    tongue = TONGUES[lang]
    if not state.online:
        return tongue.say("unknown")
    if item == "status":
        return _status(state, pending_timers, lang)
    if item == "air":
        return _air(state, tongue)
    if item in UNITS:
        return _metric(item, state, tongue)
    return _dated(_SETTINGS[item](state, tongue), state, tongue)


def reading_sentence(item: str, state: State, lang: Language) -> str | None:
    """Return the answer for a metric, `air` or `filter`; None without a value."""
    tongue = TONGUES[lang]
    if not state.online:
        return None
    if item == "air":
        return _air(state, tongue) if worst(state.readings) is not None else None
    if item == "filter":
        return filter_now(state, tongue) if state.filter_percent is not None else None
    if _read(item, state).value is None:
        return None
    return _metric(item, state, tongue)


def _read(metric: str, state: State) -> Reading:
    return state.readings.get(metric, _ABSENT)


def _shown(metric: str, value: float) -> str:
    """Return a value as it is said: whole, but temperature to a tenth."""
    if metric == "temperature":
        return f"{round(value, 1) + 0.0:g}"  # no minus before a zero
    return str(whole(value))


def _by(metrics: Sequence[str], state: State, tongue: Tongue) -> str:
    """Say by which reading an answer is given: the present one or an old one."""
    ages = [_read(metric, state).age_seconds for metric in metrics]
    age = max([state.age_seconds, *ages])
    if age < FRESH_SECONDS:
        return tongue.phrase("by.now")
    return tongue.phrase("by.past", age=tongue.span(age))


def _dated(text: str, state: State, tongue: Tongue) -> str:
    if state.age_seconds < FRESH_SECONDS:
        return text
    return f"{text} {tongue.say('stale', age=tongue.span(state.age_seconds))}"


def _missing(metric: str, reason: NoReading | None, tongue: Tongue) -> str:
    why = reason or NoReading.FAILED
    return tongue.say(f"unread.{why.value}", metric=tongue.name("metric", metric))


def _slots(metric: str, value: float, tongue: Tongue) -> dict[str, str]:
    slots = {
        "metric": tongue.name("metric", metric),
        "value": tongue.value(metric, _shown(metric, value)),
    }
    if metric in LIMITS:
        slots["grade"] = _grade_name(grade(metric, value), tongue)
    if metric == "humidity":
        slots["comfort"] = tongue.name("comfort", comfort(value).value)
    return slots


def _grade_name(found: Grade, tongue: Tongue) -> str:
    return tongue.name("grade", found.name.lower())


def _metric(metric: str, state: State, tongue: Tongue) -> str:
    if metric in PARTICLES:
        return _particles(metric, state, tongue)
    reading = _read(metric, state)
    if reading.value is None:
        return _missing(metric, reading.missing, tongue)
    by = _by([metric], state, tongue)
    slots = _slots(metric, reading.value, tongue)
    if metric not in LIMITS:
        return tongue.say(metric, by=by, **slots)
    clause = tongue.phrase("reading.alone", **slots)
    text = tongue.say("metric.graded", by=by, readings=clause)
    if metric == "co2" and grade(metric, reading.value) >= Grade.BAD:
        return f"{text} {tongue.say('advice.co2')}"
    return text


def _particles(first: str, state: State, tongue: Tongue) -> str:
    """Say both sizes of dust, the one that was asked for first."""
    both = [first, *(metric for metric in PARTICLES if metric != first)]
    values = {metric: _read(metric, state).value for metric in both}
    there = {metric: value for metric, value in values.items() if value is not None}
    texts: list[str] = []
    if values[first] is None:
        texts.append(_missing(first, _read(first, state).missing, tongue))
    if there:
        key = "reading.alone" if len(there) == 1 else "reading.graded"
        clauses = [
            tongue.phrase(key, **_slots(metric, value, tongue))
            for metric, value in there.items()
        ]
        by = _by(list(there), state, tongue)
        joined = tongue.listed(clauses)
        texts.append(tongue.say("metric.graded", by=by, readings=joined))
    return " ".join(texts)


def _air(state: State, tongue: Tongue) -> str:
    """Say the overall grade, the dust behind it, and any gas that is bad."""
    overall = worst(state.readings)
    texts: list[str] = []
    if overall is None:
        reason = _read("pm25", state).missing
        own = reason in (NoReading.WARMING_UP, NoReading.FAILED)
        metric = "pm25" if own else "air"
        texts.append(_missing(metric, reason, tongue))
    else:
        there = {
            metric: value
            for metric in PARTICLES
            if (value := _read(metric, state).value) is not None
        }
        clauses = [
            tongue.phrase("reading", **_slots(metric, value, tongue))
            for metric, value in there.items()
        ]
        by = _by(list(there), state, tongue)
        grade_name = _grade_name(overall, tongue)
        readings = tongue.listed(clauses)
        texts.append(tongue.say("air", by=by, grade=grade_name, readings=readings))
    for gas in _GASES:
        value = _read(gas, state).value
        if value is None:
            continue
        if overall is None:
            texts.append(_metric(gas, state, tongue))
        elif grade(gas, value) >= Grade.BAD:
            clause = tongue.phrase("reading.alone", **_slots(gas, value, tongue))
            texts.append(tongue.say("air.also", reading=clause))
            texts += [tongue.say("advice.co2")] * (gas == "co2")
    return " ".join(texts)


def _power(state: State, tongue: Tongue) -> str:
    return tongue.say("now.power.on" if state.power else "now.power.off")


def _mode(state: State, tongue: Tongue) -> str:
    mode = tongue.name("mode", state.mode)
    return tongue.say("now.mode" if state.power else "now.mode.off", mode=mode)


_SETTINGS: Final[Mapping[str, Callable[[State, Tongue], str]]] = {
    "power": _power,
    "mode": _mode,
    "fan": fan_now,
    "filter": filter_now,
}


def _status(state: State, timers: Sequence[PendingTimer], lang: Language) -> str:
    tongue = TONGUES[lang]
    texts = [running(state, tongue)]
    if state.faults:
        texts.append(faults_now(sorted(state.faults), tongue))
    if worst(state.readings) is not None:
        texts.append(_air(state, tongue))
    if state.filter_percent is not None:
        texts.append(filter_now(state, tongue))
    if state.power:
        texts.append(_features(state, tongue))
    if timers:
        texts.append(word_timers(timers, lang))
    return _dated(" ".join(texts), state, tongue)


def _features(state: State, tongue: Tongue) -> str:
    """Say how the light is, and which switchable features are on."""
    known = state.light if state.light in ("off", "dim") else "on"
    text = tongue.say(f"now.light.{known}")
    if not state.options:
        return text
    on = [tongue.name("option", name) for name, is_on in state.options.items() if is_on]
    if not on:
        return f"{text} {tongue.say('now.option.none')}"
    return f"{text} {tongue.say('now.option.list', options=tongue.listed(on))}"
