"""`sanso run`: the agent as a service."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sanso.agent.agent import Agent
from sanso.agent.caution import Caution
from sanso.agent.explanation import record
from sanso.agent.memory.wall_time import zone_named
from sanso.agent.misses import Misses
from sanso.agent.policy_rules import load_rules
from sanso.agent.service.log import ServiceLog
from sanso.agent.service.place import socket_path
from sanso.agent.service.service import Service
from sanso.agent.voice.served import for_voice
from sanso.agent.voice.speak_volume import house_volume

from .folders import make_state_folder
from .last import keep_last
from .options import CautionLevel, Device, Model, Policy
from .terminal import existing_model

if TYPE_CHECKING:
    from sanso.agent.reply import Reply

    from .texts import Texts

MEMORY: Final = "memory.db"
"""In the state folder, where no other is named."""


def run(
    context: typer.Context,
    device: Device = "sim:",
    model: Model = None,
    caution: CautionLevel = Caution.NORMAL,
    policy: Policy = "default",
    memory: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    zone: Annotated[str, typer.Option(metavar="ZONE")] = "",
    socket: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    log: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    *,
    log_sentences: Annotated[bool, typer.Option("--log-sentences")] = False,
) -> None:
    """Keep the agent alive and answer on a local socket until it is stopped."""
    texts: Texts = context.obj
    path = socket or socket_path()
    folder = make_state_folder()
    agent = Agent.open(
        device,
        model=existing_model(model, texts),
        lang=texts.lang,
        caution=caution,
        policy=policy,
        memory=memory or (folder / MEMORY if folder else None),
        zone=zone or None,
        misses=Misses(folder) if folder else None,
    )
    try:
        service = Service(
            agent,
            path,
            ServiceLog(log, sentences=log_sentences),
            keep=lambda reply: _keep(agent, reply),
            more=for_voice(
                house_volume(
                    load_rules(policy), agent.purifier.now, zone_named(zone or None)
                )
            ),
        )
    except BaseException:
        agent.close()
        raise
    with service:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: service.stop())
        typer.echo(texts.say("run.listening", path=path))
        service.run()
    typer.echo(texts.say("run.ended"))


def _keep(agent: Agent, reply: Reply) -> None:
    """Keep the last sentence for `sanso why`."""
    if agent.engine is not None and reply.evidence is not None:
        digest = agent.engine.bundle.sha256
        keep_last(record(reply, agent.purifier.capabilities, digest))
