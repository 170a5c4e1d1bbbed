"""`sanso voice push`: press the key of push-to-talk from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sanso.agent.errors import UsageError
from sanso.agent.service.client import Client
from sanso.agent.service.place import ServiceError
from sanso.agent.voice.push_socket import PUSHES, push_path

if TYPE_CHECKING:
    from .texts import Texts


def push(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="PUSH")] = "toggle",
) -> None:
    """Press, release or toggle the key of whoever listens with push-to-talk."""
    texts: Texts = context.obj
    if what not in PUSHES:
        raise UsageError(texts.say("voice.push.unknown", word=what))
    path = push_path()
    try:
        listening = Client(path)
    except ServiceError:
        raise ServiceError(texts.say("voice.push.nobody", path=path)) from None
    with listening:
        pressed = listening.ask({"push": what})["pressed"]
    typer.echo(texts.say("voice.pressed" if pressed else "voice.released"))
