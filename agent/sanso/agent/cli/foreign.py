"""Commands that other folders and packages bring, found by their entry points.

Strategy: listing reads names only; a command is imported when it is called for, and what
it lacks then is told with what to install. A dot in a name puts the command into a group:
`voice.bench` is `sanso voice bench`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sanso.agent.errors import AgentError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from .texts import Texts

GROUP: Final = "sanso.commands"
"""Entry points of this group name a function, or a Typer."""
_OWN_PACKAGE: Final = "sanso"
_OWN_EXTRA: Final = "sanso[train]"


class CommandMissing(AgentError):
    """A command of another folder that cannot be imported; what to install is said."""


def find_foreign(group: str = "") -> dict[str, EntryPoint]:
    """Return the commands that others bring to a group, by name; the first of a name counts.

    A group within another one has its path with dots as its name; the root has none.
    """
    from importlib.metadata import entry_points  # takes time to import

    points = reversed(tuple(entry_points(group=GROUP)))
    parts = [(*point.name.rpartition("."), point) for point in points]
    return {name: point for within, _, name, point in parts if within == group}


def load_foreign(point: EntryPoint, texts: Texts) -> Any:
    """Import a command of others.

    Raises:
        CommandMissing: it needs something that is not installed, or is broken.
    """
    package = point.dist.name if point.dist else _OWN_PACKAGE
    cure = _OWN_EXTRA if package == _OWN_PACKAGE else package
    try:
        return point.load()
    except ModuleNotFoundError as error:
        what = error.name or str(error)
        ours = what.partition(".")[0] == _OWN_PACKAGE
        key = "foreign.broken" if ours else "foreign.missing"
    except (ImportError, AttributeError) as error:
        what, key = " ".join(str(error).split()), "foreign.broken"
    text = texts.say(key, name=point.name, what=what, package=cure)
    raise CommandMissing(text)
