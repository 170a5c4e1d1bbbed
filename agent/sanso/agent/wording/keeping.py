"""What could not be kept, what was found at a start, and what the clock did, in words.

Strategy: one row of the tables a reply; a timer that is not set is named as a noun, as
it was asked for, so that nobody takes the reply for a promise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanso.grammars import Lasting, Statement

from .timers import PendingTimer, name_statement, name_timer, word_missed
from .tongue import TONGUES

if TYPE_CHECKING:
    from .language import Language


def word_unkept(statement: Statement, reason: str, lang: Language) -> str:
    """Return that a timer was not set, because it could not be stored.

    `reason` is that of `MemoryUnavailable`. What was to last for a while is said to be
    as it was before.
    """
    tongue = TONGUES[lang]
    why = tongue.phrase(f"why.{reason}")
    if isinstance(statement.trigger, Lasting):
        return tongue.say("unkept.lasting", why=why)
    return tongue.say("unkept", why=why, due=name_statement(statement, tongue))


def word_unkept_drop(reason: str, lang: Language) -> str:
    """Return that timers were dropped or set again, which a restart may take back."""
    return _with_reason("unkept.dropped", reason, lang)


def word_unkept_due(statement: Statement, reason: str, lang: Language) -> str:
    """Return that what came due was not done, because it could not be stored."""
    tongue = TONGUES[lang]
    why = tongue.phrase(f"why.{reason}")
    return tongue.say("unkept.due", why=why, due=_past(statement, lang))


def word_trouble(reason: str, lang: Language) -> str:
    """Return that nothing can be stored any more, and what still works."""
    return _with_reason("memory.trouble", reason, lang)


def word_gone(reason: str, lang: Language) -> str:
    """Return that there is no memory at all, so that no timer runs."""
    return _with_reason("memory.gone", reason, lang)


def word_aside(name: str, lang: Language) -> str:
    """Return that the memory was damaged, and the name under which it was put aside."""
    return TONGUES[lang].say("memory.aside", name=name)


def word_unread(number: int, lang: Language) -> str:
    """Return how many timers could not be read; at least one."""
    key = "memory.unread.one" if number == 1 else "memory.unread.many"
    return TONGUES[lang].say(key, number=number)


def word_clock_unknown(lang: Language) -> str:
    """Return that the time of day is not known, and what waits for it."""
    return TONGUES[lang].say("clock.unknown")


def word_still_counts(lang: Language) -> str:
    """Return that the appliance's own timer may turn it off although that was cancelled."""
    return TONGUES[lang].say("counts.still")


def word_late(cause: str, result: str, lang: Language) -> str:
    """Return the report on a timer that was carried out late.

    `cause` is `stopped`, `clock` or `begun`; `result` is what became of its call.
    """
    tongue = TONGUES[lang]
    return tongue.say(f"late.{cause}", result=tongue.amid(result))


def word_missed_late(statement: Statement, cause: str, lang: Language) -> str:
    """Return that a timer is past and was not carried out; `cause` as for `word_late`."""
    if cause == "stopped":
        return word_missed([PendingTimer(statement)], lang)
    return TONGUES[lang].say("missed.clock", due=_past(statement, lang))


def word_interrupted(statement: Statement, lang: Language) -> str:
    """Return that nobody knows whether a timer was carried out."""
    return TONGUES[lang].say("interrupted", due=_past(statement, lang))


def word_beyond(lang: Language) -> str:
    """Return that a reading is beyond its threshold already when the condition is set."""
    return TONGUES[lang].say("beyond")


def _with_reason(key: str, reason: str, lang: Language) -> str:
    tongue = TONGUES[lang]
    return tongue.say(key, why=tongue.phrase(f"why.{reason}"))


def _past(statement: Statement, lang: Language) -> str:
    return name_timer(PendingTimer(statement), lang)
