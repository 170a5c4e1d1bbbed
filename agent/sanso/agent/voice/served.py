"""
The agent of a service that is running, as if it were here.

Strategy: a connection for each sentence, under a name of its own, so that the service may be
started anew between two of them and the conversation goes on. What is due is carried out
there; what it tells of that comes with the next answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanso.agent.caution import Doing, Judgement, Thresholds
from sanso.agent.kinds import Kind
from sanso.agent.reply import Reply
from sanso.agent.service.client import Client
from sanso.grammars import CallError, Program, parse

if TYPE_CHECKING:
    from collections.abc import Callable


class ServedAgent:
    """Says sentences to a service."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        """Connect anew for each sentence."""
        self._connect = connect

    def say(
        self, text: str, *, source: str = "", timeout_seconds: float | None = None
    ) -> Reply:
        """Have a sentence understood and carried out.

        How long the model may take is for the service to say.

        Raises:
            ServiceError: the service has ended, or does not answer.

        """
        del timeout_seconds
        with self._connect() as service:
            return reply_of(service.ask({"say": text, "source": source}))

    def tick(self) -> list[str]:
        """Do nothing: the service keeps the time."""
        return []

    def cancel(self) -> None:
        """Do nothing: what the service began, it ends."""


def reply_of(answer: dict[str, Any]) -> Reply:
    """Return the reply of a service; outcomes are known to it alone."""
    told = [*answer.get("told", ()), answer["words"]]
    return Reply(
        utterance=answer["utterance"],
        lang=answer["lang"],
        words=" ".join(told),
        program=_program_of(answer["program"]),
        milliseconds=answer["ms"],
        error=answer["error"] or "",
        judgement=_judgement_of(answer["judgement"]),
    )


def _program_of(texts: list[str]) -> Program | None:
    """Return a program; None where there is none, or it holds calls that only the service knows."""
    try:
        return parse("; ".join(texts)) if texts else None
    except CallError:
        return None


def _judgement_of(told: dict[str, Any] | None) -> Judgement | None:
    if told is None:
        return None
    return Judgement(
        kind=Kind(told["kind"]),
        probability=told["probability"],
        thresholds=Thresholds(told["do_from"], told["ask_from"]),
        doing=Doing(told["doing"]),
        guard=told["guard"] or "",
        meant=_program_of([told["meant"]]) if told["meant"] else None,
    )
