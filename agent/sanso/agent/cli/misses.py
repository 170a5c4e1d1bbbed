"""`sanso misses`: what was not understood, kept with the owner's consent, and made into sentences to train on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanso.agent.errors import UsageError
from sanso.agent.miss_lines import miss_name
from sanso.agent.misses import KEPT, Misses

from .folders import state_folder
from .options import AsJson
from .terminal import write_json

if TYPE_CHECKING:
    from sanso.agent.miss_watch import Miss

    from .texts import Texts

misses = typer.Typer(add_completion=False)


@misses.callback(invoke_without_command=True)
def told(context: typer.Context) -> None:
    """Tell whether misses are kept, and how many there are."""
    if context.invoked_subcommand is None:
        _tell_status(_opened(), context.obj)


@misses.command("on")
def agree(context: typer.Context) -> None:
    """Agree that misses are kept, and tell what that means."""
    texts: Texts = context.obj
    opened = _opened()
    opened.agree(time.time())
    typer.echo(texts.say("misses.agreed", path=_path()))


@misses.command("off")
def withdraw(
    context: typer.Context,
    *,
    delete: Annotated[bool, typer.Option("--delete")] = False,
) -> None:
    """Keep nothing more; with --delete remove what was kept."""
    texts: Texts = context.obj
    opened = _opened()
    opened.withdraw(delete=delete)
    left = opened.status().kept
    typer.echo(texts.say("misses.withdrawn"))
    if left:
        typer.echo(texts.say("misses.left", number=left))
    elif delete:
        typer.echo(texts.say("misses.deleted"))


@misses.command("status")
def status(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Tell whether misses are kept, how many there are and how many have a label."""
    opened = _opened()
    if not as_json:
        _tell_status(opened, context.obj)
        return
    found = opened.status()
    write_json(
        {
            "on": found.on,
            "since": found.since or None,
            "kept": found.kept,
            "labelled": found.labelled,
            "bytes": found.size,
            "path": _path(),
        }
    )


@misses.command("label")
def label(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")] = "",
    program: Annotated[list[str] | None, typer.Argument(metavar="PROGRAM")] = None,
    *,
    forget: Annotated[bool, typer.Option("--forget")] = False,
) -> None:
    """List what was missed, or say what was right for one of them."""
    texts: Texts = context.obj
    opened = _opened()
    text = " ".join(program or ())
    if not name:
        if forget:
            raise UsageError(texts.say("misses.which"))
        _list(opened.kept(), texts)
    elif forget and text:
        raise UsageError(texts.say("misses.label_or_forget"))
    elif forget:
        gone = opened.forget(name)
        typer.echo(texts.say("misses.forgotten", sentence=gone.sentence))
    elif text:
        changed = opened.label(name, text)
        typer.echo(f"{changed.sentence} => {changed.label}")
    else:
        raise UsageError(texts.say("misses.no_program", name=name))


@misses.command("export")
def export(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
) -> None:
    """Write the labelled misses as lines of training."""
    texts: Texts = context.obj
    lines = _opened().export()
    if not lines:
        raise UsageError(texts.say("misses.nothing"))
    written = "".join(f"{line}\n" for line in ("@ owner", *lines))
    if out is None:
        typer.echo(written, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(written)
    except FileExistsError:
        raise UsageError(texts.say("misses.exists", path=out)) from None
    typer.echo(texts.say("misses.exported", number=len(lines), path=out))


def _opened() -> Misses:
    return Misses(state_folder())


def _path() -> str:
    folder = state_folder()
    return str(folder / KEPT) if folder else ""


def _tell_status(opened: Misses, texts: Texts) -> None:
    found = opened.status()
    if found.on:
        typer.echo(texts.say("misses.on", date=found.since[:10], path=_path()))
    else:
        typer.echo(texts.say("misses.off"))
    if found.kept:
        kept, labelled = found.kept, found.labelled
        typer.echo(texts.say("misses.kept", number=kept, labelled=labelled))


def _list(kept: list[Miss], texts: Texts) -> None:
    from rich.box import SIMPLE_HEAD  # rich takes time to import
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from .tables import plain, print_lean

    if not kept:
        typer.echo(texts.say("misses.none"))
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(texts.say("misses.name"), style="cyan", no_wrap=True)
    for key in ("kind", "sentence", "program", "label"):
        table.add_column(texts.say(f"misses.{key}"), overflow="fold")
    for miss in kept:
        table.add_row(
            miss_name(miss),
            texts.say(f"misses.kind.{miss.kind.value}"),
            Text(plain(miss.sentence)),
            Text(miss.program),
            Text(miss.label),
        )
    print_lean(Console(highlight=False), table)
    typer.echo(texts.say("misses.how"))
