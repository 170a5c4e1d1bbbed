"""The tree of commands: each is found by name, and imported only then.

Strategy: a table for the commands of this folder, entry points of the group
`sanso.commands` for those of others. Nothing of a command is touched to list its name:
what it does is told by the tables of texts.
"""

from __future__ import annotations

import copy
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from sanso.agent.errors import UsageError

from .foreign import find_foreign, load_foreign
from .texts import OPTION, TEXTS, asked_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .texts import Texts

COMMANDS: Final = (
    "say",
    "chat",
    "listen",
    "run",
    "why",
    "parse",
    "grammar",
    "devices",
    "twin",
    "misses",
    "voice",
    "doctor",
)
"""Each a module of this package with a function of its name."""


def run(words: Sequence[str], texts: Texts) -> int:
    """Carry out a command line.

    Raises:
        UsageError: there is no such command, language or argument.
        SansoError: what the command raises.
    """
    asked = asked_language(words)
    if asked and asked not in TEXTS:
        raise UsageError(texts.say("usage.lang", lang=asked))
    tree = get_command(_app())
    try:
        with tree.make_context("sanso", list(words), obj=texts) as context:
            tree.invoke(context)
    except typer.Exit as done:
        return int(done.exit_code)
    return 0


class Command(TyperCommand):
    """A command with a page of help in both languages."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse what stands behind the last argument, in words of our own."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except Exception as error:
            # the parser of options does not know whose they are
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise
        if ctx.args:
            text = ctx.obj.say("usage.extra", word=ctx.args[0], path=ctx.command_path)
            raise UsageError(text)
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page."""
        _write_page(self, ctx, formatter)


class Branch(TyperGroup):
    """The commands of a group, with a page of help in both languages."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of help, behind them those that others bring."""
        own = super().list_commands(ctx)
        return [*own, *sorted(set(find_foreign(_path(ctx))) - set(own))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command of the group; None if there is none of this name."""
        command = super().get_command(ctx, cmd_name)
        if command is None and (point := find_foreign(_path(ctx)).get(cmd_name)):
            command = _made(cmd_name, load_foreign(point, ctx.obj))
        return command and _with_language(command, ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or say what was perhaps meant."""
        name, *rest = args
        command = self.get_command(ctx, name)
        if command is None:
            raise UsageError(_unknown(name, self.list_commands(ctx), ctx.obj))
        return name, command, rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page."""
        _write_page(self, ctx, formatter)


class Tree(Branch):
    """All commands, by name."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of help; no command is imported for it."""
        del ctx
        return [*COMMANDS, *sorted(set(find_foreign()) - set(COMMANDS))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a command; None if there is none of this name."""
        if cmd_name in COMMANDS:
            module = import_module(f".{cmd_name}", __package__)
            command = _made(cmd_name, getattr(module, cmd_name))
        elif point := find_foreign().get(cmd_name):
            command = _made(cmd_name, load_foreign(point, ctx.obj))
        else:
            return None
        return _with_language(command, ctx)


def _path(context: Any) -> str:
    """Return where a group hangs in the tree, as its texts are found by."""
    return ".".join(context.command_path.split()[1:])


def _made(name: str, function: Any) -> Any:
    """Make a command of a function, or a group of a Typer."""
    if isinstance(function, typer.Typer):
        for info in function.registered_commands:
            info.cls = Command
        function.info.cls = Branch
        return get_group(function)
    app = typer.Typer(add_completion=False)
    app.command(name, cls=Command)(function)
    return get_command(app)


def _with_language(command: Any, context: Any) -> Any:
    """Let a command take the option of the root, unless it has one of this name."""
    if not any(OPTION in parameter.opts for parameter in command.params):
        known = context.find_root().command.params
        option = copy.copy(next(p for p in known if OPTION in p.opts))
        option.expose_value = False
        command.params.append(option)
    return command


def _write_page(command: Any, ctx: Any, formatter: Any) -> None:
    from .pages import page  # rich takes time to import

    formatter.write(page(command, ctx))


def _app() -> typer.Typer:
    app = typer.Typer(cls=Tree, add_completion=False, invoke_without_command=True)
    app.callback()(sanso)
    return app


def sanso(
    context: typer.Context,
    lang: Annotated[str, typer.Option(metavar="ko|en")] = "",
    *,
    show_version: Annotated[bool, typer.Option("--version")] = False,
) -> None:
    """Show the help, or the version, where no command is named."""
    del lang  # it was read before the command line was
    if show_version:
        typer.echo(f"sanso {_version()}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("sanso")
    except PackageNotFoundError:
        return "(not installed)"


def _unknown(name: str, known: list[str], texts: Texts) -> str:
    if near := get_close_matches(name, known, n=1):
        return texts.say("usage.command.near", name=name, near=near[0])
    return texts.say("usage.command", name=name)
