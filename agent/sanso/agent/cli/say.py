"""`sanso say`: one sentence, carried out, answered."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanso.agent.caution import Caution
from sanso.agent.service.client import running_service

from .failures import FAILED, UNDONE
from .folders import state_folder
from .last import keep_last
from .options import AsJson, CautionLevel, Device, Model, Policy, was_named
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
    policy: Policy = "default",
    *,
    as_json: AsJson = False,
    alone: Annotated[bool, typer.Option("--alone")] = False,
) -> None:
    """Understand one sentence, carry it out and print the answer."""
    texts: Texts = context.obj
    sentence = readable(" ".join(text))
    # Who names a purifier, a model or a degree of caution does not mean the service.
    named = was_named(context, "device", "model", "caution", "policy")
    if not alone and not named and (service := running_service()):
        with service:
            answer = service.ask({"say": sentence, "source": _terminal()})
        _write_answer(answer, texts, as_json=as_json)
        return
    # A service answers without any of this, in a fraction of the time.
    from sanso.agent.agent import Agent
    from sanso.agent.explanation import record
    from sanso.agent.misses import Misses

    path = existing_model(model, texts)
    folder = state_folder()
    with Agent.open(
        device,
        model=path,
        lang=texts.lang,
        caution=caution,
        policy=policy,
        misses=Misses(folder) if folder else None,
    ) as agent:
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
        if not was_named(context, "device"):
            write_dim(texts.say("say.simulated"))
    _end(failed=bool(reply.error), undone=reply.undone)


def _end(*, failed: bool, undone: bool) -> None:
    """Tell a script by the exit code what a person reads."""
    if failed:
        raise typer.Exit(FAILED)
    if undone:
        raise typer.Exit(UNDONE)


def _terminal() -> str:
    """Return a name for the conversation of this terminal."""
    try:
        return os.ttyname(sys.stdin.fileno())
    except (OSError, ValueError, AttributeError):
        return "terminal"


def _write_answer(answer: dict[str, Any], texts: Texts, *, as_json: bool) -> None:
    """Print what a service has answered, as if it had been done here."""
    if as_json:
        write_json(answer)
    elif answer.get("error"):
        message = texts.find(f"unread.{answer['error']}") or answer.get("words")
        typer.echo(f"sanso: {message or answer['error']}", err=True)
    else:
        for told in answer["told"]:
            write_dim(told)
        typer.echo(answer["words"])
        spent = answer["ms"].get("total", 0)
        write_dim(f"{'; '.join(answer['program'])} · {spent:.0f} ms")
    _end(failed=bool(answer.get("error")), undone=bool(answer.get("undone")))


def remarks(reply: Reply, waiting: int, texts: Texts) -> list[str]:
    """Return what stands below the answer: program and time, and what ends with the process.

    `waiting` counts the timers that were set and will not be carried out.
    """
    if reply.program is None:
        return []
    from sanso.agent.policy import needs_yes
    from sanso.grammars import Ask

    lines = [f"{reply.program.render()} · {reply.milliseconds.get('total', 0):.0f} ms"]
    if waiting:
        lines.append(texts.say("say.timer"))
    calls = reply.program.calls()
    if reply.asks or any(isinstance(call, Ask) or needs_yes(call) for call in calls):
        lines.append(texts.say("say.question"))
    return lines
