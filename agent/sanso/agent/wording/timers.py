"""What is due later, in words: scheduled, listed, cancelled, missed, carried out.

Strategy: a pending timer carries the statement that made it and the time left, and is
put into words from these two; the same rows of the tables serve for the promise, the
list and the report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from sanso.grammars import At, Lasting, Statement, Trigger, When

from .acts import do, thing, trigger_slots, when
from .outcomes import word_outcome
from .tongue import TONGUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sanso.devices import Outcome

    from .language import Language
    from .tongue import Tongue


@dataclass(frozen=True)
class PendingTimer:
    """A statement with a trigger that waits for its time or its condition."""

    statement: Statement
    due_epoch_seconds: float | None = None
    """When it is due, UTC; None for a condition."""
    seconds_left: float | None = None
    """Until then, by the clock of the purifier; None for a condition."""


def word_scheduled(
    statement: Statement, lang: Language, outcome: Outcome | None = None
) -> str:
    """Return the promise to carry out a statement later.

    `lasting` acts at once: with the outcome of its call the reply says what became of
    that, and promises to put it back only where something was done.

    Raises:
        ValueError: the statement has no trigger.

    """
    tongue = TONGUES[lang]
    trigger = _trigger(statement)
    slots = {"when": when(trigger, tongue), "do": do(statement.call, tongue)}
    if not isinstance(trigger, Lasting):
        return tongue.say("scheduled", **slots)
    if outcome is None:
        return tongue.say("scheduled.lasting", **slots)
    text = word_outcome(outcome, lang)
    if not outcome.done:
        return text
    span = tongue.duration(trigger.total_minutes)
    return f"{text} {tongue.say('scheduled.back', duration=span)}"


def word_full(most: int, lang: Language) -> str:
    """Return that nothing was set, because `most` timers wait already."""
    return TONGUES[lang].say("timers.full", number=most)


def word_timers(timers: Sequence[PendingTimer], lang: Language) -> str:
    """Return how many timers there are and what each will do, the next one first."""
    tongue = TONGUES[lang]
    if not timers:
        return tongue.say("timer.none")
    first = sorted(timers, key=lambda timer: _left(timer, inf))
    key = "timer.one" if len(timers) == 1 else "timer.many"
    head = tongue.say(key, number=len(timers))
    return " ".join([head, *(_timer(timer, tongue) for timer in first)])


def name_timer(timer: PendingTimer, lang: Language) -> str:
    """Return a timer as a noun, with the time left: 2시간 뒤 전원 끄기."""
    tongue = TONGUES[lang]
    text = _due(timer, tongue)
    if timer.seconds_left is None or not isinstance(timer.statement.trigger, At):
        return text
    return f"{text} ({tongue.span(timer.seconds_left)})"


def name_statement(statement: Statement, tongue: Tongue) -> str:
    """Return a statement as a noun, with its time: 2시간 뒤 전원 끄기, power off in 2 hours."""
    noun = thing(statement.call, tongue)
    if statement.trigger is None:
        return noun
    key, slots = trigger_slots(statement.trigger, tongue)
    key = "span" if isinstance(statement.trigger, Lasting) else key
    return tongue.phrase(f"due.{key}", thing=noun, **slots)


def word_cancelled(timers: Sequence[PendingTimer], lang: Language) -> str:
    """Return which timers were dropped."""
    if not timers:
        return TONGUES[lang].say("cancelled.none")
    return _counted("cancelled", timers, lang)


def word_renewed(timers: Sequence[PendingTimer], lang: Language) -> str:
    """Return which timers were set again after they had been dropped."""
    return _counted("renewed", timers, lang) if timers else ""


def word_missed(timers: Sequence[PendingTimer], lang: Language) -> str:
    """Return which timers came due while the agent was off, and were dropped."""
    past = [replace(timer, seconds_left=None) for timer in timers]
    return _counted("missed", past, lang) if past else ""


def word_due(statement: Statement, result: str, lang: Language) -> str:
    """Return the report on a timer that came due; `result` is what became of its call.

    Raises:
        ValueError: the statement has no trigger.

    """
    trigger = _trigger(statement)
    tongue = TONGUES[lang]
    kind = {When: "condition", Lasting: "end"}.get(type(trigger), "time")
    return tongue.say(f"due.{kind}", result=tongue.amid(result))


def _trigger(statement: Statement) -> Trigger:
    if statement.trigger is None:
        raise ValueError(f"{statement.render()} has no trigger")
    return statement.trigger


def _left(timer: PendingTimer, otherwise: float) -> float:
    return otherwise if timer.seconds_left is None else timer.seconds_left


def _timer(timer: PendingTimer, tongue: Tongue) -> str:
    call, trigger = timer.statement.call, _trigger(timer.statement)
    left = timer.seconds_left
    span = "" if left is None else tongue.span(left)
    if isinstance(trigger, Lasting):
        key = "timer.back" if span else "timer.back.unknown"
        return tongue.say(key, thing=thing(call, tongue), duration=span)
    slots = {"do": do(call, tongue), "when": when(trigger, tongue)}
    if not span:
        return tongue.say("scheduled", **slots)
    if isinstance(trigger, At):
        key = "timer.left" if trigger.repeat == "once" else "timer.repeated"
        return tongue.say(key, duration=span, **slots)
    slots["when"] = tongue.phrase("when.after", duration=span)
    return tongue.say("scheduled", **slots)


def _counted(kind: str, timers: Sequence[PendingTimer], lang: Language) -> str:
    tongue = TONGUES[lang]
    if len(timers) > 1:
        return tongue.say(f"{kind}.many", number=len(timers))
    return tongue.say(f"{kind}.one", due=_due(timers[0], tongue))


def _due(timer: PendingTimer, tongue: Tongue) -> str:
    """Put a timer as a noun: 2시간 뒤 전원 끄기, power off in 2 hours."""
    trigger = _trigger(timer.statement)
    key, slots = trigger_slots(trigger, tongue)
    if "duration" in slots:
        if timer.seconds_left is None:
            key = f"past.{key}"
        else:
            slots["duration"] = tongue.span(timer.seconds_left)
    slots["thing"] = thing(timer.statement.call, tongue)
    return tongue.phrase(f"due.{key}", **slots)
