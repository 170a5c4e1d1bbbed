"""
Answers that leave the appliance as it is: what it reports, what waits, a tip, small talk, a refusal.

Strategy: one function a kind of call, of what carrying out needs; each returns words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .report import looked, reported
from .scheduler import timers
from .wording import (
    word_cancelled,
    word_chat,
    word_clock_unknown,
    word_query,
    word_reject,
    word_tip,
)

if TYPE_CHECKING:
    from sanso.grammars import CancelTimer, Chat, GiveTip, Query, Reject

    from .execution import Execution


def told_cancelled(execution: Execution, _: CancelTimer) -> str:
    """What waited and is dropped."""
    dropped, now = execution.scheduler.cancel(), execution.purifier.now()
    return word_cancelled(timers(dropped, now), execution.lang)


def told_query(execution: Execution, call: Query) -> str:
    """What was asked for, of the purifier as it stands now."""
    scheduler, lang = execution.scheduler, execution.lang
    pending = scheduler.pending(execution.purifier.now())
    words = word_query(call.item, looked(execution.purifier), pending, lang)
    held = any(entry.by_clock for entry in scheduler.snapshot())
    if call.item == "timer" and held and not scheduler.clock_known:
        words = f"{words} {word_clock_unknown(lang)}"
    return words


def told_tip(execution: Execution, call: GiveTip) -> str:
    """The next tip on the topic."""
    execution.said_tips += 1
    state = reported(execution.purifier)
    return word_tip(call.topic, state, execution.lang, execution.said_tips - 1)


def told_chat(execution: Execution, call: Chat) -> str:
    """A word in return."""
    return word_chat(call.kind, execution.lang)


def told_reject(execution: Execution, call: Reject) -> str:
    """Why nothing is done."""
    return word_reject(call.reason, execution.lang)
