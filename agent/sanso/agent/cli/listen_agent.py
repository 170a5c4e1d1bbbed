"""The agent that `sanso listen` speaks to: the running service, or one of its own.

Strategy: as `sanso say` does it. A service keeps timers, rules and the purifier to itself;
an agent of one's own ends with the command, and the simulator with it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sanso.agent.agent import Agent
from sanso.agent.explanation import record
from sanso.agent.misses import Misses
from sanso.agent.policy_rules import load_rules
from sanso.agent.service.client import Client, running_service
from sanso.agent.service.place import socket_path
from sanso.agent.voice.served import ServedAgent
from sanso.agent.voice.speak_volume import house_volume

from .folders import state_folder
from .last import keep_last
from .status import state_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sanso.agent.caution import Caution
    from sanso.agent.reply import Reply
    from sanso.agent.voice.jobs import Answerer
    from sanso.agent.voice.speak_sound import Volume

    from .texts import Texts


class ListenAgent:
    """Whom sentences are said to, and what a terminal shows of it."""

    def __init__(
        self,
        answerer: Answerer,
        name: str,
        *,
        volume: Volume,
        own: Agent | None = None,
        keeps: bool = True,
    ) -> None:
        """Say them to an answerer; `own` is the agent that ends with the command, if it is one."""
        self._answerer = answerer
        self.name = name
        """For people."""
        self.volume = volume
        self._own = own
        self._keeps = keeps

    def say(
        self, text: str, *, source: str = "", timeout_seconds: float | None = None
    ) -> Reply:
        """Have a sentence understood and carried out."""
        return self._answerer.say(text, source=source, timeout_seconds=timeout_seconds)

    def tick(self) -> list[str]:
        """Carry out what is due, and return what is to be told of it."""
        return self._answerer.tick()

    def cancel(self) -> None:
        """End the understanding of the sentence that is being said."""
        self._answerer.cancel()

    def keep(self, reply: Reply) -> None:
        """Keep the last sentence for `sanso why`; a service does so itself."""
        own = self._own
        if own is not None and own.engine is not None and reply.evidence is not None:
            digest = own.engine.bundle.sha256
            keep_last(record(reply, own.purifier.capabilities, digest))

    def stand(self, texts: Texts) -> str:
        """Return how the purifier stands, in a line; nothing where only a service knows. Raises DeviceError."""
        if self._own is None:
            return ""
        purifier = self._own.purifier
        timers = self._own.scheduler.pending(purifier.now())
        return state_line(purifier.state(), timers, texts)

    @property
    def timers_lost(self) -> int:
        """How many timers end with the command."""
        if self._own is None or self._keeps:
            return 0
        return len(self._own.scheduler.pending(self._own.purifier.now()))


@contextmanager
def open_agent(
    texts: Texts,
    device: str,
    model: Path | None,
    caution: Caution,
    policy: str,
    memory: Path | None,
    *,
    served: bool,
) -> Iterator[ListenAgent]:
    """Open the agent; with `served` it is the running service, if there is one.

    Raises what `Agent.open` raises.
    """
    if served and (service := running_service()) is not None:
        service.close()
        path = socket_path()
        served_agent = ServedAgent(lambda: Client(path))
        yield ListenAgent(served_agent, str(path), volume=served_agent.volume)
        return
    folder = state_folder()
    with Agent.open(
        device,
        model=model,
        lang=texts.lang,
        caution=caution,
        policy=policy,
        memory=memory,
        misses=Misses(folder) if folder else None,
    ) as agent:
        volume = house_volume(load_rules(policy), agent.purifier.now)
        yield ListenAgent(
            agent, device, volume=volume, own=agent, keeps=memory is not None
        )
