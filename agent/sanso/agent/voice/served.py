"""
The agent of a service that is running, as if it were here.

Strategy: a connection for each sentence, under a name of its own, so that the service may be
started anew between two of them and the conversation goes on. What is due is carried out
there; what it tells of that comes with the next answer. What only the service can tell of an
answer, it tells by `for_voice`: its earcon, and how loud it may be said now and in the hours to
come, as what was not caught is said without it. Before it told any, all is said softly.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from sanso.agent.reply import Reply
from sanso.agent.service.client import Client
from sanso.grammars import CallError, Program, parse

from .earcon import Earcon, earcon_of
from .speak_volume import DAY_SECONDS, QUIET, HouseVolume

if TYPE_CHECKING:
    from collections.abc import Callable

    from .speak_sound import Volume
    from .speak_volume import Ahead

_EARCON, _VOLUME, _AHEAD = "earcon", "volume", "volumes"


@dataclass(frozen=True)
class ServedReply(Reply):
    """The answer of a service, whose outcomes are known to it alone."""

    earcon: Earcon | None = None
    """What stands for it; None where only its words tell it."""


def for_voice(volume: Volume) -> Callable[[Reply], dict[str, Any]]:
    """Return what a service adds to its answers for a voice that reads them."""

    def more(reply: Reply) -> dict[str, Any]:
        told: dict[str, Any] = {_EARCON: earcon_of(reply), _VOLUME: volume()}
        if isinstance(volume, HouseVolume):
            told[_AHEAD] = volume.ahead()
        return told

    return more


class ServedAgent:
    """Says sentences to a service."""

    def __init__(
        self,
        connect: Callable[[], Client],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect anew for each sentence."""
        self._connect = connect
        self._now = monotonic
        self._told_at = 0.0
        self._ahead: Ahead = [(0.0, QUIET)]

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
            answer = service.ask({"say": text, "source": source})
        self._told_at = self._now()
        self._ahead = _ahead_of(answer)
        return reply_of(answer)

    def tick(self) -> list[str]:
        """Do nothing: the service keeps the time."""
        return []

    def cancel(self) -> None:
        """Do nothing: what the service began, it ends."""

    def volume(self) -> float:
        """Return how loud to speak now, 0 to 1, by the rules that the service told last.

        A day later the hours come again, whatever day of the week it is.
        """
        since = (self._now() - self._told_at) % DAY_SECONDS
        return [volume for seconds, volume in self._ahead if seconds <= since][-1]


def reply_of(answer: dict[str, Any]) -> ServedReply:
    """Return the reply of a service, behind what came due there meanwhile."""
    told = answer.get("told", [])
    earcon = answer.get(_EARCON)
    return ServedReply(
        utterance=answer["utterance"],
        lang=answer["lang"],
        words=" ".join([*told, answer["words"]]),
        program=_program_of(answer["program"]),
        milliseconds=answer["ms"],
        error=answer["error"] or "",
        earcon=_earcon_of(earcon, told=bool(told)),
    )


def _ahead_of(answer: dict[str, Any]) -> Ahead:
    """Return how loud to speak from an answer on; a service of before tells it of now alone, or not."""
    now = (0.0, float(answer.get(_VOLUME, 1.0)))
    later = [(float(at), float(volume)) for at, volume in answer.get(_AHEAD, ())]
    return [now, *sorted(one for one in later if one[0] > 0)]


def _earcon_of(word: object, *, told: bool) -> Earcon | None:
    """Return an earcon; none where there is more to be told than it says, but for a question."""
    if word not in get_args(Earcon) or (told and word != "asked"):
        return None
    return word  # type: ignore[return-value]


def _program_of(texts: list[str]) -> Program | None:
    """Return a program; None where there is none, or it holds calls that only the service knows."""
    try:
        return parse("; ".join(texts)) if texts else None
    except CallError:
        return None
