"""`sanso say`: one sentence, carried out, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sanso.agent.agent import Agent
from sanso.agent.caution import Caution
from sanso.agent.explanation import record
from sanso.agent.policy import needs_yes
from sanso.grammars import Ask

from .failures import FAILED
from .last import keep_last
from .options import AsJson, CautionLevel, Device, Model
from .terminal import existing_model, readable, write_dim, write_json

if TYPE_CHECKING:
    from sanso.agent.reply import Reply

    from .texts import Texts


def say(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT")],
    device: Device = "sim:",
    model: Model = None,
    caution: CautionLevel = Caution.NORMAL,
    *,
    as_json: AsJson = False,
) -> None:
    """Understand one sentence, carry it out and print the answer."""
    texts: Texts = context.obj
    sentence = readable(" ".join(text))
    path = existing_model(model, texts)
    with Agent.open(device, model=path, lang=texts.lang, caution=caution) as agent:
        reply = agent.say(sentence)
        waiting = len(agent.scheduler.snapshot())
        if agent.engine is not None:
            model_digest = agent.engine.bundle.sha256
            keep_last(record(reply, agent.purifier.capabilities, model_digest))
    if as_json:
        write_json(reply.as_json())
    elif reply.error:
        message = texts.find(f"unread.{reply.error}") or reply.words
        typer.echo(f"sanso: {message}", err=True)
    else:
        typer.echo(reply.words)
        for line in remarks(reply, waiting, texts):
            write_dim(line)
    if reply.error:
        raise typer.Exit(FAILED)


def remarks(reply: Reply, waiting: int, texts: Texts) -> list[str]:
    """Return what stands below the answer: program and time, and what ends with the process.

    `waiting` counts the timers that were set and will not be carried out.
    """
    if reply.program is None:
        return []
    lines = [f"{reply.program.render()} · {reply.milliseconds.get('total', 0):.0f} ms"]
    if waiting:
        lines.append(texts.say("say.timer"))
    calls = reply.program.calls()
    if reply.asks or any(isinstance(call, Ask) or needs_yes(call) for call in calls):
        lines.append(texts.say("say.question"))
    return lines
