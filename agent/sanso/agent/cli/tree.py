"""The tree of commands: each is found by name, and imported only then.

Strategy: a table for the commands of this folder, entry points of the group
`sanso.commands` for those of others. Nothing of a command is touched to list its name:
what it does is told by the tables of texts.
"""

from __future__ import annotations

import copy
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from sanso.agent.errors import AgentError, UsageError

from .texts import OPTION, TEXTS, asked_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .texts import Texts

COMMANDS: Final = ("say", "chat", "parse", "grammar", "devices", "doctor")
"""Each a module of this package with a function of its name."""
GROUP: Final = "sanso.commands"
"""Entry points of other folders and packages; each names a function."""
OWN_PACKAGE: Final = "sanso"
OWN_EXTRA: Final = "sanso[train]"


class CommandMissing(AgentError):
    """A command of another folder that cannot be imported; what to install is said."""


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
        rest = super().parse_args(ctx, args)
        if ctx.args:
            text = ctx.obj.say("usage.extra", word=ctx.args[0], path=ctx.command_path)
            raise UsageError(text)
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page."""
        _write_page(self, ctx, formatter)


class Tree(TyperGroup):
    """All commands, by name."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of help; no command is imported for it."""
        del ctx
        return [*COMMANDS, *sorted(set(_foreign()) - set(COMMANDS))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a command; None if there is none of this name."""
        if cmd_name in COMMANDS:
            module = import_module(f".{cmd_name}", __package__)
            return self._made(cmd_name, getattr(module, cmd_name))
        point = _foreign().get(cmd_name)
        return self._made(cmd_name, _load(point, ctx.obj)) if point else None

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

    def _made(self, name: str, function: Callable[..., Any]) -> Any:
        app = typer.Typer(add_completion=False)
        app.command(name, cls=Command)(function)
        command: Any = get_command(app)
        if not any(OPTION in parameter.opts for parameter in command.params):
            lang = copy.copy(next(p for p in self.params if OPTION in p.opts))
            lang.expose_value = False
            command.params.append(lang)
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
    try:
        return version(OWN_PACKAGE)
    except PackageNotFoundError:
        return "(not installed)"


def _foreign() -> dict[str, EntryPoint]:
    """Return the commands that others bring, by name; the first of a name counts."""
    points = entry_points(group=GROUP)
    return {point.name: point for point in reversed(tuple(points))}


def _load(point: EntryPoint, texts: Texts) -> Callable[..., Any]:
    """Import a command of others.

    Raises:
        CommandMissing: it needs something that is not installed, or is broken.
    """
    package = point.dist.name if point.dist else OWN_PACKAGE
    cure = OWN_EXTRA if package == OWN_PACKAGE else package
    try:
        function: Callable[..., Any] = point.load()
    except ModuleNotFoundError as error:
        missing = error.name or str(error)
        ours = missing.partition(".")[0] == OWN_PACKAGE
        key = "foreign.broken" if ours else "foreign.missing"
        text = texts.say(key, name=point.name, what=missing, package=cure)
        raise CommandMissing(text) from None
    except (ImportError, AttributeError) as error:
        what = " ".join(str(error).split())
        text = texts.say("foreign.broken", name=point.name, what=what, package=cure)
        raise CommandMissing(text) from None
    return function


def _unknown(name: str, known: list[str], texts: Texts) -> str:
    if near := get_close_matches(name, known, n=1):
        return texts.say("usage.command.near", name=name, near=near[0])
    return texts.say("usage.command", name=name)
