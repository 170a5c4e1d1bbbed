"""What kind of thing a program is: an act, an answer, or neither."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sanso.grammars import Answer, Ask, Chat, GiveTip, Query, Reject

if TYPE_CHECKING:
    from sanso.grammars import Program


class Kind(StrEnum):
    """By what a mistake costs."""

    ACT = "act"
    """Something changes, now or later."""
    QUERY = "query"
    """Something is told."""
    REFUSAL = "refusal"
    """Nothing happens: a refusal, a question back, small talk, a yes or no."""


def kind_of(program: Program) -> Kind:
    """The kind of a program: an act if any of its statements is one."""
    calls = program.calls()
    quiet = Answer | Ask | Chat | GiveTip | Query | Reject
    if any(not isinstance(call, quiet) for call in calls):
        return Kind.ACT
    # What is told later is a promise: it changes what waits.
    if any(s.trigger is not None for s in program.statements):
        return Kind.ACT
    return (
        Kind.QUERY
        if any(isinstance(c, Query | GiveTip) for c in calls)
        else Kind.REFUSAL
    )
