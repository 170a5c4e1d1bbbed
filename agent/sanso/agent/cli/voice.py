"""`sanso voice`: the recogniser, which ones are here, how to get one, and what each costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sanso.agent.voice.models_at_hand import DEFAULT, MEGABYTES, models_at_hand

from .options import AsJson
from .terminal import write_json
from .voice_cost import cost
from .voice_push import push

if TYPE_CHECKING:
    from sanso.agent.voice.models_at_hand import AtHand

    from .texts import Texts

voice = typer.Typer(add_completion=False)
voice.command("cost")(cost)
voice.command("push")(push)


@voice.callback(invoke_without_command=True)
def told(context: typer.Context) -> None:
    """Tell which recognisers are on this machine."""
    if context.invoked_subcommand is None:
        _list(models_at_hand(), context.obj)


@voice.command("models")
def models(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Tell which recognisers are on this machine, and where."""
    found = models_at_hand()
    if not as_json:
        _list(found, context.obj)
        return
    rows = [
        {
            "name": one.name,
            "place": one.place,
            "folder": None if one.folder is None else str(one.folder),
            "bytes": one.bytes,
            "default": one.name == DEFAULT,
        }
        for one in found
    ]
    write_json(rows)


@voice.command("pull")
def pull(
    context: typer.Context,
    size: Annotated[str, typer.Argument(metavar="SIZE")],
) -> None:
    """Download a recogniser; one that broke off goes on where it was."""
    from rich.console import Console  # rich takes time to import
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from sanso.agent.voice.pull import pull as pulled

    texts: Texts = context.obj
    columns = (
        TextColumn("{task.description}"),
        *(BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()),
    )
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(
        *columns, console=console, transient=True, disable=hidden
    ) as progress:
        task = progress.add_task(texts.say("voice.pulling", name=size), total=None)
        folder = pulled(
            size,
            lambda have, total: progress.update(task, completed=have, total=total),
        )
    typer.echo(texts.say("voice.pulled", name=size, path=folder))


def _list(found: list[AtHand], texts: Texts) -> None:
    from rich.box import SIMPLE_HEAD  # rich takes time to import
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from .tables import print_lean

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(texts.say("voice.model"), style="cyan", no_wrap=True)
    table.add_column(texts.say("voice.size"), justify="right", no_wrap=True)
    table.add_column(texts.say("voice.where"), overflow="fold")
    for one in found:
        told = str(one.folder) if one.folder else texts.say("voice.not_here")
        megabytes = one.bytes // 1_000_000 if one.bytes else MEGABYTES[one.name]
        mark = "*" if one.name == DEFAULT else ""
        table.add_row(
            one.name + mark,
            f"{megabytes} MB" if one.bytes else f"~{megabytes} MB",
            Text(told, style="" if one.folder else "dim"),
        )
    print_lean(Console(highlight=False), table)
    typer.echo(texts.say("voice.how", name=DEFAULT))
