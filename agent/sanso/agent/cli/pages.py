"""The page of help of a command, in the language of the person.

Strategy: the parser knows names and arguments; every word besides comes from the tables
of texts by those names. A foreign command that the tables do not know tells of itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .tree import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from .texts import Texts

_WIDEST: Final = 100


def page(command: Any, context: Any) -> str:
    """Return the help of a click command or group, with colours where they are wanted."""
    texts: Texts = context.obj
    name = ".".join(context.command_path.split()[1:])
    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    with console.capture() as capture:
        console.print(Group(*_parts(name, command, context, texts)))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def command_summary(name: str, texts: Texts) -> str:
    """Return what a command does, in one line, without importing it."""
    return texts.find(f"command.{name}", "command.foreign")


def _parts(
    name: str, command: Any, context: Any, texts: Texts
) -> Iterable[RenderableType]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    commands = _commands(command, context, texts)
    usage = [context.command_path, *map(_argument, arguments)]
    usage += [texts.say("help.command")] if commands else []
    usage += [f"[{texts.say('help.some')}]"]
    yield Text.assemble((f"{texts.say('help.usage')} ", "bold"), " ".join(usage))
    yield Padding(Text(_about(name, command, texts)), (1, 0, 0, 2), expand=False)
    foreign = [] if name else [row for row in commands if row[0] not in COMMANDS]
    listed = [row for row in commands if row not in foreign]
    yield from _section(texts.say("help.commands"), listed)
    yield from _section(texts.say("help.foreign"), foreign)
    rows = [(_argument(p), _told(p, name, texts)) for p in arguments]
    yield from _section(texts.say("help.arguments"), rows)
    rows = [(_option(p), _told(p, name, texts)) for p in options]
    rows.append(("--help", texts.say("option.help")))
    yield from _section(texts.say("help.options"), rows)
    if examples := texts.find(f"examples.{name}"):
        yield from _section(
            texts.say("help.examples"), [(e, "") for e in examples.splitlines()]
        )


def _about(name: str, command: Any, texts: Texts) -> str:
    """Return what a command is for, by the tables or else by what it says of itself."""
    return (
        texts.find(f"about.{name}", f"command.{name}") or (command.help or "").strip()
    )


def _commands(command: Any, context: Any, texts: Texts) -> list[tuple[str, str]]:
    if not hasattr(command, "list_commands"):
        return []
    names = command.list_commands(context)
    if context.parent is None:
        return [(name, command_summary(name, texts)) for name in names]
    above = ".".join(context.command_path.split()[1:])

    def told(name: str) -> str:
        own = texts.find(f"command.{above}.{name}")
        if own:
            return own
        summary: str = command.get_command(context, name).get_short_help_str(_WIDEST)
        return summary

    return [(name, told(name)) for name in names]


def _section(title: str, rows: list[tuple[str, str]]) -> Iterable[RenderableType]:
    if not rows:
        return
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for left, right in rows:
        table.add_row(Text(left), Text(right))
    yield Padding(Text(title, style="bold"), (1, 0, 0, 0), expand=False)
    yield Padding(table, (0, 0, 0, 2), expand=False)


def _argument(parameter: Any) -> str:
    shown = str(parameter.metavar or parameter.name.upper())
    shown += "..." if parameter.nargs == -1 else ""
    return shown if parameter.required else f"[{shown}]"


def _option(parameter: Any) -> str:
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    if getattr(parameter, "is_flag", False):
        return names
    return f"{names} {parameter.metavar or parameter.name.upper()}"


def _told(parameter: Any, name: str, texts: Texts) -> str:
    """Return what a parameter is: by the tables for its command, else in its own words."""
    known = texts.find(f"option.{name}.{parameter.name}")
    return known or str(parameter.help or texts.find(f"option.{parameter.name}"))
