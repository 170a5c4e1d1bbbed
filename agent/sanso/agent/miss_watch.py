"""
Which sentences are misses: refused, asked about, or undone within a minute.

Strategy: replies in, misses out. What is undone is the last act of the same source, so that is all that is remembered, and only in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sanso.grammars import Answer, Ask, Chat, GiveTip, Query, Reject, Undo

from .caution import Doing

if TYPE_CHECKING:
    from .reply import Reply

UNDONE_SECONDS: Final = 60.0
"""An undo this soon says that the act was not wanted."""
_NO_ACTS: Final = (Answer, Ask, Chat, GiveTip, Query, Reject, Undo)


class MissKind(StrEnum):
    """What became of a sentence that was perhaps not understood."""

    REFUSED = "refused"
    ASKED = "asked"
    UNDONE = "undone"


@dataclass(frozen=True)
class Miss:
    """A sentence that was perhaps not understood; nothing in it says who spoke, or where."""

    at: float
    """Seconds since the epoch."""
    lang: str
    sentence: str
    """As the model read it."""
    program: str
    """What the model wrote."""
    confidence: float | None
    kind: MissKind
    label: str = ""
    """The right program, by a person; empty until there is one."""


class MissWatch:
    """Looks at replies, one after the other."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._acts: dict[str, tuple[float, Reply]] = {}

    def noticed(self, reply: Reply, now: float, source: str = "") -> Miss | None:
        """The miss that a reply shows, its own or that of the sentence before; `now` is the purifier's clock."""
        if reply.program is None:
            return None
        calls = reply.program.calls()
        if any(isinstance(call, Undo) for call in calls):
            return self._undone(now, source)
        if not reply.sentence:
            return None  # a button or a rule spoke, and no model
        doing = Doing.DO if reply.judgement is None else reply.judgement.doing
        if doing is Doing.ASK:
            return _miss(reply, now, MissKind.ASKED)
        if doing is Doing.UNCLEAR or all(isinstance(c, Reject) for c in calls):
            return _miss(reply, now, MissKind.REFUSED)
        if not all(isinstance(call, _NO_ACTS) for call in calls):
            self._acts[source] = (now, reply)
        return None

    def _undone(self, now: float, source: str) -> Miss | None:
        at, reply = self._acts.pop(source, (0.0, None))
        if reply is None or not 0 <= now - at <= UNDONE_SECONDS:
            return None
        return _miss(reply, at, MissKind.UNDONE)


def _miss(reply: Reply, at: float, kind: MissKind) -> Miss:
    return Miss(
        at=at,
        lang=reply.lang,
        sentence=reply.sentence,
        program=reply.program.render() if reply.program else "",
        confidence=reply.evidence.confidence if reply.evidence else None,
        kind=kind,
    )
