"""`sanso run`: the agent as a service."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanso.agent.agent import Agent
from sanso.agent.caution import Caution
from sanso.agent.explanation import record
from sanso.agent.service.log import ServiceLog
from sanso.agent.service.place import socket_path
from sanso.agent.service.service import Service

from .last import keep_last
from .options import CautionLevel, Device, Model
from .terminal import existing_model

if TYPE_CHECKING:
    from sanso.agent.reply import Reply

    from .texts import Texts


def run(
    context: typer.Context,
    device: Device = "sim:",
    model: Model = None,
    caution: CautionLevel = Caution.NORMAL,
    socket: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    log: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    *,
    log_sentences: Annotated[bool, typer.Option("--log-sentences")] = False,
) -> None:
    """Keep the agent alive and answer on a local socket until it is stopped."""
    texts: Texts = context.obj
    path = socket or socket_path()
    agent = Agent.open(
        device, model=existing_model(model, texts), lang=texts.lang, caution=caution
    )
    try:
        service = Service(
            agent,
            path,
            ServiceLog(log, sentences=log_sentences),
            keep=(lambda reply: _keep(agent, reply)) if log_sentences else None,
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
